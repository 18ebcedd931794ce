"""The search for a proof that a gradient is what is claimed: the slopes, last name first.

∂J/∂a, then ∂J/∂z, as the source argues: each is made simple before the next one uses it, so a
deeper network costs one more slope a layer. How a name depends on the one before it, such as
∂a/∂z = a(1 − a), is a lemma of its own.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from gradcheck_sym.checker.chain import Link, between, chain
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.polynomial import Poly, TooLarge
from gradcheck_sym.checker.proof import Identity, Lemma, Proof, Reasons, Slope, Step
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.prover.equation import rest
from gradcheck_sym.prover.knowledge import Knowledge
from gradcheck_sym.prover.prune import pruned
from gradcheck_sym.prover.reduce import Reduced, Reducer, negated
from gradcheck_sym.term.terms import Entry, Index, Letter, Term, add
from gradcheck_sym.term.walks import entries

MOST_SHOWN = 6  # terms of a derivative in which abbreviations are written out


@dataclass(frozen=True)
class Chained:
    """The chain rule for one name: its links, the steps that made them simple, what is left."""

    value: Term
    steps: tuple[Step, ...]
    poly: Poly
    reasons: Reasons


class Prover:
    """The search for a proof of one statement."""

    def __init__(self, statement: Statement, always: frozenset[str] = frozenset()) -> None:
        """Names in `always` are abbreviations, which unfold everywhere."""
        self.statement, self._always = statement, always
        self.slopes: dict[str, Slope] = {}

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
        slopes = [*self.slopes.values(), last]
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
            found = self._all_kept.reduce(poly).poly
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

    @cached_property
    def knowledge(self) -> Knowledge:
        """What is known of the statement."""
        return Knowledge(self.statement, self._always)

    @property
    def _all_kept(self) -> Reducer:
        """The reducer that keeps abbreviations as well."""
        return self.knowledge.reducer(frozenset(self.statement.definitions))

    @property
    def _reducer(self) -> Reducer:
        return self.knowledge.reducer(self.knowledge.names)

    @cached_property
    def _needs(self) -> Reasons:
        return self._reasons(self.statement.needs)

    @cached_property
    def _last(self) -> Chained:
        """The derivative that is asked for. Raises `TooLarge`."""
        for name in between(self.statement):
            letters = self.statement.definitions[name].letters
            self._slope(name, tuple(Letter(x.name, x.size) for x in letters))
        return self._chain(self.statement.wrt, self.statement.letters)

    def _slope(self, name: str, places: tuple[Index, ...]) -> None:
        chained = self._chain(name, places)
        found = as_far_as_it_goes(self._all_kept, chained.poly)
        value = self.knowledge.bench.poly_term(found.poly, 0)
        steps = (*chained.steps, *found.steps)
        for known in self._always:
            if more := self._stands_for(value, known, places):
                value, steps = Entry(known, places), (*steps, *more)
                break
        self.slopes[name] = Slope(name, places, value, Identity(steps), chained.reasons)

    def _stands_for(
        self, value: Term, known: str, places: tuple[Index, ...]
    ) -> tuple[Step, ...] | None:
        """The steps from a value to the abbreviation that stands for it, if this one does."""
        knowledge = self.knowledge
        letters = self.statement.definitions[known].letters
        if [x.size for x in letters] != [x.size for x in places if isinstance(x, Letter)]:
            return None
        reducer = knowledge.reducer(frozenset(self.statement.definitions) - {known})
        left = knowledge.bench.ring.difference(value, Entry(known, places))
        found = as_far_as_it_goes(reducer, left)
        return None if found.poly else found.steps

    def _chain(self, name: str, places: tuple[Index, ...]) -> Chained:
        links = chain(self.statement, self.slopes, name, places)
        reasons = self._reasons(tuple(needed for link in links for needed in link.needs))
        value = add(*(link.value for link in links))
        steps = tuple(step for link in links if (step := self._simpler(link, places)))
        ring = self.knowledge.bench.ring
        taken = add(*(self._all_kept.value(step) for step in steps)) if steps else None
        poly = ring.difference(value, taken) if taken else ring.normal(value)
        return Chained(value, steps, poly, reasons)

    def _simpler(self, link: Link, places: tuple[Index, ...]) -> Step | None:
        """The step from ∂user/∂name as the rules of derivatives give it to its simple form."""
        if link.user is None:
            return None
        raw = self.knowledge.bench.ring.normal(link.inner)
        found = as_far_as_it_goes(self._all_kept, raw)
        if not found.steps:
            return None
        letters = (*link.letters, *(x for x in places if isinstance(x, Letter)))
        right = self.knowledge.bench.poly_term(found.poly, 0)
        lemma = Lemma(letters, link.inner, right, Identity(found.steps))
        number = self.knowledge.lemma(lemma)
        return Step("lemma", (number, *letters), link.outer, link.letters)

    def _reasons(self, needs: tuple[Obligation, ...]) -> Reasons:
        found = []
        for needed in needs:
            reducer = self.knowledge.reducer(self.knowledge.names, needed.guards)
            reason = reducer.reason(needed)
            found.append(reason)
            if reason is None:
                self.knowledge.assumed.add(needed)
        return tuple(found)


def as_far_as_it_goes(reducer: Reducer, poly: Poly) -> Reduced:
    """The polynomial after all rules; as it is, where that takes too many steps."""
    try:
        return reducer.reduce(poly)
    except TooLarge:
        return Reduced(poly, ())
