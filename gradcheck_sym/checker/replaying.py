"""Replaying a proof, part by part: what a part shows may be used by the next.

An equation is replayed by forming left − right − Σ steps in the ring: it has to be 0. What a step
needs and no rule or reason shows is a condition, for all values of its letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck_sym.checker.chain import chain
from gradcheck_sym.checker.laws import LAWS, Equation, Malformed
from gradcheck_sym.checker.obligations import Equal, Guard, Obligation, Signs
from gradcheck_sym.checker.one_hot import one_hot
from gradcheck_sym.checker.polynomial import scale
from gradcheck_sym.checker.proof import (
    Argument,
    Because,
    Cancel,
    Cases,
    Identity,
    Lemma,
    Reasons,
    Slope,
    Step,
)
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Statement, free_letters, named
from gradcheck_sym.term.terms import ONE, ZERO, Entry, Letter, Term, add, indicator, mul, sums
from gradcheck_sym.term.walks import substitute


class Replay:
    """The parts of a proof so far: what may be used, and what it all rests on."""

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
            case "one-hot", (int(number), *indices):
                return one_hot(self.statement.hypotheses, number, indices)
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
