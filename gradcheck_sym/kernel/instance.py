"""Numbers for the names of indices and sizes: one entry's normal form from the general one.

Nearly every term of a gradient is Σ_i of a product of entries of different arrays. Its
instance is formed by `zip` over columns of entries, at about the cost of the tuples.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from gradcheck_sym.kernel.polynomial import (
    Atom,
    Factor,
    Frozen,
    Monomial,
    Numbers,
    Poly,
    Rational,
    TooLarge,
    accumulate,
    binders,
    constant,
    freeze,
    generator,
    nested,
    scale,
    weight,
)

if TYPE_CHECKING:
    from gradcheck_sym.kernel.normal_form import NormalForms

MOST_WEIGHT = 2_000  # factors of general normal forms, those inside functions with them
MOST_VALUES = 20_000_000  # of the indices of one term, together
MOST_REMEMBERED = 1_000_000  # factors kept in columns


class Instances:
    """The instances of general normal forms that belong together, as two sides do."""

    def __init__(self, forms: NormalForms, *general: Poly) -> None:
        self._forms = forms
        self._general = [[(m, self._plain(m), c) for m, c in poly.items()] for poly in general]
        self._weight = sum(map(weight, general))
        self._columns: dict[tuple[object, ...], list[Factor]] = {}
        self._remembered = 0

    @property
    def are_plain(self) -> bool:
        """Whether every term is a sum of products of entries, and nothing inside them."""
        return all(plain for terms in self._general for _, plain, _ in terms)

    def at(self, numbers: Numbers) -> list[Poly]:
        """Their normal forms with these numbers for the names of indices and sizes.

        Raises `TooLarge` where that would take minutes.
        """
        if self._weight > MOST_WEIGHT and not self.are_plain:
            raise TooLarge("the normal form is too large to be taken apart entry by entry")
        self._forms.start()
        return [self._instance(terms, numbers) for terms in self._general]

    def _instance(self, terms: list[tuple[Monomial, Monomial, Rational]], numbers: Numbers) -> Poly:
        total: Poly = {}
        for monomial, plain, coefficient in terms:
            grid = {name: numbers.get(size, size) for _, name, size in binders(monomial)}
            if plain and all(isinstance(size, int) for size in grid.values()):
                columns = [self._column(factor, grid, numbers) for factor in plain]
                for term in zip(*columns, strict=True):
                    accumulate(total, term, coefficient)
            else:
                for term, c in self._substituted(monomial, numbers).items():
                    accumulate(total, term, coefficient * c)
        return total

    def _plain(self, monomial: Monomial) -> Monomial:
        """The factors under the binders, if they are entries of different arrays; else nothing."""
        factors = tuple(factor for factor in monomial if factor[0][0] != "sum")
        names = {atom[0] for atom, _ in factors}
        entries = all(
            len(atom) > 1 and not nested(atom) and self._forms.is_generator(atom[0])
            for atom, _ in factors
        )
        return factors if entries and len(names) == len(factors) else ()

    def _column(self, factor: Factor, grid: Numbers, numbers: Numbers) -> list[Factor]:
        """The factor's entries over all values of the bound indices."""
        (name, *indices), exponent = factor
        places: list[Any] = [numbers.get(index, index) for index in indices]
        key = (name, *places, exponent, *grid.items())
        if key not in self._columns:
            if self._remembered > MOST_REMEMBERED:
                self._columns.clear()
                self._remembered = 0
            self._columns[key] = [
                ((name, *[values.get(place, place) for place in places]), exponent)
                for values in _values(grid)
            ]
            self._remembered += len(self._columns[key])
        return self._columns[key]

    def _substituted(self, monomial: Monomial, numbers: Numbers) -> Poly:
        """Any term, through the algebra: sums with numeric bounds are written out."""
        forms = self._forms
        grid = {name: numbers.get(size, size) for _, name, size in binders(monomial)}
        renamed = {n: forms.fresh(size) for n, size in grid.items() if isinstance(size, str)}
        written_out = {n: size for n, size in grid.items() if isinstance(size, int)}
        total: Poly = {}
        for values in _values(written_out):
            body = constant(1)
            for atom, exponent in monomial:
                if atom[0] != "sum":
                    body = forms.product(
                        body,
                        self._atom(atom, exponent, {**numbers, **values, **renamed}),
                    )
            for name, new in renamed.items():
                body = forms.total(body, new, grid[name])
            for term, coefficient in body.items():
                accumulate(total, term, coefficient)
        return total

    def _atom(self, atom: Atom, exponent: Rational, numbers: Numbers) -> Poly:
        name, *parts = atom
        match name:
            case "delta":
                return self._forms.delta(*(numbers.get(part, part) for part in parts))
            case "exp":
                return self._forms.exp(scale(self._poly(parts[0], numbers), exponent))
            case "poly":
                return self._forms.power(self._poly(parts[0], numbers), int(exponent))
            case "sqrt":
                return self._forms.root(self._poly(parts[0], numbers), int(exponent))
            case "log":
                return self._forms.power(
                    self._forms.log(self._poly(parts[0], numbers)), int(exponent)
                )
            case "positive":
                return self._forms.positive(self._poly(parts[0], numbers))
            case "negative":
                return self._forms.positive(scale(self._poly(parts[0], numbers), -1))
        if not parts:
            size = numbers.get(name, name)
            return (
                constant(Fraction(size) ** int(exponent))
                if isinstance(size, int)
                else generator(atom, exponent)
            )
        if nested(atom):
            parts = [freeze(self._poly(part, numbers)) for part in parts]
        else:
            places = tuple(numbers.get(part, part) for part in parts)
            return self._forms.power(self._forms.entry(name, places), int(exponent))
        return generator((name, *parts), exponent)

    def _poly(self, frozen: Frozen, numbers: Numbers) -> Poly:
        total: Poly = {}
        for monomial, coefficient in frozen:
            for term, c in self._substituted(monomial, numbers).items():
                accumulate(total, term, coefficient * c)
        return total


def _values(grid: Numbers) -> Iterable[dict[str, int]]:
    """Every assignment of the indices in `grid`, each from 1 to its size; raises `TooLarge`."""
    if prod(int(size) for size in grid.values()) > MOST_VALUES:
        raise TooLarge("a sum is too long to be written out")
    ranges = (range(1, int(size) + 1) for size in grid.values())
    return (dict(zip(grid, values, strict=True)) for values in product(*ranges))
