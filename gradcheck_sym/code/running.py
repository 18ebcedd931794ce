"""A forward and a backward function run once: the loss, and what is claimed of each input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.code.inputs import inputs_for, name_of, parameters, refuse_missing
from gradcheck_sym.code.returned import returned_for
from gradcheck_sym.code.run import Run
from gradcheck_sym.code.script import GradientScript, SlopeScript, VjpScript
from gradcheck_sym.code.shapes import Given
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.running import run
from gradcheck_sym.trace.traced import Traced

UPSTREAM = "dout"


def ran_vjp(
    forward: Callable[..., Any], backward: Callable[..., Any], given: Mapping[str, Given]
) -> Run:
    """Run forward, then backward for a free upstream gradient; raises `CodeError`."""
    trace = Trace()
    inputs = inputs_for(forward, given, trace)
    values = inputs.values()
    result = run(trace, forward, given=values)
    out, cache = out_and_cache(result)
    upstream, loss = upstream_for(out, backward, trace)
    args = _backward_args(backward, upstream, cache, {**values, "out": out})
    returned = run(trace, backward, *args.values())
    claims = returned_for(returned, list(inputs.arrays), name_of(backward))
    script = VjpScript(forward, backward, upstream.name, tuple(args), claims.places)
    labels = tuple(inputs.labels)
    return Run(loss, claims.arrays, inputs.free, labels, inputs.constants, upstream, trace, script)


def ran_gradient(
    loss: Callable[..., Any], gradient: Callable[..., Any] | None, given: Mapping[str, Given]
) -> Run:
    """Run a loss, and the function that gives its gradient, if the loss does not return both."""
    trace = Trace()
    inputs = inputs_for(loss, given, trace)
    result = run(trace, loss, given=inputs.values())
    value, returned = out_and_cache(result)
    total = array_held(value).squeeze()
    if total.shape:
        shape = Traced(total).shape
        raise CodeError(
            f"{name_of(loss)} returns an array of the shape {shape}; a loss is a number"
        )
    passed: dict[str, Any] = {}
    if gradient is not None:
        wanted = parameters(gradient)
        passed = {name: one for name, one in inputs.values().items() if name in wanted}
        refuse_missing(gradient, passed)
        returned = run(trace, gradient, given=passed)
    elif not isinstance(result, tuple):
        raise CodeError(f"{name_of(loss)} returns no gradient; give the function that does")
    claims = returned_for(returned, list(inputs.arrays), name_of(gradient or loss))
    script = GradientScript(loss, gradient, tuple(passed), claims.places)
    labels = tuple(inputs.labels)
    return Run(total, claims.arrays, inputs.free, labels, inputs.constants, None, trace, script)


def ran_slope(
    function: Callable[..., Any], slope: Callable[..., Any], given: Mapping[str, Given]
) -> Run:
    """Run a function of each entry, and the one that gives its slope there."""
    trace = Trace()
    inputs = inputs_for(function, given, trace)
    out, _ = out_and_cache(run(trace, function, given=inputs.values()))
    wanted = parameters(slope)
    passed = {name: one for name, one in inputs.values().items() if name in wanted}
    if len(wanted) == 1 and not passed:  # of another name
        passed = dict(zip(wanted, inputs.values().values(), strict=False))
    refuse_missing(slope, passed)
    upstream, loss = upstream_for(out, slope, trace)
    found = array_held(run(trace, slope, *passed.values()))
    wrt = next(iter(inputs.arrays))
    claims: dict[str, Array] = {wrt: OPERATIONS["multiply"](upstream, found)}
    script = SlopeScript(function, slope, upstream.name, tuple(list(inputs.free)[: len(passed)]))
    labels = tuple(inputs.labels)
    return Run(loss, claims, inputs.free, labels, inputs.constants, upstream, trace, script)


def out_and_cache(result: Any) -> tuple[Any, Any]:
    """What is returned first, and the rest of it."""
    if isinstance(result, tuple) and result:
        first, *rest = result
        return first, rest[0] if len(rest) == 1 else tuple(rest)
    return result, None


def upstream_for(out: Any, backward: Callable[..., Any], trace: Trace) -> tuple[Input, Array]:
    """The free array that the output is weighted with, and their sum, which is the loss."""
    if not isinstance(out, Traced):
        raise CodeError("the forward function returns no array that depends on its inputs")
    first = next(iter(parameters(backward)), UPSTREAM)
    name = first if first not in trace.taken and first != "cache" else UPSTREAM
    free = Input(trace.fresh(name), out.array.shape)
    weighted: Array = OPERATIONS["multiply"](free, out.array)
    return free, weighted.sum()


def _backward_args(
    backward: Callable[..., Any], upstream: Input, cache: Any, values: Mapping[str, Any]
) -> dict[str, Any]:
    """What backward is called with, as it is written: dout, then the cache or inputs by name."""
    _, *others = parameters(backward).items()
    args: dict[str, Any] = {upstream.name: Traced(upstream)}
    unknown = [n for n, p in others if n not in values and p.default is p.empty]
    several = len(unknown) > 1 and isinstance(cache, tuple) and len(cache) == len(unknown)
    for name, parameter in others:
        if name in values:
            args[name] = values[name]
        elif several and name in unknown:
            place = unknown.index(name)
            args[f"cache[{place}]"] = cache[place]
        elif unknown[:1] == [name] and cache is not None:
            args["cache"] = cache
        elif parameter.default is parameter.empty:
            raise CodeError(
                f"{name_of(backward)}: what {name} is, is not known; "
                "it is the cache that forward returns second, or an input by its name"
            )
        else:
            break
    return args
