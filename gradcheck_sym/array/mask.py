"""Masks: what a comparison of arrays is, a choice between two terms at each entry.

NumPy's == is exact, so u == v is `no` where u − v > 0, else `no` where v − u > 0, else `yes`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from gradcheck_sym.array.arrays import Array, Constant, Map
from gradcheck_sym.array.functions import decided, difference
from gradcheck_sym.array.shape import Shape, broadcast
from gradcheck_sym.array.value import Value
from gradcheck_sym.term.terms import ONE, ZERO, Term, negative

Choice: TypeAlias = Callable[[Term, Term], Term]  # (yes, no) → the one that holds
Chooser: TypeAlias = Callable[..., Choice]  # the operands' entries → the choice


class Mask(Value):
    """For each entry of the operands, which are broadcast, true or false."""

    def __init__(self, choose: Chooser, *operands: Array) -> None:
        self.choose = choose
        self.operands = operands

    @property
    def shape(self) -> Shape:
        """The shape of the operands together; raises `ShapeError`."""
        return broadcast(*(operand.shape for operand in self.operands))

    def where(self, yes: Array, no: Array) -> Array:
        """One array where the mask holds, the other where it does not."""

        def function(*entries: Term) -> Term:
            return self.choose(*entries[:-2])(*entries[-2:])

        return Map(function, *self.operands, yes, no)

    def value(self) -> Array:
        """1 where it holds, else 0, as NumPy counts it beside numbers."""
        return self.where(Constant(ONE), Constant(ZERO))

    def astype(self, _: object) -> Array:
        """The same, in NumPy's word."""
        return self.value()


# fmt: off
COMPARISONS: dict[str, Callable[[Term, Term], Choice]] = {
    "greater":       lambda a, b: lambda yes, no: decided(difference(a, b), yes, no),
    "less":          lambda a, b: lambda yes, no: decided(difference(b, a), yes, no),
    "greater_equal": lambda a, b: lambda yes, no: decided(difference(b, a), no, yes),
    "less_equal":    lambda a, b: lambda yes, no: decided(difference(a, b), no, yes),
    "equal":         lambda a, b: lambda yes, no: _equal(a, b, yes, no),
    "not_equal":     lambda a, b: lambda yes, no: _equal(a, b, no, yes),
}
# fmt: on


def _equal(a: Term, b: Term, yes: Term, no: Term) -> Term:
    u = difference(a, b)
    return decided(u, no, decided(negative(u), no, yes))


def compared(name: str) -> Callable[[Array, Array], Mask]:
    """The comparison of that name, which is NumPy's."""
    return lambda x1, x2: Mask(COMPARISONS[name], x1, x2)


def both(left: Mask, right: Mask) -> Mask:
    """Where two masks hold."""
    first, count = left.choose, len(left.operands)

    def choose(*entries: Term) -> Choice:
        one, other = first(*entries[:count]), right.choose(*entries[count:])
        return lambda yes, no: one(other(yes, no), no)

    return Mask(choose, *left.operands, *right.operands)


def opposite(mask: Mask) -> Mask:
    """Where a mask does not hold."""

    def choose(*entries: Term) -> Choice:
        return lambda yes, no: mask.choose(*entries)(no, yes)

    return Mask(choose, *mask.operands)


def either(left: Mask, right: Mask) -> Mask:
    """Where one of two masks holds, or both."""
    return opposite(both(opposite(left), opposite(right)))
