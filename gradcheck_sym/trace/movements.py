"""NumPy's functions that move entries: NumPy itself moves their positions."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.counts import Count
from gradcheck_sym.trace.indexing import spread, viewed
from gradcheck_sym.trace.keys import numbers_in
from gradcheck_sym.trace.kinds import may_be_whole
from gradcheck_sym.trace.likes import axes_of, traced_of
from gradcheck_sym.trace.picked import Picked
from gradcheck_sym.trace.positions import rearranged
from gradcheck_sym.trace.standins import StandIns
from gradcheck_sym.trace.traced import Traced

MOVING = (
    *("swapaxes", "moveaxis", "rollaxis", "flip", "expand_dims", "squeeze", "roll", "take"),
    *("flipud", "fliplr", "rot90"),
)
REPEATING = ("repeat", "tile")
JOINING = ("concatenate", "stack", "vstack", "hstack", "column_stack")


def moving(name: str) -> Callable[..., Traced]:
    """NumPy's function of that name: a view, where NumPy gives one."""

    def apply(a: object, *args: Any, **options: Any) -> Traced:
        import numpy as np

        if any(isinstance(arg, Count | Traced) for arg in (*args, *options.values())):
            raise ArrayError(f"np.{name} by a size that is a name: give it a number")
        x = traced_of(a)
        if isinstance(x, Picked) and (same := x.moved(name, *args, **options)) is not None:
            return same
        if name == "squeeze" and any(isinstance(size, Count) for size in x.shape):
            _refuse_names_of_one(x, *args, **options)
        function: Any = reduce(getattr, name.split("."), np)
        numbers = numbers_in([args, options])
        return viewed(x, lambda p, _: function(p, *args, **options), *numbers)

    return apply


def _refuse_names_of_one(x: Traced, axis: Any = None) -> None:
    """Raise `ArrayError` where `np.squeeze` takes an axis away if its size is 1."""
    for place in range(x.ndim) if axis is None else np_axes(axis):
        if isinstance(size := x.shape[place], Count):
            raise ArrayError(f"np.squeeze where {size} may be 1: give it the axis that is 1")


def np_axes(axis: Any) -> tuple[int, ...]:
    """One axis or more, as a tuple."""
    return axis if isinstance(axis, tuple) else (axis,)


def repeating(name: str) -> Callable[..., Traced]:
    """NumPy's function of that name, which repeats entries, a number or a size of the array."""

    def apply(a: object, *args: Any, **options: Any) -> Traced:
        import numpy as np

        x = traced_of(a)
        most = 1
        for number in numbers_in([*args, *options.values(), *x.shape]):
            most *= max(abs(number), 1)

        def move(positions: Any, standing: StandIns) -> Any:
            own = {key: standing.key(value) for key, value in options.items()}
            return getattr(np, name)(positions, *standing.key(args), **own)

        return viewed(x, move, most)

    return apply


def joining(name: str) -> Callable[..., Traced]:
    """NumPy's function of that name, which joins arrays."""

    def apply(arrays: Any, *args: Any, **options: Any) -> Traced:
        import numpy as np

        given = [traced_of(a) for a in arrays]
        held = [a.array for a in given]

        def move(*positions: Any) -> Any:
            try:
                return getattr(np, name)(positions, *args, **options)
            except ValueError as error:
                raise ArrayError(f"np.{name}: {error}") from None

        return Traced(rearranged(move, *held), rowwise=all(a.rowwise for a in given))

    return apply


def split(a: object, sections: Any, axis: int = 0) -> list[Traced]:
    """`np.split`."""
    import numpy as np

    x = traced_of(a)
    size = x.shape[axis]
    if not isinstance(size, int):
        raise ArrayError(f"np.split along {size}: give it a number, such as {size}=4")
    if isinstance(sections, Count):
        raise ArrayError(f"np.split in {sections} parts: give it a number, such as {sections}=2")
    parts = np.split(np.arange(size), sections)
    place = axis % x.ndim
    keys = [(slice(None),) * place + (slice(int(p[0]), int(p[-1]) + 1),) for p in parts]
    return [x[key] for key in keys]


def pad(array: object, pad_width: Any, mode: str = "constant", constant_values: Any = 0) -> Traced:
    """`np.pad` by numbers, 0 or another constant."""
    import numpy as np

    x = traced_of(array)
    if mode != "constant":
        raise ArrayError(f"np.pad in the mode {mode!r} is not supported")
    if np.ndim(constant_values):
        raise ArrayError("np.pad with several constant_values is not supported: give one number")
    if x.whole and not may_be_whole(constant_values):
        raise ArrayError("np.pad of integers rounds the number: write .astype(float)")
    widths = np.broadcast_to(np.asarray(pad_width), (x.ndim, 2)).tolist()
    sizes = []
    for (before, after), size in zip(widths, x.shape, strict=True):
        if before + after and not isinstance(size, int):
            raise ArrayError(f"np.pad along {size}: give it a number, such as {size}=3")
        sizes.append(size + before + after if before + after else size)
    padded = Traced(spread(array_held(constant_values), axes_of(sizes)))
    inner = [
        slice(before, before + size) if before + after else slice(None)
        for (before, after), size in zip(widths, x.shape, strict=True)
    ]
    padded[tuple(inner)] = x
    return padded


def chosen(condition: Any, x: object, y: object) -> Traced:
    """`np.where` for truths that are known: entries of one array or the other."""
    import numpy as np

    from gradcheck_sym.array.shape import broadcast

    one, other = array_held(x), array_held(y)
    shape = broadcast(axes_of(condition.shape), one.shape, other.shape)
    wide: list[Any] = [spread(one, shape), spread(other, shape)]
    return Traced(rearranged(lambda p, q: np.where(condition, p, q), *wide))
