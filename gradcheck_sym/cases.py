"""Case distinctions as SymPy functions; SymPy's own Piecewise takes for ever when it is nested.

`if_positive(u, x, y)` is x where u > 0, else y; `if_zero(u, x, y)` is x where u = 0, else y.
The derivative of a case distinction is one of the same u, by the derivatives of x and y. Where u
depends on the variable, that holds off u = 0 alone, and a factor `off_edge` says so, whatever x
and y are: a step has the derivative 0 on both sides, and none where it jumps.
"""

from __future__ import annotations

import sympy


class off_edge(sympy.Function):  # type: ignore[misc]  # noqa: N801 - printed by this name
    """1 where the u of a case distinction is not 0, or 0 everywhere; else not defined.

    It holds the whole distinction, so that two of them cancel only if their cases do.
    """

    nargs = 1


class _Cases(sympy.Function):  # type: ignore[misc]  # SymPy has no types
    nargs = 3
    is_number = False  # SymPy's Max refuses a number that it cannot compare

    def _eval_derivative(self, s: sympy.Expr) -> sympy.Expr:
        u, x, y = self.args
        rise, yes, no = (sympy.diff(argument, s) for argument in (u, x, y))
        moves = rise != 0
        slope = self.func(u, yes, no) if yes != no or (moves and yes == 0) else yes
        if not moves:
            return slope
        jumps = rise.atoms(off_edge)  # where u itself may jump past 0
        return sympy.Mul(off_edge(self), *jumps, slope)


class if_positive(_Cases):  # noqa: N801 - printed by this name
    """x where u > 0, else y."""


class if_zero(_Cases):  # noqa: N801 - the same
    """x where u = 0, else y."""


def derivative(expr: sympy.Expr, by: sympy.Expr) -> sympy.Expr:
    """The derivative; max and min are case distinctions, for SymPy puts ½ where both are equal."""
    return sympy.diff(in_cases(expr), by)


def in_cases(expr: sympy.Expr) -> sympy.Expr:
    """The expression with max and min as case distinctions."""
    return expr.replace(sympy.Max, _largest).replace(sympy.Min, _smallest)


def plain(expr: sympy.Expr) -> sympy.Expr:
    """The expression without a word about edges, as people write it."""
    return expr.replace(off_edge, lambda _: sympy.S.One)


def _largest(*values: sympy.Expr) -> sympy.Expr:
    first, *others = values
    for other in others:
        first = if_positive(other - first, other, first)
    return first


def _smallest(*values: sympy.Expr) -> sympy.Expr:
    return -_largest(*(-value for value in values))
