"""Roots and logarithms of numbers, and roots of polynomials that are squares."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from sympy import factorint

from gradcheck_sym.kernel.polynomial import (
    Poly,
    accumulate,
    add,
    binders,
    constant,
    exact,
    freeze,
    generator,
    product_of,
    times,
)
from gradcheck_sym.kernel.rules import leading

MOST_FACTORED = 10**12
MOST_SQUARED = 60  # terms of a polynomial whose root is looked for


def root_of_number(number: Fraction) -> Poly:
    """√(a/b) = √(ab)/b, with a generator √p for each prime p."""
    coefficient, primes = Fraction(1, number.denominator), []
    for prime, exponent in _primes(number.numerator * number.denominator):
        coefficient *= prime ** (exponent // 2)
        if exponent % 2:
            primes.append((("sqrt", freeze(constant(prime))), 1))
    return {product_of(primes): exact(coefficient)}


def log_of_number(number: Fraction) -> Poly:
    """ln(a/b), with a generator ln p for each prime p."""
    total: Poly = {}
    for value, sign in ((number.numerator, 1), (number.denominator, -1)):
        for prime, exponent in _primes(value):
            if prime > 1:
                total = add(total, generator(("log", freeze(constant(prime)))), sign * exponent)
    return total


def _primes(value: int) -> list[tuple[int, int]]:
    """The prime factors with their exponents; a large number counts as one factor."""
    return list(factorint(value).items()) if value < MOST_FACTORED else [(value, 1)]


def square_root(poly: Poly) -> Poly:
    """The q with q² = poly, term by term from the leading one; empty if there is none."""
    if not 0 < len(poly) <= MOST_SQUARED or any(binders(monomial) for monomial in poly):
        return {}
    lead = leading(poly)
    first = _rational_root(Fraction(poly[lead]))
    if not first or any(e % 2 for _, e in lead):
        return {}
    top = product_of((a, e // 2) for a, e in lead)
    root: Poly = {top: first}
    rest = add(poly, {lead: poly[lead]}, -1)
    for _ in range(len(poly)):
        if not rest:
            return root
        monomial = leading(rest)
        term = product_of((*monomial, *((a, -e) for a, e in top)))
        coefficient = Fraction(rest[monomial]) / (2 * first)
        for other, c in [*root.items(), *root.items(), (term, coefficient)]:
            accumulate(rest, times(term, other), -coefficient * c)
        accumulate(root, term, coefficient)
    return {} if rest else root


def _rational_root(value: Fraction) -> Fraction | None:
    if value <= 0:
        return None
    above, below = isqrt(value.numerator), isqrt(value.denominator)
    exact = above**2 == value.numerator and below**2 == value.denominator
    return Fraction(above, below) if exact else None
