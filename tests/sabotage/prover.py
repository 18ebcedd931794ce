"""Mutants of the prover and the refuter: the checker may take nothing wrong that they hand out."""

from __future__ import annotations

import gc
import signal
import sys
from collections import Counter
from contextlib import suppress
from random import Random
from time import perf_counter
from typing import Any

from gradcheck_sym.checker.check import Rejected, Theorem, conclude, replay
from gradcheck_sym.checker.proof import Witness
from gradcheck_sym.question import Question
from tests.numeric import lies
from tests.sabotage.mutants import Mutant, mutants
from tests.sabotage.reach import Reached, chosen, reached
from tests.sabotage.running import Planted, apart, forget, sampled, sources
from tests.sabotage.wrong import large, small

FOLDERS = ("gradcheck_sym/prover", "gradcheck_sym/refuter")
SECONDS = 60.0
POINTS = 12  # at which a theorem under conditions is looked at
A_CLAIM = 2.0  # seconds for one claim
A_MUTANT = 1.0  # for all claims of a mutant, as long as they take without it

Claims = list[tuple[str, Question, bool]]


class TooSlow(Exception):
    """A mutant that does not come to an end."""


def run(count: int | None, seed: int, only: str = "") -> bool:
    """Print each wrong theorem, and the counts; whether there was none."""
    started = perf_counter()
    claims: Claims = [(*claim, False) for claim in small()]
    claims += [(*claim, True) for claim in large()]
    every = [m for file in sources(*FOLDERS) if only in file for m in mutants(file)]
    mutated = sampled(every, count, seed)
    reach = apart(lambda: [_reach(claim) for claim in claims], 10 * SECONDS)
    assert reach, "the claims take too long without any mutant"
    gc.freeze()
    answers: Counter[str] = Counter()
    wrong_ones = unasked = 0
    for number, mutant in enumerate([None, *mutated]):
        if mutant is None:
            part = claims
        else:
            places = chosen(mutant, reach, A_MUTANT, Random(f"{seed}/{number}"))
            part = [claims[k] for k in places]
            unasked += not part
        seconds = SECONDS * (6 if mutant is None else 1)
        found = apart(lambda m=mutant, p=part: asked(m, p), seconds) if part else {}
        if found is None:
            answers["no answer in time"] += 1
            continue
        answers.update(found.get("answers", ()))
        for name in found.get("proved", ()):
            wrong_ones += 1
            print(f"WRONG, AND PROVED  {name}\n    {mutant or 'without any mutant'}", flush=True)
    told = ", ".join(f"{many} {what}" for what, many in sorted(answers.items()))
    print(
        f"prover and refuter: {len(mutated)} mutants of {len(every)}, {unasked} of them in what no "
        f"claim comes through, asked of {len(claims)} wrong claims those that come through what "
        f"they change: {told}; {wrong_ones} wrong and proved; {perf_counter() - started:.0f} s"
    )
    return not wrong_ones


def _reach(claim: tuple[str, Question, bool]) -> Reached:
    def work() -> None:
        with suppress(Exception):
            answer(claim[1], quick=claim[2])

    return reached(work, FOLDERS)


def asked(mutant: Mutant | None, claims: Claims) -> dict[str, Any]:
    """What comes of wrong claims, asked of a prover and a refuter with a mutant in them.

    For what is about networks the prover keeps names, as it does first: the whole search is long.
    """
    forget("gradcheck_sym.prover", "gradcheck_sym.refuter")
    if mutant:
        sys.meta_path.insert(0, Planted(mutant))
    signal.signal(signal.SIGALRM, too_slow)
    answers: Counter[str] = Counter()
    proved = []
    for name, question, quick in claims:
        signal.setitimer(signal.ITIMER_REAL, A_CLAIM)
        found: str | tuple[Theorem, Witness | None]
        try:
            found = answer(question, quick=quick)
        except Rejected:
            found = "rejected by the checker"
        except TooSlow:
            found = "too slow"
        except (Exception, RecursionError):
            found = "errors"
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        if not isinstance(found, str):
            wrong = _is_false(*found)
            found = "proved" if wrong else "true under conditions that leave out where it is wrong"
            proved += [name] if wrong else []
        answers[found] += 1
    return {"answers": answers, "proved": proved}


def answer(question: Question, *, quick: bool) -> str | tuple[Theorem, Witness | None]:
    """What comes of a question: a theorem and its point, or why there is none."""
    from gradcheck_sym.prover.gradient import Prover
    from gradcheck_sym.refuter.likely import hunch
    from gradcheck_sym.refuter.witnesses import find_witness

    statement = question.statement
    proof = Prover(statement, question.always, None, hunch(statement)).prove(quick=quick)
    if proof is None:
        return "without a proof"
    replayed = replay(statement, proof)
    if not replayed.rests_on_something:
        return conclude(replayed, None), None
    witness = find_witness(replayed.statement, replayed.conditions)
    if witness is None:
        return "under conditions that hold nowhere"
    return conclude(replayed, witness), witness


def _is_false(theorem: Theorem, witness: Witness | None) -> bool:
    """Whether a theorem of a wrong claim is false, and not true under conditions of its own."""
    return not theorem.conditions or lies(theorem, witness, Random(0), POINTS) != ""


def too_slow(*_: object) -> None:
    """What to do with an alarm."""
    raise TooSlow
