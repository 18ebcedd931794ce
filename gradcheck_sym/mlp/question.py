"""A network and a claim as the statement that is to be proved. No network is left in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcheck_sym.array import Array, Let
from gradcheck_sym.array.entries import Entries
from gradcheck_sym.array.graph import names, same
from gradcheck_sym.array.shape import letters, show, sizes
from gradcheck_sym.checker.statement import Definition, Statement
from gradcheck_sym.domain import distinct, needs
from gradcheck_sym.errors import ArrayError, RuleError, ShapeError
from gradcheck_sym.hypotheses import Assumption, equations, positive
from gradcheck_sym.mlp import textbook
from gradcheck_sym.mlp.claim import Claim
from gradcheck_sym.mlp.network import Network, once
from gradcheck_sym.question import Question
from gradcheck_sym.term.terms import ZERO, Term


def question(network: Network, claim: Claim, assumed: Sequence[Assumption] = ()) -> Question:
    """Whether ∂J/∂(claim.wrt) is what is claimed, in the names of J, the claim and the deltas.

    Raises `GradcheckError` for a claim of another shape and for the names of another network.
    """
    parameter = parameter_of(network, claim.wrt)
    refuse_misfit(claim, network)
    entries, loss = Entries(), network.loss_array
    told = [*textbook.deltas_down_to(network, claim.wrt), loss, claim.array]
    known = _definitions(network)
    definitions = {name: known[name] for name in names(*told) if name in known}
    places = letters(parameter.shape)
    values = _loss(network), entries.at(claim.array, claim.array.places(places))
    read = [definitions[name].value for name in names(loss, claim.array) if name in definitions]
    statement = Statement(
        definitions,
        loss=values[0],
        wrt=claim.wrt,
        letters=places,
        claim=values[1],
        hypotheses=equations(assumed, network.arrays),
        positive=positive(assumed),
        needs=distinct(needs(*read, *values)),
    )
    return Question(statement, frozenset(textbook.deltas(network)) & definitions.keys())


def background(network: Network, assumed: Sequence[Assumption] = ()) -> Question:
    """A question that has all definitions of those about J: what is found of it serves them."""
    parameter = network.arrays["X"]
    statement = Statement(
        _definitions(network),
        loss=_loss(network),
        wrt="X",
        letters=letters(parameter.shape),
        claim=ZERO,
        hypotheses=equations(assumed, network.arrays),
        positive=positive(assumed),
    )
    return Question(statement, frozenset(textbook.deltas(network)))


@once
def _loss(network: Network) -> Term:
    """J, with letters of its own: reasons for what it needs speak of them."""
    return network.loss_array.entry()


@once
def _definitions(network: Network) -> Mapping[str, Definition]:
    """All names of a network, the deltas last, each with letters of its own."""
    entries = Entries()
    arrays = names(network.loss_array, *textbook.deltas(network).values(), *network.arrays.values())
    return {
        name: _definition(array, entries)
        for name, array in arrays.items()
        if isinstance(array, Let) and name != "J"
    }


def parameter_of(network: Network, name: str) -> Array:
    """The array of that name, by which J has a derivative; raises `RuleError`."""
    if name not in network.differentiable:
        there = ", ".join(network.differentiable)
        raise RuleError(f"J has no derivative by {name} in this network; there are {there}")
    return network.arrays[name]


def refuse_misfit(claim: Claim, network: Network) -> None:
    """Raise `ShapeError` for a claim of another shape, or about the names of another network.

    What an equal network gave is as good as ours.
    """
    parameter = parameter_of(network, claim.wrt)
    if sizes(claim.array.shape) != sizes(parameter.shape):
        raise ShapeError(
            f"the claim {claim.text} has the shape {show(claim.array.shape)}; "
            f"∂J/∂{claim.wrt} needs {show(parameter.shape)}"
        )
    own = textbook.names(network)
    try:
        theirs = names(claim.array)
    except ArrayError as error:
        raise ShapeError(f"the claim {claim.text}: {error}") from None
    for name, array in theirs.items():
        if name not in own or not same(own[name], array):
            raise ShapeError(f"the claim {claim.text}: its {name} is not this network's")


def _definition(array: Let, entries: Entries) -> Definition:
    places = letters(array.shape)
    inner = array.definition
    return Definition(places, entries.at(inner, inner.places(places)))
