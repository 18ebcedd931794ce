"""The order in which people read terms and factors; SymPy's own is canonical, not readable."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import sympy


def signed_terms(
    expr: sympy.Expr, show: Callable[[sympy.Expr], str]
) -> list[tuple[str, sympy.Expr]]:
    """The terms of a sum as (sign, term without its sign), brackets last, numbers in order."""
    terms = [("-", -t) if _negative(t) else ("+", t) for t in expr.args if not _vanishes(t)]
    return sorted(terms, key=lambda term: _natural(show(term[1])))


def reading_factors(factors: Sequence[sympy.Expr]) -> list[sympy.Expr]:
    """Factors by their first index, so that x[i,l] w_h[l,k] reads as X W_h; functions last."""
    if any(isinstance(factor, sympy.UnevaluatedExpr) for factor in factors):
        return list(factors)  # the order is meant
    return sorted(factors, key=_place)


def pulled_sign(total: sympy.Sum) -> tuple[str, sympy.Expr]:
    """The body of a sum, with a minus sign in front of the sum if all its terms have one."""
    terms = sympy.Add.make_args(total.function)
    if all(map(_negative, terms)):
        return "-", sympy.Add(*(-term for term in terms))
    return "", total.function


def divides(factor: sympy.Expr) -> bool:
    """Whether a factor is written below the line."""
    return isinstance(factor, sympy.Pow) and bool(factor.exp.is_Rational and factor.exp < 0)


def _vanishes(term: sympy.Expr) -> bool:
    """Whether a term is 0 as it stands, such as the 0 in a − 0 where nothing was evaluated."""
    return term == 0 or (term.is_Mul and 0 in term.args)


def _negative(term: sympy.Expr) -> bool:
    return bool(term.as_coeff_Mul()[0] < 0)


def _place(factor: sympy.Expr) -> tuple[bool, str, str]:
    if isinstance(factor, sympy.Indexed):
        first, *_ = factor.indices
        return (
            False,
            first.name if first.is_Symbol else str(int(first)),
            factor.base.name,
        )
    return isinstance(factor, sympy.Function | sympy.Sum | sympy.Add), "", str(factor)


def _natural(text: str) -> tuple[bool, list[int | str]]:
    parts = re.split(r"(\d+)", text)
    brackets = text.lstrip(r"\left ").startswith("(")
    return brackets, [int(part) if part.isdigit() else part for part in parts]
