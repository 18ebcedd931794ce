"""What NumPy's operators and functions do with arrays in index notation.

An operation raises `ShapeError` or `Misuse` for operands that it does not take.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from operator import mul, truediv

import sympy

from gradcheck_sym.arrays import (
    Array,
    Constant,
    Map,
    Named,
    Repeat,
    Total,
    Transpose,
    elementwise,
    matmul,
)
from gradcheck_sym.cases import if_positive, if_zero
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.shapes import UNIT, Axes, Axis, Indices, Shape, show

MOST_EXPONENT = 20
MOST_BITS = 8_000


# fmt: off
COMPARISONS: dict[type[ast.cmpop], Callable[..., sympy.Expr]] = {
    ast.Gt:    lambda a, b, x, y: if_positive(a - b, x, y),
    ast.Lt:    lambda a, b, x, y: if_positive(b - a, x, y),
    ast.GtE:   lambda a, b, x, y: if_positive(b - a, y, x),
    ast.LtE:   lambda a, b, x, y: if_positive(a - b, y, x),
    ast.Eq:    lambda a, b, x, y: if_zero(a - b, x, y),
    ast.NotEq: lambda a, b, x, y: if_zero(a - b, y, x),
}
# fmt: on


class Identity(Array):
    """Ones on the diagonal, zeros elsewhere."""

    def __init__(self, rows: Axis, columns: Axis) -> None:
        super().__init__((rows, columns))

    def __getitem__(self, indices: Indices) -> sympy.Expr:
        return sympy.KroneckerDelta(*indices)


class Misuse(ArrayError):
    """Operands that an operation of the language does not take."""


@dataclass(frozen=True)
class Comparison:
    """left < right and the like: what `np.where` asks first."""

    left: Array
    sign: type[ast.cmpop]
    right: Array


@dataclass(frozen=True)
class Mask:
    """What NumPy has as an array of True and False: `truth` is 1 and 0 for them."""

    truth: Array


def truth(mask: Comparison | Mask) -> Array:
    """1 where a mask holds, else 0, as NumPy counts it beside numbers."""
    return mask.truth if isinstance(mask, Mask) else where(mask, Constant(1), Constant(0))


def both(left: Comparison | Mask, right: Comparison | Mask) -> Mask:
    """NumPy's `*` of two masks."""
    return Mask(truth(left) * truth(right))


def either(left: Comparison | Mask, right: Comparison | Mask) -> Mask:
    """NumPy's `+` of two masks, which is a logical or."""
    one, other = truth(left), truth(right)
    return Mask(one + other - one * other)


def arithmetic(function: Callable[..., sympy.Expr], *operands: Array) -> Array:
    """An element-wise operation; on numbers it is carried out."""
    if all(isinstance(a, Constant) and a.value.is_Rational for a in operands):
        return Constant(function(*(a.value for a in operands if isinstance(a, Constant))))
    return elementwise(function, *operands)


def divide(left: Array, right: Array) -> Array:
    """The quotient; raises `Misuse` where the divisor visibly is 0."""
    if _number(right) == 0:
        raise Misuse("the divisor is 0 everywhere")
    return arithmetic(truediv, left, right)


def power(base: Array, exponent: Array) -> Array:
    """The power of any base to an integer or a half, or of a base that is surely positive."""
    number = exponent.value if isinstance(exponent, Constant) else None
    if number is None or not number.is_Rational or number.q > 2:
        return _exponential(base, exponent)
    if abs(number) * _height(base) > MOST_EXPONENT or abs(number) > MOST_EXPONENT:
        raise Misuse(f"exponents go up to {MOST_EXPONENT}, in all where a power is raised again")
    if number < 0:
        divide(Constant(1), base)
    if number.q == 2 and (_number(base) or 0) < 0:
        raise Misuse("the root of a negative number is not real")
    if number.q == 1 and isinstance(base, Constant) and base.value.is_Rational:
        return Constant(_carried_out(base.value, number))
    return elementwise(lambda x: x**number, base)


def _carried_out(base: sympy.Rational, exponent: sympy.Integer) -> sympy.Rational:
    """The power as a number, so that a tower of powers meets the bounds on its way up."""
    bits = max(base.p.bit_length(), base.q.bit_length()) * abs(exponent)
    if bits > MOST_BITS:
        raise Misuse(f"the power of a number has at most {MOST_BITS} bits here: make it smaller")
    return base**exponent


def _exponential(base: Array, exponent: Array) -> Array:
    """The power of a base that is e^… or a positive number, so that any exponent will do."""
    if isinstance(base, Map) and base.body.func is sympy.exp:
        times = sympy.Dummy("times")
        body = sympy.exp(base.body.args[0] * times)
        return Map(body, (*base.symbols, times), (*base.operands, exponent))
    if isinstance(base, Constant) and (base.value.is_Symbol or base.value > 0):
        return elementwise(lambda b, x: sympy.exp(x * sympy.log(b)), base, exponent)
    raise Misuse(
        "an exponent is an integer or a half, written as a number: "
        "where x is positive, x ** y is np.exp(y * np.log(x))"
    )


def _height(array: Array) -> sympy.Rational:
    """The largest product of exponents on a way down, at least 1."""
    if isinstance(array, Named):
        return 1
    powers = array.body.atoms(sympy.Pow) if isinstance(array, Map) else ()
    own = max((abs(power.exp) for power in powers if power.exp.is_Rational), default=1)
    return max(own, 1) * max(map(_height, array.operands), default=1)


def _number(array: Array) -> sympy.Rational | None:
    """The number that every entry visibly is, if there is one."""
    while isinstance(array, Repeat | Transpose):
        (array,) = array.operands
    return array.value if isinstance(array, Constant) and array.value.is_Rational else None


def log(x: Array) -> Array:
    """The natural logarithm."""
    if (number := _number(x)) is not None and number <= 0:
        raise Misuse(f"the logarithm of {number} is not a real number")
    return elementwise(sympy.log, x)


def where(condition: Comparison, x: Array, y: Array) -> Array:
    """`x` where the condition holds, else `y`."""
    return elementwise(COMPARISONS[condition.sign], condition.left, condition.right, x, y)


def full(value: int, shape: Shape) -> Array:
    """`np.ones` and `np.zeros`: an array of one value."""
    array: Array = Constant(value)
    for axis in reversed(shape):
        array = Repeat(array, 0, axis)
    return array


def dot(a: Array, b: Array) -> Array:
    """`np.dot`: the matrix product, or the product with a number."""
    return matmul(a, b) if a.shape and b.shape else arithmetic(mul, a, b)


def outer(a: Array, b: Array) -> Array:
    """`np.outer`: every entry of one with every entry of the other."""
    left, right = _flat(a), _flat(b)
    return Repeat(left, 1, right.shape[0]) * Repeat(right, 0, left.shape[0])


def _flat(array: Array) -> Array:
    """The entries in one axis, where all axes but one have size 1."""
    flat = array
    for place in reversed(range(len(array.shape))):
        if array.shape[place].size == 1:
            flat = Total(flat, place)
    if len(flat.shape) > 1:
        shape = show(array.shape)
        raise Misuse(f"np.outer would flatten {shape}: give it vectors, or single rows or columns")
    return flat if flat.shape else Repeat(flat, 0, UNIT)


def total(a: Array, axis: Axes = None, *, keepdims: bool = False) -> Array:
    """`np.sum`."""
    return a.sum(axis, keepdims=keepdims)


def mean(a: Array, axis: Axes = None, *, keepdims: bool = False) -> Array:
    """`np.mean`."""
    return a.mean(axis, keepdims=keepdims)


def length(x: Array, /) -> Axis:
    """`len`: the size of the first axis."""
    if not x.shape:
        raise Misuse("a number has no length")
    return x.shape[0]


def eye(N: Axis, M: Axis | None = None) -> Array:  # noqa: N803 - NumPy's names
    """`np.eye`: ones on the diagonal."""
    return Identity(N, M or N)
