"""What properties give that are called as gradients or weights: `layer.dW` is what people read.

It is no place that holds something, and is computed, as of a private attribute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gradcheck_sym.code.places import GRADIENTS, LISTS, WEIGHTS
from gradcheck_sym.code.returned import SPELLED
from gradcheck_sym.code.slots import SEVERAL, Slot, holds_others, looked_into, slots
from gradcheck_sym.errors import CodeError, GradcheckError
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.running import run

if TYPE_CHECKING:
    from gradcheck_sym.code.weights import Weight

LAST = re.compile(r"\.(\w+(?:\[[^\[]*\])?)$")
GRADIENT = re.compile("grad|deriv|^d_?(x|inputs?)$", re.IGNORECASE)
TABLES = (*GRADIENTS, *WEIGHTS, "grad")


@dataclass(frozen=True)
class Property:
    """One of an object: `place` is how it is written after the outermost object."""

    name: str
    place: str
    path: tuple[Any, ...]
    holder: Any


@dataclass(frozen=True)
class _Read:
    """Reads a property, with the global names of a method."""

    one: Property
    __globals__: dict[str, Any]

    @property
    def __name__(self) -> str:
        return self.one.name

    def __call__(self) -> Any:
        return getattr(self.one.holder, self.one.name)


def properties(layer: Any, every: Sequence[Slot]) -> list[Property]:
    """Those of an object, and of the objects in it, `every` place of which is known."""
    objects = [("", (), layer)]
    objects += [(x.place, x.path, x.value) for x in every if _is_object(x.value)]
    once = {id(holder): (place, path, holder) for place, path, holder in reversed(objects)}
    return [
        Property(name, f"{place}.{name}", (*path, name), holder)
        for place, path, holder in reversed(once.values())
        for name in _names(holder)
    ]


def computed(layer: Any, every: Sequence[Slot], trace: Trace, method: Any) -> list[Slot]:
    """What those give that are called as gradients or weights, and what is inside of it.

    They are read as the `method` runs. Raises `CodeError` where one cannot be read.
    """
    known = properties(layer, every)
    stems = {slot.name for slot in every} | {slot.name.strip("_") for slot in every}
    stems |= {one.name for one in known}
    wanted = {*TABLES, *_after(stems)}
    found: list[Slot] = []
    for one in known:
        beside = {x.name for x in known if x.holder is one.holder}
        beside |= {x.name for x in every if x.holder is one.holder}
        is_weight = one.name in stems and beside & _after({one.name})
        is_sure = one.name in wanted or is_weight
        if not is_sure and not GRADIENT.search(one.name):
            continue
        before = trace.raised
        try:
            value = run(trace, _Read(one, getattr(method, "__globals__", {})))
        except GradcheckError:
            if is_sure:
                raise
            trace.raised = before
            continue
        if isinstance(value, Iterator):
            if one.name not in WEIGHTS:
                raise CodeError(f"{one.place} gives an iterator: return a list, or a dict")
            value = list(value)
        found.append(Slot(one.name, one.place, one.path, value, one.holder, is_computed=True))
        if isinstance(value, (dict, tuple, *LISTS)):
            inner = slots(value, one.place, one.path, one.name)
            found += [replace(slot, is_computed=True) for slot in inner]
    return found


def refuse_unread(
    given: Sequence[Slot], found: Sequence[Slot], weights: Mapping[str, Weight]
) -> None:
    """Raise `CodeError` where a property `gradients` gives those by nothing that is known."""
    known = [slot.value for slot in found]
    for one in given:
        if one.name not in (*GRADIENTS, "grad") or one.path[-1] != one.name:
            continue
        inside = [x for x in given if x.path[: len(one.path)] == one.path and x.array is not None]
        read = [any(x.value is value for value in known) for x in inside]
        if not (all if isinstance(one.value, (tuple, *LISTS)) else any)(read or [True]):
            raise CodeError(
                f"{one.place} gives gradients, and it is not known by which of "
                f"{', '.join(weight.place for weight in weights.values())}: let a dict have their "
                "names, or beside it params in the same order"
            )


def refuse_of_computed(
    given: Sequence[Slot], found: Sequence[tuple[str, Slot]], weights: Mapping[str, Weight]
) -> None:
    """Raise `CodeError` where dW is called after a property W that gives another array than _W."""
    for one in given:
        free = [weight.free for weight in weights.values()]
        if one.array is None or any(one.array is array for array in free):
            continue
        for name, slot in found:
            if slot.holder is one.holder and slot.name in _after({one.name}):
                raise CodeError(
                    f"{slot.place} is called after {one.place}, which a property computes, and is "
                    f"compared with the gradient by {weights[name].place}: which is meant? Keep "
                    f"{one.place} itself, or call the gradient after {weights[name].place}"
                )


def _after(stems: set[str]) -> set[str]:
    """How gradients by these are called."""
    return {spelled.format(stem) for stem in stems for spelled in SPELLED[1:]}


def storage(place: str) -> str:
    """Where the attribute of the same name lies that begins with _.

    >>> storage(".layers[0].dW"), storage(".grads['W.x']")
    ('.layers[0]._dW', "._grads['W.x']")
    """
    return LAST.sub(r"._\1", place)


def _is_object(value: Any) -> bool:
    return holds_others(value) and not isinstance(value, (*SEVERAL, type))


def _names(holder: Any) -> list[str]:
    """The attributes that the user's classes compute for an object."""
    own = getattr(holder, "__dict__", {})
    found: dict[str, bool] = {}
    for kind in type(holder).__mro__:
        for name, value in vars(kind).items():
            found.setdefault(name, name not in own and _computes(value))
    return [name for name, is_one in found.items() if is_one]


def _computes(value: Any) -> bool:
    """Whether this is a property, or another descriptor of the user's."""
    if isinstance(value, property | cached_property):
        return True
    return hasattr(type(value), "__get__") and looked_into(type(value))
