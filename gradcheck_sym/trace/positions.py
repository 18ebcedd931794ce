"""What NumPy's functions that move entries do: they are carried out on positions.

An array of positions says where each entry of the result comes from, so slices, joins, flips,
transposes and reshapes need nothing of their own. A size that is a name has a number for the
while, larger than any that occurs; along such an axis every index has to come from itself, or
what is done is no rearrangement for all sizes, and is refused. So is what is another thing when
other numbers, in another order, stand for the names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from gradcheck_sym.array import Array, Axis, Reindex, Shape
from gradcheck_sym.array.arrays import Along, At
from gradcheck_sym.array.listed import Listed
from gradcheck_sym.array.shape import Indices, show, sizes
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.standins import StandIns

Move: TypeAlias = Callable[..., Any]  # arrays of positions → an array of positions
Found: TypeAlias = tuple[Array, object]  # an array, and all that tells it from others


def rearranged(move: Move, *operands: Array, standing: StandIns | None = None) -> Array:
    """The array that NumPy's `move` makes of these; raises `ArrayError`."""
    import numpy as np

    standing = standing or StandIns([operand.shape for operand in operands])
    found: list[Found] = []
    for _ in standing.turns():
        start, grids = 0, []
        for operand in operands:
            shape = [standing.number(axis.size) for axis in operand.shape]
            count = int(np.prod(shape))
            grids.append(np.arange(start, start + count).reshape(shape))
            start += count
        positions = np.asarray(move(*grids))
        if not positions.size:
            raise ArrayError("an array with no entries is not supported")
        axes = tuple(standing.axis(number) for number in positions.shape)
        if found and sizes(found[0][0].shape) != sizes(axes):
            raise _no_rearrangement(axes, operands)
        found.append(_array(positions, axes, operands, standing))
    return _agreed(found, operands)


def _agreed(found: Sequence[Found], operands: Sequence[Array]) -> Array:
    """The array that both turns give; raises `ArrayError` where they differ."""
    (array, told), (_, other) = found[0], found[-1]
    if told != other:
        raise _no_rearrangement(array.shape, operands)
    return array


def overwritten(move: Move, base: Array, value: Array, standing: StandIns | None = None) -> Array:
    """The base, with the entries that `move` finds there replaced by those of `value`."""
    import numpy as np

    standing = standing or StandIns([base.shape, value.shape])
    found: list[Found] = []
    for _ in standing.turns():
        own = [standing.number(axis.size) for axis in base.shape]
        new = [standing.number(axis.size) for axis in value.shape]
        grid = np.arange(int(np.prod(own))).reshape(own)
        there = np.asarray(move(grid))
        count = grid.size
        while len(new) > there.ndim and new[0] == 1:  # NumPy leaves them out in assignments
            new = new[1:]
        try:
            values = np.broadcast_to(np.arange(int(np.prod(new))).reshape(new), there.shape)
        except ValueError:
            shown = tuple(standing.axis(number) for number in there.shape)
            raise ArrayError(f"{show(value.shape)} does not fit {show(shown)}") from None
        grid.reshape(-1)[there.reshape(-1)] = values.reshape(-1) + count
        found.append(_array(grid, base.shape, (base, value), standing))
    return _agreed(found, [base, value])


def _array(found: Any, shape: Shape, operands: Sequence[Array], standing: StandIns) -> Found:
    import numpy as np

    ends = np.cumsum([int(np.prod([standing.number(a.size) for a in o.shape])) for o in operands])
    which = np.searchsorted(ends, found, side="right")
    named = [k for k, axis in enumerate(shape) if isinstance(axis.size, str)]
    used = sorted(set(which.reshape(-1).tolist()))
    if len(used) == 1:
        operand = operands[used[0]]
        start = int(ends[used[0] - 1]) if used[0] else 0
        coordinates = _coordinates(found - start, operand, standing)
        sources = [
            _source(c, axis, shape) for c, axis in zip(coordinates, operand.shape, strict=True)
        ]
        known = [source for source in sources if source is not None]
        if len(known) == len(sources):
            return Reindex(operand, shape, known), (used[0], known)
    listed = _listed(found, which, shape, operands, ends, standing, named)
    if listed is None:
        raise _no_rearrangement(shape, operands)
    kept = named
    for k, axis in enumerate(shape):  # along which nothing needs to be listed
        if k not in named and axis.size != 1:
            fewer = _listed(found, which, shape, operands, ends, standing, [*kept, k])
            listed, kept = (fewer, [*kept, k]) if fewer else (listed, kept)
    return listed


def _coordinates(positions: Any, operand: Array, standing: StandIns) -> tuple[Any, ...]:
    import numpy as np

    if not operand.shape:
        return ()
    return np.unravel_index(positions, [standing.number(a.size) for a in operand.shape])


def _source(coordinate: Any, axis: Axis, shape: Shape) -> Along | At | None:
    """Along which axis of the result an index runs, or at which number it stays, if it does."""
    import numpy as np

    if coordinate.size and (coordinate == coordinate.flat[0]).all():
        number = int(coordinate.flat[0])
        if isinstance(axis.size, int) or number == 0:
            return At(number + 1)
    for k, length in enumerate(coordinate.shape):
        along = np.arange(length).reshape([-1 if j == k else 1 for j in range(coordinate.ndim)])
        if shape[k].size == axis.size and (coordinate == along).all():
            return Along(k)
    return None


def _listed(
    found: Any,
    which: Any,
    shape: Shape,
    operands: Sequence[Array],
    ends: Any,
    standing: StandIns,
    kept: Sequence[int],
) -> Found | None:
    """The entries one by one, but along the axes that are kept, along which others run or stay.

    None where they do not.
    """
    import numpy as np

    listed = [k for k in range(len(shape)) if k not in kept]
    first = tuple(0 if k in kept else slice(None) for k in range(len(shape)))
    if (
        which != which[tuple(slice(0, 1) if k in kept else slice(None) for k in range(len(shape)))]
    ).any():
        return None
    chosen = which[first]
    tables: dict[int, list[tuple[int | None, Any]]] = {}
    for number in sorted(set(chosen.reshape(-1).tolist())):
        operand = operands[number]
        start = int(ends[number - 1]) if number else 0
        here = which == number
        coordinates = _coordinates(np.where(here, found - start, 0), operand, standing)
        table: list[tuple[int | None, Any]] = []
        for coordinate, axis in zip(coordinates, operand.shape, strict=True):
            along = next(
                (k for k in kept if shape[k].size == axis.size and _runs(coordinate, k, here)),
                None,
            )
            if along is None:
                still = coordinate[first]
                varies = (
                    np.where(here, coordinate, 0)
                    != np.where(here, _spread(still, kept, coordinate.ndim), 0)
                ).any()
                if varies or (isinstance(axis.size, str) and (still != 0).any()):
                    return None
                table.append((None, still))
            else:
                table.append((along, None))
        tables[number] = table

    def read(indices: Indices) -> tuple[Array, Indices]:
        place = tuple(int(indices[k]) - 1 for k in listed)  # type: ignore[arg-type]  # numbers, there
        number = int(chosen[place])
        places = tuple(
            indices[along] if along is not None else int(numbers[place]) + 1
            for along, numbers in tables[number]
        )
        return operands[number], places

    array = Listed(shape, listed, read, *(operands[number] for number in tables))
    told = {
        number: [(along, None if still is None else still.tolist()) for along, still in table]
        for number, table in tables.items()
    }
    return array, (chosen.tolist(), told)


def _spread(still: Any, kept: Sequence[int], ndim: int) -> Any:
    import numpy as np

    for k in sorted(kept):
        still = np.expand_dims(still, k)
    assert still.ndim == ndim
    return still


def _runs(coordinate: Any, axis: int, here: Any) -> bool:
    import numpy as np

    shape = [-1 if k == axis else 1 for k in range(coordinate.ndim)]
    along = np.arange(coordinate.shape[axis]).reshape(shape)
    return bool((~here | (coordinate == along)).all()) and coordinate.shape[axis] > 1


def _no_rearrangement(shape: Shape, operands: Sequence[Array]) -> ArrayError:
    """What is said of it: the sizes that the result has no more, or all that it has."""
    there = [x.size for operand in operands for x in operand.shape if isinstance(x.size, str)]
    kept = [axis.size for axis in shape if isinstance(axis.size, str)]
    lost = [size for size in there if size not in kept]
    names = ", ".join(dict.fromkeys(lost or kept)) or "n"
    return ArrayError(
        f"this moves entries along an axis whose size is a name: give numbers, such as {names}=3"
    )
