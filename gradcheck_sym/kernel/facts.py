"""What a normal form rests on: the identities it used, and the denominators it inverted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import sympy

from gradcheck_sym.cases import if_positive, if_zero
from gradcheck_sym.kernel.context import Definition, Domain, Requirement
from gradcheck_sym.kernel.normal_form import NormalForms
from gradcheck_sym.kernel.notes import Cases, Noted, Notes
from gradcheck_sym.kernel.polynomial import (
    ONE,
    Frozen,
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
from gradcheck_sym.kernel.signs import in_cases, with_margin
from gradcheck_sym.kernel.signs import sign as sign_of
from gradcheck_sym.kernel.to_sympy import LETTERS, to_sympy

SHOWN_INDICES = 2  # letters that general indices may take; sums inside take the later ones
Needed = tuple[Poly, str, Cases]
SIGNS = {"≠": sympy.Ne, ">": sympy.Gt, "≥": sympy.Ge}


class Facts(NamedTuple):
    """What was shown to hold, what has to hold, and the same with its indices and their sizes."""

    lemmas: tuple[sympy.Rel, ...]
    conditions: tuple[sympy.Rel, ...]
    required: Domain


def facts(forms: NormalForms, notes: Notes) -> Facts:
    """The lemmas and the conditions that these notes lead to."""
    lemmas = [_identity(forms, *used) for used in notes.used.items()]
    assumed = forms.hypotheses.row_sums
    lemmas += [_row(forms, name, size) for name, size in notes.rows.items() if name not in assumed]
    conditions: dict[sympy.Rel, Requirement] = {}
    for poly, relation, cases in needed(forms, notes):
        known = _sign(forms, poly, relation, cases)
        if _suffices(known, relation):
            shown = ">" if relation == "≠" else relation
            lemmas.append(_stated(forms, scale(poly, known), shown, cases))
        else:
            stated = _stated(forms, poly, relation, cases)
            conditions.setdefault(stated, _required(forms, poly, relation, cases))
    for condition in [c for c in conditions if isinstance(c, sympy.Gt)]:
        conditions.pop(sympy.Ge(condition.lhs, 0, evaluate=False), None)
    return Facts(tuple(dict.fromkeys(lemmas)), tuple(conditions), tuple(conditions.values()))


def always(forms: NormalForms, requirement: Requirement) -> bool:
    """Whether what is required is sure to hold where it is defined; nothing is noted."""
    kept = forms.notes, forms.kinks
    forms.notes, forms.kinks = Notes(), {}
    try:
        poly = forms.general(requirement.entry, tuple(map(forms.fresh, requirement.sizes)))
        if forms.notes.kinks:
            return False
        forms.notes = Notes()
        _take_down(forms, poly, requirement.relation)
        found = needed(forms, forms.notes)
        return all(_suffices(_sign(forms, p, sign, cases), sign) for p, sign, cases in found)
    finally:
        forms.notes, forms.kinks = kept


def note(forms: NormalForms, requirement: Requirement) -> None:
    """Take down what a side needs to be defined, for all indices."""
    places = tuple(map(forms.fresh, requirement.sizes))
    _take_down(forms, forms.general(requirement.entry, places), requirement.relation)


def _take_down(forms: NormalForms, poly: Poly, relation: str) -> None:
    match relation:
        case "≠":
            forms.inverse(poly)
        case ">":
            forms.log(poly)
        case "≥":
            forms.root(poly, 1)


def needed(forms: NormalForms, notes: Notes) -> Iterator[Needed]:
    """All that has to be "≠", ">" or "≥" 0, each with the cases in which it has to."""
    yield from ((poly, "≠", ()) for poly in notes.kinks.values())
    for (_, cases), denominator in _most(notes.denominators):
        for poly in forms.factors(denominator):
            yield scale(poly, 1 / Fraction(poly[leading(poly)])), "≠", cases
    for relation, noted in ((">", notes.logarithms), ("≥", notes.roots)):
        for (_, cases), poly in _most(noted):
            if not (relation == "≥" and square_root(poly)) and not _is_positive_number(poly):
                yield poly, relation, cases


def _most(noted: Noted) -> Iterator[tuple[tuple[Frozen, Cases], Poly]]:
    """All but what is needed in some cases, and anyway."""
    return (item for item in noted.items() if not item[0][1] or (item[0][0], ()) not in noted)


def _is_positive_number(poly: Poly) -> bool:
    return poly.keys() == {ONE} and poly[ONE] > 0


def _sign(forms: NormalForms, poly: Poly, relation: str, cases: Cases) -> int:
    """The sign of the polynomial in these cases, if it is known."""
    if (known := forms.sign_of(poly)) or not cases:
        return known
    inside = in_cases(forms.unfolded(poly), cases, forms.kinks)
    sizes = frozenset(forms.context.sizes)
    return sign_of(with_margin(inside) if relation == "≥" else inside, sizes)


def _suffices(sign: int, relation: str) -> bool:
    return sign == 1 or (sign != 0 and relation == "≠")


def _stated(forms: NormalForms, poly: Poly, relation: str, cases: Cases) -> sympy.Rel:
    """The condition as it is shown."""
    letters = _letters(forms, poly, *(dict(of) for _, of, _ in cases))
    value = _in_cases(_renamed(poly, letters), cases, letters)
    return SIGNS[relation](value, 0, evaluate=False)


def _required(forms: NormalForms, poly: Poly, relation: str, cases: Cases) -> Requirement:
    """The condition with the indices as they are called here."""
    polys = (poly, *(dict(of) for _, of, _ in cases))
    found = dict.fromkeys(name for p in polys for monomial in p for name, *_ in free(monomial))
    ranges = {name: forms.ranges[name] for name in found if name in forms.ranges}
    entry = Definition(tuple(map(sympy.Symbol, ranges)), _in_cases(poly, cases, {}))
    return Requirement(entry, tuple(ranges.values()), relation)


def _in_cases(poly: Poly, cases: Cases, letters: dict[str, str]) -> sympy.Expr:
    """The value in these cases, and 1 in all others."""
    value = to_sympy(poly, depth=SHOWN_INDICES)
    for kind, of, truth in cases:
        u = to_sympy(_renamed(dict(of), letters), depth=SHOWN_INDICES)
        function = if_zero if kind == "zero" else if_positive
        branches = (value, sympy.S.One) if truth else (sympy.S.One, value)
        value = function(-u if kind == "negative" else u, *branches)
    return value


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


def _shown(forms: NormalForms, poly: Poly) -> sympy.Expr:
    return to_sympy(_renamed(poly, _letters(forms, poly)), depth=SHOWN_INDICES)


def _letters(forms: NormalForms, *polys: Poly) -> dict[str, str]:
    """Letters for the names of free indices: those of a name's definition, else i, then j."""
    letters: dict[str, str] = {}
    found = (found for poly in polys for monomial in poly for found in free(monomial))
    for index, name, place in found:
        definition = forms.definitions.get(name)
        own = [definition.indices[place].name] if definition else []
        unused = (x for x in (*own, *LETTERS[place:], *LETTERS) if x not in letters.values())
        letters.setdefault(index, next(unused))
    return letters


def _renamed(poly: Poly, letters: dict[str, str]) -> Poly:
    tidy: Poly = {}
    for monomial, coefficient in poly.items():
        accumulate(tidy, reindex(monomial, letters), coefficient)
    return tidy
