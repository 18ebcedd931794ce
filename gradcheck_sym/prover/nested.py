"""An indicator inside an indicator, as in [max(u, 0) > 0], which is [u > 0]."""

from __future__ import annotations

from gradcheck_sym.checker.laws import HOLE, filled
from gradcheck_sym.checker.polynomial import Poly, accumulate, scale
from gradcheck_sym.prover.indicators import atoms_of
from gradcheck_sym.prover.reduce import Found, Reducer, function_of
from gradcheck_sym.prover.workbench import Opened
from gradcheck_sym.term.terms import Term, Where
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
            simple: tuple[Poly, ...] = ({}, v, scale(v, -1))
            if all(_with(inside, inner, value) in simple for value in (0, 1)):
                term = bench.atom_term(inner, here.depth + 1)
                assert isinstance(term, Where)
                value = _with_hole(bench.poly_term(inside, here.depth + 1), reducer, inner)
                function = filled(function_of("positive"), value)
                return reducer.law("by cases", term.u, function, factor=here.rest(number))
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
