"""Numbers that are known: an exact rational, or an interval that holds a real number.

Rational arithmetic stays exact; roots, exponentials, logarithms, sines and erf give closed
intervals with decimal ends, rounded outward. `decimal` rounds sums, products and quotients as it
is told, and exp, ln and sqrt to the nearest number of the precision: the next one on either side
bounds what is meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from fractions import Fraction
from functools import cached_property, reduce
from math import isqrt
from typing import NamedTuple, TypeAlias

from gradcheck_sym.term.terms import Number
from gradcheck_sym.values.circular import DIGITS_OF_PI, Circle

MOST_BITS = 600  # of a rational that is kept exact


class Undefined(ArithmeticError):
    """A function is not sure to be meant at what it is given."""


class Interval(NamedTuple):
    """A real number that lies between two decimals, both included."""

    low: Decimal
    high: Decimal


Value: TypeAlias = Number | Interval


def ends(value: Value) -> tuple[Number | Decimal, Number | Decimal]:
    """The two ends, which are one if the value is exact.

    >>> ends(Fraction(1, 3))
    (Fraction(1, 3), Fraction(1, 3))
    """
    return value if isinstance(value, Interval) else (value, value)


def is_positive(value: Value) -> bool | None:
    """Whether it is > 0, or None where the interval does not tell."""
    low, high = ends(value)
    return True if low > 0 else False if high <= 0 else None


def apart(left: Value, right: Value) -> bool:
    """Whether two values surely differ."""
    (low, high), (other_low, other_high) = ends(left), ends(right)
    return high < other_low or other_high < low


class Arithmetic:
    """Sums, products and functions of values, with so many digits in an interval's ends.

    >>> Arithmetic(6).function("exp", 1)
    Interval(low=Decimal('2.71827'), high=Decimal('2.71829'))
    """

    def __init__(self, precision: int) -> None:
        traps = [InvalidOperation, DivisionByZero, Overflow]
        self.precision = precision
        self._down, self._up, self._near = (
            Context(prec=precision, rounding=rounding, traps=traps)
            for rounding in (ROUND_FLOOR, ROUND_CEILING, ROUND_HALF_EVEN)
        )
        pi, last = Decimal(DIGITS_OF_PI), Decimal(f"1e-{len(DIGITS_OF_PI) - 2}")
        self.pi = Interval(self._down.plus(pi), self._up.add(pi, last))

    def interval(self, value: Value) -> Interval:
        """An interval that holds the value."""
        if isinstance(value, Interval):
            return value
        above, below = Decimal(value.numerator), Decimal(value.denominator)
        return Interval(self._down.divide(above, below), self._up.divide(above, below))

    def add(self, left: Value, right: Value) -> Value:
        """The sum of two values."""
        if isinstance(left, Interval) or isinstance(right, Interval):
            (low, high), (other_low, other_high) = self.interval(left), self.interval(right)
            return Interval(self._down.add(low, other_low), self._up.add(high, other_high))
        return self._bounded(left + right)

    def mul(self, left: Value, right: Value) -> Value:
        """The product of two values."""
        if left == 0 or right == 0:
            return 0
        if isinstance(left, Interval) or isinstance(right, Interval):
            one, other = self.interval(left), self.interval(right)
            pairs = [(a, b) for a in one for b in other]
            if one.low >= 0 and other.low >= 0:
                pairs = [pairs[0], pairs[3]]
            low = min(self._down.multiply(a, b) for a, b in pairs)
            return Interval(low, max(self._up.multiply(a, b) for a, b in pairs))
        return self._bounded(left * right)

    def sum(self, values: Iterable[Value]) -> Value:
        """The sum of values, 0 if there are none."""
        start: Value = 0
        return reduce(self.add, values, start)

    def hull(self, left: Value, right: Value) -> Value:
        """What holds either value."""
        one, other = self.interval(left), self.interval(right)
        return Interval(min(one.low, other.low), max(one.high, other.high))

    def function(self, name: str, u: Value) -> Value:
        """A function of a value. Raises `Undefined`, or `decimal.Overflow` for a huge e^u."""
        low, high = ends(u)
        match name:
            case "inv" if low <= 0 <= high:
                raise Undefined("1/u, where u may be 0")
            case "log" if low <= 0:
                raise Undefined("ln u, where u may not be positive")
            case "sqrt" if low < 0:
                raise Undefined("√u, where u may be negative")
            case "inv" if not isinstance(u, Interval):
                return self._bounded(1 / Fraction(u))
            case "inv":
                one, (a, b) = Decimal(1), self.interval(u)
                return Interval(self._down.divide(one, b), self._up.divide(one, a))
            case "log" if u == 1:
                return 0
            case "exp" | "cos" if u == 0:
                return 1
            case "erf" | "sin" if u == 0:
                return 0
            case "sqrt" if not isinstance(u, Interval) and (root := _exact_root(u)) is not None:
                return root
            case "exp" | "log" | "sqrt" | "erf":
                below, above = self.interval(u)
                return Interval(self._at(name, below).low, self._at(name, above).high)
            case "sin" | "cos":
                least, most = u if isinstance(u, Interval) else self._circle.enclosed(u)
                below, above = self._circle.sine(least, most, turns=int(name == "cos"))
                return Interval(self._down.plus(below), self._up.plus(above))
        raise LookupError(f"no function {name}")

    @cached_property
    def _circle(self) -> Circle:
        return Circle(self.precision)

    def _at(self, name: str, u: Decimal) -> Interval:
        """A function that rises, at a decimal."""
        match name:
            case "erf":
                return self._erf(u) if u >= 0 else _negative(self._erf(u.copy_negate()))
            case "exp":
                nearest = self._near.exp(u)
            case "log":
                nearest = self._near.ln(u)
            case _:
                nearest = self._near.sqrt(u)
        low, high = self._near.next_minus(nearest), self._near.next_plus(nearest)
        return Interval(low if name == "log" else max(low, Decimal(0)), high)

    def _erf(self, x: Decimal) -> Interval:
        """At x ≥ 0 erf is 2/√π e^{−x²} Σ_n 2ⁿ x^{2n+1} / (2n+1)!!, all of whose terms are ≥ 0.

        Beyond what the precision tells from 1 it is 1 − e^{−x²} ≤ erf x ≤ 1.
        Source: NIST DLMF 7.6.2 and 7.8.
        """
        point = Interval(x, x)
        square = self.interval(self.mul(point, point))
        bell = self.function("exp", self.mul(-1, square))
        if square.low > 3 * self.precision:
            return Interval(self.interval(self.add(1, self.mul(-1, bell))).low, Decimal(1))
        total = term = self.interval(point)
        n, small = 0, Decimal(f"1e-{self.precision}")
        # each term is 2x²/(2n+3) times the one before: from ½ on, the rest is at most the last one
        while self._up.multiply(4, square.high) > 2 * n + 3 or term.high > self._up.multiply(
            total.low, small
        ):
            n += 1
            ratio = self.mul(Fraction(2, 2 * n + 1), square)
            term = self.interval(self.mul(term, ratio))
            total = self.interval(self.add(total, term))
        total = Interval(total.low, self._up.add(total.high, term.high))
        root = self.function("sqrt", self.pi)
        scaled = self.mul(self.mul(2, self.function("inv", root)), self.mul(bell, total))
        low, high = self.interval(scaled)
        return Interval(low, min(high, Decimal(1)))

    def _bounded(self, value: Number) -> Value:
        """The rational, or an interval if it has become too long."""
        bits = value.numerator.bit_length() + value.denominator.bit_length()
        return value if bits <= MOST_BITS else self.interval(value)


def _negative(value: Interval) -> Interval:
    # unlike the minus sign, copy_negate does not round
    return Interval(value.high.copy_negate(), value.low.copy_negate())


def _exact_root(value: Number) -> Fraction | None:
    above, below = isqrt(value.numerator), isqrt(value.denominator)
    exact = above**2 == value.numerator and below**2 == value.denominator
    return Fraction(above, below) if exact else None
