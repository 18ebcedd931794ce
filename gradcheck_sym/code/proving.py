"""Whether the gradient that a user's function computes is right: the calls of the library."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Any

from gradcheck_sym.array import Input
from gradcheck_sym.array.graph import ordered
from gradcheck_sym.array.shape import sizes
from gradcheck_sym.code.agreeing import parts
from gradcheck_sym.code.as_it_is import as_they_are, places_of, refuse_without_object
from gradcheck_sym.code.asked import Asked
from gradcheck_sym.code.constants import refuse_assumed, texts_of, told
from gradcheck_sym.code.context import with_context
from gradcheck_sym.code.inputs import name_of, with_words
from gradcheck_sym.code.layers import ran_layer
from gradcheck_sym.code.made import made_with
from gradcheck_sym.code.methods import checked, entry, is_layer
from gradcheck_sym.code.readings import Settled, refuse_another
from gradcheck_sym.code.remarks import remarks
from gradcheck_sym.code.report import CodeReport
from gradcheck_sym.code.restored import restored
from gradcheck_sym.code.run import Run
from gradcheck_sym.code.running import ran_gradient, ran_slope, ran_vjp
from gradcheck_sym.code.sameness import refuse_kept
from gradcheck_sym.code.shapes import Given
from gradcheck_sym.deadline import OutOfTime, limit_of_users, seconds_of
from gradcheck_sym.errors import CodeError
from gradcheck_sym.hypotheses import Assumption, assumption, consistent, natural
from gradcheck_sym.trace.context import no_clip_acts
from gradcheck_sym.trace.made_before import looked_for_once
from gradcheck_sym.trace.running import users_errors

TIMEOUT = 10.0  # seconds
INSIDE_CLIP = "inside clip"


def prove_vjp(
    forward: Callable[..., Any],
    backward: Callable[..., Any] | None = None,
    /,
    *,
    assume: Sequence[str] = (),
    timeout: float | None = TIMEOUT,
    **shapes: Given,
) -> CodeReport:
    """Decide whether `backward` gives the gradients of Σ dout ∘ forward(…), for all dout.

    `forward` returns an array, or an array and a cache; `backward(dout, cache)`, or `backward`
    of dout and of inputs by their names, returns the gradients in the order of the inputs, or a
    dict. A class with `forward` and `backward` stands for both. The shapes have names for any
    size, or numbers: `x=("n", "d")`; `y=Labels("n", "t")` are integer labels; what else is given
    is passed on. `assume` holds hypotheses such as "eps > 0", or "inside clip": that nothing is
    clipped by `np.clip`, which becomes a condition. Raises `CodeError` for functions
    that do not run on arrays without numbers.

    >>> def forward(x, w): return x @ w, (x, w)
    >>> def backward(dout, cache): return dout @ cache[1].T, cache[0].T @ dout
    >>> prove_vjp(forward, backward, x=("n", "d"), w=("d", "t")).proved
    True
    """
    if is_layer(forward):
        return _of_a_layer(forward, assume, timeout, shapes)
    if backward is None:
        raise CodeError("give the backward function, or a class with forward and backward")
    pair, given = backward, with_words(shapes, forward, backward)
    return _answered(
        lambda given: ran_vjp(forward, pair, given), [forward, pair], given, assume, timeout
    )


def prove(
    loss: Callable[..., Any],
    gradient: Callable[..., Any] | None = None,
    /,
    *,
    assume: Sequence[str] = (),
    timeout: float | None = TIMEOUT,
    **shapes: Given,
) -> CodeReport:
    """Decide whether `gradient` gives ∂loss/∂input, for the first input, or for several.

    `gradient` takes inputs by their names, and returns one array, a tuple in the order of the
    inputs, or a dict. A loss that returns (loss, gradient) needs no other function; a class with
    such a method `loss` stands for both, and its weights are free. See `prove_vjp`.

    >>> def loss(w, x): return ((x @ w) ** 2).sum() / 2
    >>> def gradient(w, x): return x.T @ (x @ w)
    >>> prove(loss, gradient, w=("d", "t"), x=("n", "d")).proved
    True
    """
    if is_layer(loss):
        return _of_a_layer(loss, assume, timeout, shapes)
    functions = [loss, gradient or loss]
    given = with_words(shapes, *functions)
    return _answered(
        lambda given: ran_gradient(loss, gradient, given), functions, given, assume, timeout
    )


def _of_a_layer(
    layer: Any, assume: Sequence[str], timeout: float | None, shapes: Mapping[str, Given]
) -> CodeReport:
    layer = with_context(layer)
    methods = [checked(layer), entry(layer)]
    given = with_words(shapes, *methods, made=made_with(layer))
    return _answered(lambda given: ran_layer(layer, given), [layer], given, assume, timeout)


def prove_slope(
    function: Callable[..., Any],
    slope: Callable[..., Any],
    /,
    *,
    assume: Sequence[str] = (),
    timeout: float | None = TIMEOUT,
    **shapes: Given,
) -> CodeReport:
    """Decide whether `slope` is the derivative of a function of each entry.

    >>> def softsign(x): return x / (1 + abs(x))
    >>> def slope(x): return 1 / (1 + abs(x)) ** 2
    >>> prove_slope(softsign, slope, x=("n", "d")).proved
    True
    """
    given = with_words(shapes, function, slope)
    return _answered(
        lambda given: ran_slope(function, slope, given), [function, slope], given, assume, timeout
    )


def _answered(
    ran: Callable[[Mapping[str, Given]], Run],
    functions: Sequence[Any],
    given: Mapping[str, Given],
    assume: Sequence[str],
    timeout: float | None,
) -> CodeReport:
    started = perf_counter()
    refuse_without_numpy()
    timeout = seconds_of(timeout)
    assume = texts_of(assume)
    function = functions[-1]
    inside, fixed = INSIDE_CLIP in assume, places_of(assume)
    settled = Settled(ran)

    def run(given: Mapping[str, Given], *, first: bool = False) -> Run:
        with limit_of_users(timeout), users_errors(), looked_for_once():
            with restored(*functions), as_they_are(fixed):
                found = settled(given)
            if first:
                with restored(*functions), as_they_are(fixed):
                    refuse_another(found, settled, given, name_of(function))
            if first and not is_layer(function):
                refuse_kept(found, settled, given, name_of(function))
            found.trace.tell_apart()
            return found

    try:
        with no_clip_acts() if inside else nullcontext():
            found = run(given, first=True)
    except OutOfTime:
        raise CodeError(
            f"{name_of(function)}: no end within {timeout:g} seconds; a longer timeout may help"
        ) from None
    refuse_without_object(fixed, found)
    assumed = _assumed(assume, found)
    if not found.claims:
        raise CodeError(f"{name_of(function)} returns no gradient")
    _refuse_others(found, name_of(function))
    asked = Asked(found, given, assumed, timeout, run, assume)
    source = _source(function)
    told_of = parts(asked)
    return CodeReport(
        name=name_of(function),
        where=f"{Path(source[0]).name}:{source[1]}" if source else "",
        inputs={name: sizes(array.shape) for name, array in found.inputs.items()},
        labels=found.labels,
        parts=told_of,
        seconds=perf_counter() - started,
        hypotheses=assume,
        constants=told({**found.told, **found.constants}),
        remarks=remarks(found, told_of),
        source=source,
    )


def _refuse_others(run: Run, function: str) -> None:
    """Raise `CodeError` for arrays of another run, which some function kept where nobody looks."""
    trace = run.trace
    known = [*run.inputs.values(), *run.upstreams, *trace.random, *trace.shifts]
    own = set(map(id, (*known, *(one.array for one in trace.triangles))))
    for array in ordered(run.loss, *run.claims.values()):
        if isinstance(array, Input) and id(array) not in own:
            raise CodeError(
                f"{function}: an array {array.name} was kept from before this run: keep arrays in "
                "attributes, and nothing between calls"
            )


def refuse_without_numpy() -> None:
    """Raise `CodeError` where NumPy, which is an extra, is not installed."""
    if find_spec("numpy") is None:
        raise CodeError("functions need NumPy: python -m pip install 'gradcheck-sym[numpy]'")


def _source(function: Any) -> tuple[str, int] | None:
    """The file and the line of a function, or of the backward method of a class."""
    own = inspect.unwrap(function)
    while isinstance(own, partial):
        own = inspect.unwrap(own.func)
    code = getattr(own, "__code__", None)
    if code is None and is_layer(own):
        code = getattr(inspect.unwrap(checked(own)), "__code__", None)
    return (code.co_filename, code.co_firstlineno) if code else None


def _assumed(texts: Sequence[str], run: Run) -> tuple[Assumption, ...]:
    """What the texts assume of the inputs; raises `FormulaError` and `AssumptionError`."""
    texts = [text for text in texts if text != INSIDE_CLIP and not places_of([text])]
    arrays = {name: one for name, one in run.inputs.items() if name not in run.labels}
    known = {name: tuple(natural(name, array.ndim)) for name, array in arrays.items()}
    every = (size for array in arrays.values() for size in sizes(array.shape))
    named = {size: size for size in every if isinstance(size, str)}
    taken = {
        n: one for n, one in {**run.told, **run.constants}.items() if n not in (*arrays, *named)
    }
    for text in texts:
        refuse_assumed(text, taken)
    return consistent(assumption(text, known, arrays, named) for text in texts)
