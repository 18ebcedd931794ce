"""What the tool says to a question, held against the numbers.

Proofs are looked at in `proof.py`, refutations in `refutation.py`.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from time import process_time
from types import FrameType
from typing import Any

from gradcheck_sym import GradcheckError, Network, Proved, Refuted, Report, check, formula
from gradcheck_sym.deadline import AGAIN, is_collecting
from tests.adversary.proof import looked_at
from tests.adversary.questions import Asked
from tests.adversary.refutation import false_refutation

MOST = 1500
POINTS, TRIES = 6, 40
LARGE = 100  # of z: beyond, e^z takes more digits than we have
ENTRIES = 3


Ask = Callable[[Asked], Any]


class OverTime(BaseException):
    """The limit on seconds is reached; no Exception, so that nothing catches it on its way."""


@dataclass(frozen=True)
class Judged:
    """What was said, and what is wrong with it; `points` counts where it was looked at.

    `left_out` are points that the conditions of a proof leave out although J is smooth there and
    the claim is meant: another value than the claim's is no lie of the theorem, and a poor answer.
    """

    said: str
    wrong: tuple[str, ...] = ()
    points: int = 0
    seconds: float = 0.0
    because: str = ""
    left_out: tuple[str, ...] = ()


def judged(asked: Asked, seconds: float = 10.0, seed: int = 0, *, ask: Ask | None = None) -> Judged:
    """Ask, and look at the answer."""
    started = process_time()
    try:
        with limited(seconds):
            report = (ask or answer)(asked)
    except GradcheckError as error:
        return Judged("not taken", because=str(error))
    except OverTime:
        return Judged("over time", seconds=process_time() - started)
    except Exception as error:
        return Judged("an error", because=f"{type(error).__name__}: {error}")
    took = process_time() - started
    try:
        with limited(2 * seconds):
            wrong, left_out, points = faults(asked, report, Random(seed))
    except OverTime:
        return Judged(f"{report.verdict}, not looked at", seconds=took)
    return Judged(report.verdict, tuple(wrong), points, took, left_out=tuple(left_out))


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises `OverTime` after so many seconds of this process."""

    def over(_: int, frame: FrameType | None) -> None:
        if not is_collecting(frame):
            raise OverTime

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def answer(asked: Asked) -> Report:
    """The tool's report."""
    network = Network(*asked.layers, **asked.options)
    return check(network, formula(asked.claim, network, asked.wrt), assume=asked.assume)


def faults(asked: Asked, report: Any, random: Random) -> tuple[list[str], list[str], int]:
    """What is wrong with the verdicts, what they leave out, and how many points were looked at."""
    found: list[str] = []
    left_out: list[str] = []
    points = 0
    proved = [entry for entry in report.entries if isinstance(entry.verdict, Proved)]
    refuted = [entry for entry in report.entries if isinstance(entry.verdict, Refuted)]
    for entry in random.sample(proved, min(ENTRIES, len(proved))):
        looked = looked_at(asked, entry, random)
        points += looked.points
        found += looked.wrong
        left_out += looked.left_out
        if not looked.points and not looked.wrong:
            found.append(f"vacuous? {entry.index}: no point found where its conditions hold")
    for entry in random.sample(refuted, min(ENTRIES, len(refuted))):
        points += 1
        found += false_refutation(asked, report, entry)
    return found, left_out, points
