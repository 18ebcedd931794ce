"""All gradients, and what is said of several at once: lines that contradict each other are not."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import combinations, permutations
from time import perf_counter

from gradcheck_sym.answer import proved
from gradcheck_sym.array.shape import sizes
from gradcheck_sym.code.asked import Asked
from gradcheck_sym.code.changed import Changed, in_place
from gradcheck_sym.code.parts import LONGEST, is_right_now, part
from gradcheck_sym.code.questions import question
from gradcheck_sym.code.report import Part
from gradcheck_sym.code.telling import FOR_ONE, TOO_MUCH
from gradcheck_sym.deadline import OutOfTime, wall_clock

BEFORE_A_LINE = "; line "


def parts(asked: Asked) -> tuple[Part, ...]:
    """What is said of each gradient."""
    found = {name: part(asked, name) for name in asked.run.claims}
    wrong = [name for name, one in found.items() if one.kind == "refuted"]
    for one, other in combinations(wrong if asked.explains else (), 2):
        pair: Sequence[Part] = [found[one], found[other]]
        exchanged, both = _seen(asked, one, other)
        if not exchanged and not all(each.line for each in pair):
            continue
        if both is None:
            pair = [_without_line(each) for each in pair]
        elif pair[0].line == pair[1].line and pair[0].correction != pair[1].correction:
            pair = _in_one_line(asked, both, pair)
        found |= {each.wrt: each for each in pair}
    for one, other in permutations(wrong if asked.explains else (), 2):
        if found[one].diagnosis is None and _is_for(asked, one, other):
            said = f"what is returned is the gradient by {other}"
            found[one] = replace(found[one], diagnosis=said)
    return tuple(found.values())


def _seen(asked: Asked, one: str, other: str) -> tuple[bool, Changed | None]:
    """Whether each is returned for the other; what was said of them, if all of it can be done."""
    started = perf_counter()
    try:
        with wall_clock(max(LONGEST - asked.waited, 0)):
            pairs = ((one, other), (other, one))
            exchanged = all(asked.mends.is_returned_for(*pair) for pair in pairs)
            return exchanged, asked.mends.together(one, other)
    except OutOfTime:
        return False, None
    finally:
        asked.waited += perf_counter() - started


def _in_one_line(asked: Asked, both: Changed, pair: Sequence[Part]) -> Sequence[Part]:
    """The line with both changes, where that is proved; else each with its own."""
    names = [each.wrt for each in pair]
    with (
        suppress(*TOO_MUCH),
        asked.to_diagnose.share(FOR_ONE),
        in_place(asked.run.script.checked, both),
    ):
        met = asked.mends.done_by(both)
        found = [is_right_now(asked, name, both, met) for name in names]
        if None not in found:
            asked.mends.say(both, names)
            return [
                replace(each, correction=both.statement, mend_conditions=conditions or ())
                for each, conditions in zip(pair, found, strict=True)
            ]
    return pair


def _without_line(part: Part) -> Part:
    """What is returned instead, without the line that may be wrong."""
    if part.line is None:
        return part
    whole, _, line = (part.diagnosis or "").partition(BEFORE_A_LINE)
    return replace(
        part,
        diagnosis=whole if line else None,
        correction=None,
        line=None,
        proved_for="",
        mend_conditions=(),
    )


def _is_for(asked: Asked, one: str, other: str) -> bool:
    """Whether what is returned for one is the gradient by another, if that is proved."""
    run = asked.run
    shapes = [sizes(array.shape) for array in (run.claims[one], run.inputs[other])]
    if shapes[0] != shapes[1] or not asked.mends.is_returned_for(one, other):
        return False
    with suppress(*TOO_MUCH), asked.to_diagnose.share(FOR_ONE), wall_clock(LONGEST):
        claimed = question(run, run.inputs[other], run.claims[one], asked.assumed)
        return proved(claimed) is not None
    return False
