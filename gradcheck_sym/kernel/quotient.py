"""Over a common denominator: the test for zero that needs no further rule.

The normal form of a quotient is not unique when several denominators share generators,
1/((1+e)(1−e)) for one. A polynomial over a common denominator is: it vanishes where the
denominators do not if, and for independent generators only if, no monomial is left.
"""

from __future__ import annotations

from gradcheck_sym.kernel.polynomial import (
    Atom,
    Monomial,
    Poly,
    Rational,
    TooLarge,
    accumulate,
    binders,
    product_of,
    reindex,
    times,
)

MOST_PRODUCTS = 100_000  # what takes more is not a zero that we can show


def vanishes(poly: Poly) -> bool:
    """Whether the numerators under every kind of sum are zero; Σ 0 = 0."""
    groups: dict[tuple[str, ...], Poly] = {}
    for monomial, coefficient in poly.items():
        sizes, body = _without_binders(monomial)
        accumulate(groups.setdefault(sizes, {}), body, coefficient)
    return not any(map(numerator, groups.values()))


def numerator(poly: Poly) -> Poly:
    """The polynomial times the least common multiple of its denominators, expanded."""
    least: dict[Atom, Rational] = {}
    for monomial in poly:
        for atom, exponent in monomial:
            least[atom] = min(least.get(atom, 0), exponent)
    multiple = [(atom, -exponent) for atom, exponent in least.items()]
    total: Poly = {}
    budget = _Budget()
    for monomial, coefficient in poly.items():
        for term, factor in _expanded(product_of((*monomial, *multiple)), budget).items():
            accumulate(total, term, coefficient * factor)
    return total


class _Budget:
    """How many products of terms are still allowed."""

    def __init__(self) -> None:
        self._left = MOST_PRODUCTS

    def take(self, products: int) -> None:
        """Raise `TooLarge` when it is used up."""
        self._left -= products
        if self._left < 0:
            raise TooLarge("the numerator over a common denominator takes too many terms")


def _expanded(monomial: Monomial, budget: _Budget) -> Poly:
    """The monomial with every D^k multiplied out."""
    plain = product_of(factor for factor in monomial if factor[0][0] != "poly")
    total: Poly = {plain: 1}
    for atom, exponent in monomial:
        if atom[0] == "poly":
            for _ in range(int(exponent)):
                budget.take(len(total) * len(atom[1]))
                product: Poly = {}
                for left, c1 in total.items():
                    for right, c2 in atom[1]:
                        accumulate(product, times(left, right), c1 * c2)
                total = product
    return total


def _without_binders(monomial: Monomial) -> tuple[tuple[str, ...], Monomial]:
    """The sizes that a monomial is summed over, and the body with its indices free."""
    bound = binders(monomial)
    body = product_of(factor for factor in monomial if factor[0] not in bound)
    names = {name: f"~{k}" for k, (_, name, _) in enumerate(bound)}
    return tuple(str(size) for _, _, size in bound), reindex(body, names)
