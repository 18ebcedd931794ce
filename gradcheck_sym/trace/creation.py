"""NumPy's functions that make arrays of nothing, while a trace runs: of shapes with names, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import current
from gradcheck_sym.trace.counts import Count, unseen
from gradcheck_sym.trace.functions import FUNCTIONS, axes_of, filled
from gradcheck_sym.trace.labels import LabelVector, Rows
from gradcheck_sym.trace.traced import Traced


def joined(values: Sequence[Any]) -> Array:
    """`np.array` of a list that has traced arrays in it."""
    parts = [Traced(array_held(value)) for value in values]
    if not parts:
        raise ArrayError("an array with no entries is not supported")
    return FUNCTIONS["stack"](parts).array  # type: ignore[no-any-return]


def holds_traced(value: object) -> bool:
    """Whether a value is a traced array or a list with one in it."""
    if isinstance(value, list | tuple):
        return any(map(holds_traced, value))
    return isinstance(value, Traced | Count | LabelVector)


def _array(value: Any, *_: object, copy: bool = True, **__: object) -> Any:
    if isinstance(value, Traced):
        return value.copy() if copy else value
    if isinstance(value, LabelVector):
        return value
    if isinstance(value, Count):
        return value.as_number()
    return Traced(joined(value))


def _as_array(value: Any, *_: object, **__: object) -> Any:
    return _array(value, copy=False)


def _filled(value: int) -> Callable[..., Traced]:
    return lambda shape, *_, **__: filled(value, axes_of(shape))


def _full(shape: Any, fill_value: Any, *_: object, **__: object) -> Traced:
    return filled(fill_value, axes_of(shape))


def _eye(N: Any, M: Any = None, *_: object, **__: object) -> Any:  # noqa: N803 - NumPy's names
    rows, columns = axes_of((N, N if M is None else M))
    return OneHots(OPERATIONS["eye"](rows, columns))


class OneHots(Traced):
    """`np.eye(t)`, whose rows at labels are their one-hot rows."""

    def __getitem__(self, key: object) -> Any:
        if isinstance(key, LabelVector):
            return Traced(key.one_hot)
        return super().__getitem__(key)


def _arange(*bounds: Any, **_: object) -> Any:
    if len(bounds) == 1:
        return Rows(unseen(bounds[0]))
    raise ArrayError("np.arange between sizes that are names is not supported: give numbers")


def _drawn(*shape: Any, **options: Any) -> Traced:
    return Traced(current().drawn(axes_of(shape or options.get("size", ()))))


def _drawn_of_size(*args: Any, size: Any = (), **_: object) -> Traced:
    if not size:
        size = next((a for a in reversed(args) if isinstance(a, tuple)), args[-1] if args else ())
    return Traced(current().drawn(axes_of(size)))


# fmt: off
MADE: dict[str, Callable[..., Any]] = {
    "zeros": _filled(0), "empty": _filled(0), "ones": _filled(1), "full": _full,
    "eye": _eye, "identity": _eye, "arange": _arange,
    "array": _array, "asarray": _as_array, "asanyarray": _as_array,
    "ascontiguousarray": _as_array,
}
DRAWN: dict[str, Callable[..., Any]] = {
    "rand": _drawn, "randn": _drawn, "random": _drawn_of_size, "random_sample": _drawn_of_size,
    "uniform": _drawn_of_size, "normal": _drawn_of_size, "binomial": _drawn_of_size,
}
# fmt: on


def where_needed(real: Callable[..., Any], traced: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy's own function, but where sizes that are names or traced arrays stand."""

    @wraps(real)
    def made(*args: Any, **options: Any) -> Any:
        there = holds_traced(args) or holds_traced(tuple(options.values()))
        return (traced if there else real)(*args, **options)

    return made


def always(real: Callable[..., Any], traced: Callable[..., Any]) -> Callable[..., Any]:
    """The traced function, whatever it is given."""
    del real
    return traced
