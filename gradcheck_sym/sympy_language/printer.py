"""SymPy expressions as formulas of the language, which NumPy runs as they are."""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy.printing.numpy import NumPyPrinter

from gradcheck_sym.cases import if_zero


def written(expr: sympy.Expr, names: Mapping[str, str] | None = None) -> str:
    """The formula, with other names for some symbols."""
    symbols = {sympy.Symbol(old): sympy.Symbol(new) for old, new in (names or {}).items()}
    return str(_Printer().doprint(expr.xreplace(symbols)))


class _Printer(NumPyPrinter):  # type: ignore[misc]  # SymPy has no types
    def __init__(self) -> None:
        super().__init__({"fully_qualified_modules": True})

    def _module_format(self, fqn: str, register: bool = True) -> str:
        return str(super()._module_format(fqn, register)).replace("numpy.", "np.")

    def _print_Symbol(self, expr: sympy.Symbol) -> str:
        return str(expr.name)

    def _print_if_positive(self, expr: sympy.Expr) -> str:
        sign = "==" if isinstance(expr, if_zero) else ">"
        value, yes, no = map(self._print, expr.args)
        return f"np.where({value} {sign} 0, {yes}, {no})"

    _print_if_zero = _print_if_positive

    def _print_Heaviside(self, expr: sympy.Heaviside) -> str:
        return f"np.where({self._print(expr.args[0])} > 0, 1, 0)"

    def _print_Max(self, expr: sympy.Max) -> str:
        return self._nested("np.maximum", expr)

    def _print_Min(self, expr: sympy.Min) -> str:
        return self._nested("np.minimum", expr)

    def _nested(self, function: str, expr: sympy.Expr) -> str:
        first, *others = map(self._print, expr.args)
        for other in others:
            first = f"{function}({first}, {other})"
        return str(first)

    def _print_erf(self, expr: sympy.erf) -> str:
        return f"erf({self._print(expr.args[0])})"

    def _print_Pi(self, expr: sympy.Expr) -> str:  # noqa: ARG002 - a printer's method
        return "np.pi"
