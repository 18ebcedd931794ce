"""The arrays that an object holds, each made free before its functions run.

Weights may have any values: what is proved holds for trained layers, not for those that were just
made. A place for a gradient is free as well while forward runs, and begins at 0 for backward only
if the loss does not depend on it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any

from gradcheck_sym.array import Array, Input, Let
from gradcheck_sym.array.graph import names
from gradcheck_sym.array.shape import letters
from gradcheck_sym.code.methods import checked
from gradcheck_sym.code.places import LISTS, VALUE, fit
from gradcheck_sym.code.properties import properties
from gradcheck_sym.code.returned import SPELLED
from gradcheck_sym.code.slots import Slot, is_constant, is_number, slots
from gradcheck_sym.errors import CodeError
from gradcheck_sym.term.terms import Num
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.likes import axes_of, filled
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.users import kind_of
from gradcheck_sym.trace.view import View


@dataclass
class Weight:
    """A free array, where it is, and what was there; `begins` stands for a gradient's 0.

    `aliases` are other places of the same array, as in `self.params = [self.W, self.b]`.
    """

    free: Input
    slot: Slot
    was: Array
    of: tuple[str, ...] = ()  # the places of the weights that it may be the gradient by
    begins: Let | None = None
    aliases: tuple[Slot, ...] = ()

    @property
    def number_type(self) -> str:
        """The type of a number, as it is written; empty for an array."""
        import numpy as np

        value = self.slot.value
        return "float" if type(value) is float else "np.float64" * isinstance(value, np.generic)

    @property
    def places(self) -> tuple[str, ...]:
        """Where it is, its own place first."""
        return (self.place, *(alias.place for alias in self.aliases))

    def fill(self, value: Traced) -> None:
        """Put something there, and wherever else it is."""
        for slot in (self.slot, *self.aliases):
            slot.fill(value)

    @property
    def place(self) -> str:
        """How it is written after the object."""
        return self.slot.place


def freed(
    layer: Any,
    trace: Trace,
    given: Collection[Array] = (),
    only: Collection[str] | None = None,
    never: Collection[str] = (),
) -> dict[str, Weight]:
    """The free arrays that stand for weights now, by their names; raises `CodeError`.

    `given` are free arrays that the object was made with, which keep their names; `only` has the
    places that are looked at, `never` those that are left as they are, as self.K.
    """
    import numpy as np

    found: dict[str, Weight] = {}
    every = [x for x in _without_numbers(layer) if only is None or x.place in only]
    every = [x for x in every if f"self{x.place}" not in never]
    there = [(slot, held) for slot in every if (held := _array(slot)) is not None]
    for slots_of_one, held in _told_apart(there):
        first, *others = slots_of_one
        of = tuple(w.place for w, _ in there if any(fit(x, w) is not None for x in slots_of_one))
        called = _name(next((x for x in slots_of_one if not isinstance(x.holder, LISTS)), first))
        if isinstance(held, Input) and any(held is g for g in given):
            free = held
        else:
            empty = of and is_zero(held)  # the name is that of what will be there
            free = Input(trace.fresh(f"{called}_before" if empty else called), held.shape)
        if free.name in found:
            free = Input(trace.fresh(called), held.shape)
        found[free.name] = Weight(free, first, held, of, aliases=tuple(others))
    for weight in found.values():
        value = weight.slot.value
        told = value.scalar if isinstance(value, Traced) else not isinstance(value, np.ndarray)
        trace.single = trace.single or getattr(weight.slot.now, "dtype", None) == np.float32
        weight.fill(Traced(weight.free, scalar=told))
    return found


def _told_apart(there: Sequence[tuple[Slot, Array]]) -> list[tuple[list[Slot], Array]]:
    """The places of each array, of which one may have several; raises `CodeError`."""
    found: dict[int, tuple[list[Slot], Array]] = {}
    for slot, held in there:
        if slot.is_shared:
            raise CodeError(
                f"the weights in {slot.place} are of the class, the same for all objects: make "
                "them in __init__"
            )
        if isinstance(slot.holder, tuple):
            raise CodeError(f"the weights in {slot.place} are in a tuple: put them in a list")
        _refuse_view(slot)
        which = id(slot) if _is_immutable(slot.value) else id(slot.value)
        found.setdefault(which, ([], held))[0].append(slot)
    return list(found.values())


def _is_immutable(value: Any) -> bool:
    """Whether this is a number, which no other place changes: 0.0 may be one object everywhere."""
    import numpy as np

    return isinstance(value, float | np.generic) or (
        isinstance(value, Traced) and value.scalar is True
    )


def begun(weights: Mapping[str, Weight], loss: Array, trace: Trace) -> None:
    """Let places for gradients be 0, as they were, if the loss does not depend on them."""
    read = names(loss)
    for name, weight in weights.items():
        value = weight.slot.now
        kept = isinstance(value, Traced) and not value.spoilt and value.held is weight.free
        if kept and weight.of and name not in read and is_zero(weight.was):
            weight.begins = Let(trace.fresh(name), weight.was)
            weight.fill(Traced(weight.begins, scalar=False))


def _without_numbers(layer: Any) -> list[Slot]:
    """The places but for those of numbers that no gradient is by, which stay as they are."""
    found, called = [], _named_in(layer)
    for slot in slots(layer):
        learnt = any(spelled.format(slot.name) in called for spelled in SPELLED[1:])
        learnt |= (
            slot.name in VALUE and inspect.getattr_static(slot.holder, "grad", slot) is not slot
        )
        if is_constant(slot.value) and not learnt:
            slot.fill(Traced(slot.value.held, scalar=True))
        elif learnt or not is_number(slot.value):
            found.append(slot)
    return found


def _named_in(layer: Any) -> set[str]:
    """The names in the text of backward, and those of attributes and properties."""
    every = slots(layer)
    found = {slot.name for slot in every} | {one.name for one in properties(layer, every)}
    pending = [getattr(inspect.unwrap(checked(layer)), "__code__", None)]
    while pending:
        if (code := pending.pop()) is not None:
            found |= {*code.co_names, *code.co_varnames}
            found |= {const for const in code.co_consts if isinstance(const, str)}
            pending += [const for const in code.co_consts if isinstance(const, CodeType)]
    return found


def is_zero(array: Array) -> bool:
    """Whether all entries are 0."""
    entry = array.entry(*letters(array.shape))
    return isinstance(entry, Num) and entry.value == 0


def _refuse_view(slot: Slot) -> None:
    """Raise `CodeError` for weights that share memory, which are not free of one another."""
    base = getattr(slot.value, "base", None)
    if isinstance(slot.value, View) or base is not None:
        raise CodeError(
            f"the weights in {slot.place} may be a view of others: make them with .copy()"
        )


def _name(slot: Slot) -> str:
    """A name for the weights: the attribute's, and where it is inside others, theirs too.

    A key of a dict may be anything: its letters are taken, or where it stands.
    """
    whole, own = (re.sub(r"\W+", "_", text).strip("_") for text in (slot.place, slot.name))
    if slot.place.count(".") > 1 or not own.isidentifier():
        return whole if whole.isidentifier() else f"w_{whole}"
    return slot.name if slot.name.isidentifier() else own


def _array(slot: Slot) -> Array | None:
    """What is there, if it is an array: its numbers do not matter, unless they are all 0."""
    import numpy as np

    value = slot.value
    if isinstance(value, Traced):
        return value.array
    if type(value) is float:  # of which a gradient is called so
        return Input(slot.name, ()) if value else filled(0, ()).array
    if kind_of(value) != "f" or 0 in value.shape:
        return None
    if type(value) is not np.ndarray and not isinstance(value, np.generic):
        name = type(value).__name__
        raise CodeError(f"the weights in {slot.place} are of the type {name}: make them an array")
    axes = axes_of(value.shape)
    return Input(slot.name, axes) if value.any() else filled(0, axes).array
