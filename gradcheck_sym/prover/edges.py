"""Where neither u > 0 nor −u > 0 holds, u is 0, and so is what it is a factor of."""

from __future__ import annotations

from fractions import Fraction

from gradcheck_sym.checker.polynomial import Poly, scale
from gradcheck_sym.checker.proof import Step
from gradcheck_sym.prover.reduce import Found, Reducer
from gradcheck_sym.prover.workbench import Opened
from gradcheck_sym.term.terms import Num, Number


def edge(reducer: Reducer, here: Opened) -> Found:
    """A factor that the cases show to be 0: u = u (1 − [u>0] − [−u>0]) + u [u>0] + u [−u>0]."""
    if len(reducer.cases) < 2:
        return None
    below = [
        (place, u, reducer.ring.normal(u))
        for place, (u, holds) in enumerate(reducer.cases)
        if not holds
    ]
    for first, u, value in below:
        number, c = _single(value)
        if number is None or number not in here.powers:
            continue
        for second, _, opposite in below:
            if opposite == scale(value, -1):
                rest = here.rest(number) * Num(1 / Fraction(c))
                return (
                    reducer.law("u[u=0] = 0", u, factor=rest),
                    Step("case", (first,), rest * u),
                    Step("case", (second,), rest * u),
                )
    return None


def _single(value: Poly) -> tuple[int | None, Number]:
    """The atom that a polynomial is, and its coefficient; None if it is no such thing."""
    if len(value) == 1:
        (((sizes, factors), coefficient),) = value.items()
        if not sizes and len(factors) == 1 and factors[0][1] == 1:
            return factors[0][0], coefficient
    return None, 0
