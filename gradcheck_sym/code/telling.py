"""What helps to mend a gradient that is refuted: what is wrong, and what is right so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from gradcheck_sym.answer import Answers
from gradcheck_sym.array.shape import sizes
from gradcheck_sym.checker.polynomial import TooLarge
from gradcheck_sym.code.constants import told as constants_told
from gradcheck_sym.code.diagnosis import diagnose, missing, right_so_far, unassumed
from gradcheck_sym.code.mend import Mend
from gradcheck_sym.code.report import Part
from gradcheck_sym.code.run import Run
from gradcheck_sym.deadline import Budget, OutOfTime
from gradcheck_sym.hypotheses import Assumption
from gradcheck_sym.term.terms import INVENTED

FOR_ONE = 0.6  # of the time that is left, for one thing that is looked for
TOO_MUCH = (OutOfTime, RecursionError, TooLarge)


def told(
    found: Part,
    run: Run,
    assumed: Sequence[Assumption],
    answers: Answers | None,
    mend: Callable[[], Mend | None],
    as_it_is: Callable[[], str | None],
    budget: Budget,
) -> Part:
    """The part with what is wrong: as a whole, in a line, or a term; each only if it is proved.

    `as_it_is` says whether it is right with the arrays that an object has.

    `answers` are None where what they say is no slope of the loss.
    """
    right = _right(run, _still_right(answers, budget)) if answers else ()
    found = replace(found, right=right)
    if found.diagnosis:
        return found
    whole = None
    with suppress(*TOO_MUCH), budget.share(FOR_ONE):
        whole = (_as_a_whole(run, assumed, answers) if answers else None) or as_it_is()
    with suppress(*TOO_MUCH), budget.share(FOR_ONE):
        if line := mend():
            said = f"{whole}; {line.sentence}" if whole else line.sentence
            return replace(
                found,
                diagnosis=said,
                correction=line.statement,
                line=line.line,
                proved_for=_numbers(run),
                mend_conditions=line.conditions,
            )
    with suppress(*TOO_MUCH), budget.share(FOR_ONE):
        return replace(found, diagnosis=whole or (missing(answers) if answers else None))
    return replace(found, diagnosis=whole)


def _numbers(run: Run) -> str:
    """The numbers that the functions took as they are: with others another line may be right."""
    taken = {**run.told, **run.constants}
    numbers = {k: v for k, v in taken.items() if not isinstance(v, bool | None)}
    return ", ".join(f"{name} = {value}" for name, value in constants_told(numbers).items())


def _as_a_whole(run: Run, assumed: Sequence[Assumption], answers: Answers) -> str | None:
    """What the gradient is instead, or a hypothesis under which it is right."""
    shapes = (sizes(array.shape) for array in run.inputs.values())
    names = dict.fromkeys(size for shape in shapes for size in shape if isinstance(size, str))
    return diagnose(answers.question, list(names)) or unassumed(answers, run, assumed)


def _still_right(answers: Answers, budget: Budget) -> Mapping[str, str]:
    """The variables of the backward function that are gradients, as far as slopes are found."""
    with suppress(*TOO_MUCH), budget.share(FOR_ONE):
        return right_so_far(answers)
    return {}


def _right(run: Run, gradients: Mapping[str, str]) -> tuple[str, ...]:
    """As sentences, of variables by the names that people gave them."""
    bound, parts = run.trace.bound, {whole.name for whole in run.trace.bases}

    def called(name: str) -> str:
        """The variable, with a line if it has several values."""
        if name.endswith(INVENTED):
            variable, line = bound[name]
            return f"{variable} of line {line}"
        return name

    return tuple(
        f"{bound.get(own, (own, 0))[0]} = ∂L/∂{called(other)}"
        + (f" (line {bound[own][1]})" if own in bound else "")
        for own, other in gradients.items()
        if all(name in bound or not name.endswith(INVENTED) for name in (own, other))
        and not parts & {own, other}
    )
