"""The arrays that an object holds, in attributes, dicts, lists and objects inside it.

Each is made free before the functions run, since weights may have any values: what is proved holds
for trained layers, not for those that were just made.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.code.returned import SPELLED
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.users import is_users
from gradcheck_sym.trace.view import View


@dataclass(frozen=True)
class Slot:
    """A place that holds a value: `place` is how it is written after the object."""

    name: str
    place: str
    value: Any
    holder: Any  # the object, dict or list
    table: str | None  # the name of the dict or list that it is in

    def fill(self, value: Any) -> None:
        """Put another value there."""
        if isinstance(self.holder, list):
            self.holder[int(self.place.rpartition("[")[2].rstrip("]"))] = value
        elif isinstance(self.holder, dict):
            key = next(key for key in self.holder if str(key) == self.name)
            self.holder[key] = value
        else:
            setattr(self.holder, self.name, value)


def slots(layer: Any) -> list[Slot]:
    """All places in an object, outer ones first, each once whatever ways lead to it."""
    found: list[Slot] = []
    met: set[int] = set()
    pending: list[tuple[Any, str, str | None]] = [(layer, "", None)]
    while pending:
        holder, place, table = pending.pop(0)
        if id(holder) in met:
            continue
        met.add(id(holder))
        for name, there, value in _items(holder, place, table):
            inside = table if isinstance(holder, dict | list | tuple) else None
            found.append(Slot(name, there, value, holder, inside))
            if isinstance(value, dict | list | tuple):
                pending.append((value, there, name))
            elif _is_users(value):
                pending.append((value, there, None))
    return found


def _items(holder: Any, place: str, table: str | None) -> Iterator[tuple[str, str, Any]]:
    """The names, places and values in a dict, a list or an object."""
    match holder:
        case dict():
            for key, value in holder.items():
                yield str(key), f"{place}[{key!r}]", value
        case list() | tuple():
            for number, value in enumerate(holder):
                yield table or "w", f"{place}[{number}]", value
        case _:
            slotted = (n for kind in type(holder).__mro__ for n in getattr(kind, "__slots__", ()))
            for name in dict.fromkeys((*getattr(holder, "__dict__", {}), *slotted)):
                if hasattr(holder, name):
                    yield name, f"{place}.{name}", getattr(holder, name)


def _is_users(value: Any) -> bool:
    """Whether an object is of a class that the user wrote."""
    module = sys.modules.get(type(value).__module__)
    file = getattr(module, "__file__", None) or "<unknown>"
    return is_users(file) and not isinstance(value, type | ModuleType | FunctionType | Traced)


def freed(layer: Any, trace: Trace) -> dict[str, tuple[Input, str]]:
    """The free arrays that stand for weights now, and their places; raises `CodeError`."""
    found: dict[str, tuple[Input, str]] = {}
    every = slots(layer)
    names = {slot.name for slot in every}
    gradients = {spelled.format(name) for spelled in SPELLED[1:] for name in names}
    seen: dict[int, Slot] = {}
    for slot in every:
        held = _array(slot.value)
        if held is None or slot.name in gradients or "grad" in (slot.table or ""):
            continue
        _refuse_shared(slot, seen)
        if isinstance(slot.holder, tuple):
            raise CodeError(f"the weights in {slot.place} are in a tuple: put them in a list")
        if isinstance(held, Input) and held.name == slot.name and slot.name not in found:
            free = held
        else:
            free = Input(trace.fresh(_name(slot)), held.shape)
        slot.fill(Traced(free))
        found[free.name] = free, slot.place
    return found


def _refuse_shared(slot: Slot, seen: dict[int, Slot]) -> None:
    """Raise `CodeError` for weights that share memory, which are not free of one another."""
    other = seen.setdefault(id(slot.value), slot)
    base = getattr(slot.value, "base", None)
    if other is not slot or isinstance(slot.value, View) or base is not None:
        raise CodeError(
            f"the weights in {slot.place} may be a view of others: make them with .copy()"
        )


def _name(slot: Slot) -> str:
    """A name for the weights: the attribute's, and where it is inside others, theirs too."""
    return re.sub(r"\W+", "_", slot.place).strip("_") if slot.place.count(".") > 1 else slot.name


def _array(value: object) -> Array | None:
    if isinstance(value, Traced):
        return value.array
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind == "f" and hasattr(value, "shape"):
        return array_held(value)
    return None
