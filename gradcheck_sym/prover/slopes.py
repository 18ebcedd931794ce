"""The slopes of a loss by its names, the last first: each is made simple before the next uses it.

∂J/∂a, then ∂J/∂z, as the source argues, so a deeper network costs one more slope a layer. How a
name depends on the one before it, such as ∂a/∂z = a(1 − a), is a lemma of its own. A slope rests
on those of later names alone, so what was found for one parameter serves the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import TypeAlias

from gradcheck_sym.checker.chain import Link, chain
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.polynomial import Poly, TooLarge
from gradcheck_sym.checker.proof import Argument, Identity, Lemma, Reasons, Slope, Step
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.prover.equation import without_conditions
from gradcheck_sym.prover.knowledge import Knowledge
from gradcheck_sym.prover.reduce import Reduced, Reducer
from gradcheck_sym.term.terms import Entry, Index, Letter, Term, add

MOST_PERMUTED = 4  # axes

Hunch: TypeAlias = Callable[[Term, Term, tuple[Index, ...]], bool]  # False: they surely differ


@dataclass(frozen=True)
class Chained:
    """The chain rule for one name: its links, the steps that made them simple, what is left."""

    value: Term
    steps: tuple[Step, ...]
    poly: Poly
    reasons: Reasons


class Slopes:
    """What was found of one loss: `found` has the slopes by name."""

    def __init__(
        self, knowledge: Knowledge, always: frozenset[str], hunch: Hunch | None = None
    ) -> None:
        """Names in `always` are abbreviations, which unfold everywhere.

        With a hunch of what is equal, more is tried where two terms seem so, and nothing else.
        """
        self.knowledge, self.always, self.hunch = knowledge, always, hunch
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
        own = Slopes(self.knowledge.about(statement, always, rests_on), always, self.hunch)
        own.found = {name: self.found[name] for name in names}
        return own

    def _add(self, name: str, places: tuple[Index, ...]) -> None:
        chained = self.chained(name, places)
        found = as_far_as_it_goes(self.all_kept, chained.poly)
        value = self.knowledge.bench.poly_term(found.poly, 0)
        steps = (*chained.steps, *found.steps)
        value, by = self._abbreviated(value, steps, places)
        self.found[name] = Slope(name, places, value, by, chained.reasons)

    def _abbreviated(
        self, value: Term, steps: tuple[Step, ...], places: tuple[Index, ...]
    ) -> tuple[Term, Argument]:
        """The abbreviation that stands for a value that these steps lead to, if one does; and why.

        One that looks equal is tried by the rules first, then by all that shows an equation.
        """
        reducer = self.knowledge.reducer(frozenset(self.statement.definitions) - self._unfolded)
        for known in self._looking_equal(value, places):
            left = self.knowledge.bench.ring.difference(value, known)
            found = as_far_as_it_goes(reducer, left)
            if not found.poly:
                return known, Identity((*steps, *found.steps))
            if self.hunch and (longer := without_conditions(self.knowledge, left, steps)):
                return known, longer
        return value, Identity(steps)

    def _looking_equal(self, value: Term, places: tuple[Index, ...]) -> Iterator[Entry]:
        """The abbreviations that look equal: one of an array may stand for what it transposes."""
        permuted = self.hunch and len(places) <= MOST_PERMUTED
        orders = list(permutations(places)) if permuted else [places]
        for known in [name for name in self.statement.definitions if name in self.always]:
            shape = [x.size for x in self.statement.definitions[known].letters]
            for order in orders:
                if shape == [x.size for x in order if isinstance(x, Letter)]:
                    entry = Entry(known, order)
                    if self.hunch is None or self.hunch(value, entry, places):
                        yield entry

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
