"""The second opinion on code: the user's own functions in NumPy, and difference quotients.

It shares nothing with the proof but the functions: no array of ours, no term and no law. So it
notices where what was traced is not what NumPy does, or where a function treats numbers in
another way. Floats decide nothing else.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from random import Random
from types import SimpleNamespace
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.array.shape import sizes
from gradcheck_sym.code.inputs import name_of
from gradcheck_sym.code.run import Run
from gradcheck_sym.errors import CodeError
from gradcheck_sym.sizes import Size

STEP = 1e-5
TOLERANCE = 1e-3  # relative to 1 or to the value
POINTS = 3
SIZES = (2, 3, 4)  # for sizes that are names, so that they differ
MOST_ENTRIES = 12  # of the gradient that are looked at, at each point
CONTRADICTED = 2  # points, so that a border of cases nearby is no disagreement


def disagrees(run: Run, wrt: str, positive: frozenset[str]) -> bool:
    """Whether the functions themselves contradict that the gradient is right."""
    if run.trace.random or not run.script.repeatable:
        return False
    against = 0
    for seed in range(POINTS):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pairs = list(_differences(run, wrt, positive, Random(seed)))
        against += any(abs(q - found) > TOLERANCE * max(1.0, abs(q)) for q, found in pairs)
    return against >= CONTRADICTED


def _differences(
    run: Run, wrt: str, positive: frozenset[str], random: Random
) -> Iterator[tuple[float, float]]:
    """Difference quotients, and what is returned, where both are numbers."""
    import numpy as np

    names: dict[str, int] = {}
    arrays = {name: _values(array, names, random) for name, array in run.arrays.items()}
    for name in positive:
        arrays[name] = np.abs(arrays[name]) + 0.1
    for name in run.labels:
        rows, classes = (_number(size, names) for size in sizes(run.inputs[name].shape))
        arrays[name] = np.array([random.randrange(classes) for _ in range(rows)])
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


def _values(array: Array, names: dict[str, int], random: Random) -> Any:
    import numpy as np

    shape = [_number(size, names) for size in sizes(array.shape)]
    count = int(np.prod(shape))
    return np.array([random.uniform(-1.5, 1.5) for _ in range(count)]).reshape(shape)


def _number(size: Size, names: dict[str, int]) -> int:
    if isinstance(size, int):
        return size
    return names.setdefault(size, SIZES[len(names) % len(SIZES)])
