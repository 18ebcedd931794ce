"""Questions whether numbers are finite: all are, where what they are of has a value.

That is a condition, also where the answer alone is used: log(x) is NaN for x < 0. What was asked of
an answer that needs none, `np.isnan(x).any()`, is known; of other comparisons it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcheck_sym.array import Array, Let
from gradcheck_sym.array.graph import names
from gradcheck_sym.array.mask import Choice, Mask
from gradcheck_sym.array.shape import letters
from gradcheck_sym.domain import needs
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.term.terms import ONE, ZERO, Term, add, mul
from gradcheck_sym.trace.likes import traced_of
from gradcheck_sym.trace.traced import Traced


def everywhere(answer: bool) -> Callable[..., Traced]:
    """`np.isfinite`, which holds everywhere, or `np.isnan` and `np.isinf`."""

    def apply(x: object) -> Traced:
        a = traced_of(x)
        choose = _choose(answer, everywhere=_has_values(a.array))
        return Traced(Mask(choose, a.array), rowwise=a.rowwise)

    return apply


def _choose(answer: bool, *, everywhere: bool) -> Callable[[Term], Choice]:
    """The answer; what is asked stands beside it, times 0, where it needs a condition."""

    def choose(asked: Term) -> Choice:
        beside = () if everywhere else (mul(ZERO, asked),)
        return lambda yes, no: add(yes if answer else no, *beside)

    return choose


def _has_values(array: Array) -> bool:
    """Whether nothing is needed for it to have values, nor for the names in it."""
    defined = [one.definition for one in names(array).values() if isinstance(one, Let)]
    return not needs(*(one.entry(*letters(one.shape)) for one in (array, *defined)))


def nan_to_num(x: object, copy: bool = True, **_: object) -> Traced:
    """`np.nan_to_num`: the numbers themselves."""
    a = traced_of(x)
    if not a.ndim:
        return Traced(a.held, whole=a.whole, scalar=True)
    return a.copy("K") if copy else a


def truth(name: str, mend: str) -> Callable[..., Any]:
    """`np.any` and `np.all` of truths that are known; raises `ArrayError` for others."""

    def apply(a: object) -> Any:
        import numpy as np

        held = traced_of(a).held
        if isinstance(held, Mask):
            value = held.value()
            entry = value.entry(*letters(value.shape))
            if entry in (ONE, ZERO):
                return np.bool_(entry == ONE)
        raise ArrayError(f"np.{name} is not supported for arrays without numbers: {mend}")

    return apply
