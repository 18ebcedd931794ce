"""Case distinctions as SymPy functions; SymPy's own Piecewise takes for ever when it is nested."""

from __future__ import annotations

import sympy


class _Cases(sympy.Function):  # type: ignore[misc]  # SymPy has no types
    nargs = 3
    is_number = False  # SymPy's Max refuses a number that it cannot compare


class if_positive(_Cases):  # noqa: N801 - printed by this name
    """x where u > 0, else y."""


class if_zero(_Cases):  # noqa: N801 - the same
    """x where u = 0, else y."""


def as_function(expr: sympy.Expr) -> tuple[str, tuple[sympy.Expr, ...]] | None:
    """The max, min or abs that a case distinction is: its name and its arguments, numbers first.

    >>> u, v = sympy.symbols("u v")
    >>> as_function(if_positive(u - v, u, v)), as_function(if_positive(u, u, -u))
    (('max', (u, v)), ('abs', (u,)))
    """
    if not isinstance(expr, if_positive):
        return None
    u, yes, no = expr.args
    if u == yes == -no:
        return "abs", (u,)
    arguments = (no, yes) if no.is_number else (yes, no)
    if u == yes - no:
        return "max", arguments
    return ("min", arguments) if u == no - yes else None
