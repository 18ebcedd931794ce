"""What users' code asks of a value's type, answered as it would be of NumPy's or Python's value.

Where that depends on whether a number is one of NumPy's, of Python's or an array of no axes, and
nobody knows, the question is refused.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.counts import Count
from gradcheck_sym.trace.labelled import Labelled
from gradcheck_sym.trace.labels import Label
from gradcheck_sym.trace.missing import Foreign, missing
from gradcheck_sym.trace.rows import Rows
from gradcheck_sym.trace.selected import Selected
from gradcheck_sym.trace.traced import Traced


def stood_for(value: Foreign) -> tuple[Any, ...]:
    """Values of the types that may stand there in NumPy."""
    import numpy as np

    match value:
        case Count():
            return (1,)
        case Rows():
            return (range(1) if value.is_range else np.arange(1),)
        case Label():
            return np.int64(1), 1
        case Labelled():
            return (np.arange(1),)
        case Selected(scalar=None) | Traced(scalar=False):
            return (np.empty(1),)
        case Traced() if value.ndim:
            return (np.empty(1),)
        case Traced(is_truth=True):
            found: tuple[Any, ...] = np.bool_(True), True
        case Traced(whole=True):
            found = np.int64(1), 1
        case _:
            found = np.float64(1.0), 1.0
    is_number = isinstance(value, Traced) and value.scalar
    return found if is_number else (*found, np.empty(()))


def _asked(value: Foreign, ask: Callable[[Any], Any], what: str) -> Any:
    """The answer, if it is the same for all that may stand there."""
    found = list(dict.fromkeys(map(ask, stood_for(value))))
    if len(found) > 1:
        kinds = "NumPy's, Python's or an array of no axes"
        raise ArrayError(f"{what} depends on whether a number is {kinds}: leave it out")
    return found[0]


def is_instance(value: Any, kinds: Any) -> bool:
    """`isinstance`."""
    if not isinstance(value, Foreign):
        return builtins.isinstance(value, kinds)
    found: bool = _asked(value, lambda x: builtins.isinstance(x, kinds), f"isinstance of {kinds}")
    return found


def has_attribute(value: Any, name: str) -> bool:
    """`hasattr`."""
    if not isinstance(value, Foreign):
        return hasattr(value, name)
    found: bool = _asked(value, lambda x: hasattr(x, name), f"hasattr of .{name}")
    return found


def attribute(value: Any, name: str, *default: Any) -> Any:
    """`getattr`."""
    if not isinstance(value, Foreign):
        return getattr(value, name, *default)
    if not has_attribute(value, name):
        return getattr(value, name, *default)
    try:
        return getattr(value, name)
    except AttributeError:
        raise missing(name) from None


def is_scalar(value: Any) -> bool:
    """`np.isscalar` of what stands for a value."""
    import numpy as np

    found: bool = _asked(value, np.isscalar, "np.isscalar")
    return found


def is_iterable(value: Any) -> bool:
    """`np.iterable` of what stands for a value."""
    import numpy as np

    found: bool = _asked(value, np.iterable, "np.iterable")
    return found


class _OfNumbers(type):
    """A type of numbers that is Python's own but for what it makes of sizes and arrays."""

    def __call__(cls, *value: Any, **options: Any) -> Any:
        if value and isinstance(value[0], Traced | Count) and cls is Float:
            one = value[0].as_number() if isinstance(value[0], Count) else value[0].item()
            one.whole = False
            return one
        if value and isinstance(value[0], Count | Label) and cls is Int:
            return value[0]
        return cls.__bases__[0](*value, **options)

    def __instancecheck__(cls, value: object) -> bool:
        return is_instance(value, cls.__bases__[0])

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is cls.__bases__[0]

    def __hash__(cls) -> int:
        return hash(cls.__bases__[0])  # it is equal to that

    @property
    def dtype(cls) -> Any:
        """NumPy's type of that name."""
        import numpy as np

        return np.dtype(cls.__bases__[0])


class Float(float, metaclass=_OfNumbers):
    """`float`: of a size, or of an array that is a number, that."""


class Int(int, metaclass=_OfNumbers):
    """`int`: of a size, that."""


class _OfRanges(type):
    """`range`, also of sizes that are names."""

    def __call__(cls, *bounds: Any) -> Any:
        if len(bounds) == 1 and isinstance(bounds[0], Count):
            return Rows(bounds[0].name, is_range=True)
        return range(*bounds)

    def __instancecheck__(cls, value: object) -> bool:
        return is_instance(value, range)

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is range

    def __hash__(cls) -> int:
        return hash(range)  # it is equal to that


class Range(metaclass=_OfRanges):
    """`range`: of a size, all rows."""


class _OfTypes(type):
    """`type`, which tells what a value would be."""

    def __call__(cls, *args: Any) -> Any:
        if cls is not Type:
            return super().__call__(*args)
        return kind_of(args[0]) if len(args) == 1 else type(*args)

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, type)

    def __eq__(cls, other: object) -> bool:
        return other is cls or (cls is Type and other is type)

    def __hash__(cls) -> int:
        return hash(type)


class Type(type, metaclass=_OfTypes):
    """`type`."""


def kind_of(value: Any) -> type:
    """The type of a value, as users' code calls it."""
    found = type(value)
    if isinstance(value, Foreign):
        found = _asked(value, type, "the type")
    return {float: Float, int: Int, range: Range}.get(found, found)


for own, python in ((Float, float), (Int, int), (Range, range), (Type, type)):
    own.__name__ = own.__qualname__ = python.__name__
    own.__module__ = "builtins"
