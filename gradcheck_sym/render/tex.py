r"""SymPy expressions as LaTeX in the source's notation: w_{k,j}^{(out)}, a_k^{(h)[i]}, \delta_j.

The first index of an array with a row an example is written as the superscript [i]; with
one example it is left out, as in the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import sympy
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE

from gradcheck_sym.cases import as_function, if_zero
from gradcheck_sym.render.order import (
    divides,
    pulled_sign,
    reading_factors,
    signed_terms,
)
from gradcheck_sym.report import Report
from gradcheck_sym.sizes import ARRAY, Size
from gradcheck_sym.steps import Matrix, Place, Stage


class Tex:
    """Formulas for LaTeX and for Markdown; `one_example` leaves the superscript [1] out."""

    def __init__(self, one_example: bool) -> None:
        self._printer = _Printer(one_example)

    def formula(self, expr: sympy.Basic) -> str:
        """The expression, without dollar signs."""
        return str(self._printer.doprint(expr))

    def terms(self, expr: sympy.Expr) -> list[str]:
        """The terms of a sum or of a Σ over one, each with its sign but for a first plus."""
        if isinstance(expr, sympy.Sum):
            sign, body = pulled_sign(expr)
            first, *others = self.terms(body)
            if not others:
                return [self.formula(expr)]
            sigma = self._printer.sigma(expr)
            return [rf"{sign}{sigma}\, \Bigl[ {first}", *others[:-1], rf"{others[-1]} \Bigr]"]
        if not expr.is_Add:
            return [self.formula(expr)]
        shown: list[str] = []
        for sign, term in signed_terms(expr, self.formula):
            is_sum = isinstance(term, sympy.Sum)
            first, *others = self.terms(term) if is_sum else [self._printer.term(term)]
            shown += [f"{sign} {first}", *others]
        return [shown[0].removeprefix("+ "), *shown[1:]]

    def partial(self, top: Place, bottom: Place) -> str:
        """The partial derivative of one place by another."""
        above, below = self.formula(top.expr), self.formula(bottom.expr)
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"

    def name(self, array: str) -> str:
        r"""The name of an array: A^{(h)}, \delta^{(out)}."""
        return _array_name(array)

    def size(self, size: Size) -> str:
        """A size, a number or a name."""
        return self.formula(sympy.Symbol(size) if isinstance(size, str) else sympy.Integer(size))

    def matrix(self, matrix: Matrix) -> str:
        """A matrix written out, its shape below it."""
        top = matrix.rows[0] or ()
        between = [r"\ddots" if cell is None else r"\vdots" for cell in top]
        rows = (
            " & ".join(self.formula(c) if c is not None else r"\cdots" for c in row)
            if row
            else " & ".join(between)
            for row in matrix.rows
        )
        height, width = map(self.size, matrix.shape)
        written = "\\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}"
        return rf"\underset{{{height} \times {width}}}{{{written}}}"

    def journey(self, stages: Sequence[Stage]) -> str:
        """Rows of entries with arrows between them, as lines of a display."""
        lines = []
        for stage in stages:
            if stage.via:
                lines.append(rf"\downarrow \; {self._via(stage.via)}")
            entries = (self.formula(place.expr) if place else r"\dots" for place in stage.entries)
            lines.append(rf"[\, {', '.join(entries)} \,]")
        return " \\\\\n".join(lines)

    def _via(self, step: str) -> str:
        """What leads from one row to the next: weights, an activation, or the loss."""
        if step == "J":
            return r"\text{held against, by } J"
        if re.fullmatch(ARRAY, step):
            return self.name(step)
        return rf"\text{{{step}}}".replace("_", r"\_")


def _array_name(array: str) -> str:
    letter, _, layer = array.partition("_")
    letter = r"\delta" if letter == "delta" else letter
    return f"{letter}^{{({layer})}}" if layer else letter


def split_names(text: str) -> list[str]:
    """Prose cut at the names of arrays: every second piece is a name."""
    return re.split(rf"\b({ARRAY})\b", text)


def width(formula: str) -> int:
    """About how many signs wide a formula is: a command is one, sub- and superscripts overlap."""
    shown = re.sub(r"_\{[^{}]*\}(?=\^)|\\left|\\right|[{}^_ &]", "", formula)
    return len(re.sub(r"\\[A-Za-z]+|\\.", "x", shown))


def tex_for(report: Report) -> Tex:
    """The notation for a report: with one example, its superscript is left out."""
    return Tex(one_example=report.network.sizes["n"] == 1)


class _Printer(LatexPrinter):  # type: ignore[misc]  # SymPy has no types
    printmethod = "_notation"

    def __init__(self, one_example: bool) -> None:
        super().__init__({"order": "none", "ln_notation": True})
        self._one_example = one_example

    def term(self, expr: sympy.Expr) -> str:
        return str(self._print(expr) if not expr.is_Add else self.parenthesize(expr, 1000))

    def parenthesize(self, item: sympy.Basic, level: int, **options: bool) -> str:
        """Entries get brackets below a power: they have a superscript of their own."""
        text = str(super().parenthesize(item, level, **options))
        power = level == PRECEDENCE["Pow"] and isinstance(item, sympy.Indexed)
        return rf"\left({text}\right)" if power else text

    def sigma(self, expr: sympy.Sum) -> str:
        """The signs of a sum, with their bounds."""
        return "".join(
            rf"\sum_{{{index}={low}}}^{{{self._print(high)}}} "
            for index, low, high in reversed(expr.limits)
        )

    def _print_Symbol(self, expr: sympy.Symbol) -> str:
        if expr.name == "lam":
            return r"\lambda"
        named = re.fullmatch(ARRAY, expr.name)
        return _array_name(expr.name) if named else str(super()._print_Symbol(expr))

    def _print_Indexed(self, expr: sympy.Indexed) -> str:
        letter, _, layer = expr.base.name.partition("_")
        letter = r"\delta" if letter == "delta" else letter.lower()
        layer = f"({layer})" if layer else ""
        first, *others = map(self._print, expr.indices)
        if letter in ("w", "b"):
            return f"{letter}_{{{','.join((first, *others))}}}^{{{layer}}}"
        example = "" if self._one_example else f"[{first}]"
        upper = f"^{{{layer}{example}}}" if layer or example else ""
        return f"{letter}_{{{','.join(others)}}}{upper}"

    def _print_if_positive(self, expr: sympy.Expr, exp: str | None = None) -> str:
        if function := as_function(expr):
            return _raised(_function(*function, self._print), exp)
        value, yes, no = map(self._print, expr.args)
        when = f"{value} {'=' if isinstance(expr, if_zero) else '>'} 0"
        cases = rf"{yes} & \text{{if }} {when} \\ {no} & \text{{else}}"
        written = rf"\begin{{cases}} {cases} \end{{cases}}"
        return _raised(f"[{when}]" if expr.args[1:] == (1, 0) else written, exp)

    _print_if_zero = _print_if_positive

    def _print_Add(self, expr: sympy.Add) -> str:
        text = "".join(f" {sign} {self.term(t)}" for sign, t in signed_terms(expr, self._print))
        return text.removeprefix(" + ") if text.startswith(" + ") else text.lstrip()

    def _print_Mul(self, expr: sympy.Mul) -> str:
        if any(isinstance(factor, sympy.UnevaluatedExpr) for factor in expr.args):
            parts = (factor.args[0] for factor in expr.args)
            shown = (self.parenthesize(f, PRECEDENCE["Mul"], strict=True) for f in parts)
            return r" \times ".join(shown)
        coefficient, factors = expr.as_coeff_mul()
        plain = not any(map(divides, factors))
        if abs(coefficient) != 1 or not plain:
            return str(super()._print_Mul(expr))
        shown = (
            rf"\left({self._print(a)}\right)" if a.is_Add else self._print(a)
            for a in reading_factors(factors)
        )
        return ("- " if coefficient < 0 else "") + r" \, ".join(shown)

    def _print_Sum(self, expr: sympy.Sum) -> str:
        sign, body = pulled_sign(expr)
        text = self._print(body)
        return sign + self.sigma(expr) + (rf"\left[ {text} \right]" if body.is_Add else text)


def _function(name: str, arguments: Sequence[sympy.Expr], show: Callable[[sympy.Expr], str]) -> str:
    """A max, min or absolute value."""
    inside = ", ".join(map(show, arguments))
    return rf"\left|{inside}\right|" if name == "abs" else rf"\{name}\left({inside}\right)"


def _raised(text: str, exponent: str | None) -> str:
    """The text to that power, which SymPy's printer leaves to a function."""
    return text if exponent is None else rf"\left({text}\right)^{{{exponent}}}"
