"""The answer to a question: a proof that the checker replayed, or a point, or neither.

`Proved` is made here alone, from a `Theorem`, which the checker alone makes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from itertools import product

from gradcheck_sym.checker.check import Theorem
from gradcheck_sym.checker.polynomial import TooLarge
from gradcheck_sym.deadline import Budget, OutOfTime, deadline
from gradcheck_sym.evidence import LEFT_OUT, TOO_DEEP, checked, looked_at
from gradcheck_sym.prover.gradient import Prover
from gradcheck_sym.prover.slopes import Slopes
from gradcheck_sym.question import Question
from gradcheck_sym.refuter.derivative import Derivative, derivative
from gradcheck_sym.refuter.inputs import Derived, Values
from gradcheck_sym.refuter.likely import Likely, hunch
from gradcheck_sym.refuter.points import FEW_TRIES, QUICK_TRIES, THOROUGH_TRIES, Tries
from gradcheck_sym.refuter.search import Search
from gradcheck_sym.term.terms import Term
from gradcheck_sym.verdict import Counterexample, Evidence, Proved, Refuted, Undecided, Verdict

MOST_INSTANCES = 100  # entries that get a proof of their own
QUICK_SHARE = 0.3  # of the time that is left, for a quick proof, or for a point that is near
LOOKING_SHARE = 0.2  # for a look at what a proof leaves out, which is one without it
SLOW_SHARE = 0.7  # for all else about one entry
PATIENCE = 2  # times the limit, after which no entry is looked at once one took too long
SHOWN = 3.0  # seconds to make simple what is shown
NOT_FOUND = "no proof was found, and no point at which the two sides differ"


class Answers:
    """Verdicts on the entries of a question, a general proof first.

    The search takes no more than `seconds` in all, if any; entries that are decided at once do not
    count. `known` are slopes of the same loss, `derived` gives the inputs that follow from others.
    """

    def __init__(
        self,
        question: Question,
        seconds: float | None = None,
        known: Slopes | None = None,
        derived: Derived | None = None,
    ) -> None:
        self.question, self._derived, self.budget = question, derived, Budget(seconds)
        self.prover = _prover(question, known)
        self.interrupted = self._refuted = self._late = False
        self._instances = 0
        self._reason = NOT_FOUND

    def entry(self, at: Mapping[str, int]) -> Verdict:
        """The verdict where the letters of these names are these numbers."""
        if found := self.general or self.thorough:
            return found
        with suppress(OutOfTime):
            if not (self._late and self.budget.is_spent(PATIENCE)):
                return self._in_time(at)
        return Undecided(
            f"no answer within {self.budget.seconds:g} seconds of work; a longer --timeout may help"
        )

    def doubted(self, at: Mapping[str, int]) -> Refuted | None:
        """The point for an entry that looks wrong at once; no proof is tried, nor is it sure."""
        with suppress(OutOfTime, TooLarge), self.budget.share(QUICK_SHARE):
            if not self._looks_equal(at):
                tries = (self._first_tries(at), THOROUGH_TRIES)
                found = next(filter(None, (self._point(at, each) for each in tries)), None)
                return Refuted(found) if found else None
        return None

    def _in_time(self, at: Mapping[str, int]) -> Verdict:
        try:
            if found := self._near(at):
                return found
            with self.budget.share(SLOW_SHARE):
                return self._searched(at)
        except OutOfTime:
            self._late = True
            self._begin_again()
            raise
        except (TooLarge, RecursionError) as error:
            self._begin_again()
            return Undecided(f"no answer: {error}" if isinstance(error, TooLarge) else TOO_DEEP)

    def _near(self, at: Mapping[str, int]) -> Verdict | None:
        """The point that is found at once, also for a while after the time is over."""
        try:
            with self.budget.share(QUICK_SHARE, later=True):
                point = self._point(at, self._first_tries(at))
        except OutOfTime:  # a proof may need less
            self._late = True
            self._begin_again()
            return None
        self._refuted = self._refuted or point is not None
        return Refuted(point) if point else None

    def _searched(self, at: Mapping[str, int]) -> Verdict:
        looks_equal = self._looks_equal(at)
        if looks_equal and not self._refuted and self._all_look_equal and self._thorough:
            return Proved(self._thorough)
        if point := self._point(at, QUICK_TRIES if looks_equal else THOROUGH_TRIES):
            self._refuted = True
            return Refuted(point)
        if at and self._instances < MOST_INSTANCES:
            self._instances += 1
            if found := self.evidence(_prover(self.question.at(at)), quick=False):
                return Proved(found)
        if point := self._point(at, THOROUGH_TRIES):
            self._refuted = True
            return Refuted(point)
        return Undecided(self._reason)

    def derivative(self) -> Term:
        """The derivative, made simple if the time allows it."""
        return self._simple(Prover.derivative) or self.unsimplified

    def difference(self) -> Term:
        """Derivative − claim, in the same way."""
        return self._simple(Prover.difference) or self.unsimplified - self.question.statement.claim

    def _simple(self, shown: Callable[[Prover], Term]) -> Term | None:
        if "unsimplified" in vars(self):  # there was no time before
            return None
        seconds = self.budget.seconds
        try:
            with deadline(seconds and min(SHOWN, seconds)):
                return shown(self.prover)
        except (OutOfTime, RecursionError):
            self._begin_again()
            return None

    @cached_property
    def unsimplified(self) -> Term:
        """The derivative as the chain rule gives it, also where conditions do not hold."""
        return self.slope.written_out

    def _begin_again(self) -> None:
        """Throw away what an interrupted search may have left half done."""
        self.prover = _prover(self.question)
        self.interrupted = True
        for name in ("_search", "_likely", "_thorough"):
            vars(self).pop(name, None)

    def _point(self, at: Mapping[str, int], tries: Tries) -> Counterexample | None:
        """A point at which derivative and claim differ."""
        numbers = {x: at[x.name] for x in self.question.free_letters if x.name in at}
        return self._search.find(numbers, tries)

    @cached_property
    def slope(self) -> Derivative:
        """The derivative for values at points."""
        return derivative(self.question.statement)

    @cached_property
    def _search(self) -> Search:
        statement, found = self.question.statement, self.slope
        return Search(
            found.value,
            statement.claim,
            self.question.free_letters,
            found.definitions,
            statement.hypotheses,
            statement.needs,
            statement.positive,
            derived=self._derived,
            kinks=found.needs,
        )

    def _first_tries(self, at: Mapping[str, int]) -> Tries:
        """Few where a proof may be near; more where simple points are borders of cases."""
        few = not self._search.has_borders or self._looks_equal(at)
        return FEW_TRIES if few else QUICK_TRIES

    @cached_property
    def _likely(self) -> Likely:
        return Likely(self.question.statement, self.slope.definitions)

    def _looks_equal(self, at: Mapping[str, int]) -> bool:
        """Whether an entry is right at one point at random."""
        return self._likely.equal(self.slope.value, self.question.statement.claim, at)

    @cached_property
    def _all_look_equal(self) -> bool:
        """Whether the first entries are: of a transposed claim the diagonal alone is right."""
        letters = self.question.free_letters
        ranges = (range(1, min(x.size, 2) + 1) if isinstance(x.size, int) else [1] for x in letters)
        places = (dict(zip([x.name for x in letters], n, strict=True)) for n in product(*ranges))
        return all(map(self._looks_equal, places))

    @cached_property
    def general(self) -> Proved | None:
        """The verdict on all entries, if there is a quick proof of the general one."""
        try:
            with self.budget.share(QUICK_SHARE):
                proof = self._checked(self.prover, quick=True)
        except (OutOfTime, RecursionError):
            self._begin_again()
            return None
        found = self._looked_at(proof)  # beside that share, so that no proof is lost by it
        return Proved(found) if found else None

    @property
    def thorough(self) -> Proved | None:
        """The verdict on all entries, if a longer proof of the general one was found by now."""
        found: Evidence | None = vars(self).get("_thorough")
        return Proved(found) if found else None

    @cached_property
    def _thorough(self) -> Evidence | None:
        return self.evidence(self.prover, quick=False)

    def evidence(self, prover: Prover, *, quick: bool) -> Evidence | None:
        """A proof and the checker's word on it, if there is one.

        None also where its conditions leave out a region in which the claim is wrong.
        """
        return self._looked_at(self._checked(prover, quick=quick))

    def _checked(self, prover: Prover, *, quick: bool) -> Evidence | None:
        proof = prover.prove(quick=quick)
        found = checked(prover.statement, proof) if proof else None
        self._reason = found if isinstance(found, str) else self._reason
        return None if isinstance(found, str) else found

    def _looked_at(self, found: Evidence | None) -> Evidence | None:
        """The evidence with the regions that it leaves out; as it is, where the time is over."""
        seen: Evidence | Values | None = found
        with suppress(OutOfTime), self.budget.share(LOOKING_SHARE, later=True):
            seen = found and looked_at(found, self._derived)
        if isinstance(seen, dict):
            self._search.memory.remember(seen)
            self._reason = LEFT_OUT
            return None
        return seen


def _prover(question: Question, known: Slopes | None = None) -> Prover:
    return Prover(question.statement, question.always, known, hunch(question.statement))


def proved(question: Question, *, quick: bool = False) -> Theorem | None:
    """The theorem, if a proof is found and the checker replays it."""
    found = (answers := Answers(question)).evidence(answers.prover, quick=quick)
    return found.theorem if found else None
