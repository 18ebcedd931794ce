"""Rules for logarithms: of exponentials, of products of positives, of numbers."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from gradcheck_sym.checker.polynomial import Poly
from gradcheck_sym.prover.factored import positive_out_of
from gradcheck_sym.prover.reduce import Found, Reducer
from gradcheck_sym.prover.roots import primes
from gradcheck_sym.prover.workbench import Opened
from gradcheck_sym.term.terms import Num, Term


def logarithm(reducer: Reducer, here: Opened) -> Found:
    """The laws ln e^u = u, ln 1/u = −ln u, and the logarithm of a product of positives."""
    bench = reducer.bench
    for number in here.powers:
        if bench.kind(number) == "log" and (step := _logarithm(reducer, here, number)):
            return step
    return None


def _logarithm(reducer: Reducer, here: Opened, number: int) -> Found:
    bench, rest, depth = reducer.bench, here.rest(number), here.depth + 1
    inside = bench.argument(number)
    if len(inside) > 1:
        return positive_out_of(reducer, here, number, inside, "ln uv = ln u + ln v")
    if not inside:
        return None
    (((sizes, factors), coefficient),) = inside.items()
    if not factors:
        return _logarithm_of_number(reducer, Fraction(coefficient), rest)
    if coefficient not in (1, -1):
        v = bench.poly_term({(sizes, factors): 1 if coefficient > 0 else -1}, depth)
        unit = Num(abs(Fraction(coefficient)))
        return reducer.law("ln uv = ln u + ln v", unit, v, factor=rest)
    if sizes or coefficient < 0:
        return None
    if len(factors) == 1 and factors[0][1] == 1:
        kind = bench.kind(factors[0][0])
        law = {"exp": "ln e^u = u", "inv": "ln 1/u = -ln u"}.get(kind)
        inner = bench.poly_term(bench.argument(factors[0][0]), depth + 1) if law else None
        return reducer.law(law, inner, factor=rest) if law else None
    for atom, exponent in factors:
        left = tuple((n, e - (n == atom)) for n, e in factors if n != atom or e > 1)
        others: Poly = {((), left): 1}
        positive = partial(reducer.knowledge.positive, reducer)
        if positive({((), ((atom, 1),)): 1}) and (exponent == 1 or positive(others)):
            u, v = bench.atom_term(atom, here.depth), bench.poly_term(others, depth)
            return reducer.law("ln uv = ln u + ln v", u, v, factor=rest)
    return None


def _logarithm_of_number(reducer: Reducer, value: Fraction, rest: Term) -> Found:
    if value <= 0:
        return None
    if value == 1:
        return reducer.law("ln e^u = u", Num(0), factor=rest)
    if value.denominator > 1:
        if value.numerator == 1:
            return reducer.law("ln 1/u = -ln u", Num(value.denominator), factor=rest)
        u, v = Num(value.numerator), Num(Fraction(1, value.denominator))
        return reducer.law("ln uv = ln u + ln v", u, v, factor=rest)
    found = primes(value.numerator)
    if len(found) > 1 or found[0][1] > 1:
        p = found[0][0]
        return reducer.law("ln uv = ln u + ln v", Num(p), Num(value.numerator // p), factor=rest)
    return None
