"""Mutants of what makes a question of typed formulas: there a wrong claim may become a true one.

The checker proves what it is given, and a mutant of the language or of the arrays gives it another
statement. So wrong claims are proved here, and what is counted is how many mutants do that and how
many of those the tests of the language and the arrays let pass.
"""

from __future__ import annotations

import gc
import signal
import sys
from collections import Counter
from contextlib import suppress
from random import Random
from time import perf_counter
from typing import Any, NamedTuple

from gradcheck_sym.checker.check import Rejected
from tests.family import Member, covering, planted
from tests.sabotage.checker import passes
from tests.sabotage.mutants import Mutant, mutants
from tests.sabotage.prover import TooSlow, answer, too_slow
from tests.sabotage.reach import Reached, chosen, reached
from tests.sabotage.running import Planted, apart, forget, sampled, sources

FOLDERS = ("gradcheck_sym/array", "gradcheck_sym/language")
TESTS = [f"tests/test_{name}.py" for name in ("array", "formula", "mlp")]
SECONDS = 60.0
A_CLAIM = 2.0
A_MUTANT = 0.5
EVERY = 7  # of the planted errors


class Wrong(NamedTuple):
    """A wrong claim, as it is typed."""

    member: Member
    wrt: str
    text: str

    def __str__(self) -> str:
        return f"{self.member} {self.wrt} {self.text}"


def run(count: int | None, seed: int, only: str = "") -> bool:
    """Print each mutant under which a wrong claim is proved, and the counts."""
    started = perf_counter()
    claims = list(wrong())
    every = [m for file in sources(*FOLDERS) if only in file for m in mutants(file)]
    mutated = sampled(every, count, seed)
    reach = apart(lambda: [_reach(claim) for claim in claims], 10 * SECONDS)
    assert reach, "the claims take too long without any mutant"
    gc.freeze()
    answers: Counter[str] = Counter()
    proving, unnoticed, unasked = 0, 0, 0
    for number, mutant in enumerate(mutated):
        places = chosen(mutant, reach, A_MUTANT, Random(f"{seed}/{number}"))
        unasked += not places
        part = [claims[k] for k in places]
        found = apart(lambda m=mutant, p=part: asked(m, p), SECONDS) if part else {}
        if found is None:
            answers["no answer in time"] += 1
            continue
        answers.update(found.get("answers", ()))
        if found.get("proved"):
            proving += 1
            noticed = not passes(TESTS, mutant)
            unnoticed += not noticed
            word = "noticed by the tests" if noticed else "NOT NOTICED"
            print(f"{word}  {found['proved'][0]}\\n    {mutant}", flush=True)
    told = ", ".join(f"{many} {what}" for what, many in sorted(answers.items()))
    print(
        f"language and arrays: {len(mutated)} mutants of {len(every)}, {unasked} of them in what "
        f"no claim comes through: {told}; under {proving} mutants a wrong claim is proved, "
        f"{unnoticed} of these are not noticed; {perf_counter() - started:.0f} s"
    )
    return not unnoticed


def wrong() -> list[Wrong]:
    """Some of the planted errors of each member that covers."""
    found = [
        Wrong(member, wrt, text)
        for member in covering()
        for wrt in member.network(2, 2, 2, n=2).parameters
        for text in planted(member.network(2, 2, 2, n=2), wrt)
    ]
    return found[::EVERY]


def _reach(claim: Wrong) -> Reached:
    def work() -> None:
        with suppress(Exception):
            _answer(claim)

    return reached(work, FOLDERS)


def asked(mutant: Mutant, claims: list[Wrong]) -> dict[str, Any]:
    """What comes of wrong claims that are read with a mutant."""
    forget("gradcheck_sym.array", "gradcheck_sym.language", "gradcheck_sym.mlp")
    sys.meta_path.insert(0, Planted(mutant))
    signal.signal(signal.SIGALRM, too_slow)
    answers: Counter[str] = Counter()
    proved = []
    for claim in claims:
        signal.setitimer(signal.ITIMER_REAL, A_CLAIM)
        try:
            found = _answer(claim)
        except Rejected:
            found = "rejected by the checker"
        except TooSlow:
            found = "too slow"
        except (Exception, RecursionError):
            found = "errors"
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        answers[found] += 1
        if found == "proved":
            proved.append(str(claim))
    return {"answers": answers, "proved": proved}


def _answer(claim: Wrong) -> str:
    from gradcheck_sym.mlp.formula import formula
    from gradcheck_sym.mlp.network import Network
    from gradcheck_sym.mlp.question import question

    member = claim.member
    network = Network(
        *(2, 2, 2), n=2, hidden=member.hidden, output=member.output, loss=member.loss, bias=True
    )
    typed = formula(claim.text, network, claim.wrt)
    found = answer(question(network, typed, member.assume), quick=True)
    return found if isinstance(found, str) else "proved"
