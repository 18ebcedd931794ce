"""The ring with sums: a normal form that knows +, ×, Σ and δ, and nothing of functions.

A polynomial is a dict from monomials to coefficients that are not zero. A monomial is a product
under sums: the sizes that it is summed over, and powers of atoms. An atom is an entry, a size,
π, a δ, an indicator [u > 0], or a function of a polynomial in normal form, opaque but for
numbers. What is used:

- products distribute over sums; Σ is linear, and a product of sums is a sum over pairs;
- a sum over nothing is a multiple of its size; the names of bound indices do not matter; an
  index that runs from 1 to 1 is 1;
- δ(i,j) f(i) = δ(i,j) f(j), Σ_i δ(i,j) f(i) = f(j) where j runs as i does, δ² = δ;
- where(u, x, y) = h x + (1 − h) y with h = [u > 0], and h² = h.

A bound index is (levels up, which): nameless, counted from the monomial that it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import chain, permutations, product
from math import factorial, prod
from typing import Any, TypeAlias

from gradcheck_sym.term.functions import FUNCTIONS
from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Index,
    Letter,
    Mul,
    Num,
    Number,
    Pi,
    Size,
    SizeOf,
    Sum,
    Term,
    Where,
)

Bound: TypeAlias = tuple[int, int]
Place: TypeAlias = Index | Bound
Factors: TypeAlias = tuple[tuple[int, int], ...]  # (atom's number, exponent), sorted
Monomial: TypeAlias = tuple[tuple[Size, ...], Factors]
Poly: TypeAlias = dict[Monomial, Number]
Frozen: TypeAlias = tuple[tuple[Monomial, Number], ...]
Atom: TypeAlias = tuple[Any, ...]

ONE: Monomial = ((), ())
IDEMPOTENT = ("delta", "positive")
MOST_ORDERS = 720  # of equal binders that are tried for the canonical one
MOST_PRODUCTS = 2_000_000


class TooLarge(Exception):
    """A normal form takes more work than we are ready to do."""


class Ring:
    """Normal forms that can be compared with each other. Atoms are numbered as they come."""

    def __init__(self) -> None:
        self.atoms: list[Atom] = []
        self._numbers: dict[Atom, int] = {}
        self._places: list[frozenset[Place]] = []
        self._ranks: dict[Letter, int] = {}
        self._letters: dict[tuple[Size, int], Letter] = {}
        self._done: dict[int, tuple[Term, Poly]] = {}
        self._work = 0

    def normal(self, value: Term) -> Poly:
        """The normal form of a term; not to be changed."""
        known = self._done.get(id(value))
        if known is None:
            known = self._done[id(value)] = value, self._normal(value)
        return known[1]

    def equal(self, left: Term, right: Term) -> bool:
        """Whether two terms have one normal form, and so are equal."""
        return not self.difference(left, right)

    def difference(self, left: Term, right: Term) -> Poly:
        """The normal form of left − right."""
        total = dict(self.normal(left))
        for monomial, coefficient in self.normal(right).items():
            accumulate(total, monomial, -coefficient)
        return total

    def _normal(self, value: Term) -> Poly:
        match value:
            case Num(int() | Fraction() as number):
                return constant(number)
            case Pi():
                return self.atom(("pi",))
            case SizeOf(name):
                return self.atom(("size", name))
            case Entry(name, indices) if all(isinstance(x, int | Letter) for x in indices):
                return self.atom(("entry", name, *map(_only, indices)))
            case Delta(int() | Letter() as left, int() | Letter() as right):
                return self._made(*self._delta(_only(left), _only(right)))
            case Apply(function, argument) if function in FUNCTIONS:
                return self._made(*self._function(function, self.normal(argument)))
            case Add(terms):
                return self.add(map(self.normal, terms))
            case Mul(factors):
                result = constant(1)
                for factor in factors:
                    result = self.product(result, self.normal(factor))
                return result
            case Sum(index, body):
                return self.total(index, self.normal(body))
            case Where(u, yes, no):
                return self._where(u, self.normal(yes), self.normal(no))
        raise TypeError(f"no term: {value!r}")

    def _where(self, u: Term, yes: Poly, no: Poly) -> Poly:
        holds = self._made(*self._function("positive", self.normal(u)))
        fails = self.add([constant(1), scale(holds, -1)])
        return self.add([self.product(holds, yes), self.product(fails, no)])

    def atom(self, atom: Atom) -> Poly:
        """An atom as a polynomial."""
        return {((), ((self._number(atom), 1),)): 1}

    def add(self, polys: Iterable[Poly]) -> Poly:
        """The sum of polynomials."""
        total: Poly = {}
        for monomial, coefficient in chain.from_iterable(poly.items() for poly in polys):
            accumulate(total, monomial, coefficient)
        return total

    def product(self, left: Poly, right: Poly) -> Poly:
        """The product of two polynomials."""
        if right.keys() == {ONE}:
            return scale(left, right[ONE])
        self._work += len(left) * len(right)
        if self._work > MOST_PRODUCTS:
            raise TooLarge("a normal form takes too many terms")
        total: Poly = {}
        for (sizes, factors), coefficient in left.items():
            for (others, more), c in right.items():
                shift = _shifted(len(others), len(sizes))
                scaled, apart = self._reindexed(more, shift) if shift else (1, more)
                both = (*sizes, *others), (*factors, *apart)
                self._collect(total, *both, coefficient * c * scaled)
        return total

    def total(self, letter: Letter, body: Poly) -> Poly:
        """Σ of a polynomial over a letter."""
        result: Poly = {}
        for (sizes, factors), coefficient in body.items():
            if any(letter in self._places[number] for number, _ in factors):
                scaled, bound = self._reindexed(factors, {letter: (0, len(sizes))})
                self._collect(result, (*sizes, letter.size), bound, coefficient * scaled)
            elif isinstance(letter.size, int):
                accumulate(result, (sizes, factors), coefficient * letter.size)
            else:
                size = self._number(("size", letter.size)), 1
                self._collect(result, sizes, (*factors, size), coefficient)
        return result

    def opened(self, monomial: Monomial, letters: Iterable[Letter]) -> tuple[Number, Factors]:
        """The monomial's factors with these letters for the indices that it is summed over."""
        names: dict[Place, Place] = {(0, k): letter for k, letter in enumerate(letters)}
        return self._reindexed(monomial[1], names)

    def function_atom(self, kind: str, argument: Poly) -> int:
        """The number of the atom that is this function of a polynomial."""
        return self._number((kind, freeze(argument)))

    def shape(self, *polys: Poly) -> tuple[Frozen, ...]:
        """Polynomials with their letters named in the order in which they are met.

        Equal for polynomials that differ in the names of letters alone, as far as the order tells.
        """
        met = enumerate(self.letters(*polys))
        names: dict[Place, Place] = {x: self._generic(x.size, k) for k, x in met}
        renamed = []
        for poly in polys:
            total: Poly = {}
            for (sizes, factors), coefficient in poly.items():
                scaled, moved = self._reindexed(factors, names)
                self._collect(total, sizes, moved, coefficient * scaled)
            renamed.append(freeze(total))
        return tuple(renamed)

    def letters(self, *polys: Poly) -> tuple[Letter, ...]:
        """The free letters, in an order that does not depend on their names as far as it can."""
        met: dict[Letter, None] = {}
        for poly in polys:
            atoms = {number for _, factors in poly for number, _ in factors}
            for number in sorted(atoms, key=lambda n: str(self.atoms[n][:2])):
                _, *parts = self.atoms[number]
                places = parts if len(parts) > 1 else self._places[number]
                met |= dict.fromkeys(x for x in places if isinstance(x, Letter))
        return tuple(met)

    def _generic(self, size: Size, place: int) -> Letter:
        return self._letters.setdefault((size, place), Letter(f"i{place + 1}", size))

    def places(self, number: int) -> frozenset[Place]:
        """The indices that an atom speaks of."""
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
        best: Factors | None = None
        for order in orders:
            names: dict[Place, Place] = {(0, k): (0, new) for new, k in enumerate(order)}
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
            self._places.append(frozenset(self._found_in(atom)))
        return number

    def _found_in(self, atom: Atom) -> Iterable[Place]:
        """The indices of an atom, bound ones as seen from outside it."""
        if atom[0] in ("entry", "delta"):
            return atom[2:] if atom[0] == "entry" else atom[1:]
        if atom[0] in ("size", "pi"):
            return ()
        inner = {p for (_, fs), _ in atom[1] for number, _ in fs for p in self._places[number]}
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

    def _reindexed(
        self, factors: Factors, names: Mapping[Place, Place], depth: int = 0
    ) -> tuple[Number, Factors]:
        """The product with other indices, as seen from the monomial `depth` levels up."""
        coefficient: Number = 1
        result: list[tuple[int, int]] = []
        for number, exponent in factors:
            if not any(_moved(place, names, depth) != place for place in self._places[number]):
                result.append((number, exponent))
                continue
            c, made = self._atom_reindexed(self.atoms[number], names, depth)
            coefficient *= c**exponent
            result += [(n, e * exponent) for n, e in made]
        return coefficient, tuple(result)

    def _atom_reindexed(
        self, atom: Atom, names: Mapping[Place, Place], depth: int
    ) -> tuple[Number, Factors]:
        kind, *parts = atom
        if kind == "entry":
            places = (_moved(place, names, depth) for place in parts[1:])
            return 1, ((self._number(("entry", parts[0], *places)), 1),)
        if kind == "delta":
            return self._delta(*(_moved(place, names, depth) for place in parts))
        total: Poly = {}
        for (sizes, factors), coefficient in parts[0]:
            c, moved = self._reindexed(factors, names, depth + 1)
            self._collect(total, sizes, moved, coefficient * c)
        return self._function(kind, total)


def _shifted(count: int, by: int) -> dict[Place, Place]:
    """The first bound indices, renamed to stand after `by` others."""
    return {(0, k): (0, k + by) for k in range(count)} if by else {}


def _moved(place: Place, names: Mapping[Place, Place], depth: int) -> Place:
    """The index with its new name; one that is bound further in stays."""
    if isinstance(place, tuple):
        new = names.get((place[0] - depth, place[1])) if place[0] >= depth else None
    else:
        new = names.get(place)
    if new is None:
        return place
    return (new[0] + depth, new[1]) if isinstance(new, tuple) else new


def _only(index: Index) -> Index:
    """1 for an index that has no other value."""
    return 1 if isinstance(index, Letter) and index.size == 1 else index


def within(index: Index, size: Size) -> bool:
    """Whether an index surely lies between 1 and a size."""
    if isinstance(index, Letter):
        return index.size == size
    return index == 1 or (isinstance(size, int) and 1 <= index <= size)


def constant(value: Number) -> Poly:
    """A number as a polynomial."""
    return {ONE: value} if value else {}


def scale(poly: Poly, factor: Number) -> Poly:
    """A polynomial times a number."""
    return {monomial: factor * c for monomial, c in poly.items()} if factor else {}


def accumulate(total: Poly, monomial: Monomial, coefficient: Number) -> None:
    """Add one term to `total`, in place."""
    value = total.get(monomial, 0) + coefficient
    if value:
        total[monomial] = value
    else:
        total.pop(monomial, None)


def freeze(poly: Poly) -> Frozen:
    """The polynomial as a value: equal for equal ones of one ring."""
    return tuple(sorted(poly.items(), key=lambda t: (tuple(map(repr, t[0][0])), t[0][1])))
