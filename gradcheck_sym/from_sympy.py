"""SymPy's expressions as terms, node by node; nothing is simplified on the way."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce

import sympy

from gradcheck_sym.cases import if_positive, if_zero
from gradcheck_sym.term.terms import (
    ONE,
    Delta,
    Entry,
    Index,
    Letter,
    Num,
    Pi,
    Size,
    SizeOf,
    Sum,
    Term,
    Where,
    add,
    apply,
    indicator,
    mul,
    power,
)


class NoTerm(Exception):
    """An expression that terms do not have."""


def from_sympy(
    expr: sympy.Expr,
    letters: Mapping[str, Index] | None = None,
    sizes: frozenset[str] = frozenset(),
) -> Term:
    """The term that an expression means; `letters` are what its free indices stand for.

    Raises `NoTerm`.
    """
    return _Reader(sizes).of(expr, dict(letters or {}))


class _Reader:
    def __init__(self, sizes: frozenset[str]) -> None:
        self.sizes = sizes

    def of(self, expr: sympy.Expr, letters: dict[str, Index]) -> Term:
        """The term; `letters` has the bound ones too."""

        def inner(part: sympy.Expr) -> Term:
            return self.of(part, letters)

        match expr:
            case sympy.Rational():
                return Num(Fraction(int(expr.p), int(expr.q)))
            case sympy.E:
                return apply("exp", ONE)
            case sympy.pi:
                return Pi()
            case sympy.Symbol():
                if expr.name in letters:
                    raise NoTerm(f"the index {expr.name} stands where a value belongs")
                return SizeOf(expr.name) if expr.name in self.sizes else Entry(expr.name)
            case sympy.Indexed():
                return Entry(expr.base.name, tuple(self.index(i, letters) for i in expr.indices))
            case sympy.Add():
                return add(*map(inner, expr.args))
            case sympy.Mul():
                return mul(*map(inner, expr.args))
            case sympy.Pow(exp=sympy.Rational(q=1 | 2)):
                base, exponent = inner(expr.base), int(expr.exp.p)
                base = apply("sqrt", base) if expr.exp.q == 2 else base
                return power(apply("inv", base) if exponent < 0 else base, abs(exponent))
            case sympy.exp() | sympy.log() | sympy.erf():
                return apply(type(expr).__name__, inner(expr.args[0]))
            case sympy.tanh():
                square = apply("exp", 2 * inner(expr.args[0]))
                return (square - 1) / (square + 1)
            case sympy.Abs():
                u = inner(expr.args[0])
                return Where(u, u, -u)
            case sympy.Max():
                return reduce(lambda u, v: Where(u - v, u, v), map(inner, expr.args))
            case sympy.Min():
                return reduce(lambda u, v: Where(v - u, u, v), map(inner, expr.args))
            case sympy.Heaviside():
                return indicator(inner(expr.args[0]))
            case if_positive():
                return Where(*map(inner, expr.args))
            case if_zero():
                u, yes, no = map(inner, expr.args)
                return Where(u, no, Where(-u, no, yes))
            case sympy.KroneckerDelta():
                return Delta(*(self.index(i, letters) for i in expr.args))
            case sympy.Sum():
                return self.total(expr, letters)
        raise NoTerm(f"{type(expr).__name__} is no function of the terms")

    def total(self, expr: sympy.Sum, letters: dict[str, Index]) -> Term:
        """A sum over one index or several, the last limit outermost."""
        own = [Letter(i.name, self.size(high)) for i, _, high in reversed(expr.limits)]
        within = {**letters, **{letter.name: letter for letter in own}}
        return reduce(
            lambda body, letter: Sum(letter, body), reversed(own), self.of(expr.function, within)
        )

    def size(self, expr: sympy.Expr) -> Size:
        """A positive integer, or the name of one."""
        return int(expr) if expr.is_Integer else str(expr.name)

    def index(self, expr: sympy.Expr, letters: dict[str, Index]) -> Index:
        """A number, or a letter."""
        if expr.is_Integer:
            return int(expr)
        if getattr(expr, "name", None) in letters:
            return letters[expr.name]
        raise NoTerm(f"{expr} is no index")
