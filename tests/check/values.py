"""What a term is worth at a point, by its definition: the total semantics, once more and slowly.

It shares nothing with the checker but the classes of terms. Rational values are exact, so that a
sum that is 0 is not taken for one that is positive; the others have `mpmath.mp.dps` digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import reduce
from itertools import product
from typing import Any

import mpmath

from gradcheck_sym.checker.polynomial import Poly
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Index,
    Letter,
    Mul,
    Num,
    Pi,
    Size,
    SizeOf,
    Sum,
    Term,
    Where,
)

Value = Any  # a Fraction or an mpf
TOTAL: dict[str, Callable[[Value], Value]] = {
    "inv": lambda u: 1 / u if u else u,
    "exp": lambda u: mpmath.exp(real(u)) if u else Fraction(1),
    "log": lambda u: mpmath.log(real(u)) if u > 0 and u != 1 else Fraction(0),
    "sqrt": lambda u: mpmath.sqrt(real(u)) if u > 0 else Fraction(0),
    "sin": lambda u: mpmath.sin(real(u)) if u else Fraction(0),
    "cos": lambda u: mpmath.cos(real(u)) if u else Fraction(1),
    "erf": lambda u: mpmath.erf(real(u)) if u else Fraction(0),
}


def real(value: Value) -> mpmath.mpf:
    """A value as a float of many digits."""
    if isinstance(value, Fraction):
        return mpmath.mpf(value.numerator) / value.denominator
    return value


def plus(left: Value, right: Value) -> Value:
    """The sum, exact for rationals."""
    exact = isinstance(left, Fraction) and isinstance(right, Fraction)
    return left + right if exact else real(left) + real(right)


def times(left: Value, right: Value) -> Value:
    """The product, exact for rationals."""
    if left == 0 or right == 0:
        return Fraction(0)
    exact = isinstance(left, Fraction) and isinstance(right, Fraction)
    return left * right if exact else real(left) * real(right)


def total(values: Iterable[Value]) -> Value:
    return reduce(plus, values, Fraction(0))


def close(left: Value, right: Value, digits: int = 25) -> bool:
    """Whether two values are equal as far as so many digits tell."""
    apart = abs(plus(left, times(Fraction(-1), right)))
    return real(apart) <= mpmath.mpf(10) ** -digits * (1 + abs(real(left)))


class Point:
    """A point: `entry(name, *indices)` gives numbers, `sizes` and `letters` those of indices."""

    def __init__(
        self,
        entry: Callable[..., Fraction | int] = lambda *_: 0,
        sizes: Mapping[str, int] | None = None,
        letters: Mapping[Letter, int] | None = None,
    ) -> None:
        self.entry, self.sizes, self.letters = entry, sizes or {}, letters or {}

    def at(self, letters: Mapping[Letter, int]) -> Point:
        """The same with these letters as well."""
        return Point(self.entry, self.sizes, {**self.letters, **letters})

    def size(self, size: Size) -> int:
        return self.sizes[size] if isinstance(size, str) else size

    def number(self, index: Index) -> int:
        return self.letters[index] if isinstance(index, Letter) else index

    def value(self, term: Term) -> Value:
        """The value of a term; every function is total."""
        match term:
            case Num(number):
                return Fraction(number)
            case Pi():
                return +mpmath.pi
            case SizeOf(name):
                return Fraction(self.sizes[name])
            case Entry(name, indices):
                found = self.entry(name, *map(self.number, indices))
                return Fraction(found) if isinstance(found, int) else found
            case Add(terms):
                return total(map(self.value, terms))
            case Mul(factors):
                return reduce(times, map(self.value, factors), Fraction(1))
            case Sum(index, body):
                every = range(1, self.size(index.size) + 1)
                return total(self.at({index: k}).value(body) for k in every)
            case Delta(left, right):
                return Fraction(self.number(left) == self.number(right))
            case Apply(function, argument):
                return TOTAL[function](self.value(argument))
            case Where(u, yes, no):
                return self.value(yes if self.value(u) > 0 else no)
        raise TypeError(term)

    def poly_value(self, ring: Ring, poly: Poly, bound: tuple[tuple[int, ...], ...] = ()) -> Value:
        """The value of a normal form; `bound` are the numbers of the sums around, inner first."""
        return total(self._monomials(ring, poly, bound))

    def _monomials(self, ring: Ring, poly: Poly, bound: Any) -> Iterator[Value]:
        for (sizes, factors), coefficient in poly.items():
            for numbers in product(*(range(1, self.size(size) + 1) for size in sizes)):
                value: Value = Fraction(coefficient)
                for atom, exponent in factors:
                    for _ in range(exponent):
                        value = times(value, self._atom(ring, atom, (numbers, *bound)))
                yield value

    def _atom(self, ring: Ring, atom: int, bound: Any) -> Value:
        def number(place: Any) -> int:
            return bound[place[0]][place[1]] if isinstance(place, tuple) else self.number(place)

        kind, *parts = ring.atoms[atom]
        match kind:
            case "entry":
                return self.value(Entry(parts[0], tuple(map(number, parts[1:]))))
            case "size":
                return Fraction(self.sizes[parts[0]])
            case "pi":
                return +mpmath.pi
            case "delta":
                return Fraction(number(parts[0]) == number(parts[1]))
        inside = self.poly_value(ring, dict(parts[0]), bound)
        return Fraction(inside > 0) if kind == "positive" else TOTAL[kind](inside)
