"""What a figure is made of. Lengths are pixels, and heights grow downwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from gradcheck_sym.figure.layers import Unit
from gradcheck_sym.steps import Place
from gradcheck_sym.term.terms import Term

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Edge:
    """A line; a lit one may have the colour of an array, or be on the path that is labelled."""

    start: Point
    end: Point
    lit: bool = False
    array: str = ""
    spine: bool = False


@dataclass(frozen=True, slots=True)
class Circle:
    """A unit of an array, or J, around what stands in it."""

    centre: Point
    radius: float
    array: str
    lit: bool


@dataclass(frozen=True, slots=True)
class Index:
    """The number or the letter of a unit."""

    at: Point
    unit: Unit


@dataclass(frozen=True, slots=True)
class Label:
    """Words, centred at a point; `dots` stand for what is left out."""

    at: Point
    said: str
    dots: bool = False


@dataclass(frozen=True, slots=True)
class ArrayName:
    """The name of an array in its colour, centred at a point."""

    at: Point
    array: str


@dataclass(frozen=True, slots=True)
class Pill:
    """A place in a frame with round ends."""

    corner: Point
    size: Point
    place: Place


@dataclass(frozen=True, slots=True)
class Factor:
    """∂top/∂bottom and what it is, right-aligned in a box."""

    corner: Point
    size: Point
    top: Place
    bottom: Place
    value: Place | Term | None


@dataclass(frozen=True, slots=True)
class Made:
    """That an error term is made here, right-aligned in a box."""

    corner: Point
    size: Point
    error: Place


Shape: TypeAlias = Edge | Circle | Index | Label | ArrayName | Pill | Factor | Made


@dataclass(frozen=True, slots=True)
class Figure:
    """Shapes, the later over the earlier; `description` says what they show.

    The `caption` is a sentence with formulas, which stands below.
    """

    title: str
    description: str
    caption: tuple[str | Place | Term, ...]
    size: Point
    shapes: tuple[Shape, ...]
