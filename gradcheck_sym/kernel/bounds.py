"""Two values that differ, as decimals that show it: exact, or rounded outward until they part."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any

from gradcheck_sym.verdict import Bounds

LEAST_DIGITS = 6
MOST_DIGITS = 300


def separate(left: Any, right: Any) -> bool:
    """Whether two values, exact or intervals, surely differ."""
    (low, high), (other_low, other_high) = ends(left), ends(right)
    return high < other_low or other_high < low


def show_both(left: Any, right: Any) -> tuple[Bounds, Bounds]:
    """Decimal enclosures of two separate values, with as few digits as keep them apart."""
    digits = LEAST_DIGITS
    while digits < MOST_DIGITS:
        a, b = _rounded(left, digits), _rounded(right, digits)
        if Fraction(a.high) < Fraction(b.low) or Fraction(b.high) < Fraction(a.low):
            return a, b
        digits *= 2
    return _rounded(left, MOST_DIGITS), _rounded(right, MOST_DIGITS)


def ends(value: Any) -> tuple[Fraction, Fraction]:
    """The ends of a value as exact fractions. Raises ValueError for an unbounded interval."""
    if isinstance(value, Fraction):
        return value, value
    low, high = (_fraction(end) for end in value._mpi_)
    return low, high


def _fraction(raw: tuple[int, int, int, int]) -> Fraction:
    sign, mantissa, exponent, _ = raw
    if not mantissa and exponent:
        raise ValueError("an unbounded interval")
    return Fraction(-1 if sign else 1) * int(mantissa) * Fraction(2) ** exponent


def _rounded(value: Any, digits: int) -> Bounds:
    low, high = ends(value)
    if low == high:
        return Bounds(str(low), str(low))
    below, above = (Context(prec=digits, rounding=r) for r in (ROUND_FLOOR, ROUND_CEILING))
    return Bounds(_decimal(low, below), _decimal(high, above))


def _decimal(value: Fraction, context: Context) -> str:
    return str(context.divide(Decimal(value.numerator), Decimal(value.denominator)))
