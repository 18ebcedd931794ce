"""Integer labels: a label is known by its one-hot row, whose entries are 0 or 1 and sum to 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gradcheck_sym.array import Reindex
from gradcheck_sym.array.arrays import Along, At
from gradcheck_sym.array.einsum import einsum
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.sizes import Size
from gradcheck_sym.trace.counts import Count, seen, unseen
from gradcheck_sym.trace.labelled import Labelled, where_one
from gradcheck_sym.trace.missing import Foreign
from gradcheck_sym.trace.rows import Rows
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.users import is_array


@dataclass(frozen=True)
class Labels:
    """`Labels("n", "t")`: n labels, each one of t classes."""

    count: Size
    classes: Size


class LabelVector(Labelled):
    """All labels."""

    @property
    def shape(self) -> tuple[int | Count, ...]:
        """The number of labels."""
        return (seen(self.one_hot.shape[0].size),)

    ndim = 1

    @property
    def size(self) -> int | Count:
        """The number of labels."""
        return self.shape[0]

    def load(self, other: LabelVector) -> None:
        """Hold other labels, as an array that is passed again."""
        self.one_hot = other.one_hot

    def rows_of(self, table: Traced) -> Traced:
        """`table[labels]`: the row of each label, as in an embedding; raises `ArrayError`."""
        if table.is_truth:
            raise ArrayError("labels choose rows of numbers: write .astype(float) before")
        self.refuse_other(table)
        rest = "abcdefghijkl"[: table.ndim - 1]
        rows = einsum(f"yz,z{rest}->y{rest}", self.one_hot, table.array)
        return Traced(rows, whole=table.whole, rowwise=table.rowwise or table.ndim < 2)

    def refuse_other(self, table: Traced) -> None:
        """Raise `ArrayError` where the rows of an array are not one for each class."""
        axis = next(iter(table.shape_held), None)
        if axis is None or axis.size != self.classes:
            raise ArrayError(f"{self.name} is of {self.classes} classes, and there are {axis} rows")

    def is_one(self, number: object) -> Mask:
        """Where labels are of the class of that number; raises `ArrayError`."""
        place = _class(number, self)
        entries = Along(0), At(place + 1)
        return where_one(Reindex(self.one_hot, self.one_hot.shape[:1], entries))

    def __len__(self) -> int:
        return self.shape[0].__index__()

    ravel = flatten = Labelled.copy

    def reshape(self, *shape: Any) -> LabelVector | LabelColumn:
        """The same, along one axis or as a column; raises `ArrayError`."""
        wanted = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple | list) else shape
        match [unseen(size) for size in wanted]:
            case [size] if size in (-1, unseen(self.size)):
                return self
            case [-1, 1] | [_, -1 | 1] as sizes if sizes[0] in (-1, unseen(self.size)):
                return LabelColumn(self)
        raise self._refusal("such a reshape of labels")

    def squeeze(self, axis: object = None) -> LabelVector:
        """The same, if there are surely more than one."""
        if axis is not None or self.one_hot.shape[0].size == 1 or isinstance(self.size, Count):
            raise self._refusal("np.squeeze of labels")
        return self

    def expand_dims(self, axis: object) -> LabelColumn:
        """`np.expand_dims`: the labels as a column; raises `ArrayError`."""
        if axis not in (1, -1):
            raise self._refusal("labels as a row")
        return LabelColumn(self)

    def __getitem__(self, key: object) -> Any:
        match key:
            case slice(start=None, stop=None, step=None):
                return self
            case (slice(start=None, stop=None, step=None), None):
                return LabelColumn(self)
        if not hasattr(key, "__index__") or isinstance(key, bool | Foreign):
            raise self._refusal("a part of labels")
        if isinstance(self.size, Count):
            raise ArrayError(f"one of {self.size} labels: give {self.size} a number")
        place = range(self.size)[key.__index__()]
        return Label(self, place)

    def __iter__(self) -> Iterator[Label]:
        return (self[place] for place in range(len(self)))


class Label(Labelled):
    """`y[i]`, one label."""

    shape, ndim, size = (), 0, 1
    others = (int,)

    def __init__(self, labels: LabelVector, place: int) -> None:
        own = labels.one_hot
        row = Reindex(own, own.shape[1:], (At(place + 1), Along(0)))
        super().__init__(f"{labels.name}[{place}]", row)
        self.of = id(labels), place  # each is an object of its own, as NumPy's numbers are

    def is_one(self, number: object) -> Mask:
        """Whether the label is the number of that class; raises `ArrayError`."""
        return where_one(Reindex(self.one_hot, (), (At(_class(number, self) + 1),)))

    @property
    def meant(self) -> str:
        """How one label is used."""
        return f"as in p[{self.name}]"

    def __str__(self) -> str:
        raise ArrayError(f"the text of {self.name} is not known: leave it out")

    def __format__(self, _: str) -> str:
        return str(self)

    def item(self) -> Label:
        """The same, as Python's number."""
        return self


class LabelColumn(Labelled):
    """`y[:, None]`, all labels as a column."""

    ndim = 2

    def __init__(self, labels: LabelVector) -> None:
        super().__init__(labels.name, labels.one_hot)
        self.labels = labels

    @property
    def shape(self) -> tuple[int | Count, ...]:
        """The number of labels, and 1."""
        return (*self.labels.shape, 1)

    size = property(lambda self: self.labels.size)

    def __len__(self) -> int:
        return len(self.labels)

    def squeeze(self, axis: object = None) -> LabelVector:
        """The labels along one axis; raises `ArrayError`."""
        return self.labels if axis in (1, -1) else self.labels.squeeze(axis)

    def reshape(self, *shape: Any) -> LabelVector | LabelColumn:
        """The same, along one axis or as a column; raises `ArrayError`."""
        return self.labels.reshape(*shape)

    def ravel(self) -> LabelVector:
        """The labels along one axis."""
        return self.labels

    flatten = ravel

    def is_one(self, number: object) -> Mask:
        """The one-hot rows, of `y[:, None] == np.arange(t)`; raises `ArrayError`."""
        fits = isinstance(number, Rows) and number.size == self.classes
        if is_array(number) and isinstance(self.classes, int):
            every = list(range(self.classes))
            fits = number.tolist() in (every, [every])
        if not fits:
            raise self._refusal(f"a comparison of labels but with np.arange({self.classes})")
        return where_one(self.one_hot)


def _class(number: object, labels: Labelled) -> int:
    """The number of a class; raises `ArrayError`."""
    import numpy as np

    if not isinstance(number, int | np.integer) or not isinstance(labels.classes, int):
        raise ArrayError(
            f"a comparison of {labels.name}, one of {labels.classes} classes, is supported with a "
            "number, and where there are a number of classes"
        )
    if not 0 <= number < labels.classes:
        raise ArrayError(f"{labels.name} is one of {labels.classes} classes, and never {number}")
    return int(number)
