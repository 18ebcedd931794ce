"""Terms as SymPy's expressions, the language of people: for tables, LaTeX, JSON and the audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import sympy

from gradcheck_sym.cases import if_positive
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
        return _of(term, named)


def names_of(term: Term) -> dict[Letter, str]:
    """Names for the free letters of a term: their own where these differ, else others."""
    letters = sorted(free_letters(term), key=lambda x: x.name)
    own = {letter: letter.name for letter in letters if not letter.name.startswith("r")}
    distinct = {name: letter for letter, name in own.items()}
    kept = {letter: name for name, letter in distinct.items()}
    return kept | _named([x for x in letters if x not in kept], kept.values())


def _named(letters: Iterable[Letter], taken: Iterable[str]) -> dict[Letter, str]:
    used = set(taken)
    free: Iterator[str] = (name for name in LETTERS if name not in used)
    return {letter: next(free) for letter in letters}


def _of(term: Term, names: Mapping[Letter, str]) -> sympy.Expr:
    match term:
        case Num(value):
            return sympy.Rational(value.numerator, value.denominator)
        case Pi():
            return sympy.pi
        case SizeOf(name):
            return sympy.Symbol(name)
        case Entry(name, ()):
            return sympy.Symbol(name)
        case Entry(name, indices):
            return sympy.IndexedBase(name)[tuple(_index(i, names) for i in indices)]
        case Add(terms):
            return sympy.Add(*(_of(t, names) for t in terms))
        case Mul(factors):
            return sympy.Mul(*(_of(f, names) for f in factors))
        case Sum():
            return _total(term, names)
        case Delta(left, right):
            return sympy.KroneckerDelta(_index(left, names), _index(right, names))
        case Apply("inv", argument):
            return 1 / _of(argument, names)
        case Apply(function, argument):
            return FUNCTIONS[function](_of(argument, names))
        case Where(u, yes, no) if no is ONE and isinstance(yes, Num) and yes.value == 0:
            return 1 - if_positive(_of(u, names), 1, 0)
        case Where(u, yes, no):
            return if_positive(*(_of(part, names) for part in (u, yes, no)))
    raise TypeError(f"no term: {term!r}")


def _total(term: Term, names: Mapping[Letter, str]) -> sympy.Expr:
    """Sums directly inside each other as one."""
    limits = []
    within = dict(names)
    while isinstance(term, Sum):
        within |= _named([term.index], within.values())
        limits.append((sympy.Symbol(within[term.index]), 1, _size(term.index.size)))
        term = term.body
    return sympy.Sum(_of(term, within), *reversed(limits))


def _index(index: Index, names: Mapping[Letter, str]) -> sympy.Expr:
    if isinstance(index, int) or index.size == 1:
        return sympy.Integer(index if isinstance(index, int) else 1)
    return sympy.Symbol(names[index])


def _size(size: Size) -> sympy.Expr:
    return sympy.Integer(size) if isinstance(size, int) else sympy.Symbol(size)
