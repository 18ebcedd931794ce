"""Integer labels: a label is known by its one-hot row, whose entries are 0 or 1 and sum to 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

from gradcheck_sym.array import Array
from gradcheck_sym.array.einsum import einsum
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.sizes import Size
from gradcheck_sym.trace.counts import Count, seen
from gradcheck_sym.trace.missing import Foreign
from gradcheck_sym.trace.traced import Traced

LARGEST = 2**31  # classes, more than there are


@dataclass(frozen=True)
class Labels:
    """`Labels("n", "t")`: n labels, each one of t classes."""

    count: Size
    classes: Size


class LabelVector(Foreign):
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

    @property
    def classes(self) -> Size:
        """What each label is one of."""
        return self.one_hot.shape[1].size

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

    def __len__(self) -> int:
        return self.shape[0].__index__()

    def copy(self, *_: object) -> LabelVector:
        """The same."""
        return self

    ravel = flatten = copy

    def astype(self, dtype: Any, **_: object) -> LabelVector:
        """The same, as integers of a type that has room for each class."""
        import numpy as np

        kind = np.dtype(dtype)
        if kind.kind not in "iu":
            raise self._refusal(f"a conversion of labels to {dtype}")
        least = int(self.classes) if isinstance(self.classes, int) else LARGEST
        if np.iinfo(kind).max < least - 1:
            raise ArrayError(
                f"labels of the type {kind} are cut off from {np.iinfo(kind).max + 1} on, and "
                f"{self.name} is of {self.classes} classes: write int"
            )
        return self

    def reshape(self, *shape: Any) -> LabelVector:
        """The same, if it stays one axis."""
        if shape in ((-1,), ((-1,),)):
            return self
        raise self._refusal("a reshape of labels")

    def squeeze(self, axis: object = None) -> LabelVector:
        """The same, if there are surely more than one."""
        if axis is not None or self.one_hot.shape[0].size == 1 or isinstance(self.size, Count):
            raise self._refusal("np.squeeze of labels")
        return self

    def _compared(self, *_: object) -> NoReturn:
        raise self._refusal("a comparison with labels")

    def _computed(self, *_: object) -> NoReturn:
        raise self._refusal("arithmetic with labels")

    __hash__ = object.__hash__

    # fmt: off
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __bool__ = __contains__ = _compared
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __pow__ = __rpow__ = _computed
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _computed
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __invert__ = _computed
    __neg__ = __pos__ = __abs__ = __matmul__ = __rmatmul__ = __float__ = __int__ = _computed
    __lshift__ = __rlshift__ = __rshift__ = __rrshift__ = __divmod__ = __rdivmod__ = _computed
    __complex__ = __round__ = _computed
    # fmt: on

    def _as_numbers(self, *_: object, **__: object) -> NoReturn:
        raise self._refusal("labels as numbers, or as an index of an array of numbers,")

    __array__ = __index__ = _as_numbers

    def _taken(self, *_: object) -> NoReturn:
        raise self._refusal("a part of labels, or one of them,")

    __getitem__ = __setitem__ = __iter__ = _taken

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method == "at" and inputs[1] is self:
            from gradcheck_sym.trace.calls import ufunc_called

            return ufunc_called(ufunc, method, inputs, options)
        raise self._refusal("arithmetic with labels")

    def __array_function__(self, function: Any, *_: object) -> Any:
        raise self._refusal(f"np.{function.__name__} of labels")

    def _refusal(self, what: str) -> ArrayError:
        return ArrayError(
            f"{what} is not supported: {self.name} is an index, p[np.arange(n), {self.name}]; for "
            f" one-hot rows give it a shape, and assume '{self.name}.sum(axis=1) == 1'"
        )


class Rows(Foreign):
    """`range(n)` or `np.arange(n)` where n is a name: an index of every row, and no number."""

    __match_args__ = ("size",)

    def __init__(self, size: Size) -> None:
        self.size = size

    def __len__(self) -> int:
        return Count(str(self.size)).__index__()

    def __iter__(self) -> Any:
        return iter(range(len(self)))

    def _refused(self, *_: object) -> NoReturn:
        raise ArrayError(f"all {self.size} are an index here, as in p[np.arange(n), y]")

    __hash__ = object.__hash__

    # fmt: off
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __bool__ = __contains__ = _refused
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __pow__ = __rpow__ = _refused
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _refused
    __neg__ = __pos__ = __abs__ = __matmul__ = __rmatmul__ = __float__ = __int__ = _refused
    __lshift__ = __rlshift__ = __rshift__ = __rrshift__ = __divmod__ = __rdivmod__ = _refused
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __invert__ = _refused
    __index__ = __complex__ = __round__ = __getitem__ = __setitem__ = __reversed__ = _refused
    __array__ = __array_ufunc__ = __array_function__ = _refused
    # fmt: on
