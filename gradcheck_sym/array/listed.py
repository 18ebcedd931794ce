"""Arrays whose entries are listed, along axes whose sizes are numbers: slices, joined arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import TypeAlias

from gradcheck_sym.array.arrays import Array
from gradcheck_sym.array.entries import Plan
from gradcheck_sym.array.shape import Indices, Shape
from gradcheck_sym.term.terms import Delta, Index, Letter, Term, add, mul

Read: TypeAlias = Callable[[Indices], tuple[Array, Indices]]


class Listed(Array):
    """For each index along some axes, which entry of which operand it is.

    `read` is given numbers along these axes, whatever stands along the others. Where a letter
    stands, the entry is a sum over the list: Σ_k δ(i, k) · entry k.
    """

    def __init__(self, shape: Shape, axes: Sequence[int], read: Read, *operands: Array) -> None:
        super().__init__(shape, *operands)
        self.axes, self.read = tuple(axes), read

    def plan(self, indices: Indices) -> Plan:
        open_axes = [k for k in self.axes if isinstance(indices[k], Letter)]
        reads: list[tuple[Array, Indices]] = []
        deltas: list[list[Term]] = []
        for numbers in product(*(self._range(k) for k in open_axes)):
            here: list[Index] = list(indices)
            for k, number in zip(open_axes, numbers, strict=True):
                here[k] = number
            reads.append(self.read(tuple(here)))
            deltas.append([Delta(indices[k], here[k]) for k in open_axes])
        if not open_axes:
            return Plan(reads, lambda terms: terms[0])
        return Plan(
            reads,
            lambda terms: add(*(mul(*d, t) for d, t in zip(deltas, terms, strict=True))),
        )

    def _range(self, axis: int) -> range:
        size = self.shape[axis].size
        assert isinstance(size, int)
        return range(1, size + 1)
