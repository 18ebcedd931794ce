"""What the rules know of a statement: lemmas read off its definitions, hypotheses, and signs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy

from gradcheck_sym.checker.laws import LAWS, Equation
from gradcheck_sym.checker.obligations import Guard, Obligation, Signs
from gradcheck_sym.checker.one_hot import one_hot
from gradcheck_sym.checker.polynomial import Monomial, Poly, TooLarge
from gradcheck_sym.checker.proof import Because, Lemma, Step
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Hypothesis, Statement
from gradcheck_sym.prover.angles import angles
from gradcheck_sym.prover.assumed import Assumed
from gradcheck_sym.prover.denominators import denominators, kind
from gradcheck_sym.prover.edges import edge
from gradcheck_sym.prover.exponentials import exponential, relation
from gradcheck_sym.prover.indicators import (
    by_values,
    excluded,
    indicator_rule,
    one_of_a_row,
    row_sum,
    sign_of_name,
    two_valued,
)
from gradcheck_sym.prover.learning import Exponential, RowSum, defined_by, learn, reading
from gradcheck_sym.prover.logarithms import logarithm
from gradcheck_sym.prover.nested import exponential_above_one, nested
from gradcheck_sym.prover.reduce import Reducer, Rule
from gradcheck_sym.prover.root_rules import root
from gradcheck_sym.prover.rules import argument, cancelled, definition, inverse
from gradcheck_sym.prover.signs import sign
from gradcheck_sym.prover.sines import angle, parity, squared_cosine
from gradcheck_sym.prover.two_values import indicator_of_two_values
from gradcheck_sym.prover.workbench import Workbench
from gradcheck_sym.prover.written_out import last_of_row, written_out
from gradcheck_sym.term.functions import Relation
from gradcheck_sym.term.terms import ONE, ZERO, Apply, Entry, Index, Sum, Where, indicator
from gradcheck_sym.term.walks import substitute, walk

RULES: tuple[Rule, ...] = (
    edge, definition, argument, relation, exponential, two_valued, one_of_a_row, sign_of_name,
    indicator_rule, by_values, nested, exponential_above_one, row_sum,
    inverse, logarithm, root, parity, angle, squared_cosine, excluded, cancelled,
)  # fmt: skip


class Knowledge:
    """The statement, the workbench, and what was found so far; lemmas grow as they are needed."""

    def __init__(self, statement: Statement, always: frozenset[str] = frozenset()) -> None:
        """Names in `always` are abbreviations, which unfold everywhere."""
        self.bench = Workbench(Ring())
        self._know(statement, always)
        self.signs = Signs(self.bench.ring, statement.positive)
        self.rules = RULES
        self.lemmas: list[Lemma] = []
        self.before: dict[int, int] = {}  # a lemma that people state first, for some lemmas
        self.squares: dict[str, int] = {}
        self.one_hot: dict[str, tuple[int, int]] = {}  # the number of a hypothesis, and an axis
        self.exponentials: dict[str, list[Exponential]] = {}
        self.row_sums: dict[str, list[RowSum]] = {}
        self.assumed = Assumed(self)
        self.work_left: int | None = None  # terms that rules may still change, if that is bounded
        self._values: dict[str, int] = {}
        self.sign_lemmas: dict[object, int | None] = {}
        self._reducers: dict[object, Reducer] = {}
        self._read_hypotheses()
        for name in statement.definitions:
            if name in self.names:
                learn(self, name)
        self._reducers.clear()  # what they found, they found without the later lemmas

    def about(
        self, statement: Statement, always: frozenset[str], assumed: Iterable[Obligation]
    ) -> Knowledge:
        """What is known, for another statement on some of the same definitions.

        Of what was assumed this alone is kept, so that no statement has conditions of another.
        """
        own = copy(self)
        own._know(statement, always)
        own.lemmas, own.before = list(self.lemmas), dict(self.before)
        own._values, own.sign_lemmas = dict(self._values), dict(self.sign_lemmas)
        there = own.statement.definitions.keys()
        own.exponentials = {
            argument: [k for k in known if k.names <= there]
            for argument, known in self.exponentials.items()
        }
        own.row_sums = {
            name: [k for k in known if k.names <= there] for name, known in self.row_sums.items()
        }
        own.assumed, own._reducers = Assumed(own), {}
        for needed in assumed:
            own.assumed.add(needed)
        return own

    def _know(self, statement: Statement, always: frozenset[str]) -> None:
        """What is read off the statement at once."""
        self.statement = statement
        self._denominators = denominators(self.bench.ring, statement)
        self.names = frozenset(statement.definitions) - always
        functions = defined_by(statement, Apply | Where)
        self.functions = reading(statement, functions)
        self.angles = angles(self.bench.ring, statement, functions)
        self.in_cases = defined_by(statement, Where)

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
            case "one-hot", (number, *indices):
                return one_hot(self.statement.hypotheses, number, indices)
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

    @contextmanager
    def writing_out(self) -> Iterator[None]:
        """With sums written out where that can be done, for a while."""
        rules, reducers = self.rules, self._reducers
        self.rules, self._reducers = (written_out, last_of_row, *rules), {}
        try:
            yield
        finally:
            self.rules, self._reducers = rules, reducers

    def lemma(self, lemma: Lemma) -> int:
        """Keep a lemma; its number."""
        self.lemmas.append(lemma)
        return len(self.lemmas) - 1

    def exponential_of(
        self, argument: str, indices: Sequence[Index], opaque: frozenset[str]
    ) -> tuple[Exponential, tuple[Index, ...]] | None:
        """How e^argument[indices] is written in a name, if all names concerned are kept.

        With it what the letters of the lemma are there.
        """
        if argument in self.statement.definitions and argument not in opaque:
            return None
        for known in self.exponentials.get(argument, ()):
            if known.names <= opaque and (letters := known.arguments(indices)) is not None:
                return known, letters
        return None

    def row_sums_of(self, name: str, opaque: frozenset[str]) -> list[RowSum]:
        """The sums over one index of a name that are known to be 1."""
        return [known for known in self.row_sums.get(name, ()) if known.names <= opaque]

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
        return sign(self, reducer, poly, relation)

    def denominator(self, monomial: Monomial) -> int:
        """e^(k u/this) is a whole power of e^(u/this) wherever it stands."""
        return self._denominators.get(kind(self.bench.ring, monomial), 1)

    def _read_hypotheses(self) -> None:
        for number, hypothesis in enumerate(self.statement.hypotheses):
            match hypothesis.left:
                case Sum(index, Entry(name, places)):
                    axis = places.index(index)
                    known = RowSum("hypothesis", number, axis, index.size, frozenset())
                    self.row_sums.setdefault(name, []).append(known)
                case _:
                    name = next(p.name for p in walk(hypothesis.left) if isinstance(p, Entry))
                    self.squares[name] = number
        for name in [name for name in self.squares if not self.is_sign(name)]:
            for known in self.row_sums.get(name, ()):
                self.one_hot[name] = known.number, known.axis
