"""The free arrays that stand for what has no formula, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck_sym.array import Array, Input


@dataclass(frozen=True)
class Clip:
    """An array, and the bounds between which it was clipped."""

    array: Array
    low: Array | None
    high: Array | None


@dataclass(frozen=True)
class Draw:
    """A free array for random numbers, between which they are, and whether 0 or 1, or integers.

    `unplaced` is the seed of a generator that may have drawn before, and the generator: another
    one of this seed may draw the same.
    """

    array: Input
    low: Array | None
    high: Array | None
    kind: str  # numbers, bits, counts
    unplaced: tuple[str, object] | None = None


@dataclass(frozen=True)
class Call:
    """A call that drew: the free array for it, or for it before it is moved and stretched."""

    array: Input
    is_unit: bool


@dataclass(frozen=True)
class Triangle:
    """A free array for the zeros and ones of `np.triu` or `np.tril`, at sizes that are names."""

    array: Input
    upper: bool
    k: int

    def holds(self, row: int, column: int) -> bool:
        """Whether there is a 1, at numbers from 1."""
        above = column - row - self.k
        return above >= 0 if self.upper else above <= 0
