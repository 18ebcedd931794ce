"""What is common to the terms of an argument, taken out of a function of them."""

from __future__ import annotations

from fractions import Fraction

from gradcheck_sym.checker.polynomial import Poly, scale
from gradcheck_sym.prover.quotients import content, leading
from gradcheck_sym.prover.reduce import Found, Reducer
from gradcheck_sym.prover.workbench import Opened
from gradcheck_sym.term.terms import Num, mul


def out_of(reducer: Reducer, here: Opened, number: int, inside: Poly, law: str) -> Found:
    """Take the common factors and the leading coefficient out of a function's argument."""
    bench = reducer.bench
    common = content(bench, inside)
    lead = inside[leading(bench, inside)]
    if not common and lead == 1:
        return None
    depth = here.depth + 1
    if not common:
        inner = bench.poly_term(scale(inside, Fraction(1) / lead), depth)
        return reducer.law(law, Num(lead), inner, factor=here.rest(number))
    unit = bench.signed_term(common, depth)
    upside = bench.signed_term({key: -e for key, e in common.items()}, depth)
    rest = reducer.reduce(
        reducer.ring.normal(mul(Num(Fraction(1) / lead), upside, bench.poly_term(inside, depth))),
        depth,
    )
    v = mul(Num(lead), unit, bench.poly_term(rest.poly, depth))
    u = bench.poly_term(inside, depth)
    steps = reducer.equal_steps(reducer.ring.difference(u, v), depth)
    if steps is None or not rest.poly:
        return None
    first = reducer.alike(bench.kind(number), u, v, steps, here.rest(number))
    product = mul(Num(lead), unit), bench.poly_term(rest.poly, depth)
    second = reducer.law(law, *product, factor=here.rest(number))
    return (first, second) if steps else second


def positive_out_of(reducer: Reducer, here: Opened, number: int, inside: Poly, law: str) -> Found:
    """Take common factors that are known to be positive out of a sum in a logarithm or a root."""
    bench, depth = reducer.bench, here.depth + 1
    common = {
        key: e
        for key, e in content(bench, inside).items()
        if reducer.known(reducer.ring.normal(bench.power_of(key, 1, depth)), ">")
    }
    lead = abs(Fraction(inside[leading(bench, inside)]))
    if not common and lead == 1:
        return None
    unit = mul(Num(lead), bench.signed_term(common, depth))
    upside = bench.signed_term({key: -e for key, e in common.items()}, depth)
    u = bench.poly_term(inside, depth)
    rest = reducer.reduce(reducer.ring.normal(mul(Num(1 / lead), upside, u)), depth)
    inner = bench.poly_term(rest.poly, depth)
    steps = reducer.equal_steps(reducer.ring.difference(u, mul(unit, inner)), depth)
    if steps is None:
        return None
    if not steps:
        return reducer.law(law, unit, inner, factor=here.rest(number))
    # f(u) = f(unit · inner) is undone by the rules inside, so the law is used at once
    first = reducer.alike(bench.kind(number), u, mul(unit, inner), steps, here.rest(number))
    return first, reducer.law(law, unit, inner, factor=here.rest(number))
