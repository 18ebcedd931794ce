"""Parameters of backward that have defaults: which keep them, and what is passed in their place.

`layer.backward(dout)` leaves them out, so they keep their defaults; where backward fails with None,
what is known under these names is passed. What takes a cache is passed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from gradcheck_sym.array import Input
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.code.inputs import UPSTREAMS, name_of, parameters, passed
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.labels import LabelVector
from gradcheck_sym.trace.traced import Traced

LIMITS = (TypeError, AttributeError, NotImplementedError)  # they may be ours, but those of None
GIVEN, LEFT = "given", "left"

_passed: ContextVar[Mapping[str, str | int]] = ContextVar("passed", default={})  # noqa: B039


@contextmanager
def passing(how: Mapping[str, str | int]) -> Iterator[None]:
    """Pass parameters that have defaults so: `GIVEN`, `LEFT`, or a gradient that is a number."""
    token = _passed.set({**_passed.get(), **how})
    try:
        yield
    finally:
        _passed.reset(token)


def is_given(name: str) -> bool:
    """Whether what is known is passed for a parameter, whatever its default is."""
    return _passed.get().get(name) == GIVEN


def is_left(name: str) -> bool:
    """Whether a parameter is left out, whatever is known of it."""
    return _passed.get().get(name) == LEFT


def has_default(function: Callable[..., Any], name: str) -> bool:
    """Whether a parameter of a function has a default.

    >>> has_default(lambda x, eps=1e-5: x, "eps"), has_default(lambda x: x, "x")
    (True, False)
    """
    found = parameters(function).get(name)
    return found is not None and found.default is not found.empty


def keeps_default(
    name: str,
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    known: Mapping[str, Any],
) -> bool:
    """Whether a parameter of backward, which is no gradient by an output, is left out.

    What has a value is passed, and so is what forward has a default for, too. Raises `CodeError`
    where an input stands beside a default that is another value.
    """
    one = parameters(backward)[name]
    if one.default is one.empty or is_given(name):
        return False
    if name not in known or is_left(name):
        return True
    free = isinstance(known[name], Traced | LabelVector)
    if not free or has_default(forward, name):
        return False
    if one.default is not None:
        raise CodeError(
            f"{name_of(backward)}: is {name} the input, or {one.default!r}? Leave that default "
            "out, or call one of the two otherwise"
        )
    return True


def given_instead(function: str, names: Sequence[str]) -> tuple[str, ...]:
    """What is said of parameters that are given what is known, though they have defaults."""
    return (f"{function} is given {', '.join(names)}, in place of a default",) if names else ()


def upstreams_passed(names: Sequence[str], upstreams: Sequence[Input]) -> list[Any]:
    """The gradients by outputs as backward is passed them."""
    return [
        passed(name, Traced(_as_number(name, one)), among=UPSTREAMS)
        for name, one in zip(names, upstreams, strict=True)
    ]


def _as_number(name: str, upstream: Input) -> Any:
    number = _passed.get().get(name)
    if not isinstance(number, int):
        return upstream
    return OPERATIONS["add"](OPERATIONS["multiply"](upstream, 0), number)


@contextmanager
def failing(names: Sequence[str]) -> Iterator[None]:
    """Raise `CodeError` with the parameters that have kept their defaults where backward fails."""
    try:
        yield
    except CodeError as error:
        if names and fails(error):
            raise CodeError(str(error), defaults=names, kind=error.kind) from None
        raise


def fails(error: CodeError) -> bool:
    """Whether what was raised would be raised in NumPy, too."""
    of_none = "NoneType" in str(error)
    return of_none or (error.kind is not None and not issubclass(error.kind, LIMITS))
