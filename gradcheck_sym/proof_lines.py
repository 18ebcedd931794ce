"""A proof as lines for people: what each shows, from which laws and which earlier lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradcheck_sym.checker.chain import Link, chain
from gradcheck_sym.checker.check import Theorem
from gradcheck_sym.checker.laws import LAWS
from gradcheck_sym.checker.proof import (
    Argument,
    Cancel,
    Cases,
    Identity,
    Lemma,
    Proof,
    Reasons,
    Slope,
    Step,
)
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.contracted import contracted
from gradcheck_sym.prover.workbench import Workbench
from gradcheck_sym.relation import Relation
from gradcheck_sym.shown.alike import alike
from gradcheck_sym.shown.axes import Axes
from gradcheck_sym.shown.names import index_shown
from gradcheck_sym.shown.order import by_place
from gradcheck_sym.shown.quotient import simplest
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.steps import Line, Place
from gradcheck_sym.term.terms import ZERO, Delta, Index, Letter, Mul, Num, Term, mul, sums
from gradcheck_sym.term.walks import substitute, walk

MOST_LAWS = 8  # that one line names
NAMED = (  # the others are how functions and indicators of sums and products are taken apart
    *("u/u = 1", "e^ln u = u", "ln e^u = u", "√u √u = u", "√(uu) = |u|", "sin²u + cos²u = 1"),
)


def lines(theorem: Theorem, proof: Proof) -> Iterator[Line]:
    """The lines of a proof, in order."""
    told = _Told(theorem.statement, proof)
    for number, part in enumerate(proof.parts, start=1):
        yield told.lemma(number, part) if isinstance(part, Lemma) else told.slope(number, part)


class _Told:
    def __init__(self, statement: Statement, proof: Proof) -> None:
        self._statement = statement
        self._axes = Axes.of(statement)
        self._bench = Workbench(Ring())
        self._lemmas = [part for part in proof.parts if isinstance(part, Lemma)]
        self._slopes: dict[str, Slope] = {}
        self._local: dict[int, tuple[Link, Slope]] = {}
        for part in proof.parts:
            if isinstance(part, Slope):
                self._slopes[part.name] = part
        for part in self._slopes.values():
            for step, link in self._first_steps(part):
                self._local[step.arguments[0]] = link, part

    def _links(self, part: Slope) -> tuple[Link, ...]:
        return chain(self._statement, self._slopes, part.name, part.places)

    def _first_steps(self, part: Slope) -> Iterator[tuple[Step, Link]]:
        """The steps that put the simple form of ∂user/∂name for the raw one."""
        links = {link.letters: link for link in self._links(part) if link.user}
        for step in steps_of(part.by):
            link = links.get(step.sums) if step.law == "lemma" else None
            if link and step.arguments[1:] == (*link.letters, *_letters(part.places)):
                yield step, link

    def lemma(self, number: int, part: Lemma) -> Line:
        """A lemma; one on how a name depends on another says so."""
        laws, lemmas, names = self._used(part.by, ())
        if number - 1 not in self._local:
            shown = self._axes.named(part.left, part.right)
            left, right = (tidied(contracted(x), shown) for x in (part.left, part.right))
            return Line(number, left, simplest(right), (), laws, lemmas, names)
        link, slope = self._local[number - 1]
        top, bottom, meet = self._places(link, slope, part.left)
        raw, right = (self._met(side, meet) for side in (part.left, part.right))
        return Line(number, (top, bottom), simplest(right), (raw,), laws, lemmas, names)

    def slope(self, number: int, part: Slope) -> Line:
        """A slope: the chain rule, and what it comes to."""
        simple = {step.sums: step.arguments[0] for step, _ in self._first_steps(part)}
        terms = [self._term(link, part, simple.get(link.letters)) for link in self._links(part)]
        left = Place(part.name, tuple(map(index_shown, part.places)))
        laws, lemmas, names = self._used(part.by, part.reasons)
        right = tidied(part.value, {x: x.name for x in _letters(part.places)})
        there = tuple(term for term in terms if not alike(term, ZERO))
        return Line(number, left, simplest(right), there, laws, lemmas, names)

    def _term(self, link: Link, part: Slope, lemma: int | None) -> Term:
        """∂J/∂user × ∂user/∂name, with the sums that are left of it."""
        shown = {x: x.name for x in _letters(part.places)}
        inner = link.inner
        if lemma is not None and link.user:
            known = self._lemmas[lemma]
            letters = (*link.letters, *_letters(part.places))
            inner = substitute(known.right, dict(zip(known.letters, letters, strict=True)))
        ring = self._bench.ring
        whole = ring.normal(sums(link.letters, mul(link.outer, inner)))
        own, others = link.letters, _letters(part.places)
        if [x.size for x in own] == [x.size for x in others]:
            meet = dict(zip(own, others, strict=True))
            outer = substitute(link.outer, meet)
            local = substitute(substitute(inner, dict(zip(others, own, strict=True))), meet)
            if link.user and ring.normal(mul(outer, local)) == whole:
                simple = self._bench.poly_term(ring.normal(local), 0)
                pair = tuple(simplest(tidied(x, shown)) for x in (outer, simple))
                plain = any(isinstance(x, Num) for x in pair)
                return tidied(Mul(pair)) if plain else mul(*sorted(pair, key=by_place))
        return simplest(tidied(self._bench.poly_term(whole, 0), shown))

    def _places(
        self, link: Link, slope: Slope, value: Term
    ) -> tuple[Place, Place, Mapping[Letter, Index]]:
        """∂user/∂name at places that meet where the value has a delta of them."""
        own, others = link.letters, list(_letters(slope.places))
        deltas = [{x.left, x.right} for x in walk(value) if isinstance(x, Delta)]
        meet: dict[Letter, Index] = {
            there: here for here in own for there in others if {here, there} in deltas
        }
        bottom = tuple(meet.get(x, x) if isinstance(x, Letter) else x for x in slope.places)
        top = Place(link.user or "J", tuple(map(index_shown, own)))
        return top, Place(slope.name, tuple(map(index_shown, bottom))), meet

    def _met(self, side: Term, meet: Mapping[Letter, Index]) -> Term:
        term = substitute(side, meet)
        ring = self._bench.ring
        return tidied(self._bench.poly_term(ring.normal(term), 0))

    def _used(
        self, by: Argument, reasons: Reasons
    ) -> tuple[tuple[Relation, ...], tuple[int, ...], tuple[str, ...]]:
        """The laws, the earlier lines and the unfolded names of an argument."""
        laws: dict[Relation, None] = {}
        lemmas: dict[int, None] = {}
        names: dict[str, None] = {}
        for step in steps_of(by, reasons):
            if step.law == "lemma":
                lemmas[step.arguments[0] + 1] = None
            elif step.law == "definition":
                names[step.arguments[0]] = None
            elif step.law in NAMED and len(laws) < MOST_LAWS:
                terms = tuple(x for x in step.arguments if isinstance(x, Term))
                shown = self._axes.named(*terms)
                law = LAWS[step.law](*(tidied(x, shown) for x in terms))
                laws[Relation(law.left, "=", law.right)] = None
        return tuple(laws), tuple(lemmas), tuple(names)


def steps_of(by: Argument, reasons: Reasons = ()) -> Iterator[Step]:
    """All steps of an argument, those of reasons with them."""
    for reason in reasons:
        if reason:
            yield from steps_of(reason.by)
    match by:
        case Identity(steps):
            for step in steps:
                yield step
                yield from steps_of(Identity(), step.reasons)
        case Cases(_, above, below):
            yield from steps_of(above)
            yield from steps_of(below)
        case Cancel(_, reason, rest):
            yield from steps_of(rest, (reason,))


def _letters(places: tuple[Index, ...]) -> tuple[Letter, ...]:
    return tuple(x for x in places if isinstance(x, Letter))
