"""By what fractions of a term the exponents of a statement go up: e^(z/2) beside e^z.

Exponentials are written in powers of e^(u/k), with one k for all exponents that speak of equal
arrays, so that e^z is (e^(z/2))² where both stand.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from gradcheck_sym.checker.polynomial import Monomial
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.term.terms import Apply
from gradcheck_sym.term.walks import walk

MOST_DENOMINATOR = 12


def denominators(ring: Ring, statement: Statement) -> dict[str, int]:
    """For each kind of exponent, a common denominator of its factors."""
    values = [definition.value for definition in statement.definitions.values()]
    found: dict[str, int] = {}
    for part in walk(*values, statement.loss, statement.claim):
        if isinstance(part, Apply) and part.function == "exp":
            for monomial, coefficient in ring.normal(part.argument).items():
                own = kind(ring, monomial)
                common = lcm(found.get(own, 1), Fraction(coefficient).denominator)
                found[own] = common if common <= MOST_DENOMINATOR else 1
    return found


def kind(ring: Ring, monomial: Monomial) -> str:
    """What a monomial is made of, but for its indices."""
    return repr(sorted((str(ring.atoms[number][:2]), e) for number, e in monomial[1]))
