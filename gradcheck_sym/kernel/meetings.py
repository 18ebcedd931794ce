"""Conditions that fail where two indices are equal or are not: u[i] − u[1] ≠ 0, δ(i,j) ≠ 0.

What rests on a condition that cannot hold for all indices is no proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice, product

from gradcheck_sym.kernel.algebra import NotDefined
from gradcheck_sym.kernel.polynomial import (
    ONE,
    Index,
    Monomial,
    Numbers,
    Poly,
    Rational,
    accumulate,
    free,
    nested,
    reindex,
)

MOST_MEETINGS = 2_000
Needed = tuple[Poly, str]  # what has to be "≠", ">" or "≥" 0
HOLDS: dict[str, Callable[[Rational], bool]] = {
    "≠": lambda value: value != 0,
    ">": lambda value: value > 0,
    "≥": lambda value: value >= 0,
}


def meetings(needed: Iterable[Needed]) -> list[Needed]:
    """Those that could fail so: terms would cancel without indices, or there is a delta."""
    return [(p, relation) for p, relation in needed if _has_delta(p) or _same_without_indices(p)]


def refuse_meetings(needed: Iterable[Needed], at: Numbers) -> None:
    """Raise `NotDefined` if one of them fails for some values of its indices.

    `at` gives the numbers of some; the others may equal each other, or a number that occurs.
    """
    for general, relation in needed:
        poly = _renamed(general, at)
        names = list(dict.fromkeys(name for monomial in poly for name, *_ in free(monomial)))
        values: list[Index] = [*names, *sorted({1, *_numbers(poly)})]
        for choice in islice(product(values, repeat=len(names)), MOST_MEETINGS):
            met = _contracted(_renamed(poly, dict(zip(names, choice, strict=True))))
            if met.keys() <= {ONE} and not HOLDS[relation](met.get(ONE, 0)):
                what = (
                    "a denominator is zero"
                    if relation == "≠"
                    else f"what has to be {relation} 0 is not"
                )
                raise NotDefined(f"{what} where indices are equal, or where they are not")


def _has_delta(poly: Poly) -> bool:
    return any(atom[0] == "delta" for monomial in poly for atom, _ in monomial)


def _contracted(poly: Poly) -> Poly:
    """Each delta as 1 if its indices are the same, and 0 if they are not."""
    total: Poly = {}
    for monomial, coefficient in poly.items():
        deltas = [atom for atom, _ in monomial if atom[0] == "delta"]
        if all(left == right for _, left, right in deltas):
            rest = tuple(factor for factor in monomial if factor[0] not in deltas)
            accumulate(total, rest, coefficient)
    return total


def _same_without_indices(poly: Poly) -> bool:
    bare = [tuple(_bare(monomial)) for monomial in poly]
    return len(set(bare)) < len(bare)


def _bare(monomial: Monomial) -> Iterable[tuple[object, ...]]:
    for atom, exponent in monomial:
        inner = (tuple(_bare(m)) for frozen in nested(atom) for m, _ in frozen)
        yield atom[0], exponent, *inner


def _renamed(poly: Poly, names: Numbers) -> Poly:
    total: Poly = {}
    for monomial, coefficient in poly.items():
        accumulate(total, reindex(monomial, names), coefficient)
    return total


def _numbers(poly: Poly) -> set[int]:
    """The numbers that stand as indices, outside of functions."""
    atoms = (atom for monomial in poly for atom, _ in monomial if atom[0] != "sum")
    return {part for atom in atoms for part in atom[1:] if isinstance(part, int)}
