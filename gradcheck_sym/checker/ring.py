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

from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from itertools import chain

from gradcheck_sym.checker.monomials import Monomials
from gradcheck_sym.checker.polynomial import (
    ONE,
    Atom,
    Factors,
    Frozen,
    Monomial,
    Place,
    Poly,
    accumulate,
    constant,
    freeze,
    scale,
)
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

INDEX = (int, Letter)


class Ring(Monomials):
    """Normal forms that can be compared with each other. Atoms are numbered as they come."""

    def __init__(self) -> None:
        super().__init__()
        self._letters: dict[tuple[Size, int], Letter] = {}
        self._done: dict[int, tuple[Term, Poly]] = {}

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
            case Entry(name, indices) if all(isinstance(x, INDEX) for x in indices):
                return self.atom(("entry", name, *map(_only, indices)))
            case Mul(factors):
                return reduce(self.product, map(self.normal, factors)) if factors else constant(1)
            case Add(terms):
                return self.add(map(self.normal, terms))
            case Apply(function, argument) if function in FUNCTIONS:
                return self._made(*self._function(function, self.normal(argument)))
            case Sum(index, body):
                return self.total(index, self.normal(body))
            case Where(u, yes, no):
                return self._where(u, self.normal(yes), self.normal(no))
            case Delta(int() | Letter() as left, int() | Letter() as right):
                return self._made(*self._delta(_only(left), _only(right)))
            case SizeOf(name):
                return self.atom(("size", name))
            case Pi():
                return self.atom(("pi",))
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
        for number, other in ((left, right), (right, left)):
            if len(number) == 1 and ONE in number:
                return scale(other, number[ONE])
        self.spend(len(left) * len(right))
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
                met |= dict.fromkeys(x for x in self._places[number] if isinstance(x, Letter))
        return tuple(met)

    def _generic(self, size: Size, place: int) -> Letter:
        return self._letters.setdefault((size, place), Letter(f"i{place + 1}", size))


def _shifted(count: int, by: int) -> dict[Place, Place]:
    """The first bound indices, renamed to stand after `by` others."""
    return {(0, k): (0, k + by) for k in range(count)} if by else {}


def _only(index: Index) -> Index:
    """1 for an index that has no other value."""
    return 1 if isinstance(index, Letter) and index.size == 1 else index
