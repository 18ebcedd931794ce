"""The gradient by one input: the verdict, and for a refuted one what helps to mend it."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import nullcontext, suppress
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

from gradcheck_sym.answer import Answers
from gradcheck_sym.array.shape import show, sizes
from gradcheck_sym.code.as_it_is import as_they_are, free_arrays, it_is_right
from gradcheck_sym.code.asked import Asked
from gradcheck_sym.code.changed import Changed
from gradcheck_sym.code.deciding import Decided, decided
from gradcheck_sym.code.mend import Mend
from gradcheck_sym.code.numeric import SecondOpinion
from gradcheck_sym.code.report import Part, WrongShape
from gradcheck_sym.code.reproduction import reproduction
from gradcheck_sym.code.run import Run
from gradcheck_sym.code.shapes import SMALL, names_in
from gradcheck_sym.code.stand_ins import can_hold, rests_on_stand_ins, stand_ins
from gradcheck_sym.code.telling import told
from gradcheck_sym.code.touched import others_touched
from gradcheck_sym.deadline import OutOfTime, wall_clock
from gradcheck_sym.errors import GradcheckError
from gradcheck_sym.evidence import TOO_DEEP
from gradcheck_sym.trace.context import no_clip_acts
from gradcheck_sym.verdict import Proved, Refuted, Undecided

NEEDS_NUMBERS = (
    "the loss may depend on a maximum or a triangle along axes whose sizes are names: give the "
    "sizes numbers"
)
OTHERWISE = (
    "a proof was found, but run in NumPy the functions contradict it: they treat numbers in "
    "another way, its conditions leave out what matters, or this is a bug, please report it"
)
LEFT_OUT = (
    "a proof was found, but its conditions leave out more than single points: in NumPy the "
    "gradient is wrong at points that they leave out"
)
STRAYED = (
    "a proof was found, but the functions take another way in NumPy than on arrays without "
    "numbers, over "
)
OVERFLOWS = (
    "a proof was found, but in NumPy numbers overflow at all points that were looked at, and the "
    "gradient is wrong there"
)
REFUTED_OTHERWISE = (
    "a point was found at which what was traced is wrong, but run in NumPy the functions compute "
    "something else: they treat numbers in another way, or this is a bug, please report it"
)
LONGEST = 10.0  # seconds on the clock for all changes that are tried, since functions may wait
NOT_RUN = "a proof was found, but in NumPy the functions do not run everywhere: "


def part(asked: Asked, name: str) -> Part:
    """What is said of the gradient by an input, or that there was no time or no room for it."""
    try:
        found = _part(asked, name)
    except (OutOfTime, RecursionError) as error:
        late = f"no answer within {asked.timeout or 0:g} seconds of work; a longer timeout may help"
        reason = late if isinstance(error, OutOfTime) else TOO_DEEP
        found = Part(name, sizes(asked.run.inputs[name].shape), Undecided(reason))
    return replace(found, hypotheses=asked.hypotheses)


def is_right_now(
    asked: Asked, name: str, changed: Changed, met: Collection[str]
) -> tuple[Any, ...] | None:
    """Where a gradient is proved, and no other is worse, while a function is changed.

    What else it changes has to be right as well, so that two changes do not contradict each other:
    `met` are those that seem so of those that were wrong.
    """
    try:
        if changed not in asked.changed:
            with no_clip_acts() if asked.run.trace.inside_clip else nullcontext():
                run = asked.again(asked.given)
            asked.changed[changed] = replace(asked, run=run, explains=False)
        there, wrong = asked.changed[changed], asked.mends.wrong
        touched = others_touched(asked.run, there.run, name)
        if touched is None or not set(touched) & wrong <= set(met):
            return None
        found = [_part(there, one) for one in (name, *sorted(set(touched) - wrong))]
        conditions = dict.fromkeys(c for part in found for c in part.conditions)
        return tuple(conditions) if all(part.proved for part in found) else None
    except GradcheckError:  # the user's function is not at fault for what a change makes of it
        return None


def _told(asked: Asked, found: Part, answers: Answers | None) -> Part:
    """What is refuted, with what helps to mend it."""
    if not asked.explains:
        return found
    verdict, is_right = found.verdict, partial(is_right_now, asked, found.wrt)
    here = asked.numeric.at(verdict.counterexample) if isinstance(verdict, Refuted) else None

    def mend() -> Mend | None:
        started = perf_counter()
        try:
            with wall_clock(max(LONGEST - asked.waited, 0)):
                return asked.mends.of(found.wrt, here, is_right)
        finally:
            asked.waited += perf_counter() - started

    as_it_is = partial(_right_as_it_is, asked, found.wrt)
    return told(found, asked.run, asked.assumed, answers, mend, as_it_is, asked.to_diagnose)


def _right_as_it_is(asked: Asked, name: str) -> str | None:
    """That it is right with the numbers that arrays have in the object, if that is proved."""
    there = free_arrays(asked.run)
    if not there:
        return None
    inside = no_clip_acts() if asked.run.trace.inside_clip else nullcontext()
    with suppress(GradcheckError), as_they_are(there), inside:
        found = _part(replace(asked, run=asked.again(asked.given), explains=False), name)
        return it_is_right(there, found.conditions) if found.proved else None
    return None


def _part(asked: Asked, name: str) -> Part:
    run = asked.run
    shape, returned = sizes(run.inputs[name].shape), run.claims[name].shape
    if sizes(returned) != shape:
        wanted = show(run.inputs[name].shape)
        reason = f"what is returned has the shape {show(returned)}, {name} has {wanted}"
        return _told(asked, Part(name, shape, WrongShape(reason)), None)
    if for_any_maxima := _for_any_maxima(asked, name):
        return for_any_maxima
    answers = asked.answers(run, name)
    found = decided(answers)
    if run.trace.shifts or run.trace.triangles:
        run, found = _with_stand_ins(asked, name, found)
    match found.verdict:
        case Undecided():
            return Part(name, shape, found.verdict)
        case Proved():
            return _agreed(asked, name, found)
    assert isinstance(found.verdict, Refuted)
    opinion = asked.numeric if run is asked.run else SecondOpinion(run, asked.assumed)
    if not opinion.admits(name, found.verdict.counterexample):
        return Part(name, shape, Undecided(REFUTED_OTHERWISE))
    point = found.verdict.counterexample
    script = reproduction(run, name, point, opinion.at(point).step(name, point))
    refuted = Part(name, shape, found.verdict, reproduction=script)
    if (run.trace.shifts and asked.independent is None) or run is not asked.run:
        return _told(asked, refuted, None)  # the slope is one for fixed maxima
    if asked.explains and (telling := _right_inside(asked, name)):
        refuted = replace(refuted, diagnosis=telling)
    return _told(asked, refuted, answers)


def _for_any_maxima(asked: Asked, name: str) -> Part | None:
    """The proof that holds for all numbers instead of the maxima, of which no order matters then.

    It needs no cases, and no condition that the largest entry is one alone.
    """
    if not asked.run.trace.maxima or asked.free is None or name not in asked.free.run.claims:
        return None
    try:
        found = decided(asked.free.answers(asked.free.run, name))
    except OutOfTime:
        return None
    if not isinstance(found.verdict, Proved):
        return None
    if asked.free.independent is None:
        return None
    agreed = _agreed(asked.free, name, found)
    return agreed if isinstance(agreed.verdict, Proved) else None


def _agreed(asked: Asked, name: str, found: Decided) -> Part:
    """A proof, if the functions themselves do not contradict it in NumPy."""
    shape = sizes(asked.run.inputs[name].shape)
    maxima = asked.independent.proofs if asked.independent else ()
    proofs = (*found.proofs, *maxima)
    if rests_on_stand_ins(asked.run, proofs) and not can_hold(asked.run, proofs):
        return Part(name, shape, Undecided(NEEDS_NUMBERS))
    opinion = asked.numeric.on(name, proofs)
    if opinion.strayed:
        return Part(name, shape, Undecided(f"{STRAYED}{opinion.strayed}"))
    if opinion.contradicts:
        return Part(name, shape, Undecided(OTHERWISE))
    if opinion.overflows:
        return Part(name, shape, Undecided(OVERFLOWS))
    if opinion.hides:
        return Part(name, shape, Undecided(LEFT_OUT))
    if opinion.refused or (opinion.failed and not opinion.seen):
        return Part(name, shape, Undecided(f"{NOT_RUN}{opinion.refused or opinion.failed}"))
    return Part(
        *(name, shape, found.verdict, found.proofs, maxima),
        compared=opinion.seen,
        leaves_out=any(proof.regions for proof in proofs),
    )


def _with_stand_ins(asked: Asked, name: str, found: Decided) -> tuple[Run, Decided]:
    """The verdict where free arrays stood for maxima, or for the zeros and ones of a triangle.

    A proof holds if the loss depends on no maximum, and its conditions hold for real ones
    somewhere, which is seen later. A point is one for real maxima and triangles, but the slope
    there is that for a fixed maximum, so it counts under the same condition.
    """
    match found.verdict:
        case Proved():
            if asked.run.trace.shifts and asked.independent is None:
                return asked.run, Decided(Undecided(NEEDS_NUMBERS))
        case Refuted(point) if not asked.run.trace.shifts or asked.independent is not None:
            free = stand_ins(asked.run)
            own = {k: v for k, v in point.values.items() if k.partition("[")[0] not in free}
            return asked.run, Decided(Refuted(replace(point, values=own)))
        case Refuted() | Undecided() if names_in(asked.given):
            again = decided(asked.answers(asked.small, name))
            if isinstance(again.verdict, Refuted):
                sizes_there = dict.fromkeys(names_in(asked.given), SMALL)
                point = replace(again.verdict.counterexample, sizes=sizes_there)
                return asked.small, Decided(Refuted(point))
            if isinstance(found.verdict, Refuted):
                return asked.run, Decided(Undecided(NEEDS_NUMBERS))
        case Refuted():
            return asked.run, Decided(Undecided(NEEDS_NUMBERS))
    return asked.run, found


def _right_inside(asked: Asked, name: str) -> str | None:
    """That it is right where nothing is clipped."""
    if asked.run.trace.inside_clip or not asked.run.trace.clips:
        return None
    with suppress(OutOfTime, RecursionError):
        inside = decided(asked.answers(asked.unclipped, name))
        if isinstance(inside.verdict, Proved):
            return "what is returned is right where nothing is clipped: assume 'inside clip'"
    return None
