"""The search for a proof that a gradient is what is claimed: its slopes, then the equation."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property

from gradcheck_sym.checker.chain import between
from gradcheck_sym.checker.polynomial import Poly, TooLarge
from gradcheck_sym.checker.proof import Proof, Reasons, Slope
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.prover.equation import rest
from gradcheck_sym.prover.knowledge import Knowledge
from gradcheck_sym.prover.prune import pruned
from gradcheck_sym.prover.reduce import Reducer, negated
from gradcheck_sym.prover.slopes import Chained, Hunch, Slopes
from gradcheck_sym.term.terms import Term
from gradcheck_sym.term.walks import entries

MOST_SHOWN = 6  # terms of a derivative in which abbreviations are written out


class Prover:
    """The search for a proof of one statement."""

    def __init__(
        self,
        statement: Statement,
        always: frozenset[str] = frozenset(),
        known: Slopes | None = None,
        hunch: Hunch | None = None,
    ) -> None:
        """Names in `always` are abbreviations, which unfold everywhere; `known` serves as well."""
        self.statement, self._always, self._known = statement, always, known
        self._hunch = hunch

    def prove(self, *, quick: bool = False) -> Proof | None:
        """A proof, but for the witness, or None if none was found; a `quick` one keeps names."""
        try:
            chained, ring = self._last, self.knowledge.bench.ring
            needs = self._needs  # before the search, which may rest on these conditions
            left = ring.add([chained.poly, negated(ring.normal(self.statement.claim))])
            by = rest(self.knowledge, left, chained.steps, quick=quick)
        except TooLarge:
            return None
        if by is None:
            return None
        statement = self.statement
        last = Slope(statement.wrt, statement.letters, statement.claim, by, chained.reasons)
        slopes = [*self.slopes.found.values(), last]
        return pruned(self.knowledge.lemmas, slopes, needs, self.knowledge.before)

    def derivative(self) -> Term:
        """The derivative after all rules, names kept; abbreviations too where that is shorter."""
        return self._simple(self._last.poly)

    def difference(self) -> Term:
        """Derivative − claim, in the same way."""
        ring = self.knowledge.bench.ring
        claimed = negated(ring.normal(self.statement.claim))
        return self._simple(ring.add([self._last.poly, claimed]))

    def _simple(self, poly: Poly) -> Term:
        try:
            found = self.slopes.all_kept.reduce(poly).poly
        except TooLarge:
            found = poly
        short = self.knowledge.bench.poly_term(found, 0)
        used = [name for name in self._always if any(e.name == name for e in entries(short))]
        inside = (e.name for n in used for e in entries(self.statement.definitions[n].value))
        if self._always.isdisjoint(inside):
            with suppress(TooLarge):
                written_out = self._reducer.reduce(found).poly
                if len(written_out) <= max(len(found), MOST_SHOWN):
                    return self.knowledge.bench.poly_term(written_out, 0)
        return short

    @property
    def knowledge(self) -> Knowledge:
        """What is known of the statement."""
        return self.slopes.knowledge

    @cached_property
    def slopes(self) -> Slopes:
        """The slopes by the names on the way to the parameter."""
        names = between(self.statement)
        if self._known is not None:
            return self._known.of(self.statement, self._always, names)
        own = Slopes(Knowledge(self.statement, self._always), self._always, self._hunch)
        own.find(names)
        return own

    @property
    def _reducer(self) -> Reducer:
        return self.knowledge.reducer(self.knowledge.names)

    @cached_property
    def _needs(self) -> Reasons:
        return self.slopes.reasons(self.statement.needs)

    @cached_property
    def _last(self) -> Chained:
        """The derivative that is asked for. Raises `TooLarge`."""
        return self.slopes.chained(self.statement.wrt, self.statement.letters)
