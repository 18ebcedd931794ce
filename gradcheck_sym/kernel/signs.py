"""Which polynomials are never zero: those whose terms all have one sign, if one is not zero.

An exponential and a size are positive; so is 1 + e, and with it the sigmoid 1/(1 + e) and
one minus it. A square, a delta and [u > 0] are not negative. Names count through their
definitions.
"""

from __future__ import annotations

from collections.abc import Iterable

from gradcheck_sym.kernel.kinks import instance_of
from gradcheck_sym.kernel.notes import Cases
from gradcheck_sym.kernel.polynomial import (
    IDEMPOTENT,
    Atom,
    Factor,
    Frozen,
    Monomial,
    Poly,
    accumulate,
    freeze,
    product_of,
)
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


def in_cases(poly: Poly, cases: Cases, kinks: Iterable[Frozen]) -> Poly:
    """A polynomial that has every sign that this one may have in these cases.

    A case that says of a generator alone that it is positive makes an exponential of it, and one
    that says that it is not negative a square; `kinks` are not zero.
    """
    values: dict[Atom, tuple[int, Atom, int]] = {}
    for kind, of, truth in cases:
        match of:
            case ((((atom, 1),), c),) if kind != "zero":
                rises = ((c > 0) == (kind == "positive")) == truth
                new = ("case", *atom)
                strict = truth or any(instance_of(of, kink) for kink in kinks)
                values[atom] = 1 if rises else -1, _exp(new) if strict else new, 2 - strict
    return _replaced(poly, values) if values else poly


def with_margin(poly: Poly) -> Poly:
    """The polynomial plus something positive: this is positive if no term of it is negative."""
    total = dict(poly)
    accumulate(total, ((_exp(("case",)), 1),), 1)
    return total


def _exp(atom: Atom) -> Atom:
    return "exp", ((((atom, 1),), 1),)


def _replaced(poly: Poly, values: dict[Atom, tuple[int, Atom, int]]) -> Poly:
    total: Poly = {}
    for monomial, coefficient in poly.items():
        factors: Monomial = ()
        flips = 1
        for atom, exponent in monomial:
            if atom in values:
                flip, new, times = values[atom]
                flips *= flip ** (int(exponent) % 2)
                factors = (*factors, (new, times * exponent))
            else:
                parts = (
                    freeze(_replaced(dict(part), values)) if isinstance(part, tuple) else part
                    for part in atom[1:]
                )
                factors = (*factors, ((atom[0], *parts), exponent))
        accumulate(total, product_of(factors), flips * coefficient)
    return total
