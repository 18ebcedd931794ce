"""What is remembered of a search for points, for the next entry and the next equation."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from fractions import Fraction
from typing import TypeAlias

from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.refuter.inputs import Values
from gradcheck_sym.values.evaluator import Evaluator, Point

Pattern: TypeAlias = tuple[tuple[int, Fraction], ...]
MOST_KEPT, MOST_FOUND = 6, 4
MOST_EVALUATORS = 100


class Memory:
    """What served, the last first, and the values at points; equations about one network share it.

    Entries differ in the numbers of their indices alone, so what served one serves the next as
    the same point, or as the same pattern: the values by the places in which inputs are read.
    """

    def __init__(self) -> None:
        self.kept: list[Values | Pattern] = [{}]
        self.found: deque[Values] = deque(maxlen=MOST_FOUND)  # before they were made smaller
        self.version = 0  # changes with what is remembered
        self._evaluators: dict[tuple[object, ...], Evaluator] = {}

    @property
    def known(self) -> int:
        """How many points are remembered."""
        return len(self.kept) + len(self.found)

    def remember(self, found: Values) -> None:
        """Remember a point before it is made smaller."""
        self.found.appendleft(found)
        self.version += 1

    def keep(self, served: Values | Pattern) -> None:
        """Remember it as the last that served."""
        self.version += served != self.kept[0]
        others = [kept for kept in self.kept if kept != served]
        self.kept = [served, *others[: MOST_KEPT - 1]]

    def evaluator(
        self,
        definitions: Mapping[str, Definition],
        point: Point,
        sizes: Mapping[str, int],
        precision: int,
    ) -> Evaluator:
        """The evaluator at this point, with the values that it has found already."""
        given = frozenset(point.values.items()), frozenset(point.everywhere.items())
        # an evaluator keeps the definitions, so that their id stays their own
        key = (id(definitions), *given, *sizes.items(), precision)
        if key not in self._evaluators:
            if len(self._evaluators) > MOST_EVALUATORS:
                self._evaluators.clear()
            self._evaluators[key] = Evaluator(definitions, point, sizes, precision)
        return self._evaluators[key]
