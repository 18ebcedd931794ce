"""A theorem told to people: its lemmas and its conditions as relations."""

from __future__ import annotations

from collections.abc import Iterable

from gradcheck_sym.checker.check import Theorem
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.proof import Lemma, Proof
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.conditions import plain, tidy
from gradcheck_sym.contracted import contracted
from gradcheck_sym.relation import Relation
from gradcheck_sym.shown.alike import alike
from gradcheck_sym.shown.axes import Axes
from gradcheck_sym.shown.cases import is_indicator
from gradcheck_sym.shown.names import distinct, unclashed
from gradcheck_sym.shown.quotient import is_turned, quotient
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.term.terms import (
    INVENTED,
    ONE,
    ZERO,
    Apply,
    Delta,
    Entry,
    Index,
    Letter,
    Sum,
    Term,
    Where,
)
from gradcheck_sym.term.walks import rebuilt, substitute, walk

MOST_TOLD = 12  # names in a condition that are told by what they stand for


def lemmas(theorem: Theorem, proof: Proof) -> tuple[Relation, ...]:
    """The identities that the proof shows on its way, and the signs that it needs."""
    parts = (part for part in proof.parts if isinstance(part, Lemma) and _says(part))
    found = list(map(_identity, parts))
    axes = Axes.of(theorem.statement)
    signs = [_relation(tidy(fact), axes) for fact in theorem.facts]
    known = [side for sign in signs if sign.sign == ">" for side in (sign.left, -sign.left)]
    found += [
        sign
        for sign in signs
        if sign.sign == ">" or not any(alike(sign.left, tidied(side)) for side in known)
    ]
    return tuple(dict.fromkeys(found))


def conditions(theorem: Theorem, needs: Iterable[Obligation] | None = None) -> tuple[Relation, ...]:
    """What has to hold, beyond real inputs; of all of it, `needs`, if these are given."""
    statement = theorem.statement
    needs = theorem.conditions if needs is None else needs
    found = plain([_in_own_names(needed, statement) for needed in needs], statement)
    axes = Axes.of(statement)
    return tuple(dict.fromkeys(_relation(needed, axes) for needed in found))


def _in_own_names(needed: Obligation, statement: Statement) -> Obligation:
    """The obligation without names that nobody gave, which are not what a reader would think."""
    found = in_given_names([needed.u, *(u for u, _ in needed.guards)], statement)
    if found is None:
        return needed
    u, *others = found
    guards = zip(others, (holds for _, holds in needed.guards), strict=True)
    return Obligation(u, needed.relation, tuple(guards))


def in_given_names(terms: Iterable[Term], statement: Statement) -> list[Term] | None:
    """The terms, with what stands for names that nobody gave; None where that are many."""
    left = MOST_TOLD

    def put(part: Term) -> Term:
        nonlocal left
        invented = isinstance(part, Entry) and part.name.endswith(INVENTED)
        if isinstance(part, Entry) and invented and part.name in statement.definitions and left:
            left -= 1
            return put(statement.definition(part.name).at(part.indices))
        return rebuilt(part, put)

    found = [put(term) for term in terms]
    return found if left else None


def _says(lemma: Lemma) -> bool:
    """Whether a lemma is an identity between names, not a step of the derivative or of a sign."""
    left = contracted(lemma.left)
    return isinstance(lemma.left, Apply | Sum) and not any(isinstance(x, Delta) for x in walk(left))


def _identity(lemma: Lemma) -> Relation:
    names = distinct(lemma.letters, ())
    left, right = (tidied(contracted(side), names) for side in (lemma.left, lemma.right))
    return Relation(left, "=", quotient(right))


def _relation(needed: Obligation, axes: Axes) -> Relation:
    """The obligation as a relation; what is needed in one case alone is 1 in the other."""
    terms = [axes.all_along(u) for u in (needed.u, *(u for u, _ in needed.guards))]
    named = {x: _named(x, name) for x, name in axes.named(*terms).items()}
    sign: str = needed.relation
    value, *guards = (_in_order(unclashed(substitute(term, named))) for term in terms)
    if needed.relation == "≠" and is_turned(value) and alike(value, tidied(value)):
        value = tidied(-value)
    for u, (_, holds) in zip(reversed(guards), reversed(needed.guards), strict=True):
        value = Where(u, *((value, ONE) if holds else (ONE, value)))
    match value:  # a case that has to hold, or not to
        case Where(u, yes, no) if is_indicator(yes, no):
            return Relation(u, ">", ZERO)
        case Where(u, yes, no) if is_indicator(no, yes):
            return Relation(tidied(-u), "≥", ZERO)
    return Relation(value, sign, ZERO)


def _in_order(value: Term) -> Term:
    """The term in the order in which people read, if it is tidy but for that."""
    shown = tidied(value)
    return shown if alike(shown, value) else value


def _named(letter: Letter, name: str) -> Index:
    return 1 if letter.size == 1 else Letter(name, letter.size)
