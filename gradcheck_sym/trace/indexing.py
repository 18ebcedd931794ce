"""Indexing, assignment, and the views that NumPy gives: all of them move entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcheck_sym.array import Array, Reindex, Shape
from gradcheck_sym.array.arrays import Along, At
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.array.shape import show, sizes
from gradcheck_sym.errors import ArrayError, ShapeError
from gradcheck_sym.trace.counts import unseen
from gradcheck_sym.trace.keys import numbers_in, plain
from gradcheck_sym.trace.labels import LabelVector
from gradcheck_sym.trace.picked import picked, refuse_truths
from gradcheck_sym.trace.positions import Move, overwritten, rearranged
from gradcheck_sym.trace.selected import Masked, Selected
from gradcheck_sym.trace.standins import StandIns
from gradcheck_sym.trace.traced import Held, Traced
from gradcheck_sym.trace.view import View


def read(traced: Traced, key: object) -> Any:
    """`traced[key]`: a view, or what a mask or labels select; raises `ArrayError`."""
    if (selection := selected(traced, key)) is not None:
        return selection
    if isinstance(key, LabelVector):
        return key.rows_of(traced)
    found = plain(key, traced.shape_held)
    given = viewed(traced, lambda p, _: p[found], *numbers_in(found))
    if key is Ellipsis and traced.scalar is True:
        given.scalar = False  # number[...] is an array
    return given


def write(traced: Traced, key: object, value: object) -> None:
    """`traced[key] = value`."""
    from gradcheck_sym.trace.calls import held_of
    from gradcheck_sym.trace.kinds import may_be_whole
    from gradcheck_sym.trace.left_out import is_infinite, leave_out

    if traced.scalar is True and not traced.ndim:
        raise ArrayError("a number is not written to")
    if isinstance(traced.held, Mask):
        raise ArrayError("a comparison's result is not written to here: write it with & | ~")
    if traced.whole and not may_be_whole(value):
        raise ArrayError("NumPy rounds what is written to an array of integers: make it of floats")
    if (selection := selected(traced, key)) is not None:
        if is_infinite(value) and isinstance(selection, Masked):
            leave_out(traced, selection.chosen)
            return
        selection.write_back(value)
        return
    if isinstance(key, LabelVector):
        raise ArrayError(f"a write to rows that {key.name} chooses: write np.add.at")
    new = held_of(value)
    base = traced.array
    found = plain(key, base.shape)
    standing = StandIns([base.shape, new.shape], *numbers_in(found))
    array = new.value() if isinstance(new, Mask) else new
    traced.assign(overwritten(lambda p: p[found], base, array, standing))


def selected(traced: Traced, key: object) -> Selected | None:
    """What a mask, or labels, select."""
    if not (isinstance(key, Traced) and isinstance(key.held, Mask)):
        return picked(traced, key)
    refuse_truths(traced)
    own = traced.shape_held
    if sizes(key.shape_held) != sizes(own[: key.ndim]):
        raise ShapeError(f"{show(own)} is not masked by {show(key.shape_held)}")
    mask = Mask(key.held.choose, *(_columns(a, key.ndim, own) for a in key.held.operands))
    everywhere = spread(mask, own)
    assert isinstance(everywhere, Mask)
    return Masked(traced.copy(), key.held, everywhere, base=traced)


def _columns(array: Array, ndim: int, shape: Shape) -> Array:
    """An operand of a mask over the first axes, with an axis of size 1 for each of the others."""
    for _ in range(len(shape) - ndim):
        array = array.expand(array.ndim)
    return array


def viewed(traced: Traced, move: Any, *given: int, sure: bool = True) -> Traced:
    """What a movement of entries gives, a view where NumPy gives one, else a copy.

    `move` takes positions and stand-ins; a movement that is not `sure` may be one or the other.
    """
    import numpy as np

    standing = StandIns([traced.shape_held], *given)

    def there(positions: Any) -> Any:
        return move(positions, standing)

    def change(base: Held, value: Held) -> Held:
        return _overwritten(there, base, value, standing)

    def look(base: Held) -> Held:
        return moved(there, base, standing)

    own = [standing.number(axis.size) for axis in traced.shape_held]
    grid = np.arange(np.prod(own, dtype=int)).reshape(own)
    found = there(grid)
    if not isinstance(found, np.ndarray):
        return Traced(look(traced.held), whole=traced.whole, scalar=True)
    rowwise = traced.rowwise and found.flags.c_contiguous
    is_number = traced.scalar is True and not own
    sure = sure and (bool(own) or traced.scalar is False)
    if is_number or not np.may_share_memory(found, grid):
        scalar = None if is_number else False
        return Traced(look(traced.held), rowwise=rowwise, whole=traced.whole, scalar=scalar)
    view = View(traced, look, change, rowwise=rowwise, sure=sure)
    view.scalar = None if traced.scalar is None and not own else False
    return view


def moved(move: Move, held: Held, standing: StandIns | None = None) -> Held:
    """The rearrangement of an array, or of a mask."""
    if isinstance(held, Mask):
        shape = held.shape
        operands = (rearranged(move, _wide(a, shape), standing=standing) for a in held.operands)
        return Mask(held.choose, *operands)
    return rearranged(move, held, standing=standing)


def _overwritten(move: Move, base: Held, value: Held, standing: StandIns) -> Held:
    if isinstance(base, Mask):
        raise ArrayError("a part of a comparison's result is not written to: write .astype(float)")
    below, above = (held.value() if isinstance(held, Mask) else held for held in (base, value))
    return overwritten(move, below, above, standing)


def transposed(traced: Traced, axes: Sequence[int]) -> Traced:
    """`np.transpose`."""
    return viewed(traced, lambda p, _: p.transpose(*axes))


def reshaped(traced: Traced, shape: Sequence[object], *, sure: bool, flat: bool = False) -> Traced:
    """`np.reshape`; a size that is a name is left as it is, or has to be given a number."""
    wanted = [unseen(size) for size in shape]

    def move(positions: Any, standing: StandIns) -> Any:
        unknown = [s for s in wanted if isinstance(s, str) and s not in standing.numbers]
        if unknown:
            raise ArrayError(f"reshape to {unknown[0]}, which is no size of this array")
        try:
            return positions.reshape([standing.number(size) for size in wanted])
        except ValueError:
            own = show(traced.shape_held)
            raise ShapeError(f"{own} has no such number of entries: {tuple(shape)}") from None

    found = viewed(traced, move, *(size for size in wanted if isinstance(size, int)), sure=sure)
    found.rowwise = flat or (sure and traced.rowwise)
    return found


def spread(held: Held, shape: Shape) -> Held:
    """Broadcast to a shape; raises `ShapeError`."""
    if isinstance(held, Mask):
        return Mask(held.choose, *(_wide(operand, shape) for operand in held.operands))
    return _wide(held, shape)


def _wide(array: Array, shape: Shape) -> Array:
    extra = len(shape) - array.ndim
    fits = extra >= 0 and all(
        own.size in (1, wide.size) for own, wide in zip(array.shape, shape[extra:], strict=True)
    )
    if not fits:
        raise ShapeError(f"{show(array.shape)} does not fit {show(shape)}")
    if extra == 0 and all(a.size == b.size for a, b in zip(array.shape, shape, strict=True)):
        return array
    sources = [
        At(1) if axis.size == 1 and shape[extra + k].size != 1 else Along(extra + k)
        for k, axis in enumerate(array.shape)
    ]
    return Reindex(array, shape, sources)
