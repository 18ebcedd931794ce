"""Terms as SymPy's expressions, the language of people: for tables, LaTeX, JSON and the audit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import sympy

from gradcheck_sym.cases import if_positive, if_zero
from gradcheck_sym.checker.statement import free_letters
from gradcheck_sym.term.terms import (
    ONE,
    Add,
    Apply,
    Delta,
    Entry,
    Index,
    Letter,
    Mul,
    Num,
    Pi,
    Size,
    SizeOf,
    Sum,
    Term,
    Where,
)

POOLED = re.compile(r"r\d+")  # what a prover calls an index, which says nothing of its axis
LETTERS = (*"ijklrsuvwgh", *(f"i{k}" for k in range(1, 100)))
FUNCTIONS = {"exp": sympy.exp, "log": sympy.log, "sqrt": sympy.sqrt, "erf": sympy.erf}
RELATIONS = {"≠": sympy.Ne, ">": sympy.Gt, "≥": sympy.Ge}


def to_sympy(
    term: Term, names: Mapping[Letter, str] | None = None, *, verbatim: bool = False
) -> sympy.Expr:
    """The expression; `names` names free letters, the others get the first that are not taken.

    SymPy puts what it can together, if it is not to be `verbatim`.
    """
    named = dict(names or {})
    named |= _named(sorted(free_letters(term) - named.keys(), key=lambda x: x.name), named.values())
    with sympy.evaluate(not verbatim):
        return _Scope(named).of(term)


def names_of(term: Term) -> dict[Letter, str]:
    """Names for the free letters of a term: their own where these differ, else others."""
    return _named(sorted(free_letters(term), key=lambda x: x.name), ())


def index_symbol(index: Index) -> sympy.Expr:
    """An index by its own name: the only one of an axis of size 1 is 1."""
    if isinstance(index, int) or index.size == 1:
        return sympy.Integer(index if isinstance(index, int) else 1)
    return sympy.Symbol(index.name)


def _named(letters: Iterable[Letter], taken: Iterable[str]) -> dict[Letter, str]:
    """A name for each: its own, which follows its axis, if it has one that is not taken."""
    used, found = set(taken), dict[Letter, str]()
    waiting = list(letters)
    for letter in waiting:
        if letter.name not in used and not POOLED.fullmatch(letter.name):
            found[letter] = letter.name
            used.add(letter.name)
    free: Iterator[str] = (name for name in LETTERS if name not in used)
    return found | {letter: next(free) for letter in waiting if letter not in found}


class _Scope:
    """Terms under the same names of letters; what is shared is made once."""

    def __init__(self, names: Mapping[Letter, str]) -> None:
        self.names = names
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
            case SizeOf(name) | Entry(name, ()):
                return sympy.Symbol(name)
            case Entry(name, indices):
                return sympy.IndexedBase(name)[tuple(map(self.index, indices))]
            case Add(terms):
                return sympy.Add(*map(self.of, terms))
            case Mul(factors):
                return sympy.Mul(*map(self.of, factors))
            case Sum():
                return self.total(term)
            case Delta(left, right):
                return sympy.KroneckerDelta(self.index(left), self.index(right))
            case Apply("inv", argument):
                return 1 / self.of(argument)
            case Apply(function, argument):
                return FUNCTIONS[function](self.of(argument))
            case Where(u, yes, no) if no is ONE and isinstance(yes, Num) and yes.value == 0:
                return 1 - if_positive(self.of(u), 1, 0)
            case Where(u, no, Where(Mul((Num(-1), v)), other, yes)) if v is u and other is no:
                return if_zero(*map(self.of, (u, yes, no)))
            case Where(u, yes, no):
                return if_positive(*map(self.of, (u, yes, no)))
        raise TypeError(f"no term: {term!r}")

    def total(self, term: Term) -> sympy.Expr:
        """Sums directly inside each other as one."""
        limits, names = [], dict(self.names)
        while isinstance(term, Sum):
            names |= _named([term.index], names.values())
            limits.append((sympy.Symbol(names[term.index]), 1, _size(term.index.size)))
            term = term.body
        return sympy.Sum(_Scope(names).of(term), *reversed(limits))

    def index(self, index: Index) -> sympy.Expr:
        """A number, or the symbol of a letter."""
        if isinstance(index, int) or index.size == 1:
            return sympy.Integer(index if isinstance(index, int) else 1)
        return sympy.Symbol(self.names[index])


def _size(size: Size) -> sympy.Expr:
    return sympy.Integer(size) if isinstance(size, int) else sympy.Symbol(size)
