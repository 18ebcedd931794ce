"""The source's derivation, made from the real objects: definitions, adjoints, normal forms.

Source: Bertrand (2023), "Why is ∂J/∂W^(out) = (A^(h))ᵀ δ^(out)?", sections 2 to 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import sympy

from gradcheck_sym.answer import proved
from gradcheck_sym.arrays import Array, Constant, Map, Repeat
from gradcheck_sym.cases import plain
from gradcheck_sym.checker.statement import free_letters
from gradcheck_sym.claims.textbook import deltas
from gradcheck_sym.gradient import RULES, adjoints
from gradcheck_sym.network import Layer, Network
from gradcheck_sym.proof_lines import lines
from gradcheck_sym.prover.knowledge import Knowledge
from gradcheck_sym.question import Question, equality
from gradcheck_sym.shapes import UNIT, Axis, Indices, counts, letters
from gradcheck_sym.statement import Reader
from gradcheck_sym.steps import Column, Derivation, Factor, Matrix, Node, Place, Stage
from gradcheck_sym.term.terms import Letter
from gradcheck_sym.to_sympy import to_sympy
from gradcheck_sym.verdict import Evidence

ROW, COLUMN = sympy.symbols("p q")
EXAMPLE = sympy.Symbol("i")
MOST_ENTRIES = 4  # of an axis; a longer one is written 1, 2, …, last


def derive(network: Network, wrt: str, asked: Question, evidence: Evidence | None) -> Derivation:
    """The derivation of ∂J/∂(wrt) for one network, at sizes that are numbers or names.

    The proof in it is that of the evidence, if there is any.
    """
    normal = _Normal(network, wrt, asked)
    layer = network.layer_of(wrt)
    arrays = {**network.arrays, **deltas(network)}
    n, units = arrays[layer.after].shape
    example = sympy.S.One if n.size == 1 else EXAMPLE
    outputs = [COLUMN] if isinstance(units.count, str) else few(units)
    error = arrays[layer.delta]
    source = arrays[layer.source] if wrt == layer.weights else _ones(n)
    return Derivation(
        example=example,
        journey=tuple(_journey(network, example)),
        tree=_node(network, tuple(_path(network, layer, wrt)), (), example),
        columns=tuple(
            _column(network, layer, wrt, (example, j), normal) if j else None for j in outputs
        ),
        errors=_matrix(layer.delta, deltas(network)[layer.delta].definition),
        left=_matrix(layer.source if wrt == layer.weights else "1", source.T, transposed=True),
        right=_matrix(layer.delta, error),
        product=_matrix("", source.T @ error),
        proof=tuple(lines(evidence.theorem, evidence.proof)) if evidence else (),
    )


def _ones(axis: Axis) -> Array:
    """A column of ones: what a bias is multiplied by."""
    return Repeat(Repeat(Constant(1), 0, axis), 1, UNIT)


def _path(network: Network, layer: Layer, wrt: str) -> Iterator[str]:
    """The names on the way from J back to the parameter."""
    yield "J"
    for later in reversed(network.structure):
        yield from (later.after, later.before)
        if later == layer:
            break
    yield wrt


def few(axis: Axis, most: int = MOST_ENTRIES) -> list[sympy.Expr | None]:
    """The indices of an axis, or the first ones, None for an ellipsis, and the last."""
    size = axis.count
    if isinstance(size, int) and size <= most:
        return [sympy.Integer(k) for k in range(1, size + 1)]
    first = [sympy.Integer(k) for k in range(1, most // 2 + 1)]
    return [*first, None, axis.size]


def _journey(network: Network, example: sympy.Expr) -> Iterator[Stage]:
    """The rows from X to A_out, each with the weights or the activation before it, and Y."""
    rows: list[tuple[str, str | None]] = [("X", None)]
    for layer in network.structure:
        rows += [(layer.before, layer.weights), (layer.after, layer.activation)]
    for name, step in [*rows, ("Y", "J")]:
        units = few(network.arrays[name].shape[1])
        yield Stage(tuple(Place(name, (example, k)) if k else None for k in units), step)


def _node(network: Network, path: Sequence[str], index: Indices, example: sympy.Expr) -> Node:
    """The tree below the first array of the path: what its definition reads of the next one."""
    name, *below = path
    place = Place(name, index)
    if not below:
        return Node(place, ())
    array = network.named(name)
    own = letters(array.shape)
    at = dict(zip(own, index, strict=True))
    value = array.definition[own]
    sizes = {i: size for total in value.atoms(sympy.Sum) for i, _, size in total.limits}
    children: list[Node | None] = []
    for read in sorted((e for e in value.atoms(sympy.Indexed) if e.base.name == below[0]), key=str):
        if len(read.indices) > 1 and len(below) > 1:
            at[read.indices[0]] = example
        bound = [letter for letter in read.indices if letter in sizes and letter not in at]
        for chosen in product(*(few(Axis("", sizes[letter]), most=2) for letter in bound)):
            names = {**at, **dict(zip(bound, chosen, strict=True))}
            there = tuple(place.xreplace(names) for place in read.indices)
            elided = None in chosen
            children.append(None if elided else _node(network, below, there, example))
    return Node(place, tuple(children))


def _column(network: Network, layer: Layer, wrt: str, here: Indices, normal: _Normal) -> Column:
    """The chain rule for the parameters that lead to one unit; `here` is (example, unit)."""
    parameter = network.variable(wrt)
    there = (ROW, here[1]) if len(parameter.shape) > 1 else (here[1],)
    found = adjoints(network.arrays["J"], parameter)
    sums = network.named(layer.before)
    reached = adjoints((sums * _Unit(sums, here)).sum(), parameter)[wrt][there]
    to_weight = normal(plain(reached))
    before, place, after = Place(layer.before, here), Place(wrt, there), Place(layer.after, here)
    if layer.total:  # a unit of a softmax depends on its whole row
        factors = [Factor(Place("J"), before, normal(plain(found[layer.before][here])))]
    else:
        slope = RULES[Map](network.named(layer.after).definition, Constant(1), 0)[here]
        factors = [
            Factor(Place("J"), after, found[layer.after][here]),
            Factor(after, before, slope),
        ]
    to_sum = sympy.Mul(*(factor.value for factor in factors))
    delta = deltas(network)[layer.delta][here]
    shown = (replace(factor, value=plain(factor.value)) for factor in factors)
    return Column(
        factors=(*shown, Factor(before, place, to_weight)),
        product=plain(to_sum * to_weight),
        normal=normal(plain(to_sum * to_weight)),
        delta=Place(layer.delta, here),
        error=normal(plain(to_sum)),
        proved=normal.same(plain(to_sum), delta),
    )


class _Normal:
    """Expressions of a network after all the rules of the prover, its names kept."""

    def __init__(self, network: Network, wrt: str, asked: Question) -> None:
        parameter = network.variable(wrt)
        axes = (network.arrays["Y"].shape[0], *parameter.shape)
        names = zip((EXAMPLE, *(ROW, COLUMN)[-len(parameter.shape) :]), axes, strict=True)
        self._letters = {name.name: Letter(name.name, axis.count) for name, axis in names}
        self._reader, self._asked = Reader(network), asked
        self._knowledge = Knowledge(asked.statement, asked.always)

    def __call__(self, expr: sympy.Expr) -> sympy.Expr:
        bench = self._knowledge.bench
        reducer = self._knowledge.reducer(self._knowledge.names)
        found = reducer.reduce(bench.ring.normal(self._reader.term(expr, self._letters)))
        names = {letter: name for name, letter in self._letters.items()}
        return to_sympy(bench.poly_term(found.poly, 0), names)

    def same(self, left: sympy.Expr, right: sympy.Expr) -> bool:
        """Whether the checker replays a proof that two expressions are equal."""
        sides = [self._reader.term(side, self._letters) for side in (left, right)]
        statement = self._asked.statement
        letters = tuple(free_letters(sides[0]) | free_letters(sides[1]))
        left, right = sides
        asked = equality(
            statement.definitions, left, right, letters, statement.hypotheses, self._asked.always
        )
        return proved(asked) is not None


class _Unit(Array):
    """The matrix that is 1 at one place and 0 elsewhere."""

    def __init__(self, like: Array, place: Indices) -> None:
        super().__init__(like.shape)
        self._place = place

    def __getitem__(self, indices: Indices) -> sympy.Expr:
        pairs = zip(indices, self._place, strict=True)
        return sympy.Mul(*(sympy.KroneckerDelta(index, own) for index, own in pairs))


def _matrix(name: str, array: Array, *, transposed: bool = False) -> Matrix:
    rows, columns = (few(axis) for axis in array.shape)
    written = (
        tuple(array[r, c] if c is not None else None for c in columns) if r is not None else None
        for r in rows
    )
    height, width = counts(array.shape)
    return Matrix(name, transposed, (height, width), tuple(written))
