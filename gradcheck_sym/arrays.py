"""Arrays in index notation: a shape, and a function from indices to a SymPy scalar.

A size is a number or a symbol, so one array serves 2-2-2 and m-d-t alike. A named array
is a let-binding: its entries are written `A_h[i, k]`, and its definition is another array.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod
from operator import add, mul, neg, sub, truediv
from typing import TypeAlias

import sympy

from gradcheck_sym.errors import ShapeError
from gradcheck_sym.interop import Interop, number
from gradcheck_sym.shapes import (
    UNIT,
    Axes,
    Axis,
    Indices,
    Shape,
    aligned,
    apart,
    broadcast,
    clash,
    letter,
    places,
    show,
)


class Array(Interop):
    """An array of real scalars; `array[i, j]` is the expression of that entry, from 1.

    `operands` are the arrays that it is directly made of.
    """

    def __init__(self, shape: Shape, *operands: Array) -> None:
        self.shape = shape
        self.operands = operands

    def __getitem__(self, indices: Indices) -> sympy.Expr:
        raise NotImplementedError

    @staticmethod
    def operand(value: object) -> Array:
        """An array as it is, a number as a scalar; raises `ArrayError`."""
        return value if isinstance(value, Array) else Constant(number(value))

    @property
    def T(self) -> Array:  # noqa: N802 - NumPy's name
        """The transpose."""
        return Transpose(self)

    def sum(self, axis: Axes = None, *, keepdims: bool = False) -> Array:
        """The sum over some axes, all by default; they disappear, or `keepdims` at size 1."""
        total = self
        for place in sorted(places(self.shape, axis), reverse=True):
            total = Total(total, place)
            total = Repeat(total, place, UNIT) if keepdims else total
        return total

    def mean(self, axis: Axes = None, *, keepdims: bool = False) -> Array:
        """The sum over some axes, divided by how many entries it has."""
        count = prod((self.shape[k].size for k in places(self.shape, axis)), start=sympy.S.One)
        return elementwise(truediv, self.sum(axis, keepdims=keepdims), count)

    def __matmul__(self, other: Array) -> Array:
        return matmul(self, self.operand(other))

    # fmt: off
    def __add__(self, other: Operand) -> Array:      return elementwise(add, self, other)
    def __radd__(self, other: Operand) -> Array:     return elementwise(add, other, self)
    def __sub__(self, other: Operand) -> Array:      return elementwise(sub, self, other)
    def __rsub__(self, other: Operand) -> Array:     return elementwise(sub, other, self)
    def __mul__(self, other: Operand) -> Array:      return elementwise(mul, self, other)
    def __rmul__(self, other: Operand) -> Array:     return elementwise(mul, other, self)
    def __truediv__(self, other: Operand) -> Array:  return elementwise(truediv, self, other)
    def __rtruediv__(self, other: Operand) -> Array: return elementwise(truediv, other, self)
    def __pow__(self, other: Operand) -> Array:      return elementwise(pow, self, other)
    def __neg__(self) -> Array:                      return elementwise(neg, self)
    # fmt: on


Operand: TypeAlias = "Array | int | Fraction | sympy.Expr"


class Variable(Array):
    """A free array: each entry is any real number."""

    def __init__(self, name: str, shape: Shape) -> None:
        super().__init__(shape)
        self.name = name

    def __getitem__(self, indices: Indices) -> sympy.Expr:
        return _named_entry(self.name, indices)


class Named(Array):
    """A let-binding: entries are written with the name, and mean the definition."""

    def __init__(self, name: str, definition: Array) -> None:
        super().__init__(definition.shape, definition)
        self.name = name
        self.definition = definition

    def __getitem__(self, indices: Indices) -> sympy.Expr:
        return _named_entry(self.name, indices)


class Constant(Array):
    """A scalar: an exact number, or an expression in sizes."""

    def __init__(self, value: int | Fraction | sympy.Expr) -> None:
        super().__init__(())
        self.value = sympy.S(value)

    def __getitem__(self, indices: Indices) -> sympy.Expr:
        return self.value


class Map(Array):
    """An element-wise function of broadcast operands: an expression in a symbol for each.

    `written` is the body before SymPy cancelled anything in it.
    """

    def __init__(
        self,
        body: sympy.Expr,
        symbols: tuple[sympy.Symbol, ...],
        operands: tuple[Array, ...],
        written: sympy.Expr | None = None,
    ) -> None:
        super().__init__(broadcast(*(operand.shape for operand in operands)), *operands)
        self.body, self.symbols = body, symbols
        self.written = body if written is None else written

    def __getitem__(self, indices: Indices) -> sympy.Expr:
        entries = (apart(a[aligned(a.shape, self.shape, indices)], indices) for a in self.operands)
        return self.body.xreplace(dict(zip(self.symbols, entries, strict=True)))


class Transpose(Array):
    """Aᵀ; a vector stays as it is, as in NumPy."""

    def __init__(self, operand: Array) -> None:
        super().__init__(operand.shape[::-1], operand)

    def __getitem__(self, indices: Indices) -> sympy.Expr:
        return self.operands[0][indices[::-1]]


class MatMul(Array):
    """The product of two matrices that fit: (A @ B)[i, j] = Σ_k A[i, k] B[k, j]."""

    def __init__(self, left: Array, right: Array) -> None:
        super().__init__((left.shape[0], right.shape[1]), left, right)

    def __getitem__(self, indices: Indices) -> sympy.Expr:
        left, right = self.operands
        return _sum(
            left.shape[1],
            lambda k: apart(left[indices[0], k], indices) * apart(right[k, indices[1]], indices),
        )


class Total(Array):
    """The sum over one axis, which disappears."""

    def __init__(self, operand: Array, axis: int) -> None:
        super().__init__(operand.shape[:axis] + operand.shape[axis + 1 :], operand)
        self.axis = axis

    def __getitem__(self, indices: Indices) -> sympy.Expr:
        before, after = indices[: self.axis], indices[self.axis :]
        (operand,) = self.operands
        return _sum(operand.shape[self.axis], lambda k: operand[*before, k, *after])


class Repeat(Array):
    """The operand repeated along a new axis; the adjoint of `Total`."""

    def __init__(self, operand: Array, place: int, axis: Axis) -> None:
        super().__init__((*operand.shape[:place], axis, *operand.shape[place:]), operand)
        self.place = place

    def __getitem__(self, indices: Indices) -> sympy.Expr:
        return self.operands[0][indices[: self.place] + indices[self.place + 1 :]]


# the same for every map, so that SymPy's cache serves two maps by one function
_PLACEHOLDERS = tuple(sympy.Dummy(f"x{k}") for k in range(8))


class Verbatim(Array):
    """The same array with its entries exactly as they are written.

    Left alone, SymPy makes 1 of x/x and x of sqrt(x)**2, which forgets where they are not
    defined, and what it tries on nested functions can take for ever.
    """

    def __init__(self, operand: Array) -> None:
        super().__init__(operand.shape, operand)

    def __getitem__(self, indices: Indices) -> sympy.Expr:
        with sympy.evaluate(False):
            return self.operands[0][indices]


def matmul(left: Array, right: Array) -> Array:
    """NumPy's `@`: on the left a vector is a row, on the right a column; that axis disappears."""
    shapes = f"{show(left.shape)} @ {show(right.shape)}"
    if not {len(left.shape), len(right.shape)} <= {1, 2}:
        raise ShapeError(f"{shapes}: @ multiplies matrices and vectors; * multiplies by a number")
    if left.shape[-1].size != right.shape[0].size:
        inner = clash(left.shape[-1], right.shape[0])
        raise ShapeError(f"{shapes}: the inner sizes differ, {inner}")
    row = left if len(left.shape) > 1 else Repeat(left, 0, UNIT)
    column = right if len(right.shape) > 1 else Repeat(right, 1, UNIT)
    product: Array = MatMul(row, column)
    product = product if column is right else Total(product, 1)
    return product if row is left else Total(product, 0)


def elementwise(function: Callable[..., sympy.Expr], *operands: Operand) -> Array:
    """Apply a function of scalars to every entry, with NumPy's broadcasting."""
    arrays = tuple(map(Array.operand, operands))
    symbols = _PLACEHOLDERS[: len(arrays)]
    return Map(function(*symbols), symbols, arrays)


def _named_entry(name: str, indices: Indices) -> sympy.Expr:
    return sympy.IndexedBase(name)[indices] if indices else sympy.Symbol(name)


def _sum(axis: Axis, body: Callable[[sympy.Expr], sympy.Expr]) -> sympy.Expr:
    """Σ of body(k) over the axis, under a letter that stands nowhere in the body."""
    if axis.size == 1:
        return body(sympy.S.One)
    placeholder = sympy.Dummy()
    term = sympy.S(body(placeholder))
    index = letter(axis, {symbol.name for symbol in term.atoms(sympy.Symbol)})
    term = term.xreplace({placeholder: index})
    with sympy.evaluate(True):  # else SymPy multiplies the term by 1
        return sympy.Sum(term, (index, 1, axis.size))
