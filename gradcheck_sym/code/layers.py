"""Classes with `forward` and `backward`: their attributes are weights, and caches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.code.inputs import Inputs, inputs_for, name_of, parameters
from gradcheck_sym.code.returned import SPELLED, Returned, returned_for
from gradcheck_sym.code.run import Run
from gradcheck_sym.code.running import out_and_cache, upstream_for
from gradcheck_sym.code.script import LayerScript
from gradcheck_sym.code.shapes import Given, as_shape, axes
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import Trace
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
    weights = {name: (free, place) for name, free, place in _weights(own, trace)}
    passed = inputs.values()
    out, _ = out_and_cache(run(trace, own.forward, given=passed))
    upstream, loss = upstream_for(out, own.backward, trace)
    returned = run(trace, own.backward, Traced(upstream))
    claims = _claims(own, returned, inputs, list(weights))
    script = LayerScript(
        own,
        made,
        upstream.name,
        tuple(passed),
        claims.places,
        {name: place for name, (_, place) in weights.items()},
    )
    free = {**inputs.free, **{name: array for name, (array, _) in weights.items()}}
    labels = tuple(inputs.labels)
    return Run(loss, claims.arrays, free, labels, inputs.constants, upstream, trace, script)


def _claims(layer: Any, returned: Any, inputs: Inputs, weights: list[str]) -> Returned:
    """What backward returns for the inputs, and leaves in attributes for the weights."""
    arrays: dict[str, Array] = {}
    places: dict[str, str] = {}
    if returned is not None and inputs.arrays:
        known = [*inputs.arrays, *weights] if isinstance(returned, dict) else list(inputs.arrays)
        found = returned_for(returned, known, f"{name_of(type(layer))}.backward")
        arrays |= found.arrays
        places |= {name: f"returned{place}" for name, place in found.places.items()}
    for name in weights:
        for holder, place in _holders(layer):
            spellings = SPELLED if place != "." else SPELLED[1:]
            for key in (spelled.format(name) for spelled in spellings):
                value = holder.get(key)
                if isinstance(value, Traced) and "param" not in place and name not in arrays:
                    arrays[name] = value.array
                    places[name] = f"layer{_attribute(place, key)}"
    if not arrays:
        raise CodeError(
            f"{name_of(type(layer))}.backward returns nothing, and no dW for a W was found"
        )
    return Returned(arrays, places)


def _made(
    layer: Any, given: Mapping[str, Given], trace: Trace
) -> tuple[Any, dict[str, Given], str]:
    """The object, the shapes that are left for forward, and how it is made."""
    if not isinstance(layer, type):
        return layer, dict(given), ""
    has_own = layer.__init__ is not object.__init__  # type: ignore[misc]
    wanted = parameters(layer) if has_own else {}
    mine = {name: one for name, one in given.items() if name in wanted}
    passed: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for name, one in mine.items():
        shape = as_shape(name, one)
        passed[name], texts[name] = one, repr(one)
        if isinstance(shape, tuple) and isinstance(one, str) and len(shape) == 1:
            passed[name], texts[name] = seen(shape[0]), str(shape[0])
        elif isinstance(shape, tuple):
            trace.taken.add(name)
            passed[name], texts[name] = Traced(Input(name, axes(shape))), name
    missing = [n for n, p in wanted.items() if n not in passed and p.default is p.empty]
    if missing:
        raise CodeError(
            f'{layer.__name__} needs {", ".join(missing)}: give a size as {missing[0]}="d", '
            f'or a shape as {missing[0]}=("d", "t")'
        )
    rest = {name: one for name, one in given.items() if name not in wanted}
    text = ", ".join(f"{name}={value}" for name, value in texts.items())
    making = Trace(taken=trace.taken.copy())  # its names are none of the weights'
    return run(making, layer, given=passed), rest, f"{layer.__name__}({text})"


def _weights(layer: Any, trace: Trace) -> Iterator[tuple[str, Input, str]]:
    """Arrays among the attributes, each made free: weights may have any values."""
    for holder, place in _holders(layer):
        names = [name for name in holder if isinstance(name, str)]
        gradients = {spelled.format(name) for spelled in SPELLED[1:] for name in names}
        for name in names:
            held = _array(holder[name])
            if held is None or name in gradients or "grad" in place:
                continue
            own = isinstance(held, Input) and held.name == name
            free = held if own and isinstance(held, Input) else Input(trace.fresh(name), held.shape)
            holder[name] = Traced(free)
            yield free.name, free, _attribute(place, name)


def _array(value: object) -> Array | None:
    if isinstance(value, Traced):
        return value.array
    floats = getattr(getattr(value, "dtype", None), "kind", "") == "f"
    return array_held(value) if floats and getattr(value, "shape", ()) else None


def _holders(layer: Any) -> list[tuple[dict[str, Any], str]]:
    """Where attributes are: the object itself, and its dicts."""
    tables = [(v, f".{k}") for k, v in vars(layer).items() if isinstance(v, dict)]
    return [(vars(layer), "."), *tables]


def _attribute(place: str, name: str) -> str:
    return f".{name}" if place == "." else f"{place}[{name!r}]"
