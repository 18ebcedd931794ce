"""Regions that the conditions of a proof leave out, and whether the claim is wrong in one.

u ≠ 0 reads as if single points were left out, and leaves out all points of a region in which u is
0. Points are drawn at random, and more of them on lines, one between any two borders of cases;
where some u is 0, a difference quotient of J is compared with the claim. That is evidence for
nothing: it makes a proof doubtful, or names a point to look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, pairwise
from math import isclose, isfinite, prod
from random import Random
from typing import NamedTuple

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Definition, Statement, free_letters, size_names
from gradcheck_sym.refuter.assumed import assumed
from gradcheck_sym.refuter.inputs import (
    Derived,
    Key,
    Values,
    keys,
    number_of,
    numbers_up_to,
    reached_from,
    shapes,
)
from gradcheck_sym.refuter.met import Met
from gradcheck_sym.refuter.places import followed
from gradcheck_sym.term.terms import Apply, Index, Letter, Size, Term, Where
from gradcheck_sym.term.walks import walk

SIZES = ((1,), (1,), (2,), (3, 2), (2, 3, 1), (5,))  # for sizes that are names, in turn
SCALES = (1, 2, 8, 64)  # of the numbers drawn
LINES = 20
GRID = tuple(Fraction(k, 4) for k in range(-4, 9))  # on the line from one point to another
FINEST = 8  # halvings between two of these
MOST_INPUTS = 2_000
MOST_WORK = 200_000  # terms
MOST_COMPARED, MOST_ENTRIES = 60, 6
STEPS, ROUNDED = (Fraction(1, 1 << 17), Fraction(1, 1 << 21)), 2.0**-48
RELATIVE, ABSOLUTE = 1e-3, 1e-4  # of quotients


@dataclass(frozen=True)
class Seen:
    """The conditions that are 0 in a region, and a point in one at which the claim looks wrong."""

    regions: tuple[Obligation, ...] = ()
    wrong: Values | None = None


class _There(NamedTuple):
    """A point on a line, which conditions u ≠ 0 fail there, and the cases that are met."""

    t: Fraction
    values: Values
    sizes: Mapping[str, int]
    zero: tuple[Obligation, ...]
    cases: Mapping[tuple[int, ...], bool]


def left_out(
    statement: Statement, conditions: Sequence[Obligation], derived: Derived | None = None
) -> Seen:
    """What is seen of regions that conditions of a theorem about a statement leave out.

    >>> from gradcheck_sym.term.terms import ONE, ZERO, Entry
    >>> w = Entry("w")
    >>> u = Where(w, w, ZERO) - w
    >>> wrong = Statement({}, Where(u, w, 2 * w), "w", (), ONE)
    >>> len(left_out(wrong, [Obligation(u, "≠")]).wrong), left_out(wrong, [Obligation(w, "≠")])
    (1, Seen(regions=(), wrong=None))
    """
    borders = [needed for needed in conditions if needed.relation == "≠"]
    if not borders or (
        not size_names(statement, conditions)
        and not statement.hypotheses
        and all(_is_a_polynomial(border, statement.definitions) for border in borders)
    ):
        return Seen()  # which is 0 in no region
    return _LeftOut(statement, conditions, derived).seen()


class _LeftOut:
    def __init__(
        self, statement: Statement, conditions: Sequence[Obligation], derived: Derived | None
    ) -> None:
        self._statement, self._derived = statement, derived
        self._borders = [x for x in conditions if x.relation == "≠"]
        self._others = [*(x for x in conditions if x.relation != "≠"), *statement.needs]
        self._names = sorted(size_names(statement, conditions))
        self._shapes = shapes(statement.definitions, *statement.terms)
        self._shapes.setdefault(statement.wrt, tuple(map(_size, statement.letters)))
        self._assumed = assumed(statement.hypotheses, statement.positive, self._others)
        self._zero = [(h.left - h.right, h.letters) for h in statement.hypotheses]
        self._random = Random(0)
        self._work_left = MOST_WORK

    def seen(self) -> Seen:
        regions: dict[Obligation, None] = {}
        inside = (there for there in self._points() if there.zero)
        for there in islice(inside, MOST_COMPARED):
            regions |= dict.fromkeys(there.zero)
            if self._is_wrong(there):
                return Seen(tuple(regions), there.values)
        return Seen(tuple(regions))

    def _points(self) -> Iterator[_There]:
        """Points on lines, while there is work left."""
        for k in range(LINES):
            numbers = SIZES[k % len(SIZES)]
            sizes = {name: numbers[i % len(numbers)] for i, name in enumerate(self._names)}
            counts = (prod(number_of(s, sizes) for s in shape) for shape in self._shapes.values())
            if sum(counts) > MOST_INPUTS:
                continue
            yield from self._on_a_line(sizes, SCALES[k // 2 % len(SCALES)])
            if self._work_left < 0:
                return

    def _on_a_line(self, sizes: Mapping[str, int], scale: int) -> Iterator[_There]:
        start, step = self._drawn(sizes, scale), self._drawn(sizes, scale)

        def at(t: Fraction) -> _There | None:
            return self._looked_at(t, {key: start[key] + t * step[key] for key in start}, sizes)

        def between(one: _There, other: _There, halvings: int) -> Iterator[_There]:
            """One point between any two borders, as far as so many halvings show them apart."""
            cases = one.cases.keys() | other.cases.keys()
            changed = sum(one.cases.get(case) is not other.cases.get(case) for case in cases)
            if changed < 2 or not halvings:
                return
            if middle := at((one.t + other.t) / 2):
                yield middle
                yield from between(one, middle, halvings - 1)
                yield from between(middle, other, halvings - 1)

        found = []
        for t in GRID:
            if there := at(t):
                found.append(there)
                yield there
            if self._work_left < 0:
                return
        for one, other in pairwise(found):
            if self._work_left < 0:
                return
            yield from between(one, other, FINEST)

    def _drawn(self, sizes: Mapping[str, int], scale: int) -> Values:
        return {
            key: Fraction(scale * (self._random.randint(-64, 64) or 1), 48)
            for name, shape in self._shapes.items()
            for key in keys(name, shape, sizes)
        }

    def _looked_at(self, t: Fraction, values: Values, sizes: Mapping[str, int]) -> _There | None:
        """The point, if all that is assumed and needed holds but what leaves it out."""
        values = self._assumed.admitted(values, self._shapes, sizes)
        if self._derived and self._work_left > 0:
            followed_by = followed(self._derived, values, self._shapes, sizes)
            if followed_by is None:
                return None
            values = followed_by
        met = Met(self._statement.definitions, sizes, values)
        try:
            if not all(met.holds(x, at) for x in self._others for at in _places(x, sizes)):
                return None
            if not all(
                met.is_zero(term, at) for term, places in self._zero for at in _all(places, sizes)
            ):
                return None
            zero = [x for x in self._borders for at in _places(x, sizes) if not met.holds(x, at)]
        except ArithmeticError:
            return None
        finally:
            self._work_left -= met.work
        return _There(t, values, sizes, tuple(dict.fromkeys(zero)), met.cases)

    def _is_wrong(self, there: _There) -> bool:
        statement = self._statement
        letters = [x for x in statement.letters if isinstance(x, Letter)]
        places = list(_all(letters, there.sizes))
        for at in self._random.sample(places, min(len(places), MOST_ENTRIES)):
            place = (at[x] if isinstance(x, Letter) else x for x in statement.letters)
            key: Key = (statement.wrt, *place)
            try:
                claimed = self._value(statement.claim, at, there, {})
                quotients = list(self._quotients(there, key))
            except ArithmeticError:
                continue
            (first, lost), *others = quotients
            # a border nearby makes them differ
            told = all(_near(first, other, more) for other, more in others)
            if isfinite(claimed) and told and not _near(first, claimed, lost):
                return True
        return False

    def _quotients(self, there: _There, key: Key) -> Iterator[tuple[float, float]]:
        """Difference quotients of J to either side, by two steps, and what rounding may add."""
        own, loss = there.values.get(key, Fraction(0)), self._statement.loss
        here = self._value(loss, {}, there, {})
        for step in STEPS:
            for side in (step, -step):
                moved = self._value(loss, {}, there, {key: own + side})
                yield (moved - here) / float(side), ROUNDED * abs(here) / float(step)

    def _value(self, term: Term, at: dict[Letter, int], there: _There, moved: Values) -> float:
        met = Met(self._statement.definitions, there.sizes, there.values | moved)
        try:
            return met.value(term, at)
        finally:
            self._work_left -= met.work


def _is_a_polynomial(border: Obligation, definitions: Mapping[str, Definition]) -> bool:
    reached = reached_from(border.terms, definitions).values()
    parts = walk(*border.terms, *(definition.value for definition in reached))
    return not any(isinstance(part, Where | Apply) for part in parts)


def _size(index: Index) -> Size:
    return index.size if isinstance(index, Letter) else index


def _all(letters: Sequence[Letter], sizes: Mapping[str, int]) -> Iterator[dict[Letter, int]]:
    """All numbers for letters."""
    for numbers in numbers_up_to(number_of(letter.size, sizes) for letter in letters):
        yield dict(zip(letters, numbers, strict=True))


def _places(needed: Obligation, sizes: Mapping[str, int]) -> Iterator[dict[Letter, int]]:
    """All numbers for the letters of an obligation."""
    free = frozenset().union(*map(free_letters, needed.terms))
    return _all(sorted(free, key=lambda letter: letter.name), sizes)


def _near(one: float, other: float, lost: float) -> bool:
    return isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE + lost)
