"""Indicators of what has a sign of its own: of an indicator inside, of e^u − 1."""

from __future__ import annotations

from fractions import Fraction

from gradcheck_sym.checker.laws import HOLE, filled
from gradcheck_sym.checker.polynomial import ONE, Poly, accumulate, scale
from gradcheck_sym.prover.indicators import atoms_of
from gradcheck_sym.prover.reduce import Found, Reducer, function_of
from gradcheck_sym.prover.workbench import Opened, Workbench
from gradcheck_sym.term.terms import Num, Term, Where, apply
from gradcheck_sym.term.walks import rebuilt


def nested(reducer: Reducer, here: Opened) -> Found:
    """[P > 0] = h [P(1) > 0] + (1 − h) [P(0) > 0] for h = [v > 0] in P, if both are simple."""
    bench = reducer.bench
    for number in here.powers:
        if bench.kind(number) != "positive":
            continue
        inside = bench.argument(number)
        for inner in atoms_of(inside):
            if bench.kind(inner) != "positive":
                continue
            v = bench.argument(inner)
            if all(_is_simple(bench, _with(inside, inner, value), v) for value in (0, 1)):
                term = bench.atom_term(inner, here.depth + 1)
                assert isinstance(term, Where)
                value = _with_hole(bench.poly_term(inside, here.depth + 1), reducer, inner)
                function = filled(function_of("positive"), value)
                return reducer.law("by cases", term.u, function, factor=here.rest(number))
    return None


def _is_simple(bench: Workbench, poly: Poly, v: Poly) -> bool:
    """Whether the sign of a polynomial is said by that of v, or by that of an exponent."""
    return not poly or poly in (v, scale(v, -1)) or _exponent(bench, poly) is not None


def exponential_above_one(reducer: Reducer, here: Opened) -> Found:
    """[c e^u − c > 0] = [u > 0], for a number c > 0."""
    bench = reducer.bench
    for number in here.powers:
        if bench.kind(number) != "positive":
            continue
        inside = bench.argument(number)
        u = _exponent(bench, inside)
        if u is None:
            continue
        c = Fraction(-inside[ONE])
        exponent = bench.poly_term(u, here.depth + 2)
        law = reducer.law("[e^u-1>0] = [u>0]", exponent, factor=here.rest(number))
        if c == 1:
            return law
        scaled = apply("exp", exponent) - 1, Num(c)
        return reducer.law("[cu>0] = [u>0]", *scaled, factor=here.rest(number)), law
    return None


def _exponent(bench: Workbench, poly: Poly) -> Poly | None:
    """The u of a polynomial c e^u − c, c > 0."""
    rest = {monomial: c for monomial, c in poly.items() if monomial != ONE}
    match list(rest.items()):
        case [(((), ((number, 1),)), c)] if bench.kind(number) == "exp" and c > 0:
            return bench.argument(number) if poly.get(ONE) == -c else None
    return None


def _with(poly: Poly, number: int, value: int) -> Poly:
    """The polynomial with 0 or 1 for an atom."""
    found: Poly = {}
    for (sizes, factors), coefficient in poly.items():
        left = tuple(factor for factor in factors if factor[0] != number)
        if value or left == factors:
            accumulate(found, (sizes, left), coefficient)
    return found


def _with_hole(value: Term, reducer: Reducer, number: int) -> Term:
    """The term with the hole in place of an indicator."""

    def put(part: Term) -> Term:
        if isinstance(part, Where):
            ((_, ((own, _),)),) = reducer.ring.normal(part)
            if own == number:
                return HOLE
        return rebuilt(part, put)

    return put(value)
