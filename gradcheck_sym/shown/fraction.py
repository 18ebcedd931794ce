"""A product as it stands on paper: a number, what is above the line, and what is below."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction

from gradcheck_sym.shown.alike import key
from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Mul,
    Num,
    Number,
    Pi,
    SizeOf,
    Sum,
    Term,
    Where,
)
from gradcheck_sym.term.walks import children

Side = dict[Hashable, tuple[Term, Number]]


@dataclass(frozen=True, slots=True)
class Written:
    """number · Π above / Π below, each a base with a positive exponent, equal factors together."""

    number: Number
    above: tuple[tuple[Term, Number], ...]
    below: tuple[tuple[Term, Number], ...]

    @property
    def size(self) -> Fraction:
        """The number without its sign."""
        return abs(Fraction(self.number))


def written(term: Term) -> Written:
    """The product that a term is; nothing cancels, and the order is the term's.

    >>> from gradcheck_sym.term.terms import Entry
    >>> u = Entry("u")
    >>> [len(side) for side in (written(u / u).above, written(u / u).below)]
    [1, 1]
    """
    number: Number = 1
    above, below = Side(), Side()
    for part in term.factors if isinstance(term, Mul) else (term,):
        match part:
            case Num(value):
                number *= value
            case Apply("inv", Num(value)) if value:
                number *= Fraction(1, value)
            case Apply("inv", argument):
                _put(below, argument)
            case _:
                _put(above, part)
    return Written(number, *(tuple(_with_roots(side).values()) for side in (above, below)))


def negative(term: Term) -> bool:
    """Whether a term is written with a minus sign in front."""
    return written(term).number < 0


def operations(term: Term) -> int:
    """How many signs of operations are written in a term."""
    match term:
        case Add(terms):
            return sum(map(operations, terms)) + len(terms) - 1 + negative(terms[0])
        case Num() | Pi() | SizeOf() | Entry() | Delta():
            return 0
        case Sum() | Where() | Apply() if not _is_inverse(term):
            return sum(map(operations, children(term))) + 1
    parts = written(term)
    factors = (*parts.above, *parts.below)
    beside = (abs(parts.number) != 1) + (not parts.above and abs(parts.number) == 1)
    raised = sum(operations(base) + (exponent != 1) for base, exponent in factors)
    return len(factors) - 1 + beside + raised


def _is_inverse(term: Term) -> bool:
    return isinstance(term, Apply) and term.function == "inv"


def _put(side: Side, base: Term) -> None:
    name = key(base)
    side[name] = base, (side[name][1] if name in side else 0) + 1


def _with_roots(side: Side) -> Side:
    """A product of u and √u as a power of u; √u · √u is left as it is."""
    found = dict(side)
    for name, (base, _) in side.items():
        match base:
            case Apply("sqrt", argument) if found[name][1] == 1 and key(argument) in found:
                inner = key(argument)
                found[inner] = argument, found[inner][1] + Fraction(1, 2)
                del found[name]
    return found
