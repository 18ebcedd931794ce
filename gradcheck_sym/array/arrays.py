"""Arrays in index notation: a shape, and for any indices the term of that entry.

A size is a number or a name, so one array serves 2-2-2 and m-d-t alike. `Let` is a let-binding:
its entries are written with its name, and mean its definition. An array is never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, cast

from gradcheck_sym.array.entries import Entries, Plan
from gradcheck_sym.array.shape import (
    UNIT,
    Axes,
    Axis,
    Indices,
    Shape,
    aligned,
    broadcast,
    fits,
    name_of_index,
    places,
    show,
)
from gradcheck_sym.array.value import Value
from gradcheck_sym.errors import ArrayError, ShapeError
from gradcheck_sym.term.terms import Entry, Index, Letter, Num, Term, mul, size_term, sums


class Array(Value):
    """An array of real scalars. `operands` are the arrays that it is directly made of."""

    def __init__(self, shape: Shape, *operands: Array) -> None:
        self.shape = shape
        self.operands = operands

    def entry(self, *indices: Index) -> Term:
        """The term of one entry, at letters or numbers from 1. Raises `ShapeError`.

        >>> x = Input("X", (Axis("n", 3), Axis("m", "m")))
        >>> x.T.entry(Letter("l", "m"), 2)
        Entry(name='X', indices=(2, l))
        """
        return Entries().at(self, self.places(indices))

    def places(self, indices: Indices) -> Indices:
        """The indices, 1 where there is no other; raises `ShapeError` for what does not fit."""
        if len(indices) != len(self.shape):
            raise ShapeError(f"{len(indices)} indices given for the shape {show(self.shape)}")
        for index, axis in zip(indices, self.shape, strict=True):
            if not fits(index, axis):
                raise ShapeError(f"the index {index} is out of the range of {axis}, from 1")
        return tuple(1 if a.size == 1 else i for i, a in zip(indices, self.shape, strict=True))

    def plan(self, indices: Indices) -> Plan:
        """How the entry is made of the operands' entries."""
        raise NotImplementedError

    @property
    def T(self) -> Array:  # noqa: N802 - NumPy's name
        """The axes in reverse: for a matrix the transpose; a vector stays as it is."""
        return self.transpose()

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def __repr__(self) -> str:
        """The shape and the general entry, as in A_h (n × d): A_h[i,k] = 1/(1 + exp(−Z_h[i,k]))."""
        from gradcheck_sym.array.written import written

        return written(self)

    def __len__(self) -> int:
        if not self.shape:
            raise ArrayError("a number has no length")
        if isinstance(self.shape[0].size, str):
            raise ArrayError(
                f"len is not supported, {self.shape[0]} is no number: "
                "write np.ones or np.mean in terms of arrays"
            )
        return self.shape[0].size

    def transpose(self, *axes: int) -> Array:
        """The axes in another order, in reverse if none is given."""
        order = places(self.shape, axes) if axes else tuple(range(self.ndim))[::-1]
        if len(order) < self.ndim:
            raise ShapeError(f"transpose: {len(order)} axes given for {show(self.shape)}")
        shape = tuple(self.shape[place] for place in order)
        return Reindex(self, shape, tuple(Along(order.index(k)) for k in range(self.ndim)))

    def expand(self, place: int, axis: Axis = UNIT) -> Array:
        """The array repeated along a new axis, which has one index if none is given."""
        shape = (*self.shape[:place], axis, *self.shape[place:])
        return Reindex(self, shape, tuple(Along(k + (k >= place)) for k in range(self.ndim)))

    def squeeze(self, axis: Axes = None) -> Array:
        """Without these axes, whose sizes are 1; without all such axes if none is given."""
        ones = tuple(k for k, a in enumerate(self.shape) if a.size == 1)
        gone = ones if axis is None else places(self.shape, axis)
        if wide := [str(self.shape[k]) for k in gone if k not in ones]:
            raise ShapeError(f"squeeze: {wide[0]} of {show(self.shape)} is not 1")
        left = [k for k in range(self.ndim) if k not in gone]
        sources = (At(1) if k in gone else Along(left.index(k)) for k in range(self.ndim))
        return Reindex(self, tuple(self.shape[k] for k in left), tuple(sources))

    def sum(self, axis: Axes = None, *, keepdims: bool = False) -> Array:
        """The sum over some axes, all by default; they disappear, or `keepdims` at size 1."""
        gone = places(self.shape, axis)
        total: Array = Reduce(self, gone) if gone else self
        for place in sorted(gone) if keepdims else ():
            total = total.expand(place)
        return total

    def mean(self, axis: Axes = None, *, keepdims: bool = False) -> Array:
        """The sum over some axes, divided by how many entries it has."""
        count = [size_term(self.shape[k].size) for k in places(self.shape, axis)]
        total = self.sum(axis, keepdims=keepdims)
        return cast("Array", total / Constant(mul(*count) if count else Num(1)))

    def dot(self, other: Operand) -> Array:
        """`np.dot`."""
        from gradcheck_sym.array.operations import dot

        return dot(self, other)


Operand: TypeAlias = "Value | int | float | Fraction"


class Input(Array):
    """A free array: each entry is any real number."""

    def __init__(self, name: str, shape: Shape) -> None:
        super().__init__(shape)
        self.name = name

    def plan(self, indices: Indices) -> Plan:
        return Plan((), lambda _: Entry(self.name, indices))


class Let(Array):
    """A let-binding: entries are written with the name, and mean the definition."""

    def __init__(self, name: str, definition: Array) -> None:
        super().__init__(definition.shape, definition)
        self.name = name
        self.definition = definition

    def plan(self, indices: Indices) -> Plan:
        return Plan((), lambda _: Entry(self.name, indices))


class Constant(Array):
    """A scalar that depends on no array: a number, π, a size."""

    def __init__(self, value: Term) -> None:
        super().__init__(())
        self.value = value

    def plan(self, indices: Indices) -> Plan:  # noqa: ARG002 - there are none
        return Plan((), lambda _: self.value)


class Map(Array):
    """A function of terms for each entry of the operands, which are broadcast as in NumPy."""

    def __init__(self, function: Callable[..., Term], *operands: Array) -> None:
        super().__init__(broadcast(*(operand.shape for operand in operands)), *operands)
        self.function = function

    def plan(self, indices: Indices) -> Plan:
        reads = [(a, aligned(a.shape, self.shape, indices)) for a in self.operands]
        return Plan(reads, lambda terms: self.function(*terms))


@dataclass(frozen=True)
class Along:
    """The index of the result along this axis."""

    axis: int


@dataclass(frozen=True)
class At:
    """Always this index."""

    number: int


class Reindex(Array):
    """Other indices: where an index of the operand comes from, for each of its axes.

    So it permutes, repeats along axes that no index comes from, and leaves out axes of size 1.
    """

    def __init__(self, operand: Array, shape: Shape, sources: Sequence[Along | At]) -> None:
        super().__init__(shape, operand)
        self.sources = tuple(sources)
        for axis, source in zip(operand.shape, self.sources, strict=True):
            inside = (
                shape[source.axis].size == axis.size
                if isinstance(source, Along)
                else fits(source.number, axis)
            )
            if not inside:
                raise ShapeError(f"an index of {show(shape)} is out of the range of {axis}")

    def plan(self, indices: Indices) -> Plan:
        places = (indices[s.axis] if isinstance(s, Along) else s.number for s in self.sources)
        return Plan([(self.operands[0], tuple(places))], lambda terms: terms[0])


class Reduce(Array):
    """The sum over some axes, which disappear."""

    def __init__(self, operand: Array, axes: Sequence[int]) -> None:
        self.axes = tuple(sorted(axes))
        left = (axis for k, axis in enumerate(operand.shape) if k not in self.axes)
        super().__init__(tuple(left), operand)

    def plan(self, indices: Indices) -> Plan:
        (operand,) = self.operands
        taken = {index.name for index in indices if isinstance(index, Letter)}
        bound: dict[int, Letter] = {}
        for k in self.axes:
            axis = operand.shape[k]
            if axis.size != 1:
                bound[k] = Letter(name_of_index(axis, taken), axis.size)
                taken.add(bound[k].name)
        free = iter(indices)
        places = (bound.get(k, 1) if k in self.axes else next(free) for k in range(operand.ndim))
        return Plan([(operand, tuple(places))], lambda terms: sums(tuple(bound.values()), terms[0]))
