"""What a mask or a label for each row selects, kept as it is until it is summed or put back.

`x[mask] *= 0.1` and `dz[range(n), y] -= 1` compute with the selected entries alone. Here all
entries are computed with, beside the 0 or 1 that says which are meant: ln p[i, y_i] is
Σ_j h_ij ln p_ij, since one of the h_ij is 1.
"""

from __future__ import annotations

from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.array.graph import alike
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.array.shape import letters, sizes
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.traced import Held, Traced

ENTRYWISE = {
    *("add", "subtract", "multiply", "divide", "power", "negative", "positive", "exp", "log"),
    *("log1p", "expm1", "logaddexp", "tanh", "sinh", "cosh", "reciprocal", "sqrt", "square"),
    *("sin", "cos", "tan"),
    *("absolute", "sign", "maximum", "minimum", "sigmoid", "erf", "clip"),
}


class Selected(Traced):
    """The entries of `inner` where `chosen` holds; those along `gone` have one chosen each."""

    def __init__(
        self, inner: Array, chosen: Held, gone: tuple[int, ...], by: object, *, whole: bool
    ) -> None:
        self.inner, self.chosen, self.gone, self.by = inner, chosen, gone, by
        super().__init__(inner, whole=whole)

    @property
    def held(self) -> Held:
        """The array of what is selected; raises `ArrayError` where its size is not known."""
        if not self.gone:
            raise ArrayError(
                "x[mask] has an unknown size: sum it, write it back, or use np.where(mask, x, 0)"
            )
        return self._weighted().sum(self.gone)

    def _weighted(self) -> Array:
        if isinstance(self.chosen, Mask):
            return self.chosen.where(self.inner, OPERATIONS["multiply"](0, self.inner))
        product: Array = OPERATIONS["multiply"](self.chosen, self.inner)
        return product

    def with_inner(self, inner: Array) -> Selected:
        """The same selection of other entries."""
        return Selected(inner, self.chosen, self.gone, self.by, whole=False)

    def copy(self, order: str = "C") -> Traced:  # noqa: ARG002 - it has one
        """One that changes by itself."""
        return Selected(self.inner, self.chosen, self.gone, self.by, whole=self.whole)

    def astype(self, dtype: object, *, copy: bool = True) -> Traced:
        """The same, of floats."""
        from gradcheck_sym.trace.kinds import kind_of_type

        if self.whole or kind_of_type(dtype) != "f":
            raise ArrayError("a conversion of what is selected: convert the array itself")
        return self.copy() if copy else self

    def inside(self, value: object) -> Any:
        """A value as it stands beside the inner entries; raises `ArrayError`."""
        from gradcheck_sym.trace.calls import array_held

        if isinstance(value, Selected):
            if not _same(value.by, self.by):
                raise ArrayError("two different selections do not go together")
            return value.inner
        array = array_held(value)
        if array.ndim and not self.gone:
            raise ArrayError("x[mask] goes with numbers and with what the same mask selects")
        if array.ndim > self.inner.ndim - len(self.gone):
            raise ArrayError("this has more axes than what the labels select")
        return array.expand(array.ndim) if array.ndim else array

    def become(self, other: Traced) -> Traced:
        """What is selected is a copy, which changes in place, and which Python writes back."""
        if not isinstance(other, Selected) or not _same(other.by, self.by):
            raise ArrayError("this does not fit into what a mask or labels select")
        if self.whole and not other.whole:
            raise ArrayError("NumPy does not put numbers into integers in place")
        self.inner = other.inner
        self.writes += 1
        return self

    def assign(self, value: Held) -> None:  # noqa: ARG002 - it is always refused
        """Raise `ArrayError`: it is written to as a whole alone."""
        raise ArrayError("a write to what a mask or labels select: write to its array")

    def call_it(self, name: str) -> None:
        """It has no name: it is no array."""

    def total(self) -> Array:
        """The sum of all that is selected."""
        return self._weighted().sum()

    def put_back(self, value: object) -> Held:
        """The array with these entries replaced."""
        new = self.inside(value)
        if isinstance(self.chosen, Mask):
            return self.chosen.where(new, self.inner)
        change = OPERATIONS["subtract"](new, self.inner)
        changed: Array = OPERATIONS["add"](self.inner, OPERATIONS["multiply"](self.chosen, change))
        return changed


def _same(one: object, other: object) -> bool:
    """Whether two selections choose the same: the labels, or masks of the same formula."""
    if one is other:
        return True
    if not (isinstance(one, Mask) and isinstance(other, Mask)):
        return False
    if sizes(one.shape) != sizes(other.shape):
        return False
    places = letters(one.shape)
    return alike(one.value().entry(*places), other.value().entry(*places))
