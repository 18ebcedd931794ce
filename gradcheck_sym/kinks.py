"""What happens where an activation or a loss has a kink: stated, not averaged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import sympy

from gradcheck_sym.arrays import Array, Map
from gradcheck_sym.cases import derivative, if_positive, if_zero, in_cases, off_edge, plain
from gradcheck_sym.network import Network
from gradcheck_sym.shapes import letters
from gradcheck_sym.steps import Kink

TINY = 1e-9


def kinks(network: Network, conditions: Iterable[sympy.Rel]) -> Iterator[Kink]:
    """The kinks that these conditions leave out, through the network, the loss's last."""
    left_out = {_without_indices(condition.lhs) for condition in conditions}
    for kink in _all(network):
        if not left_out.isdisjoint({_without_indices(kink.where), _without_indices(-kink.where)}):
            yield kink


def _without_indices(expr: sympy.Expr) -> sympy.Expr:
    return expr.xreplace({entry: entry.base.label for entry in expr.atoms(sympy.Indexed)})


def _all(network: Network) -> Iterator[Kink]:
    for layer in network.structure:
        definition = network.named(layer.after).definition
        if isinstance(definition, Map):
            yield from _of(layer.activation, definition, 0)
    for part in _maps(network.named("J").definition):
        yield from _of(network.loss, part, len(part.operands) - 1)


def _maps(array: Array) -> Iterator[Map]:
    """The maps of Y and A_out that the loss is made of."""
    names = [getattr(operand, "name", "") for operand in array.operands]
    if isinstance(array, Map) and "A_out" in names:
        yield array
    for operand in array.operands if "A_out" not in names else ():
        yield from _maps(operand)


def _of(what: str, function: Map, k: int) -> Iterator[Kink]:
    """The kinks of an element-wise function in its k-th operand; u and −u are the same kink."""
    by, value = function.symbols[k], in_cases(function.body)
    slope = derivative(value, by)
    edges = sorted(slope.atoms(off_edge), key=str)
    for u in dict.fromkeys(_oriented(edge.args[0].args[0]) for edge in edges):
        slopes = [_on_side(plain(slope), u, share) for share in (0, 1, sympy.S.Half)]
        values = [_on_side(value, u, share) for share in (0, 1)]
        kind, rise = "unknown", sympy.diff(u, by)
        if rise != 0 and not rise.has(by, off_edge):
            here = {by: -u.xreplace({by: sympy.S.Zero}) / rise}
            slopes = [_reduced(slope.subs(here)) for slope in slopes]
            values = [_reduced(v.subs(here)) for v in (*values, _at_edge(value, u))]
            kind = _kind(values, slopes[:2])
        entry = letters(function.shape)
        sides = (Map(e, function.symbols, function.operands)[entry] for e in (u, *slopes))
        where, below, above, half = sides
        yield Kink(what, where, below, above, half, kind)


def _kind(values: list[sympy.Expr], slopes: list[sympy.Expr]) -> str:
    """What the values below, above and at the edge, and the slopes below and above, make of it."""
    below, above, there = values
    gaps = sympy.expand(above - below), sympy.expand(there - below)
    if any(gap != 0 for gap in gaps):
        return "jump" if any(map(_surely_not_zero, gaps)) else "unknown"
    gap = sympy.expand(slopes[1] - slopes[0])
    return "smooth" if gap == 0 else "kink" if _surely_not_zero(gap) else "unknown"


def _surely_not_zero(gap: sympy.Expr) -> bool:
    """Whether it is not zero where all symbols have one simple value."""
    number = gap.xreplace(dict.fromkeys(gap.free_symbols, sympy.Rational(3, 7))).evalf()
    return bool(number.is_number and number.is_comparable and abs(number) > TINY)


def _reduced(expr: sympy.Expr) -> sympy.Expr:
    """The expression with its decided cases decided."""
    return expr.replace(if_positive, _decided).replace(if_zero, _decided_zero)


def _decided(u: sympy.Expr, yes: sympy.Expr, no: sympy.Expr) -> sympy.Expr:
    return if_positive(u, yes, no) if not u.is_number else yes if u.is_positive else no


def _decided_zero(u: sympy.Expr, yes: sympy.Expr, no: sympy.Expr) -> sympy.Expr:
    return if_zero(u, yes, no) if not u.is_number else yes if u.is_zero else no


def _oriented(u: sympy.Expr) -> sympy.Expr:
    return -u if u.could_extract_minus_sign() else u


def _on_side(expr: sympy.Expr, u: sympy.Expr, share: sympy.Expr) -> sympy.Expr:
    """The value where u > 0 (share 1) or u < 0 (share 0), or such a share of both."""

    def side(v: sympy.Expr, yes: sympy.Expr, no: sympy.Expr) -> sympy.Expr:
        if v not in (u, -u):
            return if_positive(v, yes, no)
        above, below = (yes, no) if v == u else (no, yes)
        return below if yes == no else share * above + (1 - share) * below

    def off(v: sympy.Expr, yes: sympy.Expr, no: sympy.Expr) -> sympy.Expr:
        return no if v in (u, -u) else if_zero(v, yes, no)

    return expr.replace(if_positive, side).replace(if_zero, off)


def _at_edge(expr: sympy.Expr, u: sympy.Expr) -> sympy.Expr:
    """The value where u = 0."""

    def edge(cases: type[sympy.Function], v: sympy.Expr, *values: sympy.Expr) -> sympy.Expr:
        return cases(v, *values) if v not in (u, -u) else values[cases is if_positive]

    return expr.replace(if_positive, partial(edge, if_positive)).replace(
        if_zero, partial(edge, if_zero)
    )
