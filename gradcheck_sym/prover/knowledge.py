"""What the rules know of a statement: lemmas read off its definitions, hypotheses, and signs."""

from __future__ import annotations

from gradcheck_sym.checker.laws import LAWS, Equation
from gradcheck_sym.checker.obligations import Guard, Signs
from gradcheck_sym.checker.polynomial import Monomial, Poly, TooLarge, freeze, scale
from gradcheck_sym.checker.proof import Because, Identity, Lemma, Step
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Hypothesis, Statement
from gradcheck_sym.prover.assumed import Assumed
from gradcheck_sym.prover.common import as_quotient
from gradcheck_sym.prover.denominators import denominators, kind
from gradcheck_sym.prover.edges import edge
from gradcheck_sym.prover.exponentials import exponential, relation
from gradcheck_sym.prover.indicators import (
    by_values,
    excluded,
    indicator_rule,
    row_sum,
    sign_of_name,
    two_valued,
)
from gradcheck_sym.prover.learning import Exponential, RowSum, defined_by, learn
from gradcheck_sym.prover.logarithms import logarithm
from gradcheck_sym.prover.nested import exponential_above_one, nested
from gradcheck_sym.prover.reduce import NotKnown, Reducer, Rule, scaled
from gradcheck_sym.prover.root_rules import root
from gradcheck_sym.prover.rules import argument, cancelled, definition, inverse, odd
from gradcheck_sym.prover.two_values import indicator_of_two_values
from gradcheck_sym.prover.workbench import Workbench
from gradcheck_sym.term.functions import Relation
from gradcheck_sym.term.terms import ONE, ZERO, Apply, Entry, Num, Sum, Term, Where, indicator
from gradcheck_sym.term.walks import entries, substitute, walk

RULES: tuple[Rule, ...] = (
    edge, definition, argument, relation, exponential, two_valued, sign_of_name,
    indicator_rule, by_values, nested, exponential_above_one, row_sum,
    inverse, logarithm, root, odd, excluded, cancelled,
)  # fmt: skip
MOST_UNFOLDED = 24  # atoms of a polynomial whose names unfold when its sign is asked for


class Knowledge:
    """The statement, the workbench, and what was found so far; lemmas grow as they are needed."""

    def __init__(self, statement: Statement, always: frozenset[str] = frozenset()) -> None:
        """Names in `always` are abbreviations, which unfold everywhere."""
        self.statement = statement
        self.bench = Workbench(Ring())
        self.signs = Signs(self.bench.ring, statement.positive)
        self.rules = RULES
        self.lemmas: list[Lemma] = []
        self.before: dict[int, int] = {}  # a lemma that people state first, for some lemmas
        self.squares: dict[str, int] = {}
        self.exponentials: dict[str, list[Exponential]] = {}
        self.row_sums: dict[str, RowSum] = {}
        self.assumed = Assumed(self)
        self.work_left: int | None = None  # terms that rules may still change, if that is bounded
        self._values: dict[str, int] = {}
        self._sign_lemmas: dict[object, int | None] = {}
        self._reducers: dict[object, Reducer] = {}
        self._denominators = denominators(self.bench.ring, statement)
        self.names = frozenset(statement.definitions) - always
        self._functions = defined_by(statement, Apply | Where)
        self.in_cases = defined_by(statement, Where)
        self._read_hypotheses()
        for name in statement.definitions:
            if name in self.names:
                learn(self, name)
        self._reducers.clear()  # what they found, they found without the later lemmas

    def reducer(
        self, opaque: frozenset[str], cases: tuple[Guard, ...] = (), *, strict: bool = False
    ) -> Reducer:
        """The reducer that keeps these names, with what it has found."""
        key = opaque, cases, strict
        if key not in self._reducers:
            self._reducers[key] = Reducer(self, opaque, cases, strict=strict)
        return self._reducers[key]

    def equation(self, step: Step, cases: tuple[Guard, ...]) -> Equation:
        """The law that a step uses, as the checker will see it."""
        match step.law, step.arguments:
            case "definition", (name, *indices):
                places = tuple(indices)
                return Equation(Entry(name, places), self.statement.definitions[name].at(places))
            case "hypothesis", (number, *indices):
                assumed: Hypothesis = self.statement.hypotheses[number]
                return assumed.at(tuple(indices))
            case "case", (number,):
                u, holds = cases[number]
                return Equation(indicator(u), ONE if holds else ZERO)
            case "lemma", (number, *indices):
                lemma = self.lemmas[number]
                names = dict(zip(lemma.letters, indices, strict=True))
                return Equation(substitute(lemma.left, names), substitute(lemma.right, names))
        return LAWS[step.law](*step.arguments)

    def spend(self, terms: int) -> None:
        """Count what rules change. Raises `TooLarge` beyond what there is."""
        if self.work_left is not None:
            self.work_left -= terms
            if self.work_left < 0:
                raise TooLarge("the search takes too many steps")

    def lemma(self, lemma: Lemma) -> int:
        """Keep a lemma; its number."""
        self.lemmas.append(lemma)
        return len(self.lemmas) - 1

    def exponential_of(self, argument: str, opaque: frozenset[str]) -> Exponential | None:
        """How e^argument is written in a name, if all names concerned are kept."""
        known = self.exponentials.get(argument, ())
        return next((k for k in known if argument in opaque and k.names <= opaque), None)

    def row_sum_of(self, name: str, opaque: frozenset[str]) -> RowSum | None:
        """The sum of a name's last index, if it is known to be 1."""
        known = self.row_sums.get(name)
        return known if known and known.names <= opaque else None

    @property
    def useful(self) -> frozenset[str]:
        """The names in which exponentials are written."""
        known = (k for found in self.exponentials.values() for k in found)
        return frozenset(name for exponential in known for name in exponential.names)

    # Two values --------------------------------------------------------------------------

    def is_sign(self, name: str) -> bool:
        """Whether the values of an array are −1 and 1, and not 0 and 1."""
        right = self.statement.hypotheses[self.squares[name]].right
        return bool(self.bench.ring.equal(right, ONE))

    def value_lemma(self, name: str) -> int:
        """The lemma [y > 0] = y, where y² = y, or (1 + y)/2, where y² = 1."""
        if name not in self._values:
            number = self.squares[name]
            letters = self.statement.hypotheses[number].letters
            lemma = indicator_of_two_values(name, number, letters, signs=self.is_sign(name))
            self._values[name] = self.lemma(lemma)
        return self._values[name]

    # Signs -------------------------------------------------------------------------------

    def not_zero(self, reducer: Reducer, poly: Poly) -> tuple[Because | None] | None:
        """Whether u ≠ 0 is known or a condition anyway."""
        shown = reducer.known(poly, "≠")
        return shown or ((None,) if self.assumed.covers(reducer, poly, "≠") else None)

    def positive(self, reducer: Reducer, poly: Poly) -> bool:
        """Whether u > 0 is known or a condition anyway; of 1/u where it is of u."""
        if reducer.known(poly, ">") or self.assumed.covers(reducer, poly, ">"):
            return True
        match list(poly.items()):
            case [(((), ((atom, 1),)), 1)] if self.bench.kind(atom) == "inv":
                return self.positive(reducer, self.bench.argument(atom))
        return False

    def sign(
        self, reducer: Reducer, poly: Poly, relation: Relation
    ) -> tuple[Because | None] | None:
        """Whether the polynomial is ≠, > or ≥ 0 by what its names are defined as, and why."""
        if relation == "≠":
            return self._not_zero_by_sign(reducer, poly)
        if reducer.cases:
            found = self._sign(reducer, poly, relation)
            return (Because(found[0], Identity(found[1])),) if found else None
        left, pooled, letters = self.bench.general(poly)
        general = self.bench.ring.normal(left)
        key = freeze(general), relation, reducer.opaque
        if key not in self._sign_lemmas:
            self._sign_lemmas[key] = None  # while it is looked for
            if found := self._sign(reducer, general, relation):
                lemma = Lemma(pooled, left, found[0], Identity(found[1]))
                self._sign_lemmas[key] = self.lemma(lemma)
        number = self._sign_lemmas[key]
        if number is None:
            return None
        value = substitute(self.lemmas[number].right, dict(zip(pooled, letters, strict=True)))
        return (Because(value, Identity((Step("lemma", (number, *letters), ONE),))),)

    def _not_zero_by_sign(self, reducer: Reducer, poly: Poly) -> tuple[Because | None] | None:
        """That it is not 0, because it or its negative is positive."""
        if above := reducer.known(poly, ">"):
            return above
        below = reducer.known(scale(poly, -1), ">")
        if below is None or below[0] is None or below[0].value is None:
            return below
        assert isinstance(below[0].by, Identity)
        steps = tuple(scaled(step, Num(-1)) for step in below[0].by.steps)
        return (Because(-below[0].value, Identity(steps)),)

    def _sign(
        self, reducer: Reducer, poly: Poly, relation: Relation
    ) -> tuple[Term, tuple[Step, ...]] | None:
        """Unfold the names that stand there, then those inside: the value, and the steps."""
        if sum(len(factors) for _, factors in poly) > MOST_UNFOLDED:
            return None
        gone: frozenset[str] = frozenset()
        there = poly
        while True:
            term = self.bench.poly_term(there, self.bench.base(poly))
            names = {entry.name for entry in entries(term)} & reducer.opaque & self._functions
            reader = self.reducer(reducer.opaque - gone - names, reducer.cases, strict=True)
            try:
                if found := self._sign_with(reader, poly, relation):
                    return found
                there = reader.reduce(poly).poly
            except (TooLarge, NotKnown):
                return None
            if names <= gone:
                return None
            gone |= names

    def _sign_with(
        self, reducer: Reducer, poly: Poly, relation: Relation
    ) -> tuple[Term, tuple[Step, ...]] | None:
        """Apply the rules, write over a common denominator, and look."""
        found = reducer.reduce(poly)
        value = self.bench.poly_term(found.poly, self.bench.base(poly))
        if found.steps and reducer.signs.holds_poly(found.poly, relation):
            return value, found.steps
        value, more, _ = as_quotient(reducer, found.poly)
        if more and reducer.signs.holds_poly(self.bench.ring.normal(value), relation):
            return value, (*found.steps, *more)
        return None

    def denominator(self, monomial: Monomial) -> int:
        """e^(k u/this) is a whole power of e^(u/this) wherever it stands."""
        return self._denominators.get(kind(self.bench.ring, monomial), 1)

    def _read_hypotheses(self) -> None:
        for number, hypothesis in enumerate(self.statement.hypotheses):
            match hypothesis.left:
                case Sum(index, Entry(name, (*_, last))) if last is index:
                    self.row_sums[name] = RowSum("hypothesis", number, index.size, frozenset())
                case _:
                    name = next(p.name for p in walk(hypothesis.left) if isinstance(p, Entry))
                    self.squares[name] = number
