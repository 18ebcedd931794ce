"""Classes with `forward` and `backward`, or a loss: their attributes are weights, and caches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcheck_sym.code.as_it_is import kept, refuse_learnt
from gradcheck_sym.code.claims import claims_of, met
from gradcheck_sym.code.constants import attributes, not_filled, put_defaults
from gradcheck_sym.code.dropped import dropped
from gradcheck_sym.code.inputs import Inputs, inputs_for
from gradcheck_sym.code.kept import Again, made_once
from gradcheck_sym.code.layer_script import LayerScript, LossScript
from gradcheck_sym.code.looked_up import looked_up, of_methods
from gradcheck_sym.code.made import made_of, refuse_unmet
from gradcheck_sym.code.methods import asked_of, beside, checked, entry
from gradcheck_sym.code.restored import restored
from gradcheck_sym.code.run import Run
from gradcheck_sym.code.shapes import Given, names_in
from gradcheck_sym.code.step import backward_of, forward_of
from gradcheck_sym.code.upstream import read_as
from gradcheck_sym.code.weights import Weight, begun, freed
from gradcheck_sym.trace.context import Trace, tracing
from gradcheck_sym.trace.counts import Count


def ran_layer(layer: Any, given: Mapping[str, Given]) -> Run:
    """Make the layer, run it forward and backward; raises `CodeError`."""
    trace = Trace(set(names_in(given)))
    made = made_of(layer, given, trace)
    own = made.layer
    inputs = inputs_for(entry(own), made.rest, trace, checked(own))
    rest = {name: one for name, one in made.rest.items() if name not in inputs.later}
    with tracing(trace):
        as_it_is = {f"self{place}": value for place, value in kept(own, trace).items()}
        weights = freed(own, trace, made.arrays, never=as_it_is)
    made.hide()
    own_numbers = {f"self.{name}": value for name, value in made.told.items()}
    numbers = {k: v for k, v in attributes(own).items() if own_numbers.get(k, own) is not v}
    found = looked_up((entry(own), checked(own)), of_methods(own))
    told = {**_not_learnt(made.told, weights), **numbers, **found, **as_it_is}
    put_defaults(told, entry(own), inputs.values())
    asked = asked_of(own, list(inputs.values()), inputs.later)
    taken = frozenset(trace.taken)
    with restored(layer):
        forward = forward_of(own, asked, inputs, trace)
        once = made_once(forward, inputs, weights)
        begun(weights, forward.loss, trace)
        claims = claims_of(forward, backward_of(forward, trace), inputs, weights, trace)
        told = not_filled(told, own)
    if forward.roles:
        put_defaults(told, checked(own), list(forward.roles.parameters))
    kept_places = [place.removeprefix("self") for place in as_it_is]
    refuse_learnt(own, kept_places, claims.computed)
    free = [weight.free for weight in weights.values()]
    refuse_unmet(made, forward.loss, *claims.arrays.values(), *inputs.free.values(), *free)
    fixed = frozenset(one.name for one in made.told.values() if isinstance(one, Count))
    again = Again(made.anew, rest, fixed, inputs, weights, taken)
    once = [x for x in again.kept(forward, claims, once) if f"self{x}" not in as_it_is]
    weights = met(weights, forward.loss, claims)
    arrays = {**inputs.arrays, **{name: weight.free for name, weight in weights.items()}}
    everything = Inputs(arrays, inputs.labels, inputs.constants, inputs.later)
    script = (LossScript if asked.at_once else LayerScript)(
        layer,
        made.text([*everything.free, *everything.constants]),
        tuple(up.name for up in forward.upstreams),
        tuple(forward.passed),
        claims.places,
        {name: weight.places for name, weight in weights.items()},
        forward.roles.written(forward.upstreams) if forward.roles else (),
        {name: one.number_type for name, one in weights.items() if one.number_type},
        tuple(asked.values),
        forward.kept,
    )
    roles = forward.roles.readings if forward.roles else ()
    if forward.roles:
        count = len(asked.upstreams)
        roles += dropped(entry(own), forward.result, count, forward.roles, everything.arrays)
    read = (*read_as(*asked.upstreams), *forward.readings, *roles, *claims.readings)
    readings = (*read, *beside(own))
    return Run(
        forward.loss,
        claims.arrays,
        everything,
        forward.upstreams,
        trace,
        script,
        names_in(given),
        told,
        once,
        readings,
        weights,
        made.values,
        forward.roles.optional if forward.roles else {},
    )


def _not_learnt(told: Mapping[str, Any], weights: Mapping[str, Weight]) -> dict[str, Any]:
    """What an object was made with, but for numbers that are weights now, and so any numbers.

    Two defaults may be one object: 0.25 beside 0.25. The name tells them apart then.
    """
    learnt = [weight.slot for weight in weights.values() if weight.number_type]

    def is_learnt(name: str, value: Any) -> bool:
        alone = sum(other is value for other in told.values()) == 1
        return any(slot.value is value and (alone or slot.name == name) for slot in learnt)

    return {name: value for name, value in told.items() if not is_learnt(name, value)}
