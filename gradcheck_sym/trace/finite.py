"""Questions whether numbers are finite: all are, since inputs are real and conditions say the rest.

What was asked of such an answer, `np.isnan(x).any()`, is known; of other comparisons it is not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcheck_sym.array.mask import Choice, Mask
from gradcheck_sym.array.shape import letters
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.term.terms import ONE, ZERO, Term
from gradcheck_sym.trace.likes import traced_of
from gradcheck_sym.trace.traced import Traced


def everywhere(answer: bool) -> Callable[..., Traced]:
    """`np.isfinite`, which holds everywhere, or `np.isnan` and `np.isinf`."""

    def apply(x: object) -> Traced:
        a = traced_of(x)
        return Traced(Mask(_choose(answer), a.array), rowwise=a.rowwise)

    return apply


def _choose(answer: bool) -> Callable[[Term], Choice]:
    return lambda _: lambda yes, no: yes if answer else no


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
