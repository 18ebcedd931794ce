"""The inputs of a function: what is passed for each parameter, and the free arrays among them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, TypeAlias

from gradcheck_sym.array import Input
from gradcheck_sym.code.copied import copied
from gradcheck_sym.code.shapes import Given, as_shape, axes, names_in, passed_as, words
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.by_place import by_place
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.labels import Labels, LabelVector
from gradcheck_sym.trace.traced import Traced

Buffers: TypeAlias = tuple[dict[str, Any], frozenset[str] | None]
UPSTREAMS = "upstreams"  # all gradients by outputs, where objects that are passed again are named
_buffers: ContextVar[Buffers | None] = ContextVar("buffers", default=None)
_shared: ContextVar[dict[str, Any] | None] = ContextVar("shared", default=None)


@contextmanager
def same_values() -> Iterator[None]:
    """Pass the same object each time for what is passed as it is: a dict may be written to."""
    token = _shared.set({})
    try:
        yield
    finally:
        _shared.reset(token)


def copies(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values that may be written to, since they are not the caller's."""
    shared = _shared.get()
    if shared is None:
        return {name: copied(value) for name, value in values.items()}
    return {name: shared.setdefault(name, copied(value)) for name, value in values.items()}


@contextmanager
def passed_in(buffers: Buffers | None) -> Iterator[None]:
    """Pass the same objects each time, as where a batch is loaded into an array.

    They are kept by their names; if names are told, only those of these names.
    """
    token = _buffers.set(buffers)
    try:
        yield
    finally:
        _buffers.reset(token)


def passed(name: str, new: Any, *, among: str | None = None) -> Any:
    """What is passed: this, or the object that was passed before, with this in it."""
    objects, names = _buffers.get() or ({}, frozenset())
    if names is not None and (among or name) not in names:
        return new
    buffer = objects.setdefault(name, new)
    match buffer, new:
        case Traced(), Traced():
            buffer.load(new)
        case LabelVector(), LabelVector():
            buffer.load(new)
        case _:
            return new
    return buffer


@dataclass
class Inputs:
    """Free arrays and one-hot rows by name; `constants` are passed as they were given.

    `later` are constants that backward alone takes, as a learning rate.
    """

    arrays: dict[str, Input]
    labels: dict[str, Input]
    constants: dict[str, Any]
    later: dict[str, Any] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """What forward is passed: new arrays each time, so that none is passed changed."""
        found = {
            **{name: Traced(array) for name, array in self.arrays.items()},
            **{name: LabelVector(name, array) for name, array in self.labels.items()},
            **copies(self.constants),
        }
        return {name: passed(name, new) for name, new in found.items()}

    def to_backward(self) -> dict[str, Any]:
        """What is passed to backward alone."""
        return copies(self.later)

    @property
    def known(self) -> dict[str, Any]:
        """Everything that is passed as it was given."""
        return {**self.constants, **self.later}

    @property
    def free(self) -> dict[str, Input]:
        """Everything that may have any value."""
        return {**self.arrays, **self.labels}


def with_words(
    given: Mapping[str, Given],
    *functions: Callable[..., Any],
    made: Mapping[str, inspect.Parameter] = MappingProxyType({}),
) -> dict[str, Given]:
    """What is given to functions, and to what makes an object: strings may be words."""
    wanted = {name: one for function in functions for name, one in parameters(function).items()}
    return words(given, {**wanted, **made}, functions)


def inputs_for(
    function: Callable[..., Any],
    given: Mapping[str, Given],
    trace: Trace,
    backward: Callable[..., Any] | None = None,
) -> Inputs:
    """The inputs of these shapes, and values that `backward` alone takes; raises `CodeError`."""
    wanted = parameters(function)
    after = parameters(backward) if backward is not None else {}
    later = {name: one for name, one in given.items() if name in after and name not in wanted}
    if unknown := [name for name in given if name not in (*wanted, *later)]:
        there = ", ".join(wanted) or "none"
        raise CodeError(f"{name_of(function)} has no parameter {unknown[0]}; there are {there}")
    refuse_missing(function, given)
    found, sizes = Inputs({}, {}, {}, _values(later, backward)), names_in(given)
    trace.taken |= later.keys()
    for name in [name for name in wanted if name in given]:
        shape = as_shape(name, given[name])
        if shape == () and name in sizes:
            raise CodeError(f"{name} is a number and a size here; call the size otherwise")
        trace.taken.add(f"{name}{trace.suffix}")
        match shape:
            case None:
                found.constants[name] = passed_as(name, given[name])
            case Labels(count, classes):
                found.labels[name] = Input(f"{name}{trace.suffix}", axes((count, classes)))
            case _:
                found.arrays[name] = Input(f"{name}{trace.suffix}", axes(shape))
    return found


def _values(given: Mapping[str, Given], function: object) -> dict[str, Any]:
    """What a function is passed as it is; raises `CodeError` for shapes."""
    for name, one in given.items():
        if as_shape(name, one) is not None:
            raise CodeError(
                f"{name_of(function)} alone takes {name}: give it a value, {as_value(name)}"
            )
    return {name: passed_as(name, one) for name, one in given.items()}


def as_value(name: str) -> str:
    """How a parameter is given a value."""
    return f"--value {name}=0.1, in Python {name}=0.1"


def refuse_missing(function: Callable[..., Any], given: Mapping[str, Any]) -> None:
    """Raise `CodeError` for parameters of which nothing is known."""
    wanted = parameters(function)
    missing = [n for n, p in wanted.items() if n not in given and p.default is p.empty]
    if missing:
        raise CodeError(
            f"{name_of(function)}: no shape for {', '.join(missing)}; "
            f'give it, as in {missing[0]}=("n", "d")'
        )


def refuse_unknown(function: Callable[..., Any], given: Mapping[str, Any]) -> None:
    """Raise `CodeError` for parameters of what gives gradients of which nothing is known."""
    missing = [
        name
        for name, one in parameters(function).items()
        if name not in given and one.default is one.empty
    ]
    if missing:
        raise CodeError(
            f"{name_of(function)}: what {missing[0]} is, is not known; it is an input by its name, "
            f"or a value that you give: {as_value(missing[0])}"
        )


def refuse_without_shapes(function: Callable[..., Any], inputs: Inputs) -> None:
    """Raise `CodeError` where there is nothing to be the gradient by, since all have values."""
    if inputs.arrays or not inputs.constants:
        return
    name, value = next(iter(inputs.constants.items()))
    raise CodeError(
        f"{name_of(function)}: no input has a shape, {name} is passed as it is, a value of the "
        f'type {type(value).__name__}; give its shape, as in {name}=("n", "d") or {name}=(4,)'
    )


def parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """The parameters of a function that have names; raises `CodeError`."""
    try:
        found = inspect.signature(function).parameters
    except (TypeError, ValueError):
        raise CodeError(f"{name_of(function)} is no function of Python's") from None
    several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return {name: one for name, one in found.items() if one.kind not in several}


def positional(function: Callable[..., Any], passed: Collection[str]) -> tuple[str, ...]:
    """The parameters of those passed that are passed by their places, in their order."""
    return tuple(name for name in by_place(function) if name in passed)


def name_of(function: object) -> str:
    """The name of a function or of a class; that of what a partial one calls."""
    while isinstance(function, partial):
        function = function.func
    return str(getattr(function, "__name__", type(function).__name__))
