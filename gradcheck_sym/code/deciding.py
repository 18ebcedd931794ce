"""One verdict on a whole gradient: the worst of its entries, with what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import prod
from time import process_time

from gradcheck_sym.answer import Answers
from gradcheck_sym.array.graph import names
from gradcheck_sym.code.draws import NO_POINT, NOT_DRAWN, REPEATED, OfDraws, drawn
from gradcheck_sym.code.questions import independence, question
from gradcheck_sym.code.run import Run
from gradcheck_sym.code.stand_ins import rests_on_stand_ins
from gradcheck_sym.deadline import deadline
from gradcheck_sym.everywhere import OneForAll, numbers_at, verdicts
from gradcheck_sym.hypotheses import Assumption
from gradcheck_sym.question import Question
from gradcheck_sym.refuter.inputs import Derived
from gradcheck_sym.verdict import Evidence, Proved, Refuted, Undecided, Verdict

MOST_LOOKED_AT = 200  # entries, before a proof is tried


@dataclass(frozen=True)
class Decided:
    """The worst verdict, and the proofs of all entries where that is Proved."""

    verdict: Verdict
    proofs: tuple[Evidence, ...] = ()


def decided(answers: Answers) -> Decided:
    """The verdict; one on random numbers has to be on such as can be drawn."""
    found = _decided(answers)
    if not isinstance(answers, OfDraws):
        return found
    if isinstance(found.verdict, Refuted) and answers.repeated:
        return Decided(Undecided(REPEATED))
    if not answers.bounded:
        return found
    if isinstance(found.verdict, Refuted):
        found = _decided(answers.within())
        drawn = answers.is_drawn(found.verdict) and not isinstance(found.verdict, Undecided)
        return found if drawn else Decided(Undecided(NO_POINT))
    return found if answers.can_hold(found.proofs) else Decided(Undecided(NOT_DRAWN))


def _decided(answers: Answers) -> Decided:
    """All entries at once, or the first that is refuted, or one that is undecided.

    An entry that looks wrong comes before all proofs: of the others they would be in vain.
    """
    if suspect := _suspect(answers):
        return Decided(suspect)
    found = verdicts(answers, lambda *_: None)
    if isinstance(found, OneForAll):
        found = [found[0]]
    worst: Verdict = found[0]
    for place, verdict in enumerate(found):
        if isinstance(verdict, Refuted):
            return Decided(_placed(answers, place, verdict))
        if isinstance(verdict, Undecided):
            worst = verdict
    if isinstance(worst, Undecided):
        return Decided(worst)
    proofs = [verdict.evidence for verdict in found if isinstance(verdict, Proved)]
    return Decided(worst, tuple(dict.fromkeys(proofs)))


def _suspect(answers: Answers) -> Refuted | None:
    """The first entry that looks wrong, if a point shows that it is."""
    letters = answers.question.free_letters
    total = prod(letter.size for letter in letters if isinstance(letter.size, int))
    for place in range(min(total, MOST_LOOKED_AT)):
        if found := answers.doubted(numbers_at(letters, place)):
            return _placed(answers, place, found)
    return None


def _placed(answers: Answers, place: int, refuted: Refuted) -> Refuted:
    """With the indices of the entry, in their order."""
    letters, point = answers.question.free_letters, refuted.counterexample
    indices = {**numbers_at(letters, place), **point.indices}
    ordered = {x.name: indices[x.name] for x in letters if x.name in indices}
    return Refuted(replace(point, indices=ordered))


def independent(run: Run, assumed: Sequence[Assumption], seconds: float | None) -> Decided | None:
    """The proofs that the loss depends on no array that stands for a maximum, if there are any."""
    proofs: list[Evidence] = []
    verdict: Verdict | None = None
    for shift in run.trace.shifts:
        asked = partial(independence, run, shift, assumed)
        found = decided(_timed(partial(_answers, asked, seconds), seconds))
        if not isinstance(found.verdict, Proved):
            return None
        verdict = found.verdict
        proofs += found.proofs
    return Decided(verdict, tuple(proofs)) if verdict else None


def answers_for(
    run: Run,
    name: str,
    assumed: Sequence[Assumption],
    seconds: float | None,
    known: Derived | None,
) -> Answers:
    """The answers to whether the gradient by this input is what is claimed.

    Where it is not `known` what follows from other arrays, these inputs may be any numbers.
    """

    def asked() -> Answers:
        ask = partial(question, run, run.inputs[name], run.claims[name], assumed)
        draws = drawn(run, names(run.loss, run.claims[name]))
        if draws:
            return OfDraws(ask, draws, seconds, known, partial(rests_on_stand_ins, run))
        return Answers(ask(), seconds, derived=known)

    return _timed(asked, seconds)


def _answers(asked: Callable[[], Question], seconds: float | None) -> Answers:
    return Answers(asked(), seconds)


def _timed(asked: Callable[[], Answers], seconds: float | None) -> Answers:
    """The answers, within what is left of the time; to write the question down takes some."""
    started = process_time()
    with deadline(seconds):
        answers = asked()
    answers.budget.spend(process_time() - started)
    return answers
