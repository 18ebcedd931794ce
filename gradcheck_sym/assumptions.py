"""Hypotheses on Y that people make without a word: assumed when asked, or found to be missing."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import sympy

from gradcheck_sym.answer import proved
from gradcheck_sym.arrays import Array
from gradcheck_sym.errors import AssumptionError
from gradcheck_sym.from_sympy import from_sympy
from gradcheck_sym.network import Network
from gradcheck_sym.question import equality
from gradcheck_sym.shapes import counts
from gradcheck_sym.sympy_language import read_comparison
from gradcheck_sym.term.terms import Letter


@dataclass(frozen=True)
class Assumption:
    """A hypothesis: how it is typed, how it is said, and the array that it makes zero."""

    text: str
    sentence: str
    kind: str
    zero: Callable[[Array], Array]


NATURAL = (
    Assumption(
        "Y.sum(axis=1) == 1",
        "each row of Y sums to 1",
        "row_sums",
        lambda y: y.sum(axis=1) - 1,
    ),
    Assumption("Y**2 == Y", "each entry of Y is 0 or 1", "binary", lambda y: y * y - y),
    Assumption("Y**2 == 1", "each entry of Y is -1 or 1", "signs", lambda y: y * y - 1),
)


def assumptions(texts: Iterable[str], network: Network) -> tuple[Assumption, ...]:
    """What the texts assume; raises `FormulaError` and `AssumptionError`.

    Any spelling will do that is proved to say the same: Y @ np.ones(t) == 1.
    """
    found = tuple(dict.fromkeys(_assumption(text, network) for text in texts))
    if {"binary", "signs"} <= {one.kind for one in found}:
        raise AssumptionError("--assume: an entry of Y is not both 0 or 1 and -1 or 1; choose one")
    return found


def _assumption(text: str, network: Network) -> Assumption:
    y = network.arrays["Y"]
    left, sign, right = read_comparison(text, {"Y": y}, network.sizes)
    if sign is ast.Eq:
        zero = _squeezed(left - right)
        for known in NATURAL:
            if _same(zero, _squeezed(known.zero(y)), network):
                return known
    there = ", ".join(f"'{known.text}' ({known.sentence})" for known in NATURAL)
    raise AssumptionError(f"--assume {text}: no use can be made of this; there are {there}")


def _squeezed(array: Array) -> Array:
    """The array without axes of size 1."""
    for place in reversed(range(len(array.shape))):
        if array.shape[place].size == 1:
            array = array.sum(axis=place)
    return array


def _same(one: Array, other: Array, network: Network) -> bool:
    """Whether two arrays have the same shape and the same entries, but for the sign."""
    if [axis.size for axis in one.shape] != [axis.size for axis in other.shape]:
        return False
    index = sympy.symbols("p q")[: len(one.shape)]
    sizes = counts(one.shape)
    named = {x.name: Letter(x.name, size) for x, size in zip(index, sizes, strict=True)}
    names = frozenset(size for size in network.sizes.values() if isinstance(size, str))
    left, right = (from_sympy(array[index], named, names) for array in (one, other))
    letters = tuple(named.values())
    return any(proved(equality({}, left, side, letters), quick=True) for side in (right, -right))
