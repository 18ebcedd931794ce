"""Indexing, assignment, and the views that NumPy gives: all of them move entries."""

from __future__ import annotations

from collections.abc import Sequence
from types import EllipsisType
from typing import Any

from gradcheck_sym.array import Array, Reindex, Shape
from gradcheck_sym.array.arrays import Along, At
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.array.shape import show
from gradcheck_sym.errors import ArrayError, ShapeError
from gradcheck_sym.sizes import Size
from gradcheck_sym.trace.counts import Count, unseen
from gradcheck_sym.trace.labels import LabelVector, Rows
from gradcheck_sym.trace.positions import Move, StandIns, overwritten, rearranged
from gradcheck_sym.trace.selected import Selected
from gradcheck_sym.trace.traced import Held, Traced, View


def read(traced: Traced, key: object) -> Any:
    """`traced[key]`: a view, or what a mask or labels select; raises `ArrayError`."""
    if (selection := selected(traced, key)) is not None:
        return selection
    if isinstance(key, LabelVector):
        return key.rows_of(traced)
    there = viewed(traced, lambda p, s: p[s.key(_plain(key))], *_numbers(key))
    return there if there.ndim and _is_basic(key) else there.copy()


def _is_basic(key: object) -> bool:
    """Whether NumPy gives a view, and no copy, for a key."""
    parts = key if isinstance(key, tuple) else (key,)
    return all(isinstance(part, int | slice | Count | EllipsisType | None) for part in parts)


def write(traced: Traced, key: object, value: object) -> None:
    """`traced[key] = value`."""
    from gradcheck_sym.trace.calls import held_of

    if (selection := selected(traced, key)) is not None:
        traced.assign(selection.put_back(value))
        return
    new = held_of(value)
    base = traced.array
    standing = StandIns([base.shape, new.shape], *_numbers(key))
    array = new.value() if isinstance(new, Mask) else new
    traced.assign(overwritten(lambda p: p[standing.key(_plain(key))], base, array, standing))


def selected(traced: Traced, key: object) -> Selected | None:
    """What a mask, or a label for each row, selects."""
    if isinstance(key, Traced) and isinstance(key.held, Mask):
        return Selected(traced.array, spread(key.held, traced.shape_held), (), key.held)
    match key:
        case (rows, LabelVector() as labels) if traced.ndim == 2 and _is_rows(rows, traced):
            return Selected(traced.array, labels.one_hot, (1,), labels)
    return None


def _is_rows(key: object, traced: Traced) -> bool:
    """Whether an index runs through all rows."""
    size = traced.shape_held[0].size
    match key:
        case Rows():
            return bool(key.size == size)
        case range():
            return isinstance(size, int) and key == range(size)
    if isinstance(size, int) and hasattr(key, "tolist"):
        rows: bool = key.tolist() == list(range(size))
        return rows
    return False


def _plain(key: object) -> Any:
    match key:
        case tuple():
            return tuple(map(_plain, key))
        case Rows(size):
            if isinstance(size, str):
                raise ArrayError(f"an index over all {size}: give it a number, such as {size}=3")
            return range(size)
        case Traced():
            raise ArrayError("an index that is an array without numbers is not supported")
    return key


def _numbers(key: object) -> list[int]:
    """The numbers in a key."""
    match key:
        case bool():
            return []
        case int():
            return [key]
        case tuple() | list():
            return [number for part in key for number in _numbers(part)]
        case slice(start=start, stop=stop, step=step):
            return _numbers((start, stop, step))
        case range():
            return [len(key), *_numbers((key.start, key.stop))]
    if hasattr(key, "tolist"):
        return _numbers(key.tolist())
    return []


def viewed(traced: Traced, move: Any, *numbers: int, sure: bool = True) -> Traced:
    """The view that a movement of entries gives; `move` takes positions and stand-ins."""
    standing = StandIns([traced.shape_held], *numbers)

    def there(positions: Any) -> Any:
        return move(positions, standing)

    def change(base: Held, value: Held) -> Held:
        return _overwritten(there, base, value, standing)

    return View(traced, lambda base: moved(there, base, standing), change, sure=sure)


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


def reshaped(traced: Traced, shape: Sequence[object]) -> Traced:
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

    numbers = (size for size in wanted if isinstance(size, int))
    found = viewed(traced, move, *numbers, sure=traced.in_rows)
    if not traced.in_rows and _without_ones(found.shape_held) == _without_ones(traced.shape_held):
        return viewed(traced, move)  # axes of size 1 come and go without a copy
    return found


def _without_ones(shape: Shape) -> list[Size]:
    return [axis.size for axis in shape if axis.size != 1]


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
