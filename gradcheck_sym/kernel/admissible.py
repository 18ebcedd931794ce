"""Points that the hypotheses allow, and at which what is required holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import sympy

from gradcheck_sym.kernel.bounds import ends
from gradcheck_sym.kernel.context import Domain, Hypotheses
from gradcheck_sym.kernel.interval import Entry, Evaluator, Numbers, Point
from gradcheck_sym.kernel.polynomial import Index

MOST_REQUIRED = 2_000  # values that are looked at for one point


def admitted(point: Point, assumed: Hypotheses, entries: list[Entry], sizes: Numbers) -> Point:
    """The nearest point that the hypotheses allow; `entries` are those that they speak of."""
    if not entries:
        return point
    changed = {**point}
    for entry in entries:
        changed[entry] = _two_valued(entry[0], point.get(entry, Fraction(0)), assumed)
    for row in dict.fromkeys(entry[:-1] for entry in entries if entry[0] in assumed.row_sums):
        width = _number(assumed.row_sums[row[0]], sizes)
        places = [(*row, place) for place in range(1, width + 1)]
        if row[0] in assumed.binary:
            chosen = next((place for place in places if changed.get(place)), places[-1])
            changed |= {place: Fraction(place == chosen) for place in places}
        elif row[0] in assumed.signs:
            first = sorted(places, key=lambda place: changed.get(place, 0) <= 0)
            changed |= {p: Fraction(1 if k <= width // 2 else -1) for k, p in enumerate(first)}
        else:
            *others, last = places
            changed[last] = 1 - sum((changed.get(p, Fraction(0)) for p in others), Fraction(0))
    return {entry: value for entry, value in changed.items() if value}


def obeys(point: Point, assumed: Hypotheses, entries: list[Entry], sizes: Numbers) -> bool:
    """Whether the hypotheses hold of these entries, and of the rows that they stand in."""
    for row in dict.fromkeys(entry[:-1] for entry in entries if entry[0] in assumed.row_sums):
        width = _number(assumed.row_sums[row[0]], sizes)
        entries = [*entries, *((*row, place) for place in range(1, width + 1))]
        if sum(point.get((*row, place), Fraction(0)) for place in range(1, width + 1)) != 1:
            return False
    values = ((entry[0], point.get(entry, Fraction(0))) for entry in entries)
    return all(value == _two_valued(name, value, assumed) for name, value in values)


def _two_valued(name: str, value: Fraction, assumed: Hypotheses) -> Fraction:
    if name in assumed.binary:
        return Fraction(value > 0)
    if name in assumed.signs:
        return Fraction(-1 if value < 0 else 1)
    return value


def required(domain: Domain, sizes: Numbers) -> Iterator[tuple[sympy.Expr, Numbers]]:
    """Each value that something is required of, with its indices."""
    for requirement in domain:
        spans = [range(1, _number(size, sizes) + 1) for size in requirement.sizes]
        names = [symbol.name for symbol in requirement.entry.indices]
        for places in product(*spans):
            yield requirement.entry.value, dict(zip(names, places, strict=True))


def satisfied(domain: Domain, evaluator: Evaluator, sizes: Numbers) -> bool:
    """Whether all that is required holds at the evaluator's point, as far as intervals tell."""
    looked = 0
    for requirement in domain:
        for value, places in required((requirement,), sizes):
            looked += 1
            if looked > MOST_REQUIRED:
                return False
            if not holds(requirement.relation, evaluator.value(value, places)):
                return False
    return True


def holds(relation: str, value: Any) -> bool:
    """Whether a value surely is "≠", ">" or "≥" 0."""
    low, high = ends(value)
    return {"≠": low > 0 or high < 0, ">": low > 0, "≥": low >= 0}[relation]


def _number(size: Index, sizes: Mapping[str, int]) -> int:
    return sizes[size] if isinstance(size, str) else size
