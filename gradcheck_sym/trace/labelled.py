"""What labels are to the user's code: an index, which may be compared with the classes."""

from __future__ import annotations

from typing import Any, NoReturn

from gradcheck_sym.array import Array
from gradcheck_sym.array.mask import Mask, opposite
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.sizes import Size
from gradcheck_sym.term.terms import ONE
from gradcheck_sym.trace.missing import Foreign
from gradcheck_sym.trace.traced import Traced

LARGEST = 2**31  # classes, more than there are
METHODS = {"reshape", "ravel", "squeeze", "expand_dims", "copy"}  # by NumPy's functions


class Labelled(Foreign):
    """Labels as the user's code sees them: an index, and no number."""

    __array_priority__ = 1000.0

    def __init__(self, name: str, one_hot: Array) -> None:
        self.name, self.one_hot = name, one_hot

    @property
    def meant(self) -> str:
        """How labels are used."""
        return (
            f"p[np.arange(n), {self.name}]; for one-hot rows give it a shape, and assume "
            f"'{self.name}.sum(axis=1) == 1'"
        )

    @property
    def classes(self) -> Size:
        """What each label is one of."""
        return self.one_hot.shape[-1].size

    def copy(self, *_: object) -> Any:
        """The same."""
        return self

    __copy__ = __deepcopy__ = copy

    def astype(self, dtype: Any, **_: object) -> Any:
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

    def is_one(self, number: object) -> Mask:
        """Where a label is a number of a class; raises `ArrayError`."""
        raise self._refusal(f"a comparison of labels with {number}")

    def _equal(self, other: object) -> Any:
        return Traced(self.is_one(other))

    def _different(self, other: object) -> Any:
        return Traced(opposite(self.is_one(other)))

    def _compared(self, *_: object) -> NoReturn:
        raise self._refusal("a comparison of labels in order")

    def _computed(self, *_: object) -> NoReturn:
        raise self._refusal("arithmetic with labels")

    def __bool__(self) -> bool:
        raise self._refusal("the truth of labels")

    def __hash__(self) -> int:
        raise self._refusal("a dict or a set of labels")

    # fmt: off
    __eq__, __ne__ = _equal, _different
    __lt__ = __gt__ = __le__ = __ge__ = __contains__ = _compared
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

    def _taken(self, *_: object) -> Any:
        raise self._refusal("a part of labels")

    __setitem__ = _taken
    __getitem__: Any = _taken
    __iter__: Any = _taken

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method == "at" and inputs[1] is self:
            from gradcheck_sym.trace.calls import ufunc_called

            return ufunc_called(ufunc, method, inputs, options)
        if method == "__call__" and not options and ufunc.__name__ in ("equal", "not_equal"):
            other = inputs[inputs[0] is self]
            return self._equal(other) if ufunc.__name__ == "equal" else self._different(other)
        raise self._refusal("arithmetic with labels")

    def __array_function__(self, function: Any, _: object, args: Any, options: Any) -> Any:
        method = METHODS & {function.__name__} and getattr(type(self), function.__name__, None)
        if method and args and args[0] is self:
            return method(*args, **options)
        raise self._refusal(f"np.{function.__name__} of labels")

    def _refusal(self, what: str) -> ArrayError:
        return ArrayError(f"{what} is not supported: {self.name} is an index, {self.meant}")


def where_one(one_hot: Array) -> Mask:
    """The mask where entries that are 0 or 1 are 1, without a case distinction."""
    return Mask(lambda bit: lambda yes, no: bit * yes + (ONE - bit) * no, one_hot)
