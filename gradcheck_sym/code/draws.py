"""Random numbers in an answer: a point, and what a proof needs, have to be such as can be drawn.

A proof holds for any numbers, which is more than all that can be drawn. A point counts only where
`np.random` may give it: between the bounds, and an integer where that is what is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial

from gradcheck_sym.answer import Answers
from gradcheck_sym.array import Array, Let
from gradcheck_sym.array.entries import Entries
from gradcheck_sym.array.graph import names
from gradcheck_sym.array.shape import letters
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Hypothesis
from gradcheck_sym.code.run import Run
from gradcheck_sym.deadline import OutOfTime, deadline
from gradcheck_sym.question import Question
from gradcheck_sym.refuter.inputs import Derived, Values
from gradcheck_sym.refuter.witnesses import find_witness
from gradcheck_sym.term.functions import Relation
from gradcheck_sym.term.terms import Entry
from gradcheck_sym.trace.stand_for import Draw
from gradcheck_sym.values.evaluator import Point
from gradcheck_sym.verdict import Evidence, Refuted, Verdict

NO_POINT = "no proof was found, and no point at which the random numbers are such as can be drawn"
NOT_DRAWN = "a proof was found, but no point at which what it needs holds of numbers that are drawn"
REPEATED = "generators of one seed that may have drawn before may draw the same: draw once"
SECONDS = 3.0  # for such a point

Asking = Callable[[Sequence[Obligation]], Question]  # what is needed as well → the question


def drawn(run: Run, named: Container[str]) -> list[Draw]:
    """What was drawn, and is read."""
    return [draw for draw in run.trace.draws if draw.array.name in named]


def bits(run: Run, named: Container[str]) -> Iterator[Hypothesis]:
    """That what is drawn is 0 or 1, where it is, and so are the entries of a triangle."""
    found = [draw.array for draw in run.trace.draws if draw.kind == "bits"]
    for array in (*found, *(one.array for one in run.trace.triangles)):
        if array.name in named:
            places = letters(array.shape)
            entry = Entry(array.name, places)
            yield Hypothesis(places, entry * entry, entry)


class OfDraws(Answers):
    """Answers about functions that draw random numbers of which something is known."""

    def __init__(
        self,
        ask: Asking,
        draws: Sequence[Draw],
        seconds: float | None,
        derived: Derived | None = None,
        rests: Callable[[Sequence[Evidence]], bool] = bool,
    ) -> None:
        """Whether what is derived, of maxima and triangles, matters to a proof, `rests` tells."""
        super().__init__(ask(()), seconds, derived=derived)
        self._ask, self._seconds, self._rests = ask, seconds, rests
        self._known = [d for d in draws if d.kind != "bits" and d.high is not None]
        unplaced = {draw.unplaced for draw in draws if draw.unplaced}
        self.repeated = len(unplaced) > len({seed for seed, _ in unplaced})
        self._bounds = tuple(needed for draw in self._known for needed in _bounds(draw))

    @property
    def _counts(self) -> set[str]:
        """What is drawn as integers."""
        return {draw.array.name for draw in self._known if draw.kind == "counts"}

    @property
    def bounded(self) -> bool:
        """Whether some of it is not any number."""
        return bool(self._known)

    def within(self) -> Answers:
        """The answers where each random number is between its bounds."""
        return Answers(self._ask(self._bounds), self._seconds, derived=self._derived)

    def can_hold(self, proofs: Sequence[Evidence]) -> bool:
        """Whether numbers that can be drawn meet the conditions of each proof."""
        bounded = [proof for proof in proofs if self._bounds and proof.conditions]
        with suppress(OutOfTime), deadline(SECONDS):
            return all(map(self._holds_if_drawn, bounded))
        return False

    def _holds_if_drawn(self, proof: Evidence) -> bool:
        """A maximum of logarithms is no number that is known, and may not matter."""
        follows = partial(self._if_drawn, self._derived if self._rests([proof]) else None)
        conditions = *proof.theorem.conditions, *self._bounds
        return find_witness(proof.theorem.statement, conditions, follows) is not None

    def _if_drawn(
        self, derived: Derived | None, point: Point, sizes: Mapping[str, int]
    ) -> Values | None:
        """What follows from a point; nothing does from one at which counts are no integers."""
        every = [
            *((key[0], value) for key, value in point.values.items()),
            *point.everywhere.items(),
        ]
        if any(name in self._counts and value.denominator != 1 for name, value in every):
            return None
        return derived(point, sizes) if derived else {}

    def is_drawn(self, verdict: Verdict) -> bool:
        """Whether it is no point, or one that may be drawn."""
        if not isinstance(verdict, Refuted):
            return True
        values = verdict.counterexample.values.items()
        unsure = any(_rests_on_names(draw) for draw in self._known)
        return not unsure and all(
            value.denominator == 1 for key, value in values if key.partition("[")[0] in self._counts
        )


def _rests_on_names(draw: Draw) -> bool:
    """Whether the bounds speak of what the question may not define."""
    told = [bound for bound in (draw.low, draw.high) if bound is not None]
    return any(isinstance(array, Let) for array in names(*told).values())


def _bounds(draw: Draw) -> Iterator[Obligation]:
    if _rests_on_names(draw):
        return
    last: Relation = ">" if draw.kind == "numbers" else "≥"
    pairs: list[tuple[Array | None, Array | None, Relation]] = [
        (draw.array, draw.low, "≥"),
        (draw.high, draw.array, last),
    ]
    entries = Entries()
    for left, right, relation in pairs:
        above: Array = OPERATIONS["subtract"](left, right)
        places = letters(above.shape)
        yield Obligation(entries.at(above, above.places(places)), relation)
