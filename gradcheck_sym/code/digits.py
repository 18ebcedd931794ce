"""How far numbers in floats may be off, by how many digits the functions compute with."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite
from typing import NamedTuple

from gradcheck_sym.trace.context import Trace
from gradcheck_sym.verdict import Counterexample


class Digits(NamedTuple):
    """The step of a difference quotient, and what it and what is returned may be off by."""

    step: float
    relative: float  # of the larger of the two,
    of_loss: float  # and of the loss, whose digits a difference quotient loses
    traced: float  # how far what is returned may be from what was traced, relatively,
    least: float  # and beside that


DOUBLE = Digits(step=1e-5, relative=1e-4, of_loss=1e-8, traced=1e-5, least=1e-7)
SINGLE = Digits(step=2**-7, relative=3e-2, of_loss=1e-4, traced=1e-3, least=1e-3)


def digits_of(trace: Trace) -> Digits:
    """Those of float32 where the functions make some."""
    return SINGLE if trace.single else DOUBLE


IN_QUOTIENTS, IN_FLOATS = 1e-9, 1e-15  # what two numbers have to differ by to be seen to differ


def apart(point: Counterexample) -> float | None:
    """How far the two numbers of a point are from one another, by the first; None if that is 0."""
    left, right = (Fraction(side.low) for side in (point.left, point.right))
    return float(abs(left - right) / abs(left)) if left else None


class Quotient(NamedTuple):
    """A difference quotient of the loss, and how large the loss is."""

    value: float
    of: float
    digits: Digits = DOUBLE

    def most(self, found: float) -> float:
        """How far it may be from what is returned."""
        larger = max(abs(self.value), abs(found))
        return self.digits.relative * larger + self.digits.of_loss * self.of + 1e-9

    def is_near(self, found: float) -> bool:
        """Whether what is returned is this."""
        return isfinite(found) and abs(self.value - found) <= self.most(found)
