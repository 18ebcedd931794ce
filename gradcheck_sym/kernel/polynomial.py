"""Sparse polynomials with rational coefficients, over any hashable generators.

A polynomial is a dict from monomials to non-zero coefficients. A monomial is a sorted
tuple of (atom, exponent); an atom is a tuple that starts with its name:

    ("A_h", 1, 2)          the entry A_h[1,2]; an index is an int, or a str while it is a name
    ("n",)                 a size
    ("exp", frozen)        e to the power of one monomial; its exponents may be fractions
    ("poly", frozen)       a polynomial that stays unexpanded, with a negative exponent: 1/(1+e)
    ("sum", "#0.0", 3)     the binder Σ over the index #0.0 from 1 to 3, a factor like any other
    ("delta", 1, "p")      Kronecker's delta
    ("pi",)                the number π
    ("positive", frozen)   the indicator [u > 0]; ("negative", frozen) is [u < 0]
    ("name", frozen, …)    any other function, such as log or sqrt

Exponents are sparse because dense ones (`sympy.ring`) fail with thousands of generators.
A binder's name is `#height.k`, where `height` counts the nesting below it, so an outer
binder never bears the name of an inner one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

Index = int | str
Numbers = Mapping[str, Index]  # numbers, or other names, for the names of indices
Rational = int | Fraction
Atom = tuple[Any, ...]  # recursive: a name, then indices or frozen polynomials
Factor = tuple[Atom, Rational]
Monomial = tuple[Factor, ...]
Poly = dict[Monomial, Rational]
Frozen = tuple[tuple[Monomial, Rational], ...]

ONE: Monomial = ()
INDICATORS = frozenset({"positive", "negative"})  # [u > 0] and [u < 0]
IDEMPOTENT = INDICATORS | {"delta"}
RESERVED = IDEMPOTENT | {"exp", "poly", "sum", "log", "sqrt", "pi"}
PI = ("pi",)


class TooLarge(Exception):
    """The work outgrows what we are ready to do; the answer is Undecided."""


def array_name(name: str) -> str:
    """The name of an array's atoms: its own, or marked where an atom of another kind has it."""
    return f"'{name}" if name in RESERVED else name


@cache
def order(atom: Atom) -> tuple[str, str]:
    """The sort key of an atom: by name first.

    So factors of different names keep their order when numbers replace names of indices.
    """
    return atom[0], repr(atom[1:])


def exact(value: Rational) -> Rational:
    """The number as an int if it is one, which computes and hashes faster than a Fraction."""
    return value.numerator if value.denominator == 1 else value


def constant(value: Rational) -> Poly:
    """A number as a polynomial."""
    return {ONE: exact(value)} if value else {}


def generator(atom: Atom, exponent: Rational = 1, coefficient: Rational = 1) -> Poly:
    """One power of one atom as a polynomial."""
    return {((atom, exact(exponent)),): exact(coefficient)}


def accumulate(total: Poly, monomial: Monomial, coefficient: Rational) -> None:
    """Add one term to `total`, in place."""
    present = total.get(monomial)
    value = coefficient if present is None else present + coefficient
    if value:
        total[monomial] = value
    else:
        total.pop(monomial, None)


def add(left: Poly, right: Poly, factor: Rational = 1) -> Poly:
    """The sum left + factor · right."""
    total = dict(left)
    for monomial, coefficient in right.items():
        accumulate(total, monomial, factor * coefficient)
    return total


def scale(poly: Poly, factor: Rational) -> Poly:
    """The polynomial times a number."""
    return {monomial: exact(factor * c) for monomial, c in poly.items()} if factor else {}


def product_of(factors: Iterable[Factor]) -> Monomial:
    """Factors in any order as a monomial: equal atoms merge, and δ² = δ."""
    exponents: dict[Atom, Rational] = {}
    for atom, exponent in factors:
        exponents[atom] = exponents.get(atom, 0) + exponent
    kept = [(a, 1 if a[0] in IDEMPOTENT else e) for a, e in exponents.items() if e]
    return tuple(sorted(kept, key=lambda factor: order(factor[0])))


def times(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials, with the binders of the second renamed apart."""
    taken = {binder[1] for binder in binders(left)}
    clash = {binder[1] for binder in binders(right)} & taken if taken else ()
    apart = reindex(right, {name: _unused(name, taken) for name in clash}) if clash else right
    return product_of((*left, *apart))


def _unused(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "'"
    return name


def freeze(poly: Poly) -> Frozen:
    """The polynomial as a hashable value; equal for equal polynomials."""
    return tuple(sorted(poly.items(), key=lambda term: [(order(a), e) for a, e in term[0]]))


def binders(monomial: Monomial) -> list[Atom]:
    """The sums that a monomial stands under."""
    return [atom for atom, _ in monomial if atom[0] == "sum"]


def nested(atom: Atom) -> list[Frozen]:
    """The polynomials inside an atom: the arguments of a function."""
    return [part for part in atom[1:] if isinstance(part, tuple)]


def weight(poly: Poly) -> int:
    """How many factors a polynomial has, those inside functions with them."""
    atoms = (atom for monomial in poly for atom, _ in monomial)
    return sum(1 + sum(weight(dict(frozen)) for frozen in nested(atom)) for atom in atoms)


def height(monomial: Monomial) -> int:
    """How deep functions are nested in a monomial."""
    inner = [m for atom, _ in monomial for frozen in nested(atom) for m, _ in frozen]
    return 1 + max(map(height, inner)) if inner else 0


def mentions(monomial: Monomial, index: str) -> bool:
    """Whether a monomial speaks of this index anywhere."""
    return any(
        index in atom[1:] or any(mentions(m, index) for part in nested(atom) for m, _ in part)
        for atom, _ in monomial
    )


def reindex(monomial: Monomial, names: Mapping[str, Index]) -> Monomial:
    """Rename indices, the monomial's own binders among them."""
    return product_of((_reindex_atom(atom, names), e) for atom, e in monomial)


def _reindex_atom(atom: Atom, names: Mapping[str, Index]) -> Atom:
    def renamed(part: Any) -> Any:
        if not isinstance(part, tuple):
            return names.get(part, part)
        poly: Poly = {}
        for monomial, coefficient in part:
            own = {binder[1] for binder in binders(monomial)}
            free = {old: new for old, new in names.items() if old not in own}
            accumulate(poly, reindex(monomial, free), coefficient)
        return freeze(poly)

    name, *parts = atom
    parts = [renamed(part) for part in parts]
    return (name, *(sorted(parts, key=repr) if name == "delta" else parts))


def free(monomial: Monomial) -> Iterator[tuple[str, str, int]]:
    """The names of free indices, each with the atom and the place where it stands."""
    own = {binder[1] for binder in binders(monomial)}
    for atom, _ in monomial:
        if atom[0] != "sum":
            places = enumerate(atom[1:])
            yield from ((x, atom[0], k) for k, x in places if isinstance(x, str) and x not in own)
        for frozen in nested(atom):
            for inner, _ in frozen:
                yield from (found for found in free(inner) if found[0] not in own)
