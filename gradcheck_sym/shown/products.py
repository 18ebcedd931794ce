"""Sums of products, as people collect them: like terms, and equal factors as powers.

What cancels is gone, so that may forget where something is not defined (0 · (1/z)).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isqrt, prod

from gradcheck_sym.shown.alike import key
from gradcheck_sym.shown.order import by_place, by_reading
from gradcheck_sym.term.terms import ONE, ZERO, Add, Apply, Mul, Num, Number, Pi, Term, add, mul

HALF = Fraction(1, 2)
Powers = dict[Hashable, tuple[Term, Number]]


@dataclass(frozen=True, slots=True)
class Product:
    """A number times powers of terms that are no products; an exponent may be a half of a number.

    The base of e^(2z) is e^z; that of √u is u.
    """

    coefficient: Number
    powers: Powers

    @property
    def term(self) -> Term:
        """The product as a term: its number, what is above the line, and what is below."""
        above = sorted(self._factors(1), key=by_place)
        below = [Apply("inv", x) for x in sorted(self._factors(-1), key=by_place)]
        number = [Num(self.coefficient)] if self.coefficient != 1 else []
        factors = [*number, *above, *below]
        return mul(*factors) if factors else ONE

    def _factors(self, sign: int) -> Iterable[Term]:
        for base, exponent in self.powers.values():
            match base:
                case Apply("exp", argument):
                    if sign > 0:
                        times = [scaled(x, exponent) for x in linear(argument)]
                        yield Apply("exp", total(times))
                case _ if exponent * sign > 0:
                    whole, half = divmod(exponent * sign, 1)
                    yield from [base] * whole
                    yield from [Apply("sqrt", base)] if half else ()

    def to_the(self, exponent: int) -> Product:
        """A power."""
        powers = {k: (base, e * exponent) for k, (base, e) in self.powers.items()}
        return Product(Fraction(self.coefficient) ** exponent, powers)


Linear = list[Product]


def number(value: Number) -> Linear:
    """A number as a sum of products."""
    return [Product(value, {})] if value else []


def factor(base: Term, exponent: Number = 1) -> Product:
    """A power of what is no product."""
    return Product(1, {key(base): (base, exponent)})


def scaled(product: Product, by: Number) -> Product:
    """A number times the product."""
    return Product(product.coefficient * by, product.powers)


def linear(term: Term) -> Linear:
    """A term that is tidy, as a sum of products."""
    terms = term.terms if isinstance(term, Add) else (term,)
    return [product for product in map(product_of, terms) if product.coefficient]


def product_of(term: Term) -> Product:
    """A term that is tidy and no sum, as a product."""
    factors = term.factors if isinstance(term, Mul) else (term,)
    return joined([_power(factor) for factor in factors])


def _power(part: Term) -> Product:
    match part:
        case Num(value):
            return Product(value, {})
        case Apply("inv", argument) if argument is not ZERO:
            return product_of(argument).to_the(-1)
        case Apply("sqrt", argument):
            return factor(argument, HALF)
        case Apply("exp", argument):
            return exponential(linear(argument))
    return factor(part)


def joined(parts: Iterable[Product]) -> Product:
    """The product of products, with all exponents as they add up; a sum stays a factor."""
    powers: Powers = {}
    parts = list(parts)
    for part in parts:
        for name, (base, exponent) in part.powers.items():
            before = powers[name][1] if name in powers else 0
            powers[name] = base, before + exponent
    there = {name: power for name, power in powers.items() if power[1]}
    return Product(prod(part.coefficient for part in parts), there)


def total(parts: Linear) -> Term:
    """A sum of products as a term, in reading order."""
    terms = sorted((part.term for part in parts), key=by_reading)
    return add(*terms) if terms else ZERO


def added(parts: Iterable[Linear]) -> Linear:
    """The sum, like terms collected."""
    found: dict[Hashable, Product] = {}
    for product in (product for part in parts for product in part):
        same = frozenset((name, e) for name, (_, e) in product.powers.items())
        before = found.get(same)
        size = before.coefficient + product.coefficient if before else product.coefficient
        found[same] = Product(size, product.powers)
    return [product for product in found.values() if product.coefficient]


def multiplied(parts: Sequence[Linear]) -> Linear:
    """The product; a sum in it stays a factor, unless all else is a number."""
    if not all(parts):
        return []
    return _settled(joined(p[0] if len(p) == 1 else factor(total(p)) for p in parts))


def _settled(product: Product) -> Linear:
    """The product without powers that are products themselves, as those under a root are."""
    for name, (base, exponent) in product.powers.items():
        rest = replace(product, powers={k: p for k, p in product.powers.items() if k != name})
        whole, half = divmod(exponent, 1)
        match base:
            case Num(value) if value > 0 and whole:
                left = factor(base, half) if half else Product(1, {})
                return _settled(joined([rest, left, Product(Fraction(value) ** whole, {})]))
            case Mul() if not half:
                return _settled(joined([rest, product_of(base).to_the(int(exponent))]))
            case Add() if exponent == 1 and not rest.powers:
                return [scaled(term, product.coefficient) for term in linear(base)]
    return [product]


def inverse(part: Linear) -> Linear:
    """One over a sum of products."""
    if len(part) == 1:
        return _settled(part[0].to_the(-1))
    return [factor(total(part), -1)]


def exponential(argument: Linear) -> Product:
    """The exponential of a sum of products."""
    match argument:
        case []:
            return Product(1, {})
        case [Product(coefficient, powers)]:
            base = Product(1, powers).term
            return factor(Apply("exp", base), coefficient)
    return factor(Apply("exp", total(argument)))


def root(part: Linear) -> Linear:
    """The square root; squares of numbers, exponentials and π come out of it."""
    if len(part) != 1:
        return [factor(total(part), HALF)] if part else []
    (product,) = part
    size = abs(Fraction(product.coefficient))
    square, free = _square(size.numerator * size.denominator)
    outside = [Product(Fraction(square, size.denominator), {})]
    outside += [factor(Num(free), HALF)] if free > 1 else []
    inside: Powers = {}
    for name, (base, exponent) in product.powers.items():
        of_halves = isinstance(base, Pi) and exponent == int(exponent)
        if of_halves or (isinstance(base, Apply) and base.function == "exp"):
            outside.append(factor(base, Fraction(exponent, 2)))
        else:
            inside[name] = base, exponent
    sign = 1 if product.coefficient > 0 else -1
    match list(inside.values()):
        case [(base, exponent)] if sign > 0 and abs(exponent) == 1:
            outside.append(factor(base, Fraction(exponent, 2)))
        case [_, *_] | [] if inside or sign < 0:
            outside.append(factor(Product(sign, inside).term, HALF))
    return _settled(joined(outside))


def _square(value: int) -> tuple[int, int]:
    """The largest known square in a number: value = square² · free."""
    if isqrt(value) ** 2 == value:
        return isqrt(value), 1
    square = next((k for k in range(min(isqrt(value), 1000), 1, -1) if value % k**2 == 0), 1)
    return square, value // square**2
