"""The checker: a statement and a proof → a theorem, or `Rejected`. Nothing else makes a `Theorem`.

An equation is replayed by forming left − right − Σ steps in the ring: it has to be 0. The slope of
the loss by a name is the sum over the names that read it: Σ_u Σ_indices ∂loss/∂u · ∂u/∂name.
What a step needs and no rule or reason shows is a condition of the theorem, for all values of
its letters; then a verified point has to show that the conditions can hold together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import InitVar, dataclass

from gradcheck_sym.checker.chain import chain
from gradcheck_sym.checker.laws import LAWS, Equation, Malformed
from gradcheck_sym.checker.obligations import Equal, Guard, Obligation, Signs
from gradcheck_sym.checker.proof import (
    Argument,
    Because,
    Cancel,
    Cases,
    Identity,
    Lemma,
    Proof,
    Reasons,
    Slope,
    Step,
    Witness,
)
from gradcheck_sym.checker.ring import Ring, TooLarge, scale
from gradcheck_sym.checker.statement import Statement, free_letters, named
from gradcheck_sym.checker.witness import holds_at
from gradcheck_sym.term.terms import (
    ONE,
    ZERO,
    Entry,
    Letter,
    Term,
    add,
    indicator,
    mul,
    substitute,
    sums,
)


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
    checker = _Checker(statement)
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


class _Checker:
    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.ring = Ring()
        self.signs = Signs(self.ring, statement.positive)
        self.lemmas: list[Lemma] = []
        self.slopes: dict[str, Slope] = {}
        self.conditions: dict[tuple[object, str], Obligation] = {}
        self.facts: dict[object, Obligation] = {}
        self.steps = 0

    def take(self, part: Lemma | Slope) -> None:
        """Check a part, which then may be used."""
        if isinstance(part, Lemma):
            if (free_letters(part.left) | free_letters(part.right)) - set(part.letters):
                raise Malformed("a letter of no range")
            self.show(part.left, part.right, part.by, ())
            self.lemmas.append(part)
            return
        if free_letters(part.value) - set(part.places):
            raise Malformed("a letter of no range")
        if part.name in self.statement.definitions:
            ranges = [x.size for x in self.statement.definitions[part.name].letters]
            if [x.size for x in part.places if isinstance(x, Letter)] != ranges:
                raise Malformed("other ranges than the definition's")
        links = chain(self.statement, self.slopes, part.name, part.places)
        self.settle([needed for link in links for needed in link.needs], part.reasons, ())
        self.show(add(*(link.value for link in links)), part.value, part.by, ())
        self.slopes[part.name] = part

    def conclude(self) -> None:
        """The last slope has to be that of the statement."""
        statement = self.statement
        last = self.slopes.get(statement.wrt)
        if last is None:
            raise Malformed(f"the slope by {statement.wrt} is not there")
        if last.places != statement.letters or not self.ring.equal(last.value, statement.claim):
            raise Malformed("the last slope is not the claim")

    def show(self, left: Term, right: Term, by: Argument, guards: tuple[Guard, ...]) -> None:
        """Replay the argument for left = right, where the guards hold."""
        match by:
            case Identity(steps):
                rest = add(left, -right, *(-self.step(step, guards) for step in steps))
                if self.ring.normal(rest):
                    raise Malformed("the sides differ by more than the steps")
            case Cases(u, above, below):
                self.show(left, right, above, (*guards, (u, True)))
                self.show(left, right, below, (*guards, (u, False)))
            case Cancel(factor, reason, rest_of_it):
                self.settle((Obligation(factor, "≠"),), (reason,), guards)
                self.show(mul(factor, left), mul(factor, right), rest_of_it, guards)
            case _:
                raise Malformed("no argument is given")

    def step(self, step: Step, guards: tuple[Guard, ...]) -> Term:
        """The term that a step stands for, its obligations settled."""
        self.steps += 1
        if any(free_letters(u) & set(step.sums) for u, _ in guards):
            raise Malformed("a case is used for more than its index")
        law = self.instance(step, guards)
        self.settle(law.needs, step.reasons, guards)
        return sums(step.sums, mul(step.factor, add(law.left, -law.right)))

    def instance(self, step: Step, guards: tuple[Guard, ...]) -> Equation:
        """The equation that a step uses."""
        match step.law, step.arguments:
            case "definition", (str(name), *indices):
                value = self.statement.definition(name).at(tuple(indices))
                return Equation(Entry(name, tuple(indices)), value)
            case "hypothesis", (int(number), *indices):
                return self.statement.hypotheses[number].at(tuple(indices))
            case "lemma", (int(number), *indices):
                lemma = self.lemmas[number]
                names = named(lemma.letters, indices)
                return Equation(substitute(lemma.left, names), substitute(lemma.right, names))
            case "case", (int(number),):
                u, holds = guards[number]
                return Equation(indicator(u), ONE if holds else ZERO)
            case name, terms if name in LAWS:
                return LAWS[name](*terms)
        raise Malformed(f"no law {step.law}")

    def settle(
        self,
        needs: Sequence[Obligation | Equal],
        reasons: Reasons,
        guards: tuple[Guard, ...],
    ) -> None:
        """Show each obligation, or make it a condition."""
        for place, needed in enumerate(needs):
            reason = reasons[place] if place < len(reasons) else None
            if isinstance(needed, Equal):
                if reason is None:
                    raise Malformed("an equality is not shown")
                self.show(needed.left, needed.right, reason.by, guards)
                continue
            within = Obligation(needed.u, needed.relation, (*guards, *needed.guards))
            if self.signs.holds(within) or self._shown(within, reason):
                continue
            self._assume(within)

    def _shown(self, needed: Obligation, reason: Because | None) -> bool:
        if reason is None or reason.value is None:
            return False
        self.show(needed.u, reason.value, reason.by, needed.guards)
        if not self.signs.holds(Obligation(reason.value, needed.relation, needed.guards)):
            return False
        if not needed.guards:
            shape = self.ring.shape(self.ring.normal(needed.u)), needed.relation
            self.facts.setdefault(shape, needed)
        return True

    def _assume(self, needed: Obligation) -> None:
        """Make a condition of it, once; something that is 0 everywhere is refused."""
        ring = self.ring
        u = ring.normal(needed.u)
        if not u and not needed.guards:
            raise Malformed("something that is 0 has to be other than 0")
        guards = [ring.normal(guard) for guard, _ in needed.guards]
        kinds = tuple(yes for _, yes in needed.guards)
        same = (ring.shape(u, *guards), kinds)
        opposite = (ring.shape(scale(u, -1), *guards), kinds)
        stronger = {
            ">": {(same, ">")},
            "≥": {(same, ">"), (same, "≥")},
            "≠": {(side, relation) for side in (same, opposite) for relation in (">", "≠")},
        }
        weaker = {">": [(same, "≥"), (same, "≠"), (opposite, "≠")]}
        if not stronger[needed.relation] & self.conditions.keys():
            for key in weaker.get(needed.relation, ()):
                self.conditions.pop(key, None)
            self.conditions[same, needed.relation] = needed
