"""Rules for sines and cosines: signs in front of u, cos² u = 1 − sin² u, multiples and sums."""

from __future__ import annotations

from fractions import Fraction

from gradcheck_sym.checker.polynomial import Poly, scale
from gradcheck_sym.checker.proof import Step
from gradcheck_sym.prover.angles import CIRCULAR, MOST_TIMES, measured
from gradcheck_sym.prover.quotients import leading
from gradcheck_sym.prover.reduce import Found, Reducer
from gradcheck_sym.prover.workbench import Opened
from gradcheck_sym.term.terms import Num, Term, apply

PARITY = {"erf": "erf(-u) = -erf u", "sin": "sin(-u) = -sin u", "cos": "cos(-u) = cos u"}
SUMS = {
    "sin": "sin(u+v) = sin u cos v + cos u sin v",
    "cos": "cos(u+v) = cos u cos v - sin u sin v",
}
ONE_OF_BOTH = "sin²u + cos²u = 1"


def parity(reducer: Reducer, here: Opened) -> Found:
    """The laws f(−u) = ∓f(u), so that erf 0 and sin 0 are 0; and cos 0 = 1."""
    bench = reducer.bench
    for number in here.powers:
        name = bench.kind(number)
        if name not in PARITY:
            continue
        inside = bench.argument(number)
        if not inside and name == "cos":
            return _cosine_of_zero(reducer, here.rest(number))
        if not inside:
            return reducer.law(PARITY[name], Num(0), factor=here.rest(number) * Fraction(1, 2))
        if inside[leading(bench, inside)] < 0:
            u = bench.poly_term(scale(inside, -1), here.depth + 1)
            return reducer.law(PARITY[name], u, factor=here.rest(number))
    return None


def _cosine_of_zero(reducer: Reducer, rest: Term) -> tuple[Step, ...]:
    """Since sin 0 = 0, cos 0 = cos² 0 − sin² 0 = 1 − 2 sin² 0 = 1."""
    zero = Num(0)
    return (
        reducer.law(SUMS["cos"], zero, zero, factor=rest),
        reducer.law(ONE_OF_BOTH, zero, factor=rest),
        reducer.law(PARITY["sin"], zero, factor=-rest * apply("sin", zero)),
    )


def squared_cosine(reducer: Reducer, here: Opened) -> Found:
    """The law sin² u + cos² u = 1, for cos² u."""
    bench = reducer.bench
    for number, exponent in here.powers.items():
        if bench.kind(number) == "cos" and exponent > 1:
            u = bench.poly_term(bench.argument(number), here.depth + 1)
            return reducer.law(ONE_OF_BOTH, u, factor=here.rest(number, number))
    return None


def angle(reducer: Reducer, here: Opened) -> Found:
    """The sine or cosine of ku and of u + v, where that of u stands somewhere."""
    bench = reducer.bench
    for number in here.powers:
        name = bench.kind(number)
        if name in CIRCULAR and (parts := _parts(reducer, bench.argument(number))):
            u, v = (bench.poly_term(part, here.depth + 1) for part in parts)
            return reducer.law(SUMS[name], u, v, factor=here.rest(number))
    return None


def _parts(reducer: Reducer, inside: Poly) -> tuple[Poly, Poly] | None:
    """Two angles that add up to this one, if they are of use."""
    ring, known = reducer.ring, reducer.knowledge.angles
    own, size = measured(ring, inside)
    times = size / known.get(own, size) if size else Fraction(0)
    if times.denominator == 1 and 1 < times <= MOST_TIMES:
        half = Fraction(times.numerator // 2, times.numerator)
        return scale(inside, half), scale(inside, 1 - half)
    if 1 < len(inside) <= MOST_TIMES:
        for monomial, coefficient in inside.items():
            if measured(ring, {monomial: coefficient})[0] in known:
                rest = {m: c for m, c in inside.items() if m != monomial}
                return {monomial: coefficient}, rest
    return None
