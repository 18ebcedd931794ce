"""Classes with `forward` and `backward`: their attributes are weights, and caches."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.code.inputs import Inputs, inputs_for, name_of, parameters
from gradcheck_sym.code.outputs import UPSTREAM, further, outputs_and_cache, weighted
from gradcheck_sym.code.returned import SPELLED, Returned, returned_for
from gradcheck_sym.code.run import Run
from gradcheck_sym.code.script import LayerScript
from gradcheck_sym.code.shapes import Given, as_shape, axes, names_in
from gradcheck_sym.code.weights import Slot, freed, slots
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.context import Trace, tracing
from gradcheck_sym.trace.counts import seen
from gradcheck_sym.trace.running import run
from gradcheck_sym.trace.traced import Traced


def is_layer(value: object) -> bool:
    """Whether this is a class, or an object of one, with forward and backward."""
    return callable(getattr(value, "forward", None)) and callable(getattr(value, "backward", None))


def ran_layer(layer: Any, given: Mapping[str, Given]) -> Run:
    """Make the layer, run it forward and backward; raises `CodeError`."""
    trace = Trace()
    own, rest, made = _made(layer, given, trace)
    inputs = inputs_for(own.forward, rest, trace)
    with tracing(trace):
        weights = freed(own, trace)
    passed = inputs.values()
    names = _upstream_names(own)
    outputs, _ = outputs_and_cache(run(trace, own.forward, given=passed), len(names))
    upstreams, loss = weighted(outputs, names, trace)
    returned = run(trace, own.backward, *map(Traced, upstreams))
    claims = _claims(own, returned, inputs, weights)
    places = {name: place for name, (_, place) in weights.items()}
    script = LayerScript(
        layer, made, tuple(up.name for up in upstreams), tuple(passed), claims.places, places
    )
    arrays = {**inputs.arrays, **{name: array for name, (array, _) in weights.items()}}
    everything = Inputs(arrays, inputs.labels, inputs.constants)
    return Run(loss, claims.arrays, everything, upstreams, trace, script, names_in(given))


def _upstream_names(layer: Any) -> tuple[str, ...]:
    """Backward's first parameter whatever it is called, and those that belong to outputs."""
    first = next(iter(parameters(layer.backward)), None)
    return (UPSTREAM, *(further(layer.forward, layer.backward, first) if first else ()))


def _claims(
    layer: Any, returned: Any, inputs: Inputs, weights: Mapping[str, tuple[Input, str]]
) -> Returned:
    """What backward returns for the inputs, and leaves in attributes for the weights."""
    arrays: dict[str, Array] = {}
    places: dict[str, str] = {}
    if returned is not None and inputs.arrays:
        several = isinstance(returned, dict | tuple) and len(returned) > len(inputs.arrays)
        known = [*inputs.arrays, *weights] if several else list(inputs.arrays)
        found = returned_for(returned, known, f"{name_of(type(layer))}.backward")
        arrays |= found.arrays
        places |= {name: f"_returned{place}" for name, place in found.places.items()}
    there = slots(layer)
    for name, (_, place) in weights.items():
        slot = None if name in arrays else _gradient(there, place)
        if slot is not None:
            arrays[name], places[name] = slot.value.array, f"_layer{slot.place}"
    if not arrays:
        raise CodeError(
            f"{name_of(type(layer))}.backward returns nothing, and no dW for a W was found"
        )
    return Returned(arrays, places)


def _gradient(there: list[Slot], place: str) -> Slot | None:
    """Where the gradient by a weight was left: dW beside W, or W or dW in a dict of gradients."""
    weight = next((slot for slot in there if slot.place == place), None)
    if weight is None:  # the object was built anew meanwhile
        return None
    for slot in there:
        if not isinstance(slot.value, Traced) or slot.place == place:
            continue
        beside = slot.holder is weight.holder
        in_table = slot.table is not None and "grad" in slot.table
        spelled = SPELLED[1:] if beside and not in_table else SPELLED if in_table else ()
        if slot.name in [spelling.format(weight.name) for spelling in spelled]:
            return slot
    return None


def _made(
    layer: Any, given: Mapping[str, Given], trace: Trace
) -> tuple[Any, dict[str, Given], str]:
    """The object, the shapes that are left for forward, and what it is made with."""
    if not isinstance(layer, type):
        return deepcopy(layer), dict(given), ""
    has_own = layer.__init__ is not object.__init__  # type: ignore[misc]  # it is a class
    wanted = parameters(layer) if has_own else {}
    mine = {name: one for name, one in given.items() if name in wanted}
    passed: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for name, one in mine.items():
        shape = as_shape(name, one)
        passed[name], texts[name] = deepcopy(one), repr(one)
        if isinstance(shape, tuple) and isinstance(one, str) and len(shape) == 1:
            passed[name], texts[name] = seen(shape[0]), str(shape[0])
        elif isinstance(shape, tuple):
            trace.taken.add(name)
            passed[name], texts[name] = Traced(Input(name, axes(shape))), f"deepcopy({name})"
    missing = [n for n, p in wanted.items() if n not in passed and p.default is p.empty]
    if missing:
        raise CodeError(
            f'{layer.__name__} needs {", ".join(missing)}: give a size as {missing[0]}="d", '
            f'or a shape as {missing[0]}=("d", "t")'
        )
    rest = {name: one for name, one in given.items() if name not in wanted}
    making = Trace(taken=trace.taken.copy())  # what it names are no names of weights
    made = run(making, layer, given=passed)
    if making.shifts or making.clips:
        raise CodeError(f"{layer.__name__}.__init__ computes more than weights of any value")
    text = ", ".join(f"{name}={value}" for name, value in texts.items())
    return made, rest, f"({text})"
