"""The arguments that are not arrays: sizes and shapes, axes, flags and comparisons."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeAlias

from gradcheck_sym.arrays import Array, Constant
from gradcheck_sym.language.syntax import Source
from gradcheck_sym.shapes import UNIT, Axes, Axis, Shape, show
from gradcheck_sym.sympy_language.operations import Comparison, Mask

MOST_IN_A_SHAPE = 10_000

Value: TypeAlias = Array | Axis | Shape | Comparison | Mask


class Arguments:
    """Each method takes a node and says what it means as an argument of its kind."""

    def __init__(self, source: Source, value: Callable[[ast.expr], Value]) -> None:
        """`value` says what an expression means."""
        self.source, self.value = source, value
        self.kinds: dict[str, Callable[[ast.expr], object]] = {
            "axis": self.axes,
            "keepdims": self.flag,
            "shape": self.shape,
            "condition": self.comparison,
            **{"N": self.axis, "M": self.axis},
        }

    def item(self, shape: Shape, place: ast.expr) -> Axis:
        """One size of a shape."""
        index = self.integer(place)
        if not -len(shape) <= index < len(shape):
            raise self.source.error(
                place, f"the shape {show(shape)} has no [{index}]: count from 0"
            )
        return shape[index]

    def integer(self, node: ast.expr) -> int:
        """A whole number that is written out."""
        value = None if isinstance(node, ast.Slice) else self.value(node)
        if not isinstance(value, Constant) or not value.value.is_Integer or _is_float(node):
            raise self.source.error(node, "a whole number is needed here, such as 0 or -1")
        return int(value.value)

    def axes(self, node: ast.expr) -> Axes:
        """What `axis=` means: None for all of them, a number or a tuple of numbers."""
        match node:
            case ast.Constant(None):
                return None
            case ast.Tuple(elements):
                return tuple(map(self.integer, elements))
        return self.integer(node)

    def flag(self, node: ast.expr) -> bool:
        """True or False."""
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            return node.value
        raise self.source.error(node, "True or False is needed here")

    def shape(self, node: ast.expr) -> Shape:
        """A size, a tuple of sizes, or the shape of an array."""
        if isinstance(node, ast.Tuple | ast.List):
            shape = tuple(map(self.axis, node.elts))
        else:
            value = self.value(node)
            shape = value if isinstance(value, tuple) else (self._axis(node, value),)
        if len(shape) > 2:
            message = f"{len(shape)} axes are not supported: arrays have at most two here"
            raise self.source.error(node, message)
        return shape

    def axis(self, node: ast.expr) -> Axis:
        """A size in a shape: a positive whole number, or one that a name or an array has."""
        return self._axis(node, self.value(node))

    def _axis(self, node: ast.expr, value: Value) -> Axis:
        if isinstance(value, Axis):
            return value
        if (
            not isinstance(value, Constant)
            or not value.value.is_Integer
            or value.value < 1
            or _is_float(node)
        ):
            message = "a size is a positive whole number, or one such as n, len(X) or X.shape[0]"
            raise self.source.error(node, message)
        if value.value > MOST_IN_A_SHAPE:
            message = f"a size that is written out is at most {MOST_IN_A_SHAPE}"
            raise self.source.error(node, message)
        return UNIT if value.value == 1 else Axis(str(value.value), value.value)

    def comparison(self, node: ast.expr) -> Comparison:
        """What `np.where` asks."""
        value = self.value(node)
        if isinstance(value, Mask):
            return Comparison(value.truth, ast.Gt, Constant(0))
        if not isinstance(value, Comparison):
            raise self.source.error(node, "np.where asks a comparison first, such as Z_h > 0")
        return value


def _is_float(node: ast.expr) -> bool:
    """Whether NumPy would have a float here, which is no size and no place: 2.0 and 4 / 2."""
    return any(
        isinstance(one, ast.Div) or (isinstance(one, ast.Constant) and type(one.value) is float)
        for one in ast.walk(node)
    )
