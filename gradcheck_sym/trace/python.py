"""Python's builtins for the user's code, which take sizes and arrays without numbers as well."""

from __future__ import annotations

import builtins
import math
from typing import Any

from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.counts import Count, seen
from gradcheck_sym.trace.labels import LabelVector, Rows
from gradcheck_sym.trace.selected import Selected
from gradcheck_sym.trace.traced import Traced


def _len(value: Any) -> Any:
    if isinstance(value, Rows):
        return seen(value.size)
    if isinstance(value, Traced | LabelVector) and value.ndim:
        return value.shape[0]
    return builtins.len(value)


def _range(*bounds: Any) -> Any:
    if len(bounds) == 1 and isinstance(bounds[0], Count):
        return Rows(bounds[0].name)
    return builtins.range(*bounds)


def _isinstance(value: Any, kinds: Any) -> bool:
    if isinstance(value, Count):
        return builtins.isinstance(1, kinds)  # a size is an integer of Python's
    if not isinstance(value, Traced):
        return builtins.isinstance(value, kinds)
    found = {builtins.isinstance(one, kinds) for one in _stood_for(value)}
    if len(found) > 1:
        raise ArrayError(f"whether this number is of the type {kinds} is not known: leave it out")
    return found.pop()


def _stood_for(value: Traced) -> tuple[Any, ...]:
    """Values of the types that an array may have in NumPy, or a number, also of Python's."""
    import numpy as np

    if isinstance(value, Selected) or value.scalar is not True or value.ndim:
        return (np.empty(1),)
    if value.is_truth:
        return (np.bool_(True), True)
    return (np.int64(1), 1) if value.whole else (np.float64(1.0), 1.0)


class _Type(type):
    """A type of numbers that is Python's own but for what it makes of sizes and arrays."""

    def __call__(cls, *value: Any) -> Any:
        if value and isinstance(value[0], Traced | Count) and cls is Float:
            one = value[0].as_number() if isinstance(value[0], Count) else value[0].item()
            one.whole = False
            return one
        if value and isinstance(value[0], Count):
            return value[0]
        return cls.__bases__[0](*value)

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, cls.__bases__[0])

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is cls.__bases__[0]

    def __hash__(cls) -> int:
        return hash(cls.__bases__[0])  # it is equal to that

    @property
    def dtype(cls) -> Any:
        """NumPy's type of that name."""
        import numpy as np

        return np.dtype(cls.__bases__[0])


class Float(float, metaclass=_Type):
    """`float`: of a size, or of an array that is a number, that."""


class Int(int, metaclass=_Type):
    """`int`: of a size, that."""


MATH = {
    name: getattr(math, name)
    for name in ("sqrt", "exp", "log", "sin", "cos", "tan", "tanh", "fabs", "erf")
}
BUILTINS = {
    **{"len": _len, "range": _range, "isinstance": _isinstance},
    **{"float": Float, "int": Int},
}
