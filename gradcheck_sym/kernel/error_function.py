"""erf in interval arithmetic, which mpmath's `iv` does not have.

Up to |x| = 8 by erf(x) = 2/√π Σ_k (−1)^k x^(2k+1)/(k! (2k+1)), in fixed point with every
rounding outward: once its terms fall, an alternating series ends within its next term. Beyond
that 1 − e^{−x²} < erf(x) < 1 for x > 0, and e^{−64} < 2^{−92}.
Source: Abramowitz and Stegun (1964), 7.1.5 and 7.1.13.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Any

FAR = 8
Bounds = tuple[Fraction, Fraction]


def erf(iv: Any, low: Fraction, high: Fraction) -> Any:
    """An interval of `iv` that holds erf on [low, high]; erf rises."""
    return iv.mpf([_at(iv, low).a, _at(iv, high).b])


def _at(iv: Any, x: Fraction) -> Any:
    if x < 0:
        return -_at(iv, -x)
    if x > FAR:
        return iv.mpf([(1 - iv.mpf(2) ** -92).a, 1])
    least, most = (iv.mpf(end.numerator) / end.denominator for end in _series(x, iv.prec))
    return iv.mpf([least.a, most.b]) * 2 / iv.sqrt(iv.pi)


def _series(x: Fraction, precision: int) -> Bounds:
    """Bounds of Σ_k (−1)^k x^(2k+1)/(k! (2k+1)), for 0 ≤ x ≤ FAR."""
    bits = precision + ceil(3 * x * x) + 32  # the largest term is below e^(x²)
    unit = 1 << bits
    low, high = floor(x * unit), ceil(x * unit)
    square_low, square_high = low * low >> bits, _up(high * high, unit)
    total_low, total_high, k = low, high, 0
    while True:
        k += 1
        low, high = (low * square_low >> bits) // k, _up(_up(high * square_high, unit), k)
        least, most = low // (2 * k + 1), _up(high, 2 * k + 1)
        if k > x * x and most >> (bits - precision) == 0:
            return Fraction(total_low - most, unit), Fraction(total_high + most, unit)
        if k % 2:
            least, most = -most, -least
        total_low, total_high = total_low + least, total_high + most


def _up(value: int, divisor: int) -> int:
    return -(-value // divisor)
