"""NumPy's functions that make arrays of nothing, while a trace runs: of shapes with names, too."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from inspect import signature
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError, GradcheckError
from gradcheck_sym.trace.brought import made_here
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.counts import Count, unseen
from gradcheck_sym.trace.kinds import is_small, kind_of_type, may_be_whole
from gradcheck_sym.trace.labelled import Labelled
from gradcheck_sym.trace.labels import LabelVector
from gradcheck_sym.trace.likes import axes_of, empty, filled
from gradcheck_sym.trace.movements import joining
from gradcheck_sym.trace.rows import Rows
from gradcheck_sym.trace.selected import Selected
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.types import is_iterable, is_scalar
from gradcheck_sym.trace.users import is_users


def joined(values: Sequence[Any]) -> Array:
    """`np.array` of a list that has traced arrays in it."""
    if not values:
        raise ArrayError("an array with no entries is not supported")
    if any(isinstance(value, Traced) and isinstance(value.held, Mask) for value in values):
        raise ArrayError("an array of comparisons is not supported: write .astype(float)")
    parts = [Traced(array_held(value)) for value in values]
    return joining("stack")(parts).array


def holds_traced(value: object) -> bool:
    """Whether a value is a traced array or a list with one in it."""
    if isinstance(value, list | tuple):
        return any(map(holds_traced, value))
    return isinstance(value, Traced | Count | Labelled)


def _array(value: Any, dtype: object = None, *, copy: Any = True, order: Any = "K") -> Any:
    """`np.array`."""
    if isinstance(value, LabelVector):
        return value if dtype is None else value.astype(dtype)
    if isinstance(value, Count):
        value = value.as_number()
    if isinstance(value, Selected):
        return value.astype(float if dtype is None else dtype, copy=bool(copy))
    if not isinstance(value, Traced):
        if kind_of_type(dtype) != "f":
            raise ArrayError("an array of integers would round numbers: leave dtype out")
        return Traced(joined(value), whole=may_be_whole(value), scalar=False)
    own = value.ndim > 0 or value.scalar is False
    if own and dtype is None and not copy and order in ("K", "A"):
        return value
    found = value.astype(value.dtype if dtype is None else dtype, copy=bool(copy))
    if found is not value:
        found.scalar = False
        found.rowwise = {"C": True, "F": value.ndim < 2}.get(order, value.rowwise)
    return found


def _as_array(value: Any, dtype: object = None, *, order: Any = "K") -> Any:
    return _array(value, dtype, copy=None, order=order)


def _contiguous(value: Any, dtype: object = None) -> Any:
    if isinstance(value, Traced) and not value.ndim:
        return value.reshape(1)
    sure = isinstance(value, Traced) and value.rowwise
    return _array(value, dtype, copy=None, order="K" if sure else "C")


def _filled(value: int) -> Callable[..., Traced]:
    def apply(shape: Any, dtype: object = None, order: str = "C") -> Traced:
        found = filled(value, axes_of(shape), whole=_integers(dtype))
        found.rowwise = order == "C"
        return found

    return apply


def _integers(dtype: object) -> bool:
    """Whether a type is of integers; raises `ArrayError` for truths and other types."""
    kind = kind_of_type(dtype)
    if kind not in "fiu":
        raise ArrayError(f"an array of {dtype} whose size is a name is not supported")
    return kind != "f"


def _empty(shape: Any, dtype: object = None) -> Traced:
    found = empty(axes_of(shape))
    found.whole = _integers(dtype)
    return found


def _full(shape: Any, fill_value: Any, dtype: object = None) -> Traced:
    whole = may_be_whole(fill_value) if dtype is None else _integers(dtype)
    if whole and not may_be_whole(fill_value):
        raise ArrayError("np.full of integers rounds the number: give it dtype=float")
    return filled(fill_value, axes_of(shape), whole=whole)


def _eye(N: Any, M: Any = None, k: int = 0, dtype: object = None) -> Any:  # noqa: N803 - NumPy's names
    if k:
        raise ArrayError("np.eye beside the diagonal is not supported where numbers are floats")
    rows, columns = axes_of((N, N if M is None else M))
    return OneHots(OPERATIONS["eye"](rows, columns), whole=_integers(dtype), scalar=False)


def _identity(n: Any, dtype: object = None) -> Any:
    return _eye(n, dtype=dtype)


class OneHots(Traced):
    """`np.eye(t)`, whose rows at labels are their one-hot rows."""

    def __getitem__(self, key: object) -> Any:
        sizes = {axis.size for axis in self.shape_held}
        if isinstance(key, LabelVector) and not self.writes and sizes == {key.classes}:
            return Traced(key.one_hot, whole=self.whole)
        return super().__getitem__(key)


def _arange(*bounds: Any, dtype: object = None) -> Any:
    if len(bounds) == 1 and (dtype is None or kind_of_type(dtype) in "iu"):
        return Rows(unseen(bounds[0]))
    raise ArrayError("np.arange between sizes that are names is not supported: give numbers")


# fmt: off
ALWAYS: dict[str, Callable[..., Any]] = {  # where they are written in the user's code
    "zeros": _filled(0), "ones": _filled(1), "empty": _empty, "full": _full,
    "eye": _eye, "identity": _identity,
}
MADE: dict[str, Callable[..., Any]] = {
    "arange": _arange,
    "array": _array, "asarray": _as_array, "asanyarray": _as_array,
    "ascontiguousarray": _contiguous,
    "isscalar": is_scalar, "iterable": is_iterable,
}
# fmt: on


def where_needed(real: Callable[..., Any], traced: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy's own function, but where sizes that are names or traced arrays stand."""

    @wraps(real)
    def made(*args: Any, **options: Any) -> Any:
        there = holds_traced(args) or holds_traced(tuple(options.values()))
        if there:
            return _tried(traced, real, args, options)
        return made_here(real(*args, **options), *args, *options.values())

    return made


def for_users(real: Callable[..., Any], traced: Callable[..., Any]) -> Callable[..., Any]:
    """The traced function where the user's code calls it for floats, which may be written to."""

    @wraps(real)
    def made(*args: Any, **options: Any) -> Any:
        there = holds_traced(args) or holds_traced(tuple(options.values()))
        if there or (is_users(_caller()) and _of_floats(traced, args, options)):
            return _tried(traced, real, args, options)
        return made_here(real(*args, **options), *args, *options.values())

    return made


def _of_floats(traced: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> bool:
    try:
        given = signature(traced).bind(*args, **options).arguments
    except TypeError:
        return False
    dtype = given.get("dtype")
    if dtype is not None and is_small(dtype):
        return False  # real numbers, as NumPy has them
    return kind_of_type(dtype) == "f" and not may_be_whole(given.get("fill_value", 0.5))


def _caller() -> str:
    """The file of the code that called a function that was replaced."""
    return sys._getframe(3).f_code.co_filename


def _tried(
    traced: Callable[..., Any],
    real: Callable[..., Any],
    args: tuple[Any, ...],
    options: dict[str, Any],
) -> Any:
    try:
        return traced(*args, **options)
    except GradcheckError:
        raise
    except TypeError as error:
        name = getattr(real, "__name__", "array")
        raise ArrayError(f"np.{name}: {error}; it is not supported here") from None
