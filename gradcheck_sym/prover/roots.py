"""Prime factors of numbers, and the polynomial whose square another one is."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from gradcheck_sym.checker.polynomial import Poly, accumulate
from gradcheck_sym.prover.quotients import leading
from gradcheck_sym.prover.workbench import Workbench

MOST_FACTORED = 10**9
MOST_SQUARED = 60  # terms of a polynomial whose root is looked for


def primes(value: int) -> list[tuple[int, int]]:
    """The prime factors of a number ≥ 2 with their exponents; a large one counts as prime."""
    if value > MOST_FACTORED:
        return [(value, 1)]
    found: dict[int, int] = {}
    divisor = 2
    while divisor * divisor <= value:
        while value % divisor == 0:
            found[divisor] = found.get(divisor, 0) + 1
            value //= divisor
        divisor += 1
    if value > 1:
        found[value] = found.get(value, 0) + 1
    return list(found.items())


def square_root(bench: Workbench, poly: Poly) -> Poly:
    """The q with q² = poly, term by term from the leading one; empty if there is none."""
    if not 0 < len(poly) <= MOST_SQUARED or any(sizes for sizes, _ in poly):
        return {}
    lead = leading(bench, poly)
    first = _rational_root(Fraction(poly[lead]))
    if not first or any(e % 2 for _, e in lead[1]):
        return {}
    top = ((), tuple((n, e // 2) for n, e in lead[1]))
    root: Poly = {top: first}
    for _ in range(len(poly)):
        rest = bench.ring.add([poly, {m: -c for m, c in bench.ring.product(root, root).items()}])
        if not rest:
            return root
        monomial = leading(bench, rest)
        powers = dict(monomial[1])
        for number, exponent in top[1]:
            powers[number] = powers.get(number, 0) - exponent
        if any(e < 0 for e in powers.values()):
            return {}
        term = ((), tuple(sorted((n, e) for n, e in powers.items() if e)))
        accumulate(root, term, Fraction(rest[monomial]) / (2 * first))
    return {}


def _rational_root(value: Fraction) -> Fraction | None:
    if value <= 0:
        return None
    above, below = isqrt(value.numerator), isqrt(value.denominator)
    exact = above**2 == value.numerator and below**2 == value.denominator
    return Fraction(above, below) if exact else None
