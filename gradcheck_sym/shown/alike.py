"""Which shown terms are one to the eye: equal but for the order of terms and of factors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from fractions import Fraction
from functools import lru_cache

from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Index,
    Mul,
    Num,
    Pi,
    SizeOf,
    Sum,
    Term,
    Where,
)

MOST_KEPT = 10_000  # keys; terms share their parts, and so do their keys


def alike(left: Term, right: Term) -> bool:
    """Whether two terms, whose letters are told apart by their names, read the same."""
    return left is right or key(left) == key(right)


@lru_cache(MOST_KEPT)
def key(term: Term) -> Hashable:
    """Equal for terms that read the same."""
    match term:
        case Num(value):
            return Fraction(value)
        case Pi():
            return "π"
        case SizeOf(name) | Entry(name, ()):
            return name
        case Entry(name, indices):
            return "entry", name, *map(_place, indices)
        case Add(terms):
            return "+", _bag(terms)
        case Mul(factors):
            return "×", _bag(factors)
        case Sum(index, body):
            return "Σ", index.name, index.size, key(body)
        case Delta(left, right):
            return "δ", frozenset((_place(left), _place(right)))
        case Apply(function, argument):
            return function, key(argument)
        case Where(u, yes, no):
            return "where", key(u), key(yes), key(no)
    raise TypeError(f"no term: {term!r}")


def _bag(terms: Iterable[Term]) -> frozenset[tuple[Hashable, int]]:
    return frozenset(Counter(map(key, terms)).items())


def _place(index: Index) -> int | str:
    return index if isinstance(index, int) else index.name
