"""Where the gradients by an object's weights are: dW beside W, or W in a dict of gradients."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence

from gradcheck_sym.array import Input
from gradcheck_sym.array.graph import alike
from gradcheck_sym.array.shape import letters, sizes
from gradcheck_sym.code.returned import SPELLED, SURE
from gradcheck_sym.code.slots import SEVERAL, Slot
from gradcheck_sym.errors import CodeError

LISTS = (list, tuple, deque)
WEIGHTS, GRADIENTS = ("params", "parameters", "weights"), ("grads", "gradients", "dparams")
SHORT = (("v", "g"), ("v", "d"), ("w", "g"))  # of a weight that is an object
VALUE = ("value", "data", "val", "array", "tensor")  # beside which "grad" is the gradient by it


def fit(slot: Slot, weight: Slot) -> int | None:
    """How far a place for the gradient is from the weight, in steps; None where it is for another.

    What holds the gradients belongs to something that the weight is in: the same layer, all of
    them, or the same number in a list.
    """
    if isinstance(slot.holder, LISTS) and isinstance(weight.holder, LISTS):
        if _is_same_number(slot, weight):
            return 0
        if slot.path[-1] != weight.path[-1]:
            return None
    own, steps = weight.path[:-1], slot.path[:-1]
    owner = tuple(step for step in steps if "grad" not in str(step))
    if slot.path == weight.path:
        return None
    if owner != steps:
        spelled: Sequence[str] = SPELLED
    elif slot.holder is weight.holder and not isinstance(slot.holder, SEVERAL[1:]):
        spelled = SPELLED[1:]
    else:
        return None
    if not _is_beside(slot, weight) and not _is_called_after(slot, weight, spelled):
        return None
    left = iter(own)
    return len(own) - len(owner) if all(step in left for step in owner) else None


def _is_same_number(slot: Slot, weight: Slot) -> bool:
    """Whether they are grads[k] and params[k] of one object, or dWs[k] and Ws[k]."""
    if slot.path[:-2] != weight.path[:-2] or slot.path[-1] != weight.path[-1]:
        return False
    tables = slot.name in GRADIENTS and weight.name in WEIGHTS
    return tables or _is_called_after(slot, weight, SPELLED[1:])


def _is_beside(slot: Slot, weight: Slot) -> bool:
    """Whether they are the gradient and the value of one object."""
    pairs = slot.name == "grad" and weight.name in VALUE, (weight.name, slot.name) in SHORT
    return slot.holder is weight.holder and any(pairs)


def _is_called_after(slot: Slot, weight: Slot, spelled: Sequence[str]) -> bool:
    """Whether a place is called after a weight: _dW after _W, too."""
    own, name = slot.name.strip("_") or slot.name, weight.name.strip("_") or weight.name
    every = [spelling.format(weight.name) for spelling in spelled]
    return slot.name in every or own in [spelling.format(name) for spelling in spelled]


def gradients(
    there: Sequence[Slot],
    weights: Mapping[str, Slot],
    variables: Collection[str],
    made: Collection[str],
) -> dict[str, Slot]:
    """The nearest place for each weight; raises `CodeError` where that may be for two of them.

    What people read goes before what is private: a property dW before the attribute _dW.

    `there` are the places that hold arrays now. Where a place, or one of the `variables` of
    backward, is surely called after the gradient, dW, a place called delta_W is none, and neither
    is one that backward has not `made`.
    """
    found: dict[str, tuple[int, Slot]] = {}
    for name, weight in weights.items():
        near = [(far, slot) for slot in there if (far := fit(slot, weight)) is not None]
        sure = [spelled.format(weight.name) for spelled in SURE]
        told = bool({*variables, *(slot.name for _, slot in near)} & {*sure})
        unsure = [slot for _, slot in near if slot.name in _unsure(weight.name)]
        near = [
            (far, slot)
            for far, slot in near
            if slot not in unsure or (not told and slot.place in made)
        ]
        if any(slot.is_computed and not slot.is_private for _, slot in near):
            near = [(far, slot) for far, slot in near if not slot.is_private]
        least = min((far for far, _ in near), default=0)
        nearest = sorted((x for far, x in near if far == least), key=lambda x: x.is_private)
        if other := next((slot for slot in nearest[1:] if not _equal(slot, nearest[0])), None):
            raise CodeError(
                f"the gradient by {weight.place} may be {nearest[0].place} or {other.place}"
            )
        if nearest:
            found[name] = least, nearest[0]
    kept: dict[str, Slot] = {}
    for name, (far, slot) in found.items():
        rivals = [n for n, (other, its) in found.items() if its is slot and other <= far]
        if all(found[rival][0] == far for rival in rivals):
            kept[name] = slot
        if len(rivals) > 1 and name in kept:
            places = " or ".join(weights[rival].place for rival in rivals)
            raise CodeError(f"{slot.place} may be the gradient by {places}")
    return kept


def kept_for(wrt: Input, every: Sequence[Slot], made: Collection[str]) -> list[Slot]:
    """The places called after the gradient by an input, of its shape, that backward has `made`.

    They are the object's own: what a layer inside keeps is by the input of that layer.
    """
    name, shape = wrt.name, sizes(wrt.shape)
    sure = [spelled.format(name) for spelled in SURE]
    return [
        slot
        for slot in every
        if slot.place in made
        and (_is_called(slot, sure) or _is_in_gradients(slot, name))
        and slot.array is not None
        and sizes(slot.array.shape) == shape
    ]


def _is_called(slot: Slot, sure: Sequence[str]) -> bool:
    """Whether an attribute of the object itself is called so, also with _ before."""
    return len(slot.path) == 1 and (slot.name in sure or slot.name.strip("_") in sure)


def _is_in_gradients(slot: Slot, name: str) -> bool:
    """Whether a place is that of a name in a table of gradients: grads["x"]."""
    return slot.name == name and len(slot.path) == 2 and slot.path[0] in GRADIENTS


def _unsure(name: str) -> list[str]:
    return [spelled.format(name) for spelled in SPELLED if spelled not in ("{}", *SURE)]


def _equal(one: Slot, other: Slot) -> bool:
    left, right = one.value.array, other.value.array
    if left is right:
        return True
    places = letters(left.shape)
    return sizes(left.shape) == sizes(right.shape) and alike(
        left.entry(*places), right.entry(*places)
    )
