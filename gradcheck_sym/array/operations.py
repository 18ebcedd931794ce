"""What NumPy's operators and functions do with arrays of terms.

Each takes arrays, masks where NumPy counts them as 1 and 0, and Python's numbers: those are
exact, a float means its shortest decimal. What an operation does not take is a `ShapeError` or
an `ArrayError`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isfinite
from operator import mul, truediv
from string import ascii_lowercase, ascii_uppercase
from typing import Any, TypeAlias

from gradcheck_sym.array import functions
from gradcheck_sym.array.arrays import Array, Constant, Map
from gradcheck_sym.array.einsum import einsum, matmul
from gradcheck_sym.array.entries import Plan
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.array.powers import visible_number
from gradcheck_sym.array.shape import Axes, Axis, Indices, Shape
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.term.terms import ONE, ZERO, Delta, Num, Term

Result: TypeAlias = Callable[..., Any]


def array_of(value: object) -> Array:
    """An array as it is, a number as a scalar; raises `ArrayError`.

    >>> array_of(0.1).entry()
    Num(value=Fraction(1, 10))
    """
    match value:
        case Array():
            return value
        case Mask():
            raise ArrayError("comparisons belong in np.where, such as np.where(Z_h > 0, 1, 0)")
        case bool():
            raise ArrayError("True and False are no numbers here: write 1 and 0")
        case int() | Fraction():
            return Constant(functions.number(value))
        case float() if isfinite(value):
            return Constant(functions.number(Fraction(repr(float(value)))))
        case float() | complex():
            raise ArrayError(f"{value} is no real number: leave it out")
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        return array_of(value.item())
    kind = type(value).__name__
    raise ArrayError(f"{kind} does not go with arrays whose entries have no numbers: name it")


def counted(value: object) -> Array:
    """The same, and a mask as 1 and 0."""
    return value.value() if isinstance(value, Mask) else array_of(value)


def elementwise(function: Callable[..., Term], *operands: object) -> Array:
    """A function of terms for every entry, with NumPy's broadcasting."""
    return Map(function, *map(array_of, operands))


def arithmetic(function: Callable[..., Any], *operands: Array) -> Array:
    """An element-wise operation; on numbers it is carried out."""
    numbers = [visible_number(a) for a in operands if isinstance(a, Constant)]
    if len(numbers) == len(operands) and None not in numbers:
        return Constant(functions.number(function(*numbers)))
    return Map(function, *operands)


def carried_out(function: Callable[..., Any]) -> Result:
    """An operator on numbers, beside which a mask is 1 and 0."""

    def apply(x1: object, x2: object, /) -> Array:
        if isinstance(x1, Mask) and isinstance(x2, Mask):
            array_of(x1)  # raises: NumPy refuses it, or carries it out on truths
        return arithmetic(function, counted(x1), counted(x2))

    return apply


def divide(x1: object, x2: object, /) -> Array:
    """The quotient; raises `ArrayError` where the divisor visibly is 0."""
    if not isinstance(x2, Mask) and visible_number(array_of(x2)) == 0:
        raise ArrayError("the divisor is 0 everywhere")
    result: Array = carried_out(truediv)(x1, x2)
    return result


def product(x1: object, x2: object, /) -> Array:
    """NumPy's `@`; raises `ShapeError`."""
    if isinstance(x1, Mask) and isinstance(x2, Mask):
        array_of(x1)
    return matmul(counted(x1), counted(x2))


def where(condition: object, x: object, y: object) -> Array:
    """`x` where the condition holds, else `y`."""
    if not isinstance(condition, Mask):
        raise ArrayError("np.where asks a comparison first, such as Z_h > 0")
    return condition.where(counted(x), counted(y))


def dot(a: object, b: object) -> Array:
    """`np.dot`: a product with a number, or a sum over the last axis and the last but one."""
    left, right = counted(a), counted(b)
    if not left.shape or not right.shape:
        return arithmetic(mul, left, right)
    if max(left.ndim, right.ndim) <= 2:
        return matmul(left, right)
    first, second = ascii_lowercase[: left.ndim], ascii_uppercase[: right.ndim]
    summed = max(right.ndim - 2, 0)
    second = second.replace(second[summed], first[-1])
    return einsum(f"{first},{second}->{first[:-1]}{second.replace(first[-1], '')}", left, right)


def inner(a: object, b: object, /) -> Array:
    """`np.inner`: the sum over the last axis of both."""
    left, right = array_of(a), array_of(b)
    if max(left.ndim, right.ndim) <= 2:
        return matmul(left, right.T)
    first, second = ascii_lowercase[: left.ndim], ascii_uppercase[: right.ndim - 1]
    return einsum(f"{first},{second}{first[-1]}->{first[:-1]}{second}", left, right)


def clip(a: object, a_min: object, a_max: object) -> Array:
    """`np.clip`: as NumPy, the lower bound first."""
    return elementwise(functions.minimum, elementwise(functions.maximum, a, a_min), a_max)


def full(value: int, shape: Shape) -> Array:
    """`np.ones` and `np.zeros`: an array of one value."""
    array: Array = Constant(Num(value))
    for axis in reversed(shape):
        array = array.expand(0, axis)
    return array


class Eye(Array):
    """Ones on the diagonal, zeros elsewhere."""

    def __init__(self, rows: Axis, columns: Axis) -> None:
        super().__init__((rows, columns))

    def plan(self, indices: Indices) -> Plan:
        row, column = indices
        known = isinstance(row, int) and isinstance(column, int)
        value = (ONE if row == column else ZERO) if known else Delta(row, column)
        return Plan((), lambda _: value)


def eye(N: Axis, M: Axis | None = None) -> Array:  # noqa: N803 - NumPy's names
    """`np.eye`."""
    return Eye(N, M or N)


def total(a: object, axis: Axes = None, *, keepdims: bool = False) -> Array:
    """`np.sum`."""
    return array_of(a).sum(axis, keepdims=keepdims)


def mean(a: object, axis: Axes = None, *, keepdims: bool = False) -> Array:
    """`np.mean`."""
    return array_of(a).mean(axis, keepdims=keepdims)


def length(x: Array, /) -> Axis:
    """`len`: the size of the first axis, as a size."""
    if not x.shape:
        raise ArrayError("a number has no length")
    return x.shape[0]


def transpose(a: object, axes: tuple[int, ...] = ()) -> Array:
    """`np.transpose`."""
    return array_of(a).transpose(*axes)
