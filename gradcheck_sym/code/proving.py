"""Whether the gradient that a user's function computes is right: the calls of the library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from gradcheck_sym.answer import Answers
from gradcheck_sym.array.shape import show, sizes
from gradcheck_sym.code.diagnosis import diagnose, right_so_far
from gradcheck_sym.code.layers import is_layer, ran_layer
from gradcheck_sym.code.questions import independence, question
from gradcheck_sym.code.report import CodeReport, Part, WrongShape
from gradcheck_sym.code.reproduction import reproduction
from gradcheck_sym.code.running import Run, ran_gradient, ran_vjp
from gradcheck_sym.code.shapes import Given, as_shape, names_in, numbered
from gradcheck_sym.deadline import OutOfTime, deadline
from gradcheck_sym.errors import CodeError
from gradcheck_sym.everywhere import verdicts
from gradcheck_sym.verdict import Proved, Refuted, Undecided, Verdict

TIMEOUT = 10.0  # seconds
SMALL = 2  # for a size that is a name, where a maximum has to be written out


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
    is passed on. `assume` holds hypotheses such as "eps > 0". Raises `CodeError` for functions
    that do not run on arrays without numbers.

    >>> def forward(x, w): return x @ w, (x, w)
    >>> def backward(dout, cache): return dout @ cache[1].T, cache[0].T @ dout
    >>> prove_vjp(forward, backward, x=("n", "d"), w=("d", "t")).proved
    True
    """
    if is_layer(forward):
        return _answered(lambda given: ran_layer(forward, given), forward, shapes, assume, timeout)
    if backward is None:
        raise CodeError("give the backward function, or a class with forward and backward")
    pair = backward
    return _answered(lambda given: ran_vjp(forward, pair, given), pair, shapes, assume, timeout)


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
    inputs, or a dict. A loss that returns (loss, gradient) needs no other function. See
    `prove_vjp`.

    >>> def loss(w, x): return ((x @ w) ** 2).sum() / 2
    >>> def gradient(w, x): return x.T @ (x @ w)
    >>> prove(loss, gradient, w=("d", "t"), x=("n", "d")).proved
    True
    """
    function = gradient or loss
    return _answered(
        lambda given: ran_gradient(loss, gradient, given), function, shapes, assume, timeout
    )


def _answered(
    ran: Callable[[dict[str, Given]], Run],
    function: Any,
    given: dict[str, Given],
    assume: Sequence[str],
    timeout: float | None,
) -> CodeReport:
    started = perf_counter()
    try:
        with deadline(timeout):
            found = ran(given)
    except OutOfTime:
        raise CodeError(
            f"{function.__name__}: no end within {timeout:g} seconds of work; "
            "a longer timeout may help"
        ) from None
    positive = _positive(assume, found)

    def small() -> Run:
        names = names_in({name: as_shape(name, one) for name, one in given.items()})
        numbers = dict.fromkeys(names, SMALL)
        shapes = {name: as_shape(name, one) for name, one in given.items()}
        fewer = {
            name: given[name] if shape is None else numbered(shape, numbers)
            for name, shape in shapes.items()
        }
        return ran(fewer)

    parts = tuple(_part(name, found, small, positive, timeout) for name in found.claims)
    inputs = {name: sizes(array.shape) for name, array in found.inputs.items()}
    report = CodeReport(
        name=str(function.__name__),
        where=_where(function),
        inputs=inputs,
        labels=tuple(found.labels),
        parts=tuple(parts),
        seconds=perf_counter() - started,
    )
    return replace(
        report,
        parts=tuple(replace(p, reproduction=reproduction(report, p, found)) for p in parts),
    )


def _where(function: Any) -> str:
    code = getattr(function, "__code__", None)
    if code is None:
        code = getattr(getattr(function, "backward", None), "__code__", None)
    return f"{Path(code.co_filename).name}:{code.co_firstlineno}" if code else ""


def _positive(assume: Sequence[str], run: Run) -> frozenset[str]:
    """The scalars that are assumed to be positive; raises `CodeError`."""
    found = set()
    for text in assume:
        name, _, bound = text.partition(">")
        name = name.strip()
        scalar = name in run.inputs and not run.inputs[name].shape
        if not scalar or bound.strip() not in ("0", "0.0"):
            scalars = [f"'{n} > 0'" for n, a in run.inputs.items() if not a.shape]
            there = ", ".join(scalars) or "none here, since no input is a scalar"
            raise CodeError(f"the hypothesis {text!r}: no use can be made of it; there are {there}")
        found.add(name)
    return frozenset(found)


def _part(
    name: str,
    run: Run,
    small: Callable[[], Run],
    positive: frozenset[str],
    timeout: float | None,
) -> Part:
    wrt, claim = run.inputs[name], run.claims[name]
    shape = sizes(wrt.shape)
    if sizes(claim.shape) != shape:
        returned = f"what is returned has the shape {show(claim.shape)}, "
        return Part(name, shape, WrongShape(f"{returned}{name} has {show(wrt.shape)}"))
    asked = question(run, wrt, claim, positive)
    answers = Answers(asked, timeout)
    verdict: Verdict = verdicts(answers, lambda *_: None)[0]
    if run.trace.shifts and not isinstance(verdict, Undecided):
        verdict = _with_maxima(verdict, name, run, small, positive, timeout)
    if not isinstance(verdict, Refuted):
        return Part(name, shape, verdict)
    telling = None
    with suppress(OutOfTime), deadline(timeout):
        names = [size for array in run.inputs.values() for size in sizes(array.shape)]
        telling = diagnose(asked, [n for n in dict.fromkeys(names) if isinstance(n, str)])
    right = right_so_far(answers)
    lines = run.trace.lines
    told = tuple(
        f"{own} = ∂L/∂{other}" + (f" (line {lines[own]})" if own in lines else "")
        for own, other in right.items()
    )
    return Part(name, shape, verdict, telling, told)


def _with_maxima(
    verdict: Verdict,
    name: str,
    run: Run,
    small: Callable[[], Run],
    positive: frozenset[str],
    timeout: float | None,
) -> Verdict:
    """The verdict where maxima stood for any numbers.

    A proof holds if the loss depends on none of them; a point has to be one for real maxima.
    """
    if isinstance(verdict, Proved):
        for shift in run.trace.shifts:
            free = independence(run, shift, positive)
            if not isinstance(verdicts(Answers(free, timeout), lambda *_: None)[0], Proved):
                return Undecided(
                    "the loss may depend on a maximum over an axis whose size is a name: "
                    "give that size a number"
                )
        return verdict
    fewer = small()
    asked = question(fewer, fewer.inputs[name], fewer.claims[name], positive)
    again: Verdict = verdicts(Answers(asked, timeout), lambda *_: None)[0]
    if isinstance(again, Refuted):
        return again
    return Undecided("neither was a proof found, nor a point for sizes of 2: try numbers for sizes")
