"""A refutation, looked at where it says that the two sides differ.

Both have to be meant there and to lie in the enclosures that are given, and the NumPy code has to
print two numbers that differ.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import Any

import numpy as np
from mpmath import mp, mpf

from gradcheck_sym import Report
from gradcheck_sym.render.reproduction import reproduction
from tests.adversary.evaluate import Numbers
from tests.adversary.points import lettered, shapes, shown
from tests.adversary.questions import Asked

DIGITS, MANY = 110, 420
CLOSE = mpf(10) ** -18


def false_refutation(asked: Asked, report: Any, entry: Any) -> list[str]:
    """What is wrong with a refuted entry."""
    point = entry.verdict.counterexample
    known = {size: 1 for size in (*asked.layers, asked.n) if isinstance(size, str)}
    sizes = lettered(asked, {**known, **point.sizes})
    free = {}
    for name, shape in shapes(asked, sizes).items():
        free[name] = np.zeros(shape, dtype=object)
    _allow(free["Y"], asked.assume, point.values)
    for listed, value in point.values.items():
        name, _, places = listed.rstrip("]").partition("[")
        free[name][tuple(int(k) - 1 for k in places.split(",") if k)] = value
    place = tuple(int(point.indices.get(str(k), k)) - 1 for k in entry.index)
    numbers = Numbers(asked, sizes, free)
    with mp.workdps(MANY):
        (above, below), claim = numbers.slopes(place, MANY // 3), numbers.claim(place)
        said = f"at {place}, {shown(free)}: slopes {mp.nstr(above, 12)}, {mp.nstr(below, 12)}; "
        said += f"claim {mp.nstr(claim, 12)}; {point.left} and {point.right} were said"
        if not close(above, below) or mp.isnan(claim):
            return [f"REFUTED WHERE NOTHING IS MEANT {said}"]
        if not (_inside(above, point.left) and _inside(claim, point.right)):
            return [f"REFUTED WITH WRONG NUMBERS {said}"]
        if abs(above - claim) <= mpf(10) ** -60 * (1 + abs(claim)):
            return [f"REFUTED AND TRUE {said}"]
    return wrong_code(reproduction(report, entry)) if isinstance(report, Report) else []


def _allow(y: Any, assume: tuple[str, ...], values: Any) -> None:
    """Give the entries of Y that are not listed what the hypothesis asks for."""
    if "Y**2 == 1" in assume:
        y[:] = 1
    if "Y.sum(axis=1) == 1" in assume:
        y[:, -1] = 1
        for listed in values:
            if listed.startswith("Y["):
                y[int(listed[2:].split(",")[0]) - 1] = 0


def _inside(value: mpf, bounds: Any) -> bool:
    low, high = (mpf(text.partition("/")[0]) / mpf(text.partition("/")[2] or 1)
                 for text in (bounds.low, bounds.high))  # fmt: skip
    return bool(low - CLOSE * (1 + abs(low)) <= value <= high + CLOSE * (1 + abs(high)))


def wrong_code(code: str) -> list[str]:
    """What is wrong with the NumPy code of a refutation, which prints the two numbers."""
    printed = io.StringIO()
    try:
        with (
            contextlib.redirect_stdout(printed),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
        ):
            warnings.simplefilter("ignore")
            exec(code, {})
    except Exception as error:
        return [f"THE CODE FAILS: {type(error).__name__}: {error}: {code}"]
    first, *caution = printed.getvalue().splitlines()
    left, right = (float(word) for word in first.split()[:2])
    if not caution and not abs(left - right) > 1e-12 * max(abs(left), abs(right)):
        return [f"THE CODE SHOWS NO DIFFERENCE: {first}: {code}"]
    return []


def close(one: mpf, other: mpf) -> bool:
    """Whether two numbers are one, as far as their digits tell."""
    return bool(abs(one - other) <= CLOSE * (1 + abs(one) + abs(other)))
