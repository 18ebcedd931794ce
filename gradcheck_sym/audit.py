"""The audit: difference quotients of J against the verdicts, at a few points.

It shares the statement and the evaluator with the proof, and nothing else: no rule of
differentiation, no law, no normal form. (J(w + h) − J(w − h)) / 2h with h = 10⁻⁴⁰ differs from the
derivative by a multiple of h², so where a claim is proved its value agrees to some 60 digits, and
where it is refuted it does not agree at the point that refutes it. Points that break a condition
of the theorem are left out; among those tried is one with all inputs 0, where cases have borders.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod
from random import Random
from typing import NamedTuple

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Statement, size_names
from gradcheck_sym.checker.witness import Place
from gradcheck_sym.refuter.assumed import assumed
from gradcheck_sym.refuter.inputs import Key, Values, keys, number_of, shapes
from gradcheck_sym.refuter.places import as_point
from gradcheck_sym.term.terms import Letter, Size, Sum
from gradcheck_sym.term.walks import walk
from gradcheck_sym.values.evaluator import Evaluator
from gradcheck_sym.values.interval import Value, ends
from gradcheck_sym.verdict import Counterexample, Proved, Refuted, Verdict

DIGITS = 100
STEP = Fraction(1, 10**40)
FINER = Fraction(1, 10**400), 900
TOLERANCE = Fraction(1, 10**25)  # relative to 1 or to the value
AT_RANDOM = 2
SIZE = 2  # for sizes that are names
MOST_ENTRIES = 50_000  # of all inputs, for points at random
CHEAP = 100  # the product of all sizes, for all entries
MOST_AUDITED = 64  # entries that are looked at, spread over all


@dataclass(frozen=True)
class Audited:
    """How many entries were looked at, at how many points in all, and which disagree."""

    entries: int
    points: int
    disagree: tuple[tuple[int, ...], ...]


def audited(
    statement: Statement, verdicts: Mapping[tuple[tuple[str, int], ...], Verdict]
) -> Audited:
    """The difference quotients of all entries, given by the numbers of their indices."""
    looked = points = 0
    disagree: list[tuple[int, ...]] = []
    audits: dict[tuple[Obligation, ...], Audit] = {}
    for at, verdict in verdicts.items():
        conditions = verdict.evidence.theorem.conditions if isinstance(verdict, Proved) else ()
        if conditions not in audits:
            audits[conditions] = Audit(statement, conditions)
        audit = audits[conditions]
        match verdict:
            case Proved():
                count, agree = audit.proved(dict(at))
            case Refuted(point):
                count, agree = audit.refuted({**dict(at), **point.indices}, point)
            case _:
                continue
        points += count
        looked += count > 0
        if not agree:
            disagree.append(tuple(number for _, number in at))
    return Audited(looked, points, tuple(disagree))


def is_cheap(statement: Statement, count: int) -> bool:
    """Whether the audit of so many entries takes next to no time."""
    sizes = [SIZE if isinstance(s, str) else s for s in all_sizes(statement)]
    return prod(sizes) * count <= CHEAP


def all_sizes(statement: Statement) -> set[Size]:
    """The sizes of the definitions' indices."""
    letters = (x for d in statement.definitions.values() for x in d.letters)
    return {x.size for x in letters} | {
        part.index.size
        for d in statement.definitions.values()
        for part in walk(d.value)
        if isinstance(part, Sum)
    }


class Audit:
    """The loss and the claim of a statement at points."""

    def __init__(self, statement: Statement, conditions: tuple[Obligation, ...]) -> None:
        self._statement, self._conditions = statement, conditions
        self._sizes = dict.fromkeys(size_names(statement, conditions), SIZE)
        self._shapes = shapes(statement.definitions, statement.loss, statement.claim)

    def proved(self, at: Mapping[str, int]) -> tuple[int, bool]:
        """At how many points an entry that is proved was looked at, and whether all agree."""
        looked = (self._agrees(there, at, True) for there in self._admitted)
        found = [agrees for agrees in looked if agrees is not None]
        return len(found), all(found)

    def refuted(self, at: Mapping[str, int], point: Counterexample) -> tuple[int, bool]:
        """The same for an entry that is refuted at a point: the sides have to differ there."""
        left, right = (Fraction(side.low) for side in (point.left, point.right))
        if abs(left - right) <= 2 * TOLERANCE * max(Fraction(1), abs(left)):
            return 0, True  # finer than what is looked at here
        values = {_entry(name): value for name, value in point.values.items()}
        agrees = self._agrees(self._there(values, {**self._sizes, **point.sizes}), at, False)
        return (0, True) if agrees is None else (1, not agrees)

    @cached_property
    def _admitted(self) -> list[_There]:
        """The points at which what the theorem assumes holds."""
        found = []
        for values in self._points():
            there = self._there(values, self._sizes)
            with suppress(ArithmeticError, LookupError):
                place = Place(there.evaluator)
                needed = (*self._conditions, *self._statement.needs)
                if all(map(place.is_exact, self._statement.hypotheses)) and all(
                    map(place.satisfies, needed)
                ):
                    found.append(there)
        return found

    def _points(self) -> Iterator[Values]:
        yield self._allowed({})
        counts = [
            prod(number_of(size, self._sizes) for size in shape) for shape in self._shapes.values()
        ]
        if sum(counts) > MOST_ENTRIES:
            return
        random = Random(0)
        for _ in range(AT_RANDOM):
            values = {
                key: Fraction(random.randint(-20, 20) or 1, 16)
                for name, shape in self._shapes.items()
                for key in keys(name, shape, self._sizes)
            }
            yield self._allowed(values)

    def _allowed(self, values: Values) -> Values:
        """The nearest point that the hypotheses allow."""
        known = assumed(self._statement.hypotheses, self._statement.positive)
        return known.admitted(values, self._shapes, self._sizes)

    def _agrees(self, there: _There, at: Mapping[str, int], expected: bool) -> bool | None:
        """Whether the difference quotient is the claim's value; None where that is not seen.

        What is not as expected is looked at with a finer step, as a border of cases or a curvature
        as fine as the step is no disagreement.
        """
        found = self._compared(there, at, STEP, DIGITS)
        return found if found in (expected, None) else self._compared(there, at, *FINER)

    def _compared(
        self, there: _There, at: Mapping[str, int], step: Fraction, digits: int
    ) -> bool | None:
        statement = self._statement
        numbers = {x: at.get(x.name, 1) for x in statement.letters if isinstance(x, Letter)}
        place: tuple[int, ...] = tuple(
            numbers[x] if isinstance(x, Letter) else x for x in statement.letters
        )
        try:
            here = there if digits == DIGITS else self._there(there.values, there.sizes, digits)
            claimed = _exact(here.evaluator.value(statement.claim, numbers))
            key: Key = (statement.wrt, *place)
            w = there.values.get(key, there.values.get((statement.wrt,), Fraction(0)))
            moved = [{**there.values, key: w + side} for side in (step, -step)]
            above, below = (
                _exact(self._there(values, there.sizes, digits).evaluator.value(statement.loss))
                for values in moved
            )
        except (ArithmeticError, LookupError):
            return None
        quotient = tuple((x - y) / (2 * step) for x, y in zip(above, below[::-1], strict=True))
        least = TOLERANCE * max(Fraction(1), abs(quotient[0]))
        if max(high - low for low, high in (quotient, claimed)) > least:
            return None  # what is only known to be in a wide interval tells nothing
        return abs(quotient[0] - claimed[0]) <= least

    def _there(self, values: Values, sizes: Mapping[str, int], digits: int = DIGITS) -> _There:
        point = as_point(values, self._shapes)
        evaluator = Evaluator(self._statement.definitions, point, sizes, digits)
        return _There(values, sizes, evaluator)


class _There(NamedTuple):
    """A point, and the values of terms there."""

    values: Values
    sizes: Mapping[str, int]
    evaluator: Evaluator


def _exact(value: Value) -> tuple[Fraction, Fraction]:
    """The ends of a value as fractions."""
    low, high = ends(value)
    return Fraction(low), Fraction(high)


def _entry(shown: str) -> Key:
    """The entry that is written X[1,2]."""
    name, _, places = shown.rstrip("]").partition("[")
    return (name, *(int(place) for place in places.split(",") if place))
