"""Identities read off definitions, by arithmetic; no activation is known here by name.

v = α + β/(γ + δ e^{gu}) gives e^{gu} in v, and v = e^{gu}/w gives e^{gu} = v w, for names u, v
and w. A name that is s = Σ_j v[…,j] s gives Σ_j v[…,j] = 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import sympy

from gradcheck_sym.kernel.polynomial import (
    ONE,
    Atom,
    Index,
    Monomial,
    Poly,
    Rational,
    add,
    binders,
    constant,
    generator,
    product_of,
    scale,
)

if TYPE_CHECKING:
    from gradcheck_sym.kernel.normal_form import NormalForms


@dataclass(frozen=True)
class Relation:
    """e^(exponent · argument[i, …]) = value, in the name `generator`[i, …] and perhaps others.

    `places` counts the indices, which are named @0, @1, … in the value; `names` are those
    whose definitions stand behind it.
    """

    generator: str
    places: int
    exponent: Rational
    value: Poly
    names: frozenset[str]


def relation(forms: NormalForms, name: str) -> tuple[str, Relation] | None:
    """The argument and the relation that a name's definition gives, if it gives one."""
    definition = forms.definitions[name]
    if not definition.value.has(sympy.exp, sympy.tanh):
        return None
    places = tuple(f"@{k}" for k in range(len(definition.indices)))
    form = forms.general(definition, places)
    found = _of_quotient(forms, name, form) or _of_product(forms, name, form)
    if found is None:
        return None
    (argument, *indices), exponent, value, others = found
    if argument not in forms.opaque or tuple(indices) != places:
        return None
    return argument, Relation(name, len(places), exponent, value, frozenset({name, *others}))


Found = tuple[Atom, Rational, Poly, list[str]]


def _of_quotient(forms: NormalForms, name: str, form: Poly) -> Found | None:
    """For v = α + β/(γ + δ e^{gu}); β/(…) is never zero, so v − α may be a denominator.

    γ and δ have one sign: else v is not defined everywhere, and what it needs would be lost.
    """
    offset = form.get(ONE, 0)
    match [term for term in form.items() if term[0] != ONE]:
        case [((((("poly", ((first, a), (second, b))), -1),)), beta)]:
            (low, gamma), (high, delta) = sorted(((first, a), (second, b)), key=_degree)
        case _:
            return None
    match low, high:
        case (), ((("exp", ((((argument, 1),), 1),)), exponent),) if gamma * delta > 0:
            value = add(generator((name, *argument[1:])), constant(offset), -1)
            value = add(scale(forms.inverse(value), beta), constant(gamma), -1)
            return argument, exponent, scale(value, 1 / Fraction(delta)), []
    return None


def _of_product(forms: NormalForms, name: str, form: Poly) -> Found | None:
    """For v = c e^{gu} / w, where w is a product of other names, which are not zero where v is.

    For v = c e^{gu} w it would be another matter: w may be zero, and e^{gu} is not v/w then.
    """
    if len(form) != 1:
        return None
    ((monomial, coefficient),) = form.items()
    powers = [factor for factor in monomial if factor[0][0] == "exp"]
    others = [factor for factor in monomial if factor[0][0] != "exp"]
    if not all(forms.is_generator(atom[0]) and e < 0 for atom, e in others):
        return None
    match powers:
        case [(("exp", ((((argument, 1),), 1),)), exponent)]:
            below: Poly = {product_of(others): coefficient}
            value = forms.product(generator((name, *argument[1:])), forms.inverse(below))
            return argument, exponent, value, [atom[0] for atom, _ in others]
    return None


def row_sum(forms: NormalForms, name: str) -> tuple[str, Index] | None:
    """The v and the size in s = Σ_j v[…,j] s, if the definition of s says that."""
    definition = forms.definitions[name]
    if not isinstance(definition.value, sympy.Sum):
        return None
    places = tuple(f"@{k}" for k in range(len(definition.indices)))
    form = forms.general(definition, places)
    if list(form.values()) != [1]:
        return None
    (monomial,) = form
    own = ((name, *places), 1)
    bound = binders(monomial)
    rest = [factor for factor in monomial if factor != own and factor[0] not in bound]
    if len(bound) != 1 or own not in monomial or len(rest) != 1:
        return None
    (value, *indices), exponent = rest[0]
    if exponent != 1 or tuple(indices) != (*places, bound[0][1]):
        return None
    return value, bound[0][2]


def _degree(term: tuple[Monomial, Rational]) -> int:
    return len(term[0])
