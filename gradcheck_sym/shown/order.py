"""The order in which people read terms and factors."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from gradcheck_sym.shown.fraction import Written, written
from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Index,
    Num,
    Number,
    Pi,
    SizeOf,
    Sum,
    Term,
    Where,
)

Natural = list[int | str]
MOST_READ = 300  # characters of a term, which decide where it stands
MOST_KEPT = 10_000


def by_reading(term: Term) -> tuple[bool, Natural]:
    """Terms as a dictionary would have them, the sign left out: brackets last, 2 before 10."""
    text = reading(term)
    return text.startswith("("), natural(text)


def by_place(factor: Term) -> tuple[int, bool, Natural, str]:
    """Factors by their first index, weights after the others, as X W_h is; functions last.

    Numbers, roots of numbers and scalars come first; a power stands where its base would.
    """
    match factor:
        case Num() | Pi() | SizeOf() | Entry(_, ()) | Apply("sqrt", Num() | Pi() | SizeOf()):
            return 0, False, [isinstance(factor, Entry)], reading(factor)
        case Entry(name, (first, *_)):
            return 1, name[0] in "wW", natural(_index(first)), name
        case Apply("inv", argument):
            return by_place(argument)
    return 2, False, [isinstance(factor, Sum)], reading(factor)


def natural(text: str) -> Natural:
    """The text as words and numbers, to be compared."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", text)]


@lru_cache(MOST_KEPT)
def reading(term: Term) -> str:
    """About what is written for a term, without its sign, as far as it matters."""
    return _reading(term)[:MOST_READ]


def _reading(term: Term) -> str:
    match term:
        case Num(value):
            return str(abs(Fraction(value)))
        case Pi():
            return "π"
        case SizeOf(name) | Entry(name, ()):
            return "λ" if name == "lam" else name
        case Entry(name, indices):
            shown = name.replace("delta", "δ")
            return f"{shown[0].lower()}{shown[1:]}[{','.join(map(_index, indices))}]"
        case Add(terms):
            return f"({' '.join(map(reading, terms))})"
        case Sum(index, body):
            return f"Σ{index.name} {reading(body)}"
        case Delta(left, right):
            return f"δ({_index(left)},{_index(right)})"
        case Apply("exp", argument):
            return f"e^{reading(argument)}"
        case Apply(function, argument) if function != "inv":
            return f"{'ln' if function == 'log' else function}({reading(argument)})"
        case Where(u, yes, no):
            return f"where({', '.join(map(reading, (u, yes, no)))})"
    return _quotient(written(term))


def _quotient(parts: Written) -> str:
    above, below = (list(map(_power, side)) for side in (parts.above, parts.below))
    size = parts.size
    if above and not below and size.denominator > 1:
        above.insert(0, f"({size})")
    else:
        above[:0] = [str(size.numerator)] if size.numerator != 1 or not above else []
        below[:0] = [str(size.denominator)] if size.denominator != 1 else []
    text = "*".join(above)
    return f"{text}/{'*'.join(below)}" if below else text


def _power(power: tuple[Term, Number]) -> str:
    base, exponent = power
    return reading(base) if exponent == 1 else f"{reading(base)}^{exponent}"


def _index(index: Index) -> str:
    return str(index) if isinstance(index, int) else index.name
