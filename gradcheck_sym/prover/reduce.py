"""Bring a polynomial into a form that equal ones share, and write down each law that it takes.

A rule looks at one monomial and gives a step whose left side stands in it; subtracting the step
puts the right side for the left. So the steps that were taken add up to what was changed, which
is all that the checker wants to see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from gradcheck_sym.checker.laws import HOLE, LAWS, Malformed
from gradcheck_sym.checker.obligations import Guard, Obligation
from gradcheck_sym.checker.polynomial import Monomial, Poly, TooLarge, accumulate, scale
from gradcheck_sym.checker.proof import Because, Identity, Step
from gradcheck_sym.prover.workbench import DEPTHS, Opened, Workbench
from gradcheck_sym.term.functions import Relation
from gradcheck_sym.term.terms import Apply, Letter, Num, Term, add, indicator, mul, sums

if TYPE_CHECKING:
    from gradcheck_sym.prover.knowledge import Knowledge

MOST_STEPS = 4_000
MOST_DEPTH = 12
MOST_ASKED = 2  # signs that are asked for inside each other

Found: TypeAlias = Step | tuple[Step, ...] | None
Rule: TypeAlias = Callable[["Reducer", Opened], Found]


class NotKnown(Exception):
    """A step needs what is not known to hold."""


@dataclass(frozen=True)
class Reduced:
    """A polynomial and the steps that lead to it: what was given − poly = Σ steps."""

    poly: Poly
    steps: tuple[Step, ...]


class Reducer:
    """The rules at work, with some names kept and the others unfolded."""

    def __init__(
        self,
        knowledge: Knowledge,
        opaque: frozenset[str],
        cases: tuple[Guard, ...] = (),
        *,
        strict: bool = False,
    ) -> None:
        """`cases` are assumed; a `strict` one makes no step that would need a condition."""
        self.knowledge, self.opaque, self.cases, self.strict = knowledge, opaque, cases, strict
        self.signs = knowledge.signs.under(cases)
        self.bench: Workbench = knowledge.bench
        self.ring = self.bench.ring
        self._found: dict[tuple[Monomial, int], tuple[tuple[Step, ...], Poly] | None] = {}
        self._arguments: dict[tuple[int, int], tuple[Term, Because] | None] = {}
        self._signs: dict[object, tuple[Because | None] | None] = {}
        self._left = MOST_STEPS

    def reduce(self, poly: Poly, depth: int | None = None) -> Reduced:
        """The polynomial after all rules, and the steps; its sums at a depth. Raises `TooLarge`."""
        if depth is None:
            depth, self._left = self.bench.base(poly), MOST_STEPS
        if depth % DEPTHS > MOST_DEPTH:
            raise TooLarge("functions nest too deep")
        done: Poly = {}
        steps: list[Step] = []
        pending = dict(poly)
        while pending:
            monomial, coefficient = pending.popitem()
            found = self._rule(monomial, depth)
            if found is None:
                accumulate(done, monomial, coefficient)
                continue
            self._left -= 1
            if self._left < 0:
                raise TooLarge("the proof takes too many steps")
            taken, changed = found
            steps += [scaled(step, Num(coefficient)) for step in taken]
            accumulate(pending, monomial, coefficient)
            self.knowledge.spend(len(changed))
            for term, c in changed.items():
                accumulate(done if term in done else pending, term, -c * coefficient)
        return Reduced(done, tuple(steps))

    def value(self, step: Step) -> Term:
        """What a step stands for."""
        law = self.knowledge.equation(step, self.cases)
        return sums(step.sums, mul(step.factor, add(law.left, -law.right)))

    def _rule(self, monomial: Monomial, depth: int) -> tuple[tuple[Step, ...], Poly] | None:
        """The steps by the first rule that finds some, and what they take away."""
        key = monomial, depth
        if key not in self._found:
            self._found[key] = None
            for steps in self._proposed(monomial, depth):
                try:
                    self._found[key] = steps, self.ring.normal(add(*map(self.value, steps)))
                except Malformed:  # a δ put an index where it is out of its range
                    continue
                break
        return self._found[key]

    def _proposed(self, monomial: Monomial, depth: int) -> Iterator[tuple[Step, ...]]:
        """What each rule finds."""
        coefficient, opened = self.bench.opened(monomial, depth)
        for rule in self.knowledge.rules:
            try:
                found = rule(self, opened)
            except (NotKnown, Malformed):
                continue
            if found:
                steps = (found,) if isinstance(found, Step) else found
                by = Num(1 / Fraction(coefficient))
                yield tuple(
                    replace(scaled(s, by), sums=_without(opened.letters, s.sums)) for s in steps
                )

    # What rules ask ----------------------------------------------------------------------

    def law(
        self, name: str, *terms: object, factor: Term, reasons: tuple[Because | None, ...] = ()
    ) -> Step:
        """A step by a law, with reasons for its obligations as far as they are found."""
        if not reasons:
            needs = LAWS[name](*terms).needs
            reasons = tuple(self.reason(n) for n in needs if isinstance(n, Obligation))
        return Step(name, terms, factor, (), reasons)

    def reason(self, needed: Obligation) -> Because | None:
        """Why an obligation holds, if that takes more than a look."""
        poly = self.ring.normal(needed.u)
        shown = self.known(poly, needed.relation)
        if shown or not self.strict or self.knowledge.assumed.covers(self, poly, needed.relation):
            return shown[0] if shown else None
        raise NotKnown

    def alike(self, kind: str, u: Term, v: Term, steps: tuple[Step, ...], factor: Term) -> Step:
        """The step f(u) = f(v), where the steps show u = v."""
        terms = function_of(kind), u, v
        return Step("f(u) = f(v)", terms, factor, (), (Because(None, Identity(steps)),))

    def known(self, poly: Poly, relation: Relation) -> tuple[Because | None] | None:
        """Whether a polynomial surely is ≠, > or ≥ 0, and why if that takes more than a look."""
        key = frozenset(poly.items()), relation
        if self.bench.base(poly) > MOST_ASKED * DEPTHS:
            return None
        if key not in self._signs:
            self._signs[key] = None  # while it is looked for
            self._signs[key] = self._known(poly, relation)
        return self._signs[key]

    def _known(self, poly: Poly, relation: Relation) -> tuple[Because | None] | None:
        term = self.bench.poly_term(poly, self.bench.base(poly))
        if self.signs.holds(Obligation(term, relation)):
            return (None,)
        return self.knowledge.sign(self, poly, relation)

    def simpler(self, number: int, depth: int) -> tuple[Term, Because] | None:
        """The argument of a function after all rules, if that changes it."""
        key = number, depth
        if key not in self._arguments:
            self._arguments[key] = None
            argument = self.bench.argument(number)
            found = self.reduce(argument, depth + 1)
            if found.steps and found.poly != argument:
                value = self.bench.poly_term(found.poly, depth + 1)
                self._arguments[key] = value, Because(None, Identity(found.steps))
        return self._arguments[key]

    def equal_steps(self, difference: Poly, depth: int) -> tuple[Step, ...] | None:
        """The steps that show that a polynomial is 0, if the rules do."""
        found = self.reduce(difference, depth)
        return None if found.poly else found.steps


def _without(letters: tuple[Letter, ...], taken: tuple[Letter, ...]) -> tuple[Letter, ...]:
    """The sums of a step: those of its monomial but for what the law itself sums over."""
    return tuple(letter for letter in letters if letter not in taken)


def function_of(kind: str) -> Term:
    """A function of the hole."""
    return indicator(HOLE) if kind == "positive" else Apply(kind, HOLE)


def scaled(step: Step, by: Term) -> Step:
    """The step times a term that speaks of none of its sums."""
    if isinstance(by, Num) and by.value == 1:
        return step
    return replace(step, factor=mul(by, step.factor))


def negated(poly: Poly) -> Poly:
    """−poly."""
    return scale(poly, -1)
