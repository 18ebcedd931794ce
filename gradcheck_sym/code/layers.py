"""Classes with `forward` and `backward`: their attributes are parameters, and caches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.code.running import (
    Run,
    finished,
    out_and_cache,
    parameters,
    upstream_for,
    values_for,
)
from gradcheck_sym.code.shapes import Given, as_shape, made
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.counts import seen
from gradcheck_sym.trace.running import run
from gradcheck_sym.trace.traced import Traced

SPELLED = ("d{}", "grad_{}", "{}_grad", "d_{}", "D{}", "{}grad")
TABLES = ("grads", "gradients", "grad")


def is_layer(value: object) -> bool:
    """Whether this is a class, or an object of one, with forward and backward."""
    return callable(getattr(value, "forward", None)) and callable(getattr(value, "backward", None))


def ran_layer(layer: Any, given: Mapping[str, Given]) -> Run:
    """Make the layer, run it forward and backward; raises `CodeError`."""
    trace = Trace()
    shapes = dict(given)
    own = _made(layer, shapes, trace) if isinstance(layer, type) else layer
    weights = _weights(own, trace)
    values = values_for(own.forward, shapes, trace)
    result = run(lambda: own.forward(**values), (), trace)
    out, _ = out_and_cache(result)
    upstream, weighted = upstream_for(out, own.backward, trace)
    forward_names = frozenset(let.name for let in trace.lets)
    returned = run(lambda: own.backward(upstream), (), trace)
    found = finished(weighted, returned, values, trace, forward_names, own.backward, none=True)
    for name, weight in weights.items():
        found.inputs[name] = weight
        if (claim := _gradient_of(own, name)) is not None:
            found.claims[name] = claim
    if not found.claims:
        raise CodeError(
            f"{type(own).__name__}.backward returns nothing, and no dW for a W was found"
        )
    return found


def _made(layer: type, shapes: dict[str, Given], trace: Trace) -> Any:
    """The object: arrays and sizes for the parameters of its __init__."""
    wanted = parameters(layer) if layer.__init__ is not object.__init__ else {}  # type: ignore[misc]
    passed: dict[str, Any] = {}
    for name in [name for name in shapes if name in wanted]:
        one = shapes.pop(name)
        shape = as_shape(name, one)
        size = isinstance(one, str) and isinstance(shape, tuple) and len(shape) == 1
        if size and isinstance(shape, tuple):
            passed[name] = seen(shape[0])
        else:
            passed[name] = one if shape is None else made(name, shape, trace)
    missing = [n for n, p in wanted.items() if n not in passed and p.default is p.empty]
    if missing:
        raise CodeError(
            f'{layer.__name__} needs {", ".join(missing)}: give a size as {missing[0]}="d", '
            f'or a shape as {missing[0]}=("d", "t")'
        )
    return run(lambda: layer(**passed), (), trace)


def _weights(layer: Any, trace: Trace) -> dict[str, Input]:
    """Arrays among the attributes, each made free: weights may have any values."""
    found: dict[str, Input] = {}
    for holder in _holders(layer):
        names = [name for name in holder if isinstance(name, str)]
        gradients = {spelled.format(name) for spelled in SPELLED for name in names}
        for name in names:
            traced = _as_traced(holder[name])
            if traced is None or name in gradients:
                continue
            held = traced.array
            if isinstance(held, Input) and held.name == name:
                free = held
            else:
                trace.taken.add(name)
                free = Input(name, held.shape)
            found[name] = free
            holder[name] = Traced(free)
    return found


def _as_traced(value: object) -> Traced | None:
    if isinstance(value, Traced):
        return value
    floats = getattr(getattr(value, "dtype", None), "kind", "") == "f"
    if floats and getattr(value, "shape", ()):
        return Traced(array_held(value))
    return None


def _holders(layer: Any) -> list[dict[str, Any]]:
    tables = (value for value in vars(layer).values() if isinstance(value, dict))
    return [vars(layer), *tables]


def _gradient_of(layer: Any, name: str) -> Array | None:
    """What backward left as the gradient by a weight: dW, grads["W"]."""
    own = vars(layer)
    for spelled in SPELLED:
        value = own.get(spelled.format(name))
        if isinstance(value, Traced):
            return value.array
    for table in TABLES:
        values = own.get(table)
        if isinstance(values, dict):
            for key in (name, *(s.format(name) for s in SPELLED)):
                if isinstance(values.get(key), Traced):
                    return array_held(values[key])
    return None
