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
