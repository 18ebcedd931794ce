"""The rules that take a monomial apart: each gives an equal sum of simpler monomials.

- D^k, k > 0, is multiplied out; D⁻¹ goes where the numerator or a generator below allows it.
- √F to the power 2 is F, and 1/√F is √F/F.
- [u > 0][u < 0] = 0, and u [u < 0] = u − u [u > 0].
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache

from gradcheck_sym.kernel.polynomial import (
    ONE,
    Atom,
    Frozen,
    Monomial,
    Poly,
    Rational,
    binders,
    mentions,
    order,
    product_of,
    times,
)

Terms = list[tuple[Monomial, Rational]]
REWRITTEN = frozenset({"poly", "sqrt", "negative"})


def rewritten(atom: Atom, exponent: Rational, monomial: Monomial) -> Terms | None:
    """The monomial as a sum of simpler ones, by a rule for this factor; None if none applies."""
    match atom[0]:
        case "poly":
            return _quotient(atom, exponent, monomial)
        case "sqrt":
            return _root(atom, exponent, monomial)
    return _excluded(atom, monomial)


def _quotient(atom: Atom, exponent: Rational, monomial: Monomial) -> Terms | None:
    """The monomial as a sum of simpler ones, by one use of D = pivot + rest.

    D^k = D^(k-1)·D expands a positive power. Else D⁻¹ = (1 − rest·D⁻¹)/pivot, where the
    pivot is D's leading monomial if that divides the numerator, or D's constant if a
    generator that all other terms hold stands in the denominator too.
    """
    raised = product_of((*monomial, (atom, -1 if exponent > 0 else 1)))
    if exponent > 0:
        return [(times(raised, m), c) for m, c in atom[1]]
    for pivot, coefficient, rest in _pivots(atom[1], monomial):
        by_pivot = tuple((a, -e) for a, e in pivot)
        terms: Terms = [(product_of((*raised, *by_pivot)), 1 / coefficient)]
        kept = product_of((*monomial, *by_pivot))
        return terms + [(product_of((*kept, *m)), -c / coefficient) for m, c in rest]
    return None


def _pivots(denominator: Frozen, monomial: Monomial) -> Iterator[tuple[Monomial, Fraction, Terms]]:
    lead, shared = _shape(denominator)
    exponents = dict(monomial)
    for pivot in [
        *([lead] if lead and all(exponents.get(a, 0) >= e for a, e in lead) else []),
        *([ONE] if any(exponents.get(a, 0) < 0 for a in shared) else []),
    ]:
        rest = [(m, c) for m, c in denominator if m != pivot]
        yield pivot, Fraction(dict(denominator)[pivot]), rest


@cache
def _shape(denominator: Frozen) -> tuple[Monomial, frozenset[Atom]]:
    """The leading monomial of D, and the generators that all its terms but a constant hold.

    Both are empty where D holds a sum with a symbolic bound: no rule applies then.
    """
    if any(binders(monomial) for monomial, _ in denominator):
        return ONE, frozenset()
    others = [frozenset(atom for atom, _ in m) for m, _ in denominator if m]
    constant_term = len(others) < len(denominator)
    shared = frozenset.intersection(*others) if constant_term else frozenset()
    return leading(dict(denominator)), shared


def _root(atom: Atom, exponent: Rational, monomial: Monomial) -> Terms | None:
    if exponent in (0, 1):
        return None
    if exponent > 1:
        lowered = product_of((*monomial, (atom, -2)))
        return [(times(lowered, m), c) for m, c in atom[1]]
    raised = product_of((*monomial, (atom, 2)))
    if len(atom[1]) == 1 and not binders(atom[1][0][0]):
        ((inner, coefficient),) = atom[1]
        below = product_of((*raised, *((a, -e) for a, e in inner)))
        return [(below, 1 / Fraction(coefficient))]
    lead = Fraction(dict(atom[1])[leading(dict(atom[1]))])
    monic = tuple((m, c / lead) for m, c in atom[1])
    return [(product_of((*raised, (("poly", monic), -1))), 1 / lead)]


def _excluded(atom: Atom, monomial: Monomial) -> Terms | None:
    opposite = ("positive", atom[1])
    exponents = dict(monomial)
    if opposite in exponents:
        return []
    if any(binders(m) or any(e < 0 for _, e in m) for m, _ in atom[1]):
        return None
    lead = leading(dict(atom[1]))
    if not lead or any(exponents.get(a, 0) < e for a, e in lead):
        return None
    quotient = product_of((*monomial, *((a, -e) for a, e in lead), (atom, -1)))
    scaled = 1 / Fraction(dict(atom[1])[lead])
    terms: Terms = []
    for m, c in atom[1]:
        value = c * scaled
        terms.append((times(quotient, m), value))
        terms.append((times(quotient, product_of((*m, (opposite, 1)))), -value))
        if m != lead:
            terms.append((times(quotient, product_of((*m, (atom, 1)))), -value))
    return terms


def content_of(poly: Poly) -> Monomial:
    """The largest monomial that divides every term; what cannot be inverted is left out."""
    first, *others = ({a: e for a, e in m if a[0] not in ("sum", "delta")} for m in poly)
    bound = {binder[1] for m in poly for binder in binders(m)}
    atoms = dict.fromkeys(atom for exponents in (first, *others) for atom in exponents)
    least = ((a, min(e.get(a, 0) for e in (first, *others))) for a in atoms)
    return product_of((a, e) for a, e in least if not any(mentions(((a, 1),), b) for b in bound))


def leading(poly: Poly) -> Monomial:
    """The leading monomial: by degree, then lexicographically."""
    atoms = sorted({atom for monomial in poly for atom, _ in monomial}, key=order)

    def rank(monomial: Monomial) -> tuple[Rational, list[Rational]]:
        exponents = dict(monomial)
        return sum(exponents.values()), [exponents.get(atom, 0) for atom in atoms]

    return max(poly, key=rank)
