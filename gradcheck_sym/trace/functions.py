"""NumPy's functions that move entries, reduce in other ways, or make arrays like others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, NoReturn

from gradcheck_sym.array import Array, Axis
from gradcheck_sym.array.operations import array_of, full
from gradcheck_sym.array.shape import Axes, places
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import current
from gradcheck_sym.trace.indexing import spread, viewed
from gradcheck_sym.trace.positions import rearranged
from gradcheck_sym.trace.traced import Traced

MOVING = ("swapaxes", "moveaxis", "rollaxis", "flip", "expand_dims", "squeeze")
COPYING = ("roll", "repeat", "tile", "flipud", "fliplr", "rot90", "take")
JOINING = ("concatenate", "stack", "vstack", "hstack", "column_stack")
MOST_COMPARED = 64  # entries of which the largest is written out


def _traced(value: object) -> Traced:
    return value if isinstance(value, Traced) else Traced(array_held(value))


# Reductions --------------------------------------------------------------------------------


def maximum_over(a: object, axis: Axes = None, keepdims: bool = False) -> Traced:
    """`np.max`: written out where the sizes are numbers, else any number: see `Trace.shift`."""
    array = array_held(a)
    gone = places(array.shape, axis)
    if any(isinstance(array.shape[k].size, str) for k in gone):
        left = tuple(x for k, x in enumerate(array.shape) if k not in gone)
        found: Array = current().shift(left)
    else:
        found = _folded("maximum", array, gone)
    for place in sorted(gone) if keepdims else ():
        found = found.expand(place)
    return Traced(found)


def minimum_over(a: object, axis: Axes = None, keepdims: bool = False) -> Traced:
    """`np.min`."""
    opposite: Traced = maximum_over(-_traced(a), axis, keepdims)
    return -opposite


def product_over(a: object, axis: Axes = None, keepdims: bool = False) -> Traced:
    """`np.prod`, of few entries."""
    array = array_held(a)
    gone = places(array.shape, axis)
    found = _folded("multiply", array, gone)
    for place in sorted(gone) if keepdims else ():
        found = found.expand(place)
    return Traced(found)


def _folded(operation: str, array: Array, gone: Sequence[int]) -> Array:
    """A binary operation over the entries along some axes, one after the other."""
    for place in sorted(gone, reverse=True):
        size = array.shape[place].size
        if isinstance(size, str) or size > MOST_COMPARED:
            raise ArrayError(f"np.prod or np.max over {array.shape[place]}: give a small number")
        at = [(slice(None),) * place + (k,) for k in range(size)]
        parts = [rearranged(lambda p, key=key: p[key], array) for key in at]
        array = reduce(OPERATIONS[operation], parts)
    return array


def variance(a: object, axis: Axes = None, ddof: int = 0, keepdims: bool = False) -> Traced:
    """`np.var`."""
    x = _traced(a)
    centred = x - x.mean(axis=axis, keepdims=True)
    centred.call_it(lambda: "centred")
    count: Any = 1
    for k in places(x.shape_held, axis):
        count = x.shape[k] * count
    found: Traced = (centred * centred).sum(axis=axis, keepdims=keepdims) / (count - ddof)
    return found


def deviation(a: object, axis: Axes = None, ddof: int = 0, keepdims: bool = False) -> Traced:
    """`np.std`."""
    return _mapped("sqrt", variance(a, axis, ddof, keepdims))


def norm(x: object, ord: object = None, axis: Axes = None, keepdims: bool = False) -> Traced:  # noqa: A002 - NumPy's name
    """`np.linalg.norm`, the Euclidean."""
    if ord not in (None, 2, "fro"):
        raise ArrayError(f"np.linalg.norm of the order {ord!r} is not supported: write it out")
    return _mapped("sqrt", (_traced(x) * _traced(x)).sum(axis=axis, keepdims=keepdims))


def _mapped(name: str, x: Traced) -> Traced:
    return Traced(OPERATIONS[name](x.array))


def trace(a: object) -> Traced:
    """`np.trace`."""
    return diagonal(a).sum()


def average(a: object, axis: Axes = None) -> Traced:
    """`np.average` without weights."""
    return _traced(a).mean(axis=axis)


# Movements ---------------------------------------------------------------------------------


def _moving(name: str) -> Callable[..., Traced]:
    """NumPy's function of that name, which moves entries, as a view."""

    def apply(a: object, *args: Any, **options: Any) -> Traced:
        import numpy as np

        return viewed(_traced(a), lambda p, s: getattr(np, name)(p, *s.key(args), **options))

    return apply


def _joining(name: str) -> Callable[..., Traced]:
    """NumPy's function of that name, which joins arrays."""

    def apply(arrays: Any, *args: Any, **options: Any) -> Traced:
        import numpy as np

        held = [array_held(a) for a in arrays]
        return Traced(rearranged(lambda *p: getattr(np, name)(p, *args, **options), *held))

    return apply


def _copying(name: str) -> Callable[..., Traced]:
    def apply(a: object, *args: Any, **options: Any) -> Traced:
        return _moving(name)(a, *args, **options).copy()

    return apply


def split(a: object, sections: Any, axis: int = 0) -> list[Traced]:
    """`np.split`."""
    import numpy as np

    x = _traced(a)
    size = x.shape[axis]
    if not isinstance(size, int):
        raise ArrayError(f"np.split along {size}: give it a number, such as {size}=4")
    parts = np.split(np.arange(size), sections)
    place = axis % x.ndim
    keys = [(slice(None),) * place + (slice(int(p[0]), int(p[-1]) + 1),) for p in parts]
    return [x[key] for key in keys]


def diagonal(a: object) -> Traced:
    """`np.diag`: of a matrix its diagonal, of a vector the matrix that has it."""
    x = _traced(a)
    if x.ndim == 1:
        return x.reshape(-1, 1) * Traced(OPERATIONS["eye"](x.shape_held[0]))
    if x.ndim != 2:
        raise ArrayError("np.diag needs a vector or a matrix")
    if x.shape_held[0].size != x.shape_held[1].size:
        return _moving("diag")(x)
    return (x * Traced(OPERATIONS["eye"](x.shape_held[0]))).sum(axis=1)


def cumulative(a: object, axis: int | None = None) -> Traced:
    """`np.cumsum` along an axis whose size is a number."""
    x = _traced(a).ravel() if axis is None or not _traced(a).ndim else _traced(a)
    place = (axis or 0) % x.ndim
    size = x.shape[place]
    if not isinstance(size, int):
        raise ArrayError(f"np.cumsum along {size}: give it a number, such as {size}=3")
    before = (slice(None),) * place
    sums = [x[(*before, slice(0, k + 1))].sum(axis=place) for k in range(size)]
    return _joining("stack")(sums, axis=place)


def outer(a: object, b: object) -> Traced:
    """`np.outer`: every entry of one with every entry of the other."""
    left, right = (_traced(x).reshape(-1) for x in (a, b))
    found: Traced = left.reshape(-1, 1) * right
    return found


def inner(a: object, b: object) -> Traced:
    """`np.inner`: the sum over the last axis of both, or a product with a number."""
    left, right = _traced(a), _traced(b)
    product: Traced = left @ right.T if left.ndim and right.ndim else left * right
    return product


def broadcast_to(array: object, shape: Any) -> Traced:
    """`np.broadcast_to`."""
    return Traced(spread(array_held(array), axes_of(shape)))


# Arrays like others ------------------------------------------------------------------------


def axes_of(shape: Any) -> tuple[Axis, ...]:
    """The axes of a shape that the user's code gives."""
    from gradcheck_sym.trace.counts import unseen

    sizes = shape if isinstance(shape, tuple | list) else (shape,)
    found = [unseen(size) for size in sizes]
    return tuple(Axis(str(size), size) for size in found)


def filled(value: object, shape: tuple[Axis, ...]) -> Traced:
    """An array of one value."""
    return Traced(spread(array_held(value), shape), in_rows=True)


def _like(value: int) -> Callable[..., Traced]:
    return lambda a: Traced(full(value, _traced(a).shape_held))


def full_like(a: object, fill_value: object) -> Traced:
    """`np.full_like`."""
    return filled(fill_value, _traced(a).shape_held)


def at_least_2d(a: object) -> Traced:
    """`np.atleast_2d`."""
    x = _traced(a)
    return x if x.ndim > 1 else x.reshape(1, -1)


def _refused(name: str, mend: str) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise ArrayError(f"np.{name} is not supported for arrays without numbers: {mend}")

    return refuse


def _count_nonzero(a: object, axis: Axes = None) -> Traced:
    return Traced(array_of(array_held(a)).sum(axis))


# fmt: off
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "max":           maximum_over,   "amax": maximum_over,
    "min":           minimum_over,   "amin": minimum_over,
    "prod":          product_over,
    "var":           variance,       "std": deviation,
    "norm":          norm,
    "trace":         trace,
    "average":       average,
    "count_nonzero": _count_nonzero,
    "cumsum":        cumulative,
    "outer":         outer,          "inner": inner,
    "diag":          diagonal,       "diagonal": diagonal,
    "split":         split,          "array_split": split,
    "broadcast_to":  broadcast_to,
    "reshape":       lambda a, shape: _traced(a).reshape(shape),
    "ravel":         lambda a: _traced(a).ravel(),
    "transpose":     lambda a, axes=(): _traced(a).transpose(*axes),
    "copy":          lambda a: _traced(a).copy(),
    "zeros_like":    _like(0),       "empty_like": _like(0),
    "ones_like":     _like(1),       "full_like": full_like,
    "atleast_2d":    at_least_2d,
    "shape":         lambda a: _traced(a).shape,
    "ndim":          lambda a: _traced(a).ndim,
    "size":          lambda a: _traced(a).size,
    **{name: _moving(name) for name in MOVING},
    **{name: _copying(name) for name in COPYING},
    **{name: _joining(name) for name in JOINING},
    "argmax":        _refused("argmax", "a choice of an index is no formula"),
    "argmin":        _refused("argmin", "a choice of an index is no formula"),
    "any":           _refused("any", "write np.where for a choice by entry"),
    "all":           _refused("all", "write np.where for a choice by entry"),
    "round":         _refused("round", "leave it out"),
    "sort":          _refused("sort", "the order of entries is no formula"),
}
# fmt: on
