"""What a proof takes as it is: values that are passed, defaults, and numbers in attributes."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from copy import copy
from dataclasses import field, make_dataclass
from functools import partial
from types import FunctionType, ModuleType
from typing import Any

from gradcheck_sym.array.written import written
from gradcheck_sym.code.inputs import parameters
from gradcheck_sym.code.looked_up import attributes_read, looked_up, put
from gradcheck_sym.code.slots import is_choice, is_taken, looked_into, slots
from gradcheck_sym.errors import AssumptionError
from gradcheck_sym.trace.counts import Count
from gradcheck_sym.trace.traced import Traced

MADE_ANEW: Any = (
    inspect.signature(  # what stands for the default of a field with a factory
        make_dataclass("_", [("field", list, field(default_factory=list))])
    )
    .parameters["field"]
    .default
)
MOST_SHOWN = 40  # characters of a value


def told(values: Mapping[str, Any]) -> dict[str, str]:
    """The values as text, none of them long; sizes that are names may have any value."""
    plain = {name: value for name, value in values.items() if not isinstance(value, Count)}
    return {name: _shown(value) for name, value in plain.items()}


def texts_of(assume: object) -> tuple[str, ...]:
    """The hypotheses that are given, one or several; raises `AssumptionError`."""
    every = (assume,) if isinstance(assume, str) or not isinstance(assume, Iterable) else assume
    found = tuple(every)
    for one in found:
        if not isinstance(one, str):
            raise AssumptionError(f"--assume {one!r}: a hypothesis is text, such as 'eps > 0'")
    return found


def refuse_assumed(text: str, values: Mapping[str, Any]) -> None:
    """Raise `AssumptionError` for a hypothesis on a value that is taken as it is."""
    with suppress(SyntaxError, ValueError):
        read = [node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)]
        for name in read:
            if name in values and not isinstance(values[name], Count):
                raise AssumptionError(
                    f"--assume {text}: {name} is {_shown(values[name])} and is taken as it is; "
                    f"leave that out, or let {name} have any value: give it the shape ()"
                )


def sizes_told(values: Mapping[str, Any]) -> str:
    """Which parameters were given sizes of other names, so that nobody takes them for arrays."""
    found = [(n, v.name) for n, v in values.items() if isinstance(v, Count) and n != v.name]
    return ", ".join(f"{name} is the size {size}" for name, size in found)


def defaults(function: Callable[..., Any], passed: Collection[str]) -> dict[str, Any]:
    """The defaults of parameters that nothing is passed for."""
    return {
        name: one.default
        for name, one in parameters(function).items()
        if name not in passed
        and one.default is not inspect.Parameter.empty
        and type(one.default) is not type(MADE_ANEW)
    }


def put_defaults(
    found: dict[str, Any], function: Callable[..., Any], passed: Collection[str]
) -> None:
    """Put the defaults of a function where numbers are told."""
    for name, value in defaults(function, passed).items():
        put(found, name, value, function)


def taken_by(functions: Mapping[Callable[..., Any], Collection[str]]) -> dict[str, Any]:
    """What functions take as it is: their defaults but for what is passed, what they look up."""
    found = looked_up(list(functions))
    for function, passed in functions.items():
        put_defaults(found, function, passed)
        for name, value in _of_owner(function):
            put(found, name, value, function)
    return found


def _of_owner(function: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    """What the object holds that a method is of, or that is called itself."""
    while isinstance(function, partial):
        function = function.func
    owner = getattr(function, "__self__", function)
    if not isinstance(owner, type | ModuleType | FunctionType) and looked_into(type(owner)):
        yield from _taken(owner)


def attributes(layer: Any) -> dict[str, Any]:
    """What an object holds of numbers, truths and unseen numbers, and of texts that are read.

    And what is None, or empty, and read.
    """
    read = attributes_read(layer)
    found = dict(_taken(layer))
    for slot in slots(layer):
        if is_nothing(slot.value) and slot.name in read:
            found[f"self{slot.place}"] = copy(slot.value)  # which may be filled
    return found


def is_nothing(value: object) -> bool:
    """Whether it is None or empty, as what is switched off may be."""
    return value is None or (isinstance(value, list | tuple | dict | set) and not value)


def not_filled(told: Mapping[str, Any], layer: Any) -> dict[str, Any]:
    """What is taken as it is, but for what was nothing before the object ran, and is something."""
    now = {f"self{slot.place}": slot.value for slot in slots(layer)}
    return {k: v for k, v in told.items() if not is_nothing(v) or is_nothing(now.get(k))}


def _taken(layer: Any) -> Iterator[tuple[str, Any]]:
    read = attributes_read(layer)
    for slot in slots(layer):
        if is_taken(slot.value) or (is_choice(slot.value) and slot.name in read):
            yield f"self{slot.place}", slot.value


def _shown(value: Any) -> str:
    if isinstance(value, Traced):
        return written(value.array).removeprefix("a number = ")
    try:
        text = re.sub(" at 0x[0-9A-Fa-f]+", "", " ".join(repr(value).split()))
    except Exception:  # its own text raises, or is too long
        return f"a {type(value).__name__}"
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"
