"""The source's derivation, made from the real objects: definitions, slopes, normal forms.

Source: Bertrand (2023), "Why is ∂J/∂W^(out) = (A^(h))ᵀ δ^(out)?", sections 2 to 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from gradcheck_sym.array import Array
from gradcheck_sym.array.entries import Entries
from gradcheck_sym.array.operations import full
from gradcheck_sym.array.shape import UNIT, Indices, sizes
from gradcheck_sym.mlp.chain_rule import ChainRule, few, place_of
from gradcheck_sym.mlp.network import Layer, Network
from gradcheck_sym.mlp.textbook import deltas
from gradcheck_sym.proof_lines import lines
from gradcheck_sym.question import Question
from gradcheck_sym.shown.names import index_shown
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.steps import Derivation, Matrix, Node, Stage
from gradcheck_sym.term.terms import Index, Letter, Term
from gradcheck_sym.term.walks import entries
from gradcheck_sym.verdict import Evidence


def derive(
    network: Network,
    wrt: str,
    asked: Question,
    evidence: Evidence | None,
    right: Evidence | None = None,
    *,
    seconds: float | None = None,
) -> Derivation:
    """The derivation of ∂J/∂(wrt) for one network, at sizes that are numbers or names.

    The proof in it is that of the evidence, if there is any. Where the claim is wrong the error
    terms are those that the proof of the `right` one has. Of the `seconds` that there are, the
    proofs of error terms take a part.
    """
    layer = network.layer_of(wrt)
    n, units = network.arrays[layer.after].shape
    example: Index = 1 if n.size == 1 else Letter("i", n.size)
    error = deltas(network)[layer.delta]
    weights = wrt == layer.weights
    source = network.arrays[layer.source] if weights else full(1, (n, UNIT))
    known = evidence or right
    rule = ChainRule(asked, layer, known.proof if known else None, seconds)
    outputs = [asked.statement.letters[-1]] if isinstance(units.size, str) else few(units.size)
    return Derivation(
        example=index_shown(example),
        journey=tuple(_journey(network, example)),
        tree=_node(asked, tuple(_path(network, layer, wrt)), (), example),
        columns=tuple(rule.column((example, j)) if j else None for j in outputs),
        errors=_matrix(layer.delta, error.definition),
        left=_matrix(layer.source if weights else "1", source.T, transposed=True),
        right=_matrix(layer.delta, error),
        product=_matrix("", source.T @ error),
        claimed=any(read.name == layer.delta for read in entries(asked.statement.claim)),
        proof=tuple(lines(evidence.theorem, evidence.proof)) if evidence else (),
    )


def _path(network: Network, layer: Layer, wrt: str) -> Iterator[str]:
    """The names on the way from J back to the parameter."""
    yield "J"
    for later in reversed(network.structure):
        yield from (later.after, later.before)
        if later == layer:
            break
    yield wrt


def _journey(network: Network, example: Index) -> Iterator[Stage]:
    """The rows from X to A_out, each with the weights or the activation before it, and Y."""
    rows: list[tuple[str, str | None]] = [("X", None)]
    for layer in network.structure:
        rows += [(layer.before, layer.weights), (layer.after, layer.activation)]
    for name, step in [*rows, ("Y", "J")]:
        units = few(network.arrays[name].shape[1].size)
        yield Stage(tuple(place_of(name, (example, k)) if k else None for k in units), step)


def _node(asked: Question, path: Sequence[str], index: Indices, example: Index) -> Node:
    """The tree below the first array of the path: what its definition reads of the next one."""
    name, *below = path
    place = place_of(name, index)
    if not below:
        return Node(place, ())
    value, at = _definition(asked, name, index)
    children: dict[object, Node | None] = {}
    for read in entries(value):
        if read.name != below[0]:
            continue
        if len(read.indices) > 1 and len(below) > 1 and isinstance(read.indices[0], Letter):
            at[read.indices[0]] = example
        bound = [x for x in read.indices if isinstance(x, Letter) and x not in at]
        for chosen in product(*(few(letter.size, most=2) for letter in bound)):
            numbers = {**at, **dict(zip(bound, chosen, strict=True))}
            there = [numbers[x] if isinstance(x, Letter) else x for x in read.indices]
            known = [x for x in there if x is not None]
            elided = len(known) < len(there)
            key = tuple(map(str, there))
            if key not in children:
                node = None if elided else _node(asked, below, tuple(known), example)
                children[key] = node
    return Node(place, tuple(children.values()))


def _definition(
    asked: Question, name: str, index: Indices
) -> tuple[Term, dict[Letter, Index | None]]:
    """What a name stands for, and what its letters are at these indices."""
    if name == "J":
        return asked.statement.loss, {}
    definition = asked.statement.definitions[name]
    return definition.value, dict(zip(definition.letters, index, strict=True))


def _matrix(name: str, array: Array, *, transposed: bool = False) -> Matrix:
    rows, columns = (few(axis.size) for axis in array.shape)
    written = (
        tuple(_shown(array, r, c) if c else None for c in columns) if r else None for r in rows
    )
    height, width = sizes(array.shape)
    return Matrix(name, transposed, (height, width), tuple(written))


def _shown(array: Array, *index: Index) -> Term:
    value = Entries().at(array, index)  # d may stand for 1, and 2 is shown all the same
    return tidied(value, {x: x.name for x in index if isinstance(x, Letter)})
