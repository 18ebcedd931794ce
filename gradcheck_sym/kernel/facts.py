"""What a normal form rests on: the identities it used, and the denominators it inverted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import sympy

from gradcheck_sym.kernel.context import Requirement
from gradcheck_sym.kernel.normal_form import NormalForms
from gradcheck_sym.kernel.notes import Notes
from gradcheck_sym.kernel.polynomial import (
    Index,
    Poly,
    accumulate,
    free,
    reindex,
    scale,
)
from gradcheck_sym.kernel.relations import Relation
from gradcheck_sym.kernel.roots import square_root
from gradcheck_sym.kernel.rules import leading
from gradcheck_sym.kernel.to_sympy import LETTERS, to_sympy

Facts = tuple[tuple[sympy.Rel, ...], tuple[sympy.Rel, ...]]
SHOWN_INDICES = 2  # letters that general indices may take; sums inside take the later ones


def facts(forms: NormalForms, notes: Notes) -> Facts:
    """(lemmas, conditions): what was shown to hold, and what has to hold."""
    lemmas = [_identity(forms, *used) for used in notes.used.items()]
    assumed = forms.hypotheses.row_sums
    lemmas += [_row(forms, name, size) for name, size in notes.rows.items() if name not in assumed]
    conditions = [sympy.Ne(_shown(forms, kink), 0, evaluate=False) for kink in notes.kinks.values()]
    for poly in factors(forms, notes):
        tidy = _tidy(forms, scale(poly, 1 / Fraction(poly[leading(poly)])))
        if known := forms.sign_of(tidy):
            lemmas.append(sympy.Gt(_shown(forms, scale(tidy, known)), 0, evaluate=False))
        else:
            conditions.append(sympy.Ne(_shown(forms, tidy), 0, evaluate=False))
    for relation, arguments in ((sympy.Gt, notes.logarithms), (sympy.Ge, notes.roots)):
        for poly in arguments.values():
            if relation is sympy.Ge and square_root(poly):
                continue
            known = forms.sign_of(poly) == 1
            (lemmas if known else conditions).append(
                relation(_shown(forms, poly), 0, evaluate=False)
            )
    return tuple(dict.fromkeys(lemmas)), tuple(dict.fromkeys(conditions))


def always(forms: NormalForms, requirement: Requirement) -> bool:
    """Whether what is required is sure to hold; nothing is noted."""
    kept, forms.notes = forms.notes, Notes()
    known, forms.notes = forms.sign_of(forms.general(requirement.entry)), kept
    return known == 1 or (known == -1 and requirement.relation == "≠")


def note(forms: NormalForms, requirement: Requirement) -> None:
    """Take down what a side needs to be defined."""
    poly = forms.general(requirement.entry)
    match requirement.relation:
        case "≠":
            forms.inverse(poly)
        case ">":
            forms.log(poly)
        case "≥":
            forms.root(poly, 1)


def _identity(forms: NormalForms, argument: str, relation: Relation) -> sympy.Rel:
    """exp(argument) = its value in the generator."""
    places = (f"@{k}" for k in range(relation.places))
    left: Poly = {((("exp", (((((argument, *places), 1),), 1),)), relation.exponent),): 1}
    above, below = sympy.together(_shown(forms, relation.value)).as_numer_denom()
    value = -above / -below if above.could_extract_minus_sign() else above / below
    return sympy.Eq(_shown(forms, left), value, evaluate=False)


def _row(forms: NormalForms, name: str, size: Index) -> sympy.Rel:
    """The entries of a row sum to 1."""
    term: Poly = {(((name, "i", "#"), 1), (("sum", "#", size), 1)): 1}
    return sympy.Eq(_shown(forms, term), 1, evaluate=False)


def factors(forms: NormalForms, notes: Notes) -> Iterator[Poly]:
    """The factors of all denominators."""
    for denominator in notes.denominators.values():
        yield from forms.factors(denominator)


def needed(forms: NormalForms, notes: Notes) -> Iterator[tuple[Poly, str]]:
    """All that has to be "≠", ">" or "≥" 0."""
    yield from ((poly, "≠") for poly in factors(forms, notes))
    yield from ((poly, ">") for poly in notes.logarithms.values())
    yield from ((poly, "≥") for poly in notes.roots.values())


def _shown(forms: NormalForms, poly: Poly) -> sympy.Expr:
    return to_sympy(_tidy(forms, poly), depth=SHOWN_INDICES)


def _tidy(forms: NormalForms, poly: Poly) -> Poly:
    """The names of free indices as letters: those of a name's definition, else i, then j."""
    letters: dict[str, str] = {}
    for index, name, place in (found for monomial in poly for found in free(monomial)):
        definition = forms.definitions.get(name)
        own = [definition.indices[place].name] if definition else []
        unused = (x for x in (*own, *LETTERS[place:], *LETTERS) if x not in letters.values())
        letters.setdefault(index, next(unused))
    tidy: Poly = {}
    for monomial, coefficient in poly.items():
        accumulate(tidy, reindex(monomial, letters), coefficient)
    return tidy
