"""Two values that differ, as decimals that show it: exact, or rounded outward until they part."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from gradcheck_sym.values.interval import Interval, Value, apart, ends
from gradcheck_sym.verdict import Bounds

SMALLEST, LARGEST = Decimal("1e-9"), Decimal("1e9")
LEAST_DIGITS, MOST_DIGITS = 6, 300


def is_visible(value: Value) -> bool:
    """Whether the value is 0 or of a size that a float shows among others."""
    low, high = ends(value)
    small = low > -SMALLEST and high < SMALLEST
    return low == high == 0 or (not small and low > -LARGEST and high < LARGEST)


def show_both(left: Value, right: Value) -> tuple[Bounds, Bounds]:
    """Decimal enclosures of two separate values, with as few digits as keep them apart.

    >>> show_both(1, Interval(Decimal("1.00000012"), Decimal("1.00000013")))[1].low
    '1.00000012'
    """
    digits = LEAST_DIGITS
    while digits < MOST_DIGITS and not apart(_rounded(left, digits), _rounded(right, digits)):
        digits *= 2
    return _shown(_rounded(left, digits)), _shown(_rounded(right, digits))


def _rounded(value: Value, digits: int) -> Value:
    if not isinstance(value, Interval):
        return value
    below, above = (Context(prec=digits, rounding=r) for r in (ROUND_FLOOR, ROUND_CEILING))
    return Interval(below.plus(value.low), above.plus(value.high))


def _shown(value: Value) -> Bounds:
    if isinstance(value, Interval):
        return Bounds(_decimal(value.low), _decimal(value.high))
    return Bounds(str(value), str(value))


def _decimal(value: Decimal) -> str:
    return str(value) if value else "0"  # not -0
