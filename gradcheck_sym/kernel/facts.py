"""What a normal form rests on: the identities it used, and the denominators it inverted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy

from gradcheck_sym.kernel.functions import square_root
from gradcheck_sym.kernel.normal_form import NormalForms, Relation
from gradcheck_sym.kernel.polynomial import (
    Frozen,
    Monomial,
    Poly,
    accumulate,
    binders,
    freeze,
    nested,
    reindex,
    scale,
)
from gradcheck_sym.kernel.to_sympy import LETTERS, to_sympy

Facts = tuple[tuple[sympy.Rel, ...], tuple[sympy.Rel, ...]]
SHOWN_INDICES = 2  # letters that general indices may take; sums inside take the later ones


def facts(forms: NormalForms) -> Facts:
    """(lemmas, conditions): what was shown to hold, and what has to hold."""
    lemmas = [_identity(*used) for used in forms.used.items()]
    conditions = []
    for poly in _nonzero(forms):
        if known := forms.sign_of(poly):
            lemmas.append(sympy.Gt(_shown(scale(poly, known)), 0, evaluate=False))
        else:
            conditions.append(sympy.Ne(_shown(poly), 0, evaluate=False))
    for relation, arguments in ((sympy.Gt, forms.logarithms), (sympy.Ge, forms.roots)):
        for poly in list(arguments.values()):
            if relation is sympy.Ge and square_root(poly):
                continue
            known = forms.sign_of(poly) == 1
            (lemmas if known else conditions).append(relation(_shown(poly), 0, evaluate=False))
    return tuple(dict.fromkeys(lemmas)), tuple(dict.fromkeys(conditions))


def _identity(argument: str, relation: Relation) -> sympy.Rel:
    """exp(argument) = its value in the generator."""
    places = ("@0", "@1")
    left: Poly = {((("exp", (((((argument, *places), 1),), 1),)), relation.exponent),): 1}
    above, below = sympy.together(_shown(relation.value)).as_numer_denom()
    value = -above / -below if above.could_extract_minus_sign() else above / below
    return sympy.Eq(_shown(left), value, evaluate=False)


def _nonzero(forms: NormalForms) -> Iterator[Poly]:
    """The factors of all denominators, each once, with letters for bound indices."""
    found: dict[Frozen, Poly] = {}
    for denominator in list(forms.denominators.values()):
        for factor in forms.factors(denominator):
            tidy = _tidy(scale(factor, 1 / Fraction(next(iter(factor.values())))))
            found[freeze(tidy)] = tidy
    yield from found.values()


def _shown(poly: Poly) -> sympy.Expr:
    return to_sympy(_tidy(poly), depth=SHOWN_INDICES)


def _tidy(poly: Poly) -> Poly:
    """The names of free indices as letters: i in the first place, j in the second."""
    letters: dict[str, str] = {}
    for name, place in (found for monomial in poly for found in _free(monomial)):
        free = (x for x in LETTERS[place:] + LETTERS if x not in letters.values())
        letters.setdefault(name, next(free))
    tidy: Poly = {}
    for monomial, coefficient in poly.items():
        accumulate(tidy, reindex(monomial, letters), coefficient)
    return tidy


def _free(monomial: Monomial) -> Iterator[tuple[str, int]]:
    """The names of free indices, each with its place."""
    own = {binder[1] for binder in binders(monomial)}
    for atom, _ in monomial:
        if atom[0] != "sum":
            places = enumerate(atom[1:])
            yield from ((x, k) for k, x in places if isinstance(x, str) and x not in own)
        for frozen in nested(atom):
            for inner, _ in frozen:
                yield from (found for found in _free(inner) if found[0] not in own)
