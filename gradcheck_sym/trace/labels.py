"""Integer labels: a label is known by its one-hot row, whose entries are 0 or 1 and sum to 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.array.einsum import matmul
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.sizes import Size
from gradcheck_sym.trace.counts import Count, seen
from gradcheck_sym.trace.traced import Traced


@dataclass(frozen=True)
class Labels:
    """`Labels("n", "t")`: n labels, each one of t classes."""

    count: Size
    classes: Size


class LabelVector:
    """The labels as the user's code sees them: an index, and no number."""

    __array_priority__ = 1000.0

    def __init__(self, name: str, one_hot: Array) -> None:
        self.name, self.one_hot = name, one_hot

    @property
    def shape(self) -> tuple[int | Count, ...]:
        """The number of labels."""
        return (seen(self.one_hot.shape[0].size),)

    ndim = 1

    @property
    def size(self) -> int | Count:
        """The number of labels."""
        return self.shape[0]

    def rows_of(self, table: Traced) -> Traced:
        """`table[labels]`: the row of each label, as in an embedding."""
        return Traced(matmul(self.one_hot, table.array))

    def __len__(self) -> int:
        return self.shape[0].__index__()

    def astype(self, *_: object) -> LabelVector:
        """The same."""
        return self

    copy = ravel = flatten = squeeze = astype

    def reshape(self, *shape: Any) -> LabelVector:
        """The same, if it stays one axis."""
        if shape in ((-1,), ((-1,),)):
            return self
        raise self._refusal("a reshape of labels")

    def __eq__(self, other: object) -> bool:
        raise self._refusal("a comparison with labels")

    __hash__ = object.__hash__

    def __array_ufunc__(self, *_: object, **__: object) -> Any:
        raise self._refusal("arithmetic with labels")

    def __array_function__(self, function: Any, *_: object) -> Any:
        raise self._refusal(f"np.{function.__name__} of labels")

    def _refusal(self, what: str) -> ArrayError:
        return ArrayError(
            f"{what} is not supported: {self.name} is an index, as in p[np.arange(n), {self.name}]"
        )


@dataclass(frozen=True)
class Rows:
    """`range(n)` or `np.arange(n)` where n is a name: an index of every row."""

    size: Size

    def __iter__(self) -> Any:
        return iter(range(Count(str(self.size)).__index__()))
