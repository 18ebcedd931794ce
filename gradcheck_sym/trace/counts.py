"""A size that is a name, as users' code meets it: `n, d = x.shape`, then `dx / n`."""

from __future__ import annotations

from typing import Any, NoReturn

from gradcheck_sym.array import Constant
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.sizes import Size
from gradcheck_sym.term.terms import SizeOf


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


def _operator(name: str) -> Any:
    def apply(self: Count, other: object) -> Any:
        return getattr(self.as_number(), name)(other)

    return apply


class Count:
    """A size of any value: it is computed with, and not counted with."""

    __match_args__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    __hash__ = None  # type: ignore[assignment]  # a key would be compared, or silently not be found

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Count) and other.name == self.name:
            return True
        if other is None or isinstance(other, str | tuple | list):
            return False
        raise self._refusal(f"whether {self} and {other} are equal is not known")

    def __bool__(self) -> bool:
        return True  # sizes are at least 1

    def as_number(self) -> Any:
        """The size as a number in formulas."""
        from gradcheck_sym.trace.traced import Traced

        return Traced(Constant(SizeOf(self.name)))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: object, **options: object) -> Any:
        number = self.as_number()
        given = (number if value is self else value for value in inputs)
        return number.__array_ufunc__(ufunc, method, *given, **options)

    def __neg__(self) -> Any:
        return -self.as_number()

    def _refused(self, *_: object) -> NoReturn:
        raise self._refusal(f"{self} stands for any size")

    def _refusal(self, what: str) -> ArrayError:
        return ArrayError(f"{what}: give it a number, such as {self}=3")

    # fmt: off
    __add__, __radd__         = _operator("__add__"), _operator("__radd__")
    __sub__, __rsub__         = _operator("__sub__"), _operator("__rsub__")
    __mul__, __rmul__         = _operator("__mul__"), _operator("__rmul__")
    __truediv__, __rtruediv__ = _operator("__truediv__"), _operator("__rtruediv__")
    __pow__, __rpow__         = _operator("__pow__"), _operator("__rpow__")
    __index__ = __int__ = __float__ = __lt__ = __gt__ = __le__ = __ge__ = _refused
    __mod__ = __rmod__ = __floordiv__ = __rfloordiv__ = _refused
    # fmt: on
