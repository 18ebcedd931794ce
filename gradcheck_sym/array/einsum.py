"""Products of arrays with sums over shared axes, made of `Reindex`, `Map` and `Reduce`."""

from __future__ import annotations

import re
from operator import mul

from gradcheck_sym.array.arrays import Along, Array, Map, Reduce, Reindex
from gradcheck_sym.array.shape import UNIT, Axis, Shape, clash, show
from gradcheck_sym.errors import ArrayError, ShapeError
from gradcheck_sym.term.terms import mul as product_of


def matmul(left: Array, right: Array) -> Array:
    """NumPy's `@`: on the left a vector is a row, on the right a column; that axis disappears.

    Raises `ShapeError` for numbers and for inner sizes that differ.
    """
    shapes = f"{show(left.shape)} @ {show(right.shape)}"
    if not left.shape or not right.shape:
        raise ShapeError(f"{shapes}: @ multiplies matrices and vectors; * multiplies by a number")
    inner = right.shape[-2] if right.ndim > 1 else right.shape[0]
    if left.shape[-1].size != inner.size:
        differ = clash(left.shape[-1], inner)
        raise ShapeError(f"{shapes}: the inner sizes differ, {differ}")
    row = left if left.ndim > 1 else left.expand(0)
    column = right if right.ndim > 1 else right.expand(1)
    pairs = Map(mul, row.expand(row.ndim), column.expand(column.ndim - 2))
    product: Array = Reduce(pairs, (pairs.ndim - 2,))
    product = product if column is right else product.squeeze(-1)
    return product if row is left else product.squeeze(-1 if column is not right else -2)


def outer(a: Array, b: Array) -> Array:
    """`np.outer`: every entry of one with every entry of the other; raises `ShapeError`."""
    return einsum("i,j->ij", _flat(a), _flat(b))


def _flat(array: Array) -> Array:
    """The entries in one axis, where all axes but one have size 1."""
    flat = array.squeeze()
    if flat.ndim > 1:
        shape = show(array.shape)
        raise ShapeError(
            f"np.outer would flatten {shape}: give it vectors, or single rows or columns"
        )
    return flat if flat.shape else flat.expand(0)


def einsum(subscripts: str, *operands: Array) -> Array:
    """`np.einsum`, with every letter written out: "ij,jk->ik" is a matrix product.

    Raises `ArrayError` for other subscripts and `ShapeError` for sizes that differ.
    """
    parts = re.fullmatch(r"([a-zA-Z]*(?:,[a-zA-Z]*)*)->([a-zA-Z]*)", subscripts.replace(" ", ""))
    inputs = parts[1].split(",") if parts else []
    if not parts or len(inputs) != len(operands) or len(set(parts[2])) < len(parts[2]):
        raise ArrayError(
            f"np.einsum: {subscripts!r} does not fit {len(operands)} arrays; "
            "write every index and the result's, as in 'ij,jk->ik'"
        )
    axes = _ranges(subscripts, inputs, operands)
    if unknown := [letter for letter in parts[2] if letter not in axes]:
        raise ArrayError(f"np.einsum: {unknown[0]} stands in no array of {subscripts!r}")
    order = [*parts[2], *(letter for letter in axes if letter not in parts[2])]
    shape = tuple(axes[letter] for letter in order)
    spread = [
        _spread(operand, letters, order, shape)
        for letters, operand in zip(inputs, operands, strict=True)
    ]
    every = spread[0] if len(spread) == 1 else Map(product_of, *spread)
    gone = range(len(parts[2]), len(order))
    return Reduce(every, gone) if gone else every


def _ranges(subscripts: str, inputs: list[str], operands: tuple[Array, ...]) -> dict[str, Axis]:
    axes: dict[str, Axis] = {}
    for letters, operand in zip(inputs, operands, strict=True):
        if len(letters) != operand.ndim:
            raise ShapeError(f"np.einsum: {letters} does not fit {show(operand.shape)}")
        for letter, axis in zip(letters, operand.shape, strict=True):
            known = axes.setdefault(letter, axis)
            if known.size != axis.size:
                differ = clash(known, axis)
                raise ShapeError(
                    f"np.einsum {subscripts!r}: the sizes of {letter} differ, {differ}"
                )
    return axes


def _spread(operand: Array, letters: str, order: list[str], shape: Shape) -> Array:
    """The operand along the axes of all indices, with one index on those that are not its own."""
    own = tuple(a if x in letters else UNIT for x, a in zip(order, shape, strict=True))
    return Reindex(operand, own, [Along(order.index(letter)) for letter in letters])
