"""Classes with `forward` and `backward`: their attributes are weights, and caches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from gradcheck_sym.array import Array, Input, Let
from gradcheck_sym.array.graph import names, same
from gradcheck_sym.code.constants import attributes, put_defaults
from gradcheck_sym.code.inputs import Inputs, inputs_for, name_of
from gradcheck_sym.code.kept import Again
from gradcheck_sym.code.looked_up import looked_up, of_methods
from gradcheck_sym.code.made import made_of, refuse_unmet
from gradcheck_sym.code.methods import Asked, asked_of
from gradcheck_sym.code.outputs import outputs_and_cache, weighted
from gradcheck_sym.code.places import gradients
from gradcheck_sym.code.returned import Returned, returned_for
from gradcheck_sym.code.run import Run
from gradcheck_sym.code.script import LayerScript
from gradcheck_sym.code.shapes import Given, names_in
from gradcheck_sym.code.slots import Slot, slots
from gradcheck_sym.code.source import gradient_names
from gradcheck_sym.code.upstream import read_as, refuse_unlike
from gradcheck_sym.code.weights import Weight, begun, freed
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.context import Trace, tracing
from gradcheck_sym.trace.running import run


def is_layer(value: object) -> bool:
    """Whether this is a class, or an object of one, with forward and backward."""
    return callable(getattr(value, "forward", None)) and callable(getattr(value, "backward", None))


def ran_layer(layer: Any, given: Mapping[str, Given]) -> Run:
    """Make the layer, run it forward and backward; raises `CodeError`."""
    trace = Trace()
    made = made_of(layer, given, trace)
    own = made.layer
    inputs = inputs_for(own.forward, made.rest, trace)
    with tracing(trace):
        weights = freed(own, trace, made.arrays)
    made.hide()
    own_numbers = {f"self.{name}": value for name, value in made.told.items()}
    numbers = {k: v for k, v in attributes(own).items() if own_numbers.get(k) is not v}
    found = looked_up((own.forward, own.backward), of_methods(own))
    told = {**made.told, **numbers, **found}
    put_defaults(told, own.forward, inputs.values())
    passed = inputs.values()
    asked = asked_of(own, list(passed))
    called = asked.weights
    again = Again(own, inputs, trace)
    result = run(trace, own.forward, given=passed)
    for name in asked.upstreams[:1]:
        refuse_unlike(own.forward, own.backward, name, outputs_and_cache(result)[0][0])
    upstreams, loss = _weighted(result, called, trace)
    free = [*inputs.free.values(), *(weight.free for weight in weights.values())]
    once = again.kept(own, free, loss, lambda out, other: _weighted(out, called, other)[1])
    begun(weights, loss, trace)
    returned = _run_backward(asked, upstreams, own, passed, trace)
    claims = _claims(own, returned, inputs, weights, loss)
    free = [weight.free for weight in weights.values()]
    refuse_unmet(made, loss, *claims.arrays.values(), *inputs.free.values(), *free)
    weights = _met(weights, loss, claims)
    again.refuse_stale(claims.returned, partial(_run_backward, asked, upstreams))
    script = LayerScript(
        layer,
        made.text,
        tuple(up.name for up in upstreams),
        tuple(passed),
        claims.places,
        {name: weight.place for name, weight in weights.items()},
        asked.written(upstreams),
    )
    arrays = {**inputs.arrays, **{name: weight.free for name, weight in weights.items()}}
    everything = Inputs(arrays, inputs.labels, inputs.constants)
    put_defaults(told, own.backward, [*asked.upstreams, *asked.inputs])
    return Run(
        loss,
        claims.arrays,
        everything,
        upstreams,
        trace,
        script,
        names_in(given),
        told,
        once,
        (*read_as(*asked.upstreams), *claims.returned.readings),
    )


def _run_backward(
    asked: Asked, upstreams: Sequence[Input], layer: Any, passed: Mapping[str, Any], trace: Trace
) -> Any:
    """What backward returns; it is given the inputs as forward left them."""
    args, options = asked.arguments(upstreams, passed)
    return run(trace, layer.backward, *args, given=options)


def _weighted(result: Any, called: Sequence[str], trace: Trace) -> tuple[tuple[Input, ...], Array]:
    """The gradients by what forward returned, and the loss."""
    outputs, _ = outputs_and_cache(result, len(called))
    return weighted(outputs, called, trace)


@dataclass(frozen=True)
class _Claims:
    """The gradients by inputs and weights, where each is, and those of them that were returned."""

    arrays: dict[str, Array]
    places: dict[str, str]
    returned: Returned


def _claims(
    layer: Any, returned: Any, inputs: Inputs, weights: Mapping[str, Weight], loss: Array
) -> _Claims:
    """What backward returns for the inputs, and leaves in attributes for the weights."""
    found = Returned()
    read = names(loss)
    free = [name for name, weight in weights.items() if not weight.of or name in read]
    if returned is not None and inputs.arrays:
        several = isinstance(returned, dict | tuple | list) and len(returned) > len(inputs.arrays)
        found = returned_for(
            returned,
            [*inputs.arrays, *free] if several else list(inputs.arrays),
            f"{name_of(type(layer))}.backward",
            gradient_names(layer.backward),
            ordered=len(inputs.arrays),
        )
    arrays = dict(found.arrays)
    places = {name: f"_returned{place}" for name, place in found.places.items()}
    every = slots(layer)
    now = {slot.place: slot.array for slot in every}
    free = [  # what forward writes over before anything reads it is no weight
        name for name in free if name in read or now.get(weights[name].place) is weights[name].free
    ]
    unchanged = {weight.place: weight.free for weight in weights.values()}
    there = [
        slot
        for slot in every
        if slot.array is not None and slot.array is not unchanged.get(slot.place)
    ]
    called = {weights[name].place: name for name in free}
    wanted = {called[slot.place]: slot for slot in every if slot.place in called}
    for name, slot in gradients(there, wanted).items():
        if name in arrays:
            _refuse_two(weights[name].place, arrays[name], slot)
            continue
        arrays[name], places[name] = slot.value.array, f"_layer{slot.place}"
        _refuse_not_zero(slot, arrays[name], weights)
    if not arrays:
        raise CodeError(
            f"{name_of(type(layer))}.backward returns nothing, and no dW for a W was found"
        )
    return _Claims(arrays, places, found)


def _refuse_two(place: str, returned: Array, slot: Slot) -> None:
    """Raise `CodeError` where what is returned for a weight is not what an attribute holds."""
    if not same(Let("", returned), Let("", slot.value.array)):
        raise CodeError(f"the gradient by {place} may be {slot.place} or what is returned")


def _refuse_not_zero(slot: Slot, claim: Array, weights: Mapping[str, Weight]) -> None:
    """Raise `CodeError` where a gradient is added to what was there before."""
    for weight in weights.values():
        if weight.place == slot.place and weight.free.name in names(claim):
            raise CodeError(f"backward adds to {slot.place}, which is not 0 before: set it to 0")


def _met(weights: Mapping[str, Weight], loss: Array, claims: _Claims) -> dict[str, Weight]:
    """The weights without places for gradients, of which nothing may be read but their own 0."""
    read = {name: names(claim) for name, claim in claims.arrays.items()}
    for weight in weights.values():
        for name, there in read.items():
            own = claims.places[name] == f"_layer{weight.place}"
            if weight.begins is not None and weight.begins.name in there and not own:
                raise CodeError(f"backward reads {weight.place} before it puts a gradient there")
    met = {*names(loss), *(name for there in read.values() for name in there)}
    return {name: weight for name, weight in weights.items() if not weight.of or name in met}
