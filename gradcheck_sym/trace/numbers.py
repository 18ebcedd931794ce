"""Numbers that the user's code makes: `np.array([1.0, 2.0])`, `np.ones(3)`, `np.sqrt(2)`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from gradcheck_sym.array import UNIT, Array, Axis, Constant
from gradcheck_sym.array.listed import Listed
from gradcheck_sym.array.operations import array_of
from gradcheck_sym.array.shape import Indices
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.term.terms import Pi
from gradcheck_sym.trace.context import current, runs
from gradcheck_sym.trace.traced import Traced

MOST_LISTED = 1_000
MOST_IN_A_ROOT = 10
FULL, MOST_BELOW = 15, 10_000  # digits of a float that was divided, and what by
SHORT = 6  # digits after the point, of a decimal that is left of a difference
DIGITS, ULPS = 12, 4  # of a power: decimals of fifteen digits are never as near to one another
MOST_IN_ALL = 10_000_000  # in a mean
MOST_IN_A_FRACTION, MOST_IN_A_LOGARITHM = 1_000, 7
MOST_KNOWN = 40  # floats of which products are looked for
MOST_IN_A_POWER = 20  # halves, of e to it
PI, E, EXP, ROOT, LOG = (
    math.pi,
    math.e,
    math.exp,
    math.sqrt,
    math.log,
)  # while a trace runs others stand there
CARRIED_OUT = {  # kept as they are written
    **{"sqrt": ROOT, "exp": math.exp, "log": math.log},
    **{"sin": math.sin, "cos": math.cos, "tan": math.tan},
    **{"log2": math.log2, "log10": math.log10},
}
BASES = {"log2": 2, "log10": 10}
OF_ALL = ("exp", "sin", "cos", "tan")  # numbers, not of positive ones alone


def number(value: Any) -> Array:
    """A number: a float means its shortest decimal, or the fraction, root or multiple of π it is.

    Or the product of two that the code has computed with before.

    >>> number(0.1).entry(), number(1 / 3).entry(), number(3.141592653589793).entry()
    (Num(value=Fraction(1, 10)), Num(value=Fraction(1, 3)), Mul(factors=(Num(value=1), Pi())))
    """
    if isinstance(value, float) and (found := _constants().get(float(value))) is not None:
        return found
    is_computed = isinstance(value, float) and _digits(value) >= FULL
    found = _meant(float(value)) if is_computed else None
    found = _power(float(value)) if is_computed and found is None else found
    if isinstance(value, float) and found is None and runs():
        found = _of_others(float(value), current().floats)
    return array_of(value) if found is None else found


def _digits(value: float) -> int:
    """How many digits a float is told by, the point with them."""
    return len(repr(float(value)).partition("e")[0].lstrip("-0."))


@cache
def _meant(value: float) -> Array | None:
    """The fraction, the decimal, the root, or the logarithm that a float of full length is."""
    if not 1 / MOST_IN_ALL < abs(value) < MOST_IN_ALL:
        return None
    count = round(1 / value)
    simple = Fraction(value).limit_denominator(MOST_BELOW)
    if 0 < abs(count) < MOST_IN_ALL and 1 / count == value:
        simple = Fraction(1, count)
    if float(simple) == value:
        return array_of(simple)
    short = Fraction(repr(round(value, SHORT)))
    last = math.ulp(max(1.0, abs(value)))
    if _is_rounded(short) and abs(short - Fraction(value)) <= last:  # as 1 - 0.9
        return array_of(short)
    sign = 1 if value > 0 else -1
    if not 1 / MOST_IN_A_FRACTION < abs(value) < MOST_IN_A_FRACTION:  # beyond, fractions are dense
        return None
    over = Fraction(1 / value**2).limit_denominator(MOST_IN_A_FRACTION)
    for one in (Fraction(value**2).limit_denominator(MOST_IN_A_FRACTION), over and 1 / over):
        is_root = one > 0 and not _is_square(one)
        if is_root and abs(sign * ROOT(one) - value) <= math.ulp(value):
            return array_of(OPERATIONS["multiply"](sign, OPERATIONS["sqrt"](array_of(one))))
    found = _logarithm(abs(value))
    return None if found is None else array_of(OPERATIONS["multiply"](sign, found))


def _logarithm(value: float) -> Array | None:
    """The logarithm of a whole number that a float above 0 is, or what 1 over one is."""
    for one, is_below in ((value, False), (1 / value, True)):
        whole = round(EXP(one)) if one < MOST_IN_A_LOGARITHM else 0
        told = LOG(whole) if whole > 1 else 0.0
        if told and abs((1 / told if is_below else told) - value) <= is_below * math.ulp(value):
            log = OPERATIONS["log"](array_of(whole))
            return _over(1, log) if is_below else array_of(log)
    return None


def _power(value: float) -> Array | None:
    """The decimal that a power such as 0.9**10 is, but for roundings on the way."""
    short = Fraction(f"{value:.{DIGITS - 1}e}")
    is_near = abs(short - Fraction(value)) <= ULPS * Fraction(math.ulp(value))
    return array_of(short) if is_near and _is_rounded(short) else None


def _is_rounded(short: Fraction) -> bool:
    """Whether no float is this decimal, so that one nearby may mean it: 1 - eps is not 1."""
    return Fraction(float(short)) != short


def _of_others(value: float, known: list[float]) -> Array | None:
    """The product, or the quotient, of two floats that the code has computed with before.

    Of a float of full length Python has rounded it; another one is kept.
    """
    for one, other in product(known, repeat=2) if _digits(value) >= FULL else ():
        exact = Fraction(repr(one)), Fraction(repr(other))
        if one * other == value:
            return array_of(exact[0] * exact[1])
        if one / other == value:
            return array_of(exact[0] / exact[1])
    if value not in known and 0 < abs(value) < MOST_IN_ALL and len(known) < MOST_KNOWN:
        known.append(value)
    return None


@cache
def _constants() -> dict[float, Array]:
    """Floats that people compute before: e, e⁻², √2, π/2, √(2/π), 1/√(2π)."""
    return {value: array for array, value in _computed()}


def _computed() -> Iterator[tuple[Array, float]]:
    for power in range(-MOST_IN_A_POWER, MOST_IN_A_POWER + 1):
        if power:
            for value in (E ** (power / 2), EXP(power / 2)):
                yield OPERATIONS["exp"](Fraction(power, 2)), value
    pi = Constant(Pi())
    ratios = {Fraction(a, b) for a in range(1, MOST_IN_A_ROOT + 1) for b in range(1, 5)}
    for ratio in sorted(ratios):
        r = float(ratio)
        scaled = OPERATIONS["multiply"](ratio, pi)
        yield scaled, r * PI
        for inside, value in ((scaled, r * PI), (_over(ratio, pi), r / PI)):
            yield OPERATIONS["sqrt"](inside), ROOT(value)
            yield _over(1, OPERATIONS["sqrt"](inside)), 1 / ROOT(value)
        if not _is_square(ratio):
            yield OPERATIONS["sqrt"](array_of(ratio)), ROOT(r)
            yield _over(1, OPERATIONS["sqrt"](array_of(ratio))), 1 / ROOT(r)


def _over(above: object, below: object) -> Array:
    found: Array = OPERATIONS["divide"](above, below)
    return found


def _is_square(ratio: Fraction) -> bool:
    return all(math.isqrt(n) ** 2 == n for n in (ratio.numerator, ratio.denominator))


def carried_out(name: str, value: Any) -> Any:
    """The function of a plain number: a number where that is exact, else as it is written."""
    found = CARRIED_OUT[name](value)
    if name == "sqrt" and Fraction(found) ** 2 == Fraction(value):
        return found
    if name in BASES and Fraction(BASES[name]) ** round(found) == Fraction(value):
        return found
    if name in BASES:
        logs = (OPERATIONS["log"](number(one)) for one in (value, BASES[name]))
        return Traced(OPERATIONS["divide"](*logs), scalar=True)
    if (name, value) == ("log", 1) or (name in OF_ALL and value == 0):
        return found
    return Traced(OPERATIONS[name](number(value)), scalar=True)


def numbers_array(value: Any) -> Array:
    """An array of NumPy's, its numbers exact; raises `ArrayError`."""
    flat = value.reshape(-1).tolist()
    shape = tuple(Axis(str(k), k) if k != 1 else UNIT for k in value.shape)
    if not flat:
        raise ArrayError("an array with no entries is not supported")
    if value.dtype == object:
        return _listed([v.array if isinstance(v, Traced) else number(v) for v in flat], shape)
    if len(set(flat)) == 1:
        return _filled(flat[0], shape)
    if len(flat) > MOST_LISTED:
        raise ArrayError(f"an array of {len(flat)} numbers is too large: {MOST_LISTED} at most")
    return _listed([number(int(v) if isinstance(v, bool) else v) for v in flat], shape)


def _filled(value: Any, shape: tuple[Axis, ...]) -> Array:
    array = number(int(value) if isinstance(value, bool) else value)
    for axis in reversed(shape):
        array = array.expand(0, axis)
    return array


def _listed(cells: list[Array], shape: tuple[Axis, ...]) -> Array:
    lengths = [int(axis.size) for axis in shape]

    def read(indices: Indices) -> tuple[Array, Indices]:
        place = 0
        for index, length in zip(indices, lengths, strict=True):
            assert isinstance(index, int)
            place = place * length + index - 1
        return cells[place], ()

    return Listed(shape, range(len(shape)), read, *cells)
