"""erf in interval arithmetic, which mpmath's `iv` does not have.

Up to |x| = 8 by erf(x) = 2/√π Σ_k (−1)^k x^(2k+1)/(k! (2k+1)): once its terms fall, an
alternating series ends within its next term. Beyond that 1 − e^{−x²} < erf(x) < 1 for x > 0.
Source: Abramowitz and Stegun (1964), 7.1.5 and 7.1.13.
"""

from __future__ import annotations

from typing import Any

FAR = 8


def erf(iv: Any, low: Any, high: Any) -> Any:
    """An interval that holds erf on [low, high]; erf rises."""
    return iv.mpf([_at(iv, low).a, _at(iv, high).b])


def _at(iv: Any, x: Any) -> Any:
    if x.b < 0:
        return -_at(iv, -x)
    if x.a > FAR:
        return iv.mpf([(1 - iv.exp(-x * x)).a, 1])
    square, term, total, k = x * x, x, x, 0
    while True:
        k += 1
        term = -term * square / k
        step = term / (2 * k + 1)
        falling = k > square.b
        if falling and abs(step).b < iv.mpf(2) ** -(iv.prec + 8):
            break
        total += step
    bound = abs(step).b
    return (total + iv.mpf([-bound, bound])) * 2 / iv.sqrt(iv.pi)
