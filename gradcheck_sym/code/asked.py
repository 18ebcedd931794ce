"""What is asked of two functions, and what is found out of them once for all gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property

from gradcheck_sym.answer import Answers
from gradcheck_sym.code.changed import Changed
from gradcheck_sym.code.deciding import Decided, answers_for, independent
from gradcheck_sym.code.maxima import derived
from gradcheck_sym.code.mend import Mends
from gradcheck_sym.code.numeric import SecondOpinion
from gradcheck_sym.code.run import Run
from gradcheck_sym.code.shapes import Given, small
from gradcheck_sym.deadline import Budget, OutOfTime
from gradcheck_sym.errors import CodeError
from gradcheck_sym.hypotheses import Assumption
from gradcheck_sym.trace.context import maxima_are_free, no_clip_acts

TO_DIAGNOSE = 5.0  # seconds, for all gradients that are refuted
FOR_ANY_MAXIMA = 0.3  # of the time: there may be no such proof


@dataclass
class Asked:
    """What is asked of two functions that were run; `again` runs them at small numbers.

    Where it `explains`, what mends a refuted gradient is looked for: `changed` has what was tried.
    """

    run: Run
    given: Mapping[str, Given]
    assumed: tuple[Assumption, ...]
    timeout: float | None
    again: Callable[[Mapping[str, Given]], Run]
    hypotheses: tuple[str, ...] = ()
    explains: bool = True
    maxima_are_any: bool = False
    changed: dict[Changed, Asked] = field(default_factory=dict)
    waited: float = 0.0  # seconds on the clock for changes

    @cached_property
    def numeric(self) -> SecondOpinion:
        """What NumPy says."""
        return SecondOpinion(self.run, self.assumed)

    @cached_property
    def mends(self) -> Mends:
        """The changes that make wrong gradients right."""
        return Mends(self.run, self.numeric.points())

    @cached_property
    def to_diagnose(self) -> Budget:
        """The time for diagnoses."""
        return Budget(TO_DIAGNOSE if self.timeout is None else min(self.timeout, TO_DIAGNOSE))

    @cached_property
    def small(self) -> Run:
        """The run in which each size that is a name is 2."""
        with no_clip_acts() if self.run.trace.inside_clip else nullcontext():
            return self.again(small(self.given))

    @cached_property
    def unclipped(self) -> Run:
        """The run in which nothing is clipped."""
        with no_clip_acts():
            return self.again(self.given)

    @cached_property
    def free(self) -> Asked | None:
        """The same where every maximum is any number, with less time."""
        with no_clip_acts() if self.run.trace.inside_clip else nullcontext(), maxima_are_free():
            try:
                run = self.again(self.given)
            except (CodeError, OutOfTime):
                return None
        seconds = self.timeout and self.timeout * FOR_ANY_MAXIMA
        return replace(self, run=run, timeout=seconds, maxima_are_any=True)

    @cached_property
    def independent(self) -> Decided | None:
        """Why the loss depends on no maximum."""
        return independent(self.run, self.assumed, self.timeout)

    def answers(self, run: Run, name: str) -> Answers:
        """The answers to the question about one input."""
        known = None if self.maxima_are_any else derived(run)
        return answers_for(run, name, self.assumed, self.timeout, known)
