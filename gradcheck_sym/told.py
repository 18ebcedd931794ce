"""A theorem told to people: its lemmas and its conditions as SymPy's relations."""

from __future__ import annotations

import sympy

from gradcheck_sym.cases import if_positive
from gradcheck_sym.checker.check import Theorem
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.proof import Lemma, Proof
from gradcheck_sym.checker.statement import Statement, free_letters
from gradcheck_sym.conditions import plain
from gradcheck_sym.contracted import contracted
from gradcheck_sym.term.terms import Apply, Letter, Sum, Term
from gradcheck_sym.term.walks import entries
from gradcheck_sym.to_sympy import LETTERS, RELATIONS, to_sympy


def lemmas(theorem: Theorem, proof: Proof) -> tuple[sympy.Rel, ...]:
    """The identities that the proof shows on its way, and the signs that it needs."""
    found = [_identity(part) for part in proof.parts if isinstance(part, Lemma) and _says(part)]
    signs = [_relation(fact, theorem.statement) for fact in theorem.facts]
    known = {side for sign in signs if sign.rel_op == ">" for side in (sign.lhs, -sign.lhs)}
    found += [sign for sign in signs if sign.rel_op == ">" or sign.lhs not in known]
    return tuple(dict.fromkeys(found))


def conditions(theorem: Theorem) -> tuple[sympy.Rel, ...]:
    """What has to hold, beyond real inputs."""
    found = plain(theorem.conditions, theorem.statement)
    return tuple(dict.fromkeys(_relation(needed, theorem.statement) for needed in found))


def _says(lemma: Lemma) -> bool:
    """Whether a lemma is an identity between names, not a step of the derivative or of a sign."""
    return isinstance(lemma.left, Apply | Sum)


def _identity(lemma: Lemma) -> sympy.Rel:
    names = {letter: letter.name for letter in lemma.letters}
    left, right = (to_sympy(contracted(side), names) for side in (lemma.left, lemma.right))
    above, below = sympy.together(right).as_numer_denom()
    value = -above / -below if above.could_extract_minus_sign() else above / below
    return sympy.Eq(left, value, evaluate=False)


def _relation(needed: Obligation, statement: Statement) -> sympy.Rel:
    """The obligation as a relation; what is needed in one case alone is 1 in the other."""
    terms = needed.u, *(u for u, _ in needed.guards)
    names = letter_names(terms, statement)
    sign: str = needed.relation
    value, *guards = (to_sympy(term, names) for term in terms)
    if needed.relation == "≠" and _is_turned(value):
        value = -value
    for u, (_, holds) in zip(reversed(guards), reversed(needed.guards), strict=True):
        value = if_positive(u, *((value, sympy.S.One) if holds else (sympy.S.One, value)))
    if isinstance(value, if_positive) and value.args[1:] in ((1, 0), (0, 1)):
        u, yes, _ = value.args  # a case that has to hold, or not to
        value, sign = (u, ">") if yes == 1 else (-u, "≥")
    return RELATIONS[sign](value, 0, evaluate=False)


def _is_turned(value: sympy.Expr) -> bool:
    """Whether −value is what people say: 1 − a for a − 1, z for −z."""
    number = value.as_coeff_Add()[0]
    return bool(number < 0 if number else value.could_extract_minus_sign())


def letter_names(terms: tuple[Term, ...], statement: Statement) -> dict[Letter, str]:
    """Names for the free letters: as the first array that they stand at has them."""
    free = frozenset().union(*map(free_letters, terms))
    places = [
        (entry.name not in statement.definitions, entry.name, k, index)
        for entry in entries(*terms)
        for k, index in enumerate(entry.indices)
        if index in free
    ]
    found: dict[Letter, str] = {}
    for _, name, k, letter in sorted(places, key=lambda place: place[:3]):
        own = statement.definitions[name].letters[k].name if name in statement.definitions else ""
        unused = (x for x in (own, *LETTERS[k:], *LETTERS) if x and x not in found.values())
        found.setdefault(letter, next(unused))
    return found
