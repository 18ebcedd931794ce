"""NumPy's operators and functions, by NumPy's names: one row each, for every way to call them.

Python's operators, NumPy's protocols and the language of formulas all look here.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from operator import add, mul, neg, sub
from typing import Any

from gradcheck_sym.array import functions
from gradcheck_sym.array.arrays import Array, Constant, Map
from gradcheck_sym.array.einsum import einsum, outer
from gradcheck_sym.array.mask import COMPARISONS, Mask, both, compared, either, opposite
from gradcheck_sym.array.operations import (
    Result,
    arithmetic,
    array_of,
    carried_out,
    clip,
    divide,
    dot,
    eye,
    full,
    inner,
    mean,
    product,
    total,
    transpose,
    where,
)
from gradcheck_sym.array.powers import logarithm, power
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.term.terms import ONE, Num, Term


def _masks_too(function: Callable[[Mask, Mask], Mask], otherwise: Result) -> Result:
    """An operator that is carried out on truths where both operands are masks."""

    def apply(x1: object, x2: object, /) -> Array | Mask:
        if isinstance(x1, Mask) and isinstance(x2, Mask):
            return function(x1, x2)
        result: Array | Mask = otherwise(x1, x2)
        return result

    return apply


def _unary(function: Callable[[Array], Any]) -> Result:
    def apply(x: object, /) -> Any:
        return function(array_of(x))

    return apply


def _binary(function: Callable[[Array, Array], Any]) -> Result:
    def apply(x1: object, x2: object, /) -> Any:
        return function(array_of(x1), array_of(x2))

    return apply


def _mapped(function: Callable[[Term], Term]) -> Result:
    return _unary(lambda x: Map(function, x))


def _mapped_pair(function: Callable[[Term, Term], Term]) -> Result:
    return _binary(lambda x, y: Map(function, x, y))


def _of_masks(*_: object) -> Array:
    raise ArrayError("&, | and ~ combine comparisons, such as (Z_h > 0) & (Z_h < 1)")


# fmt: off
OPERATIONS: dict[str, Result] = {
    "add":         _masks_too(either, carried_out(add)),
    "subtract":    carried_out(sub),
    "multiply":    _masks_too(both, carried_out(mul)),
    "divide":      divide,
    "power":       _binary(power),
    "negative":    _unary(lambda x: arithmetic(neg, x)),
    "positive":    _unary(lambda x: x),
    "matmul":      product,
    "logical_and": _masks_too(both, _of_masks),
    "logical_or":  _masks_too(either, _of_masks),
    "logical_not": lambda x: opposite(x) if isinstance(x, Mask) else _of_masks(),
    **{name: _binary(compared(name)) for name in COMPARISONS},
    "exp":         _mapped(functions.exp),
    "log":         _unary(logarithm),
    "log1p":       _unary(lambda x: logarithm(arithmetic(add, Constant(ONE), x))),
    "expm1":       _mapped(lambda u: functions.exp(u) - 1),
    "logaddexp":   _mapped_pair(lambda u, v: functions.log(functions.exp(u) + functions.exp(v))),
    "tanh":        _mapped(functions.tanh),
    "sinh":        _mapped(lambda u: (functions.exp(u) - functions.exp(-u)) / 2),
    "cosh":        _mapped(lambda u: (functions.exp(u) + functions.exp(-u)) / 2),
    "sin":         _mapped(functions.sin),
    "cos":         _mapped(functions.cos),
    "tan":         _mapped(lambda u: functions.sin(u) / functions.cos(u)),
    "reciprocal":  lambda x: divide(1, x),
    "sqrt":        _unary(lambda x: power(x, Constant(Num(Fraction(1, 2))))),
    "square":      _unary(lambda x: power(x, Constant(Num(2)))),
    "absolute":    _mapped(functions.absolute),
    "sign":        _mapped(functions.sign),
    "heaviside":   _mapped_pair(functions.heaviside),
    "maximum":     _mapped_pair(functions.maximum),
    "minimum":     _mapped_pair(functions.minimum),
    "sigmoid":     _mapped(functions.sigmoid),
    "erf":         _mapped(functions.erf),
    "clip":        clip,
    "where":       where,
    "dot":         dot,
    "inner":       inner,
    "outer":       lambda a, b: outer(array_of(a), array_of(b)),
    "einsum":      lambda subscripts, *operands: einsum(subscripts, *map(array_of, operands)),
    "transpose":   transpose,
    "expand_dims": lambda a, axis: array_of(a).expand(axis % (array_of(a).ndim + 1)),
    "squeeze":     lambda a, axis=None: array_of(a).squeeze(axis),
    "sum":         total,
    "mean":        mean,
    "ones":        lambda shape: full(1, shape),
    "zeros":       lambda shape: full(0, shape),
    "ones_like":   lambda a: full(1, array_of(a).shape),
    "zeros_like":  lambda a: full(0, array_of(a).shape),
    "eye":         eye,
}
# fmt: on
