"""Python's operators by the names of NumPy's functions, and what needs numbers and is refused.

Arrays and masks carry an operator out by the table of operations; the arrays that users' code is
given are written to as well, and have their own way.
"""

from __future__ import annotations

from typing import Any, NoReturn

from gradcheck_sym.errors import ArrayError


def refused(what: str, mend: str) -> Any:
    """A method that raises `ArrayError`: entries have no numbers."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise ArrayError(f"{what} is not supported, entries have no numbers here: {mend}")

    return refuse


def _operator(name: str, *, swapped: bool = False) -> Any:
    def apply(self: Operators, other: object) -> Any:
        return self.carried_out(name, *((other, self) if swapped else (self, other)))

    return apply


def _unary(name: str) -> Any:
    def apply(self: Operators) -> Any:
        return self.carried_out(name, self)

    return apply


class Operators:
    """What is written with operators, carried out by name."""

    def carried_out(self, name: str, *operands: object) -> Any:
        """The function of that name of the operands; raises `ArrayError`."""
        raise NotImplementedError

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
    __hash__                  = object.__hash__
    # fmt: on

    __contains__ = refused("`in`", "speak of the whole array")
    __bool__ = refused("the truth of an array", "write np.where(condition, x, y) for if and else")
    __float__ = __int__ = __complex__ = __index__ = __round__ = refused(
        "a conversion to a number", "keep the array as it is"
    )
    __array__ = refused("a conversion to a NumPy array", "keep the array as it is")
    __mod__ = __rmod__ = refused("%", "write it in + - * /")
    __floordiv__ = __rfloordiv__ = refused("//", "write /")
    __xor__ = __rxor__ = refused("^", "write ** for a power")
    __lshift__ = __rlshift__ = __rshift__ = __rrshift__ = refused("<< or >>", "write * or /")
    __divmod__ = __rdivmod__ = refused("divmod", "write /")
