"""Hypotheses that people make without a word: assumed when asked, or found to be missing."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.term.terms import ONE, Entry, Letter, Sum, Term


@dataclass(frozen=True)
class Assumption:
    """A hypothesis: how it is typed, and how it is said. `kind` tells what is to be made of it."""

    text: str
    sentence: str
    kind: str


@dataclass(frozen=True)
class Natural(Assumption):
    """One on Y, with the arrays that it makes zero: each is a spelling of it."""

    zeros: Callable[[Array], tuple[Array, ...]]


NATURAL = (
    Natural(
        "Y.sum(axis=1) == 1",
        "each row of Y sums to 1",
        "row_sums",
        lambda y: (cast("Array", y.sum(axis=1) - 1),),
    ),
    Natural("Y**2 == Y", "each entry of Y is 0 or 1", "binary", lambda y: (y * y - y,)),
    Natural("Y**2 == 1", "each entry of Y is -1 or 1", "signs", lambda y: (y * y - 1, abs(y) - 1)),
)


def assumptions(texts: Iterable[str], network: Network) -> tuple[Assumption, ...]:
    """What the texts assume; raises `FormulaError` and `AssumptionError`.

    Any spelling will do that the ring shows to say the same: Y @ np.ones(t) == 1, 2*Y**2 == 2*Y.
    """
    found = tuple(dict.fromkeys(_assumption(text, network) for text in texts))
    if {"binary", "signs"} <= {one.kind for one in found}:
        raise AssumptionError("--assume: an entry of Y is not both 0 or 1 and -1 or 1; choose one")
    return found


def equations(assumed: Sequence[Assumption], network: Network) -> tuple[Hypothesis, ...]:
    """The assumptions on Y, as a statement has them."""
    rows, columns = network.arrays["Y"].shape
    found = []
    for one in assumed:
        i, j = letters((rows, columns))
        y = Entry("Y", (i, j))
        match one.kind:
            case "row_sums":
                found.append(Hypothesis((i,), Sum(j, y), ONE))
            case "binary":
                found.append(Hypothesis((i, j), y * y, y))
            case "signs":
                found.append(Hypothesis((i, j), y * y, ONE))
    return tuple(found)


def positive(assumed: Sequence[Assumption]) -> frozenset[str]:
    """The scalars that are assumed to be positive."""
    return frozenset(one.text.split()[0] for one in assumed if one.kind == "positive")


def _assumption(text: str, network: Network) -> Assumption:
    y = network.arrays["Y"]
    known = {name: a for name, a in network.arrays.items() if name == "Y" or _is_scalar(a)}
    left, sign, right = read_comparison(text, known, network.sizes)
    if sign in (ast.Gt, ast.Lt):
        low, high = (right, left) if sign is ast.Gt else (left, right)
        if isinstance(high, Input) and _is_scalar(high) and not _form(low):
            return Assumption(f"{high.name} > 0", f"{high.name} is positive", "positive")
    if sign is ast.Eq:
        zero = cast("Array", left - right).squeeze()
        for one in NATURAL:
            if any(_same(zero, other.squeeze()) for other in one.zeros(y)):
                return one
    scalars = [f"'{name} > 0'" for name in known if name != "Y"]
    natural = [f"'{known.text}' ({known.sentence})" for known in NATURAL]
    there = ", ".join((*natural, *scalars))
    raise AssumptionError(f"--assume {text}: no use can be made of this; there are {there}")


def _is_scalar(array: Array) -> bool:
    return isinstance(array, Input) and not array.shape


def _same(one: Array, other: Array) -> bool:
    """Whether two arrays are defined everywhere, and one is the other times a number."""
    if sizes(one.shape) != sizes(other.shape):
        return False
    places = letters(one.shape)
    ring = Ring()
    left, right = one.entry(*places), other.entry(*places)
    first, second = ring.normal(left), ring.normal(right)
    return not needs(left, right) and _monic(first) == _monic(second)


def _form(array: Array) -> Poly:
    return Ring().normal(_entry(array))


def _entry(array: Array) -> Term:
    return array.entry(*(Letter("i", axis.size) for axis in array.shape))


def _monic(poly: Poly) -> Poly:
    """The polynomial over the coefficient of its first monomial."""
    if not poly:
        return {}
    first = Fraction(poly[min(poly, key=repr)])
    return {monomial: Fraction(c) / first for monomial, c in poly.items()}
