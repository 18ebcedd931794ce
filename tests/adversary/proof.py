"""A proof, looked at where its conditions hold: J has one slope there, which is what is claimed."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
from mpmath import mp, mpf

from gradcheck_sym.conditions import plain
from tests import numeric
from tests.adversary.evaluate import Numbers
from tests.adversary.points import drawn, lettered, shapes, shown, sizes_at
from tests.adversary.questions import Asked
from tests.adversary.refutation import DIGITS, MANY, close

MOST = 1500
POINTS, TRIES = 6, 40
LARGE = 100  # of z and of J's digits: beyond, e^z and J take more digits than we have


@dataclass
class Looked:
    """At how many points a proof was looked at, and what was found."""

    points: int = 0
    wrong: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def looked_at(asked: Asked, entry: Any, random: Random) -> Looked:
    """What is wrong with a proved entry, at the witness and at random points."""
    evidence, found = entry.verdict.evidence, Looked()
    for k in range(TRIES):
        if k == 0 and evidence.proof.witness:
            sizes, free = _at_witness(asked, evidence.proof.witness)
        else:
            sizes = sizes_at(asked, random)
            free = drawn(asked, sizes, random)
        numbers = Numbers(asked, sizes, free)
        if numbers.largest() > LARGE:
            continue
        place = tuple(
            index - 1 if isinstance(index, int) else random.randrange(count)
            for index, count in zip(entry.index, free[asked.wrt].shape, strict=True)
        )
        if abs(numbers.loss(place, mpf(0))) > mpf(10) ** LARGE:
            continue
        admitted = _admitted(evidence.theorem, sizes, free, random)
        if isinstance(admitted, str):
            found.wrong.append(admitted)
        elif not admitted:
            if not found.left_out and (fault := _smooth_and_other(numbers, place)):
                found.left_out.append(f"LEFT OUT at {place}, {shown(free)}: {fault}")
            continue
        elif fault := _disagree(numbers, place):
            found.wrong.append(f"PROVED AND FALSE at {place}, {shown(free)}: {fault}")
        found.points += 1
        if found.wrong or found.points == POINTS:
            break
    return found


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


def _admitted(theorem: Any, sizes: Any, free: Any, random: Random) -> bool | str:
    """Whether the conditions hold at a point as they are told to people, or what is wrong there."""
    if not theorem.conditions:
        return True
    told = plain(theorem.conditions, theorem.statement)
    own = said = False
    for digits in (DIGITS, MANY, MOST):  # u² may be too small for the first where u is not
        with mp.workdps(digits):
            point = numeric.Point(theorem.statement, random, "real")
            point.sizes = dict(sizes)
            for name, array in free.items():
                for place in np.ndindex(array.shape):
                    key = (name, *(k + 1 for k in place))
                    point.values[key] = mpf(array[place].numerator) / array[place].denominator
            try:
                own, said = (
                    all(numeric.holds(point, x) for x in some)
                    for some in (theorem.conditions, told)
                )
            except numeric.Undefined:
                return False
        if own == said:
            return own
    word = "ARE LOST" if said else "ARE ADDED"
    return f"CONDITIONS {word} where they are told, at {shown(free)}: {told}"


def _disagree(numbers: Numbers, place: tuple[int, ...]) -> str:
    """What is wrong at a point where the claim should be the one slope of J."""
    for digits in (DIGITS, MANY, MOST):  # where two numbers nearly cancel, the first are too few
        with mp.workdps(digits):
            slopes, claim = numbers.slopes(place, digits // 3), numbers.claim(place)
            if all(close(slope, claim) for slope in slopes):
                return ""
            said = f"{[mp.nstr(slope, 12) for slope in slopes]} is not {mp.nstr(claim, 12)}"
    return said


def _smooth_and_other(numbers: Numbers, place: tuple[int, ...]) -> str:
    """What the claim should be at a point where J has one slope, if it is something else."""
    with mp.workdps(DIGITS):
        (above, below), claim = numbers.slopes(place), numbers.claim(place)
        if not close(above, below) or mp.isnan(claim) or close(above, claim):
            return ""
        return f"{mp.nstr(above, 12)} is not {mp.nstr(claim, 12)}"
