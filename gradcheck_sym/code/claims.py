"""The gradients that an object's backward gives: it returns them, or leaves them in attributes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.array.graph import names
from gradcheck_sym.code import unread
from gradcheck_sym.code.context import is_context, returned_in_order
from gradcheck_sym.code.inputs import Inputs, name_of
from gradcheck_sym.code.learned import has_learned, names_of_learned, refuse_other_shapes
from gradcheck_sym.code.methods import checked, returns_them, taken
from gradcheck_sym.code.places import LISTS, fit, gradients, kept_for
from gradcheck_sym.code.properties import computed, refuse_of_computed, refuse_unread
from gradcheck_sym.code.returned import Returned, returned_for
from gradcheck_sym.code.sameness import look_alike
from gradcheck_sym.code.slots import Slot, is_constant, is_number, slots
from gradcheck_sym.code.source import gradient_names, variables
from gradcheck_sym.code.step import Forward
from gradcheck_sym.code.weights import Weight
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.users import kind_of

NOT_FREE = {"i": "integers", "u": "integers", "b": "truths", "O": "objects"}  # by NumPy's letters

RETURNED = "what is returned"


@dataclass(frozen=True)
class Claims:
    """The gradients by inputs and weights, where each is, and those of them that were returned.

    `computed` are what properties give.
    """

    arrays: dict[str, Array]
    places: dict[str, str]
    returned: Returned
    computed: Sequence[Slot]
    left: Sequence[str] = ()  # the inputs whose gradients are attributes
    unread: Sequence[Slot] = ()  # what else may be gradients

    @property
    def readings(self) -> tuple[str, ...]:
        """What is said of gradients that no name tells of, or that are not returned."""
        places = [f"self{self.places[name].removeprefix('_layer')}" for name in self.left]
        by = ", ".join(self.left)
        told = f"{' and '.join(places)} {'is' if len(places) == 1 else 'are'} taken for"
        several = "s" if self.left[1:] else ""
        said = (f"{told} the gradient{several} by {by}",) if places else ()
        return (*self.returned.readings, *said, *unread.told(self.unread))


def claims_of(
    forward: Forward, returned: Any, inputs: Inputs, weights: Mapping[str, Weight], trace: Trace
) -> Claims:
    """What backward returns for the inputs, and leaves in attributes for the weights."""
    layer, read, own = forward.layer, names(forward.loss), slots(forward.layer)
    given = computed(layer, own, trace, checked(layer))
    every = [*own, *given]
    made = {slot.place for slot in own if slot.value is not forward.left.get(slot.place)}
    made |= {slot.place for slot in given}
    free = {name: one for name, one in weights.items() if not one.of or name in read}
    now = {slot.place: slot.array for slot in every}
    learned = {  # what forward writes over before anything reads it is no weight
        name: one for name, one in free.items() if name in read or now.get(one.place) is one.free
    }
    kept = _kept(layer, every, made, learned, weights)
    found = _returned(forward, returned, inputs, free, kept)
    arrays = dict(found.arrays)
    places = {name: f"_returned{place}" for name, place in found.places.items()}
    left: list[str] = []
    for name, wrt in inputs.arrays.items():
        there = [] if is_context(type(layer)) else kept_for(wrt, every, made)
        if there and name not in arrays:
            arrays[name], places[name] = there[0].value.array, f"_layer{there[0].place}"
            left.append(name)
        first = RETURNED if name in found.arrays else there[0].place if there else ""
        for slot in there if name in arrays else ():
            _refuse_two(name, arrays[name], slot, first)
    for name, slot in kept:
        if name in found.arrays and returns_them(layer):
            continue
        if name in arrays:
            first = RETURNED if name in found.arrays else places[name].removeprefix("_layer")
            own_place, *others = weights[name].places
            also = f", which is one array with {' and '.join(others)}," if others else ""
            _refuse_two(f"{own_place}{also}", arrays[name], slot, first)
            continue
        arrays[name], places[name] = slot.value.array, f"_layer{slot.place}"
        _refuse_not_zero(slot, arrays[name], weights, name)
    if not arrays:
        raise CodeError(f"{_method(forward)} returns no gradients, and no dW for a W was found")
    stems = [step for one in free.values() for step in (one.slot.name, *one.slot.path[-1:])]
    rest = unread.unread(
        *(every, made, arrays.values(), map(str, stems)),
        [upstream.name for upstream in forward.upstreams],
    )
    unread.refuse_private(rest, kept)
    return Claims(arrays, places, found, given, left, rest)


def _method(forward: Forward) -> str:
    """What gives the gradients."""
    return f"{name_of(type(forward.layer))}.{name_of(checked(forward.layer))}"


def _returned(
    forward: Forward,
    returned: Any,
    inputs: Inputs,
    weights: Mapping[str, Weight],
    kept: Sequence[tuple[str, Slot]],
) -> Returned:
    """The gradients that are returned: by the inputs, and by weights where names tell."""
    if is_context(type(forward.layer)):
        every = list(taken(forward.layer))
        return returned_in_order(returned, [*inputs.arrays], every, _method(forward))
    at_once = forward.asked.at_once
    written = gradient_names(checked(forward.layer), skipped=1 if at_once else 0)
    called = names_of_learned(returned, written, [*weights], kept)
    learned = has_learned(returned, called, [*inputs.arrays], [*weights])
    if returned is None or not (inputs.arrays or at_once or learned):
        return Returned()
    several = isinstance(returned, dict | tuple | list) and len(returned) > len(inputs.arrays)
    free = {name: weight.free for name, weight in weights.items()}
    found = returned_for(
        returned,
        [*inputs.arrays, *free] if several or at_once or learned else list(inputs.arrays),
        _method(forward),
        called,
        ordered=0 if at_once else len(inputs.arrays),
        shapes=free if at_once else inputs.arrays,
    )
    if not (isinstance(returned, dict) or hasattr(returned, "_fields")):
        refuse_other_shapes(found, called, inputs.arrays, free, _method(forward))
    return found


def _kept(
    layer: Any,
    every: Sequence[Slot],
    made: Collection[str],
    learned: Mapping[str, Weight],
    weights: Mapping[str, Weight],
) -> list[tuple[str, Slot]]:
    """The places of the gradients by what is learned, without private ones beside public ones.

    `every` are all places now, those that properties give too, and backward has `made` what is in
    some of them. Raises `CodeError`.
    """
    given = [slot for slot in every if slot.is_computed]
    unchanged = {place: one.free for one in weights.values() for place in one.places}
    held = [one.free for one in weights.values()]
    unchanged |= {x.place: one for x in given for one in held if x.array is one}
    there = [
        slot
        for slot in every
        if slot.array is not None and slot.array is not unchanged.get(slot.place)
    ]
    numbers = {place for place, array in unchanged.items() if not array.shape}
    _refuse_not_free(every, there, numbers)
    _refuse_numbers(every, there)
    owners = {place: name for name, weight in learned.items() for place in weight.places}
    owners |= {x.place: name for x in given for name, w in learned.items() if x.array is w.free}
    wanted = {slot.place: slot for slot in every if slot.place in owners}
    found: list[tuple[str, Slot]] = []
    for is_computed in (True, False):
        own = {place: x for place, x in wanted.items() if x.is_computed is is_computed}
        near = gradients(there, own, variables(checked(layer)), made)
        found += [(owners[place], slot) for place, slot in near.items()]
    refuse_unread(given, [slot for _, slot in found], weights)
    refuse_of_computed(given, found, weights)
    public = {name for name, slot in found if slot.is_computed and not slot.is_private}
    return [(name, slot) for name, slot in found if not (slot.is_private and name in public)]


def _refuse_numbers(every: Sequence[Slot], there: Sequence[Slot]) -> None:
    """Raise `CodeError` where a gradient is by a number that was taken as it is."""
    for number in every:
        if not is_number(number.value) and not is_constant(number.value):
            continue
        if gradient := next((slot for slot in there if fit(slot, number) is not None), None):
            raise CodeError(
                f"{gradient.place} may be the gradient by the number {number.place}: make that "
                "number an array, np.array(1.0), if it is a weight"
            )


def _refuse_not_free(
    every: Sequence[Slot], there: Sequence[Slot], numbers: Collection[str]
) -> None:
    """Raise `CodeError` where a gradient is by an array of no floats, or by a list of numbers.

    `numbers` are the places of weights that are such.
    """
    for slot in every:
        held = None if isinstance(slot.value, Traced) else NOT_FREE.get(kind_of(slot.value))
        if isinstance(slot.value, LISTS):
            inside = [one for one in every if one.holder is slot.value]
            alike = all(is_number(one.value) or one.place in numbers for one in inside)
            held = "numbers in a list" if inside and alike else None
        if held and (gradient := next((one for one in there if fit(one, slot) is not None), None)):
            raise CodeError(
                f"{gradient.place} may be the gradient by {slot.place}, and that has {held}: make "
                "it an array of floats, if it is a weight"
            )


def _refuse_two(place: str, known: Array, slot: Slot, first: str) -> None:
    """Raise `CodeError` where an attribute does not hold what is `known` from the `first` place."""
    if not look_alike(known, slot.value.array):
        raise CodeError(f"the gradient by {place} may be {slot.place} or {first}")


def _refuse_not_zero(slot: Slot, claim: Array, weights: Mapping[str, Weight], wrt: str) -> None:
    """Raise `CodeError` where a gradient is added to what was there before."""
    for weight in weights.values():
        if _begins(weight, slot.place, weights[wrt], slot.is_computed) and (
            weight.free.name in names(claim)
        ):
            raise CodeError(f"backward adds to {weight.place}, which is not 0 before: set it to 0")


def _begins(weight: Weight, place: str, wrt: Weight | None, is_computed: bool) -> bool:
    """Whether a gradient at a place is added to what is there: of a property, to its storage."""
    if weight.place == place:
        return True
    return is_computed and wrt is not None and bool({*weight.of} & {*wrt.places})


def met(weights: Mapping[str, Weight], loss: Array, claims: Claims) -> dict[str, Weight]:
    """The weights without places for gradients, of which nothing may be read but their own 0."""
    read = {name: names(claim) for name, claim in claims.arrays.items()}
    given = {slot.place for slot in claims.computed}
    for weight in weights.values():
        for name, there in read.items():
            place = claims.places[name].removeprefix("_layer")
            own = _begins(weight, place, weights.get(name), place in given)
            if weight.begins is not None and weight.begins.name in there and not own:
                raise CodeError(f"backward reads {weight.place} before it puts a gradient there")
    met = {*names(loss), *(name for there in read.values() for name in there)}
    return {name: weight for name, weight in weights.items() if not weight.of or name in met}
