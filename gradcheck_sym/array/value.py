"""What arrays and masks share: Python's operators and NumPy's protocols, and what is refused.

An array here has no numbers in it. Python and NumPy ask for some in many places, often without
a word; each of these is one error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, cast

from gradcheck_sym.errors import ArrayError

if TYPE_CHECKING:
    from gradcheck_sym.array.arrays import Array
    from gradcheck_sym.array.mask import Mask


def _refused(what: str, mend: str) -> Any:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise ArrayError(f"{what} is not supported, entries have no numbers here: {mend}")

    return refuse


def _operator(name: str, *, swapped: bool = False) -> Any:
    def apply(self: Value, other: object) -> Array | Mask:
        from gradcheck_sym.array.table import OPERATIONS

        pair = (other, self) if swapped else (self, other)
        return cast("Array | Mask", OPERATIONS[name](*pair))

    return apply


class Value:
    """An array or a mask: NumPy's operators, functions and refusals, by one table."""

    # fmt: off
    __add__, __radd__         = _operator("add"), _operator("add", swapped=True)
    __sub__, __rsub__         = _operator("subtract"), _operator("subtract", swapped=True)
    __mul__, __rmul__         = _operator("multiply"), _operator("multiply", swapped=True)
    __truediv__, __rtruediv__ = _operator("divide"), _operator("divide", swapped=True)
    __pow__, __rpow__         = _operator("power"), _operator("power", swapped=True)
    __matmul__, __rmatmul__   = _operator("matmul"), _operator("matmul", swapped=True)
    __and__, __rand__         = _operator("logical_and"), _operator("logical_and", swapped=True)
    __or__, __ror__           = _operator("logical_or"), _operator("logical_or", swapped=True)
    __gt__, __lt__, __ge__    = _operator("greater"), _operator("less"), _operator("greater_equal")
    __le__, __eq__, __ne__    = _operator("less_equal"), _operator("equal"), _operator("not_equal")
    __hash__                  = object.__hash__
    # fmt: on

    def __neg__(self) -> Array:
        return cast("Array", self._unary("negative"))

    def __pos__(self) -> Array:
        return cast("Array", self._unary("positive"))

    def __abs__(self) -> Array:
        return cast("Array", self._unary("absolute"))

    def __invert__(self) -> Mask:
        return cast("Mask", self._unary("logical_not"))

    def _unary(self, name: str) -> Array | Mask:
        from gradcheck_sym.array.table import OPERATIONS

        return cast("Array | Mask", OPERATIONS[name](self))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: object, **options: object) -> Any:
        from gradcheck_sym.array.protocol import ufunc_result

        return ufunc_result(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, _: object, args: Any, options: Any) -> Any:
        from gradcheck_sym.array.protocol import function_result

        return function_result(function, args, options)

    _in_place = _refused("an operation in place", "write x = x + y for x += y")
    __iadd__ = __isub__ = __imul__ = __itruediv__ = __ipow__ = __imatmul__ = _in_place
    __iand__ = __ior__ = __setitem__ = __delitem__ = _in_place
    __getitem__ = _refused("indexing", "entry(i, j) is the term of an entry, counted from 1")
    __iter__ = __reversed__ = _refused("a loop over an array", "speak of the whole array")
    __contains__ = _refused("`in`", "speak of the whole array")
    __bool__ = _refused("the truth of an array", "write np.where(condition, x, y) for if and else")
    __float__ = __int__ = __complex__ = __index__ = __round__ = _refused(
        "a conversion to a number", "keep the array as it is"
    )
    __array__ = _refused("a conversion to a NumPy array", "keep the array as it is")
    __mod__ = __rmod__ = _refused("%", "write it in + - * /")
    __floordiv__ = __rfloordiv__ = _refused("//", "write /")
    __xor__ = __rxor__ = _refused("^", "write ** for a power")
