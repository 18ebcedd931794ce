"""The rules: each finds the left side of a law in a monomial, and gives the step that uses it.

Whether a step holds is the checker's business; here only the order matters.
"""

from __future__ import annotations

from fractions import Fraction

from gradcheck_sym.checker.polynomial import scale
from gradcheck_sym.checker.proof import Step
from gradcheck_sym.prover.factored import out_of
from gradcheck_sym.prover.quotients import leading, quotient
from gradcheck_sym.prover.reduce import Found, Reducer, function_of
from gradcheck_sym.prover.workbench import Opened
from gradcheck_sym.term.terms import Num

OPAQUE = ("entry", "size", "pi", "delta")


def definition(reducer: Reducer, here: Opened) -> Found:
    """A name that is not kept is what it is defined as."""
    definitions = reducer.knowledge.statement.definitions
    for number in here.powers:
        kind, *parts = reducer.ring.atoms[number]
        if kind == "entry" and parts[0] in definitions and parts[0] not in reducer.opaque:
            return Step("definition", tuple(parts), here.rest(number))
    return None


def argument(reducer: Reducer, here: Opened) -> Found:
    """What stands inside a function is made simpler first."""
    for number in here.powers:
        kind = reducer.bench.kind(number)
        if kind not in OPAQUE and (simpler := reducer.simpler(number, here.depth)):
            value, because = simpler
            u = reducer.bench.poly_term(reducer.bench.argument(number), here.depth + 1)
            terms = function_of(kind), u, value
            return Step("f(u) = f(v)", terms, here.rest(number), (), (because,))
    return None


def inverse(reducer: Reducer, here: Opened) -> Found:
    """The inverse of a product, taken apart into those of its factors, and of what is simple."""
    bench = reducer.bench
    for number in here.powers:
        if bench.kind(number) != "inv":
            continue
        inside = bench.argument(number)
        rest = here.rest(number)
        if len(inside) == 1:
            ((sizes, factors), coefficient) = next(iter(inside.items()))
            if coefficient != 1:
                v = bench.poly_term({(sizes, factors): 1}, here.depth + 1)
                return reducer.law("1/(uv) = 1/u 1/v", Num(coefficient), v, factor=rest)
            if sizes:
                continue
            (first, exponent), *others = factors
            if exponent > 1 or others:
                left = ((first, exponent - 1), *others) if exponent > 1 else tuple(others)
                u = bench.atom_term(first, here.depth)
                v = bench.product(dict(left), here.depth)
                return reducer.law("1/(uv) = 1/u 1/v", u, v, factor=rest)
            if bench.kind(first) in ("inv", "exp", "sqrt"):
                u = bench.poly_term(bench.argument(first), here.depth + 2)
                law = {"inv": "1/(1/u) = u", "exp": "1/e^u = e^-u", "sqrt": "1/√u = √u/u"}
                return reducer.law(law[bench.kind(first)], u, factor=rest)
        elif step := out_of(reducer, here, number, inside, "1/(uv) = 1/u 1/v"):
            return step
    return None


def cancelled(reducer: Reducer, here: Opened) -> Found:
    """The laws u · 1/u = 1, for an atom and its inverse, and D · 1/D where D's leading term is."""
    bench = reducer.bench
    for number in here.powers:
        if bench.kind(number) != "inv":
            continue
        key, _ = bench.generator(number)
        if key in here.powers:
            u = bench.atom_term(key, here.depth)
            return reducer.law("u/u = 1", u, factor=here.rest(key, number))
    for number in here.powers:
        if bench.kind(number) == "inv" and (found := quotient(bench, here, number)):
            u = bench.poly_term(bench.argument(number), here.depth + 1)
            return reducer.law("u/u = 1", u, factor=found)
    return None


def odd(reducer: Reducer, here: Opened) -> Found:
    """erf(−u) = −erf(u)."""
    bench = reducer.bench
    for number in here.powers:
        if bench.kind(number) == "erf":
            inside = bench.argument(number)
            if not inside:
                return reducer.law(
                    "erf(-u) = -erf u", Num(0), factor=here.rest(number) * Num(Fraction(1, 2))
                )
            if inside[leading(bench, inside)] < 0:
                u = bench.poly_term(scale(inside, -1), here.depth + 1)
                return reducer.law("erf(-u) = -erf u", u, factor=here.rest(number))
    return None
