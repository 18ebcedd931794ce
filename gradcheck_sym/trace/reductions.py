"""NumPy's reductions that are made of others, and those that need numbers for sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.array.shape import Axes, places
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.term.terms import INVENTED
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import current
from gradcheck_sym.trace.likes import traced_of, unwritable
from gradcheck_sym.trace.movements import joining, moving, pad
from gradcheck_sym.trace.positions import rearranged
from gradcheck_sym.trace.traced import Traced

MOST_COMPARED = 64  # entries of which the largest is written out


def maximum_over(a: object, axis: Axes = None, *, keepdims: bool = False) -> Traced:
    """`np.max`: written out where the sizes are numbers, else any number: see `Trace.shift`."""
    array = array_held(a)
    gone = places(array.shape, axis)
    if current().free_maxima or any(isinstance(array.shape[k].size, str) for k in gone):
        found: Array = current().shift(array, gone)
    else:
        current().maxima += 1
        found = _folded("maximum", array, gone)
    for place in sorted(gone) if keepdims else ():
        found = found.expand(place)
    return Traced(found)


def minimum_over(a: object, axis: Axes = None, *, keepdims: bool = False) -> Traced:
    """`np.min`."""
    found: Traced = -maximum_over(-traced_of(a), axis, keepdims=keepdims)
    return found


def product_over(a: object, axis: Axes = None, *, keepdims: bool = False) -> Traced:
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


def variance(a: object, axis: Axes = None, *, ddof: int = 0, keepdims: bool = False) -> Traced:
    """`np.var`."""
    x = traced_of(a)
    mean = x.mean(axis=axis, keepdims=True)
    mean.call_it(f"mean{INVENTED}")
    centred = x - mean
    centred.call_it(f"centred{INVENTED}")
    first, *others = [x.shape[k] for k in places(x.shape_held, axis)] or [1]
    count: Any = first
    for size in others:
        count = count * size
    total = (centred * centred).sum(axis=axis, keepdims=keepdims)
    found: Traced = total / (count - ddof if ddof else count)
    return found


def deviation(a: object, axis: Axes = None, *, ddof: int = 0, keepdims: bool = False) -> Traced:
    """`np.std`."""
    return _mapped("sqrt", variance(a, axis, ddof=ddof, keepdims=keepdims))


def norm(x: object, ord: object = None, axis: Axes = None, keepdims: bool = False) -> Traced:  # noqa: A002 - NumPy's name
    """`np.linalg.norm`, the Euclidean."""
    ndim = traced_of(x).ndim
    one = isinstance(axis, int) or (axis is None and ndim == 1)
    many = ndim == 2 if axis is None else isinstance(axis, tuple) and len(axis) == 2
    if ord is not None and not (one and ord == 2) and not (many and ord == "fro"):
        raise ArrayError(f"np.linalg.norm of the order {ord!r} is not supported: write it out")
    return _mapped("sqrt", (traced_of(x) * traced_of(x)).sum(axis=axis, keepdims=keepdims))


def _mapped(name: str, x: Traced) -> Traced:
    x.call_it(f"var{INVENTED}")
    return Traced(OPERATIONS[name](x.array))


def trace(a: object) -> Traced:
    """`np.trace`."""
    if traced_of(a).ndim != 2:
        raise ArrayError("np.trace needs a square matrix")
    found: Traced = diagonal(a).sum()
    return found


def average(a: object, axis: Axes = None) -> Traced:
    """`np.average` without weights."""
    found: Traced = traced_of(a).mean(axis=axis)
    return found


def count_nonzero(a: object, axis: Axes = None) -> Traced:
    """`np.count_nonzero`."""
    held = traced_of(a).held
    counted = held if isinstance(held, Mask) else OPERATIONS["not_equal"](held, 0)
    return Traced(counted.value().sum(axis), whole=True)


def diagonal(a: object) -> Traced:
    """`np.diag`: of a matrix its diagonal, of a vector the matrix that has it."""
    x = traced_of(a)
    if x.ndim == 1:
        found: Traced = x[:, None] * Traced(OPERATIONS["eye"](x.shape_held[0]))
        return found
    if x.ndim != 2:
        raise ArrayError("np.diag needs a vector or a matrix")
    if x.shape_held[0].size != x.shape_held[1].size:
        return unwritable(moving("diag")(x), lambda base: base)
    eye = OPERATIONS["eye"](x.shape_held[0])
    return unwritable(x, lambda base: (_value(base) * eye).sum(1))


def _value(held: Any) -> Array:
    found: Array = held.value() if isinstance(held, Mask) else held
    return found


def flat_diagonal(v: object, k: int = 0) -> Traced:
    """`np.diagflat`: the matrix that has all entries on a diagonal."""
    found = diagonal(traced_of(v).reshape(-1))
    above, below = max(k, 0), max(-k, 0)
    return pad(found, ((below, above), (above, below))) if k else found


def cumulative(name: str) -> Callable[..., Traced]:
    """`np.cumsum` or `np.cumprod`, along an axis whose size is a number."""

    def apply(a: object, axis: int | None = None) -> Traced:
        x = traced_of(a).ravel() if axis is None or not traced_of(a).ndim else traced_of(a)
        place = (axis or 0) % x.ndim
        size = x.shape[place]
        if not isinstance(size, int):
            raise ArrayError(f"np.cum{name} along {size}: give it a number, such as {size}=3")
        before = (slice(None),) * place
        parts = [x[(*before, slice(0, k + 1))] for k in range(size)]
        return joining("stack")([getattr(part, name)(axis=place) for part in parts], axis=place)

    return apply


def differences(a: object, n: int = 1, axis: int = -1) -> Traced:
    """`np.diff` along an axis whose size is a number."""
    x = traced_of(a)
    if not isinstance(n, int) or n < 0 or not x.ndim:
        raise ArrayError("np.diff needs an array with axes, and a number of times")
    place = axis % x.ndim
    for _ in range(n):
        size = x.shape[place]
        if not isinstance(size, int) or size < 2:
            raise ArrayError(f"np.diff along {size}: give it a number, 2 or more, such as 3")
        before = (slice(None),) * place
        x = x[(*before, slice(1, None))] - x[(*before, slice(None, -1))]
    return x


def outer(a: object, b: object) -> Traced:
    """`np.outer`: every entry of one with every entry of the other."""
    left, right = (traced_of(x).reshape(-1) for x in (a, b))
    found: Traced = left[:, None] * right
    return found


def inner(a: object, b: object) -> Traced:
    """`np.inner`: the sum over the last axis of both, or a product with a number."""
    left, right = array_held(a), array_held(b)
    name = "inner" if left.ndim and right.ndim else "multiply"
    return Traced(OPERATIONS[name](left, right))


def kronecker(a: object, b: object) -> Traced:
    """`np.kron`: every entry of one times the other, block by block."""
    left, right = traced_of(a), traced_of(b)
    ndim = max(left.ndim, right.ndim)
    if not left.ndim or not right.ndim:
        raise ArrayError("np.kron of a number: write *")
    if size := next((n for n in (*left.shape, *right.shape) if not isinstance(n, int)), None):
        raise ArrayError(f"np.kron along {size}: give it a number, such as {size}=3")
    wide = [x.reshape(*(1,) * (ndim - x.ndim), *x.shape) for x in (left, right)]
    spread = [
        x[tuple(part for _ in range(ndim) for part in pair)]
        for x, pair in zip(wide, ((slice(None), None), (None, slice(None))), strict=True)
    ]
    shape = [one * other for one, other in zip(wide[0].shape, wide[1].shape, strict=True)]
    found: Traced = (spread[0] * spread[1]).reshape(*shape)
    return found.copy()
