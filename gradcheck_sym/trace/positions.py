"""What NumPy's functions that move entries do: they are carried out on positions.

An array of positions says where each entry of the result comes from, so slices, joins, flips,
transposes and reshapes need nothing of their own. A size that is a name has a number for the
while, larger than any that occurs; along such an axis every index has to come from itself, or
what is done is no rearrangement for all sizes, and is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from math import isqrt, prod
from typing import Any, TypeAlias

from gradcheck_sym.array import UNIT, Array, Axis, Reindex, Shape
from gradcheck_sym.array.arrays import Along, At
from gradcheck_sym.array.listed import Listed
from gradcheck_sym.array.shape import Indices, show
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.sizes import Size
from gradcheck_sym.trace.counts import Count

Move: TypeAlias = Callable[..., Any]  # arrays of positions → an array of positions


def _primes(above: int) -> Iterator[int]:
    """Prime numbers, so that none is what a product or a sum of other sizes is."""
    return (n for n in count(above + 1) if all(n % k for k in range(2, isqrt(n) + 1)))


class StandIns:
    """Numbers that stand for the sizes that are names."""

    def __init__(self, shapes: Sequence[Shape], *numbers: int) -> None:
        sizes = [axis.size for shape in shapes for axis in shape]
        least = max(
            *map(abs, numbers),
            *(prod(a.size for a in shape if isinstance(a.size, int)) for shape in shapes),
            len(shapes) + sum(size for size in sizes if isinstance(size, int)),
            2,
        )
        names = dict.fromkeys(size for size in sizes if isinstance(size, str))
        self.numbers: dict[str, int] = dict(zip(names, _primes(least), strict=False))
        self.axes = {
            axis.size: axis for shape in shapes for axis in shape if isinstance(axis.size, str)
        }

    def number(self, size: Size) -> int:
        """The number of a size."""
        return self.numbers[size] if isinstance(size, str) else size

    def axis(self, number: int) -> Axis:
        """The axis of that number."""
        for name, stands in self.numbers.items():
            if stands == number:
                return self.axes[name]
        return Axis(str(number), number) if number != 1 else UNIT

    def key(self, key: Any) -> Any:
        """The key with numbers for names."""
        match key:
            case tuple():
                return tuple(map(self.key, key))
            case slice(start=start, stop=stop, step=step):
                return slice(*(self.key(part) for part in (start, stop, step)))
            case Count(name):
                if name not in self.numbers:
                    raise ArrayError(f"{name} is no size of this array: give it a number")
                return self.numbers[name]
        return key


def rearranged(move: Move, *operands: Array, standing: StandIns | None = None) -> Array:
    """The array that NumPy's `move` makes of these; raises `ArrayError`."""
    import numpy as np

    standing = standing or StandIns([operand.shape for operand in operands])
    start, grids = 0, []
    for operand in operands:
        shape = [standing.number(axis.size) for axis in operand.shape]
        count = int(np.prod(shape))
        grids.append(np.arange(start, start + count).reshape(shape))
        start += count
    found = np.asarray(move(*grids))
    if not found.size:
        raise ArrayError("an array with no entries is not supported")
    axes = tuple(standing.axis(number) for number in found.shape)
    return _array(found, axes, operands, standing)


def overwritten(move: Move, base: Array, value: Array, standing: StandIns | None = None) -> Array:
    """The base, with the entries that `move` finds there replaced by those of `value`."""
    import numpy as np

    standing = standing or StandIns([base.shape, value.shape])
    own = [standing.number(axis.size) for axis in base.shape]
    new = [standing.number(axis.size) for axis in value.shape]
    grid = np.arange(int(np.prod(own))).reshape(own)
    there = np.asarray(move(grid))
    count = grid.size
    try:
        values = np.broadcast_to(np.arange(int(np.prod(new))).reshape(new), there.shape)
    except ValueError:
        shown = tuple(standing.axis(number) for number in there.shape)
        raise ArrayError(f"{show(value.shape)} does not fit {show(shown)}") from None
    grid.reshape(-1)[there.reshape(-1)] = values.reshape(-1) + count
    return _array(grid, base.shape, (base, value), standing)


def _array(found: Any, shape: Shape, operands: Sequence[Array], standing: StandIns) -> Array:
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
            _source(c, axis, standing.number(axis.size))
            for c, axis in zip(coordinates, operand.shape, strict=True)
        ]
        if all(source is not None for source in sources):
            return Reindex(operand, shape, [s for s in sources if s is not None])
    return _listed(found, which, shape, operands, ends, standing, named)


def _coordinates(positions: Any, operand: Array, standing: StandIns) -> tuple[Any, ...]:
    import numpy as np

    if not operand.shape:
        return ()
    return np.unravel_index(positions, [standing.number(a.size) for a in operand.shape])


def _source(coordinate: Any, axis: Axis, size: int) -> Along | At | None:
    """Along which axis of the result an index runs, or at which number it stays, if it does."""
    import numpy as np

    if coordinate.size and (coordinate == coordinate.flat[0]).all():
        number = int(coordinate.flat[0])
        if isinstance(axis.size, int) or number == 0:
            return At(number + 1)
    for k, length in enumerate(coordinate.shape):
        along = np.arange(length).reshape([-1 if j == k else 1 for j in range(coordinate.ndim)])
        if length == size and (coordinate == along).all():
            return Along(k)
    return None


def _listed(
    found: Any,
    which: Any,
    shape: Shape,
    operands: Sequence[Array],
    ends: Any,
    standing: StandIns,
    named: Sequence[int],
) -> Array:
    """The entries one by one along the axes whose sizes are numbers."""
    import numpy as np

    listed = [k for k in range(len(shape)) if k not in named]
    first = tuple(0 if k in named else slice(None) for k in range(len(shape)))
    if (
        which != which[tuple(slice(0, 1) if k in named else slice(None) for k in range(len(shape)))]
    ).any():
        raise _no_rearrangement(shape, named)
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
                (k for k in named if shape[k].size == axis.size and _runs(coordinate, k, here)),
                None,
            )
            if along is None:
                still = coordinate[first]
                varies = (
                    np.where(here, coordinate, 0)
                    != np.where(here, _spread(still, named, coordinate.ndim), 0)
                ).any()
                if varies or (isinstance(axis.size, str) and (still != 0).any()):
                    raise _no_rearrangement(shape, named)
                table.append((None, still))
            else:
                table.append((along, None))
        tables[number] = table

    def read(indices: Indices) -> tuple[Array, Indices]:
        place = tuple(int(indices[k]) - 1 for k in listed)  # type: ignore[arg-type]
        number = int(chosen[place])
        places = tuple(
            indices[along] if along is not None else int(numbers[place]) + 1
            for along, numbers in tables[number]
        )
        return operands[number], places

    return Listed(shape, listed, read, *(operands[number] for number in tables))


def _spread(still: Any, named: Sequence[int], ndim: int) -> Any:
    import numpy as np

    for k in sorted(named):
        still = np.expand_dims(still, k)
    assert still.ndim == ndim
    return still


def _runs(coordinate: Any, axis: int, here: Any) -> bool:
    import numpy as np

    shape = [-1 if k == axis else 1 for k in range(coordinate.ndim)]
    along = np.arange(coordinate.shape[axis]).reshape(shape)
    return bool((~here | (coordinate == along)).all()) and coordinate.shape[axis] > 1


def _no_rearrangement(shape: Shape, named: Sequence[int]) -> ArrayError:
    names = ", ".join(dict.fromkeys(str(shape[k].size) for k in named)) or "n"
    return ArrayError(
        f"this moves entries along an axis whose size is a name: give numbers, such as {names}=3"
    )
