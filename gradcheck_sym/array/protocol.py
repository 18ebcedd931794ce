"""NumPy's functions on our arrays, by its two protocols (NEP 13 and 18). NumPy is not imported.

Whatever is not in the table is refused by name, never carried out entry by entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import signature
from typing import Any

from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError

SPELLED = {  # NumPy's name → the one of the table
    **{"bitwise_and": "logical_and", "bitwise_or": "logical_or", "invert": "logical_not"},
    **{"true_divide": "divide", "fmax": "maximum", "fmin": "minimum"},
}
NOT_NUMPYS = ("sigmoid", "erf")


def ufunc_result(
    ufunc: Any, method: str, inputs: Sequence[object], options: Mapping[str, object]
) -> Any:
    """What a ufunc gives: `np.exp(array)`, `2.5 * array`. Raises `ArrayError`."""
    name = str(ufunc.__name__)
    if method != "__call__":
        raise ArrayError(f"np.{name}.{method} is not supported for arrays without numbers")
    return _result(name, inputs, options)


def function_result(function: Any, args: Sequence[object], options: Mapping[str, object]) -> Any:
    """What a function gives: `np.sum(array, axis=0)`. Raises `ArrayError`."""
    return _result(str(function.__name__), args, options)


def _result(name: str, args: Sequence[object], options: Mapping[str, object]) -> Any:
    operation = OPERATIONS.get(SPELLED.get(name, name)) if name not in NOT_NUMPYS else None
    if operation is None:
        known = ", ".join(sorted(OPERATIONS.keys() - set(NOT_NUMPYS)))
        raise ArrayError(
            f"np.{name} is not supported for arrays without numbers; there are np.{known}"
        )
    given = {key: value for key, value in options.items() if value is not None}
    try:
        bound = signature(operation).bind(*args, **given)
    except TypeError as error:
        raise ArrayError(f"np.{name}: {error}; it is not supported here") from None
    return operation(*bound.args, **bound.kwargs)
