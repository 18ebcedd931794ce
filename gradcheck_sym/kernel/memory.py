"""What is remembered of a search for points, for the next entry and the next equation."""

from __future__ import annotations

from collections import deque
from fractions import Fraction
from typing import Any

from gradcheck_sym.kernel.context import Context
from gradcheck_sym.kernel.interval import Evaluator, Point

Pattern = tuple[tuple[int, Fraction], ...]
MOST_KEPT, MOST_FOUND = 6, 4
MOST_EVALUATORS = 100


class Memory:
    """What served, the last first, and the values at points; equations about one network share it.

    Entries differ in the numbers of their indices alone, so what served one serves the next as
    the same point, or as the same pattern: the values by the places in which inputs are read.
    """

    def __init__(self) -> None:
        self.kept: list[Point | Pattern] = [{}]
        self.found: deque[Point] = deque(maxlen=MOST_FOUND)  # before they were made smaller
        self._evaluators: dict[tuple[object, ...], Evaluator] = {}

    def keep(self, served: Point | Pattern) -> None:
        """Remember it as the last that served."""
        others = [kept for kept in self.kept if kept != served]
        self.kept = [served, *others[: MOST_KEPT - 1]]

    def evaluator(self, context: Context, point: Point, *options: Any) -> Evaluator:
        """The evaluator at this point, with the values that it has found already."""
        sizes, *others = options
        key = (frozenset(point.items()), *sizes.items(), *others)
        if key not in self._evaluators:
            if len(self._evaluators) > MOST_EVALUATORS:
                self._evaluators.clear()
            self._evaluators[key] = Evaluator(context, point, *options)
        return self._evaluators[key]
