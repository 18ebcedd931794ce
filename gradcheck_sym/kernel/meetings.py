"""Denominators that vanish where two of their indices are equal, such as u[i] − u[1].

A condition "u[i] ≠ u[1] for all i" cannot hold, so what rests on it is no proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, product

from gradcheck_sym.kernel.algebra import NotDefined
from gradcheck_sym.kernel.polynomial import (
    Index,
    Monomial,
    Numbers,
    Poly,
    accumulate,
    free,
    nested,
    reindex,
)

MOST_MEETINGS = 2_000


def meetings(denominators: Iterable[Poly]) -> list[Poly]:
    """Those that could vanish where indices are equal: terms would cancel without indices."""
    return [poly for poly in denominators if _same_without_indices(poly)]


def refuse_meetings(denominators: Iterable[Poly], at: Numbers) -> None:
    """Raise `NotDefined` if one of them is zero for some values of its indices.

    `at` gives the numbers of some; the others may equal each other, or a number that occurs.
    """
    for general in denominators:
        poly = _renamed(general, at)
        names = list(dict.fromkeys(name for monomial in poly for name, *_ in free(monomial)))
        values: list[Index] = [*names, *sorted({1, *_numbers(poly)})]
        for choice in islice(product(values, repeat=len(names)), MOST_MEETINGS):
            if not _renamed(poly, dict(zip(names, choice, strict=True))):
                raise NotDefined("a denominator is zero where two of its indices are equal")


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
