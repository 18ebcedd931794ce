"""The sign of a polynomial, by what its names are defined as."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcheck_sym.checker.polynomial import Poly, TooLarge, freeze, scale
from gradcheck_sym.checker.proof import Because, Identity, Lemma, Step
from gradcheck_sym.prover.common import as_quotient
from gradcheck_sym.prover.recognised import recognised
from gradcheck_sym.prover.reduce import NotKnown, Reducer, scaled
from gradcheck_sym.term.functions import Relation
from gradcheck_sym.term.terms import ONE, Entry, Num, Term
from gradcheck_sym.term.walks import entries, substitute

if TYPE_CHECKING:
    from gradcheck_sym.prover.knowledge import Knowledge

MOST_UNFOLDED = 24  # atoms of a polynomial whose names unfold when its sign is asked for


def sign(
    knowledge: Knowledge, reducer: Reducer, poly: Poly, relation: Relation
) -> tuple[Because | None] | None:
    """Whether the polynomial is ≠, > or ≥ 0 by what its names are defined as, and why."""
    if relation == "≠":
        return _not_zero_by_sign(reducer, poly)
    if reducer.cases:
        found = _sign(knowledge, reducer, poly, relation)
        return (Because(found[0], Identity(found[1])),) if found else None
    left, pooled, letters = knowledge.bench.general(poly)
    general = knowledge.bench.ring.normal(left)
    key = freeze(general), relation, reducer.opaque
    if key not in knowledge.sign_lemmas:
        knowledge.sign_lemmas[key] = None  # while it is looked for
        if found := _sign(knowledge, reducer, general, relation):
            lemma = Lemma(pooled, left, found[0], Identity(found[1]))
            knowledge.sign_lemmas[key] = knowledge.lemma(lemma)
    number = knowledge.sign_lemmas[key]
    if number is None:
        return None
    value = substitute(knowledge.lemmas[number].right, dict(zip(pooled, letters, strict=True)))
    return (Because(value, Identity((Step("lemma", (number, *letters), ONE),))),)


def _not_zero_by_sign(reducer: Reducer, poly: Poly) -> tuple[Because | None] | None:
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
    knowledge: Knowledge, reducer: Reducer, poly: Poly, relation: Relation
) -> tuple[Term, tuple[Step, ...]] | None:
    """By what kept names stand for, or as what a name stands for while all are kept."""
    found = _unfolded_sign(knowledge, reducer, poly, relation)
    if found or knowledge.names <= reducer.opaque:
        return found
    careful = knowledge.reducer(reducer.opaque, reducer.cases, strict=True)
    names = sorted(knowledge.names & knowledge.functions)
    try:
        numbers = ((name, _lemma(knowledge, name, relation)) for name in names)
        signed = {name: number for name, number in numbers if number is not None}
        return recognised(knowledge, careful, poly, signed)
    except (TooLarge, NotKnown):
        return None


def _lemma(knowledge: Knowledge, name: str, relation: Relation) -> int | None:
    """The lemma that a name is something with this sign, as far as that is seen with names kept."""
    key = name, relation
    if key not in knowledge.sign_lemmas:
        knowledge.sign_lemmas[key] = None  # while it is looked for
        letters = knowledge.statement.definitions[name].letters
        entry = Entry(name, letters)
        kept = knowledge.reducer(knowledge.names, strict=True)
        if found := _unfolded_sign(knowledge, kept, kept.ring.normal(entry), relation):
            lemma = Lemma(letters, entry, found[0], Identity(found[1]))
            knowledge.sign_lemmas[key] = knowledge.lemma(lemma)
    return knowledge.sign_lemmas[key]


def _unfolded_sign(
    knowledge: Knowledge, reducer: Reducer, poly: Poly, relation: Relation
) -> tuple[Term, tuple[Step, ...]] | None:
    """Unfold the names that stand there, then those inside: the value, and the steps."""
    if sum(len(factors) for _, factors in poly) > MOST_UNFOLDED:
        return None
    gone: frozenset[str] = frozenset()
    there = poly
    while True:
        term = knowledge.bench.poly_term(there, knowledge.bench.base(poly))
        names = {entry.name for entry in entries(term)} & knowledge.functions
        reader = knowledge.reducer(reducer.opaque - gone - names, reducer.cases, strict=True)
        try:
            if found := _sign_with(reader, poly, relation):
                return found
            there = reader.reduce(poly).poly
        except (TooLarge, NotKnown):
            return None
        if names <= gone:
            return None
        gone |= names


def _sign_with(
    reducer: Reducer, poly: Poly, relation: Relation
) -> tuple[Term, tuple[Step, ...]] | None:
    """Apply the rules, write over a common denominator, and look."""
    found = reducer.reduce(poly)
    value = reducer.bench.poly_term(found.poly, reducer.bench.base(poly))
    if found.steps and reducer.signs.holds_poly(found.poly, relation):
        return value, found.steps
    value, more, _ = as_quotient(reducer, found.poly)
    if more and reducer.signs.holds_poly(reducer.bench.ring.normal(value), relation):
        return value, (*found.steps, *more)
    return None
