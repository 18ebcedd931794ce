"""A theorem told to people: its lemmas and its conditions as SymPy's relations."""

from __future__ import annotations

import sympy

from gradcheck_sym.checker.check import Theorem
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.proof import Lemma, Proof
from gradcheck_sym.term.terms import Apply, Letter, Sum
from gradcheck_sym.to_sympy import RELATIONS, names_of, to_sympy


def lemmas(theorem: Theorem, proof: Proof) -> tuple[sympy.Rel, ...]:
    """The identities that the proof shows on its way, and the signs that it needs."""
    found = [_identity(part) for part in proof.parts if isinstance(part, Lemma) and _says(part)]
    signs = [_relation(fact) for fact in theorem.facts]
    known = {side for sign in signs if sign.rel_op == ">" for side in (sign.lhs, -sign.lhs)}
    found += [sign for sign in signs if sign.rel_op == ">" or sign.lhs not in known]
    return tuple(dict.fromkeys(found))


def conditions(theorem: Theorem) -> tuple[sympy.Rel, ...]:
    """What has to hold, beyond real inputs."""
    return tuple(dict.fromkeys(map(_relation, theorem.conditions)))


def _says(lemma: Lemma) -> bool:
    """Whether a lemma is an identity between names, not a step of the derivative or of a sign."""
    return isinstance(lemma.left, Apply | Sum)


def _identity(lemma: Lemma) -> sympy.Rel:
    names = {letter: letter.name for letter in lemma.letters}
    left, right = (to_sympy(side, names) for side in (lemma.left, lemma.right))
    above, below = sympy.together(right).as_numer_denom()
    value = -above / -below if above.could_extract_minus_sign() else above / below
    return sympy.Eq(left, value, evaluate=False)


def _relation(needed: Obligation) -> sympy.Rel:
    names: dict[Letter, str] = names_of(needed.u)
    value = to_sympy(needed.u, names)
    if needed.relation == "≠" and value.could_extract_minus_sign():
        value = -value
    return RELATIONS[needed.relation](value, 0, evaluate=False)
