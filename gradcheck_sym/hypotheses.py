"""Hypotheses that people make without a word: assumed when asked, or found to be missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

from gradcheck_sym.array import Array, Input
from gradcheck_sym.array.shape import letters, sizes
from gradcheck_sym.checker.polynomial import Poly
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Hypothesis
from gradcheck_sym.domain import needs
from gradcheck_sym.errors import AssumptionError
from gradcheck_sym.language import read_comparison
from gradcheck_sym.sizes import Size
from gradcheck_sym.term.terms import ONE, Entry, Sum


@dataclass(frozen=True)
class Assumption:
    """A hypothesis on an array: how it is typed, and how it is said.

    `kind` tells what is to be made of it: row_sums, along `axis`, binary, signs, or positive.
    """

    name: str
    kind: str
    text: str
    sentence: str
    axis: int = 0
    zeros: Callable[[Array], tuple[Array, ...]] = field(default=lambda _: (), compare=False)

    def equation(self, array: Array) -> Hypothesis | None:
        """What a statement has of it, if it is an equation."""
        places = letters(array.shape)
        entry = Entry(self.name, places)
        match self.kind:
            case "row_sums":
                index = places[self.axis]
                others = tuple(place for k, place in enumerate(places) if k != self.axis)
                return Hypothesis(others, Sum(index, entry), ONE)
            case "binary":
                return Hypothesis(places, entry * entry, entry)
            case "signs":
                return Hypothesis(places, entry * entry, ONE)
        return None


def sums(name: str, axis: int, ndim: int) -> Assumption:
    """That the entries along an axis sum to 1.

    >>> sums("Y", 1, 2).text, sums("Y", 1, 2).sentence
    ('Y.sum(axis=1) == 1', 'each row of Y sums to 1')
    """
    along = f"axis={axis}" if ndim > 1 else ""
    said = {
        1: f"the entries of {name} sum to 1",
        2: f"each {('column', 'row')[axis % 2]} of {name} sums to 1",
    }
    return Assumption(
        name,
        "row_sums",
        f"{name}.sum({along}) == 1",
        said.get(ndim, f"{name} sums to 1 along axis {axis}"),
        axis,
        lambda y: (cast("Array", y.sum(axis=axis) - 1),),
    )


def of_two_values(name: str) -> tuple[Assumption, Assumption]:
    """That each entry is 0 or 1, and that each is −1 or 1."""
    return (
        Assumption(
            name, "binary", f"{name}**2 == {name}", f"each entry of {name} is 0 or 1",
            zeros=lambda y: (y * y - y,),
        ),
        Assumption(
            name, "signs", f"{name}**2 == 1", f"each entry of {name} is -1 or 1",
            zeros=lambda y: (y * y - 1, abs(y) - 1),
        ),
    )  # fmt: skip


def above_zero(name: str) -> Assumption:
    """That a scalar is positive."""
    return Assumption(name, "positive", f"{name} > 0", f"{name} is positive")


def natural(name: str, ndim: int) -> Iterator[Assumption]:
    """All that is natural to assume of an array, the usual ones first."""
    yield from (sums(name, axis, ndim) for axis in reversed(range(ndim)))
    yield from of_two_values(name)


def assumption(
    text: str,
    known: Mapping[str, Sequence[Assumption]],
    arrays: Mapping[str, Array],
    named: Mapping[str, Size],
) -> Assumption:
    """What a text assumes of one of the arrays: one that is `known`, or that a scalar is positive.

    Any spelling will do that the ring shows to say the same: Y @ np.ones(t) == 1, 2*Y**2 == 2*Y.
    Raises `FormulaError` and `AssumptionError`.
    """  # fmt: skip
    left, sign, right = read_comparison(text, arrays, named)
    if sign in (ast.Gt, ast.Lt):
        low, high = (right, left) if sign is ast.Gt else (left, right)
        if isinstance(high, Input) and not high.shape and _is_zero(low):
            return above_zero(high.name)
    if sign is ast.Eq:
        zero = cast("Array", left - right).squeeze()
        for name, natural in known.items():
            for one in natural:
                if any(_same(zero, other.squeeze()) for other in one.zeros(arrays[name])):
                    return one
    scalars = [f"'{name} > 0'" for name, array in arrays.items() if not array.shape]
    about = [name for name in known if re.search(rf"\b{re.escape(name)}\b", text)] or [*known][:1]
    told = [f"'{one.text}' ({one.sentence})" for name in about for one in known[name]]
    there = ", ".join((*told, *scalars)) or "none here"
    raise AssumptionError(f"--assume {text}: no use can be made of this; there are {there}")


def consistent(found: Iterable[Assumption]) -> tuple[Assumption, ...]:
    """The assumptions, each once; raises `AssumptionError` for two that cannot both hold."""
    distinct = tuple(dict.fromkeys(found))
    summed = [one.name for one in distinct if one.kind == "row_sums"]
    if twice := [name for name in summed if summed.count(name) > 1]:
        raise AssumptionError(f"--assume: {twice[0]} sums to 1 along one axis here; choose one")
    kinds = {(one.name, one.kind) for one in distinct}
    for name, kind in kinds:
        if kind == "binary" and (name, "signs") in kinds:
            raise AssumptionError(
                f"--assume: an entry of {name} is not both 0 or 1 and -1 or 1; choose one"
            )
    return distinct


def equations(assumed: Sequence[Assumption], arrays: Mapping[str, Array]) -> tuple[Hypothesis, ...]:
    """The assumptions, as a statement has them."""
    found = (one.equation(arrays[one.name]) for one in assumed)
    return tuple(hypothesis for hypothesis in found if hypothesis is not None)


def positive(assumed: Sequence[Assumption]) -> frozenset[str]:
    """The scalars that are assumed to be positive."""
    return frozenset(one.name for one in assumed if one.kind == "positive")


def _same(one: Array, other: Array) -> bool:
    """Whether two arrays are defined everywhere, and one is the other times a number."""
    if sizes(one.shape) != sizes(other.shape):
        return False
    places = letters(one.shape)
    ring = Ring()
    left, right = one.entry(*places), other.entry(*places)
    first, second = ring.normal(left), ring.normal(right)
    return not needs(left, right) and _monic(first) == _monic(second)


def _is_zero(array: Array) -> bool:
    """Whether an array is 0, and is defined everywhere."""
    entry = array.entry(*letters(array.shape))
    return not needs(entry) and not Ring().normal(entry)


def _monic(poly: Poly) -> Poly:
    """The polynomial over the coefficient of its first monomial."""
    if not poly:
        return {}
    first = Fraction(poly[min(poly, key=repr)])
    return {monomial: Fraction(c) / first for monomial, c in poly.items()}
