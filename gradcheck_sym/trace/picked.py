"""What labels pick: ln p[i, y_i] is Σ_j h_ij ln p_ij, since one of the h_ij is 1, the rest 0.

`p[np.arange(n), y]` and `np.take_along_axis(p, y[:, None], axis=1)` are copies of one entry of each
row; `W[:, y[i]]` is a view of what one label picks, and `p[i, y[i]]` is a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcheck_sym.array import Array, Constant, Input
from gradcheck_sym.array.shape import show
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError, ShapeError
from gradcheck_sym.trace.counts import unseen
from gradcheck_sym.trace.labels import Label, LabelColumn, LabelVector
from gradcheck_sym.trace.rows import Rows
from gradcheck_sym.trace.selected import Selected
from gradcheck_sym.trace.traced import Held, Traced
from gradcheck_sym.trace.unread import UNKNOWN
from gradcheck_sym.trace.users import kind_of


class Picked(Selected):
    """Along the axis `gone` of `cell` one entry is picked each, where `one_hot` is 1.

    The axis is `kept`, of size 1, in a column. What is a view of its `base` has it as its cell.
    """

    def __init__(
        self,
        cell: Traced,
        by: object,
        one_hot: Array,
        gone: int,
        *,
        kept: bool = False,
        base: Traced | None = None,
    ) -> None:
        self.one_hot, self.gone, self.kept = one_hot, gone, kept
        self.after = cell.ndim - 1 - gone  # axes
        scalar = True if cell.ndim == 1 and not kept else None
        super().__init__(cell, by, base=base, scalar=scalar)

    @property
    def held(self) -> Held:
        """The array of what is picked; raises `ArrayError` where that is not known."""
        if self.spoilt:
            raise ArrayError(UNKNOWN)
        product: Array = OPERATIONS["multiply"](self.one_hot, self.inner)
        return product.sum(self.gone, keepdims=self.kept)

    def of(self, cell: Traced) -> Selected:
        """The same selection of another array."""
        return Picked(cell, self.by, self.one_hot, self.gone, kept=self.kept)

    def goes_with(self, other: Selected) -> bool:
        """Whether another selection is of the same entries, index by index."""
        if not isinstance(other, Picked) or not super().goes_with(other):
            return False
        return (self.kept, self.after) == (other.kept, other.after)

    def inside(self, value: object) -> Any:
        """A value as it stands beside the inner entries, None where it does not."""
        from gradcheck_sym.trace.calls import array_held

        if isinstance(value, Selected) and self.goes_with(value):
            return value.inner
        array = array_held(value)
        if array.ndim <= self.after:
            return array
        if self.kept:
            fits = array.ndim <= self.inner.ndim and array.shape[-1 - self.after].size == 1
            return array if fits else None
        return array.expand(array.ndim - self.after) if array.ndim < self.inner.ndim else None

    def all_inside(self, name: str, args: Sequence[object]) -> list[Any] | None:
        """What an operation computes with; a loss that a number is added to stays outside."""
        total = args[0]
        if self.scalar and name in ("add", "subtract") and isinstance(total, Traced):
            alike = isinstance(total, Selected) and self.goes_with(total)
            if not alike and not isinstance(total.held, Input | Constant):
                return None
        return super().all_inside(name, args)

    def become(self, other: Traced) -> Traced:
        """A number never changes, a view changes its array, and a copy itself."""
        if self.scalar:
            return other
        if self.base is not self.cell:
            return super().become(other)
        if self.whole and not other.whole:
            raise ArrayError("NumPy does not put numbers into integers in place")
        self.cell.assign(self.put_back(other))
        return self

    def put_back(self, value: object) -> Held:
        """The array with these entries replaced."""
        new = self.inside(value)
        if new is None:
            raise ArrayError("this does not fit into what labels select")
        change = OPERATIONS["subtract"](new, self.inner)
        changed: Array = OPERATIONS["add"](self.inner, OPERATIONS["multiply"](self.one_hot, change))
        return changed

    # A column of one entry for each row, and back: views ------------------------------------

    @property
    def _is_of_rows(self) -> bool:
        return (self.gone, self.after) == (1, 0)

    def _shaped(self, *, kept: bool) -> Selected:
        return Picked(self.cell, self.by, self.one_hot, self.gone, kept=kept, base=self.base)

    def reshape(self, *shape: Any, order: str = "C", copy: bool | None = None) -> Traced:
        """One for each row along one axis, or as a column; raises as for other arrays."""
        wanted = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
        if self._is_of_rows and order == "C" and not copy:
            rows = self.inner.shape[0].size
            match [unseen(size) for size in wanted]:
                case [size] if size in (-1, rows):
                    return self._shaped(kept=False)
                case [-1, 1] | [_, -1 | 1] as sizes if sizes[0] in (-1, rows):
                    return self._shaped(kept=True)
        return super().reshape(*shape, order=order, copy=copy)

    def moved(self, name: str, axis: object = None) -> Traced | None:
        """`np.squeeze` and `np.expand_dims` between a column and one axis."""
        wanted = {"squeeze": True, "expand_dims": False}.get(name)
        if self._is_of_rows and wanted is self.kept and axis in (1, -1):
            return self._shaped(kept=not self.kept)
        return None

    def ravel(self) -> Traced:
        """One for each row along one axis."""
        return self._shaped(kept=False) if self._is_of_rows else super().ravel()

    def __getitem__(self, key: object) -> Any:
        match key:
            case (slice(start=None, stop=None, step=None), other) if self._is_of_rows:
                if not self.kept and other is None:
                    return self._shaped(kept=True)
                if self.kept and type(other) is int and other in (0, -1):
                    return self._shaped(kept=False)
        return super().__getitem__(key)


def picked(traced: Traced, key: object) -> Selected | None:
    """What labels pick of an array; raises `ArrayError`."""
    match key:
        case (rows, LabelVector() as labels) if traced.ndim == 2 and _is_rows(rows, traced):
            _refuse_other(traced, 1, labels)
            return Picked(traced.copy(), labels, labels.one_hot, 1, base=traced)
    parts = list(key) if isinstance(key, tuple) else [key]
    places = [place for place, part in enumerate(parts) if isinstance(part, Label)]
    return _by_one(traced, parts, places[0]) if len(places) == 1 else None


def _by_one(traced: Traced, key: list[Any], place: int) -> Selected:
    """`W[:, y[i]]` and `p[i, y[i]]`; raises `ArrayError` for an index that is an array, too."""
    label = key[place]
    if not all(_is_plain(part) for part in key if part is not label):
        raise ArrayError(f"{label.name} goes with numbers and slices in an index, as in W[:, y[i]]")
    _refuse_other(traced, place, label)
    cell = traced[(*key[:place], slice(None), *key[place + 1 :])]
    gone = sum(isinstance(part, slice) for part in key[:place])
    if cell.ndim == 1:
        return Picked(cell.copy(), label, label.one_hot, 0, base=cell)
    one_hot = label.one_hot
    for _ in range(cell.ndim - 1 - gone):
        one_hot = one_hot.expand(one_hot.ndim)
    return Picked(cell, label, one_hot, gone, base=cell)


def _is_plain(part: object) -> bool:
    """Whether a part of an index is a number or a slice."""
    import numpy as np

    return isinstance(part, int | slice | np.integer) and not isinstance(part, bool)


def along(arr: Any, indices: Any, axis: Any = -1) -> Selected:
    """`np.take_along_axis` of one entry for each row; raises `ArrayError`."""
    if not isinstance(indices, LabelColumn) or not isinstance(arr, Traced):
        raise ArrayError("np.take_along_axis needs an array and labels as a column, y[:, None]")
    if arr.ndim != 2 or axis not in (1, -1):
        raise ArrayError("np.take_along_axis of labels needs a matrix, and axis=1")
    if arr.shape_held[0].size != indices.one_hot.shape[0].size:
        raise ShapeError(f"{show(arr.shape_held)} has not one row for each of {indices.name}")
    _refuse_other(arr, 1, indices)
    return Picked(arr.copy(), indices.labels, indices.one_hot, 1, kept=True, base=arr)


def put_along(arr: Any, indices: Any, values: Any, axis: Any) -> None:
    """`np.put_along_axis`, likewise."""
    along(arr, indices, axis).write_back(values)


def _refuse_other(traced: Traced, place: int, by: Any) -> None:
    """Raise for comparisons, and for labels of other classes than there are entries."""
    refuse_truths(traced)
    if place >= traced.ndim or by.classes != traced.shape_held[place].size:
        raise ShapeError(f"{by.name} is of {by.classes} classes: {show(traced.shape_held)}")


def refuse_truths(traced: Traced) -> None:
    """Raise `ArrayError` for a comparison's result."""
    if traced.is_truth:
        raise ArrayError("a selection of comparisons: write .astype(float) after them")


def _is_rows(key: Any, traced: Traced) -> bool:
    """Whether an index runs through all rows."""
    size = traced.shape_held[0].size
    match key:
        case Rows():
            return bool(key.size == size)
        case range():
            return isinstance(size, int) and key == range(size)
    if isinstance(size, int) and kind_of(key) in ("i", "u"):
        rows: bool = key.tolist() == list(range(size))
        return rows
    return False
