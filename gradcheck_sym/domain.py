"""Where an array is defined: what it divides by, and what it takes logarithms and roots of.

SymPy cancels y·a/y to a without a word, so these are read off the operations before they are
put together. A named array is defined everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from gradcheck_sym.arrays import Array, Map, Named
from gradcheck_sym.kernel.context import Definition, Domain
from gradcheck_sym.shapes import letters


def domain(array: Array) -> Domain:
    """The general entries that must not be zero, must be positive, must not be negative."""
    found: dict[str, dict[Definition, None]] = {"nonzero": {}, "positive": {}, "nonnegative": {}}
    for part in _maps(array):
        indices = letters(part.shape)
        for kind, body in _partial(part.body):
            entry = Map(body, part.symbols, part.operands)[indices]
            found[kind][Definition(indices, entry)] = None
    return Domain(**{kind: tuple(entries) for kind, entries in found.items()})


def _maps(array: Array) -> Iterator[Map]:
    if isinstance(array, Map):
        yield array
    if not isinstance(array, Named):
        for operand in array.operands:
            yield from _maps(operand)


def _partial(body: sympy.Expr) -> Iterator[tuple[str, sympy.Expr]]:
    for power in body.atoms(sympy.Pow):
        if power.exp.is_Rational and power.exp < 0:
            yield "nonzero", power.base
        if power.exp.is_Rational and not power.exp.is_Integer:
            yield "nonnegative", power.base
    for logarithm in body.atoms(sympy.log):
        yield "positive", logarithm.args[0]
