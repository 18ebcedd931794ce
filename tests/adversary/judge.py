"""What the tool says to a question, held against the numbers.

A proof is looked at where its conditions hold: J has to have one slope there, and that is the
claim's value. For a refutation see `refutation.py`.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from time import process_time
from typing import Any

import numpy as np
from mpmath import mp, mpf

from gradcheck_sym import GradcheckError, Network, Proved, Refuted, Report, check, formula
from tests import numeric
from tests.adversary.evaluate import Numbers
from tests.adversary.points import drawn, lettered, shapes, shown, sizes_at
from tests.adversary.questions import Asked
from tests.adversary.refutation import DIGITS, MANY, close, false_refutation

MOST = 1500
POINTS, TRIES = 6, 40
LARGE = 100  # of z: beyond, e^z takes more digits than we have
ENTRIES = 3


class OverTime(BaseException):
    """The limit on seconds is reached; no Exception, so that nothing catches it on its way."""


@dataclass(frozen=True)
class Judged:
    """What was said, and what is wrong with it; `points` counts where it was looked at."""

    said: str
    wrong: tuple[str, ...] = ()
    points: int = 0
    seconds: float = 0.0
    because: str = ""


def judged(asked: Asked, seconds: float = 10.0, seed: int = 0) -> Judged:
    """Ask, and look at the answer."""
    started = process_time()
    try:
        with limited(seconds):
            report = answer(asked)
    except GradcheckError as error:
        return Judged("not taken", because=str(error))
    except OverTime:
        return Judged("over time", seconds=process_time() - started)
    except Exception as error:
        return Judged("an error", because=f"{type(error).__name__}: {error}")
    took = process_time() - started
    try:
        with limited(2 * seconds):
            wrong, points = faults(asked, report, Random(seed))
    except OverTime:
        return Judged(f"{report.verdict}, not looked at", seconds=took)
    return Judged(report.verdict, tuple(wrong), points, took)


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises `OverTime` after so many seconds of this process."""

    def over(*_: object) -> None:
        raise OverTime

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def answer(asked: Asked) -> Report:
    """The tool's report."""
    network = Network(
        *asked.layers,
        n=asked.n,
        hidden=asked.hidden,
        output=asked.output,
        loss=asked.loss,
        bias=asked.bias,
        mean=asked.mean,
        l2=asked.l2,
    )
    return check(network, formula(asked.claim, network, asked.wrt), assume=asked.assume)


def faults(asked: Asked, report: Report, random: Random) -> tuple[list[str], int]:
    """What is wrong with the verdicts, and at how many points they were looked at."""
    found: list[str] = []
    points = 0
    proved = [entry for entry in report.entries if isinstance(entry.verdict, Proved)]
    refuted = [entry for entry in report.entries if isinstance(entry.verdict, Refuted)]
    for entry in random.sample(proved, min(ENTRIES, len(proved))):
        wrong, looked = _false_proof(asked, entry, random)
        points += looked
        found += wrong
        if not looked and not wrong:
            found.append(f"vacuous? {entry.index}: no point found where its conditions hold")
    for entry in random.sample(refuted, min(ENTRIES, len(refuted))):
        points += 1
        found += false_refutation(asked, report, entry)
    return found, points


# Proved ------------------------------------------------------------------------------------


def _false_proof(asked: Asked, entry: Any, random: Random) -> tuple[list[str], int]:
    evidence = entry.verdict.evidence
    looked = 0
    for k in range(TRIES):
        if k == 0 and evidence.proof.witness:
            sizes, free = _at_witness(asked, evidence.proof.witness)
        else:
            sizes = sizes_at(asked, random)
            free = drawn(asked, sizes, random)
        numbers = Numbers(asked, sizes, free)
        if numbers.largest() > LARGE or not _admitted(evidence.theorem, sizes, free, random):
            continue
        place = tuple(
            index - 1 if isinstance(index, int) else random.randrange(count)
            for index, count in zip(entry.index, free[asked.wrt].shape, strict=True)
        )
        if fault := _disagree(numbers, place):
            return [f"PROVED AND FALSE at {place}, {shown(free)}: {fault}"], looked
        looked += 1
        if looked == POINTS:
            break
    return [], looked


def _at_witness(asked: Asked, witness: Any) -> tuple[dict[str, int], dict[str, Any]]:
    known = {size: 2 for size in (*asked.layers, asked.n) if isinstance(size, str)}
    sizes = lettered(asked, {**known, **witness.sizes})
    free = {}
    for name, shape in shapes(asked, sizes).items():
        free[name] = np.empty(shape, dtype=object)
        for place in np.ndindex(shape):
            key = (name, *(k + 1 for k in place))
            free[name][place] = witness.values.get(key, witness.everywhere.get(name, 0))
    return sizes, free


def _admitted(theorem: Any, sizes: Any, free: Any, random: Random) -> bool:
    """Whether the conditions of the theorem hold at a point."""
    if not theorem.conditions:
        return True
    with mp.workdps(DIGITS):
        point = numeric.Point(theorem.statement, random, "real")
        point.sizes = dict(sizes)
        for name, array in free.items():
            for place in np.ndindex(array.shape):
                key = (name, *(k + 1 for k in place))
                point.values[key] = mpf(array[place].numerator) / array[place].denominator
        try:
            return all(numeric.holds(point, needed) for needed in theorem.conditions)
        except numeric.Undefined:
            return False


def _disagree(numbers: Numbers, place: tuple[int, ...]) -> str:
    """What is wrong at a point where the claim should be the one slope of J."""
    for digits in (DIGITS, MANY, MOST):  # where two numbers nearly cancel, the first are too few
        with mp.workdps(digits):
            slopes, claim = numbers.slopes(place, digits // 3), numbers.claim(place)
            if all(close(slope, claim) for slope in slopes):
                return ""
            said = f"{[mp.nstr(slope, 12) for slope in slopes]} is not {mp.nstr(claim, 12)}"
    return said
