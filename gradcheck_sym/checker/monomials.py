"""Monomials in normal form: products of numbered atoms under sums.

An atom is an entry, a size, π, a δ, an indicator [u > 0], or a function of a polynomial in normal
form, opaque but for numbers. What is used:

- the names of bound indices do not matter, nor does the order of sums and of factors;
- δ(i,j) f(i) = δ(i,j) f(j), Σ_i δ(i,j) f(i) = f(j) where j runs as i does, δ² = δ; h² = h for
  an indicator h.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import chain, permutations, product
from math import factorial, prod
from typing import Any

from gradcheck_sym.checker.polynomial import (
    ONE,
    Atom,
    Bound,
    Factors,
    Monomial,
    Place,
    Poly,
    TooLarge,
    accumulate,
    freeze,
    within,
)
from gradcheck_sym.term.terms import Letter, Number, Size

IDEMPOTENT = ("delta", "positive")
MOST_ORDERS = 720  # of equal binders that are tried for the canonical one,
FEW_ORDERS = 24  # and so many of them are not counted as work
MOST_WORK = 2_000_000  # products, and factors that are put in another order


class Monomials:
    """Atoms, numbered as they come, and the normal form of their products under sums."""

    def __init__(self) -> None:
        self.atoms: list[Atom] = []
        self._numbers: dict[Atom, int] = {}
        self._places: list[tuple[Place, ...]] = []
        self._ranks: dict[Letter, int] = {}
        self._work = 0

    def spend(self, work: int) -> None:
        """Count work. Raises `TooLarge` beyond what there is."""
        self._work += work
        if self._work > MOST_WORK:
            raise TooLarge("a normal form takes too many terms")

    def places(self, number: int) -> tuple[Place, ...]:
        """The indices that an atom speaks of, in the order in which they stand in it."""
        return self._places[number]

    def mentions(self, number: int, place: Place) -> bool:
        """Whether an atom speaks of an index."""
        return place in self._places[number]

    # Monomials ---------------------------------------------------------------------------

    def _collect(self, total: Poly, sizes: tuple[Size, ...], factors: Factors, c: Number) -> None:
        """Add a monomial whose factors may come in any order, with δ's that can be contracted."""
        if any(self.atoms[number][0] == "delta" for number, _ in factors):
            sizes, factors, scaled = self._contracted(sizes, factors)
            c *= scaled
        if c:
            accumulate(total, self._canonical(sizes, self._merged(factors)), c)

    def _merged(self, factors: Iterable[tuple[int, int]]) -> Factors:
        powers: dict[int, int] = {}
        for number, exponent in factors:
            powers[number] = powers.get(number, 0) + exponent
        once = (1 if self.atoms[n][0] in IDEMPOTENT else e for n, e in powers.items())
        return tuple(sorted(zip(powers, once, strict=True)))

    def _contracted(
        self, sizes: tuple[Size, ...], factors: Factors
    ) -> tuple[tuple[Size, ...], Factors, Number]:
        """Each δ(i,j) puts its first index for the second in the other factors, or is used up."""
        scaled: Number = 1
        used: set[int] = set()
        while pending := [f for f, _ in factors if self.atoms[f][0] == "delta" and f not in used]:
            number = pending[0]
            _, one, other = self.atoms[number]
            rest = tuple(factor for factor in factors if factor[0] != number)
            c: Number = 1
            if bound := self._bound_in_range(one, other, sizes):
                gone, kept = bound
                last: dict[Place, Place] = {
                    (0, k): (0, k - 1) for k in range(gone[1] + 1, len(sizes))
                }
                sizes = sizes[: gone[1]] + sizes[gone[1] + 1 :]
                c, rest = self._reindexed(rest, {gone: kept})
                again, factors = self._reindexed(rest, last)
                c, used = c * again, set()
            else:
                used.add(number)
                c, rest = self._reindexed(rest, {other: one})
                factors = (*rest, (number, 1))
            scaled *= c
            if not scaled:
                break
        return sizes, factors, scaled

    def _bound_in_range(
        self, one: Place, other: Place, sizes: tuple[Size, ...]
    ) -> tuple[Bound, Place] | None:
        """A bound index of δ and what it is to be, if that is sure to lie within its range."""
        for gone, kept in ((other, one), (one, other)):
            if isinstance(gone, tuple) and gone[0] == 0:
                size = sizes[gone[1]]
                if isinstance(kept, tuple):
                    fits = kept[0] == 0 and sizes[kept[1]] == size
                else:
                    fits = within(kept, size)
                if fits:
                    return gone, kept
        return None

    def _canonical(self, sizes: tuple[Size, ...], factors: Factors) -> Monomial:
        """The monomial with its binders in the order that makes equal sums look equal."""
        if not sizes:
            return sizes, factors
        signed = sorted((self._signature(k, sizes, factors), k) for k in range(len(sizes)))
        groups: dict[Any, list[int]] = {}
        for signature, k in signed:
            groups.setdefault(signature, []).append(k)
        orders = [tuple(k for _, k in signed)]
        if prod(factorial(len(group)) for group in groups.values()) <= MOST_ORDERS:
            every = product(*(permutations(group) for group in groups.values()))
            orders = [tuple(chain.from_iterable(order)) for order in every]
        if len(orders) > FEW_ORDERS:
            self.spend(len(orders) * len(factors))
        best: Factors | None = None
        for order in orders:
            names: dict[Place, Place] = {(0, k): (0, n) for n, k in enumerate(order) if n != k}
            _, renamed = self._reindexed(factors, names)
            renamed = self._merged(renamed)
            if best is None or renamed < best:
                best = renamed
        return tuple(sizes[k] for k in orders[0]), best or ()

    def _signature(self, k: int, sizes: tuple[Size, ...], factors: Factors) -> tuple[str, str]:
        """What does not depend on the order of binders: where an index stands."""
        found = []
        for number, exponent in factors:
            if (0, k) in self._places[number]:
                kind, *parts = self.atoms[number]
                where = [p for p, part in enumerate(parts) if part == (0, k)]
                found.append((kind, str(parts[0]) if kind == "entry" else "", where, exponent))
        return repr(sizes[k]), repr(sorted(found))

    # Atoms -------------------------------------------------------------------------------

    def _made(self, coefficient: Number, factors: Factors) -> Poly:
        return {((), factors): coefficient} if coefficient else {}

    def _number(self, atom: Atom) -> int:
        number = self._numbers.get(atom)
        if number is None:
            number = self._numbers[atom] = len(self.atoms)
            self.atoms.append(atom)
            self._places.append(tuple(dict.fromkeys(self._found_in(atom))))
        return number

    def _found_in(self, atom: Atom) -> Iterable[Place]:
        """The indices of an atom, bound ones as seen from outside it."""
        if atom[0] in ("entry", "delta"):
            return atom[2:] if atom[0] == "entry" else atom[1:]
        if atom[0] in ("size", "pi"):
            return ()
        inner = (p for (_, fs), _ in atom[1] for number, _ in fs for p in self._places[number])
        return (
            (p[0] - 1, p[1]) if isinstance(p, tuple) else p
            for p in inner
            if not (isinstance(p, tuple) and p[0] == 0)
        )

    def _rank(self, place: Place) -> tuple[int, int, int]:
        if isinstance(place, int):
            return 0, place, 0
        if isinstance(place, Letter):
            return 1, self._ranks.setdefault(place, len(self._ranks)), 0
        return 2, *place

    def _delta(self, left: Place, right: Place) -> tuple[Number, Factors]:
        if left == right:
            return 1, ()
        if isinstance(left, int) and isinstance(right, int):
            return 0, ()
        atom = ("delta", *sorted((left, right), key=self._rank))
        return 1, ((self._number(atom), 1),)

    def _function(self, kind: str, argument: Poly) -> tuple[Number, Factors]:
        """A function of a polynomial: of a number where that is rational, else an atom."""
        if argument.keys() <= {ONE}:
            value = argument.get(ONE, 0)
            match kind:
                case "inv":
                    return (1 / Fraction(value) if value else 0), ()
                case "positive":
                    return int(value > 0), ()
                case "exp" if not value:
                    return 1, ()
        return 1, ((self._number((kind, freeze(argument))), 1),)

    def _reindexed(self, factors: Factors, names: Mapping[Place, Place]) -> tuple[Number, Factors]:
        """The product with other indices, as seen from the monomial that it is."""
        coefficient: Number = 1
        result: list[tuple[int, int]] = []
        for number, exponent in factors:
            if names.keys().isdisjoint(self._places[number]):
                result.append((number, exponent))
                continue
            c, made = self._atom_reindexed(self.atoms[number], names)
            coefficient *= c**exponent
            result += [(n, e * exponent) for n, e in made]
        return coefficient, tuple(result)

    def _atom_reindexed(self, atom: Atom, names: Mapping[Place, Place]) -> tuple[Number, Factors]:
        kind, *parts = atom
        if kind == "entry":
            places = (names.get(place, place) for place in parts[1:])
            return 1, ((self._number(("entry", parts[0], *places)), 1),)
        if kind == "delta":
            return self._delta(*(names.get(place, place) for place in parts))
        inside = {_from_inside(old): _from_inside(new) for old, new in names.items()}
        total: Poly = {}
        for (sizes, factors), coefficient in parts[0]:
            c, moved = self._reindexed(factors, inside)
            self._collect(total, sizes, moved, coefficient * c)
        return self._function(kind, total)


def _from_inside(place: Place) -> Place:
    """An index as seen from a monomial inside of a function."""
    return (place[0] + 1, place[1]) if isinstance(place, tuple) else place
