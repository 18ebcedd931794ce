"""A formula's syntax tree to an array: what names, operators and calls mean."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from contextlib import suppress
from inspect import signature
from typing import Any, TypeVar

from gradcheck_sym.array import Array, Axis, Constant
from gradcheck_sym.array.functions import number as number_term
from gradcheck_sym.array.graph import names
from gradcheck_sym.array.mask import Mask, opposite
from gradcheck_sym.array.powers import refuse_high
from gradcheck_sym.errors import ArrayError, ShapeError
from gradcheck_sym.language.arguments import Arguments, Value
from gradcheck_sym.language.functions import (
    ATTRIBUTES,
    COMPARISONS,
    COUNTED,
    FUNCTIONS,
    MASKS,
    METHODS,
    NUMPY,
    OPERATORS,
)
from gradcheck_sym.language.refusals import refusal, unknown
from gradcheck_sym.language.syntax import MODULES, Source, is_module, number
from gradcheck_sym.sizes import Size
from gradcheck_sym.term.terms import Pi, size_term

Result = TypeVar("Result")
SHAPES = "GS012"
SCALARS = ("lam",)  # arrays that are numbers to Python
NUMBERS = ("float", "int")  # what .astype makes of a mask


class Reader:
    """Walks the tree of one formula. Each method takes a node and says what it means."""

    def __init__(
        self,
        source: Source,
        arrays: Mapping[str, Array],
        sizes: Mapping[str, Size],
        *,
        typed: bool = True,
    ) -> None:
        """`arrays` and `sizes` are the names that the formula may use.

        Powers are bounded where a person typed the formula.
        """
        self.source, self.arrays, self.sizes, self.typed = source, arrays, sizes, typed
        self.known = {"J", *arrays, *sizes, *map(str, sizes.values())}
        self.arguments = Arguments(source, self.value)

    def array(self, node: ast.expr) -> Array:
        """An array, which may be a number."""
        return self.as_array(node, self.value(node))

    def as_array(self, node: ast.expr, value: Value) -> Array:
        """The value of a node as an array."""
        match value:
            case Array() as array:
                return array
            case Axis() as axis:
                return Constant(size_term(axis.size))
            case Mask():
                raise self.source.error(
                    node, "comparisons belong in np.where, such as np.where(Z_h > 0, 1, 0)"
                )
            case _:
                raise self.source.error(
                    node, "a shape is no array: take one of its sizes, such as X.shape[0]"
                )

    def value(self, node: ast.expr) -> Value:
        """Anything that an expression can mean."""
        match node:
            case ast.Constant(int() | float() as value) if not isinstance(value, bool):
                return Constant(number_term(number(self.source, node)))
            case ast.Attribute(value, "pi") if is_module(value):
                return Constant(Pi())
            case ast.Name():
                return self.name(node)
            case ast.BinOp():
                return self.operation(node)
            case ast.Call(ast.Attribute(inner, "astype"), [ast.Name(kind)]) if (
                kind in NUMBERS and isinstance(mask := self.value(inner), Mask)
            ):
                return mask.value()
            case ast.UnaryOp(ast.Invert(), operand) if isinstance(
                mask := self.value(operand), Mask
            ):
                self.refuse_of_python(node, mask)
                return opposite(mask)
            case ast.UnaryOp(sign, operand) if type(sign) in OPERATORS:
                return self.apply(node, OPERATORS[type(sign)], self.array(operand))
            case ast.Compare(left, [sign], [right]) if type(sign) in COMPARISONS:
                operands = self.array(left), self.array(right)
                return self.apply(node, COMPARISONS[type(sign)], *operands)
            case ast.Attribute(value, attr) if attr in ATTRIBUTES and not is_module(value):
                return ATTRIBUTES[attr](self.owner(node))
            case ast.Subscript(ast.Attribute(_, "shape") as shape, place):
                return self.arguments.item(self.arguments.shape(shape), place)
            case ast.Call():
                return self.call(node)
        raise refusal(self.source, node)

    def operation(self, node: ast.BinOp) -> Array | Mask:
        """An operator between arrays, between masks such as (Z_h > 0), or between the two."""
        sign, nodes = type(node.op), (node.left, node.right)
        if sign not in OPERATORS and sign not in MASKS:
            raise refusal(self.source, node)
        values = [self.value(operand) for operand in nodes]
        masks = [value for value in values if isinstance(value, Mask)]
        if len(masks) == 2 and sign in MASKS:
            if sign in (ast.Add, ast.Mult):
                self.refuse_of_python(node, *masks)
            return self.apply(node, MASKS[sign], *masks)
        if sign not in OPERATORS:
            raise refusal(self.source, node)
        if len(masks) == 1 and sign in COUNTED:
            values = [v.value() if isinstance(v, Mask) else v for v in values]
        operands = (self.as_array(*pair) for pair in zip(nodes, values, strict=True))
        return self.apply(node, OPERATORS[sign], *operands)

    def refuse_of_python(self, node: ast.expr, *masks: Mask) -> None:
        """Refuse what Python itself carries out, where no array is compared: True + True is 2.

        True * True is 1, which beside a mask is no truth any more.
        """
        compared = [operand for mask in masks for operand in mask.operands]
        if all(name in SCALARS for name in names(*compared)):
            raise self.source.error(
                node,
                "True and False are numbers to Python, where no array is compared: "
                "write & and |, and turn the comparison round instead of ~",
            )

    def name(self, node: ast.Name) -> Array | Axis:
        """An array, or a size: by its letter, or by the name that the user gave it."""
        name = node.id
        if name in self.arrays:
            return self.arrays[name]
        axes = [Axis(k, size) for k, size in self.sizes.items() if name in (k, size)]
        if len({axis.size for axis in axes}) == 1:
            return min(axes, key=lambda axis: axis.label != name)
        if axes:
            meanings = " or ".join(map(str, axes))
            raise self.source.error(node, f"{name} may mean {meanings}: give the sizes other names")
        if name == "J":
            raise self.source.error(
                node, "J is the loss itself: write its derivative in the other names"
            )
        if name in FUNCTIONS or name in MODULES:
            raise self.source.error(
                node, f"{name} alone is no value: write a function's argument in brackets"
            )
        raise unknown(self.source, node, name, [*self.arrays, *self.sizes])

    def owner(self, node: ast.Attribute) -> Array:
        """The array before the dot."""
        value = self.value(node.value)
        if isinstance(value, Mask):
            return self.array(node.value)
        if not isinstance(value, Array) or isinstance(value, Constant):
            raise self.source.error(
                node, f"only arrays have .{node.attr}, numbers and shapes do not"
            )
        return value

    def call(self, node: ast.Call) -> Array | Axis:
        """A function or a method with its arguments, each converted by its parameter's name."""
        name, function, owner = self.callee(node)
        if starred := [a for a in node.args if isinstance(a, ast.Starred)]:
            raise refusal(self.source, starred[0])
        keywords = {keyword.arg or "**": keyword.value for keyword in node.keywords}
        if len(keywords) < len(node.keywords):
            raise self.source.error(node, f"{name}: an argument is given twice")
        parameters = list(signature(function).parameters)[len(owner) :]
        takes = ", ".join(parameters) or "nothing"
        for keyword in node.keywords:
            if keyword.arg and keyword.arg not in parameters:
                raise self.source.error(
                    keyword, f"{name}: {keyword.arg}= is not supported; it takes {takes} here"
                )
        try:
            bound = signature(function).bind(*owner, *node.args, **keywords)
        except TypeError as error:
            if parameters == ["shape"] and len(node.args) > 1:
                shape = ", ".join(map(self.source.written, node.args))
                message = f"{name} takes one shape, in brackets of its own: {name}(({shape}))"
                raise self.source.error(node, message) from None
            raise self.source.error(node, f"{name}: {error}; it takes {takes} here") from None
        for parameter, given in bound.arguments.items():
            if not isinstance(given, Array):
                convert = self.arguments.kinds.get(parameter, self.array)
                bound.arguments[parameter] = convert(given)
        first, *others = bound.arguments.values()
        starts = len(node.args) > 1  # as Python's does from a number; axis= is NumPy's
        if name == "sum" and (starts or (not others and len(first.shape) > 1)):
            raise self.source.error(
                node, "Python's sum adds rows, NumPy's adds all entries: write np.sum(…)"
            )
        return self.apply(node, function, *bound.args, **bound.kwargs)

    def callee(self, node: ast.Call) -> tuple[str, Callable[..., Array | Axis], list[Array]]:
        """What is called: its name for messages, the function, and for a method its owner."""
        match node.func:
            case ast.Name(name) if name in FUNCTIONS:
                return name, FUNCTIONS[name], []
            case ast.Name(name) as callee if name not in self.known:
                raise unknown(self.source, callee, name, FUNCTIONS)
            case ast.Attribute(value, name) if is_module(value) and name in NUMPY:
                return f"np.{name}", NUMPY[name], []
            case ast.Attribute(value, name) as method if name in METHODS and not is_module(value):
                return f".{name}", METHODS[name], [self.owner(method)]
            case ast.Attribute(_, name) as attribute if name not in ATTRIBUTES:
                raise refusal(self.source, attribute)
        raise refusal(self.source, node)

    def apply(
        self, node: ast.expr, function: Callable[..., Result], *args: Any, **kwargs: Any
    ) -> Result:
        """The result of an operation; what it does not take is an error at the node."""
        try:
            result = function(*args, **kwargs)
            if self.typed:
                refuse_high(result)
            return result
        except ShapeError as error:
            raise self.source.error(node, f"{error}{_turned(function, *args)}", SHAPES) from None
        except ArrayError as error:
            raise self.source.error(node, str(error)) from None


def _turned(function: Callable[..., object], *args: object) -> str:
    """The mend where two arrays do not fit, and one of them would if it were transposed."""
    match args:
        case Array() as left, Array() as right:
            for side, operands in (("left", (left.T, right)), ("right", (left, right.T))):
                with suppress(ShapeError, ArrayError):
                    function(*operands)
                    return f"; the {side} one transposed would fit"
    return ""
