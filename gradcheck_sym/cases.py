"""Case distinctions as SymPy functions; SymPy's own Piecewise takes for ever when it is nested.

`if_positive(u, x, y)` is x where u > 0, else y; `if_zero(u, x, y)` is x where u = 0, else y.
Their derivatives hold where u ≠ 0, and SymPy's Heaviside(u) in them says so: nothing is
claimed of the kink u = 0 itself.
"""

from __future__ import annotations

import sympy


class if_positive(sympy.Function):  # type: ignore[misc]  # noqa: N801 - printed by this name
    """x where u > 0, else y."""

    nargs = 3
    is_number = False  # SymPy's Max refuses a number that it cannot compare

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The partial derivative by u, x or y, off the kink."""
        u = self.args[0]
        return (sympy.S.Zero, sympy.Heaviside(u), sympy.Heaviside(-u))[argindex - 1]


class if_zero(sympy.Function):  # type: ignore[misc]  # noqa: N801 - the same
    """x where u = 0, else y."""

    nargs = 3
    is_number = False  # the same

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The partial derivative by u, x or y, where u is not zero."""
        u = self.args[0]
        off = sympy.Heaviside(u) + sympy.Heaviside(-u)  # 1, where it is defined
        return (sympy.S.Zero, sympy.S.Zero, off)[argindex - 1]
