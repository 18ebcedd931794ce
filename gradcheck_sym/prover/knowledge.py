"""What the rules know of a statement: lemmas read off its definitions, hypotheses, and signs.

v = α + β/(γ + δ e^{gz}) gives e^{gz} = (β/(v − α) − γ)/δ, and v = c e^{gz}/w gives e^{gz} = v w/c;
a name s = Σ_j e^{z_j} with v_j = e^{z_j}/s gives Σ_j v_j = 1. No activation is known by name.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from types import UnionType

from gradcheck_sym.checker.laws import LAWS, Equation
from gradcheck_sym.checker.obligations import Guard, Obligation, Signs
from gradcheck_sym.checker.proof import Because, Cancel, Cases, Identity, Lemma, Step
from gradcheck_sym.checker.ring import Monomial, Poly, Ring, TooLarge, scale
from gradcheck_sym.checker.statement import Definition, Hypothesis, Statement
from gradcheck_sym.prover.common import as_quotient
from gradcheck_sym.prover.indicators import (
    by_values,
    excluded,
    indicator_rule,
    row_sum,
    sign_of_name,
    two_valued,
)
from gradcheck_sym.prover.reduce import NotKnown, Reducer, Rule, scaled
from gradcheck_sym.prover.rules import (
    argument,
    cancelled,
    definition,
    exponential,
    inverse,
    logarithm,
    odd,
    relation,
    root,
)
from gradcheck_sym.prover.workbench import Workbench
from gradcheck_sym.term.functions import Relation
from gradcheck_sym.term.terms import (
    ONE,
    ZERO,
    Apply,
    Entry,
    Num,
    Size,
    Sum,
    Term,
    Where,
    apply,
    indicator,
    mul,
    substitute,
    walk,
)

RULES: tuple[Rule, ...] = (
    definition, argument, relation, exponential, two_valued, sign_of_name,
    indicator_rule, by_values, row_sum, inverse, logarithm, root, odd, excluded, cancelled,
)  # fmt: skip
MOST_DENOMINATOR = 12
MOST_UNFOLDED = 24  # atoms of a polynomial whose names unfold when its sign is asked for


@dataclass(frozen=True)
class Exponential:
    """e^(exponent · argument[…]) is a value in the name, by the lemma of that number."""

    exponent: Fraction
    lemma: int
    names: frozenset[str]


@dataclass(frozen=True)
class RowSum:
    """Σ over the last index = 1, by a hypothesis or a lemma of that number."""

    law: str
    number: int
    size: Size
    names: frozenset[str]


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
        self._exponentials: dict[str, list[Exponential]] = {}
        self._row_sums: dict[str, RowSum] = {}
        self._assumed: dict[object, Obligation] = {}
        self._in_cases: dict[object, set[object]] = {}
        self._values: dict[str, int] = {}
        self._sign_lemmas: dict[object, int | None] = {}
        self._reducers: dict[object, Reducer] = {}
        self._exponents = self._denominators()
        self.names = frozenset(statement.definitions) - always
        self._functions = self._defined_by(Apply | Where)
        self.in_cases = self._defined_by(Where)
        self._read_hypotheses()
        for name in statement.definitions:
            if name in self.names:
                self._learn(name)
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

    def lemma(self, lemma: Lemma) -> int:
        """Keep a lemma; its number."""
        self.lemmas.append(lemma)
        return len(self.lemmas) - 1

    def exponential_of(self, argument: str, opaque: frozenset[str]) -> Exponential | None:
        """How e^argument is written in a name, if all names concerned are kept."""
        known = self._exponentials.get(argument, ())
        return next((k for k in known if argument in opaque and k.names <= opaque), None)

    def row_sum_of(self, name: str, opaque: frozenset[str]) -> RowSum | None:
        """The sum of a name's last index, if it is known to be 1."""
        known = self._row_sums.get(name)
        return known if known and known.names <= opaque else None

    @property
    def useful(self) -> frozenset[str]:
        """The names in which exponentials are written."""
        known = (k for found in self._exponentials.values() for k in found)
        return frozenset(name for exponential in known for name in exponential.names)

    # Two values --------------------------------------------------------------------------

    def is_sign(self, name: str) -> bool:
        """Whether the values of an array are −1 and 1, and not 0 and 1."""
        right = self.statement.hypotheses[self.squares[name]].right
        return bool(self.bench.ring.equal(right, ONE))

    def value_lemma(self, name: str) -> int:
        """The lemma [y > 0] = y, where y² = y, or (1 + y)/2, where y² = 1."""
        if name not in self._values:
            self._values[name] = self.lemma(self._value_lemma(name))
        return self._values[name]

    def _value_lemma(self, name: str) -> Lemma:
        number = self.squares[name]
        letters = self.statement.hypotheses[number].letters
        y = Entry(name, letters)
        if self.is_sign(name):
            value, above, half = (1 + y) * Num(Fraction(1, 2)), 1 + y, Fraction(1, 2)
        else:
            value, above, half = y, y, Fraction(1)

        def side(factor: Term, scale: Fraction) -> Cancel:
            square = Step("hypothesis", (number, *letters), Num(scale))
            return Cancel(factor, None, Identity((Step("case", (0,), factor), square)))

        return Lemma(letters, indicator(y), value, Cases(y, side(above, -half), side(1 - y, half)))

    # Signs -------------------------------------------------------------------------------

    def assume(self, needed: Obligation) -> None:
        """The theorem will have this among its conditions."""
        if not needed.guards:
            (shape,) = self.bench.ring.shape(self.bench.ring.normal(needed.u))
            self._assumed.setdefault((shape, needed.relation), needed)

    def is_assumed(self, reducer: Reducer, poly: Poly, relation: Relation) -> bool:
        """Whether this, or more, is a condition anyway, or what is left of one in these cases."""
        ring = self.bench.ring
        (above,), (below,) = (ring.shape(scale(poly, sign)) for sign in (1, -1))
        wanted = {(above, ">"), (above, relation)}
        if relation == "≠":
            wanted |= {(below, ">"), (below, "≠")}
        if not wanted.isdisjoint(self._assumed):
            return True
        return bool(reducer.cases) and not wanted.isdisjoint(self._assumed_in(reducer, poly))

    def _assumed_in(self, reducer: Reducer, poly: Poly) -> set[object]:
        """What is left of the conditions in some cases, with the letters of a polynomial."""
        ring = self.bench.ring
        letters = ring.letters(poly)
        key = reducer.cases, letters
        if key not in self._in_cases:
            found = self._in_cases[key] = set()  # what is there while the others are looked for
            careful = self.reducer(self.names, reducer.cases, strict=True)
            by_cases = (o for o in self._assumed.values() if _has_cases(o.u))
            for needed in by_cases:
                own = ring.letters(ring.normal(needed.u))
                if [x.size for x in own] == [x.size for x in letters]:
                    here = substitute(needed.u, dict(zip(own, letters, strict=True)))
                    with suppress(TooLarge):
                        left = careful.reduce(ring.normal(here)).poly
                        found.add((*ring.shape(left), needed.relation))
        return self._in_cases[key]

    def not_zero(self, reducer: Reducer, poly: Poly) -> tuple[Because | None] | None:
        """Whether u ≠ 0 is known or a condition anyway."""
        shown = reducer.known(poly, "≠")
        return shown or ((None,) if self.is_assumed(reducer, poly, "≠") else None)

    def sign(
        self, reducer: Reducer, poly: Poly, relation: Relation
    ) -> tuple[Because | None] | None:
        """Whether the polynomial is ≠, > or ≥ 0 by what its names are defined as, and why."""
        if relation == "≠":
            return self._not_zero_by_sign(reducer, poly)
        if reducer.cases:
            found = self._sign(reducer, poly, relation)
            return (Because(found[0], Identity(found[1])),) if found else None
        (shape,) = self.bench.ring.shape(poly)
        key = shape, relation, reducer.opaque
        if key not in self._sign_lemmas:
            self._sign_lemmas[key] = None  # while it is looked for
            general = dict(shape)
            if found := self._sign(reducer, general, relation):
                value, steps = found
                letters = self.bench.ring.letters(general)
                left = self.bench.poly_term(general, 0)
                lemma = Lemma(letters, left, value, Identity(steps))
                self._sign_lemmas[key] = self.lemma(lemma)
        number = self._sign_lemmas[key]
        if number is None:
            return None
        lemma, letters = self.lemmas[number], self.bench.ring.letters(poly)
        value = substitute(lemma.right, dict(zip(lemma.letters, letters, strict=True)))
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
        """Unfold names, write over a common denominator, and look: the value, and the steps."""
        if sum(len(factors) for _, factors in poly) > MOST_UNFOLDED:
            return None
        unfolded = self.reducer(reducer.opaque - self._functions, reducer.cases, strict=True)
        try:
            found = unfolded.reduce(poly)
            value = self.bench.poly_term(found.poly, 0)
            if found.steps and unfolded.signs.holds_poly(found.poly, relation):
                return value, found.steps
            value, more, _ = as_quotient(unfolded, found.poly)
        except (TooLarge, NotKnown):
            return None
        if more and unfolded.signs.holds_poly(self.bench.ring.normal(value), relation):
            return value, (*found.steps, *more)
        return None

    def _defined_by(self, kind: UnionType | type) -> frozenset[str]:
        """The names in whose definitions such a term stands."""
        return frozenset(
            name
            for name, definition in self.statement.definitions.items()
            if any(isinstance(part, kind) for part in walk(definition.value))
        )

    # What the definitions say ------------------------------------------------------------

    def _denominators(self) -> dict[object, int]:
        """For what stands in exponents, a common denominator of its factors there."""
        values = [d.value for d in self.statement.definitions.values()]
        found: dict[object, int] = {}
        for part in walk(*values, self.statement.loss, self.statement.claim):
            if isinstance(part, Apply) and part.function == "exp":
                for monomial, coefficient in self.bench.ring.normal(part.argument).items():
                    kind = self._kind(monomial)
                    common = lcm(found.get(kind, 1), Fraction(coefficient).denominator)
                    found[kind] = common if common <= MOST_DENOMINATOR else 1
        return found

    def denominator(self, monomial: Monomial) -> int:
        """e^(k u/this) is a whole power of e^(u/this) wherever it stands."""
        return self._exponents.get(self._kind(monomial), 1)

    def _kind(self, monomial: Monomial) -> object:
        return sorted((str(self.bench.ring.atoms[n][:2]), e) for n, e in monomial[1]).__repr__()

    def _read_hypotheses(self) -> None:
        for number, hypothesis in enumerate(self.statement.hypotheses):
            match hypothesis.left:
                case Sum(index, Entry(name, (*_, last))) if last is index:
                    self._row_sums[name] = RowSum("hypothesis", number, index.size, frozenset())
                case _:
                    name = next(p.name for p in walk(hypothesis.left) if isinstance(p, Entry))
                    self.squares[name] = number

    def _learn(self, name: str) -> None:
        """The lemmas that a definition gives."""
        known = self.statement.definitions[name]
        parts = list(walk(known.value))
        if not any(isinstance(p, Apply) and p.function == "exp" for p in parts):
            return
        if any(isinstance(p, Where) for p in parts):
            return
        reducer = Reducer(self, self.names)
        try:
            form = reducer.reduce(self.bench.ring.normal(known.value)).poly
            if found := self._of_quotient(known, name, form) or self._of_product(known, name, form):
                self._learn_exponential(known, name, *found)
        except TooLarge:
            return

    def _exponent(self, factors: tuple[tuple[int, int], ...]) -> tuple[str, Fraction, Entry] | None:
        """The z and the g of a product that is e^(g z)."""
        bench = self.bench
        if len(factors) != 1 or bench.kind(factors[0][0]) != "exp":
            return None
        match list(bench.argument(factors[0][0]).items()):
            case [(((), ((inner, 1),)), g)] if bench.kind(inner) == "entry":
                z = bench.atom_term(inner, 0)
                assert isinstance(z, Entry)
                return z.name, Fraction(g) * factors[0][1], z
        return None

    def _of_quotient(self, known: Definition, name: str, form: Poly) -> Found | None:
        bench = self.bench
        offset = form.get(((), ()), 0)
        match [(m, c) for m, c in form.items() if m != ((), ())]:
            case [(((), ((number, 1),)), beta)] if bench.kind(number) == "inv":
                divisor = bench.argument(number)
            case _:
                return None
        gamma = divisor.get(((), ()), 0)
        match [(m, c) for m, c in divisor.items() if m != ((), ())]:
            case [(((), factors), delta)] if found := self._exponent(factors):
                v = Entry(name, known.letters)
                value = Num(beta) * apply("inv", v - Num(offset)) - Num(gamma)
                return (*found, Num(1 / Fraction(delta)) * value, frozenset({name}))
        return None

    def _of_product(self, known: Definition, name: str, form: Poly) -> Found | None:
        bench = self.bench
        match list(form.items()):
            case [(((), factors), coefficient)]:
                pass
            case _:
                return None
        powers = tuple(f for f in factors if bench.kind(f[0]) == "exp")
        others = [f for f in factors if f not in powers]
        found = self._exponent(powers)
        names: set[str] = {name}
        above: list[Term] = []
        for number, exponent in others:
            key, sign = bench.generator(number)
            if key < 0 or sign > 0 or bench.kind(key) != "entry":
                return None
            names.add(bench.ring.atoms[key][1])
            above += [bench.atom_term(key, 0)] * exponent
        if found is None:
            return None
        v = Entry(name, known.letters)
        return (*found, mul(Num(1 / Fraction(coefficient)), v, *above), frozenset(names))

    def _learn_exponential(
        self,
        known: Definition,
        name: str,
        argument: str,
        exponent: Fraction,
        z: Entry,
        value: Term,
        names: frozenset[str],
    ) -> None:
        own = self.bench.ring.normal(Entry(argument, known.letters))
        if argument not in self.statement.definitions or self.bench.ring.normal(z) != own:
            return
        left = Apply("exp", Num(exponent) * z)
        reducer = Reducer(self, self.names - {name}, strict=True)
        found = reducer.reduce(self.bench.ring.difference(left, value))
        if found.poly:
            return
        number = self.lemma(Lemma(known.letters, left, value, Identity(found.steps)))
        if first := self._first_said(known, name, z, exponent):
            self.before[number] = self.lemma(first)
        self._exponentials.setdefault(argument, []).append(Exponential(exponent, number, names))
        sums = [n for n in names if isinstance(self.statement.definitions[n].value, Sum)]
        if sums:
            self._learn_row_sum(known, name, names)

    def _first_said(
        self, known: Definition, name: str, z: Entry, exponent: Fraction
    ) -> Lemma | None:
        """How e^-z · v = 1 − v is said, for a v that is a sigmoid of z."""
        v = Entry(name, known.letters)
        left = Apply("exp", Num(-exponent) * z) * v
        reducer = Reducer(self, self.names - {name}, strict=True)
        found = reducer.reduce(self.bench.ring.difference(left, 1 - v))
        return None if found.poly else Lemma(known.letters, left, 1 - v, Identity(found.steps))

    def _learn_row_sum(self, known: Definition, name: str, names: frozenset[str]) -> None:
        *before, last = known.letters
        left = Sum(last, Entry(name, known.letters))
        reducer = Reducer(self, self.names - names, strict=True)
        try:
            found = reducer.reduce(self.bench.ring.difference(left, ONE))
            value, steps, _ = as_quotient(reducer, found.poly)
        except (TooLarge, NotKnown):
            return
        if self.bench.ring.normal(value):
            return
        by = Identity((*found.steps, *steps))
        number = self.lemma(Lemma(tuple(before), left, ONE, by))
        self._row_sums[name] = RowSum("lemma", number, last.size, names)


Found = tuple[str, Fraction, Entry, Term, frozenset[str]]


def _has_cases(value: Term) -> bool:
    return any(isinstance(part, Where) for part in walk(value))
