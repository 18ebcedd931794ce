"""The search for a proof that a gradient is what is claimed: the slopes, last name first.

∂J/∂a, then ∂J/∂z, as the source argues: each is made simple before the next one uses it, so a
deeper network costs one more slope a layer, and what was shown serves every earlier weight.
"""

from __future__ import annotations

from functools import cached_property

from gradcheck_sym.check.chain import chain
from gradcheck_sym.check.obligations import Obligation
from gradcheck_sym.check.proof import Identity, Proof, Reasons, Slope
from gradcheck_sym.check.ring import TooLarge
from gradcheck_sym.check.statement import Statement
from gradcheck_sym.prove.equation import show
from gradcheck_sym.prove.knowledge import Knowledge
from gradcheck_sym.term.terms import Index, Letter, Term, entries


class Prover:
    """The search for a proof of one statement."""

    def __init__(self, statement: Statement, always: frozenset[str] = frozenset()) -> None:
        """Names in `always` are abbreviations, which unfold everywhere."""
        self.statement, self._always = statement, always
        self.slopes: dict[str, Slope] = {}

    def prove(self, *, quick: bool = False) -> Proof | None:
        """A proof, but for the witness, or None if none was found; a `quick` one keeps names."""
        try:
            left, reasons = self.chain
            by = show(self.knowledge, left, self.statement.claim, quick=quick)
        except TooLarge:
            return None
        if by is None:
            return None
        statement = self.statement
        last = Slope(statement.wrt, statement.letters, statement.claim, by, reasons)
        parts = (*self.knowledge.lemmas, *self.slopes.values(), last)
        return Proof(parts, self._needs)

    def derivative(self) -> Term:
        """The derivative after all rules, names kept."""
        reducer = self.knowledge.reducer(self.knowledge.names)
        ring = self.knowledge.bench.ring
        return self.knowledge.bench.poly_term(reducer.reduce(ring.normal(self.chain[0])).poly, 0)

    def difference(self) -> Term:
        """Derivative − claim after all rules, names kept."""
        reducer = self.knowledge.reducer(self.knowledge.names)
        poly = self.knowledge.bench.ring.difference(self.chain[0], self.statement.claim)
        return self.knowledge.bench.poly_term(reducer.reduce(poly).poly, 0)

    @cached_property
    def knowledge(self) -> Knowledge:
        """What is known of the statement."""
        return Knowledge(self.statement, self._always)

    @cached_property
    def _needs(self) -> Reasons:
        return self._reasons(self.statement.needs)

    @cached_property
    def chain(self) -> tuple[Term, Reasons]:
        """The derivative by the chain rule, in the slopes of names. Raises `TooLarge`."""
        for name in self._readers():
            letters = self.statement.definitions[name].letters
            self._slope(name, tuple(Letter(x.name, x.size) for x in letters))
        return self._chain(self.statement.wrt, self.statement.letters)

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
