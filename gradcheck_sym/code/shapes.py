"""The inputs of the user's functions: arrays of shapes with names or numbers, labels, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from gradcheck_sym.array import UNIT, Axis, Input
from gradcheck_sym.errors import CodeError, SizeError
from gradcheck_sym.sizes import Size, parse_size
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.labels import Labels, LabelVector
from gradcheck_sym.trace.traced import Traced

Given: TypeAlias = Any  # a tuple of sizes, "n,d", Labels, or a value that is passed as it is


def as_shape(name: str, given: Given) -> tuple[Size, ...] | Labels | None:
    """The shape that is meant, or None for a value; raises `CodeError`.

    >>> as_shape("x", ("n", 3)), as_shape("x", "n,d"), as_shape("eps", 0.1)
    (('n', 3), ('n', 'd'), None)
    """
    if isinstance(given, Labels):
        return Labels(*(_size(name, size) for size in (given.count, given.classes)))
    if isinstance(given, str):
        given = tuple(part for part in re.split(r"[\s,]+", given.strip("() ")) if part)
    if isinstance(given, tuple | list) and all(isinstance(part, int | str) for part in given):
        return tuple(_size(name, part) for part in given)
    return None


def _size(name: str, size: object) -> Size:
    try:
        return parse_size(name, str(size))
    except SizeError as error:
        raise CodeError(f"the shape of {name}: {error}") from None


def numbered(shape: tuple[Size, ...] | Labels, numbers: Mapping[str, int]) -> Any:
    """The same with numbers for names."""

    def number(size: Size) -> Size:
        return numbers.get(size, size) if isinstance(size, str) else size

    if isinstance(shape, Labels):
        return Labels(number(shape.count), number(shape.classes))
    return tuple(map(number, shape))


def names_in(shapes: Mapping[str, Any]) -> list[str]:
    """The sizes that are names, in the order in which they stand."""
    found: list[str] = []
    for shape in shapes.values():
        sizes = (shape.count, shape.classes) if isinstance(shape, Labels) else shape or ()
        found += [size for size in sizes if isinstance(size, str)]
    return list(dict.fromkeys(found))


def axes(shape: tuple[Size, ...]) -> tuple[Axis, ...]:
    """The axes of a shape."""
    return tuple(UNIT if size == 1 else Axis(str(size), size) for size in shape)


def made(name: str, shape: tuple[Size, ...] | Labels, trace: Trace) -> Traced | LabelVector:
    """The free array of that shape, or the labels, by their one-hot rows."""
    trace.taken.update((name, *names_in({name: shape})))
    if isinstance(shape, Labels):
        return LabelVector(name, Input(name, axes((shape.count, shape.classes))))
    trace.inputs[name] = Input(name, axes(shape))
    return Traced(trace.inputs[name])
