"""Polynomials as plain data: what they are made of, and what needs no normal form.

A polynomial is a dict from monomials to coefficients that are not zero. A monomial is a product
under sums: the sizes that it is summed over, and powers of atoms, which are numbers of a ring. A
bound index is (levels up, which): nameless, counted from the monomial that it stands in.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from gradcheck_sym.term.terms import Index, Letter, Number, Size

Bound: TypeAlias = tuple[int, int]
Place: TypeAlias = Index | Bound
Factors: TypeAlias = tuple[tuple[int, int], ...]  # (atom's number, exponent), sorted
Monomial: TypeAlias = tuple[tuple[Size, ...], Factors]
Poly: TypeAlias = dict[Monomial, Number]
Frozen: TypeAlias = tuple[tuple[Monomial, Number], ...]
Atom: TypeAlias = tuple[Any, ...]

ONE: Monomial = ((), ())


class TooLarge(Exception):
    """A normal form takes more work than we are ready to do."""


def within(index: Index, size: Size) -> bool:
    """Whether an index surely lies between 1 and a size."""
    if isinstance(index, Letter):
        return index.size == size
    return index == 1 or (isinstance(size, int) and 1 <= index <= size)


def constant(value: Number) -> Poly:
    """A number as a polynomial."""
    return {ONE: value} if value else {}


def scale(poly: Poly, factor: Number) -> Poly:
    """A polynomial times a number."""
    if factor == 1:
        return dict(poly)
    return {monomial: factor * c for monomial, c in poly.items()} if factor else {}


def accumulate(total: Poly, monomial: Monomial, coefficient: Number) -> None:
    """Add one term to `total`, in place."""
    value = total.get(monomial, 0) + coefficient
    if value:
        total[monomial] = value
    else:
        total.pop(monomial, None)


def freeze(poly: Poly) -> Frozen:
    """The polynomial as a value: equal for equal ones of one ring."""
    if len(poly) < 2:
        return tuple(poly.items())
    return tuple(sorted(poly.items(), key=lambda t: (tuple(map(repr, t[0][0])), t[0][1])))
