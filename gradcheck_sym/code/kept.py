"""What an object keeps from one step of training to the next: forward, then backward.

Arrays that are made once, as a mask, have the values they were made with. What depends on earlier
steps, as where the first one sets a scale, is no function of the inputs. So another such object
makes a step with other inputs, labels and weights, and with other sizes where those of the weights
do not tell them, and one with the same inputs and other weights, in this order and in the other;
then the same step as the first object, which has to give the same. So once more where the same
array objects are passed each time, with other numbers in them, and after a forward pass with others
that no backward pass follows, as in validation. Between its forward and its backward another such
object runs forward, as in a network with two of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gradcheck_sym.array import Input
from gradcheck_sym.array.graph import ordered
from gradcheck_sym.array.shape import sizes
from gradcheck_sym.code.claims import Claims, claims_of
from gradcheck_sym.code.earlier import FORWARD_ALONE, STEPS, Before, What
from gradcheck_sym.code.inputs import Inputs, inputs_for, name_of, passed_in, same_values
from gradcheck_sym.code.looked_up import of_methods
from gradcheck_sym.code.methods import checked, entry, returns_them
from gradcheck_sym.code.properties import computed, storage
from gradcheck_sym.code.sameness import BEFORE, again_with, look_alike, of_values
from gradcheck_sym.code.shapes import Given, with_sizes
from gradcheck_sym.code.slots import is_number, slots
from gradcheck_sym.code.step import Forward, backward_of, forward_of
from gradcheck_sym.code.weights import Weight, begun, freed
from gradcheck_sym.errors import CodeError, GradcheckError
from gradcheck_sym.trace.context import Trace, tracing
from gradcheck_sym.trace.traced import Traced


def made_once(forward: Forward, inputs: Inputs, weights: Mapping[str, Weight]) -> Sequence[str]:
    """The places of arrays that forward has made, and that do not depend on what is free."""
    free = [*inputs.free.values(), *(weight.free for weight in weights.values())]
    return [
        slot.place
        for slot in slots(forward.layer)
        if (array := slot.array) is not None
        and not any(part is one for part in ordered(array) for one in free)
    ]


ANEW = ", as in validation: something is kept of that pass; let forward begin anew"
REFUSES = (AssertionError, RuntimeError)  # such a class gives no gradient then, and no wrong one


@dataclass(frozen=True)
class Again:
    """A step to be made once more, by an object as it was before: `anew` gives one each time.

    `given` are the shapes of the inputs, `fixed` the sizes that the object was made with.
    """

    anew: Callable[[], Any]
    given: Mapping[str, Given]
    fixed: frozenset[str]
    inputs: Inputs
    weights: Mapping[str, Weight]
    taken: frozenset[str]

    def kept(self, forward: Forward, claims: Claims, made: Sequence[str]) -> Sequence[str]:
        """The places among those that forward made where the next step finds them as they are.

        Raises `CodeError` where the next step gives another loss, or other gradients.
        """
        shapes = (self._with_other_sizes(), self.given)
        once = self._compared(forward, claims, made, shapes, STEPS)
        given = of_values(self.inputs.known.values())
        for buffers in again_with(self.inputs.free, *of_methods(forward.layer), *given):
            with passed_in(buffers):
                self._compared(forward, claims, made, (self.given,), STEPS[:1])
        if not forward.asked.at_once:
            try:
                self._compared(forward, claims, made, shapes, FORWARD_ALONE)
            except CodeError as error:
                if error.kind not in REFUSES:
                    raise
        return [place for place in made if place in once]

    def _compared(
        self,
        forward: Forward,
        claims: Claims,
        made: Sequence[str],
        shapes: Sequence[Mapping[str, Given]],
        ways: Sequence[Before],
    ) -> set[str]:
        """The places that the next step leaves alone, after all of these ways.

        Other sizes are those of the first of these `shapes` with which all runs.
        """
        name, layer = name_of(type(forward.layer)), forward.layer
        method, gives = name_of(entry(layer)), name_of(checked(layer))
        failed: GradcheckError | None = None
        for given in shapes:
            try:
                steps = [self._step(way, forward, claims, given) for way in ways]
                break
            except GradcheckError as error:  # such as a size that it was made with
                failed = error
        else:
            kind = failed.kind if isinstance(failed, CodeError) else None
            raise CodeError(f"{name}, after {ways[0].told}: {failed}", kind=kind)
        if not all(look_alike(forward.loss, next_.loss) for next_, _, _ in steps):
            kept = [f"self{place}" for place in made if place in steps[0][2]]
            raise CodeError(f"{name}.{method} {_another_loss(method, kept, ways[0])}")
        found = [claims_there.arrays for _, claims_there, _ in steps]
        for wrt, claim in claims.arrays.items():
            if not all(wrt in there and look_alike(claim, there[wrt]) for there in found):
                after = "" if ways == FORWARD_ALONE else " and weights: what is kept of that step?"
                raise CodeError(
                    f"{name}.{gives} gives another gradient by {wrt} after {ways[0].told}"
                    f"{after or ANEW}"
                )
        return steps[0][2]

    def _step(
        self, way: Before, forward: Forward, claims: Claims, given: Mapping[str, Given]
    ) -> tuple[Forward, Claims, set[str]]:
        """The step of the first object, made after this, with the same values passed each time."""
        with same_values():
            return self._next(*self._after(way, forward, claims, given), forward)

    def _after(
        self, before: Before, forward: Forward, claims: Claims, given: Mapping[str, Given]
    ) -> tuple[Any, Mapping[str, Any]]:
        """An object that has run what comes before, with the `given` shapes for other sizes.

        Its gradients are 0 again; what the next step is passed is returned.
        """
        own, trace = self.anew(), Trace(suffix=BEFORE)
        begins = {slot.place: slot.value for slot in slots(own)}
        with tracing(trace):
            weights = freed(own, trace, only=self._places)
        passed: dict[str, Any] = {}
        for what in before.given:
            shapes = self.given if what is What.OTHERS else given
            these = what is What.THESE
            inputs = self.inputs if these else inputs_for(entry(own), shapes, trace)
            passed = inputs.values()
            there = forward_of(own, forward.asked, inputs, trace, passed)
            if before.backward:
                begun(weights, there.loss, trace)
                backward_of(there, trace)
                computed(own, slots(own), trace, checked(own))  # as people read them
            weights = _put(own, weights)
        gradients = [place.removeprefix("_layer") for place in claims.places.values()]
        gradients += [storage(place) for place in gradients]
        for slot in slots(own):
            value = begins.get(slot.place, self)
            if slot.place in gradients and (value is None or is_number(value)):
                slot.fill(value)
        is_written = any(getattr(value, "writes", 0) for value in passed.values())
        as_they_are = before.given[-1] is What.THESE and not is_written
        return own, passed if as_they_are else self.inputs.values()

    def _next(
        self, own: Any, passed: Mapping[str, Any], forward: Forward
    ) -> tuple[Forward, Claims, set[str]]:
        """The step of the first object, made by this one, and the places that it leaves alone.

        Of a method that returns the gradients of a loss, that loss is another object's: people
        call the method alone.
        """
        trace, weights = Trace(set(self.taken)), _put(own, self.weights)
        runs = own
        if returns_them(own):
            runs = self.anew()
            _put(runs, self.weights)
        before = {slot.place: slot.value for slot in slots(runs)}
        again = forward_of(runs, forward.asked, self.inputs, trace, passed)
        once = {slot.place for slot in slots(runs) if slot.value is before.get(slot.place)}
        begun(weights, again.loss, trace)
        self._forward_of_another(forward)
        again = replace(again, layer=own)
        given = claims_of(again, backward_of(again, trace), self.inputs, weights, trace)
        return again, given, once

    def _forward_of_another(self, forward: Forward) -> None:
        """Run forward of another such object, as in a network with two of them."""
        other, trace = self.anew(), Trace(suffix=BEFORE)
        with tracing(trace):
            freed(other, trace, only=self._places)
        inputs = inputs_for(entry(other), self.given, trace)
        with passed_in(None):
            forward_of(other, forward.asked, inputs, trace)

    @property
    def _places(self) -> set[str]:
        return {place for weight in self.weights.values() for place in weight.places}

    def _with_other_sizes(self) -> dict[str, Given]:
        """The shapes of the inputs, with other names for sizes that weights do not have."""
        known = {size for weight in self.weights.values() for size in sizes(weight.free.shape)}
        return with_sizes(self.given, lambda n: n if n in known | self.fixed else f"{n}{BEFORE}")


def _another_loss(method: str, kept: Sequence[str], before: Before) -> str:
    """What is said of a loss that is another one; `kept` is what the first forward made."""
    called_before = f"give an object of which {method} was called before"
    if kept:
        made = f"makes {' and '.join(kept)} when it is first called, and keeps that"
        return f"{made}: {called_before}, or make it in __init__"
    if before.backward:
        return f"computes something else when it is called again: {called_before}"
    return f"computes something else after {before.told}{ANEW}"


def _put(own: Any, weights: Mapping[str, Weight]) -> dict[str, Weight]:
    """Weights of such an object, put into this one; arrays that are still there change in place."""
    there = {slot.place: slot for slot in slots(own)}
    found = {
        name: replace(
            weight,
            slot=there[weight.place],
            begins=None,
            aliases=tuple(there[x.place] for x in weight.aliases if x.place in there),
        )
        for name, weight in weights.items()
        if weight.place in there
    }
    for weight in found.values():
        now = weight.slot.value
        is_there = type(now) is Traced and isinstance(now.named, Input)
        if is_there and sizes(now.shape_held) == sizes(weight.free.shape):
            now.assign(weight.free)
        else:
            weight.fill(Traced(weight.free))
    return found
