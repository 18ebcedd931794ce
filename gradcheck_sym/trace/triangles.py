"""`np.tril` and `np.triu`, and the comparisons that make masks of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.array.mask import Choice, Mask
from gradcheck_sym.array.operations import array_of
from gradcheck_sym.array.powers import visible_number
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.term.terms import ONE, Term
from gradcheck_sym.trace.context import current, runs
from gradcheck_sym.trace.counts import Count
from gradcheck_sym.trace.likes import filled, traced_of
from gradcheck_sym.trace.movements import chosen
from gradcheck_sym.trace.traced import Traced

WHERE_1 = {("equal", 1), ("not_equal", 0), ("greater", 0), ("greater_equal", 1)}
WHERE_0 = {("equal", 0), ("not_equal", 1), ("less", 1), ("less_equal", 0)}


def triangle(name: str) -> Callable[..., Traced]:
    """`np.tril` and `np.triu`; where sizes are names, zeros and ones of which no more is known."""

    def apply(m: object, k: Any = 0) -> Traced:
        import numpy as np

        if not hasattr(k, "__index__") or isinstance(k, Count):
            raise ArrayError(f"np.{name} with k = {k} is not supported: give k a number")
        x, k = traced_of(m), int(k)
        sizes = x.shape[-2:]
        if len(sizes) < 2:
            raise ArrayError(f"np.{name} needs a matrix")
        if not all(isinstance(size, int) for size in sizes):
            own = current().triangle(x.shape_held[-2:], k, upper=name == "triu")
            one = visible_number(x.array) == 1 and x.ndim == 2
            return Traced(own if one else OPERATIONS["multiply"](x.array, own), whole=x.whole)
        kept = getattr(np, name)(np.ones(sizes, dtype=int), k)
        return chosen(kept == 1, x, filled(0, ()))

    return apply


def compared_triangle(name: str, left: Any, right: Any) -> Mask | None:
    """The mask where a triangle is 1, or 0, without a case distinction; None for all else."""
    if not (isinstance(left, Traced) and isinstance(right, int | float) and runs()):
        return None
    return bits(left.held, name, right)


def bits(held: object, name: str, number: float) -> Mask | None:
    """The same for an array."""
    if not (isinstance(held, Input) and any(held is one.array for one in current().triangles)):
        return None
    if (name, number) in WHERE_1:
        return Mask(_choose, held)
    if (name, number) in WHERE_0:
        rest: Array = OPERATIONS["subtract"](array_of(1), held)
        return Mask(_choose, rest)
    return None


def _choose(entry: Term) -> Choice:
    return lambda yes, no: entry * yes + (ONE - entry) * no
