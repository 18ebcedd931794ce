"""The rules: each finds the left side of a law in a monomial, and gives the step that uses it.

Whether a step holds is the checker's business; here only the order matters.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from gradcheck_sym.checker.proof import Step
from gradcheck_sym.checker.ring import ONE as UNIT
from gradcheck_sym.checker.ring import Factors, Monomial, Poly, scale
from gradcheck_sym.prover.quotients import content, leading, quotient
from gradcheck_sym.prover.reduce import Found, Reducer, function_of
from gradcheck_sym.prover.roots import primes, square_root
from gradcheck_sym.prover.workbench import Opened
from gradcheck_sym.term.terms import Apply, Num, Term, apply, mul

OPAQUE = ("entry", "size", "pi", "delta")
MOST_POWER = 64


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
        known = reducer.knowledge.exponential_of(name, reducer.opaque)
        if known is None:
            continue
        times = Fraction(coefficient) / known.exponent
        z = bench.atom_term(inner, here.depth)
        if times == 1:
            return Step("lemma", (known.lemma, *indices), here.rest(number))
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
        elif step := _out_of(reducer, here, number, inside, "1/(uv) = 1/u 1/v"):
            return step
    return None


def _out_of(reducer: Reducer, here: Opened, number: int, inside: Poly, law: str) -> Found:
    """Take the common factors and the leading coefficient out of a function's argument."""
    bench = reducer.bench
    common = content(bench, inside)
    lead = inside[leading(bench, inside)]
    if not common and lead == 1:
        return None
    depth = here.depth + 1
    unit = bench.signed_term(common, depth) if common else Num(1)
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


def root(reducer: Reducer, here: Opened) -> Found:
    """√u √u = u, and the root of a product, of a square, of a number."""
    bench = reducer.bench
    for number, exponent in here.powers.items():
        if bench.kind(number) != "sqrt":
            continue
        inside = bench.argument(number)
        u = bench.poly_term(inside, here.depth + 1)
        if exponent > 1:
            return reducer.law("√u √u = u", u, factor=here.rest(number, number))
        if step := _root(reducer, here, number, inside):
            return step
    return None


def _root(reducer: Reducer, here: Opened, number: int, inside: Poly) -> Found:
    bench, rest, depth = reducer.bench, here.rest(number), here.depth + 1
    if inside.keys() <= {UNIT}:
        return _root_of_number(reducer, Fraction(inside.get(UNIT, 0)), rest)
    if whole := square_root(bench, inside):
        return reducer.law("√(uu) = |u|", bench.poly_term(whole, depth), factor=rest)
    if len(inside) > 1:
        return _positive_out_of(reducer, here, number, inside, "√(uv) = √u √v")
    (((sizes, factors), coefficient),) = inside.items()
    if abs(coefficient) != 1:
        v = bench.poly_term({(sizes, factors): 1 if coefficient > 0 else -1}, depth)
        unit = Num(abs(Fraction(coefficient)))
        return reducer.law("√(uv) = √u √v", unit, v, factor=rest)
    if sizes or (len(factors) == 1 and coefficient < 0):
        return None
    if len(factors) == 1:
        return _root_of_atom(reducer, here, number, factors)
    for atom, exponent in factors:
        even = exponent - exponent % 2
        if even and (len(factors) > 1 or exponent > even):
            u = bench.product({atom: even}, depth)
            left = {n: e - even if n == atom else e for n, e in factors}
            return reducer.law(
                "√(uv) = √u √v", u, bench.product(left, depth, coefficient), factor=rest
            )
        if reducer.known({((), ((atom, 1),)): 1}, ">"):
            left = {n: 0 if n == atom else e for n, e in factors}
            u, v = bench.product({atom: exponent}, depth), bench.product(left, depth, coefficient)
            return reducer.law("√(uv) = √u √v", u, v, factor=rest)
    return None


def _root_of_atom(reducer: Reducer, here: Opened, number: int, factors: Factors) -> Found:
    bench = reducer.bench
    ((atom, exponent),) = factors
    if exponent > 2:
        u, v = bench.product({atom: exponent - 1}, here.depth), bench.atom_term(atom, here.depth)
        return reducer.law("√(uv) = √u √v", u, v, factor=here.rest(number))
    if exponent == 1 and bench.kind(atom) == "inv":
        u = bench.poly_term(bench.argument(atom), here.depth + 2)
        return reducer.law("√(1/u) = 1/√u", u, factor=here.rest(number))
    if exponent == 1 and bench.kind(atom) == "exp":
        half = scale(bench.argument(atom), Fraction(1, 2))
        base = Apply("exp", bench.poly_term(half, here.depth + 2))
        return reducer.law("√(uu) = |u|", base, factor=here.rest(number))
    return None


def _root_of_number(reducer: Reducer, value: Fraction, rest: Term) -> Found:
    if value <= 0:
        return None
    above, below = isqrt(value.numerator), isqrt(value.denominator)
    if above**2 == value.numerator and below**2 == value.denominator:
        return reducer.law("√(uu) = |u|", Num(Fraction(above, below)), factor=rest)
    if value.denominator > 1:
        whole = Num(value.numerator * value.denominator)
        square = Num(Fraction(1, value.denominator**2))
        return reducer.law("√(uv) = √u √v", square, whole, factor=rest)
    found = primes(value.numerator)
    if len(found) > 1 or found[0][1] > 1:
        p, e = found[0]
        first = p ** (e - e % 2 or 1)
        return reducer.law("√(uv) = √u √v", Num(first), Num(Fraction(value, first)), factor=rest)
    return None


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
        return _positive_out_of(reducer, here, number, inside, "ln uv = ln u + ln v")
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
        if reducer.known({((), ((atom, 1),)): 1}, ">") and (
            exponent == 1 or reducer.known(others, ">")
        ):
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


def _positive_out_of(reducer: Reducer, here: Opened, number: int, inside: Poly, law: str) -> Found:
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
