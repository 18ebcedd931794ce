"""Rules for roots: of squares, of products, of numbers."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from gradcheck_sym.checker.polynomial import ONE as UNIT
from gradcheck_sym.checker.polynomial import Factors, Poly, scale
from gradcheck_sym.prover.factored import positive_out_of
from gradcheck_sym.prover.reduce import Found, Reducer
from gradcheck_sym.prover.roots import primes, square_root
from gradcheck_sym.prover.workbench import Opened
from gradcheck_sym.term.terms import Apply, Num, Term


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
        return positive_out_of(reducer, here, number, inside, "√(uv) = √u √v")
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
    if value < 0:
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
