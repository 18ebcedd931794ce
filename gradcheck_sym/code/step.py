"""One step of an object: forward, then backward with the inputs as forward left them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.code.inputs import Inputs, name_of
from gradcheck_sym.code.methods import Asked, entry
from gradcheck_sym.code.outputs import outputs_and_cache, weighted
from gradcheck_sym.code.slots import slots
from gradcheck_sym.code.upstream import refuse_unlike
from gradcheck_sym.code.valued import OUTPUT, refuse_no_array
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.running import run


@dataclass(frozen=True)
class Forward:
    """An object whose forward has run: what it was given, the loss, and the free arrays in it."""

    layer: Any
    asked: Asked
    passed: Mapping[str, Any]
    upstreams: tuple[Input, ...]
    loss: Array
    left: Mapping[str, Any]  # what forward left in the object, by its places
    returned: Any = None  # the gradients, where the loss gives them at once


def forward_of(
    layer: Any,
    asked: Asked,
    inputs: Inputs,
    trace: Trace,
    passed: Mapping[str, Any] | None = None,
) -> Forward:
    """Run forward, or the loss; it is `passed` new arrays, or these. Raises `CodeError`."""
    passed = inputs.values() if passed is None else passed
    result = run(trace, entry(layer), given=passed)
    outputs, rest = outputs_and_cache(result, len(asked.weights))
    method = f"{name_of(type(layer))}.{entry(layer).__name__}"
    refuse_no_array(outputs[0], method, OUTPUT)
    for name in asked.upstreams[:1]:
        refuse_unlike(entry(layer), layer.backward, name, outputs[0])
    upstreams, loss = weighted(outputs, asked.weights, trace)
    left = {slot.place: slot.value for slot in slots(layer)}
    return Forward(layer, asked, passed, upstreams, loss, left, rest if asked.at_once else None)


def backward_of(forward: Forward, trace: Trace) -> Any:
    """What backward returns; raises `CodeError`."""
    if forward.asked.at_once:
        return forward.returned
    given = forward.asked.arguments(forward.upstreams, forward.passed)
    return run(trace, forward.layer.backward, given=given)
