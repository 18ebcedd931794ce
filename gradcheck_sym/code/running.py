"""A forward and a backward function run once: the loss, and what is claimed of each input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.code.inputs import inputs_for, name_of, parameters, refuse_missing
from gradcheck_sym.code.returned import returned_for
from gradcheck_sym.code.roles import UPSTREAM, roles_of
from gradcheck_sym.code.run import Run
from gradcheck_sym.code.script import GradientScript, SlopeScript, VjpScript
from gradcheck_sym.code.shapes import Given, names_in
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.running import run
from gradcheck_sym.trace.traced import Traced


def ran_vjp(
    forward: Callable[..., Any], backward: Callable[..., Any], given: Mapping[str, Given]
) -> Run:
    """Run forward, then backward for a free upstream gradient; raises `CodeError`."""
    trace = Trace()
    inputs = inputs_for(forward, given, trace)
    values = inputs.values()
    result = run(trace, forward, given=values)
    out, cache = out_and_cache(result)
    outputs = len(result) if isinstance(result, tuple) else 1
    roles = roles_of(backward, outputs, cache, list(values))
    upstream, loss = upstream_for(out, roles.upstream, trace)
    parts = {"upstream": Traced(upstream), "out": out, "cache": cache, "input": values}
    args, options = roles.arguments(parts)
    returned = run(trace, backward, *args, given=options)
    claims = returned_for(returned, list(inputs.arrays), name_of(backward))
    script = VjpScript(forward, backward, upstream.name, roles.written(upstream), claims.places)
    return Run(loss, claims.arrays, inputs, upstream, trace, script, names_in(given))


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
    return Run(total, claims.arrays, inputs, None, trace, script, names_in(given))


def ran_slope(
    function: Callable[..., Any], slope: Callable[..., Any], given: Mapping[str, Given]
) -> Run:
    """Run a function of each entry, and the one that gives its slope there."""
    trace = Trace()
    inputs = inputs_for(function, given, trace)
    out, _ = out_and_cache(run(trace, function, given=inputs.values()))
    wanted, values = list(parameters(slope)), inputs.values()
    named = [name for name in wanted if name in values] or list(values)[: len(wanted)]
    upstream, loss = upstream_for(out, UPSTREAM, trace)
    found = array_held(run(trace, slope, *(values[name] for name in named)))
    wrt = next(iter(inputs.arrays))
    claims: dict[str, Array] = {wrt: OPERATIONS["multiply"](upstream, found)}
    script = SlopeScript(function, slope, upstream.name, tuple(named))
    return Run(loss, claims, inputs, upstream, trace, script, names_in(given))


def out_and_cache(result: Any) -> tuple[Any, Any]:
    """What is returned first, and the rest of it."""
    if isinstance(result, tuple) and result:
        first, *rest = result
        return first, rest[0] if len(rest) == 1 else tuple(rest)
    return result, None


def upstream_for(out: Any, name: str, trace: Trace) -> tuple[Input, Array]:
    """The free array that the output is weighted with, and their sum, which is the loss."""
    if not isinstance(out, Traced):
        raise CodeError("the forward function returns no array that depends on its inputs")
    free = Input(trace.fresh(name if name not in trace.taken else UPSTREAM), out.array.shape)
    weighted: Array = OPERATIONS["multiply"](free, out.array)
    return free, weighted.sum()
