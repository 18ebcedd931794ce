"""A forward and a backward function run once: the loss, and what is claimed of each input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.code.inputs import inputs_for, name_of, parameters, refuse_missing
from gradcheck_sym.code.outputs import UPSTREAM, outputs_and_cache, upstream_names, weighted
from gradcheck_sym.code.returned import returned_for
from gradcheck_sym.code.roles import roles_of
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
    names = upstream_names(forward, backward, list(values))
    result = run(trace, forward, given=values)
    outputs, cache = outputs_and_cache(result, len(names))
    roles = roles_of(backward, names, result, cache, list(values))
    upstreams, loss = weighted(outputs, names, trace)
    parts = {
        "upstream": [Traced(upstream) for upstream in upstreams],
        "out": outputs[0],
        "cache": cache,
        "input": values,
    }
    args, options = roles.arguments(parts)
    returned = run(trace, backward, *args, given=options)
    claims = returned_for(returned, list(inputs.arrays), name_of(backward))
    own = tuple(upstream.name for upstream in upstreams)
    script = VjpScript(forward, backward, own, roles.written(upstreams), claims.places)
    return Run(loss, claims.arrays, inputs, upstreams, trace, script, names_in(given))


def ran_gradient(
    loss: Callable[..., Any], gradient: Callable[..., Any] | None, given: Mapping[str, Given]
) -> Run:
    """Run a loss, and the function that gives its gradient, if the loss does not return both."""
    trace = Trace()
    inputs = inputs_for(loss, given, trace)
    result = run(trace, loss, given=inputs.values())
    (value,), returned = outputs_and_cache(result)
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
    return Run(total, claims.arrays, inputs, (), trace, script, names_in(given))


def ran_slope(
    function: Callable[..., Any], slope: Callable[..., Any], given: Mapping[str, Given]
) -> Run:
    """Run a function of each entry, and the one that gives its slope there."""
    trace = Trace()
    inputs = inputs_for(function, given, trace)
    outputs, _ = outputs_and_cache(run(trace, function, given=inputs.values()))
    wanted, values = list(parameters(slope)), inputs.values()
    named = [name for name in wanted if name in values] or list(values)[: len(wanted)]
    (upstream,), loss = weighted(outputs, [UPSTREAM], trace)
    found = array_held(run(trace, slope, *(values[name] for name in named)))
    wrt = next(iter(inputs.arrays))
    claims: dict[str, Array] = {wrt: OPERATIONS["multiply"](upstream, found)}
    script = SlopeScript(function, slope, upstream.name, tuple(named))
    return Run(loss, claims, inputs, (upstream,), trace, script, names_in(given))
