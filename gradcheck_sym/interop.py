"""What Python and NumPy ask of an array: our own operation, or one clear error.

Left alone, NumPy takes an array in index notation for one object, and applies itself to that.
NumPy is not imported here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from inspect import signature
from math import isfinite
from numbers import Integral, Rational, Real
from typing import Any, NoReturn

import sympy

from gradcheck_sym.errors import ArrayError

OPERATIONS: dict[str, Callable[..., Any]] = {}  # by NumPy's names; `language` fills it
NOT_ARRAYS = ("axis", "keepdims")  # parameters of operations that are passed on as they are


def refuse(what: str) -> NoReturn:
    """Raise `ArrayError` for something that only numbers can do."""
    raise ArrayError(
        f"{what}: the entries of a network's arrays are formulas, not numbers; "
        "use + - * / ** @, .T, .sum and .mean, or write a formula(…)"
    )


def number(value: object) -> int | Fraction | sympy.Expr:
    """An operand that is no array, exact: 0.1 is 1/10, as in a formula. Raises `ArrayError`."""
    match value:
        case sympy.Expr():
            return value
        case Integral():
            return int(value)
        case Rational():
            return Fraction(int(value.numerator), int(value.denominator))
        case Real() if isfinite(value):
            return Fraction(repr(float(value)))
    return refuse(f"an operand of the type {type(value).__name__} does not fit here")


class Interop:
    """The special methods that would make something else of an array."""

    # fmt: off
    def __bool__(self) -> bool:        return refuse("an array has no truth value")
    def __iter__(self) -> NoReturn:    refuse("an array cannot be iterated over")
    def __len__(self) -> int:          return refuse("an array has no len(), but a .shape")
    def __float__(self) -> NoReturn:   refuse("an array is no float")
    def __int__(self) -> NoReturn:     refuse("an array is no int")
    def __complex__(self) -> NoReturn: refuse("an array is no complex number")
    def __lt__(self, other: object) -> NoReturn: refuse("arrays are not compared by <")
    def __le__(self, other: object) -> NoReturn: refuse("arrays are not compared by <=")
    def __gt__(self, other: object) -> NoReturn: refuse("arrays are not compared by >")
    def __ge__(self, other: object) -> NoReturn: refuse("arrays are not compared by >=")
    # fmt: on

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        refuse("arrays are not compared by == or !=")

    __hash__ = object.__hash__

    def __array__(self, *_: object, **__: object) -> NoReturn:
        refuse("an array of a network is no array of NumPy's")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: object, **options: object) -> Any:
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        return self._carried_out(name, inputs, options)

    def __array_function__(
        self, function: Any, _: object, args: Sequence[object], options: Mapping[str, object]
    ) -> Any:
        return self._carried_out(function.__name__, args, options)

    @staticmethod
    def operand(value: object) -> Any:
        """The value as an array; raises `ArrayError`."""
        raise NotImplementedError

    def _carried_out(self, name: str, args: Sequence[object], options: Mapping[str, object]) -> Any:
        """Our operation for NumPy's function of that name, on these arguments."""
        operation = OPERATIONS.get(name)
        if operation is None:
            return refuse(f"np.{name} is not supported")
        try:
            bound = signature(operation).bind(*args, **options)
        except TypeError as error:
            return refuse(f"np.{name}: {error}")
        for parameter, given in bound.arguments.items():
            if parameter not in NOT_ARRAYS:
                bound.arguments[parameter] = self.operand(given)
        return operation(*bound.args, **bound.kwargs)
