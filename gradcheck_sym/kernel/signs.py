"""Which polynomials are never zero: those whose terms all have one sign, if one is not zero.

An exponential and a size are positive; so is 1 + e, and with it the sigmoid 1/(1 + e) and
one minus it. A square, a delta and [u > 0] are not negative. Names count through their
definitions.
"""

from __future__ import annotations

from gradcheck_sym.kernel.polynomial import IDEMPOTENT, Factor, Poly
from gradcheck_sym.kernel.quotient import numerator


def sign(poly: Poly, sizes: frozenset[str]) -> int:
    """1 or -1 if the polynomial has that sign wherever it is defined; 0 if that is unknown.

    `sizes` names the positive integers.
    """
    denominators = {atom for monomial in poly for atom, e in monomial if e < 0}
    if not all(_positive((atom, 1), sizes) for atom in denominators):
        return 0
    signs, positive = set(), False
    for monomial, coefficient in numerator(poly).items():
        above = [factor for factor in monomial if not _positive(factor, sizes)]
        known = all(map(_not_negative, above))
        signs.add((1 if coefficient > 0 else -1) if known else 0)
        positive |= not above
    return signs.pop() if len(signs) == 1 and positive else 0


def _positive(factor: Factor, sizes: frozenset[str]) -> bool:
    atom, _ = factor
    match atom[0]:
        case "exp" | "sum" | "pi":
            return True
        case "poly" | "sqrt":
            return sign(dict(atom[1]), sizes) == 1
    return len(atom) == 1 and atom[0] in sizes


def _not_negative(factor: Factor) -> bool:
    atom, exponent = factor
    return atom[0] in IDEMPOTENT or exponent % 2 == 0
