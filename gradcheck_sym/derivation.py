"""The source's derivation, made from the real objects: definitions, adjoints, normal forms.

Source: Bertrand (2023), "Why is ∂J/∂W^(out) = (A^(h))ᵀ δ^(out)?", sections 2 to 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import sympy

from gradcheck_sym.arrays import Array, Constant, Map, MatMul, Named, Variable
from gradcheck_sym.gradient import RULES, adjoints
from gradcheck_sym.kernel.decide import Equation
from gradcheck_sym.network import Network
from gradcheck_sym.shapes import Axis, Indices, counts, letters
from gradcheck_sym.steps import Column, Derivation, Factor, Matrix, Node, Place, Stage

ROW, COLUMN = sympy.symbols("p q")
EXAMPLE = sympy.Symbol("i")
MOST_ENTRIES = 4  # of an axis; a longer one is written 1, 2, …, last


def derive(network: Network) -> Derivation:
    """The derivation of ∂J/∂W_out for one network, at sizes that are numbers or names."""
    arrays = network.arrays
    n, t = arrays["Y"].shape
    example = sympy.S.One if n.size == 1 else EXAMPLE
    outputs = [COLUMN] if isinstance(t.count, str) else few(t)
    claim = arrays["A_h"].T @ arrays["delta_out"]
    return Derivation(
        example=example,
        journey=tuple(_journey(network, example)),
        tree=_node(network, ("J", "A_out", "Z_out", "W_out"), (), example),
        columns=tuple(_column(network, (example, j)) if j else None for j in outputs),
        errors=_matrix("delta_out", network.named("delta_out").definition),
        left=_matrix("A_h", arrays["A_h"].T, transposed=True),
        right=_matrix("delta_out", arrays["delta_out"]),
        product=_matrix("", claim),
    )


def few(axis: Axis, most: int = MOST_ENTRIES) -> list[sympy.Expr | None]:
    """The indices of an axis, or the first ones, None for an ellipsis, and the last."""
    size = axis.count
    if isinstance(size, int) and size <= most:
        return [sympy.Integer(k) for k in range(1, size + 1)]
    first = [sympy.Integer(k) for k in range(1, most // 2 + 1)]
    return [*first, None, axis.size]


def _journey(network: Network, example: sympy.Expr) -> Iterator[Stage]:
    """The rows from X to A_out, each with the weights or the activation before it, and Y."""
    rows: list[tuple[str, str | None]] = []
    array: Array = network.arrays["A_out"]
    while isinstance(array, Named):
        source, *weights = array.definition.operands
        via = weights[0].name if weights and isinstance(weights[0], Variable) else "φ"
        rows.insert(0, (array.name, via))
        array = source
    for name, step in [("X", None), *rows, ("Y", "J")]:
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
        row, column = read.indices
        if len(below) > 1:
            at[row] = example
        bound = [letter for letter in (row, column) if letter in sizes and letter not in at]
        for chosen in product(*(few(Axis("", sizes[letter]), most=2) for letter in bound)):
            names = {**at, **dict(zip(bound, chosen, strict=True))}
            there = (row.xreplace(names), column.xreplace(names)) if None not in chosen else None
            children.append(_node(network, below, there, example) if there else None)
    return Node(place, tuple(children))


def _column(network: Network, here: Indices) -> Column:
    """The chain rule for the weights that lead to one output; `here` is (example, output)."""
    there = (ROW, here[1])
    axes = (network.arrays["Y"].shape[0], *network.arrays["W_out"].shape)
    names = zip((EXAMPLE, ROW, COLUMN), axes, strict=True)
    context = replace(network.context, ranges={name.name: axis.count for name, axis in names})

    loss, sums = network.arrays["J"], network.named("Z_out")
    to_activation = adjoints(loss, network.variable("W_out"))["A_out"][here]
    to_sum = RULES[Map](network.named("A_out").definition, Constant(1), 0)[here]
    reached = RULES[MatMul](sums.definition, _Pick(sums, here), 1)[there]
    to_weight = Equation(reached, sympy.S.Zero, context).normal_form()

    error = Equation(to_activation * to_sum, network.arrays["delta_out"][here], context)
    whole = Equation(to_activation * to_sum * to_weight, sympy.S.Zero, context)
    return Column(
        factors=(
            Factor(Place("J"), Place("A_out", here), to_activation),
            Factor(Place("A_out", here), Place("Z_out", here), to_sum),
            Factor(Place("Z_out", here), Place("W_out", there), to_weight),
        ),
        product=whole.left,
        normal=whole.normal_form(),
        delta=Place("delta_out", here),
        error=error.normal_form(),
        verdict=error.decide({}),
    )


class _Pick(Array):
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
