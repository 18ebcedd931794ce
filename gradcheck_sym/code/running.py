"""A forward and a backward function run once: the loss, and what is claimed of each input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.code.between import interrupted
from gradcheck_sym.code.constants import taken_by
from gradcheck_sym.code.dropped import dropped
from gradcheck_sym.code.inputs import (
    Inputs,
    inputs_for,
    name_of,
    parameters,
    positional,
    refuse_unknown,
    refuse_without_shapes,
)
from gradcheck_sym.code.later import refuse_known
from gradcheck_sym.code.optional import (
    failing,
    given_instead,
    is_given,
    keeps_default,
    upstreams_passed,
)
from gradcheck_sym.code.outputs import outputs_and_cache, weighted
from gradcheck_sym.code.returned import (
    of_its_shape,
    read_by,
    refuse_another_order,
    refuse_one_of_others,
    returned_for,
)
from gradcheck_sym.code.roles import roles_of
from gradcheck_sym.code.run import Run
from gradcheck_sym.code.script import GradientScript, SlopeScript, VjpScript
from gradcheck_sym.code.shapes import Given, names_in
from gradcheck_sym.code.source import gradient_names
from gradcheck_sym.code.upstream import UPSTREAM, in_order, read_as, refuse_unlike, upstream_names
from gradcheck_sym.code.valued import (
    LOSS,
    OUTPUT,
    SLOPE,
    array_returned,
    refuse_no_array,
)
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.running import run
from gradcheck_sym.trace.traced import Traced


def ran_vjp(
    forward: Callable[..., Any], backward: Callable[..., Any], given: Mapping[str, Given]
) -> Run:
    """Run forward, then backward for a free upstream gradient; raises `CodeError`."""
    trace = Trace(set(names_in(given)))
    inputs = inputs_for(forward, given, trace, backward)
    values = inputs.values()
    known = [*values, *inputs.later]
    refuse_without_shapes(forward, inputs)
    names = in_order(upstream_names(forward, backward, known), forward)
    result = run(trace, forward, given=values)
    outputs, cache = outputs_and_cache(result, len(names))
    refuse_no_array(outputs[0], name_of(forward), OUTPUT)
    for name in names[:1]:
        refuse_unlike(forward, backward, name, outputs[0])
    roles = roles_of(forward, backward, names, result, values | inputs.to_backward())
    upstreams, loss = weighted(outputs, names, trace)
    parts = {
        "upstream": upstreams_passed(names, upstreams),
        "out": outputs,
        "cache": cache,
        "input": values | inputs.to_backward(),
    }
    refuse_known(forward, backward, roles, inputs.later, parts["input"], result)
    args, options = roles.arguments(parts)
    interrupted()
    with failing(roles.left):
        returned = run(trace, backward, *args, given=options)
    taken = [name for name in parameters(backward) if name in values]
    called = gradient_names(backward)
    refuse_another_order(returned, list(inputs.arrays), taken, name_of(backward), called)
    claims = returned_for(
        returned, list(inputs.arrays), name_of(backward), called, shapes=inputs.arrays
    )
    own = tuple(upstream.name for upstream in upstreams)
    later = tuple(inputs.later)
    script = VjpScript(forward, backward, own, roles.written(upstreams), claims.places, later)
    told = taken_by({forward: values, backward: roles.parameters})
    return Run(
        loss,
        claims.arrays,
        inputs,
        upstreams,
        trace,
        script,
        names_in(given),
        told,
        readings=(
            *read_as(*names),
            *roles.readings,
            *dropped(forward, result, len(names), roles, inputs.arrays),
            *claims.readings,
        ),
        optional=roles.optional,
    )


def ran_gradient(
    loss: Callable[..., Any], gradient: Callable[..., Any] | None, given: Mapping[str, Given]
) -> Run:
    """Run a loss, and the function that gives its gradient, if the loss does not return both."""
    trace = Trace(set(names_in(given)))
    inputs = inputs_for(loss, given, trace, gradient)
    refuse_without_shapes(loss, inputs)
    values = inputs.values()
    result = run(trace, loss, given=values)
    (value,), returned = outputs_and_cache(result)
    total = array_returned(value, name_of(loss), LOSS).squeeze()
    if total.shape:
        shape = Traced(total).shape
        raise CodeError(
            f"{name_of(loss)} returns an array of the shape {shape}; a loss is a number"
        )
    passed: dict[str, Any] = {}
    written: list[str] = []
    replaced: tuple[str, ...] = ()
    if gradient is not None:
        wanted = parameters(gradient)
        known = inputs.values() | inputs.to_backward()
        passed = {
            name: one
            for name, one in known.items()
            if name in wanted and not keeps_default(name, loss, gradient, known)
        }
        refuse_unknown(gradient, passed)
        left = [n for n in known if n in {*wanted} - {*passed} and wanted[n].default is None]
        interrupted()
        with failing(left):
            returned = run(trace, gradient, given=passed)
        replaced = given_instead(name_of(gradient), [name for name in passed if is_given(name)])
        taken = [name for name in wanted if name in passed]
        written = [name for name in taken if getattr(values.get(name), "writes", 0)]
        called = gradient_names(gradient)
        refuse_another_order(returned, list(inputs.arrays), taken, name_of(gradient), called)
        refuse_one_of_others(returned, list(inputs.arrays), taken, name_of(gradient), called)
    elif not isinstance(result, tuple):
        raise CodeError(f"{name_of(loss)} returns no gradient; give the function that does")
    else:
        called = gradient_names(loss, skipped=1)
    claims = returned_for(
        returned, list(inputs.arrays), name_of(gradient or loss), called, shapes=inputs.arrays
    )
    script = GradientScript(loss, gradient, tuple(passed), claims.places, tuple(inputs.later))
    told = taken_by({loss: values, **({gradient: passed} if gradient else {})})
    copies = tuple(
        f"{name_of(loss)} writes to {name}; {name_of(gradient or loss)} is given it as it was"
        for name in written
    )
    return Run(
        total,
        claims.arrays,
        inputs,
        (),
        trace,
        script,
        names_in(given),
        told,
        readings=(*claims.readings, *copies, *replaced),
    )


def ran_slope(
    function: Callable[..., Any], slope: Callable[..., Any], given: Mapping[str, Given]
) -> Run:
    """Run a function of each entry, and the one that gives its slope there."""
    trace = Trace(set(names_in(given)))
    inputs = inputs_for(function, given, trace, slope)
    refuse_without_shapes(function, inputs)
    outputs, _ = outputs_and_cache(run(trace, function, given=inputs.values()))
    refuse_no_array(outputs[0], name_of(function), OUTPUT)
    values = inputs.values() | inputs.to_backward()
    passed, readings = _passed_to_slope(slope, inputs)
    (upstream,), loss = weighted(outputs, [UPSTREAM], trace)
    arguments = {name: values[own] for name, own in passed.items()}
    by_place = positional(slope, passed)
    interrupted()
    returned = run(trace, slope, given=arguments)
    found = array_returned(returned, name_of(slope), SLOPE)
    wrt = of_its_shape(found, list(inputs.arrays), inputs.arrays) or next(iter(inputs.arrays))
    readings += read_by([wrt]) if len(inputs.arrays) > 1 else ()
    claims: dict[str, Array] = {wrt: OPERATIONS["multiply"](upstream, found)}
    script = SlopeScript(function, slope, upstream.name, passed, by_place, tuple(inputs.later))
    told = taken_by({function: values, slope: passed})
    sizes = names_in(given)
    return Run(loss, claims, inputs, (upstream,), trace, script, sizes, told, readings=readings)


def _passed_to_slope(
    slope: Callable[..., Any], inputs: Inputs
) -> tuple[dict[str, str], tuple[str, ...]]:
    """What each parameter of a slope is given: what is called so, and the first the argument.

    One that is left is given what is left, which is told; of several that is not known.
    """
    wanted, values = parameters(slope), [*inputs.free, *inputs.known]
    passed = {name: name for name in wanted if name in values}
    argument = next((name for name in inputs.arrays if name in wanted), None)
    argument = argument or next(iter(inputs.arrays), None)
    if argument is None:
        raise CodeError(f"{name_of(slope)}: which input is the slope by? Give it a shape")
    first = next(iter(wanted), None)
    if first is not None and first not in passed and argument not in passed:
        passed[first] = argument
    left = [own for own in values if own not in passed.values()]
    missing = [n for n, one in wanted.items() if n not in passed and one.default is one.empty]
    if len(missing) > 1 and left:
        raise CodeError(
            f"{name_of(slope)}: what is {missing[0]}? Call it as {name_of(slope)}'s function does: "
            f"{', '.join(left)}"
        )
    passed |= dict(zip(missing, left, strict=False))
    refuse_unknown(slope, passed)
    if argument not in passed.values():
        raise CodeError(f"{name_of(slope)}: which parameter is {argument}? Call one so")
    others = [own for own in passed if own in missing or (own == first and own != passed[own])]
    readings = tuple(f"{own} of {name_of(slope)} is given {passed[own]}" for own in others)
    return {name: passed[name] for name in wanted if name in passed}, readings
