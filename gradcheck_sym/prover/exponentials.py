"""Rules for exponentials: sums, multiples and logarithms in exponents, and names for them."""

from __future__ import annotations

from fractions import Fraction

from gradcheck_sym.checker.polynomial import Monomial
from gradcheck_sym.checker.proof import Step
from gradcheck_sym.prover.reduce import Found, Reducer
from gradcheck_sym.prover.workbench import Opened
from gradcheck_sym.term.terms import Num, apply

MOST_POWER = 64


def exponential(reducer: Reducer, here: Opened) -> Found:
    """e^(u+v), e^(ku) and e^(ln u) taken apart, and e^u e^-u = 1."""
    bench = reducer.bench
    for number in here.powers:
        if bench.kind(number) != "exp":
            continue
        terms = list(bench.argument(number).items())
        (monomial, coefficient), *others = terms
        if others:
            u, v = (bench.poly_term(dict(part), here.depth + 1) for part in (terms[:1], terms[1:]))
            return reducer.law("e^(u+v) = e^u e^v", u, v, factor=here.rest(number))
        if step := _of_logarithm(reducer, here, number, monomial, Fraction(coefficient)):
            return step
        unit = Fraction(1 if coefficient > 0 else -1, reducer.knowledge.denominator(monomial))
        times = Fraction(coefficient) / unit
        if times.denominator == 1 and 1 < times <= MOST_POWER:
            u = bench.poly_term({monomial: unit}, here.depth + 1)
            return reducer.law("e^(ku) = (e^u)^k", u, int(times), factor=here.rest(number))
        opposite = bench.number("exp", {monomial: -coefficient})
        if opposite in here.powers:
            u, v = (bench.poly_term(bench.argument(n), here.depth + 1) for n in (number, opposite))
            return reducer.law("e^(u+v) = e^u e^v", u, v, factor=-here.rest(number, opposite))
    return None


def _of_logarithm(
    reducer: Reducer, here: Opened, number: int, monomial: Monomial, coefficient: Fraction
) -> Found:
    """e^(k ln u) = u^k."""
    match monomial:
        case ((), ((inner, 1),)) if reducer.bench.kind(inner) == "log":
            u = reducer.bench.poly_term(reducer.bench.argument(inner), here.depth + 2)
        case _:
            return None
    log = apply("log", u)
    half = Num(Fraction(1, 2)) * log
    if coefficient == Fraction(1, 2) and here.powers[number] > 1:
        factor = -here.rest(number, times=2)
        return reducer.law("e^(ku) = (e^u)^k", half, 2, factor=factor)
    if coefficient == Fraction(1, 2):
        return reducer.law("√(uu) = |u|", apply("exp", half), factor=-here.rest(number))
    if coefficient.denominator == 2 and 0 < coefficient <= MOST_POWER:
        power = int(2 * coefficient)
        return reducer.law("e^(ku) = (e^u)^k", half, power, factor=here.rest(number))
    if coefficient == 1:
        return reducer.law("e^ln u = u", u, factor=here.rest(number))
    if coefficient < 0:
        positive = Num(-coefficient) * log
        return reducer.law("1/e^u = e^-u", positive, factor=-here.rest(number))
    if coefficient.denominator == 1 and coefficient <= MOST_POWER:
        return reducer.law("e^(ku) = (e^u)^k", log, int(coefficient), factor=here.rest(number))
    return None


def relation(reducer: Reducer, here: Opened) -> Found:
    """e^(gz) in the name that it stands in, by a lemma: e^-z = 1/a − 1 for the sigmoid."""
    bench = reducer.bench
    for number in here.powers:
        if bench.kind(number) != "exp":
            continue
        match list(bench.argument(number).items()):
            case [(((), ((inner, 1),)), coefficient)] if bench.kind(inner) == "entry":
                _, name, *indices = reducer.ring.atoms[inner]
            case _:
                continue
        found = reducer.knowledge.exponential_of(name, indices, reducer.opaque)
        if found is None:
            continue
        known, letters = found
        times = Fraction(coefficient) / known.exponent
        z = bench.atom_term(inner, here.depth)
        if times == 1:
            return Step("lemma", (known.lemma, *letters), here.rest(number))
        whole = 1 / times
        if whole.denominator == 1 and 1 < whole <= here.powers[number]:
            factor = -here.rest(number, times=int(whole))
            return reducer.law("e^(ku) = (e^u)^k", Num(coefficient) * z, int(whole), factor=factor)
        if times.denominator == 1 and 1 < times <= MOST_POWER:
            u = Num(known.exponent) * z
            return reducer.law("e^(ku) = (e^u)^k", u, int(times), factor=here.rest(number))
        if times.denominator == 1 and -MOST_POWER <= times < 0:
            u = Num(-coefficient) * z
            return reducer.law("1/e^u = e^-u", u, factor=-here.rest(number))
    return None
