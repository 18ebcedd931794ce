"""A size that is a name, as users' code meets it: `n, d = x.shape`, then `dx / n`."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from operator import ge, gt, le, lt
from typing import Any, NoReturn

from gradcheck_sym.array import Constant
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.sizes import Size
from gradcheck_sym.term.terms import SizeOf
from gradcheck_sym.trace.missing import Foreign


def seen(size: Size) -> int | Count:
    """A size as the user's code sees it: a number as it is."""
    return Count(size) if isinstance(size, str) else size


def unseen(size: object) -> Size:
    """The size that the user's code speaks of; raises `ArrayError`."""
    match size:
        case Count(name):
            return name
        case int() if not isinstance(size, bool):
            return int(size)
    if hasattr(size, "__index__"):
        return int(size.__index__())
    raise ArrayError(f"a size is a number or one of the names that were given, not {size!r}")


def _operator(name: str, neutral: int | None = None) -> Any:
    """An operator; with the integer that is `neutral` a size stays one, as in n * 1."""

    def apply(self: Count, other: object) -> Any:
        if type(other) is int and other == neutral:
            return self
        if isinstance(other, list | tuple | str | bytes):
            raise self._refusal(f"a {type(other).__name__} beside {self}, as in [0.0] * {self}")
        return getattr(self.as_number(), name)(other)

    return apply


def _compared(compare: Callable[[Any, Any], bool]) -> Any:
    """A comparison that is the same for 1 as for all sizes beyond."""

    def apply(self: Count, other: object) -> bool:
        if isinstance(other, Count) and other.name == self.name:
            return compare(1, 1)
        if isinstance(other, int | float) and compare(1, other) == compare(inf, other):
            return compare(1, other)
        if is_computed(other):
            return bool(compare(self.as_number(), other))
        raise self._refusal(f"{self} stands for any size")

    return apply


def is_computed(value: object) -> bool:
    """Whether it is a number that code has computed, from sizes or else."""
    from gradcheck_sym.trace.traced import Traced

    return isinstance(value, Traced) and value.scalar is True


class Count(Foreign):
    """A size of any value: it is computed with, and not counted with."""

    __match_args__ = ("name",)
    others = (int,)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    def __hash__(self) -> int:
        raise self._refusal(f"{self} is unhashable here, since it is any size")

    def __format__(self, wanted: str) -> str:
        if wanted:
            raise self._refusal(f"{self} in the format {wanted!r}")
        return self.name

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Count) and other.name == self.name:
            return True
        if other is None or isinstance(other, str | tuple | list):
            return False
        if isinstance(other, int | float) and (other < 1 or other != other // 1):
            return False
        if is_computed(other):
            return bool(self.as_number() == other)
        raise self._refusal(f"whether {self} and {other} are equal is not known")

    def __bool__(self) -> bool:
        return True  # sizes are at least 1

    def as_number(self) -> Any:
        """The size as a number in formulas."""
        from gradcheck_sym.trace.traced import Traced

        return Traced(Constant(SizeOf(self.name)), whole=True, scalar=True)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: object, **options: object) -> Any:
        number = self.as_number()
        given = (number if value is self else value for value in inputs)
        return number.__array_ufunc__(ufunc, method, *given, **options)

    def __neg__(self) -> Any:
        return -self.as_number()

    def __pos__(self) -> Count:
        return self

    __abs__ = __pos__

    def __pow__(self, other: object) -> Any:
        number = self.as_number()
        number.whole = not (isinstance(other, int) and other < 0)  # n ** -1 is 1 / n to Python
        return number.__pow__(other)

    def _refused(self, *_: object) -> NoReturn:
        raise self._refusal(f"{self} stands for any size")

    def _refusal(self, what: str) -> ArrayError:
        return ArrayError(f"{what}: give it a number, such as {self}=3")

    # fmt: off
    __add__, __radd__         = _operator("__add__", 0), _operator("__radd__", 0)
    __sub__, __rsub__         = _operator("__sub__"), _operator("__rsub__")
    __mul__, __rmul__         = _operator("__mul__", 1), _operator("__rmul__", 1)
    __truediv__, __rtruediv__ = _operator("__truediv__"), _operator("__rtruediv__")
    __rpow__                  = _operator("__rpow__")
    __lt__, __le__            = _compared(lt), _compared(le)
    __gt__, __ge__            = _compared(gt), _compared(ge)
    __index__ = __int__ = __float__ = _refused
    __complex__ = __round__ = __trunc__ = __floor__ = __ceil__ = __invert__ = _refused
    __mod__ = __rmod__ = __floordiv__ = __rfloordiv__ = __divmod__ = __rdivmod__ = _refused
    __lshift__ = __rlshift__ = __rshift__ = __rrshift__ = __matmul__ = __rmatmul__ = _refused
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = _refused
    # fmt: on
