"""The sine of all numbers between two decimals, rounded outward; a cosine is a quarter turn on.

A number is n quarter turns and a rest r with |r| ≤ 1, so that its sine is ± sin r or ± cos r. The
terms of both series fall and alternate: what is left out is less than the last one taken. Between
the ends lies what lies between the values there, and 1 or −1 where a whole quarter is passed.
Source: NIST DLMF §4.19 for the series, §4.16 for the quarters.
"""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from math import ceil, floor
from typing import TypeAlias

from gradcheck_sym.term.terms import Number

DIGITS_OF_PI = (  # cut off, not rounded; a test computes them again
    "3.1415926535897932384626433832795028841971693993751058209749445923"
    "078164062862089986280348253421170679821480865132823066470938446095505822317253594081"
)
GUARD = 10  # digits beyond those of π, and beyond what is wanted
WHOLE = Decimal(-1), Decimal(1)

Ends: TypeAlias = tuple[Decimal, Decimal]


class Circle:
    """Sines with more digits than are wanted; the rest r has so many that it may be next to 0.

    >>> low, high = Circle(9).sine(Decimal(22), Decimal(22))
    >>> round(low, 12), round(high, 12)
    (Decimal('-0.008851309290'), Decimal('-0.008851309290'))
    """

    def __init__(self, precision: int) -> None:
        digits = GUARD + max(precision, len(DIGITS_OF_PI))
        traps = [InvalidOperation, DivisionByZero, Overflow]
        self._down, self._up = (
            Context(prec=digits, rounding=rounding, traps=traps)
            for rounding in (ROUND_FLOOR, ROUND_CEILING)
        )
        pi, last = Decimal(DIGITS_OF_PI), Decimal(f"1e-{len(DIGITS_OF_PI) - 2}")
        self._quarter = self._down.divide(pi, 2), self._up.divide(self._up.add(pi, last), 2)
        self._small = Decimal(f"1e-{precision + GUARD}")

    def enclosed(self, number: Number) -> Ends:
        """Two decimals around a rational."""
        above, below = Decimal(number.numerator), Decimal(number.denominator)
        return self._down.divide(above, below), self._up.divide(above, below)

    def sine(self, low: Decimal, high: Decimal, turns: int = 0) -> Ends:
        """What holds sin(u + turns · π/2) for each u from low to high."""
        first, last = self._turned(low)[0], self._turned(high)[1]
        if self._up.subtract(last, first) >= 4:  # also where π has too few digits for them
            return WHOLE
        passed = {(n + turns) % 4 for n in range(ceil(first), floor(last) + 1)}
        values = [self._at(u, turns) for u in {low, high}]
        least = Decimal(-1) if 3 in passed else min(value[0] for value in values)
        return least, Decimal(1) if 1 in passed else max(value[1] for value in values)

    def _turned(self, u: Decimal) -> Ends:
        """How many quarter turns a number is."""
        less, more = self._quarter if u < 0 else self._quarter[::-1]
        return self._down.divide(u, less), self._up.divide(u, more)

    def _at(self, u: Decimal, turns: int) -> Ends:
        n = round(self._turned(u)[0])
        less, more = self._quarter if n >= 0 else self._quarter[::-1]
        low = self._down.subtract(u, self._up.multiply(n, more))
        high = self._up.subtract(u, self._down.multiply(n, less))
        if max(high, low.copy_negate()) > 1:
            return WHOLE
        value = self._cosine(low, high) if (n + turns) % 2 else self._sine(low, high)
        if (n + turns) % 4 < 2:
            return value
        return value[1].copy_negate(), value[0].copy_negate()  # the minus sign would round

    def _sine(self, low: Decimal, high: Decimal) -> Ends:
        """Of r from low to high: r (1 − r²/3! + r⁴/5! − …), a product with what is positive."""
        least, most = self._series(low, high, 1)
        return (
            self._down.multiply(low, least if low >= 0 else most),
            self._up.multiply(high, most if high >= 0 else least),
        )

    def _cosine(self, low: Decimal, high: Decimal) -> Ends:
        """Of r from low to high: 1 − r²/2! + r⁴/4! − …."""
        return self._series(low, high, 0)

    def _series(self, low: Decimal, high: Decimal, first: int) -> Ends:
        """Σ_k (−r²)^k / (2k + first)!, at least 0 and at most 1 for |r| ≤ 1."""
        less, more = sorted((low.copy_abs(), high.copy_abs()))
        least = Decimal(0) if low <= 0 <= high else self._down.multiply(less, less)
        most = self._up.multiply(more, more)
        total = term = Decimal(1), Decimal(1)
        k = 0
        while term[1] > self._small:
            k += 1
            below = (2 * k + first - 1) * (2 * k + first)
            term = (
                self._down.divide(self._down.multiply(term[0], least), below),
                self._up.divide(self._up.multiply(term[1], most), below),
            )
            less, more = term if k % 2 == 0 else (term[1].copy_negate(), term[0].copy_negate())
            total = self._down.add(total[0], less), self._up.add(total[1], more)
        less, more = term[1].copy_negate(), term[1]
        return self._down.add(total[0], less), min(self._up.add(total[1], more), Decimal(1))
