"""The second opinion on code: the user's own functions in NumPy, and difference quotients.

It shares nothing with the proof but the functions, and at which points its conditions hold. So it
notices where what was traced is not what NumPy does, or where a function treats numbers in
another way. Floats decide nothing else.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from random import Random
from types import SimpleNamespace
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.array.shape import sizes
from gradcheck_sym.checker.check import Theorem
from gradcheck_sym.checker.evaluator import Evaluator, Point
from gradcheck_sym.checker.witness import Place
from gradcheck_sym.code.inputs import name_of
from gradcheck_sym.code.run import Run
from gradcheck_sym.errors import CodeError
from gradcheck_sym.sizes import Size
from gradcheck_sym.verdict import Evidence

STEP = 1e-5
TOLERANCE = 1e-3  # relative to 1 or to the value
POINTS = 6
RANGES = ((-1.5, 1.5), (0.05, 0.95))  # between which numbers are drawn, in turn
SIZES = (2, 3, 4)  # for sizes that are names, so that they differ
MOST_ENTRIES = 12  # of the gradient that are looked at, at each point
CONTRADICTED = 2  # points, so that a border of cases nearby is no disagreement


def disagrees(
    run: Run, wrt: str, positive: frozenset[str], proofs: Sequence[Evidence] = ()
) -> bool:
    """Whether the functions themselves contradict that the gradient is right.

    Points at which a condition of the proofs does not hold are passed over.
    """
    if run.trace.random or not run.script.repeatable:
        return False
    against = 0
    for seed in range(POINTS):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            span = RANGES[seed % len(RANGES)]
            pairs = list(_differences(run, wrt, positive, proofs, Random(seed), span))
        against += any(abs(q - found) > TOLERANCE * max(1.0, abs(q)) for q, found in pairs)
    return against >= CONTRADICTED


def _differences(
    run: Run,
    wrt: str,
    positive: frozenset[str],
    proofs: Sequence[Evidence],
    random: Random,
    span: tuple[float, float],
) -> Iterator[tuple[float, float]]:
    """Difference quotients, and what is returned, where both are numbers."""
    import numpy as np

    names: dict[str, int] = {}
    arrays = {name: _values(array, names, random, span) for name, array in run.arrays.items()}
    for name in positive:
        arrays[name] = np.abs(arrays[name]) + 0.1
    for name in run.labels:
        rows, classes = (_number(size, names) for size in sizes(run.inputs[name].shape))
        arrays[name] = np.array([random.randrange(classes) for _ in range(rows)])
    if not all(_admits(proof.theorem, arrays, run.labels, names) for proof in proofs):
        return
    inputs = [*run.inputs, *run.constants]
    functions = run.script.functions
    code = SimpleNamespace(**dict(zip(("function", "gradient"), functions, strict=False)))
    vars(code).update({name_of(function): function for function in functions})
    lines = compile("\n".join(run.script.lines(inputs)), "<script>", "exec")
    returned = compile(run.script.place(wrt), "<script>", "eval")
    space: dict[str, Any] = {"np": np, "code": code, **names, **run.constants}
    try:
        for place in list(np.ndindex(arrays[wrt].shape))[:MOST_ENTRIES]:
            values = {name: np.copy(array) for name, array in arrays.items()}
            here = {**space, **values}
            exec(lines, here)
            found = np.array(eval(returned, here))[place]
            here.update({name: np.copy(array) for name, array in arrays.items()})  # as before
            sides = []
            for step in (STEP, -STEP):
                moved = {name: np.copy(array) for name, array in arrays.items()} | dict(
                    run.constants
                )
                moved[wrt][place] += step
                sides.append(here["value"](*(moved[name] for name in inputs)))
            quotient = (float(sides[0]) - float(sides[1])) / (2 * STEP)
            if np.isfinite(quotient) and np.isfinite(found):
                yield quotient, float(found)
    except CodeError:
        raise
    except Exception:  # what fails on these numbers says nothing of others
        return


def _admits(
    theorem: Theorem, arrays: Mapping[str, Any], labels: Collection[str], names: Mapping[str, int]
) -> bool:
    """Whether the conditions of a theorem hold for these arrays."""
    import numpy as np

    values: dict[tuple[Any, ...], Fraction] = {}
    for name, array in arrays.items():
        if name in labels:
            values |= {(name, row + 1, int(k) + 1): Fraction(1) for row, k in enumerate(array)}
        else:
            values |= {
                (name, *(k + 1 for k in place)): Fraction(float(array[place]))
                for place in np.ndindex(array.shape)
            }
    place = Place(Evaluator(theorem.statement.definitions, Point(values), names))
    try:
        return all(map(place.satisfies, theorem.conditions))
    except (ArithmeticError, LookupError):
        return False


def _values(array: Array, names: dict[str, int], random: Random, span: tuple[float, float]) -> Any:
    import numpy as np

    shape = [_number(size, names) for size in sizes(array.shape)]
    count = int(np.prod(shape))
    return np.array([random.uniform(*span) for _ in range(count)]).reshape(shape)


def _number(size: Size, names: dict[str, int]) -> int:
    if isinstance(size, int):
        return size
    return names.setdefault(size, SIZES[len(names) % len(SIZES)])
