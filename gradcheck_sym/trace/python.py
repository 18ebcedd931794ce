"""Python's builtins for the user's code, which take sizes and arrays without numbers as well."""

from __future__ import annotations

import builtins
import math
from typing import Any

from gradcheck_sym.trace.counts import Count, seen
from gradcheck_sym.trace.labels import LabelVector, Rows
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
    import numpy as np

    wanted = kinds if isinstance(kinds, tuple) else (kinds,)
    if isinstance(value, Traced) and np.ndarray in wanted:
        return True
    if isinstance(value, Count) and builtins.isinstance(1, kinds):
        return True  # a size is an integer of Python's
    return builtins.isinstance(value, kinds)


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

    __hash__ = type.__hash__

    @property
    def dtype(cls) -> Any:
        """NumPy's type of that name."""
        import numpy as np

        return np.dtype(cls.__bases__[0])


class Float(float, metaclass=_Type):
    """`float`: of a size, or of an array that is a number, that."""


class Int(int, metaclass=_Type):
    """`int`: of a size, that."""


MATH = {name: getattr(math, name) for name in ("sqrt", "exp", "log", "tanh", "fabs", "erf")}
BUILTINS = {
    **{"len": _len, "range": _range, "isinstance": _isinstance},
    **{"float": Float, "int": Int},
}
