"""Common factors, leading terms, and the one step of division by a sum."""

from __future__ import annotations

from fractions import Fraction

from gradcheck_sym.checker.polynomial import Monomial, Poly, scale
from gradcheck_sym.prover.workbench import Key, Opened, Workbench
from gradcheck_sym.term.terms import Num, Term, mul


def content(bench: Workbench, poly: Poly) -> dict[Key, int]:
    """The largest product of generators, inverses among them, that divides every term."""
    found = [bench.signed(bench.closed(monomial)) for monomial in poly]
    keys = dict.fromkeys(key for exponents in found for key in exponents)
    least = {key: min(exponents.get(key, 0) for exponents in found) for key in keys}
    return {key: e for key, e in least.items() if e and _divides(bench, key)}


def _divides(bench: Workbench, key: Key) -> bool:
    return key < 0 or bench.kind(key) not in ("delta", "positive")


def leading(bench: Workbench, poly: Poly) -> Monomial:
    """The leading monomial: by degree, then by its generators."""

    def rank(monomial: Monomial) -> tuple[int, list[tuple[int, int]]]:
        exponents = bench.signed(monomial[1])
        return sum(exponents.values()), sorted((-key, e) for key, e in exponents.items())

    return max(poly, key=rank)


def quotient(bench: Workbench, here: Opened, number: int) -> Term | None:
    """The factor of D · 1/D = 1 that takes D = pivot + rest out of a product with 1/D.

    The pivot is D's leading term if that divides the product, or D's constant if a generator
    that all other terms hold stands in the product's denominator.
    """
    divisor = bench.argument(number)
    if any(sizes for sizes, _ in divisor):
        return None
    terms = {monomial: bench.signed(monomial[1]) for monomial in divisor}
    lead = leading(bench, divisor)
    exponents = here.signed
    if terms[lead] and all(_times(exponents, key, e) for key, e in terms[lead].items()):
        return _without(bench, here, number, terms[lead], Fraction(divisor[lead]))
    constant = next((monomial for monomial, powers in terms.items() if not powers), None)
    if constant is None:
        return None
    others = [set(powers) for powers in terms.values() if powers]
    shared = set.intersection(*others) if others else set()
    if any(exponents.get(key, 0) < 0 for key in shared):
        return _without(bench, here, number, {}, Fraction(divisor[constant]))
    return None


def _times(exponents: dict[Key, int], key: Key, needed: int) -> bool:
    there = exponents.get(key, 0)
    return there >= needed if needed > 0 else there <= needed


def _without(
    bench: Workbench, here: Opened, number: int, pivot: dict[Key, int], coefficient: Fraction
) -> Term:
    """The product without 1/D and the pivot, over the pivot's coefficient."""
    left = dict(here.powers)
    left[number] -= 1
    for key, exponent in pivot.items():
        left[_atom_of(bench, here, key, exponent)] -= abs(exponent)
    return mul(Num(1 / coefficient), bench.product(left, here.depth))


def _atom_of(bench: Workbench, here: Opened, key: Key, sign: int) -> int:
    """The atom among the factors that is a power of a generator."""
    return next(
        n for n in here.powers if (found := bench.generator(n))[0] == key and found[1] * sign > 0
    )


def divided(bench: Workbench, poly: Poly, by: Poly) -> Poly | None:
    """The q with q · by = poly, term by term from the leading ones; None if there is none."""
    if any(sizes for sizes, _ in (*poly, *by)):
        return None
    lead = leading(bench, by)
    found: Poly = {}
    rest = dict(poly)
    for _ in range(len(poly) + len(by)):
        if not rest:
            return found
        monomial = leading(bench, rest)
        powers = dict(monomial[1])
        for number, exponent in lead[1]:
            powers[number] = powers.get(number, 0) - exponent
        if any(e < 0 for e in powers.values()):
            return None
        factors = tuple(sorted((n, e) for n, e in powers.items() if e))
        term: Poly = {((), factors): Fraction(rest[monomial]) / Fraction(by[lead])}
        found = bench.ring.add([found, term])
        rest = bench.ring.add([rest, scale(bench.ring.product(term, by), -1)])
    return None if rest else found
