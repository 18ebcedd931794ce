"""What an object gives that seems to be gradients, and that is compared with nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from gradcheck_sym.array import Array, Input
from gradcheck_sym.array.graph import names
from gradcheck_sym.code.properties import GRADIENT
from gradcheck_sym.code.returned import SURE
from gradcheck_sym.code.sameness import look_alike
from gradcheck_sym.code.slots import Slot
from gradcheck_sym.errors import CodeError, GradcheckError

MOST_TOLD = 4


def unread(
    every: Sequence[Slot],
    made: Collection[str],
    claims: Collection[Array],
    stems: Iterable[str],
    upstreams: Collection[str],
) -> list[Slot]:
    """The public places that backward has `made`, and that hold other arrays than the `claims`.

    They are called gradients, or after one by something with one of these `stems`; a property may
    be called anything, if what it gives depends on the gradients by outputs.
    """
    after = {spelled.format(stem.strip("_")) for stem in stems for spelled in SURE}

    def seems_one(slot: Slot, array: Array) -> bool:
        called = any(isinstance(step, str) and GRADIENT.search(step) for step in slot.path)
        return called or slot.name in after or (slot.is_computed and _reads(array, upstreams))

    return [
        slot
        for slot in every
        if slot.place in made
        and not slot.is_private
        and (array := slot.array) is not None
        and not isinstance(array, Input)
        and seems_one(slot, array)
        and not any(look_alike(array, claim) for claim in claims)
    ]


def told(places: Sequence[Slot]) -> tuple[str, ...]:
    """What is said of them."""
    if not places:
        return ()
    listed = [f"self{slot.place}" for slot in places]
    more = f" and {len(listed) - MOST_TOLD} more" if len(listed) > MOST_TOLD else ""
    return (f"not looked at: {', '.join(listed[:MOST_TOLD])}{more}",)


def refuse_private(places: Sequence[Slot], kept: Sequence[tuple[str, Slot]]) -> None:
    """Raise `CodeError` where people read properties, and private attributes are compared."""
    given = next((slot for slot in places if slot.is_computed), None)
    private = next((slot for _, slot in kept if slot.is_private), None)
    if given and private:
        raise CodeError(
            f"{given.place} gives something else than {private.place}: which is the gradient that "
            f"is read? Call a property {private.name.strip('_')}, or leave that one out"
        )


def _reads(array: Array, upstreams: Collection[str]) -> bool:
    try:
        return not names(array).keys().isdisjoint(upstreams)
    except GradcheckError:  # one name stands for two arrays
        return True
