"""The slopes of a loss by its names, the last first: each is made simple before the next uses it.

∂J/∂a, then ∂J/∂z, as the source argues, so a deeper network costs one more slope a layer. How a
name depends on the one before it, such as ∂a/∂z = a(1 − a), is a lemma of its own. A slope rests
on those of later names alone, so what was found for one parameter serves the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gradcheck_sym.checker.chain import Link, chain
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.polynomial import Poly, TooLarge
from gradcheck_sym.checker.proof import Identity, Lemma, Reasons, Slope, Step
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.prover.knowledge import Knowledge
from gradcheck_sym.prover.reduce import Reduced, Reducer
from gradcheck_sym.term.terms import Entry, Index, Letter, Term, add


@dataclass(frozen=True)
class Chained:
    """The chain rule for one name: its links, the steps that made them simple, what is left."""

    value: Term
    steps: tuple[Step, ...]
    poly: Poly
    reasons: Reasons


class Slopes:
    """What was found of one loss: `found` has the slopes by name."""

    def __init__(self, knowledge: Knowledge, always: frozenset[str]) -> None:
        """Names in `always` are abbreviations, which unfold everywhere."""
        self.knowledge, self.always = knowledge, always
        self.statement: Statement = knowledge.statement
        self.found: dict[str, Slope] = {}
        self._assumed: dict[str, list[Obligation]] = {}
        self._name = ""  # whose slope is being looked for

    @property
    def all_kept(self) -> Reducer:
        """The reducer that keeps abbreviations as well."""
        return self.knowledge.reducer(frozenset(self.statement.definitions))

    def find(self, names: Iterable[str]) -> None:
        """Find the slopes by these names, the last first. Raises `TooLarge`."""
        for name in names:
            if name not in self.found:
                letters = self.statement.definitions[name].letters
                self._assumed[name] = []
                self._name = name
                self._add(name, tuple(Letter(x.name, x.size) for x in letters))

    def of(self, statement: Statement, always: frozenset[str], names: Iterable[str]) -> Slopes:
        """The slopes by these names, for another statement on the same loss."""
        self.find(names)
        rests_on = [needed for name in names for needed in self._assumed[name]]
        own = Slopes(self.knowledge.about(statement, always, rests_on), always)
        own.found = {name: self.found[name] for name in names}
        return own

    def _add(self, name: str, places: tuple[Index, ...]) -> None:
        chained = self.chained(name, places)
        found = as_far_as_it_goes(self.all_kept, chained.poly)
        value = self.knowledge.bench.poly_term(found.poly, 0)
        steps = (*chained.steps, *found.steps)
        for known in [name for name in self.statement.definitions if name in self.always]:
            if more := self._stands_for(value, known, places):
                value, steps = Entry(known, places), (*steps, *more)
                break
        self.found[name] = Slope(name, places, value, Identity(steps), chained.reasons)

    def _stands_for(
        self, value: Term, known: str, places: tuple[Index, ...]
    ) -> tuple[Step, ...] | None:
        """The steps from a value to the abbreviation that stands for it, if this one does."""
        knowledge = self.knowledge
        letters = self.statement.definitions[known].letters
        if [x.size for x in letters] != [x.size for x in places if isinstance(x, Letter)]:
            return None
        reducer = knowledge.reducer(frozenset(self.statement.definitions) - self._unfolded)
        left = knowledge.bench.ring.difference(value, Entry(known, places))
        found = as_far_as_it_goes(reducer, left)
        return None if found.poly else found.steps

    @property
    def _unfolded(self) -> frozenset[str]:
        """The abbreviations that stand for no slope: one may be made of others, as dn of dprev."""
        values = (slope.value for slope in self.found.values())
        return self.always - {value.name for value in values if isinstance(value, Entry)}

    def chained(self, name: str, places: tuple[Index, ...]) -> Chained:
        """The slope by a name as the chain rule has it, and made simple. Raises `TooLarge`."""
        links = chain(self.statement, self.found, name, places)
        reasons = self.reasons(tuple(needed for link in links for needed in link.needs))
        value = add(*(link.value for link in links))
        steps = tuple(step for link in links if (step := self._simpler(link, places)))
        ring = self.knowledge.bench.ring
        taken = add(*(self.all_kept.value(step) for step in steps)) if steps else None
        poly = ring.difference(value, taken) if taken else ring.normal(value)
        return Chained(value, steps, poly, reasons)

    def _simpler(self, link: Link, places: tuple[Index, ...]) -> Step | None:
        """The step from ∂user/∂name as the rules of derivatives give it to its simple form."""
        if link.user is None:
            return None
        raw = self.knowledge.bench.ring.normal(link.inner)
        found = as_far_as_it_goes(self.all_kept, raw)
        if not found.steps:
            return None
        letters = (*link.letters, *(x for x in places if isinstance(x, Letter)))
        right = self.knowledge.bench.poly_term(found.poly, 0)
        lemma = Lemma(letters, link.inner, right, Identity(found.steps))
        number = self.knowledge.lemma(lemma)
        return Step("lemma", (number, *letters), link.outer, link.letters)

    def reasons(self, needs: tuple[Obligation, ...]) -> Reasons:
        """Why these hold, None for what becomes a condition."""
        found = []
        for needed in needs:
            reducer = self.knowledge.reducer(self.knowledge.names, needed.guards)
            reason = reducer.reason(needed)
            found.append(reason)
            if reason is None:
                self.knowledge.assumed.add(needed)
                self._assumed.setdefault(self._name, []).append(needed)
        return tuple(found)


def as_far_as_it_goes(reducer: Reducer, poly: Poly) -> Reduced:
    """The polynomial after all rules; as it is, where that takes too many steps."""
    try:
        return reducer.reduce(poly)
    except TooLarge:
        return Reduced(poly, ())
