"""The answer to a question: a proof that the checker replayed, or a point, or neither.

`Proved` is made here alone, from a `Theorem`, which the checker alone makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from gradcheck_sym.checker.check import Rejected, Theorem, conclude, replay
from gradcheck_sym.prover.gradient import Prover
from gradcheck_sym.question import Question
from gradcheck_sym.refuter.derivative import derivative
from gradcheck_sym.refuter.points import FEW_TRIES, QUICK_TRIES, THOROUGH_TRIES, Tries
from gradcheck_sym.refuter.search import Search
from gradcheck_sym.refuter.witnesses import find_witness
from gradcheck_sym.verdict import (
    Counterexample,
    Evidence,
    Proved,
    Refuted,
    Undecided,
    Verdict,
)

MOST_INSTANCES = 100  # entries that get a proof of their own
NOT_FOUND = "no proof was found, and no point at which the two sides differ"
NOWHERE = "a proof was found, but no point at which all that it needs holds: defined nowhere?"


class Answers:
    """Verdicts on the entries of a question, a general proof first."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.prover = Prover(question.statement, question.always)
        self._refuted = False
        self._instances = 0
        self._reason = NOT_FOUND

    def entry(self, at: Mapping[str, int]) -> Verdict:
        """The verdict where the letters of these names are these numbers."""
        if self._quick:
            return Proved(self._quick)
        if point := self._point(at, self._first_tries):
            self._refuted = True
            return Refuted(point)
        if not self._refuted and not self._differs and self._thorough:
            return Proved(self._thorough)
        if point := self._point(at, QUICK_TRIES):
            self._refuted = True
            return Refuted(point)
        if at and self._instances < MOST_INSTANCES:
            self._instances += 1
            instance = self.question.at(at)
            if found := self.evidence(Prover(instance.statement, instance.always), quick=False):
                return Proved(found)
        if point := self._point(at, THOROUGH_TRIES):
            self._refuted = True
            return Refuted(point)
        return Undecided(self._reason)

    def _point(self, at: Mapping[str, int], tries: Tries) -> Counterexample | None:
        """A point at which derivative and claim differ."""
        numbers = {x: at[x.name] for x in self.question.free_letters if x.name in at}
        return self._search.find(numbers, tries)

    @cached_property
    def _search(self) -> Search:
        statement = self.question.statement
        found = derivative(statement)
        return Search(
            found.value,
            statement.claim,
            self.question.free_letters,
            found.definitions,
            statement.hypotheses,
            (*statement.needs, *found.needs),
            statement.positive,
        )

    @property
    def _first_tries(self) -> Tries:
        """Few, since a proof is often nearer; more where simple points are borders of cases."""
        return QUICK_TRIES if self._search.has_borders else FEW_TRIES

    @cached_property
    def _differs(self) -> bool:
        """Whether another entry is wrong, as all but the diagonal of a transposed claim are."""
        return bool(self.question.free_letters) and self._search.separates({}, self._first_tries)

    @cached_property
    def _quick(self) -> Evidence | None:
        return self.evidence(self.prover, quick=True)

    @cached_property
    def _thorough(self) -> Evidence | None:
        return self.evidence(self.prover, quick=False)

    def evidence(self, prover: Prover, *, quick: bool) -> Evidence | None:
        """A proof and the checker's word on it, if there is one."""
        proof = prover.prove(quick=quick)
        if proof is None:
            return None
        try:
            replayed = replay(prover.statement, proof)
            if replayed.rests_on_something:
                witness = find_witness(replayed.statement, replayed.conditions)
                if witness is None:
                    self._reason = NOWHERE
                    return None
                proof = replace(proof, witness=witness)
            return Evidence(conclude(replayed, proof.witness), proof)
        except Rejected as error:
            self._reason = f"the checker refuses the proof that was found: {error}"
            return None


def proved(question: Question, *, quick: bool = False) -> Theorem | None:
    """The theorem, if a proof is found and the checker replays it."""
    answers = Answers(question)
    found = answers.evidence(answers.prover, quick=quick)
    return found.theorem if found else None
