"""Python's operators and NumPy's methods, each by the name of the function that it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcheck_sym.errors import ArrayError


def _operator(name: str, *, swapped: bool = False) -> Callable[..., Any]:
    def apply(self: Any, other: object) -> Any:
        from gradcheck_sym.trace.calls import called

        return called(name, *((other, self) if swapped else (self, other)))

    return apply


def _unary(name: str) -> Callable[..., Any]:
    def apply(self: Any) -> Any:
        from gradcheck_sym.trace.calls import called

        return called(name, self)

    return apply


def _in_place(name: str) -> Callable[..., Any]:
    def apply(self: Any, other: object) -> Any:
        from gradcheck_sym.trace.calls import called

        return self.become(called(name, self, other))

    return apply


def _method(name: str) -> Callable[..., Any]:
    def apply(self: Any, *args: Any, **options: Any) -> Any:
        from gradcheck_sym.trace.calls import called

        return called(name, self, *args, **options)

    return apply


def _refused(what: str, mend: str) -> Any:
    def refuse(*_: object, **__: object) -> Any:
        raise ArrayError(f"{what}: entries have no numbers here; {mend}")

    return refuse


class Operators:
    """What is written with operators and methods, carried out by `called`."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: object, **options: Any) -> Any:
        from gradcheck_sym.trace.calls import ufunc_called

        return ufunc_called(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, _: object, args: Any, options: Any) -> Any:
        from gradcheck_sym.trace.calls import called

        return called(str(function.__name__), *args, **options)

    __hash__ = object.__hash__

    # fmt: off
    __add__, __radd__         = _operator("add"), _operator("add", swapped=True)
    __sub__, __rsub__         = _operator("subtract"), _operator("subtract", swapped=True)
    __mul__, __rmul__         = _operator("multiply"), _operator("multiply", swapped=True)
    __truediv__, __rtruediv__ = _operator("divide"), _operator("divide", swapped=True)
    __pow__, __rpow__         = _operator("power"), _operator("power", swapped=True)
    __matmul__, __rmatmul__   = _operator("matmul"), _operator("matmul", swapped=True)
    __and__, __rand__         = _operator("logical_and"), _operator("logical_and", swapped=True)
    __or__, __ror__           = _operator("logical_or"), _operator("logical_or", swapped=True)
    __gt__, __lt__, __ge__    = map(_operator, ("greater", "less", "greater_equal"))
    __le__, __eq__, __ne__    = map(_operator, ("less_equal", "equal", "not_equal"))
    __neg__, __pos__          = _unary("negative"), _unary("positive")
    __abs__, __invert__       = _unary("absolute"), _unary("logical_not")

    __iadd__, __isub__        = _in_place("add"), _in_place("subtract")
    __imul__, __itruediv__    = _in_place("multiply"), _in_place("divide")
    __ipow__, __imatmul__     = _in_place("power"), _in_place("matmul")
    __iand__, __ior__         = _in_place("logical_and"), _in_place("logical_or")

    sum, mean, var, std       = map(_method, ("sum", "mean", "var", "std"))
    max, min, prod, cumsum    = map(_method, ("max", "min", "prod", "cumsum"))
    dot, clip, squeeze, take  = map(_method, ("dot", "clip", "squeeze", "take"))
    swapaxes, trace, diagonal = map(_method, ("swapaxes", "trace", "diagonal"))
    repeat, argmax, argmin    = map(_method, ("repeat", "argmax", "argmin"))
    any, all, round, sort     = map(_method, ("any", "all", "round", "sort"))
    # fmt: on

    # What needs numbers -------------------------------------------------------------------

    __bool__ = _refused("the truth of an array", "write np.where(condition, x, y) for if and else")
    __float__ = __int__ = __complex__ = __index__ = __round__ = _refused(
        "a conversion to a number", "keep the array as it is"
    )
    __array__ = _refused("a conversion to a NumPy array", "keep the array as it is")
    tolist = _refused("tolist", "keep the array as it is")
    __contains__ = _refused("`in`", "speak of the whole array")
    __mod__ = __rmod__ = _refused("%", "write it in + - * /")
    __floordiv__ = __rfloordiv__ = _refused("//", "write /")
    __xor__ = __rxor__ = _refused("^", "write ** for a power")
