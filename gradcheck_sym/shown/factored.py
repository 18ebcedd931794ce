"""What all terms of a sum share, taken in front of it: a·b − a·c is a·(b − c)."""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction

from gradcheck_sym.shown.products import Linear, Product, linear, scaled, total
from gradcheck_sym.term.terms import Add, Apply, Num, SizeOf, Term, mul, power
from gradcheck_sym.term.walks import rebuilt


def factored(term: Term) -> Term:
    """A tidy term with the common factors of each sum in front of it, inside of it too.

    >>> from gradcheck_sym.shown.tidy import tidied
    >>> a, b, c = (Entry(name) for name in "abc")
    >>> factored(tidied(a * b - a * c)).factors[0]
    Entry(name='a', indices=())
    """
    inside = rebuilt(term, factored)
    if not isinstance(inside, Add):
        return inside
    products = linear(inside)
    common = _shared(products)
    number = _number(products)
    if not common and number == 1:
        return inside
    left = total([scaled(_without(product, common), 1 / number) for product in products])
    front = [Num(number)] if number != 1 else []
    return mul(*front, *(power(*one) for one in common.values()), left)


def _shared(products: Linear) -> dict[Hashable, tuple[Term, int]]:
    """The factors that stand above the line in each of them, and the sizes below it, once."""
    first, *others = products
    found = {}
    for key, (base, exponent) in first.powers.items():
        sign = 1 if exponent > 0 else -1
        exponential = isinstance(base, Apply) and base.function == "exp"
        stays = isinstance(base, SizeOf) if sign < 0 else not exponential
        exponents = [other.powers.get(key, (base, 0))[1] for other in others]
        if stays and all(sign * e >= 1 for e in (exponent, *exponents)):
            found[key] = base, sign
    return found


def _number(products: Linear) -> Fraction:
    """The number that each of them has, but for its sign."""
    numbers = {abs(Fraction(product.coefficient)) for product in products}
    return numbers.pop() if len(numbers) == 1 else Fraction(1)


def _without(product: Product, common: dict[Hashable, tuple[Term, int]]) -> Product:
    powers = {
        key: (base, exponent - (common[key][1] if key in common else 0))
        for key, (base, exponent) in product.powers.items()
    }
    return Product(product.coefficient, {k: power for k, power in powers.items() if power[1]})
