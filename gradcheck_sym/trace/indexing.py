"""Indexing, assignment, and the views that NumPy gives: all of them move entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcheck_sym.array import Array, Axis, Reindex, Shape
from gradcheck_sym.array.arrays import Along, At
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.array.shape import show, sizes
from gradcheck_sym.errors import ArrayError, ShapeError
from gradcheck_sym.trace.counts import Count, unseen
from gradcheck_sym.trace.labels import LabelVector, Rows
from gradcheck_sym.trace.positions import Move, overwritten, rearranged
from gradcheck_sym.trace.selected import Selected
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
    return viewed(traced, lambda p, _: p[found], *numbers(found))


def write(traced: Traced, key: object, value: object) -> None:
    """`traced[key] = value`."""
    from gradcheck_sym.trace.calls import held_of, may_be_whole

    if isinstance(traced.held, Mask):
        raise ArrayError("a comparison's result is not written to here: write it with & | ~")
    if traced.whole and not may_be_whole(value):
        raise ArrayError("NumPy rounds what is written to an array of integers: make it of floats")
    if (selection := selected(traced, key)) is not None:
        traced.assign(selection.put_back(value))
        return
    if isinstance(key, LabelVector):
        raise ArrayError(f"a write to rows that {key.name} chooses: write np.add.at")
    new = held_of(value)
    base = traced.array
    found = plain(key, base.shape)
    standing = StandIns([base.shape, new.shape], *numbers(found))
    array = new.value() if isinstance(new, Mask) else new
    traced.assign(overwritten(lambda p: p[found], base, array, standing))


def selected(traced: Traced, key: object) -> Selected | None:
    """What a mask, or a label for each row, selects."""
    if isinstance(key, Traced) and isinstance(key.held, Mask):
        own = traced.shape_held
        if sizes(key.shape_held) != sizes(own[: key.ndim]):
            raise ShapeError(f"{show(own)} is not masked by {show(key.shape_held)}")
        mask = Mask(key.held.choose, *(_columns(a, key.ndim, own) for a in key.held.operands))
        return Selected(traced.array, spread(mask, own), (), key.held)
    match key:
        case (rows, LabelVector() as labels) if traced.ndim == 2 and _is_rows(rows, traced):
            if labels.one_hot.shape[1].size != traced.shape_held[1].size:
                raise ShapeError(f"{labels.name} does not speak of {traced.shape_held[1]} classes")
            return Selected(traced.array, labels.one_hot, (1,), labels)
    return None


def _columns(array: Array, ndim: int, shape: Shape) -> Array:
    """An operand of a mask over the first axes, with an axis of size 1 for each of the others."""
    for _ in range(len(shape) - ndim):
        array = array.expand(array.ndim)
    return array


def _is_rows(key: Any, traced: Traced) -> bool:
    """Whether an index runs through all rows."""
    size = traced.shape_held[0].size
    match key:
        case Rows():
            return bool(key.size == size)
        case range():
            return isinstance(size, int) and key == range(size)
    if isinstance(size, int) and getattr(getattr(key, "dtype", None), "kind", "") in ("i", "u"):
        rows: bool = key.tolist() == list(range(size))
        return rows
    return False


def plain(key: object, shape: Shape) -> Any:
    """The key as NumPy takes it; a slice to the end of an axis may be given by its size."""
    if not isinstance(key, tuple):
        return plain((key,), shape)[0]
    if any(isinstance(part, bool) or (_are_truths(part) and not part.ndim) for part in key):
        raise ArrayError("an index that is True or False is not supported: leave it out")
    taken = sum(
        part.ndim if _are_truths(part) else 1
        for part in key
        if part is not None and part is not Ellipsis
    )
    place, found = 0, []
    for part in key:
        axis = shape[place] if place < len(shape) else None
        if part is Ellipsis:
            place += len(shape) - taken
        elif part is not None:
            place += part.ndim if _are_truths(part) else 1
        found.append(_part(part, axis))
    return tuple(found)


def _are_truths(part: object) -> bool:
    return getattr(getattr(part, "dtype", None), "kind", "") == "b"


def _part(part: object, axis: Axis | None) -> Any:
    match part:
        case Rows(size):
            if isinstance(size, str):
                raise ArrayError(f"an index over all {size}: give it a number, such as {size}=3")
            return range(size)
        case slice(start=None | 0, stop=Count(name), step=None | 1) if axis and axis.size == name:
            return slice(None)
        case slice(start=start, stop=stop, step=step):
            for bound in (start, stop, step):
                if isinstance(bound, Count | Traced):
                    raise ArrayError(f"a slice with {bound} in it: give sizes as numbers")
        case Traced() | Count() | LabelVector():
            raise ArrayError("an index that is an array without numbers is not supported")
    import numpy as np

    return int(part) if isinstance(part, np.integer) else part  # else a view may be a copy


def numbers(key: object) -> list[int]:
    """The numbers in a key."""
    match key:
        case bool():
            return []
        case int():
            return [key]
        case tuple() | list():
            return [number for part in key for number in numbers(part)]
        case slice(start=start, stop=stop, step=step):
            return numbers((start, stop, step))
        case range():
            return [len(key), *numbers((key.start, key.stop))]
    if hasattr(key, "tolist"):
        found = key.tolist()
        return [getattr(key, "size", 1), *numbers(found)]
    return []


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
        return Traced(look(traced.held), whole=traced.whole)  # a number
    rowwise = traced.rowwise and found.flags.c_contiguous
    is_number = traced.scalar is True and not own
    sure = sure and (bool(own) or traced.scalar is False)
    if is_number or not np.may_share_memory(found, grid):
        scalar = is_number and not found.shape
        return Traced(look(traced.held), rowwise=rowwise, whole=traced.whole, scalar=scalar)
    return View(traced, look, change, rowwise=rowwise, sure=sure)


def moved(move: Move, held: Held, standing: StandIns | None = None) -> Held:
    """The rearrangement of an array, or of a mask."""
    if isinstance(held, Mask):
        shape = held.shape
        operands = (rearranged(move, _wide(a, shape), standing=standing) for a in held.operands)
        return Mask(held.choose, *operands)
    return rearranged(move, held, standing=standing)


def _overwritten(move: Move, base: Held, value: Held, standing: StandIns) -> Held:
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
