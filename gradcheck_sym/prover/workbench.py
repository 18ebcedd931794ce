"""Polynomials of the ring taken apart: their sums opened with letters, their atoms as terms.

The letters come from a pool, one for each size, place and depth of nesting, so that what was
found for a monomial once serves wherever it stands again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from gradcheck_sym.checker.polynomial import Factors, Frozen, Monomial, Place, Poly
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.term.terms import (
    Apply,
    Delta,
    Entry,
    Letter,
    Num,
    Number,
    Pi,
    Size,
    SizeOf,
    Term,
    add,
    indicator,
    mul,
    sums,
)
from gradcheck_sym.term.walks import substitute

GENERAL = -1  # no depth of nesting
DEPTHS = 16  # more than functions nest in each other
Key = int  # a generator: the number of its atom, or of the inverse −(number + 1) of a sum


@dataclass(frozen=True)
class Opened:
    """A monomial under sums over `letters`, at a depth of nesting."""

    bench: Workbench
    letters: tuple[Letter, ...]
    powers: Mapping[int, int]
    depth: int

    def rest(self, *without: int, times: int = 1) -> Term:
        """The product of the other factors, for one power (or more) of these taken out."""
        left = dict(self.powers)
        for number in without:
            left[number] -= times
        return self.bench.product(left, self.depth)

    def atom(self, number: int) -> Term:
        """An atom as a term."""
        return self.bench.atom_term(number, self.depth)

    @cached_property
    def signed(self) -> dict[Key, int]:
        """The exponent of each generator, negative for inverses."""
        return self.bench.signed(self.powers.items())


class Workbench:
    """A ring, and the way back from its polynomials to terms."""

    def __init__(self, ring: Ring) -> None:
        self.ring = ring
        self._pool: dict[tuple[Size, int, int], Letter] = {}
        self._depths: dict[Letter, int] = {}
        self._terms: dict[tuple[int, int], Term] = {}

    def letter(self, size: Size, place: int, depth: int) -> Letter:
        """The letter of a bound index."""
        key = size, place, depth
        if key not in self._pool:
            self._pool[key] = Letter(f"r{place}", size)
            self._depths[self._pool[key]] = depth
        return self._pool[key]

    def closed_letters(self, poly: Poly) -> tuple[Letter, ...]:
        """Its letters, those of opened sums as general ones."""
        own = enumerate(self.ring.letters(poly))
        return tuple(
            self.letter(x.size, k, GENERAL) if self._depths.get(x, GENERAL) >= 0 else x
            for k, x in own
        )

    def base(self, poly: Poly) -> int:
        """A depth for its sums whose letters, and deeper ones, it does not speak of itself."""
        deepest = max((self._depths.get(x, -1) for x in self.ring.letters(poly)), default=-1)
        return (deepest // DEPTHS + 1) * DEPTHS

    def opened(self, monomial: Monomial, depth: int) -> tuple[Number, Opened]:
        """The monomial with its sums opened, and a factor."""
        letters = tuple(self.letter(size, k, depth) for k, size in enumerate(monomial[0]))
        coefficient, powers = self.ring.opened(monomial, letters)
        return coefficient, Opened(self, letters, dict(powers), depth)

    def poly_term(self, poly: Poly | Frozen, depth: int) -> Term:
        """A polynomial as a term, terms under equal sums together."""
        items = poly.items() if isinstance(poly, dict) else poly
        groups: dict[tuple[Letter, ...], list[Term]] = {}
        for monomial, coefficient in items:
            scaled, opened = self.opened(monomial, depth)
            value = self.product(opened.powers, depth, coefficient * scaled)
            groups.setdefault(opened.letters, []).append(value)
        terms = [sums(letters, add(*values)) for letters, values in groups.items()]
        return add(*terms) if terms else Num(0)

    def product(self, powers: Mapping[int, int], depth: int, coefficient: Number = 1) -> Term:
        """A product of powers of atoms as a term."""
        factors = [self.atom_term(n, depth) for n, e in powers.items() for _ in range(e)]
        return mul(Num(coefficient), *factors) if coefficient != 1 or not factors else mul(*factors)

    def atom_term(self, number: int, depth: int) -> Term:
        """An atom as a term, whose own sums are opened one level deeper."""
        key = number, depth
        if key not in self._terms:
            self._terms[key] = self._atom_term(number, depth)
        return self._terms[key]

    def _atom_term(self, number: int, depth: int) -> Term:
        kind, *parts = self.ring.atoms[number]
        match kind:
            case "entry":
                return Entry(parts[0], tuple(parts[1:]))
            case "size":
                return SizeOf(parts[0])
            case "pi":
                return Pi()
            case "delta":
                return Delta(*parts)
        argument = self.poly_term(parts[0], depth + 1)
        return indicator(argument) if kind == "positive" else Apply(kind, argument)

    def general(self, poly: Poly) -> tuple[Term, tuple[Letter, ...], tuple[Letter, ...]]:
        """The polynomial with letters of the pool for its own: as a term; these; and its own."""
        own = self.ring.letters(poly)
        pooled = tuple(self.letter(x.size, k, GENERAL) for k, x in enumerate(own))
        value = substitute(
            self.poly_term(poly, self.base(poly)), dict(zip(own, pooled, strict=True))
        )
        return value, pooled, own

    # Generators and their inverses -------------------------------------------------------

    def argument(self, number: int) -> Poly:
        """The polynomial inside a function."""
        return dict(self.ring.atoms[number][1])

    def kind(self, number: int) -> str:
        """What an atom is: an entry, a size, or the name of a function."""
        return str(self.ring.atoms[number][0])

    def generator(self, number: int) -> tuple[Key, int]:
        """The generator that an atom is a power of, and the exponent, 1 or −1."""
        if self.kind(number) == "inv":
            match list(self.ring.atoms[number][1]):
                case [(((), ((inner, 1),)), 1)]:
                    return inner, -1
            return -number - 1, -1
        if self.kind(number) == "exp":
            match list(self.ring.atoms[number][1]):
                case [(monomial, coefficient)] if coefficient < 0:
                    return self.number("exp", {monomial: -coefficient}), -1
        return number, 1

    def number(self, kind: str, argument: Poly) -> int:
        """The number of the atom that is this function of a polynomial."""
        return self.ring.function_atom(kind, argument)

    def signed(self, factors: Iterable[tuple[int, int]]) -> dict[Key, int]:
        """The exponents of generators in a product of atoms."""
        found: dict[Key, int] = {}
        for number, exponent in factors:
            key, sign = self.generator(number)
            found[key] = found.get(key, 0) + sign * exponent
        return {key: e for key, e in found.items() if e}

    def power_of(self, key: Key, exponent: int, depth: int) -> Term:
        """A power of a generator, with its inverse as an atom where that is negative."""
        if key < 0:
            inner = self.poly_term(self.argument(-key - 1), depth)
            base = inner if exponent > 0 else self.atom_term(-key - 1, depth)
        elif exponent > 0:
            base = self.atom_term(key, depth)
        elif self.kind(key) == "exp":
            base = Apply("exp", -self.poly_term(self.argument(key), depth + 1))
        else:
            base = Apply("inv", self.atom_term(key, depth))
        return mul(*[base] * abs(exponent))

    def signed_term(self, powers: Mapping[Key, int], depth: int) -> Term:
        """A product of powers of generators."""
        return mul(Num(1), *(self.power_of(key, e, depth) for key, e in powers.items() if e))

    def free(self, number: int, letters: Iterable[Place]) -> bool:
        """Whether an atom speaks of none of these indices."""
        return not any(self.ring.mentions(number, place) for place in letters)

    def closed(self, monomial: Monomial) -> Factors:
        """The factors that speak of no index bound in the monomial."""
        own = [(0, k) for k in range(len(monomial[0]))]
        return tuple((n, e) for n, e in monomial[1] if self.free(n, own))

    def complexity(self, poly: Poly) -> tuple[int, int]:
        """How many terms a polynomial has, and of which degree: simple ones come first."""
        return len(poly), max((sum(e for _, e in factors) for _, factors in poly), default=0)
