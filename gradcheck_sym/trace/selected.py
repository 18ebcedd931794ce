"""What a mask or labels select, kept as it is until it is summed or put back.

`x[mask] *= 0.1` and `dz[range(n), y] -= 1` compute with the selected entries alone. Here all
entries are computed with, beside what says which are meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.array.graph import alike
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.array.shape import letters, sizes
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.labels import Label
from gradcheck_sym.trace.traced import Held, Traced

ENTRYWISE = {
    *("add", "subtract", "multiply", "divide", "power", "negative", "positive", "exp", "log"),
    *("log1p", "expm1", "logaddexp", "tanh", "sinh", "cosh", "reciprocal", "sqrt", "square"),
    *("sin", "cos", "tan"),
    *("absolute", "sign", "maximum", "minimum", "sigmoid", "erf", "clip"),
}


class Selected(Traced):
    """The entries of `cell` that `by` chooses, a mask or labels; what is of the same shares it.

    They are those of `base`, where there is one, to be written back to.
    """

    def __init__(
        self, cell: Traced, by: object, *, base: Traced | None = None, scalar: bool | None = None
    ) -> None:
        self.cell, self.by, self.base = cell, by, base
        super().__init__(cell.array, whole=cell.whole, scalar=scalar)

    @property
    def inner(self) -> Array:
        """All entries, as they are now."""
        return self.cell.array

    @property
    def writes(self) -> int:
        """How often the entries were written to."""
        return self.cell.writes

    @writes.setter
    def writes(self, number: int) -> None:
        """The cell counts."""

    def spoil(self) -> None:
        """A write may have reached the entries."""
        super().spoil()
        self.cell.spoil()

    @property
    def named(self) -> None:
        """It has no name: it is no array."""

    def with_inner(self, inner: Array) -> Selected:
        """The same selection of other entries."""
        return self.of(Traced(inner))

    def of(self, cell: Traced) -> Selected:
        """The same selection of another array."""
        raise NotImplementedError

    def inside(self, value: object) -> Any:
        """A value as it stands beside the inner entries, None where it does not; raises."""
        raise NotImplementedError

    def all_inside(self, name: str, args: Sequence[object]) -> list[Any] | None:  # noqa: ARG002 - labels ask
        """What an operation computes with, entry by entry; None where it is of what is selected."""
        found = [self.inside(arg) for arg in args]
        return found if all(one is not None for one in found) else None

    def put_back(self, value: object) -> Held:
        """The array with these entries replaced."""
        raise NotImplementedError

    def write_back(self, value: object) -> None:
        """Replace these entries where they come from."""
        assert self.base is not None
        self.base.assign(self.put_back(value))

    def copy(self, order: str = "C") -> Traced:  # noqa: ARG002 - it has one
        """One that changes by itself."""
        return self.of(self.cell.copy())

    def astype(self, dtype: object, *, copy: bool = True) -> Traced:
        """The same, of floats."""
        from gradcheck_sym.trace.kinds import kind_of_type

        if self.whole or kind_of_type(dtype) != "f":
            raise ArrayError("a conversion of what is selected: convert the array itself")
        return self.copy() if copy else self

    def become(self, other: Traced) -> Traced:
        """What is selected is a copy, which changes in place, and which Python writes back."""
        if self.whole and not other.whole:
            raise ArrayError("NumPy does not put numbers into integers in place")
        if not isinstance(other, Selected) or not self.goes_with(other):
            raise ArrayError("this does not fit into what a mask or labels select")
        self.cell.assign(other.inner)
        return self

    def goes_with(self, other: Selected) -> bool:
        """Whether another selection is of the same entries, index by index."""
        return type(self) is type(other) and _same(other.by, self.by)

    def assign(self, value: Held) -> None:  # noqa: ARG002 - it is always refused
        """Raise `ArrayError`: it is written to as a whole alone."""
        raise ArrayError("a write to what a mask or labels select: write to its array")

    def call_it(self, name: str) -> None:
        """Nothing is called so."""


class Masked(Selected):
    """`x[mask]`, of an unknown size: the entries of `cell` where `chosen` holds."""

    def __init__(
        self, cell: Traced, by: object, chosen: Mask, *, base: Traced | None = None
    ) -> None:
        self.chosen = chosen
        super().__init__(cell, by, base=base)

    @property
    def held(self) -> Held:
        """Raise `ArrayError`: its size is not known."""
        raise ArrayError(
            "x[mask] has an unknown size: sum it, write it back, or use np.where(mask, x, 0)"
        )

    def of(self, cell: Traced) -> Selected:
        """The same selection of another array."""
        return Masked(cell, self.by, self.chosen)

    def inside(self, value: object) -> Any:
        """A number, or the inner entries of the same selection; raises `ArrayError`."""
        from gradcheck_sym.trace.calls import array_held

        if isinstance(value, Selected):
            if not self.goes_with(value):
                raise ArrayError("two different selections do not go together")
            return value.inner
        array = array_held(value)
        if array.ndim:
            raise ArrayError("x[mask] goes with numbers and with what the same mask selects")
        return array

    def put_back(self, value: object) -> Held:
        """The array with these entries replaced."""
        return self.chosen.where(self.inside(value), self.inner)

    def total(self) -> Array:
        """The sum of all that is selected."""
        return self.chosen.where(self.inner, OPERATIONS["multiply"](0, self.inner)).sum()


def _same(one: object, other: object) -> bool:
    """Whether two selections choose the same: the labels, or masks of the same formula."""
    if one is other:
        return True
    if isinstance(one, Label) and isinstance(other, Label):
        return one.of == other.of
    if not (isinstance(one, Mask) and isinstance(other, Mask)):
        return False
    if sizes(one.shape) != sizes(other.shape):
        return False
    places = letters(one.shape)
    return alike(one.value().entry(*places), other.value().entry(*places))
