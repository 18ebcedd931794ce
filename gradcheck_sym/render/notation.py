"""SymPy expressions in the source's notation, on one line, in Unicode or in ASCII.

`A_h[1, 2]` reads a_h[1,2], `delta_out` reads δ_out, the logarithm ln, a product a·b.
"""

from __future__ import annotations

import sympy
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from gradcheck_sym.cases import as_function, if_zero
from gradcheck_sym.render.order import (
    divides,
    pulled_sign,
    reading_factors,
    signed_terms,
)
from gradcheck_sym.render.signs import ascii_only, takes_unicode
from gradcheck_sym.steps import Place

_SUBSCRIPTS = dict(zip("0123456789ijklrsuv=", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗᵣₛᵤᵥ₌", strict=True))
_SUPERSCRIPTS = dict(zip("0123456789dmnt", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵈᵐⁿᵗ", strict=True))
_PRETTY = str.maketrans({"*": "·", "-": "−"})


class Notation:
    """How formulas and signs are written; `unicode` says whether the output can take it."""

    def __init__(self, unicode: bool) -> None:
        self.unicode = unicode
        self._printer = _Printer(unicode)

    def formula(self, expr: sympy.Basic) -> str:
        """The expression on one line."""
        text: str = self._printer.doprint(expr)
        return text.translate(_PRETTY) if self.unicode else text

    def partial(self, top: Place, bottom: Place) -> str:
        """∂top/∂bottom."""
        return self.plain(f"∂{self.formula(top.expr)}/∂{self.formula(bottom.expr)}")

    def name(self, array: str) -> str:
        """The name of an array: δ_out for delta_out."""
        return array.replace("delta", "δ") if self.unicode else array

    def plain(self, text: str) -> str:
        """Prose with the signs that the output can take."""
        return text if self.unicode else ascii_only(text)


def notation_for(encoding: str | None) -> Notation:
    """Unicode where the encoding can take it, else ASCII."""
    return Notation(unicode=takes_unicode(encoding))


class _Printer(StrPrinter):  # type: ignore[misc]  # SymPy has no types
    printmethod = "_notation"  # SymPy's classes know _sympystr, which would come first

    def __init__(self, unicode: bool) -> None:
        super().__init__({"order": "none"})
        self._unicode = unicode

    def _print_Indexed(self, expr: sympy.Indexed) -> str:
        name = expr.base.name.replace("delta", "δ") if self._unicode else expr.base.name
        return f"{name[0].lower()}{name[1:]}[{','.join(map(self._print, expr.indices))}]"

    def _print_Add(self, expr: sympy.Add) -> str:
        terms = signed_terms(expr, self._print)
        text = "".join(f" {sign} {self._term(term)}" for sign, term in terms)
        return text.removeprefix(" + ") if text.startswith(" + ") else f"-{text[3:]}"

    def _term(self, expr: sympy.Expr) -> str:
        return str(self.parenthesize(expr, PRECEDENCE["Add"] + 1))

    def _print_if_positive(self, expr: sympy.Expr) -> str:
        if function := as_function(expr):
            name, arguments = function
            return f"{name}({', '.join(map(self._print, arguments))})"
        value, yes, no = map(self._print, expr.args)
        sign = "=" if isinstance(expr, if_zero) else ">"
        if expr.args[1:] == (1, 0):
            return f"[{value}{sign}0]"
        return f"where({value} {sign} 0, {yes}, {no})"

    _print_if_zero = _print_if_positive

    def _print_Symbol(self, expr: sympy.Symbol) -> str:
        return "λ" if self._unicode and expr.name == "lam" else str(expr.name)

    def _print_Pi(self, expr: sympy.Expr) -> str:  # noqa: ARG002 - a printer's method
        return "π" if self._unicode else "pi"

    def _print_log(self, expr: sympy.log) -> str:
        return f"ln({self._print(expr.args[0])})"

    def _print_exp(self, expr: sympy.exp) -> str:
        return f"e^{self.parenthesize(expr.exp, PRECEDENCE['Pow'])}"

    def _print_Pow(self, expr: sympy.Pow, rational: bool = False) -> str:
        return str(super()._print_Pow(expr, rational)).replace("**", "^")

    def _print_Mul(self, expr: sympy.Mul) -> str:
        if any(map(divides, expr.args)):
            return str(super()._print_Mul(expr)).replace("**", "^")
        coefficient, factors = expr.as_coeff_mul()
        shown = [self.parenthesize(a, PRECEDENCE["Mul"]) for a in reading_factors(factors)]
        if abs(coefficient) != 1:
            shown.insert(0, self.parenthesize(abs(coefficient), PRECEDENCE["Mul"]))
        return ("-" if coefficient < 0 else "") + "*".join(shown)

    def _print_Sum(self, expr: sympy.Sum) -> str:
        sign, body = pulled_sign(expr)
        text = self._print(body)
        text = f"[{text}]" if body.is_Add else text
        return sign + "".join(self._limit(*limit) for limit in reversed(expr.limits)) + text

    def _limit(self, index: sympy.Symbol, low: sympy.Expr, high: sympy.Expr) -> str:
        below, above = f"{index}={low}", str(high)
        if self._unicode and set(below) <= set(_SUBSCRIPTS) and set(above) <= set(_SUPERSCRIPTS):
            subscript = "".join(_SUBSCRIPTS[c] for c in below)
            return f"Σ{subscript}{''.join(_SUPERSCRIPTS[c] for c in above)} "
        return f"{'Σ' if self._unicode else 'Sum'}[{below}..{above}] "

    def _print_Relational(self, expr: sympy.Rel) -> str:
        signs = {"!=": "≠", "<=": "≤", ">=": "≥"} if self._unicode else {}
        sign = {"==": "=", **signs}.get(expr.rel_op, expr.rel_op)
        return f"{self._print(expr.lhs)} {sign} {self._print(expr.rhs)}"
