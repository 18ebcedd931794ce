"""Powers, and the bounds within which they are carried out."""

from __future__ import annotations

from fractions import Fraction
from operator import mul
from typing import cast

from gradcheck_sym.array.arrays import Array, Constant, Let, Map, Reindex
from gradcheck_sym.array.functions import Power, exp, log
from gradcheck_sym.array.functions import number as number_term
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.term.terms import Num, SizeOf

MOST_EXPONENT = 20  # that people may write,
MOST_OF_A_SLOPE = 2 * MOST_EXPONENT  # and what the derivative of that may have
MOST_BITS = 8_000
LARGEST = Fraction(10**100)


def visible_number(array: Array) -> Fraction | None:
    """The number that every entry visibly is, if there is one."""
    while isinstance(array, Reindex):
        (array,) = array.operands
    if isinstance(array, Constant) and isinstance(array.value, Num):
        return Fraction(array.value.value)
    return None


def power(base: Array, exponent: Array) -> Array:
    """The power of any base to an integer or a half, or of a base that is surely positive."""
    number = visible_number(exponent) if isinstance(exponent, Constant) else None
    if number is None or number.denominator > 2:
        return _exponential(base, exponent)
    if abs(number) * _height(base) > MOST_OF_A_SLOPE:
        raise _too_high()
    known = visible_number(base)
    if number < 0 and known == 0:
        raise ArrayError("the divisor is 0 everywhere")
    if number.denominator == 2 and (known or 0) < 0:
        raise ArrayError("the root of a negative number is not real")
    if number.denominator == 1 and known is not None and isinstance(base, Constant):
        return Constant(number_term(_carried_out(known, int(number))))
    return Map(Power(number), base)


def refuse_high(array: object) -> None:
    """Raise `ArrayError` for a power that is too high to be written by hand."""
    power = isinstance(array, Map) and isinstance(array.function, Power)
    if power and _height(cast("Map", array)) > MOST_EXPONENT:
        raise _too_high()


def _too_high() -> ArrayError:
    what = "in all where a power is raised again"
    return ArrayError(f"exponents go up to {MOST_EXPONENT}, {what}")


def _carried_out(base: Fraction, exponent: int) -> Fraction:
    """The power as a number, so that a tower of powers meets the bounds on its way up."""
    bits = max(base.numerator.bit_length(), base.denominator.bit_length()) * abs(exponent)
    if bits <= MOST_BITS:
        found = Fraction(base**exponent)
        if not found or 1 / LARGEST <= abs(found) <= LARGEST:
            return found
    raise ArrayError("powers of numbers go from 1e-100 to 1e100: make the exponent smaller")


def _exponential(base: Array, exponent: Array) -> Array:
    """The power of a base that is e^… or a positive number, so that any exponent will do."""
    if isinstance(base, Map) and base.function is exp:
        return Map(exp, Map(mul, base.operands[0], exponent))
    if isinstance(base, Constant):
        positive = isinstance(base.value, Num) and base.value.value > 0
        if positive or isinstance(base.value, SizeOf):
            return Map(exp, Map(mul, exponent, Map(log, base)))
    raise ArrayError(
        "an exponent is an integer or a half, written as a number: "
        "where x is positive, x ** y is np.exp(y * np.log(x))"
    )


def _height(array: Array) -> Fraction:
    """The largest product of exponents on a way down, at least 1."""
    heights: dict[int, Fraction] = {}
    pending = [array]
    while pending:
        one = pending[-1]
        operands = () if isinstance(one, Let) else one.operands
        missing = [operand for operand in operands if id(operand) not in heights]
        if missing:
            pending += missing
            continue
        function = one.function if isinstance(one, Map) else None
        own = abs(Fraction(function.exponent)) if isinstance(function, Power) else Fraction(1)
        below = max((heights[id(operand)] for operand in operands), default=Fraction(1))
        heights[id(one)] = max(own, Fraction(1)) * below
        pending.pop()
    return heights[id(array)]


def logarithm(x: Array) -> Array:
    """The natural logarithm; raises `ArrayError` where it visibly is none."""
    if (number := visible_number(x)) is not None and number <= 0:
        raise ArrayError(f"the logarithm of {number} is not a real number")
    return Map(log, x)
