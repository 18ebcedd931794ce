"""A point made smaller, as Hypothesis shrinks an example and delta debugging a program."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gradcheck_sym.refuter.inputs import Key, Values
from gradcheck_sym.refuter.points import SIMPLE


def shrunk(point: Values, smaller: Callable[[Values, Values], Values | None]) -> Values:
    """The point with as few inputs that are not zero, and as simple ones, as still serve.

    `smaller(proposed, point)` is the proposed point if it serves, or None. Whole blocks of inputs
    go first, then smaller ones.

    >>> from fractions import Fraction
    >>> point = {("x", k): Fraction(7) for k in range(10)}
    >>> shrunk(point, lambda proposed, _: proposed if ("x", 3) in proposed else None)
    {('x', 3): Fraction(1, 1)}
    """
    size = len(point)
    while size:
        for block in list(_blocks(list(point), size)):
            without = {key: value for key, value in point.items() if key not in block}
            if len(without) < len(point):  # some of it may have gone with another one
                point = smaller(without, point) or point
        size //= 2
    for key, value in list(point.items()):
        for simpler in SIMPLE[: SIMPLE.index(value)] if value in SIMPLE else SIMPLE:
            found = smaller({**point, key: simpler}, point) if point.get(key) == value else None
            if found:
                point = found
                break
    return point


def _blocks(keys: list[Key], size: int) -> Iterator[set[Key]]:
    for start in range(0, len(keys), size):
        yield set(keys[start : start + size])
