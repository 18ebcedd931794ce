"""Operations in place and NumPy's methods, each by the name of the function that it is."""

from __future__ import annotations

import sys
from typing import Any

from gradcheck_sym.array.mask import Mask
from gradcheck_sym.array.operators import Operators, refused
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.context import runs
from gradcheck_sym.trace.missing import Foreign
from gradcheck_sym.trace.unread import HASHED
from gradcheck_sym.trace.users import is_users


def _in_place(name: str) -> Any:
    def apply(self: Any, other: object) -> Any:
        return self.become(self.carried_out(name, self, other))

    return apply


def _method(name: str) -> Any:
    def apply(self: Any, *args: Any, **options: Any) -> Any:
        return self.carried_out(name, self, *args, **options)

    return apply


class Methods(Foreign, Operators):
    """What users' code writes with operators and methods, carried out by `called`."""

    shape_held: Any
    named: Any
    scalar: bool | None

    def carried_out(self, name: str, *operands: object, **options: Any) -> Any:
        from gradcheck_sym.trace.calls import called

        return called(name, *operands, **options)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: object, **options: Any) -> Any:
        from gradcheck_sym.trace.calls import ufunc_called

        return ufunc_called(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, _: object, args: Any, options: Any) -> Any:
        return self.carried_out(str(function.__name__), *args, **options)

    def __hash__(self) -> int:
        """Where code looks something up by it: NumPy's arrays have none, and numbers their own."""
        if not runs() or not is_users(sys._getframe(1).f_code.co_filename):
            return id(self)
        if self.shape_held or self.scalar is False:
            raise TypeError("unhashable type: 'numpy.ndarray'")
        raise ArrayError(HASHED)

    def __bool__(self) -> bool:
        """What sizes alone decide is known where it is one for all; else as that of any array."""
        from gradcheck_sym.trace.truth import of_sizes

        held = self.named
        known = of_sizes(held.value() if isinstance(held, Mask) else held)
        truth: bool = Operators.__bool__(self) if known is None else known
        return truth

    # fmt: off
    __iadd__, __isub__        = _in_place("add"), _in_place("subtract")
    __imul__, __itruediv__    = _in_place("multiply"), _in_place("divide")
    __ipow__, __imatmul__     = _in_place("power"), _in_place("matmul")
    __iand__, __ior__         = _in_place("logical_and"), _in_place("logical_or")

    sum, mean, var, std       = map(_method, ("sum", "mean", "var", "std"))
    max, min, prod            = map(_method, ("max", "min", "prod"))
    cumsum, cumprod           = map(_method, ("cumsum", "cumprod"))
    dot, clip, squeeze, take  = map(_method, ("dot", "clip", "squeeze", "take"))
    swapaxes, trace, diagonal = map(_method, ("swapaxes", "trace", "diagonal"))
    repeat, argmax, argmin    = map(_method, ("repeat", "argmax", "argmin"))
    any, all, round, sort     = map(_method, ("any", "all", "round", "sort"))
    # fmt: on

    tolist = refused("tolist", "keep the array as it is")

    def __mul__(self, other: object) -> Any:
        self._refuse_list(other)
        return self.carried_out("multiply", self, other)

    def __rmul__(self, other: object) -> Any:
        self._refuse_list(other)
        return self.carried_out("multiply", other, self)

    def _refuse_list(self, other: object) -> None:
        """Raise `ArrayError` where Python repeats a list: 2 * n is a number of its own."""
        if isinstance(other, list | tuple) and not getattr(self, "ndim", 1):
            raise ArrayError("a list times a number, as in [0.0] * (2 * n): write np.full")

    def __format__(self, wanted: str) -> str:
        if wanted:
            raise ArrayError(f"an array in the format {wanted!r}, without numbers: leave it out")
        return repr(self)
