"""Normal forms back to SymPy expressions, for people and for JSON."""

from __future__ import annotations

from collections.abc import Mapping

import sympy

from gradcheck_sym.cases import if_positive
from gradcheck_sym.kernel.polynomial import (
    Atom,
    Index,
    Poly,
    Rational,
    binders,
    free,
    product_of,
)

LETTERS = (*"ijklrsuvwgh", *(f"i{k}" for k in range(1, 100)))


def to_sympy(poly: Poly, names: Mapping[str, str] | None = None, depth: int = 0) -> sympy.Expr:
    """The expression; `names` renames free indices, bound ones get unused letters from i."""
    names = names or {}
    taken = {names.get(index, index) for monomial in poly for index, *_ in free(monomial)}
    taken |= set(names.values())  # a sum inside a sum gets letters of its own
    groups: dict[tuple[Atom, ...], list[sympy.Expr]] = {}
    for monomial, coefficient in poly.items():
        bound = tuple(binders(monomial))
        letters = (letter for letter in LETTERS[depth:] if letter not in taken)
        inner = {**names, **{b[1]: next(letters) for b in bound}}
        factors = product_of(factor for factor in monomial if factor[0] not in bound)
        limits = tuple(("sum", inner[name], size) for _, name, size in bound)
        scalars = [_power(atom, e, inner, depth) for atom, e in factors]
        groups.setdefault(limits, []).append(sympy.Mul(_number(coefficient), *scalars))
    return sympy.Add(*(_summed(sympy.Add(*terms), limits) for limits, terms in groups.items()))


def _summed(body: sympy.Expr, limits: tuple[Atom, ...]) -> sympy.Expr:
    if not limits:
        return body
    return sympy.Sum(
        body, *((_index(i, {}), 1, _index(size, {})) for _, i, size in reversed(limits))
    )


def _power(atom: Atom, exponent: Rational, names: Mapping[str, str], depth: int) -> sympy.Expr:
    name, *parts = atom
    match name:
        case "exp":
            return sympy.exp(to_sympy(dict(parts[0]), names, depth) * _number(exponent))
        case "poly":
            return to_sympy(dict(parts[0]), names, depth) ** _number(exponent)
        case "positive" | "negative":
            inner = to_sympy(dict(parts[0]), names, depth)
            return if_positive(inner if name == "positive" else -inner, 1, 0)
        case "delta":
            return sympy.KroneckerDelta(*(_index(part, names) for part in parts))
    if name == "pi":
        base = sympy.pi
    elif parts and isinstance(parts[0], tuple):
        arguments = (to_sympy(dict(part), names, depth) for part in parts)
        base = getattr(sympy, name)(*arguments)
    elif parts:
        base = sympy.IndexedBase(name.removeprefix("'"))[
            tuple(_index(part, names) for part in parts)
        ]
    else:
        base = sympy.Symbol(name.removeprefix("'"))
    return base ** _number(exponent)


def _number(value: Rational) -> sympy.Rational:
    return sympy.Rational(value.numerator, value.denominator)


def _index(index: Index, names: Mapping[str, str]) -> sympy.Expr:
    return sympy.Integer(index) if isinstance(index, int) else sympy.Symbol(names.get(index, index))
