"""The search for a proof that a gradient is what is claimed: the slopes, last name first.

∂J/∂a, then ∂J/∂z, as the source argues: each is made simple before the next one uses it, so a
deeper network costs one more slope a layer, and what was shown serves every earlier weight.
"""

from __future__ import annotations

from gradcheck_sym.check.chain import chain
from gradcheck_sym.check.obligations import Obligation
from gradcheck_sym.check.proof import Identity, Proof, Reasons, Slope
from gradcheck_sym.check.ring import TooLarge
from gradcheck_sym.check.statement import Statement
from gradcheck_sym.prove.equation import show
from gradcheck_sym.prove.knowledge import Knowledge
from gradcheck_sym.term.terms import Index, Letter, Term, entries


def prove(statement: Statement, always: frozenset[str] = frozenset()) -> Proof | None:
    """A proof, but for the witness, or None if none was found."""
    try:
        return _Gradient(statement, always).proof()
    except TooLarge:
        return None


class _Gradient:
    def __init__(self, statement: Statement, always: frozenset[str]) -> None:
        self.statement = statement
        self.knowledge = Knowledge(statement, always)
        self.slopes: dict[str, Slope] = {}

    def proof(self) -> Proof | None:
        statement = self.statement
        needs = self._reasons(statement.needs)
        for name in self._readers():
            letters = statement.definitions[name].letters
            self._slope(name, tuple(Letter(x.name, x.size) for x in letters))
        left, reasons = self._chain(statement.wrt, statement.letters)
        by = show(self.knowledge, left, statement.claim)
        if by is None:
            return None
        last = Slope(statement.wrt, statement.letters, statement.claim, by, reasons)
        return Proof((*self.knowledge.lemmas, *self.slopes.values(), last), needs)

    def _readers(self) -> list[str]:
        """The names that read the parameter, directly or through others, the last first."""
        found = {self.statement.wrt}
        order = []
        for name, definition in self.statement.definitions.items():
            if any(entry.name in found for entry in entries(definition.value)):
                found.add(name)
                order.append(name)
        return order[::-1]

    def _slope(self, name: str, places: tuple[Index, ...]) -> None:
        left, reasons = self._chain(name, places)
        found = self.knowledge.reducer(self.knowledge.names).reduce(
            self.knowledge.bench.ring.normal(left)
        )
        value = self.knowledge.bench.poly_term(found.poly, 0)
        self.slopes[name] = Slope(name, places, value, Identity(found.steps), reasons)

    def _chain(self, name: str, places: tuple[Index, ...]) -> tuple[Term, Reasons]:
        left, needs = chain(self.statement, self.slopes, name, places)
        return left, self._reasons(needs)

    def _reasons(self, needs: tuple[Obligation, ...]) -> Reasons:
        found = []
        for needed in needs:
            reducer = self.knowledge.reducer(self.knowledge.names, needed.guards)
            reason = reducer.reason(needed)
            found.append(reason)
            if reason is None and needed.relation in ("≠", ">"):
                self.knowledge.assume_not_zero(needed.u)
        return tuple(found)
