"""Axes, shapes, NumPy's broadcasting, and the letters of indices."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from itertools import chain, combinations, count
from typing import TypeAlias

from gradcheck_sym.errors import ShapeError
from gradcheck_sym.term.terms import Index, Letter, Size

LETTERS = {"n": "i", "t": "j", "d": "k", "m": "l"}  # the source's: example i, output j, unit k
SPARE = ("r", "s", "u", "v", "w", "g", "h")

Indices: TypeAlias = tuple[Index, ...]
Axes: TypeAlias = int | tuple[int, ...] | None


@dataclass(frozen=True)
class Axis:
    """One axis of a shape: what it counts, for people, and how many there are.

    >>> str(Axis("n", 3)), str(Axis("n", "n"))
    ('n=3', 'n')
    """

    label: str
    size: Size

    def __str__(self) -> str:
        return self.label if str(self.size) == self.label else f"{self.label}={self.size}"


UNIT = Axis("1", 1)
Shape: TypeAlias = tuple[Axis, ...]


def show(shape: Shape) -> str:
    """A shape for people: (n=3 × d=2)."""
    return "(" + " × ".join(map(str, shape)) + ")"


def sizes(shape: Shape) -> tuple[Size, ...]:
    """The sizes of a shape, without the labels."""
    return tuple(axis.size for axis in shape)


def places(shape: Shape, axes: Axes) -> tuple[int, ...]:
    """The places that NumPy's `axis` argument means; raises `ShapeError`.

    >>> places((Axis("n", 3), UNIT), -1)
    (1,)
    """
    if axes is None:
        return tuple(range(len(shape)))
    numbers = axes if isinstance(axes, tuple) else (axes,)
    for number in numbers:
        if not -len(shape) <= number < len(shape):
            raise ShapeError(f"the shape {show(shape)} has no axis {number}")
    found = tuple(number % len(shape) for number in numbers)
    if len(set(found)) < len(found):
        raise ShapeError(f"the axes {', '.join(map(str, numbers))} name one of them twice")
    return found


def clash(one: Axis, other: Axis) -> str:
    """In words, how two sizes differ; different names may stand for different sizes."""
    if isinstance(one.size, int) and isinstance(other.size, int):
        return f"{one} is not {other}"
    return f"{one} and {other} need not be equal (give equal sizes one name)"


def broadcast(*shapes: Shape) -> Shape:
    """The shape that NumPy gives to an element-wise operation; raises `ShapeError`."""
    axes: list[Axis] = []
    for place in range(1, max(map(len, shapes), default=0) + 1):
        here = [shape[-place] for shape in shapes if len(shape) >= place]
        wide = [axis for axis in here if axis.size != 1] or [a for a in here if a != UNIT] or here
        for one, other in combinations(wide, 2):
            if one.size != other.size:
                shown = " and ".join(dict.fromkeys(map(show, shapes)))
                raise ShapeError(f"the shapes {shown} do not broadcast: {clash(one, other)}")
        axes.insert(0, wide[0])
    return tuple(axes)


def aligned(shape: Shape, result: Shape, indices: Indices) -> Indices:
    """Where an operand is read for the entry at `indices` of a broadcast result."""
    pairs = zip(shape[::-1], result[::-1], indices[::-1], strict=False)
    return tuple(1 if a.size == 1 and wide.size != 1 else index for a, wide, index in pairs)[::-1]


def fits(index: Index, axis: Axis) -> bool:
    """Whether an index surely lies between 1 and the size."""
    if isinstance(index, Letter):
        return index.size == axis.size
    return index == 1 or (isinstance(axis.size, int) and 1 <= index <= axis.size)


def name_of_index(axis: Axis, taken: Set[str] = frozenset()) -> str:
    """The source's letter for an index over this axis, or a spare one where it is taken.

    >>> name_of_index(Axis("n", 3)), name_of_index(Axis("d_2", 3), {"k"})
    ('i', 'r')
    """
    own = LETTERS.get(axis.label.partition("_")[0], "r")
    others = (*SPARE, *LETTERS.values()) if own == "k" else (*LETTERS.values(), *SPARE)
    choices = chain((own, *others), (f"r{number}" for number in count(1)))
    return next(choice for choice in choices if choice not in taken)


def letters(shape: Iterable[Axis]) -> tuple[Letter, ...]:
    """A new letter for each axis, named after it, and no two alike."""
    chosen: list[Letter] = []
    for axis in shape:
        name = name_of_index(axis, {letter.name for letter in chosen})
        chosen.append(Letter(name, axis.size))
    return tuple(chosen)
