"""A network and a claim as a statement in terms, for the prover and the checker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import sympy

from gradcheck_sym.arrays import Array, Named
from gradcheck_sym.assumptions import Assumption
from gradcheck_sym.checker.obligations import Guard, Obligation
from gradcheck_sym.checker.statement import Definition, Hypothesis, Statement
from gradcheck_sym.claims import Claim
from gradcheck_sym.claims.textbook import deltas
from gradcheck_sym.domain import domain
from gradcheck_sym.entries import Requirement
from gradcheck_sym.from_sympy import from_sympy
from gradcheck_sym.network import Network
from gradcheck_sym.question import Question
from gradcheck_sym.shapes import counts, letters
from gradcheck_sym.term.terms import ONE, Entry, Index, Letter, Num, Sum, Term, Where

INDEX = sympy.symbols("p q")


def question(network: Network, claim: Claim, assumed: Sequence[Assumption] = ()) -> Question:
    """Whether ∂J/∂(wrt) of the network is the claim, under the assumptions."""
    reader = Reader(network)
    parameter = network.variable(claim.wrt)
    index = INDEX[-len(parameter.shape) :]
    sizes = counts(parameter.shape)
    named = {x.name: Letter(x.name, size) for x, size in zip(index, sizes, strict=True)}
    statement = Statement(
        definitions=reader.definitions,
        loss=reader.term(network.named("J").definition[()]),
        wrt=claim.wrt,
        letters=tuple(named.values()),
        claim=reader.term(claim.array[index], named),
        hypotheses=tuple(_hypotheses(network, assumed)),
        needs=tuple(
            obligation
            for needed in needs(network, claim)
            for obligation in _obligations(reader, needed)
        ),
    )
    return Question(statement, frozenset(deltas(network)))


def needs(network: Network, claim: Claim) -> tuple[Requirement, ...]:
    """What has to hold for J, near where it is differentiated, and for the claim to be meant."""
    moving = {name for name in network.arrays if name not in ("X", "Y", "J")}
    found = []
    for needed in domain(network.arrays["J"], through_names=True):
        names = {entry.base.name for entry in needed.entry.value.atoms(sympy.Indexed)}
        edge = needed.relation == "≥" and not names.isdisjoint(moving)
        found.append(replace(needed, relation=">") if edge else needed)
    return (*found, *domain(claim.array))


def _obligations(reader: Reader, needed: Requirement) -> Iterator[Obligation]:
    """A requirement as obligations; `domain` has 1 where a case needs nothing."""
    ranges = zip(needed.entry.indices, needed.sizes, strict=True)
    value = reader.term(needed.entry.value, {x.name: Letter(x.name, size) for x, size in ranges})

    def of(value: Term, guards: tuple[Guard, ...]) -> Iterator[Obligation]:
        match value:
            case Num(1):
                return
            case Where(u, yes, no) if _is_of_one_case(value):
                yield from of(yes, (*guards, (u, True)))
                yield from of(no, (*guards, (u, False)))
            case _:
                yield Obligation(value, needed.relation, guards)  # type: ignore[arg-type]

    yield from of(value, ())


def _is_of_one_case(value: Term) -> bool:
    match value:
        case Where(_, yes, no):
            return _is_of_one_case(yes) or _is_of_one_case(no)
    return isinstance(value, Num) and value.value == 1


class Reader:
    """A network's arrays as terms."""

    def __init__(self, network: Network) -> None:
        self._sizes = frozenset(s for s in network.sizes.values() if isinstance(s, str))
        arrays = {**network.arrays, **deltas(network)}
        self.definitions: Mapping[str, Definition] = {
            name: self._definition(array.definition)
            for name, array in arrays.items()
            if isinstance(array, Named) and name != "J"
        }

    def term(self, expr: sympy.Expr, named: Mapping[str, Index] | None = None) -> Term:
        """An expression as a term; `named` are its free indices."""
        return from_sympy(expr, named, self._sizes)

    def _definition(self, array: Array) -> Definition:
        index = letters(array.shape)
        named = {
            x.name: Letter(x.name, size) for x, size in zip(index, counts(array.shape), strict=True)
        }
        return Definition(tuple(named.values()), self.term(array[index], named))


def _hypotheses(network: Network, assumed: Sequence[Assumption]) -> Iterator[Hypothesis]:
    n, t = counts(network.arrays["Y"].shape)
    i, j = Letter("i", n), Letter("j", t)
    y = Entry("Y", (i, j))
    for one in assumed:
        match one.kind:
            case "row_sums":
                yield Hypothesis((i,), Sum(j, y), ONE)
            case "binary":
                yield Hypothesis((i, j), y * y, y)
            case "signs":
                yield Hypothesis((i, j), y * y, ONE)
