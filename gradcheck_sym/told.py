"""A theorem told to people: its lemmas and its conditions as SymPy's relations."""

from __future__ import annotations

import sympy

from gradcheck_sym.check.check import Theorem
from gradcheck_sym.check.obligations import Obligation
from gradcheck_sym.check.proof import Lemma, Proof
from gradcheck_sym.term.terms import Letter, Num
from gradcheck_sym.to_sympy import RELATIONS, names_of, to_sympy


def lemmas(theorem: Theorem, proof: Proof) -> tuple[sympy.Rel, ...]:
    """The identities that the proof shows on its way, and the signs that it needs."""
    found = [_identity(part) for part in proof.parts if isinstance(part, Lemma) and _says(part)]
    found += map(_relation, theorem.facts)
    return tuple(dict.fromkeys(found))


def conditions(theorem: Theorem) -> tuple[sympy.Rel, ...]:
    """What has to hold, beyond real inputs."""
    return tuple(dict.fromkeys(map(_relation, theorem.conditions)))


def _says(lemma: Lemma) -> bool:
    """Whether a lemma is more than that what stands under a sum vanishes."""
    return not (isinstance(lemma.right, Num) and lemma.right.value == 0)


def _identity(lemma: Lemma) -> sympy.Rel:
    names = {letter: letter.name for letter in lemma.letters}
    sides = (to_sympy(side, names) for side in (lemma.left, lemma.right))
    return sympy.Eq(*sides, evaluate=False)


def _relation(needed: Obligation) -> sympy.Rel:
    names: dict[Letter, str] = names_of(needed.u)
    value = to_sympy(needed.u, names)
    if needed.relation == "≠" and value.could_extract_minus_sign():
        value = -value
    return RELATIONS[needed.relation](value, 0, evaluate=False)
