"""The second opinion on code: the user's own functions in NumPy, and difference quotients.

It shares nothing with the proof but the functions, and at which points its conditions hold. So it
notices where what was traced is not what NumPy does, or where a function treats numbers in another
way. Floats decide nothing else.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from random import Random
from types import SimpleNamespace
from typing import Any

from gradcheck_sym.array.shape import sizes
from gradcheck_sym.checker.check import Theorem
from gradcheck_sym.checker.evaluator import Evaluator, Point
from gradcheck_sym.checker.witness import Place
from gradcheck_sym.code.run import Run
from gradcheck_sym.deadline import OutOfTime, deadline, wall_clock
from gradcheck_sym.sizes import Size
from gradcheck_sym.verdict import Evidence

STEP = 1e-5
RELATIVE = 1e-4  # how far the two may be from one another, of the larger one,
OF_LOSS = 1e-8  # and beside that of the loss, whose digits a difference quotient loses
SIZES = ((2, 3, 4), (4, 3, 2), (3, 2, 4), (1, 2, 3), (2, 1, 1), (3, 3, 3))  # for names
RANGES = ((-1.5, 1.5), (0.05, 0.95))  # between which numbers are drawn
MOST_ENTRIES = 12  # of the gradient that are looked at, at each point
CONTRADICTED = 2  # points, so that a border of cases nearby is no disagreement
SECONDS = 5.0


@dataclass(frozen=True)
class Opinion:
    """How many points agree, and disagree; `failed` is what NumPy raised.

    `refused` is what it raised at sizes that it does not take.
    """

    agree: int
    against: int
    failed: str | None
    refused: str | None = None

    @property
    def seen(self) -> bool:
        """Whether there was anything to compare."""
        return bool(self.agree or self.against)

    @property
    def contradicts(self) -> bool:
        """Whether the functions themselves say that the gradient is wrong."""
        return self.against >= CONTRADICTED or (self.against > 0 and not self.agree)


def second_opinion(
    run: Run, wrt: str, positive: frozenset[str], proofs: Sequence[Evidence] = ()
) -> Opinion:
    """Compare difference quotients with what is returned, where the proofs' conditions hold."""
    agree = against = 0
    failed: str | None = None
    refused: str | None = None
    with contextlib.suppress(OutOfTime), deadline(SECONDS), wall_clock(2 * SECONDS):
        for seed in range(2 * len(SIZES)):
            drawn = _Drawn(run, positive, seed)
            if not all(drawn.admits(proof.theorem) for proof in proofs):
                continue
            try:
                with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                    warnings.simplefilter("ignore")
                    pairs = list(drawn.differences(wrt))
            except OutOfTime:
                raise
            except (Exception, SystemExit) as error:
                failed = f"{type(error).__name__}: {error}"
                if not isinstance(error, ArithmeticError):  # which is of the numbers there
                    at = ", ".join(f"{name} = {size}" for name, size in drawn.sizes.items())
                    refused = refused or (f"at {at}: {failed}" if at else failed)
                continue
            if pairs:
                wrong = any(abs(q - found) > most for q, found, most in pairs)
                agree, against = agree + (not wrong), against + wrong
    return Opinion(agree, against, failed, refused)


class _Drawn:
    """Numbers for all inputs and sizes."""

    def __init__(self, run: Run, positive: frozenset[str], seed: int) -> None:
        import numpy as np

        self._run, random = run, Random(seed)
        numbers = SIZES[seed // 2 % len(SIZES)]
        names = dict.fromkeys([*run.sizes, *_size_names(run)])
        self.sizes = {name: numbers[k % len(numbers)] for k, name in enumerate(names)}
        self.arrays: dict[str, Any] = {}
        low, high = RANGES[seed % len(RANGES)]
        for name, array in run.arrays.items():
            shape = [self._number(size) for size in sizes(array.shape)]
            if name in run.labels:
                rows, classes = shape
                drawn = [random.randrange(classes) for _ in range(rows)]
                self.arrays[name] = np.array(drawn, dtype=int)
                continue
            values = np.array([random.uniform(low, high) for _ in range(int(np.prod(shape)))])
            self.arrays[name] = values.reshape(shape)
            if name in positive:
                self.arrays[name] = np.abs(self.arrays[name]) + 0.1
        self._random = random

    def _number(self, size: Size) -> int:
        return self.sizes[size] if isinstance(size, str) else size

    def differences(self, wrt: str) -> Iterator[tuple[float, float, float]]:
        """Difference quotients, what is returned, and how far the two may be apart."""
        import numpy as np

        run, inputs = self._run, [*self._run.inputs, *self._run.constants]
        here: dict[str, Any] = {
            **{"np": np, "deepcopy": deepcopy, **self.sizes, **run.constants},
            **{name: np.copy(array) for name, array in self.arrays.items()},
            "_user": SimpleNamespace(**{f"f{k}": f for k, f in enumerate(run.script.functions)}),
        }
        # the same lines as in the script that is shown: what is run is what a reader can run
        exec(self._lines, here)
        returned = np.asarray(eval(run.script.place(wrt), here))
        if returned.shape != self.arrays[wrt].shape:
            raise ValueError(f"what is returned has the shape {returned.shape}")
        every = list(np.ndindex(self.arrays[wrt].shape))
        for place in self._random.sample(every, min(len(every), MOST_ENTRIES)):
            values = []
            for step in (STEP, -STEP):
                moved = {name: np.copy(array) for name, array in self.arrays.items()}
                moved[wrt][place] += step
                given = {**moved, **deepcopy(dict(run.constants))}
                values.append(float(here["_value"](*(given[name] for name in inputs))))
            quotient, found = (values[0] - values[1]) / (2 * STEP), float(returned[place])
            if np.isfinite(quotient) and np.isfinite(found):
                scale = max(abs(quotient), abs(found))
                yield quotient, found, RELATIVE * scale + OF_LOSS * max(map(abs, values)) + 1e-9

    @cached_property
    def _lines(self) -> Any:
        run = self._run
        names = [f"_user.f{k}" for k in range(len(run.script.functions))]
        inputs = [*run.inputs, *run.constants]
        return compile("\n".join(run.script.lines(inputs, names)), "<script>", "exec")

    def admits(self, theorem: Theorem) -> bool:
        """Whether the conditions of a theorem hold here."""
        import numpy as np

        values: dict[tuple[Any, ...], Fraction] = {}
        for name, array in self.arrays.items():
            if name in self._run.labels:
                rows = enumerate(array)
                values |= {(name, row + 1, int(k) + 1): Fraction(1) for row, k in rows}
            else:
                values |= {
                    (name, *(k + 1 for k in place)): Fraction(float(array[place]))
                    for place in np.ndindex(array.shape)
                }
        evaluator = Evaluator(theorem.statement.definitions, Point(values), self.sizes)
        try:
            return all(map(Place(evaluator).satisfies, theorem.conditions))
        except (ArithmeticError, LookupError):
            return False


def _size_names(run: Run) -> Iterator[str]:
    for array in run.arrays.values():
        yield from (size for size in sizes(array.shape) if isinstance(size, str))
