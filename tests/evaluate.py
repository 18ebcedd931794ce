"""Terms in floats, for tests: an evaluator that shares nothing with those of the tool."""

from __future__ import annotations

from itertools import product
from math import erf

import numpy as np

from gradcheck_sym.array.shape import letters, sizes
from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Letter,
    Mul,
    Num,
    Pi,
    SizeOf,
    Sum,
    Where,
)

FUNCTIONS = {
    "inv": lambda u: np.float64(1) / u,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "erf": erf,
}


def value(term, known, at=None):
    """The value of a term; `known` has arrays and sizes by name, `at` numbers for letters."""
    at = at or {}
    done = {}

    def of(part):
        if id(part) not in done:
            done[id(part)] = _value(part, known, at, of)
        return done[id(part)]

    return of(term)


def _value(part, known, at, of):
    match part:
        case Num(number):
            return number.numerator / number.denominator
        case Pi():
            return np.pi
        case SizeOf(name):
            return known[name]
        case Entry(name, indices):
            return known[name][tuple(place(index, at) - 1 for index in indices)]
        case Delta(left, right):
            return float(place(left, at) == place(right, at))
        case Add(terms):
            return np.float64(sum(map(of, terms)))
        case Mul(factors):
            total = np.float64(1)
            for factor in factors:
                total = total * of(factor)
            return total
        case Sum(index, body):
            numbers = range(1, known.get(index.size, index.size) + 1)
            return np.float64(sum(value(body, known, at | {index: k}) for k in numbers))
        case Apply(function, argument):
            return np.float64(FUNCTIONS[function](of(argument)))
        case Where(u, yes, no):
            return of(yes) if of(u) > 0 else of(no)
    raise TypeError(part)


def place(index, at):
    return at[index] if isinstance(index, Letter) else index


def entries(array, known):
    """All entries of an array, numbers put for the names of its sizes."""
    shape = tuple(known.get(size, size) for size in sizes(array.shape))
    names = letters(array.shape)
    term = array.entry(*names)
    result = np.empty(shape)
    with np.errstate(all="ignore"):
        for numbers in product(*map(range, shape)):
            at = {letter: k + 1 for letter, k in zip(names, numbers, strict=True)}
            result[numbers] = value(term, known, at)
    return result
