"""Every entry of a gradient with its verdict, and how derivative and claim are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache

from gradcheck_sym.answer import SHOWN, Answers
from gradcheck_sym.array.graph import alike
from gradcheck_sym.checker.polynomial import TooLarge
from gradcheck_sym.deadline import OutOfTime, deadline
from gradcheck_sym.everywhere import OneForAll, Progress, verdicts
from gradcheck_sym.evidence import CANNOT, NOWHERE
from gradcheck_sym.grid import Grid
from gradcheck_sym.question import Question
from gradcheck_sym.shown.axes import Axes
from gradcheck_sym.shown.factored import factored
from gradcheck_sym.shown.length import length
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.term.terms import ONE, ZERO, Entry, Letter, Term
from gradcheck_sym.term.walks import rebuilt
from gradcheck_sym.verdict import Refuted, Undecided, Verdict

LONGEST = 2_000  # signs of a derivative that is written out


def decided(answers: Answers, wrt: str, progress: Progress | None) -> Grid:
    """Decide entry by entry; an index over a size that is a name stays a name."""
    statement = answers.question.statement
    letters = answers.question.free_letters
    names, seconds = {letter: letter.name for letter in letters}, answers.budget.seconds
    found = verdicts(answers, progress or (lambda *_: None))
    along = Axes(statement.definitions).along
    by_name: Term = Entry(f"dJ_d{wrt}", statement.letters)
    nowhere = _is_nowhere(found)  # what is shown with a law of what is not there may be false
    derivative = by_name
    as_it_is = _is_simplified_away(answers, found)
    if not nowhere:
        derivative = _shown(
            lambda: along(answers.unsimplified if as_it_is else answers.derivative()),
            *(names, by_name, seconds),
        )
    claim = in_time(lambda: tidied(statement.claim, names), statement.claim)
    if alike(derivative, claim):  # both in δ: the derivative says what that stands for
        derivative = _shown(
            lambda: _written_out(derivative, answers.question), names, derivative, SHOWN
        )

    @cache
    def difference() -> Term:
        instead = tidied(derivative - claim, names)
        if nowhere or as_it_is:
            return instead
        return _shown(lambda: along(answers.difference()), names, instead, seconds)

    return Grid(
        wrt=wrt,
        letters=letters,
        derivative=derivative,
        claim=claim,
        difference=difference,
        verdicts=found,
        places=range(len(found)),
    )


def _is_nowhere(found: Sequence[Verdict]) -> bool:
    """Whether nothing is known of where an entry is defined."""
    some = (found.first,) if isinstance(found, OneForAll) else found
    return any(isinstance(x, Undecided) and x.reason in (CANNOT, NOWHERE) for x in some)


def _is_simplified_away(answers: Answers, found: Sequence[Verdict]) -> bool:
    """Whether the two sides are one but in a region that conditions leave out."""
    some = (found.first,) if isinstance(found, OneForAll) else found
    if not any(isinstance(x, Refuted) for x in some) or not answers.slope.may_hide_regions:
        return False
    return alike(in_time(lambda: tidied(answers.difference(), {}), ONE), ZERO)


def in_time(made: Callable[[], Term], instead: Term) -> Term:
    """A term as it is shown, or as it is, where that takes long."""
    with suppress(OutOfTime), deadline(SHOWN):
        return made()
    return instead


def _written_out(term: Term, question: Question) -> Term:
    """The term with the names that are no more than abbreviations written out, once."""
    definitions = question.statement.definitions

    def put(part: Term) -> Term:
        if isinstance(part, Entry) and part.name in question.always:
            return definitions[part.name].at(part.indices)
        return rebuilt(part, put)

    return put(term)


def _shown(
    made: Callable[[], Term], names: dict[Letter, str], instead: Term, seconds: float | None
) -> Term:
    """A term as it is shown; another one instead where it is long, or takes long to be made."""
    limit = None if seconds is None else 2 * min(SHOWN, seconds)
    with suppress(OutOfTime, TooLarge), deadline(limit):
        found = factored(tidied(made(), names))
        if length(found) <= LONGEST:
            return found
    return instead
