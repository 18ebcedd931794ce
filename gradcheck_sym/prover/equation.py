"""The search for an argument that two terms are equal.

First by the rules alone, names kept; then over a common denominator, by cases, and under the
sums; only then with names unfolded, from the last to the first. What a step leaves is what the
next one begins with, so an indicator is split before the names inside it are lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from gradcheck_sym.checker.obligations import Guard
from gradcheck_sym.checker.polynomial import Frozen, Poly, TooLarge, freeze
from gradcheck_sym.checker.proof import Argument, Cancel, Cases, Identity, Lemma, Step
from gradcheck_sym.checker.statement import free_letters
from gradcheck_sym.prover.aligned import under_sums
from gradcheck_sym.prover.cases import contradiction, splits
from gradcheck_sym.prover.common import cleared, inverses
from gradcheck_sym.prover.independent import independent, spoken_of
from gradcheck_sym.prover.knowledge import Knowledge
from gradcheck_sym.prover.reduce import NotKnown, Reduced, Reducer, scaled
from gradcheck_sym.prover.written_out import names_entries_by_numbers
from gradcheck_sym.term.terms import ONE, ZERO, Entry, Sum, Term
from gradcheck_sym.term.walks import walk

MOST_WORK = 6_000  # terms that rules change; a proof takes hundreds
LESS_WORK = 2_000  # for what may help a proof
MOST_CLEARED = 8
MOST_NUMERATOR = 3_000  # terms
MOST_NESTED = 3  # lemmas for what stands under sums

Steps = tuple[Step, ...]


def rest(knowledge: Knowledge, poly: Poly, steps: Steps, *, quick: bool) -> Argument | None:
    """Why what these steps have left is 0, or None if nothing was found.

    A `quick` search keeps all names; else fewer and fewer, since one name more may cost most.
    Where entries are named by numbers, sums are written out in the end.
    """
    found = _kept_less_and_less(knowledge, poly, steps, quick=quick)
    if found is None and names_entries_by_numbers(knowledge.statement):
        with knowledge.writing_out():
            return _kept_less_and_less(knowledge, poly, steps, quick=quick)
    return found


def without_conditions(knowledge: Knowledge, poly: Poly, steps: Steps) -> Argument | None:
    """The same with less work, where it needs no further condition."""
    with suppress(TooLarge), _work(knowledge, LESS_WORK):
        return _Search(knowledge, levels(knowledge), MOST_NESTED, strict=True).begun(poly, steps)
    return None


def _kept_less_and_less(
    knowledge: Knowledge, poly: Poly, steps: Steps, *, quick: bool
) -> Argument | None:
    kept, other = levels(knowledge), levels(knowledge, earliest_first=True)
    tried = [kept[:most] for most in range(min(3, len(kept)), len(kept) + 1)]
    with _work(knowledge, MOST_WORK):
        for names in [kept[:2]] if quick else tried:
            if found := _Search(knowledge, names, MOST_NESTED).begun(poly, steps):
                return found
    if not quick and other != kept:  # a mean unfolds, and a variance that reads it does not
        with _work(knowledge, MOST_WORK):
            return _Search(knowledge, other, MOST_NESTED).begun(poly, steps)
    return None


@contextmanager
def _work(knowledge: Knowledge, most: int) -> Iterator[None]:
    """With so much work, in terms that rules change."""
    knowledge.work_left = most
    try:
        yield
    finally:
        knowledge.work_left = None


def levels(knowledge: Knowledge, *, earliest_first: bool = False) -> list[frozenset[str]]:
    """Which names are kept, from all to none.

    Abbreviations unfold first, then those of no use for an identity; numbers in a list do not.
    The others unfold from the last to the first, or the `earliest_first`.
    """
    definitions = knowledge.statement.definitions
    kept = [name for name in definitions if name in knowledge.names]
    found = list(dict.fromkeys([frozenset(definitions), frozenset(kept)]))
    useful = {
        name
        for name in kept
        if name in knowledge.useful
        or any(isinstance(part, Sum) for part in walk(definitions[name].value))
        or not any(isinstance(part, Entry) for part in walk(definitions[name].value))
    }
    for name in [name for name in reversed(kept) if name not in useful]:
        kept.remove(name)
        found.append(frozenset(kept))
    for name in list(kept) if earliest_first else list(reversed(kept)):
        kept.remove(name)
        found.append(frozenset(kept))
    return found


class _Search:
    """The search by levels, on which less and less names are kept.

    A `strict` search finds what needs no further condition. In a group that is looked at `alone`,
    levels on which nothing unfolds are passed over.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        kept: list[frozenset[str]],
        nested: int,
        *,
        strict: bool = False,
        alone: bool = False,
    ) -> None:
        self.knowledge, self.kept, self.nested = knowledge, kept, nested
        self.strict, self.alone = strict, alone
        self.failed = set[Frozen]()  # groups that were not shown to be 0

    def begun(self, poly: Poly, steps: Steps) -> Argument | None:
        """Why what these steps have left is 0, in all cases."""
        return self.rest(poly, steps, (), 0)

    def rest(
        self, poly: Poly, steps: Steps, cases: tuple[Guard, ...], level: int
    ) -> Argument | None:
        """Why the polynomial that these steps have left is 0, where the cases hold."""
        if level == len(self.kept):
            return self._under_sums(poly, steps, level)
        opaque = self.kept[level]
        reducer = self.knowledge.reducer(opaque, cases, strict=self.strict)
        if excluded := contradiction(reducer):
            value = self.knowledge.bench.poly_term(poly, 0)
            return Identity((*steps, *(scaled(step, value) for step in excluded)))
        try:
            found = self.knowledge.reducer(opaque, cases, strict=True).reduce(poly)
            bound, split = splits(reducer, found.poly)
            if split is None or not opaque <= self.knowledge.names:
                more = reducer.reduce(found.poly)
                found = Reduced(more.poly, (*found.steps, *more.steps))
        except TooLarge:
            return None
        steps, poly = (*steps, *found.steps), found.poly
        if not poly:
            return Identity(steps)
        if not opaque <= self.knowledge.names:  # abbreviations are only compared
            return self.rest(poly, steps, cases, level + 1)
        if split:
            above = self.rest(poly, steps, (*cases, (split, True)), level)
            below = self.rest(poly, steps, (*cases, (split, False)), level) if above else None
            return Cases(split, above, below) if above and below else None
        groups = [poly] if cases else independent(reducer.bench, poly)
        if len(groups) > 1:
            if parts := self._one_by_one(groups, level):
                return Identity((*steps, *parts))
        elif direct := self._over_common_denominator(reducer, poly, steps):
            return direct
        if bound and (inner := self._under_sums(poly, steps, level)):
            return inner
        later = self._next(poly, level) if self.alone else level + 1
        return self.rest(poly, steps, cases, later)

    def _next(self, poly: Poly, level: int) -> int:
        """The next level at which one of these names unfolds; of others conditions may speak."""
        bench = self.knowledge.bench
        spoken = {name for monomial in poly for name, _ in spoken_of(bench, monomial)}
        for later in range(level + 1, len(self.kept)):
            if spoken & (self.kept[level] - self.kept[later]):
                return later
        return len(self.kept)

    def _over_common_denominator(
        self, reducer: Reducer, poly: Poly, steps: Steps
    ) -> Argument | None:
        divisors = []
        for _ in range(MOST_CLEARED):
            numbers = inverses(reducer, poly)
            if not numbers or len(poly) > MOST_NUMERATOR:
                return None
            try:
                found = cleared(reducer, poly, numbers[0])
            except (TooLarge, NotKnown):
                return None
            divisors += [(found.divisor, found.reason)] * found.power
            for _ in range(found.power):
                steps = tuple(scaled(step, found.divisor) for step in steps)
            steps, poly = (*steps, *found.steps), found.numerator
            if not poly:
                by: Argument = Identity(steps)
                for divisor, reason in reversed(divisors):
                    by = Cancel(divisor, reason, by)
                return by
        return None

    def _one_by_one(self, groups: list[Poly], level: int) -> Steps:
        """Each group of terms is 0 by itself, with its own names unfolded."""
        lemmas = []
        each = _Search(self.knowledge, self.kept, self.nested, strict=self.strict, alone=True)
        for group in groups:
            if (key := freeze(group)) in self.failed:
                return ()
            by = each.rest(group, (), (), level)
            if by is None:
                self.failed.add(key)
                return ()
            lemmas.append(self._lemma(self.knowledge.bench.poly_term(group, 0), by))
        return tuple(Step("lemma", lemma, ONE) for lemma in lemmas)

    def _lemma(self, body: Term, by: Argument) -> tuple[object, ...]:
        """A lemma that this is 0: its number, and its letters as they stand."""
        free = tuple(sorted(free_letters(body), key=lambda x: (x.name, str(x.size))))
        return self.knowledge.lemma(Lemma(free, body, ZERO, by)), *free

    def _under_sums(self, poly: Poly, steps: Steps, level: int) -> Argument | None:
        """Each group of terms under equal sums is 0 because what stands under them is."""
        bench = self.knowledge.bench
        if not self.nested or not any(sizes for sizes, _ in poly):
            return None
        # letters of their own: those that the workbench opens sums with bind inside the body
        groups = under_sums(bench, poly, partial(bench.letter, depth=-1 - self.nested))
        more = []
        inner = _Search(self.knowledge, self.kept, self.nested - 1, strict=self.strict)
        for letters, body in groups.items():
            by = inner.rest(bench.ring.normal(body), (), (), min(level, len(self.kept) - 1))
            if by is None:
                return None
            more.append(Step("lemma", self._lemma(body, by), ONE, letters))
        return Identity((*steps, *more))
