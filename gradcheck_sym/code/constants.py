"""What a proof takes as it is: values that are passed, defaults, and numbers in attributes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from gradcheck_sym.code.inputs import parameters
from gradcheck_sym.code.slots import is_number, slots
from gradcheck_sym.trace.counts import Count

MOST_SHOWN = 40  # characters of a value


def told(values: Mapping[str, Any]) -> dict[str, str]:
    """The values as text, none of them long; sizes that are names may have any value."""
    plain = {name: value for name, value in values.items() if not isinstance(value, Count)}
    return {name: _shown(value) for name, value in plain.items()}


def sizes_told(values: Mapping[str, Any]) -> str:
    """Which parameters were given sizes of other names, so that nobody takes them for arrays."""
    found = [(n, v.name) for n, v in values.items() if isinstance(v, Count) and n != v.name]
    return ", ".join(f"{name} is the size {size}" for name, size in found)


def defaults(function: Callable[..., Any], passed: Collection[str]) -> dict[str, Any]:
    """The defaults of parameters that nothing is passed for."""
    return {
        name: one.default
        for name, one in parameters(function).items()
        if name not in passed and one.default is not inspect.Parameter.empty
    }


def attributes(layer: Any) -> dict[str, Any]:
    """The numbers and truths that an object holds, by their places."""
    return dict(_numbers(layer))


def _numbers(layer: Any) -> Iterator[tuple[str, Any]]:
    for slot in slots(layer):
        if is_number(slot.value):
            yield f"self{slot.place}", slot.value


def _shown(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"
