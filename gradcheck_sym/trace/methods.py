"""Operations in place and NumPy's methods, each by the name of the function that it is."""

from __future__ import annotations

from typing import Any

from gradcheck_sym.array.operators import Operators, refused


def _in_place(name: str) -> Any:
    def apply(self: Any, other: object) -> Any:
        return self.become(self.carried_out(name, self, other))

    return apply


def _method(name: str) -> Any:
    def apply(self: Any, *args: Any, **options: Any) -> Any:
        return self.carried_out(name, self, *args, **options)

    return apply


class Methods(Operators):
    """What users' code writes with operators and methods, carried out by `called`."""

    def carried_out(self, name: str, *operands: object, **options: Any) -> Any:
        from gradcheck_sym.trace.calls import called

        return called(name, *operands, **options)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: object, **options: Any) -> Any:
        from gradcheck_sym.trace.calls import ufunc_called

        return ufunc_called(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, _: object, args: Any, options: Any) -> Any:
        return self.carried_out(str(function.__name__), *args, **options)

    # fmt: off
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

    tolist = refused("tolist", "keep the array as it is")
