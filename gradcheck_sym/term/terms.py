"""The terms: number, size, entry, +, ×, Σ, δ, a function of one term, a case distinction.

Every term denotes a real number for every value of its entries: the functions are total, with
inv(0) = 0, log(u) = 0 for u ≤ 0 and sqrt(u) = 0 for u < 0. So a law that holds only where a
function is meant (u · inv(u) = 1) names that as its obligation, and no equation is vacuous.

An index that is bound is an object of its own, never a name: `substitute` makes new ones for
the sums that it copies, so nothing is captured. Terms are compared by their normal forms alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

Size: TypeAlias = int | str  # a positive integer, or the name of any


class Letter:
    """An index that runs from 1 to `size`; equal to itself alone. `name` is for people."""

    __slots__ = ("name", "size")

    def __init__(self, name: str, size: Size) -> None:
        if isinstance(size, int) and size < 1:
            raise ValueError(f"the index {name} runs over {size} values: sizes are at least 1")
        self.name, self.size = name, size

    def __repr__(self) -> str:
        return self.name


Index: TypeAlias = int | Letter
Number: TypeAlias = int | Fraction


class Term:
    """A real number, as a function of the entries of arrays and of indices."""

    __slots__ = ()

    # fmt: off
    def __add__(self, other: Operand) -> Term:      return add(self, term(other))
    def __radd__(self, other: Operand) -> Term:     return add(term(other), self)
    def __sub__(self, other: Operand) -> Term:      return add(self, negative(term(other)))
    def __rsub__(self, other: Operand) -> Term:     return add(term(other), negative(self))
    def __mul__(self, other: Operand) -> Term:      return mul(self, term(other))
    def __rmul__(self, other: Operand) -> Term:     return mul(term(other), self)
    def __truediv__(self, other: Operand) -> Term:  return mul(self, apply("inv", term(other)))
    def __rtruediv__(self, other: Operand) -> Term: return mul(term(other), apply("inv", self))
    def __pow__(self, exponent: int) -> Term:       return power(self, exponent)
    def __neg__(self) -> Term:                      return negative(self)
    # fmt: on


Operand: TypeAlias = Term | int | Fraction


@dataclass(frozen=True, eq=False, slots=True)
class Num(Term):
    """A rational number."""

    value: Number


@dataclass(frozen=True, eq=False, slots=True)
class Pi(Term):
    """The number π."""


@dataclass(frozen=True, eq=False, slots=True)
class SizeOf(Term):
    """A size that is a name, as a number: at least 1."""

    name: str


@dataclass(frozen=True, eq=False, slots=True)
class Entry(Term):
    """One entry of an array: a_h[i,k]."""

    name: str
    indices: tuple[Index, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Add(Term):
    """A sum of terms."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Mul(Term):
    """A product of factors."""

    factors: tuple[Term, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Sum(Term):
    """Σ of the body over an index, from 1 to its size."""

    index: Letter
    body: Term


@dataclass(frozen=True, eq=False, slots=True)
class Delta(Term):
    """Kronecker's delta: 1 where two indices are equal, else 0."""

    left: Index
    right: Index


@dataclass(frozen=True, eq=False, slots=True)
class Apply(Term):
    """A function of one term; `functions.py` has a row for each."""

    function: str
    argument: Term


@dataclass(frozen=True, eq=False, slots=True)
class Where(Term):
    """`yes` where u > 0, else `no`."""

    u: Term
    yes: Term
    no: Term


INVENTED = "__"  # ends a name that nobody gave, or that of a variable with several values
ZERO, ONE, MINUS_ONE = Num(0), Num(1), Num(-1)


def term(value: Operand) -> Term:
    """A number as a term; a term as it is."""
    return value if isinstance(value, Term) else Num(value)


def size_term(size: Size) -> Term:
    """A size as a number."""
    return Num(size) if isinstance(size, int) else SizeOf(size)


def add(*terms: Term) -> Term:
    """The sum of terms; of one, itself."""
    return terms[0] if len(terms) == 1 else Add(terms)


def mul(*factors: Term) -> Term:
    """The product of factors; of one, itself."""
    return factors[0] if len(factors) == 1 else Mul(factors)


def negative(value: Term) -> Term:
    """−value."""
    return Num(-value.value) if isinstance(value, Num) else Mul((MINUS_ONE, value))


def apply(function: str, argument: Operand) -> Term:
    """A function of a term."""
    return Apply(function, term(argument))


def power(base: Term, exponent: int) -> Term:
    """The product of |exponent| equal factors, or its inverse."""
    if exponent < 0:
        return apply("inv", power(base, -exponent))
    return mul(*[base] * exponent) if exponent else ONE


def indicator(u: Term) -> Term:
    """[u > 0]: 1 or 0."""
    return Where(u, ONE, ZERO)


def sums(letters: Iterable[Letter], body: Term) -> Term:
    """Σ of the body over these indices, the first outermost."""
    return reduce(lambda inner, letter: Sum(letter, inner), reversed(tuple(letters)), body)
