"""A forward and a backward function run once: the loss, and what is claimed of each input."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.code.shapes import Given, as_shape, made
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.labels import LabelVector
from gradcheck_sym.trace.running import run
from gradcheck_sym.trace.traced import Traced

UPSTREAM = "dout"


@dataclass
class Run:
    """What two functions do: `claims` gives what the backward one says of each input.

    `forward_names` are the variables of the forward function; those of the backward one are
    abbreviations for people.
    """

    loss: Array
    claims: dict[str, Array]
    inputs: dict[str, Input]
    trace: Trace
    forward_names: frozenset[str]
    labels: dict[str, LabelVector] = field(default_factory=dict)


def parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """The parameters of a function; raises `CodeError`."""
    try:
        found = inspect.signature(function).parameters
    except (TypeError, ValueError):
        raise CodeError(f"{_name(function)} is no function of Python's") from None
    return {
        name: one
        for name, one in found.items()
        if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    }


def _name(function: object) -> str:
    return str(getattr(function, "__name__", function))


def values_for(
    function: Callable[..., Any], given: Mapping[str, Given], trace: Trace
) -> dict[str, Any]:
    """What is passed for each parameter: arrays for shapes, else what was given."""
    wanted = parameters(function)
    if unknown := [name for name in given if name not in wanted]:
        there = ", ".join(wanted)
        raise CodeError(f"{_name(function)} has no parameter {unknown[0]}; there are {there}")
    missing = [n for n, p in wanted.items() if n not in given and p.default is p.empty]
    if missing:
        raise CodeError(
            f"{_name(function)}: no shape for {', '.join(missing)}; "
            f'give it, as in {missing[0]}=("n", "d")'
        )
    values = {}
    for name, one in given.items():
        shape = as_shape(name, one)
        values[name] = one if shape is None else made(name, shape, trace)
    return values


def ran_vjp(
    forward: Callable[..., Any], backward: Callable[..., Any], given: Mapping[str, Given]
) -> Run:
    """Run forward, then backward for a free upstream gradient; raises `CodeError`."""
    trace = Trace()
    values = values_for(forward, given, trace)
    result = run(lambda: forward(**values), (), trace)
    out, cache = out_and_cache(result)
    upstream, weighted = upstream_for(out, backward, trace)
    forward_names = frozenset(let.name for let in trace.lets)
    args = _backward_args(backward, upstream, cache, {**values, "out": out})
    returned = run(lambda: backward(*args), (), trace)
    return finished(weighted, returned, values, trace, forward_names, backward)


def ran_gradient(
    loss: Callable[..., Any], gradient: Callable[..., Any] | None, given: Mapping[str, Given]
) -> Run:
    """Run a loss, and the function that gives its gradient, if the loss does not return both."""
    trace = Trace()
    values = values_for(loss, given, trace)
    result = run(lambda: loss(**values), (), trace)
    value, rest = out_and_cache(result)
    forward_names = frozenset(let.name for let in trace.lets)
    returned: Any = rest
    if gradient is not None:
        wanted = parameters(gradient)
        passed = {name: one for name, one in values.items() if name in wanted}
        missing = [n for n, p in wanted.items() if n not in passed and p.default is p.empty]
        if missing:
            raise CodeError(f"{_name(gradient)}: no shape for {', '.join(missing)}")
        returned = run(lambda: gradient(**passed), (), trace)
    elif not isinstance(result, tuple):
        raise CodeError(f"{_name(loss)} returns no gradient; give the function that does")
    total = array_held(value)
    if total.squeeze().shape:
        raise CodeError(
            f"{_name(loss)} returns an array of the shape {Traced(total).shape}; a loss is a number"
        )
    return finished(total.squeeze(), returned, values, trace, forward_names, gradient or loss)


def out_and_cache(result: Any) -> tuple[Any, Any]:
    """What is returned first, and the rest of it."""
    if isinstance(result, tuple) and result:
        first, *rest = result
        return first, rest[0] if len(rest) == 1 else tuple(rest)
    return result, None


def upstream_for(out: Any, backward: Callable[..., Any], trace: Trace) -> tuple[Traced, Array]:
    """The free array that the output is weighted with, and their sum, which is the loss."""
    array = array_held(out)
    if not isinstance(out, Traced):
        raise CodeError("the forward function returns no array that depends on its inputs")
    first = next(iter(parameters(backward)), UPSTREAM)
    name = trace.fresh(first if first != "cache" else UPSTREAM)
    free = Input(name, array.shape)
    weighted: Array = OPERATIONS["multiply"](free, array)
    return Traced(free), weighted.sum()


def _backward_args(
    backward: Callable[..., Any], upstream: Traced, cache: Any, values: Mapping[str, Any]
) -> list[Any]:
    """What backward is called with: the upstream gradient, then the cache or inputs by name."""
    _, *others = parameters(backward).items()
    args: list[Any] = [upstream]
    plain = [n for n, p in others if n not in values and p.default is p.empty]
    if len(plain) > 1 and isinstance(cache, tuple) and len(cache) == len(plain):
        caches = dict(zip(plain, cache, strict=True))
    else:
        caches = dict.fromkeys(plain[:1], cache)
    for name, parameter in others:
        if name in values:
            args.append(values[name])
        elif name in caches and cache is not None:
            args.append(caches[name])
        elif parameter.default is parameter.empty:
            raise CodeError(
                f"{_name(backward)}: what {name} is, is not known; "
                "it is the cache that forward returns second, or an input by its name"
            )
        else:
            break
    return args


def finished(
    loss: Array,
    returned: Any,
    values: Mapping[str, Any],
    trace: Trace,
    forward_names: frozenset[str],
    backward: Callable[..., Any],
    *,
    none: bool = False,
) -> Run:
    """All that was run; `none` allows for a backward function that returns nothing."""
    inputs: dict[str, Array] = {
        n: trace.inputs[n] for n, v in values.items() if isinstance(v, Traced)
    }
    claims = {} if none and returned is None else _claims(returned, list(inputs), backward)
    labels = {n: v for n, v in values.items() if isinstance(v, LabelVector)}
    arrays = {**inputs, **{n: v.one_hot for n, v in labels.items()}}
    known = {n: a for n, a in arrays.items() if isinstance(a, Input)}
    return Run(loss, claims, known, trace, forward_names, labels)


def _claims(returned: Any, inputs: Sequence[str], backward: Callable[..., Any]) -> dict[str, Array]:
    """What is returned for which input: by names, by order, or for the first."""
    if isinstance(returned, dict):
        found = {}
        for key, value in returned.items():
            name = next((n for n in inputs if key in (n, f"d{n}", f"d_{n}", f"grad_{n}")), None)
            if name is None:
                there = ", ".join(inputs)
                raise CodeError(f"{_name(backward)} returns {key!r}; the inputs are {there}")
            found[name] = array_held(value)
        return found
    parts = list(returned) if isinstance(returned, tuple | list) else [returned]
    if not parts or returned is None:
        raise CodeError(f"{_name(backward)} returns nothing; return the gradients")
    if len(parts) > len(inputs):
        raise CodeError(
            f"{_name(backward)} returns {len(parts)} gradients for {len(inputs)} inputs "
            f"({', '.join(inputs)})"
        )
    pairs = zip(inputs, parts, strict=False)
    return {name: array_held(value) for name, value in pairs if value is not None}
