"""Arrays that forward makes once and keeps, so that they have the values they were made with."""

from __future__ import annotations

from collections.abc import Callable, Collection
from copy import deepcopy
from typing import Any

from gradcheck_sym.array import Input
from gradcheck_sym.array.graph import ordered
from gradcheck_sym.code.slots import slots
from gradcheck_sym.errors import CodeError


def kept(layer: Any, free: Collection[Input], again: Callable[[Any], object]) -> list[str]:
    """The places of such arrays, in an object whose forward method was run.

    What depends on nothing that is free may be one. `again` runs forward once more: what it makes
    each time, as a mask for dropout, is another one then.
    """
    places = [
        slot.place
        for slot in slots(layer)
        if (array := slot.array) is not None
        and not any(part is one for part in ordered(array) for one in free)
    ]
    if not places:
        return []
    try:
        copied = deepcopy(layer)
        before = {slot.place: slot.value for slot in slots(copied)}
        again(copied)
    except (CodeError, TypeError):
        return places
    return [
        slot.place
        for slot in slots(copied)
        if slot.place in places and slot.value is before[slot.place]
    ]
