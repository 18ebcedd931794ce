"""The rules: each finds the left side of a law in a monomial, and gives the step that uses it.

Whether a step holds is the checker's business; here only the order matters.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from gradcheck_sym.checker.proof import Step
from gradcheck_sym.prover.factored import out_of
from gradcheck_sym.prover.quotients import quotient
from gradcheck_sym.prover.reduce import Found, Reducer, function_of
from gradcheck_sym.prover.workbench import Opened
from gradcheck_sym.term.terms import ONE, Entry, Num

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
            if step := _unfolded(reducer, here, number, first):
                return step
            if bench.kind(first) in ("inv", "exp", "sqrt"):
                u = bench.poly_term(bench.argument(first), here.depth + 2)
                law = {"inv": "1/(1/u) = u", "exp": "1/e^u = e^-u", "sqrt": "1/√u = √u/u"}
                return reducer.law(law[bench.kind(first)], u, factor=rest)
        elif step := out_of(reducer, here, number, inside, "1/(uv) = 1/u 1/v"):
            return step
    return None


def _unfolded(reducer: Reducer, here: Opened, number: int, inside: int) -> Found:
    """1/p is 1/(e/s) where p is defined as e/s and e stands beside it, so that e cancels."""
    kind, *parts = reducer.ring.atoms[inside]
    definitions = reducer.knowledge.statement.definitions
    if kind != "entry" or parts[0] not in definitions:
        return None
    name, *indices = parts
    value = definitions[name].at(tuple(indices))
    poly = reducer.ring.normal(value)
    (monomial, *others) = poly or [((), ())]
    sizes, factors = monomial
    if (
        others
        or sizes
        or not any(n in here.powers for n, _ in factors if reducer.bench.kind(n) != "inv")
    ):
        return None
    by = Step("definition", tuple(parts), ONE)
    return reducer.alike("inv", Entry(name, tuple(indices)), value, (by,), here.rest(number))


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
    return next(
        (step for n in here.powers if bench.kind(n) == "inv" and (step := _sum(reducer, here, n))),
        None,
    )


def _sum(reducer: Reducer, here: Opened, number: int) -> Found:
    """The law D · 1/D = 1 for D = Σ_j e_j, where e_j stands beside 1/D under a sum over j."""
    bench = reducer.bench
    divisor = bench.argument(number)
    if len(divisor) != 1:
        return None
    ((monomial, coefficient),) = divisor.items()
    if len(monomial[0]) != 1:
        return None
    for letter in here.letters:
        if letter.size != monomial[0][0] or not bench.free(number, [letter]):
            continue
        scale_of, powers = reducer.ring.opened(monomial, (letter,))
        left = dict(here.powers)
        left[number] -= 1
        for n, e in powers:
            left[n] = left.get(n, 0) - e
        others = [n for n, e in left.items() if e]
        if any(e < 0 for e in left.values()) or not all(bench.free(n, [letter]) for n in others):
            continue
        unit = Fraction(1) / (Fraction(coefficient) * Fraction(scale_of))
        u = bench.poly_term(divisor, here.depth + 1)
        factor = bench.product({n: left[n] for n in others}, here.depth, unit)
        return replace(reducer.law("u/u = 1", u, factor=factor), sums=(letter,))
    return None
