"""A point at which the conditions of a theorem hold, for `check/witness.py` to verify.

Points that give an array one value in all its entries come first: they cost nothing at any size.
Then one line of an array has different values, then every entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, islice
from math import prod
from random import Random
from typing import NamedTuple

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.proof import Witness
from gradcheck_sym.checker.statement import Statement, size_names
from gradcheck_sym.checker.witness import LEAST_SIZE, holds_at
from gradcheck_sym.refuter.assumed import Assumed, assumed
from gradcheck_sym.refuter.inputs import (
    Derived,
    Key,
    Shapes,
    Values,
    keys,
    number_of,
    power_of_two,
    shapes,
)
from gradcheck_sym.term.terms import Entry, Num, Size
from gradcheck_sym.term.walks import walk
from gradcheck_sym.values.evaluator import Point

HALF, ONE = Fraction(1, 2), Fraction(1)
VALUES = tuple(map(Fraction, ("1/2", "1", "-1", "-1/2", "2", "1/4", "-1/4", "3/4", "-2")))
MIXTURES, AT_RANDOM = 60, 40
STEPS = ((1, 1), (-1, 1), (10_000, -10_000), (-10_000, 10_000))  # of a line, at odd and even k
FEW_LINES = 8  # where there are more entries than that:
MOST_ENTRIES = 400
MOST_NEAR = 16


def find_witness(
    statement: Statement, conditions: Sequence[Obligation], derived: Derived | None = None
) -> Witness | None:
    """A point at which `holds_at` finds that all holds, or None.

    `derived` gives the inputs that follow from others there, or None where they are not known.

    >>> from gradcheck_sym.term.terms import ONE, Entry
    >>> x = Entry("x")
    >>> find_witness(Statement({}, x, "x", (), ONE), [Obligation(x - Fraction(1, 2), "≠")])
    Witness(sizes={}, everywhere={'x': Fraction(1, 1)}, values={})
    """
    terms = [statement.loss, statement.claim, *map(Entry, statement.positive)]
    terms += chain.from_iterable((h.left, h.right) for h in statement.hypotheses)
    needs = (*conditions, *statement.needs)
    terms += chain.from_iterable(needed.terms for needed in needs)
    known = assumed(statement.hypotheses, statement.positive, needs)
    arrays = shapes(statement.definitions, *terms)
    names = sorted(size_names(statement, conditions))
    near = _near_numbers(conditions)
    for sizes in _sizes(names):
        for everywhere, values in _Proposals(arrays, known, sizes, near).all(zero=bool(derived)):
            follows = derived(Point(values, everywhere), sizes) if derived else {}
            if follows is None:
                continue
            witness = Witness(dict(sizes), everywhere, {**values, **follows})
            if holds_at(witness, statement, conditions):
                return witness
    return None


def _near_numbers(conditions: Sequence[Obligation]) -> list[Fraction]:
    """Numbers on both sides of those that conditions speak of, as in x − 5 > 0."""
    parts = (part for needed in conditions for part in walk(*needed.terms))
    told = (part.value for part in parts if isinstance(part, Num))
    found = (sign * (abs(Fraction(c)) + step) for c in told for sign in (1, -1) for step in (1, -1))
    return list(islice(dict.fromkeys(found), MOST_NEAR))


def _sizes(names: Sequence[str]) -> Iterator[dict[str, int]]:
    """All 2, all 3, and all different; nothing to choose if no size is a name."""
    yield dict.fromkeys(names, LEAST_SIZE)
    if names:
        yield dict.fromkeys(names, LEAST_SIZE + 1)
        yield {name: LEAST_SIZE + number for number, name in enumerate(names)}


class _Proposal(NamedTuple):
    """One value for all entries of an array, and others for some."""

    everywhere: dict[str, Fraction]
    values: Values


Scaled = tuple[Fraction, int | None]  # a value, over the length of an axis that is summed over


class _Proposals:
    def __init__(
        self, arrays: Shapes, known: Assumed, sizes: Mapping[str, int], near: Sequence[Fraction]
    ) -> None:
        self._arrays, self._known, self._sizes, self._near = arrays, known, sizes, near
        self._random = Random(0)
        rows = {name: axis for name, axis in known.rows.items() if name in arrays}
        apart = known.binary | known.signs  # such rows do not sum to 1 with equal entries
        self._rows = {
            name: Fraction(1, self._size(arrays[name][axis]))
            for name, axis in rows.items()
            if name not in apart
        }
        self._unequal = {name: arrays[name] for name in rows if name in apart}

    def all(self, *, zero: bool) -> Iterator[_Proposal]:
        """Points of equal entries, of different ones along a line, and of any entries.

        At `zero` what follows from others, as a maximum of roots, is most often known exactly.
        """
        if zero:
            yield self._alike((Fraction(0), None))
        plain: list[Scaled] = [(value, None) for value in VALUES[:3]]
        scaled: list[Scaled] = [(value, axis) for value in (ONE, HALF, -ONE) for axis in (0, -1)]
        yield from map(self._alike, plain + scaled)
        for _ in range(MIXTURES):
            yield self._equal({name: self._any() for name in self._arrays})
        yield from (self._alike((value, None)) for value in self._near)
        few = sum(prod(map(self._size, shape)) for shape in self._arrays.values()) <= MOST_ENTRIES
        for base in (scaled[0], plain[1])[: 2 if few else 1]:
            yield from islice(self._lines(self._alike(base)), None if few else FEW_LINES)
        for number in range(AT_RANDOM if few else 0):
            values: Values = {}
            choice = VALUES[:2] if number % 4 == 1 else VALUES
            for name, shape in self._arrays.items():
                scale = self._scale(name, 0) if number % 2 else 1
                for key in keys(name, shape, self._sizes):
                    values[key] = self._random.choice(choice) / scale
            yield _Proposal({}, self._known.admitted(values, self._arrays, self._sizes))

    def _any(self) -> Scaled:
        return self._random.choice(VALUES), self._random.choice((None, 0, -1))

    def _alike(self, scaled: Scaled) -> _Proposal:
        return self._equal(dict.fromkeys(self._arrays, scaled))

    def _equal(self, chosen: dict[str, Scaled]) -> _Proposal:
        everywhere = {}
        for name, (value, axis) in chosen.items():
            if name not in self._unequal:
                nearest = self._known.value(name, value / self._scale(name, axis))
                everywhere[name] = self._rows.get(name, nearest)
        return _Proposal(everywhere, self._known.admitted({}, self._unequal, self._sizes))

    def _lines(self, base: _Proposal) -> Iterator[_Proposal]:
        """Different values along an axis of an array, where the other indices are 1."""
        lines = [
            (name, shape, axis)
            for name, shape in reversed(self._arrays.items())  # those that are read first
            if name not in self._known.names
            for axis in range(len(shape))
        ]
        for name, shape, axis in lines:
            size, ones = self._size(shape[axis]), (1,) * len(shape)
            for odd, even in STEPS:
                line: Values = {}
                for k in range(1, size + 1):
                    key: Key = (name, *ones[:axis], k, *ones[axis + 1 :])
                    line[key] = Fraction(k * (odd if k % 2 else even), power_of_two(size))
                yield _Proposal(base.everywhere, {**base.values, **line})

    def _scale(self, name: str, axis: int | None) -> int:
        shape = self._arrays[name]
        return power_of_two(self._size(shape[axis])) if shape and axis is not None else 1

    def _size(self, size: Size) -> int:
        return number_of(size, self._sizes)
