"""Which angles are whole multiples of which: sin 2z beside sin z.

Sines and cosines of 2u are written in those of u only where both stand, and of u + v only where
u stands alone as well: sin(30z), as it is, is one thing, and in sin z a polynomial of degree 30.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import gcd, lcm
from typing import TypeAlias

from gradcheck_sym.checker.polynomial import Poly, TooLarge
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.prover.denominators import kind
from gradcheck_sym.term.terms import Apply, Entry, Term
from gradcheck_sym.term.walks import rebuilt, walk

MOST_TIMES = 4  # of an angle that stands there, too
CIRCULAR = ("sin", "cos")

Kind: TypeAlias = tuple[tuple[str, Fraction], ...]


def angles(ring: Ring, statement: Statement, functions: frozenset[str]) -> dict[Kind, Fraction]:
    """For each kind of angle, a unit of which all of that kind are whole multiples.

    Names are looked through, but not into those that `functions` of something define.
    """
    found: dict[Kind, Fraction] = {}
    most: dict[Kind, Fraction] = {}
    for angle in _angles(statement, functions):
        try:
            own, size = measured(ring, ring.normal(angle))
        except TooLarge:
            continue
        if size:
            found[own] = _common(found.get(own, size), size)
            most[own] = max(most.get(own, size), size)
    return {
        own: unit if most[own] <= MOST_TIMES * unit else most[own] for own, unit in found.items()
    }


def measured(ring: Ring, angle: Poly) -> tuple[Kind, Fraction]:
    """The kind of an angle, whatever its indices and signs are, and how large it is."""
    parts = [(kind(ring, monomial), abs(Fraction(c))) for monomial, c in angle.items()]
    size = max((c for _, c in parts), default=Fraction(0))
    return tuple(sorted((own, c / size) for own, c in parts)), size


def _angles(statement: Statement, functions: frozenset[str]) -> Iterator[Term]:
    definitions = statement.definitions

    def unfolded(part: Term) -> Term:
        if isinstance(part, Entry) and part.name in definitions and part.name not in functions:
            return unfolded(definitions[part.name].at(part.indices))
        return rebuilt(part, unfolded)

    values = [definition.value for definition in definitions.values()]
    for part in walk(*values, statement.loss, statement.claim):
        if isinstance(part, Apply) and part.function in CIRCULAR:
            yield part.argument
            yield unfolded(part.argument)


def _common(one: Fraction, other: Fraction) -> Fraction:
    """The largest number of which both are whole multiples."""
    below = lcm(one.denominator, other.denominator)
    return Fraction(gcd(int(one * below), int(other * below)), below)
