"""Rules for [u > 0]: what the case says, what a sign says, scaling, and u against −u."""

from __future__ import annotations

from fractions import Fraction

from gradcheck_sym.checker.proof import Step
from gradcheck_sym.checker.ring import scale
from gradcheck_sym.prover.quotients import content, leading
from gradcheck_sym.prover.reduce import Found, Reducer
from gradcheck_sym.prover.workbench import Opened
from gradcheck_sym.term.terms import Num, mul


def indicator_rule(reducer: Reducer, here: Opened) -> Found:
    """What is known of an indicator."""
    bench = reducer.bench
    for number in here.powers:
        if bench.kind(number) == "positive" and (step := _indicator(reducer, here, number)):
            return step
    return None


def _indicator(reducer: Reducer, here: Opened, number: int) -> Found:
    bench, rest, depth = reducer.bench, here.rest(number), here.depth + 1
    inside = bench.argument(number)
    for place, (u, _) in enumerate(reducer.cases):
        if reducer.ring.normal(u) == inside:
            return Step("case", (place,), rest)
    u = bench.poly_term(inside, depth)
    opposite = scale(inside, -1)
    if shown := reducer.known(inside, ">"):
        return reducer.law("[u>0] = 1", u, factor=rest, reasons=shown)
    if shown := reducer.known(opposite, "≥"):
        return reducer.law("[-u>0] = 0", -u, factor=rest, reasons=shown)
    lead = Fraction(inside[leading(bench, inside)])
    common = {
        key: e
        for key, e in content(bench, inside).items()
        if reducer.known(reducer.ring.normal(bench.power_of(key, 1, depth)), ">")
    }
    if abs(lead) != 1 or common:
        return _scaled(reducer, here, number, abs(lead), common)
    if lead < 0 and (nonzero := reducer.knowledge.not_zero(reducer, opposite)):
        flipped = bench.poly_term(opposite, depth)
        return reducer.law("[-u>0] = 1 - [u>0]", flipped, factor=rest, reasons=nonzero)
    partner = bench.number("positive", opposite)
    if partner in here.powers and partner != number:
        return reducer.law("[u>0][-u>0] = 0", u, factor=here.rest(number, partner))
    return None


def _scaled(
    reducer: Reducer, here: Opened, number: int, lead: Fraction, common: dict[int, int]
) -> Found:
    bench, depth = reducer.bench, here.depth + 1
    u = bench.poly_term(bench.argument(number), depth)
    unit = mul(Num(lead), bench.signed_term(common, depth))
    upside = bench.signed_term({key: -e for key, e in common.items()}, depth)
    rest = reducer.reduce(reducer.ring.normal(mul(Num(1 / lead), upside, u)), depth)
    inner = bench.poly_term(rest.poly, depth)
    steps = reducer.equal_steps(reducer.ring.difference(u, mul(unit, inner)), depth)
    if steps is None:
        return None
    law = reducer.law("[cu>0] = [u>0]", inner, unit, factor=here.rest(number))
    if not steps:
        return law
    return reducer.alike("positive", u, mul(unit, inner), steps, here.rest(number)), law


def excluded(reducer: Reducer, here: Opened) -> Found:
    """The law u [−u > 0] = u − u [u > 0], where the leading term of u stands beside [−u > 0]."""
    bench = reducer.bench
    for number in here.powers:
        if bench.kind(number) != "positive":
            continue
        u = scale(bench.argument(number), -1)
        lead = leading(bench, u)
        if u[lead] < 0 or lead[0] or not lead[1] or any(sizes for sizes, _ in u):
            continue
        if all(here.powers.get(n, 0) >= e for n, e in lead[1]):
            left = dict(here.powers)
            for n, e in ((number, 1), *lead[1]):
                left[n] -= e
            factor = mul(Num(-1 / Fraction(u[lead])), bench.product(left, here.depth))
            return reducer.law("u[u=0] = 0", bench.poly_term(u, here.depth + 1), factor=factor)
    return None


def two_valued(reducer: Reducer, here: Opened) -> Found:
    """y² = y, or y² = 1, where that is assumed."""
    for number, exponent in here.powers.items():
        kind, *parts = reducer.ring.atoms[number]
        if kind == "entry" and exponent > 1 and parts[0] in reducer.knowledge.squares:
            law = reducer.knowledge.squares[parts[0]]
            return Step("hypothesis", (law, *parts[1:]), here.rest(number, number))
    return None


def row_sum(reducer: Reducer, here: Opened) -> Found:
    """Σ_j y[…,j] = 1, where that is assumed, or shown for a name that is kept."""
    bench = reducer.bench
    for number, exponent in here.powers.items():
        kind, *parts = reducer.ring.atoms[number]
        if kind != "entry" or exponent > 1 or len(parts) < 2:
            continue
        known = reducer.knowledge.row_sum_of(parts[0], reducer.opaque)
        last = parts[-1]
        if known is None or last not in here.letters or last.size != known.size:
            continue
        others = [n for n in here.powers if n != number]
        if last in parts[1:-1] or not all(bench.free(n, [last]) for n in others):
            continue
        return Step(known.law, (known.number, *parts[1:-1]), here.rest(number), (last,))
    return None
