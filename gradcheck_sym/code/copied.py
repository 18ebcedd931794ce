"""Copies of what the user gives, which may be written to; what is one alone stays that."""

from __future__ import annotations

import dis
import sys
from collections import deque
from collections.abc import Iterator
from copy import deepcopy
from enum import Enum
from numbers import Number
from types import FunctionType
from typing import Any
from weakref import ref

from gradcheck_sym.code.slots import looked_into, slots
from gradcheck_sym.errors import CodeError


def copied(value: Any) -> Any:
    """A copy, in which an object that the code may ask for by its identity is itself.

    >>> mean = object()
    >>> copied({"reduction": mean})["reduction"] is mean
    True
    """
    return deepcopy(value, {id(one): one for one in _inside(value) if _is_one_alone(one)})


def is_plain(value: object) -> bool:
    """Whether nothing can be written to a value."""
    return value is None or isinstance(value, Number | str | bytes | type | FunctionType | Enum)


def refuse_bound(layer: Any) -> None:
    """Raise `CodeError` where a copy of an object would speak of the object itself."""
    every = slots(layer)
    inside = [layer, *(slot.holder for slot in every)]
    for slot in every:
        if isinstance(slot.value, ref) or any(
            cell is one for cell in _closed_over(slot.value) for one in inside
        ):
            raise CodeError(
                f"{slot.place} refers to the object itself, of which a copy is run: give the "
                "class, and what it is made with"
            )


def _closed_over(value: Any) -> Iterator[Any]:
    """What a function has in its closure."""
    for cell in getattr(value, "__closure__", None) or ():
        try:
            yield cell.cell_contents
        except ValueError:  # it is empty
            continue


def _inside(value: Any) -> Iterator[Any]:
    """What a value is made of; no dataclass is made, since this runs among lines of the user's."""
    pending, met = [value], set[int]()
    while pending:
        one = pending.pop()
        if id(one) in met or isinstance(one, type):
            continue
        met.add(id(one))
        yield one
        if isinstance(one, dict):
            pending += one.values()
        elif isinstance(one, list | tuple | set | deque):
            pending += one
        elif looked_into(type(one)):
            pending += getattr(one, "__dict__", {}).values()


def _is_one_alone(value: Any) -> bool:
    """Whether it is a sentinel, or one that its module has a name for, and holds nothing."""
    kind = type(value)
    if kind is object:
        return True
    if isinstance(value, type) or not looked_into(kind) or hasattr(kind, "__slots__"):
        return False
    methods = (one for name, one in vars(kind).items() if name != "__init__")
    if any(isinstance(one, FunctionType) and _stores(one) for one in methods):
        return False  # a counter, say, which is written to
    named = vars(sys.modules[kind.__module__]).values() if kind.__module__ in sys.modules else ()
    return all(map(is_plain, vars(value).values())) and any(one is value for one in named)


def _stores(function: FunctionType) -> bool:
    """Whether a function writes to an attribute."""
    return any(step.opname == "STORE_ATTR" for step in dis.get_instructions(function.__code__))
