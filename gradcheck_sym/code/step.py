"""One step of an object: forward, then backward with the inputs as forward left them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.code.context import is_context, refuse_other_outputs
from gradcheck_sym.code.inputs import Inputs, copies, name_of
from gradcheck_sym.code.later import refuse_known
from gradcheck_sym.code.methods import Asked, checked, entry
from gradcheck_sym.code.optional import failing, upstreams_passed
from gradcheck_sym.code.outputs import outputs_and_cache, weighted
from gradcheck_sym.code.roles import Roles, roles_of
from gradcheck_sym.code.slots import Slot, slots
from gradcheck_sym.code.upstream import refuse_unlike
from gradcheck_sym.code.valued import OUTPUT, refuse_no_array
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.running import run

OUTPUTS = (("output",), ("outputs",), ("out",))  # attributes


@dataclass(frozen=True)
class Forward:
    """An object whose forward has run: what it was given, the loss, and the free arrays in it."""

    layer: Any
    asked: Asked
    passed: Mapping[str, Any]
    upstreams: tuple[Input, ...]
    loss: Array
    left: Mapping[str, Any]  # what forward left in the object, by its places
    result: Any  # what forward returned, or the loss with its gradients
    kept: str | None  # the place where it left the output, if it returned nothing
    roles: Roles | None  # of backward's parameters, where the loss does not give gradients at once

    @property
    def readings(self) -> tuple[str, ...]:
        """What is said of an output that is not returned."""
        if self.kept is None:
            return ()
        return (f"self{self.kept} is taken for the output, since forward returns nothing",)


def forward_of(
    layer: Any,
    asked: Asked,
    inputs: Inputs,
    trace: Trace,
    values: Mapping[str, Any] | None = None,
) -> Forward:
    """Run forward, or the loss; it is passed new arrays, or these `values`. Raises `CodeError`."""
    values = inputs.values() if values is None else values
    before = {slot.place: slot.value for slot in slots(layer)}
    result = run(trace, entry(layer), given=values)
    nothing = result is None and not is_context(type(layer))
    kept = _kept_output(layer, before) if nothing else None
    if kept:
        result = kept.value
    if is_context(type(layer)):
        refuse_other_outputs(type(layer), result, asked.upstreams)
    outputs, _ = outputs_and_cache(result, len(asked.weights))
    method = f"{name_of(type(layer))}.{entry(layer).__name__}"
    refuse_no_array(outputs[0], method, OUTPUT)
    for name in asked.upstreams[:1]:
        refuse_unlike(entry(layer), checked(layer), name, outputs[0])
    upstreams, loss = weighted(outputs, asked.weights, trace)
    left = {slot.place: slot.value for slot in slots(layer)}
    roles = None
    if not asked.at_once:
        own, known = (entry(layer), checked(layer)), {**values, **copies(asked.values)}
        roles = roles_of(*own, asked.upstreams, result, known, keeps=True)
        refuse_known(*own, roles, asked.values, known, result)
    place = kept.place if kept else None
    return Forward(layer, asked, values, upstreams, loss, left, result, place, roles)


def _kept_output(layer: Any, before: Mapping[str, Any]) -> Slot | None:
    """The attribute that forward has made, and that is called the output, if it is one alone."""
    found = [
        slot
        for slot in slots(layer)
        if slot.path in OUTPUTS
        and slot.array is not None
        and slot.value is not before.get(slot.place)
    ]
    return found[0] if len(found) == 1 else None


def backward_of(forward: Forward, trace: Trace) -> Any:
    """What backward returns; raises `CodeError`."""
    outputs, cache = outputs_and_cache(forward.result, len(forward.asked.weights))
    if forward.roles is None:
        return cache
    given = upstreams_passed(forward.asked.upstreams, forward.upstreams)
    known = {**forward.passed, **copies(forward.asked.values)}
    parts = {"upstream": given, "out": outputs, "cache": cache, "input": known}
    args, options = forward.roles.arguments(parts)
    with failing(forward.roles.left):
        return run(trace, checked(forward.layer), *args, given=options)
