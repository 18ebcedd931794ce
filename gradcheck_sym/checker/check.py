"""The checker: a statement and a proof → a theorem, or `Rejected`. Nothing else makes a `Theorem`.

The parts of a proof are replayed one after the other; what they rest on are the conditions of the
theorem, and a verified point has to show that these can hold together.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass

from gradcheck_sym.checker.laws import Malformed
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.polynomial import TooLarge
from gradcheck_sym.checker.proof import Proof, Slope, Witness
from gradcheck_sym.checker.replaying import Replay
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.checker.witness import holds_at


class Rejected(Exception):
    """The proof does not show the statement; says which part does not hold."""


_KEY = object()
REFUSED = (
    *(Malformed, TooLarge, ArithmeticError, AttributeError, LookupError),
    *(RecursionError, TypeError, ValueError),
)


@dataclass(frozen=True)
class Theorem:
    """A statement that was checked, under conditions that hold at a verified point.

    Each condition has to hold for all values of its letters, where its guards do; each of the
    `facts` was needed and shown. `parts` counts the lemmas and slopes, `steps` the uses of a law.
    """

    statement: Statement
    conditions: tuple[Obligation, ...]
    facts: tuple[Obligation, ...]
    parts: int
    steps: int
    key: InitVar[object] = None  # no field: `replace` makes no other theorem of one

    def __post_init__(self, key: object) -> None:
        if key is not _KEY:
            raise TypeError("only the checker makes a Theorem")


@dataclass(frozen=True)
class Replayed:
    """A proof whose every step holds, under conditions of which it is not known if they can."""

    statement: Statement
    proof: Proof
    conditions: tuple[Obligation, ...]
    facts: tuple[Obligation, ...]
    steps: int
    key: InitVar[object] = None

    def __post_init__(self, key: object) -> None:
        if key is not _KEY:
            raise TypeError("only what was replayed is Replayed")

    @property
    def rests_on_something(self) -> bool:
        """Whether there are conditions or hypotheses, so that a witness is needed."""
        assumed = self.statement.hypotheses or self.statement.positive
        return bool(self.conditions or assumed)


def check(statement: Statement, proof: Proof) -> Theorem:
    """The theorem, if the proof shows the statement. Raises `Rejected`."""
    return conclude(replay(statement, proof), proof.witness)


def replay(statement: Statement, proof: Proof) -> Replayed:
    """The proof with the conditions that it rests on. Raises `Rejected`."""
    checker = Replay(statement)
    place = ""
    try:
        for number, part in enumerate(proof.parts, start=1):
            what = f"the slope by {part.name}" if isinstance(part, Slope) else "a lemma"
            place = f"part {number}, {what}"
            checker.take(part)
        place = "what the statement needs to be meant"
        checker.settle(statement.needs, proof.reasons, ())
        place = "the conclusion"
        checker.conclude()
    except REFUSED as error:
        raise Rejected(f"{place}: {error}") from error
    conditions, facts = (tuple(x.values()) for x in (checker.conditions, checker.facts))
    return Replayed(statement, proof, conditions, facts, checker.steps, _KEY)


def conclude(replayed: Replayed, witness: Witness | None) -> Theorem:
    """The theorem, if its conditions and hypotheses hold at the witness. Raises `Rejected`."""
    if not isinstance(replayed, Replayed):
        raise TypeError("only a proof that was replayed makes a Theorem")
    statement, conditions = replayed.statement, replayed.conditions
    if replayed.rests_on_something:
        try:
            holds = witness is not None and holds_at(witness, statement, conditions)
        except REFUSED:
            holds = False
        if not holds:
            raise Rejected("the conditions: no point is given at which all of them hold")
    parts = len(replayed.proof.parts)
    return Theorem(statement, conditions, replayed.facts, parts, replayed.steps, _KEY)
