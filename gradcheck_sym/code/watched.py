"""A function watched during one call: which of its lines were reached, and what its variables were.

Parts of its text are evaluated from these, as far as that calls nothing but NumPy on arrays.
"""

from __future__ import annotations

import ast
import operator
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.code.called import quietly
from gradcheck_sym.language.sites import Shape

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    **{ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul},
    **{ast.Div: operator.truediv, ast.MatMult: operator.matmul, ast.Pow: operator.pow},
    **{ast.USub: operator.neg, ast.UAdd: operator.pos},
    **{ast.Gt: operator.gt, ast.Lt: operator.lt, ast.GtE: operator.ge, ast.LtE: operator.le},
    **{ast.Eq: operator.eq, ast.NotEq: operator.ne},
}
ATTRIBUTES = {"T", "shape", "size", "ndim"}  # of an array
METHODS = {"sum", "mean", "dot", "reshape", "transpose", "copy", "squeeze", "max", "min"}
OTHERS = {"abs", "max", "min", "newaxis", "pi"}


class Unknown(Exception):
    """A part whose value is not known without running what may do more."""


@dataclass(frozen=True)
class Watched:
    """What was seen of a function: its lines, its variables at the end, its globals."""

    lines: set[int] = field(default_factory=set)
    values: dict[str, Any] = field(default_factory=dict)
    around: dict[str, Any] = field(default_factory=dict)

    def reached(self, statement: ast.stmt) -> bool:
        """Whether a statement was executed."""
        last = statement.end_lineno or statement.lineno
        return any(line in self.lines for line in range(statement.lineno, last + 1))

    def shape(self, node: ast.expr) -> Shape | None:
        """The shape of a part, in words, None where it is no array or not known."""
        try:
            with quietly():
                return shape_of(self._value(node))
        except Exception:
            return None

    def _value(self, node: ast.AST | None) -> Any:
        match node:
            case None:
                return None
            case ast.Constant(value):
                return value
            case ast.Name(name):
                return self._named(name)
            case ast.Attribute(owner, name):
                return _attribute(self._value(owner), name)
            case ast.BinOp(left, sign, right) if type(sign) in OPERATORS:
                return OPERATORS[type(sign)](*self._arrays(left, right))
            case ast.UnaryOp(sign, operand) if type(sign) in OPERATORS:
                return OPERATORS[type(sign)](*self._arrays(operand))
            case ast.Compare(left, [sign], [right]) if type(sign) in OPERATORS:
                return OPERATORS[type(sign)](*self._arrays(left, right))
            case ast.Subscript(owner, place):
                return _item(self._value(owner), self._value(place))
            case ast.Slice(lower, upper, step):
                return slice(*map(self._value, (lower, upper, step)))
            case ast.Tuple(elements):
                return tuple(map(self._value, elements))
            case ast.Call(function, args, keywords):
                options = {k.arg: self._value(k.value) for k in keywords if k.arg}
                return self._value(function)(*map(self._value, args), **options)
        raise Unknown

    def _named(self, name: str) -> Any:
        import numpy as np

        value = self.values.get(name, self.around.get(name))
        if value is np or isinstance(value, np.ndarray | np.number | int | float | tuple | list):
            return value
        if name == "self":
            return value
        raise Unknown

    def _arrays(self, *nodes: ast.expr) -> list[Any]:
        found = list(map(self._value, nodes))
        if any(shape_of(value) is None for value in found):
            raise Unknown
        return found


def watched(function: Any, call: Callable[[], object]) -> Watched:
    """What is seen of a function while it is called once."""
    found = Watched(around=function.__globals__)

    def inside(frame: FrameType, event: str, _: object) -> Any:
        found.lines.add(frame.f_lineno)
        if event == "return":
            found.values.update(frame.f_locals)
        return inside

    def look(frame: FrameType, *_: object) -> Any:
        return inside if frame.f_code is function.__code__ else None

    before = sys.gettrace()
    sys.settrace(look)
    try:
        with quietly():
            call()
    finally:
        sys.settrace(before)
    return found


def shape_of(value: object) -> Shape | None:
    """The shape of an array or a number, in words."""
    import numpy as np

    if isinstance(value, bool) or not isinstance(value, np.ndarray | np.number | int | float):
        return None
    return tuple(map(str, np.shape(value)))


def _attribute(owner: Any, name: str) -> Any:
    """What is read without calling anything of the user's."""
    import numpy as np

    if owner is np and (name in OPERATIONS or name in OTHERS):
        return getattr(np, name)
    if isinstance(owner, np.ndarray) and (name in ATTRIBUTES or name in METHODS):
        return getattr(owner, name)
    if name in getattr(owner, "__dict__", {}) and owner is not np:
        return vars(owner)[name]
    raise Unknown


def _item(owner: Any, place: Any) -> Any:
    import numpy as np

    if type(owner) not in (np.ndarray, tuple, list):
        raise Unknown
    return owner[place]
