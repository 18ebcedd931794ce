"""What functions return, as arrays: what is none is refused by the function's name."""

from __future__ import annotations

import inspect
from numbers import Number
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.errors import CodeError, GradcheckError
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.missing import Foreign
from gradcheck_sym.trace.users import is_array, kind_of

NO_NUMBERS = "USVMm"  # NumPy's letters for such entries
LOSS, GRADIENT, OUTPUT, SLOPE = "the loss", "the gradient", "the output", "the slope"


def array_returned(value: Any, function: str, what: str = GRADIENT) -> Array:
    """The array that a function returns as such; raises `CodeError`."""
    refuse_no_array(value, function, what)
    try:
        return array_held(value)
    except GradcheckError as error:
        raise CodeError(f"{what} that {function} returns: {error}") from None


def refuse_no_array(value: Any, function: str, what: str) -> None:
    """Raise `CodeError` for what no array can be."""
    if (said := _said(value)) is not None:
        raise CodeError(f"{function} returns {said}; let it return {what}")


def _said(value: Any) -> str | None:
    """What a value is, unless it is an array, a number, or a list that may be an array."""
    if value is None:
        return "nothing"
    if inspect.isgenerator(value):
        return "a generator, since it yields"
    if inspect.iscoroutine(value):
        value.close()  # or Python says that nobody waits for it
        return "a coroutine, since it is async"
    if is_array(value):
        return "an array of no numbers" if kind_of(value) in NO_NUMBERS else None
    if isinstance(value, Foreign | list | tuple | Number):
        return None
    return repr(value) if isinstance(value, str) else f"what is no array ({type(value).__name__})"
