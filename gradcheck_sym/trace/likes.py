"""Arrays of one value, arrays like others, and other types of numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcheck_sym.array import UNIT, Axis, Constant
from gradcheck_sym.array.mask import compared
from gradcheck_sym.array.shape import broadcast, sizes
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.term.terms import ZERO
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import current
from gradcheck_sym.trace.counts import unseen
from gradcheck_sym.trace.indexing import spread
from gradcheck_sym.trace.kinds import kind_of_type, may_be_whole
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.view import View


def traced_of(value: object) -> Traced:
    """A value of the user's code as a traced array."""
    if isinstance(value, Traced):
        return value
    return Traced(array_held(value), whole=may_be_whole(value))


def axes_of(shape: Any) -> tuple[Axis, ...]:
    """The axes of a shape that the user's code gives."""
    sizes = shape if isinstance(shape, tuple | list) else (shape,)
    found = [unseen(size) for size in sizes]
    return tuple(Axis(str(size), size) if size != 1 else UNIT for size in found)


def filled(value: object, shape: tuple[Axis, ...], *, whole: bool = False) -> Traced:
    """An array of one value."""
    return Traced(spread(array_held(value), shape), whole=whole, scalar=False)


def empty(shape: tuple[Axis, ...]) -> Traced:
    """An array of any numbers, since nobody knows what stands there."""
    return Traced(current().unknown(shape), scalar=False)


def _type_of(a: Traced, dtype: object) -> bool:
    """Whether an array like another one is of integers; raises `ArrayError` for truths."""
    kind = kind_of_type(dtype) if dtype is not None else kind_of_type(a.dtype)
    if kind not in "fiu":
        raise ArrayError("an array of truths like another one: give it dtype=float")
    return kind != "f"


def like(value: int) -> Callable[..., Traced]:
    """`np.zeros_like` and `np.ones_like`."""

    def apply(a: object, dtype: object = None) -> Traced:
        x = traced_of(a)
        found = filled(value, x.shape_held, whole=_type_of(x, dtype))
        found.rowwise = x.rowwise
        return found

    return apply


def full_like(a: object, fill_value: object, dtype: object = None) -> Traced:
    """`np.full_like`."""
    x = traced_of(a)
    whole = _type_of(x, dtype)
    if whole and not may_be_whole(fill_value):
        raise ArrayError("np.full_like of integers rounds the number: give it dtype=float")
    return filled(fill_value, x.shape_held, whole=whole)


def empty_like(a: object, dtype: object = None) -> Traced:
    """`np.empty_like`: any numbers."""
    x = traced_of(a)
    found = empty(x.shape_held)
    found.whole, found.rowwise = _type_of(x, dtype), x.rowwise
    return found


def as_type(x: Traced, dtype: object, *, copy: bool = True) -> Traced:
    """`astype`: of floats, since there is one type of numbers; raises `ArrayError`."""
    kind, truths = kind_of_type(dtype), x.is_truth
    if kind == "b" and not truths:
        from gradcheck_sym.trace.triangles import bits

        mask = bits(x.held, "not_equal", 0)
        if mask is None:
            mask = compared("not_equal")(x.array, Constant(ZERO))
        return Traced(mask, rowwise=x.rowwise)
    if kind not in "bfiu" or (kind in "iu" and not may_be_whole(x)):
        name = getattr(dtype, "__name__", str(dtype)).lower()
        raise ArrayError(f"a conversion to {name} rounds numbers: leave it out")
    if kind == "b" and not copy:
        return x
    held = x.held if kind == "b" else x.array
    if copy or truths or (x.scalar is True and not x.ndim):
        return Traced(held, rowwise=x.rowwise, whole=kind != "f", scalar=x.scalar)
    found = perhaps_the_same(x)
    found.whole, found.scalar = kind != "f", x.scalar
    return found


def perhaps_the_same(x: Traced) -> Traced:
    """What may be the array itself, or a copy: that depends on the user's type of numbers."""
    return View(x, lambda base: base, lambda _, value: value, rowwise=x.rowwise, sure=False)


def unwritable(traced: Traced, look: Callable[[Any], Any]) -> Traced:
    """A view that NumPy allows no writing to."""

    def refuse(*_: object) -> Any:
        raise ArrayError("NumPy gives a view here that may not be written to: write .copy()")

    return View(traced, look, refuse)


def broadcast_to(array: object, shape: Any) -> Traced:
    """`np.broadcast_to`."""
    axes = axes_of(shape)
    return unwritable(traced_of(array), lambda base: spread(base, axes))


def broadcast_arrays(*arrays: object) -> Any:
    """`np.broadcast_arrays`: the arrays themselves, where their shapes are the same."""
    import numpy as np

    given = [traced_of(a) for a in arrays]
    given = [x if x.scalar is False or x.ndim else Traced(x.held, whole=x.whole) for x in given]
    shape = broadcast(*(x.shape_held for x in given))
    if any(sizes(x.shape_held) != sizes(shape) for x in given):
        given = [unwritable(x, lambda base: spread(base, shape)) for x in given]
    several: Any = type(np.broadcast_arrays(0))  # a list before NumPy 2
    return several(given)


def at_least_2d(a: object) -> Traced:
    """`np.atleast_2d`."""
    x = traced_of(a)
    return x if x.ndim > 1 else x.reshape(1, -1)
