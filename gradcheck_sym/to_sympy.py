"""Shown terms as SymPy's expressions: for JSON, and for whoever computes with a report."""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from gradcheck_sym.shown.cases import compared
from gradcheck_sym.sympy_cases import if_positive, if_zero
from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Index,
    Mul,
    Num,
    Pi,
    Size,
    SizeOf,
    Sum,
    Term,
    Where,
)

FUNCTIONS = {name: getattr(sympy, name) for name in ("exp", "log", "sqrt", "sin", "cos", "erf")}
RELATIONS = {"=": sympy.Eq, "≠": sympy.Ne, ">": sympy.Gt, "≥": sympy.Ge}


def to_sympy(term: Term) -> sympy.Expr:
    """The expression of a term whose letters are told apart by their names, as `tidied` has it."""
    return _Walk().of(term)


def relation(left: Term, sign: str, right: Term) -> sympy.Rel:
    """A relation between two shown terms."""
    return RELATIONS[sign](to_sympy(left), to_sympy(right), evaluate=False)


def entry(name: str, indices: Iterable[int | str]) -> sympy.Expr:
    """An entry of an array; without indices a name."""
    places = tuple(map(_number, indices))
    return sympy.IndexedBase(name)[places] if places else sympy.Symbol(name)


class _Walk:
    """What is shared is made once."""

    def __init__(self) -> None:
        self._done: dict[int, sympy.Expr] = {}

    def of(self, term: Term) -> sympy.Expr:
        """The expression of a term that lives as long as this."""
        if id(term) not in self._done:
            self._done[id(term)] = self._of(term)
        return self._done[id(term)]

    def _of(self, term: Term) -> sympy.Expr:
        match term:
            case Num(value):
                return sympy.Rational(value.numerator, value.denominator)
            case Pi():
                return sympy.pi
            case SizeOf(name):
                return sympy.Symbol(name)
            case Entry(name, indices):
                return entry(name, map(_named, indices))
            case Add(terms):
                return sympy.Add(*map(self.of, terms))
            case Mul(factors):
                return sympy.Mul(*map(self.of, factors))
            case Sum():
                return self._sum(term)
            case Delta(left, right):
                return sympy.KroneckerDelta(*(_number(_named(x)) for x in (left, right)))
            case Apply("inv", argument):
                return 1 / self.of(argument)
            case Apply(function, argument):
                return FUNCTIONS[function](self.of(argument))
            case Where():
                sign, *parts = compared(term)
                return (if_zero if sign == "=" else if_positive)(*map(self.of, parts))
        raise TypeError(f"no term: {term!r}")

    def _sum(self, term: Term) -> sympy.Expr:
        """Sums directly inside each other as one."""
        limits = []
        while isinstance(term, Sum):
            limits.append((sympy.Symbol(term.index.name), 1, _number(term.index.size)))
            term = term.body
        return sympy.Sum(self.of(term), *reversed(limits))


def _named(index: Index) -> int | str:
    return index if isinstance(index, int) else index.name


def _number(value: Size) -> sympy.Expr:
    return sympy.Integer(value) if isinstance(value, int) else sympy.Symbol(value)
