"""Mutants of the prover: whatever it hands out, the checker may take nothing that is wrong."""

from __future__ import annotations

import gc
import signal
import sys
from collections import Counter
from time import perf_counter
from typing import Any

from gradcheck_sym.checker.check import Rejected, conclude, replay
from gradcheck_sym.question import Question
from gradcheck_sym.refuter.witnesses import find_witness
from tests.sabotage.mutants import Mutant, mutants
from tests.sabotage.running import Planted, apart, forget, sampled, sources
from tests.sabotage.wrong import large, small

FOLDERS = ("gradcheck_sym/prover",)
SECONDS = 60.0
A_CLAIM = 1.0  # seconds for one claim
AT_ONCE = 10  # of the claims about networks, others for each mutant

Claims = list[tuple[str, Question]]


class TooSlow(Exception):
    """A mutant that does not come to an end."""


def run(count: int | None, seed: int, only: str = "") -> bool:
    """Print each wrong theorem, and the counts; whether there was none."""
    started = perf_counter()
    lines, networks = list(small()), list(large())
    ring = [*networks, *networks]
    every = [m for file in sources(*FOLDERS) if only in file for m in mutants(file)]
    chosen = sampled(every, count, seed)
    gc.freeze()
    answers: Counter[str] = Counter()
    wrong_ones = 0
    for number, mutant in enumerate([None, *chosen]):
        first = number * AT_ONCE % len(networks)
        part = networks if mutant is None else ring[first : first + AT_ONCE]
        seconds = SECONDS * (6 if mutant is None else 1)
        found = apart(lambda m=mutant, p=part: asked(m, lines, p), seconds)
        if found is None:
            answers["no answer in time"] += 1
            continue
        answers.update(found["answers"])
        for name in found["proved"]:
            wrong_ones += 1
            print(f"WRONG, AND PROVED  {name}\n    {mutant or 'without any mutant'}", flush=True)
    told = ", ".join(f"{many} {what}" for what, many in sorted(answers.items()))
    print(
        f"prover: {len(chosen)} mutants of {len(every)}, each asked {len(lines)} wrong claims of a "
        f"line and {AT_ONCE} of {len(networks)} about networks: {told}; "
        f"{wrong_ones} wrong and proved; {perf_counter() - started:.0f} s"
    )
    return not wrong_ones


def asked(mutant: Mutant | None, lines: Claims, networks: Claims) -> dict[str, Any]:
    """What comes of wrong claims, asked of a prover with a mutant in it.

    For what is about networks the prover keeps names, as it does first: the whole search is long.
    """
    forget("gradcheck_sym.prover")
    if mutant:
        sys.meta_path.insert(0, Planted(mutant))
    signal.signal(signal.SIGALRM, _too_slow)
    answers: Counter[str] = Counter()
    proved = []
    every = [(*claim, False) for claim in lines] + [(*claim, True) for claim in networks]
    for name, question, quick in every:
        signal.setitimer(signal.ITIMER_REAL, A_CLAIM)
        try:
            answer = _answer(question, quick)
        except Rejected:
            answer = "rejected by the checker"
        except TooSlow:
            answer = "too slow"
        except (Exception, RecursionError):
            answer = "errors"
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        answers[answer] += 1
        if answer == "proved":
            proved.append(name)
    return {"answers": answers, "proved": proved}


def _answer(question: Question, quick: bool) -> str:
    from gradcheck_sym.prover.gradient import Prover

    proof = Prover(question.statement, question.always).prove(quick=quick)
    if proof is None:
        return "without a proof"
    replayed = replay(question.statement, proof)
    if not replayed.rests_on_something:
        conclude(replayed, None)
        return "proved"
    witness = find_witness(replayed.statement, replayed.conditions)
    if witness is None:
        return "under conditions that hold nowhere"
    conclude(replayed, witness)
    return "proved"


def _too_slow(*_: object) -> None:
    raise TooSlow
