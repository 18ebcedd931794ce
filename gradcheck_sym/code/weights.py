"""The arrays that an object holds, in attributes, dicts, lists and objects inside it.

Each is made free before the functions run, since weights may have any values: what is proved holds
for trained layers, not for those that were just made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.code.returned import SPELLED
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.view import View

MOST_NESTED = 6


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
            self.holder[self.name] = value
        else:
            setattr(self.holder, self.name, value)


def slots(holder: Any, place: str = "", table: str | None = None, depth: int = 0) -> Iterator[Slot]:
    """All places in an object, outer ones first."""
    if depth > MOST_NESTED:
        return
    match holder:
        case dict():
            items = [(key, f"{place}[{key!r}]", value) for key, value in holder.items()]
        case list() | tuple():
            items = [(table or "w", f"{place}[{k}]", value) for k, value in enumerate(holder)]
        case _:
            own = getattr(holder, "__dict__", {})
            items = [(key, f"{place}.{key}", value) for key, value in own.items()]
    within = table if isinstance(holder, dict | list | tuple) else None
    for key, there, value in items:
        if isinstance(key, str):
            yield Slot(key, there, value, holder, within)
    for key, there, value in items:
        if isinstance(value, dict | list | tuple):
            yield from slots(value, there, key if isinstance(key, str) else table, depth + 1)
        elif _is_users(value):
            yield from slots(value, there, None, depth + 1)


def _is_users(value: Any) -> bool:
    """Whether an object is of a class that the user wrote."""
    return (
        hasattr(value, "__dict__")
        and not isinstance(value, type | Traced)
        and (
            (type(value).__module__ not in ("builtins", "numpy") and not callable(value))
            or hasattr(value, "forward")
        )
    )


def freed(layer: Any, trace: Trace) -> dict[str, tuple[Input, str]]:
    """The free arrays that stand for weights now, and their places; raises `CodeError`."""
    found: dict[str, tuple[Input, str]] = {}
    every = list(slots(layer))
    names = {slot.name for slot in every}
    gradients = {spelled.format(name) for spelled in SPELLED[1:] for name in names}
    seen: dict[int, Slot] = {}
    for slot in every:
        held = _array(slot.value)
        if held is None or slot.name in gradients or "grad" in (slot.table or ""):
            continue
        if _is_met_again(slot, seen):
            continue
        if isinstance(slot.holder, tuple):
            raise CodeError(f"the weights in {slot.place} are in a tuple: put them in a list")
        if isinstance(held, Input) and held.name == slot.name and slot.name not in found:
            free = held
        else:
            free = Input(trace.fresh(_name(slot)), held.shape)
        slot.fill(Traced(free))
        found[free.name] = free, slot.place
    return found


def _is_met_again(slot: Slot, seen: dict[int, Slot]) -> bool:
    """Whether this is a place that another way led to; weights that share memory are refused."""
    other = seen.setdefault(id(slot.value), slot)
    if other is not slot and other.holder is slot.holder and other.name == slot.name:
        return True
    base = getattr(slot.value, "base", None)
    if other is not slot or isinstance(slot.value, View) or base is not None:
        raise CodeError(
            f"the weights in {slot.place} may be a view of others: make them with .copy()"
        )
    return False


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
