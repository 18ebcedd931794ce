"""Where an array is defined: what it divides by, and what it takes logarithms and roots of.

SymPy cancels y·a/y to a without a word, so these are read off the operations before they are
put together.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from gradcheck_sym.arrays import Array, Constant, Map, Named
from gradcheck_sym.cases import if_positive, if_zero
from gradcheck_sym.entries import Definition, Domain, Requirement
from gradcheck_sym.shapes import counts, letters


def domain(array: Array, *, through_names: bool = False) -> Domain:
    """What the array's entries require; a named array is taken to be defined, if not asked for."""
    found: dict[Requirement, None] = {}
    for part in _maps(array, through_names):
        axes = zip(letters(part.shape), part.shape, strict=True)
        indices = tuple(sympy.S.One if axis.size == 1 else letter for letter, axis in axes)
        free = tuple(letter for letter in indices if letter is not sympy.S.One)
        sizes = tuple(size for size in counts(part.shape) if size != 1)
        pairs = zip(part.symbols, part.operands, strict=True)
        numbers = {symbol: a.value for symbol, a in pairs if isinstance(a, Constant)}
        with sympy.evaluate(False):  # 0/x is no 0
            written = part.written.xreplace(numbers)
        for relation, body in _partial(written):
            entry = Map(body, part.symbols, part.operands)[indices]
            found[Requirement(Definition(free, entry), sizes, relation)] = None
    return tuple(found)


def _maps(array: Array, through_names: bool) -> list[Map]:
    """The element-wise maps that the array is made of, each once."""
    seen: dict[Array, None] = {}
    pending = [array]
    while pending:
        part = pending.pop()
        if part not in seen:
            seen[part] = None
            if through_names or not isinstance(part, Named):
                pending += part.operands
    return [part for part in seen if isinstance(part, Map)]


def _partial(body: sympy.Expr) -> Iterator[tuple[str, sympy.Expr]]:
    """What has to be "≠", ">" or "≥" 0; what a case alone needs is 1 in the other one."""
    if isinstance(body, if_positive | if_zero):
        u, yes, no = body.args
        yield from _partial(u)
        yield from ((sign, body.func(u, value, sympy.S.One)) for sign, value in _partial(yes))
        yield from ((sign, body.func(u, sympy.S.One, value)) for sign, value in _partial(no))
        return
    if isinstance(body, sympy.Pow) and body.exp.is_Rational:
        if body.exp < 0:
            yield "≠", body.base
        if not body.exp.is_Integer:
            yield "≥", body.base
    elif isinstance(body, sympy.log):
        yield ">", body.args[0]
    elif isinstance(body, sympy.Heaviside):
        yield "≠", body.args[0]
    for argument in body.args:
        yield from _partial(argument)
