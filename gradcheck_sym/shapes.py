"""Axes, shapes, and NumPy's broadcasting."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from itertools import chain, combinations, count
from typing import TypeAlias

import sympy

from gradcheck_sym.errors import ShapeError

LETTERS = {"n": "i", "t": "j", "d": "k", "m": "l"}  # the source's: example i, output j, unit k
SPARE = ("r", "s", "u", "v", "w", "g", "h")

Indices = tuple[sympy.Expr, ...]
Axes: TypeAlias = int | tuple[int, ...] | None


@dataclass(frozen=True)
class Axis:
    """One axis of a shape: what it counts, and how many there are (Integer or Symbol)."""

    label: str
    size: sympy.Expr

    @property
    def count(self) -> int | str:
        """The size as a number or as a name."""
        return int(self.size) if self.size.is_Integer else str(self.size)

    def __str__(self) -> str:
        return self.label if str(self.size) == self.label else f"{self.label}={self.size}"


UNIT = Axis("1", sympy.S.One)
Shape = tuple[Axis, ...]


def show(shape: Shape) -> str:
    """A shape for people: (n=3 × d=2)."""
    return "(" + " × ".join(map(str, shape)) + ")"


def symbol(size: int | str) -> sympy.Expr:
    """A size as SymPy has it: an Integer, or a Symbol of that name."""
    return sympy.Integer(size) if isinstance(size, int) else sympy.Symbol(size)


def counts(shape: Shape) -> tuple[int | str, ...]:
    """The sizes of a shape as numbers or names."""
    return tuple(axis.count for axis in shape)


def places(shape: Shape, axes: Axes) -> tuple[int, ...]:
    """The places that NumPy's `axis` argument means; raises `ShapeError`."""
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
    if one.size.is_Integer and other.size.is_Integer:
        return f"{one} is not {other}"
    return f"{one} and {other} need not be equal (give equal sizes one name)"


def broadcast(*shapes: Shape) -> Shape:
    """The shape that NumPy gives to an element-wise operation; raises `ShapeError`."""
    axes: list[Axis] = []
    for place in range(1, max(map(len, shapes)) + 1):
        here = [shape[-place] for shape in shapes if len(shape) >= place]
        wide = [axis for axis in here if axis.size != 1] or here
        for one, other in combinations(wide, 2):
            if one.size != other.size:
                shown = " and ".join(dict.fromkeys(map(show, shapes)))
                raise ShapeError(f"the shapes {shown} do not broadcast: {clash(one, other)}")
        axes.insert(0, wide[0])
    return tuple(axes)


def aligned(shape: Shape, result: Shape, indices: Indices) -> Indices:
    """Where an operand is read for the entry at `indices` of a broadcast result."""
    places = zip(shape[::-1], result[::-1], indices[::-1], strict=False)
    return tuple(
        sympy.S.One if axis.size == 1 and wide.size != 1 else index for axis, wide, index in places
    )[::-1]


def letter(axis: Axis, taken: Set[str]) -> sympy.Symbol:
    """A letter for an index over this axis: the source's, or a spare one where it is taken."""
    taken = taken | {symbol.name for symbol in axis.size.free_symbols}
    choices = (LETTERS.get(axis.label, "r"), *LETTERS.values(), *SPARE)
    more = (f"r{number}" for number in count(1))
    return sympy.Symbol(next(choice for choice in chain(choices, more) if choice not in taken))


def letters(shape: Shape) -> tuple[sympy.Symbol, ...]:
    """Different letters for the axes of a shape."""
    chosen: list[sympy.Symbol] = []
    for axis in shape:
        chosen.append(letter(axis, {symbol.name for symbol in chosen}))
    return tuple(chosen)


def apart(expr: sympy.Expr, indices: Indices) -> sympy.Expr:
    """The expression with other letters for its bound indices where they are among these.

    A row's sum Σ_j u[i,j] stands beside v[i,j] without its j being taken for the other.
    """
    bound = {limit[0] for total in expr.atoms(sympy.Sum) for limit in total.limits}
    clashes = bound.intersection(indices)
    taken = {symbol.name for symbol in expr.atoms(sympy.Symbol)} | set(map(str, indices))
    for index in sorted(clashes, key=str):
        fresh = letter(Axis("", sympy.S.One), taken)
        taken.add(fresh.name)
        expr = _rebound(expr, index, fresh)
    return expr


def _rebound(expr: sympy.Expr, old: sympy.Symbol, new: sympy.Symbol) -> sympy.Expr:
    """The sums over one letter as sums over another; where it is free, it stays."""
    if not expr.has(sympy.Sum):
        return expr
    if isinstance(expr, sympy.Sum) and old in (limit[0] for limit in expr.limits):
        return expr.func(
            expr.function.xreplace({old: new}),
            *(sympy.Tuple(new if i == old else i, *bounds) for i, *bounds in expr.limits),
        )
    return expr.func(*(_rebound(argument, old, new) for argument in expr.args))
