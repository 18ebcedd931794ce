"""Keys, as in x[key], as NumPy takes them, and the numbers in them."""

from __future__ import annotations

from typing import Any

from gradcheck_sym.array import Axis, Shape
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.counts import Count
from gradcheck_sym.trace.labelled import Labelled
from gradcheck_sym.trace.rows import Rows
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.users import kind_of


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
    return kind_of(part) == "b"


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
        case Traced() | Count() | Labelled():
            raise ArrayError("an index that is an array without numbers is not supported")
    import numpy as np

    return int(part) if isinstance(part, np.integer) else part  # else a view may be a copy


def numbers_in(values: Any) -> list[int]:
    """The numbers in a key, or among arguments, and how many there are in lists."""
    match values:
        case int():
            return [int(values)]
        case tuple() | list():
            return [len(values), *(number for value in values for number in numbers_in(value))]
        case dict():
            return numbers_in(list(values.values()))
        case slice(start=start, stop=stop, step=step):
            return numbers_in((start, stop, step))
        case range():
            return [len(values), *numbers_in((values.start, values.stop))]
    return numbers_in(values.tolist()) if hasattr(values, "tolist") else []
