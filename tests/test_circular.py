"""Sines and cosines of numbers and of intervals, against mpmath with many more digits."""

from __future__ import annotations

from decimal import Context, Decimal, getcontext
from fractions import Fraction
from itertools import product

import mpmath
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gradcheck_sym.values.circular import DIGITS_OF_PI, GUARD, Circle
from gradcheck_sym.values.interval import Arithmetic, Interval, ends

REAL = {"sin": mpmath.sin, "cos": mpmath.cos}
DIGITS = 450  # of mpmath, for arguments of 170 digits beside π
WHOLE = (-1, 1)
TURNS = [0, 1, 2, 3, 4, 5, 6, 7, 100, 10**6, 10**20]


def as_mpf(end):
    if isinstance(end, Decimal):
        return mpmath.mpf(str(end))
    return mpmath.mpf(end.numerator) / end.denominator


def near_quarters(n, digits):
    """The decimals next to n π/2, below and above, and the nearest."""
    with mpmath.workdps(DIGITS):
        whole = mpmath.floor(n * mpmath.pi / 2 * mpmath.mpf(10) ** digits)
    return [Fraction(int(whole) + k, 10**digits) for k in (0, 1)]


def exact(number):
    """A decimal fraction as a decimal, with all its digits."""
    return Context(prec=300).divide(Decimal(number.numerator), Decimal(number.denominator))


def held(name, u, precision):
    """Assert that a number's value is held; how far apart the ends are, and the value."""
    low, high = map(as_mpf, ends(Arithmetic(precision).function(name, u)))
    value = REAL[name](as_mpf(u))
    assert -1 <= low <= value <= high <= 1
    return high - low, abs(value)


def units(count, precision, value):
    return count * mpmath.mpf(10) ** -precision * value


def is_next_to_a_decimal(value, precision):
    """Whether one of so few digits is as near as what a series leaves out: both ends move."""
    if value == 0:
        return True
    last = mpmath.mpf(10) ** (mpmath.floor(mpmath.log10(value)) - precision + 1)
    return abs(value / last - mpmath.nint(value / last)) < mpmath.mpf(10) ** (1 - GUARD)


@pytest.mark.parametrize("n", range(-9, 10))
def test_each_quadrant_has_its_own_sign_and_function(n):
    with mpmath.workdps(50):
        for part in ("0.1", "0.5", "0.78", "0.79", "1.2", "1.5"):
            u = Fraction(part) + n * Fraction("1.5707963267948966")
            for name in REAL:
                width, value = held(name, u, 30)
                assert width <= units(11, 30, value)


@pytest.mark.parametrize("precision", [1, 4, 20, 60])
def test_a_sine_is_held_before_it_is_rounded_as_well(precision):
    """What is left out of a series is counted; rounding would hide it nearly always."""
    circle = Circle(precision)
    for turns, k in product(range(-5, 6), range(-8, 9)):
        u = Decimal(2 * k + 1) / 10
        low, high = circle.sine(u, u, turns)
        with mpmath.workdps(200):
            value = mpmath.sin(mpmath.mpf(2 * k + 1) / 10 + turns * mpmath.pi / 2)
            assert as_mpf(low) <= value <= as_mpf(high)
            assert Fraction(high) - Fraction(low) <= Fraction(3, 10 ** (precision + GUARD))


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("digits", [0, 1, 5, 20, 40, 100])
@pytest.mark.parametrize("sign", [1, -1])
def test_next_to_a_quarter_turn(name, digits, sign):
    """Where the value is small it has all of its digits, since those of π are more."""
    with mpmath.workdps(DIGITS):
        for turns, precision in product(TURNS, (1, 5, 20, 40)):
            if digits + precision + len(str(turns)) > len(DIGITS_OF_PI) - 4:
                continue
            for u in near_quarters(turns, digits):
                width, value = held(name, sign * u, precision)
                assert width <= units(11, precision, value)


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("digits", [140, 144, 146, 147, 148, 149, 150, 155, 158, 160, 200])
def test_where_the_digits_of_pi_end(name, digits):
    """An interval that holds it, however close to a quarter turn; not so tight any more."""
    with mpmath.workdps(DIGITS):
        for turns, precision in product(TURNS, (20, 140, 148, 160, 250)):
            for u in near_quarters(turns, digits):
                for signed in (u, -u):
                    width, _ = held(name, signed, precision)
                    least = min(precision, len(DIGITS_OF_PI) - 3 - len(str(turns)))
                    assert width <= units(1, least - 1, 1)


@pytest.mark.parametrize("name", REAL)
def test_huge_numbers(name):
    """As long as there are digits of π the value is known; then it is anything."""
    with mpmath.workdps(DIGITS):
        for exponent in range(1, 200):
            for c, precision in product((1, -3, Fraction(22, 7)), (10, 40)):
                width, _ = held(name, c * Fraction(10) ** exponent, precision)
                if exponent < 140 - precision:
                    assert width < mpmath.mpf(10) ** (1 - precision)
                if exponent > 150:
                    assert width == 2
    for far in ("1e160", "-3e999999", "7.5e500000"):
        end = Decimal(far)
        assert Arithmetic(20).function(name, Interval(end, end)) == WHOLE


@pytest.mark.parametrize("exponent", range(144, 150))
def test_where_the_rest_is_hardly_known(exponent):
    """Its sign is not, or it may be more than 1; what holds the value holds it all the same."""
    with mpmath.workdps(DIGITS):
        for c in range(1, 40):
            for u in near_quarters(c * 10**exponent // 7, 1):
                for name, more in product(REAL, (0, Fraction(3, 5))):
                    held(name, u + more, 20)


def test_tiny_numbers():
    for x in (Fraction(1, 10**k) for k in (20, 100, 400)):
        for u in (x, -x):
            low, high = ends(Arithmetic(30).function("sin", u))
            assert low <= u <= high
            assert high - low <= abs(u) / 10**28
            assert ends(Arithmetic(30).function("cos", u)) == (Decimal("0." + 30 * "9"), 1)
    tiny = Decimal("1e-999999")
    low, high = Arithmetic(30).function("sin", Interval(-tiny, tiny))
    assert low < 0 < high < Decimal("1e-999990")


@pytest.mark.parametrize("turns", [-7, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 9, 10**9 + 1])
def test_a_turn_inside_an_interval_is_seen_and_one_outside_is_not(turns):
    """At π/2 + 2πk the sine is 1, at −π/2 + 2πk it is −1, however close the ends are."""
    arithmetic = Arithmetic(40)
    at = Decimal(-1 if turns % 4 == 3 else 1)
    for digits in (3, 25):
        below, above = near_quarters(turns, digits)
        one, two, three, four = map(exact, (2 * below - above, below, above, 2 * above - below))
        if turns % 2:
            assert at in arithmetic.function("sin", Interval(two, three))
            assert at in arithmetic.function("sin", Interval(one, four))
        for apart in (Interval(one, two), Interval(three, four)):
            low, high = arithmetic.function("sin", apart)
            assert digits > 3 or (low > -1 and high < 1)
            if not turns % 2:
                assert (low > 0) == (high > 0)


def test_more_than_a_turn_is_everything():
    arithmetic = Arithmetic(20)
    for start in map(Decimal, ("-100", "-3.2", "0", "1.5707963", "12345.678")):
        for name in REAL:
            assert arithmetic.function(name, Interval(start, start + Decimal("6.2832"))) == WHOLE
    low, high = arithmetic.function("sin", Interval(Decimal("1.6"), Decimal("7.8")))
    assert low == -1
    assert high < 1


def test_a_fraction_lies_between_two_decimals():
    for precision, number in product((5, 200), (Fraction(1, 3), Fraction(-22, 7))):
        low, high = map(Fraction, Circle(precision).enclosed(number))
        assert low < number < high < low + Fraction(1, 10**157)
    assert Circle(5).enclosed(-3) == (-3, -3)


@pytest.mark.parametrize("precision", [1, 2, 3])
def test_few_digits_hold_the_values_as_well(precision):
    for k in range(-700, 700, 11):
        for name in REAL:
            held(name, Fraction(k, 100), precision)


def test_the_decimal_context_of_the_caller_does_not_matter():
    getcontext().prec, kept = 2, getcontext().prec
    try:
        low, high = Arithmetic(40).function("cos", Fraction(-12345, 7))
    finally:
        getcontext().prec = kept
    with mpmath.workdps(60):
        assert as_mpf(low) < mpmath.cos(-mpmath.mpf(12345) / 7) < as_mpf(high)
    assert high - low < Decimal("1e-38")


def test_more_digits_than_those_of_pi_may_be_asked_for():
    for precision in (len(DIGITS_OF_PI), len(DIGITS_OF_PI) + GUARD, 300):
        with mpmath.workdps(DIGITS):
            width, _ = held("sin", Fraction(22, 7), precision)
            assert width < mpmath.mpf(10) ** -(len(DIGITS_OF_PI) - 5)


@settings(max_examples=250, deadline=None)
@given(
    st.sampled_from(["sin", "cos"]),
    st.fractions(-1000, 1000, max_denominator=10**6) | st.fractions(-2, 2, max_denominator=10**30),
    st.sampled_from([1, 2, 3, 6, 20, 40, 80, 100, 140]),
)
@example("sin", Fraction(22, 7), 100)
@example("cos", Fraction(-355, 226), 140)
@example("sin", Fraction(101, 999999999999900000000000000000), 3)
def test_a_number_is_enclosed_tightly(name, u, precision):
    """The last digit goes up or down: at most eleven units; up and down beside such a decimal."""
    with mpmath.workdps(DIGITS):
        width, value = held(name, u, precision)
        most = 22 if is_next_to_a_decimal(value, precision) else 11
        assert width <= units(most, precision, value)


def expected(name, low, high):
    """The least and the largest value on an interval: at the ends, or where it turns."""
    first = 0 if name == "cos" else mpmath.pi / 2
    found = [REAL[name](low), REAL[name](high)]
    for top, value in ((first, 1), (first + mpmath.pi, -1)):
        if mpmath.floor((high - top) / (2 * mpmath.pi)) >= mpmath.ceil(
            (low - top) / (2 * mpmath.pi)
        ):
            found.append(mpmath.mpf(value))
    return min(found), max(found)


decimals = st.decimals(-30, 30, places=3)


@settings(max_examples=250, deadline=None)
@given(
    st.sampled_from(["sin", "cos"]),
    decimals,
    st.decimals(0, 8, places=3) | st.decimals(0, 1, places=30),
    st.sampled_from([3, 10, 30]),
)
@example("sin", Decimal(0), Decimal(7), 10)
@example("cos", Decimal("-0.1"), Decimal("0.2"), 10)
@example("sin", Decimal("-0.1"), Decimal("0.2"), 10)
@example("sin", Decimal("1.5"), Decimal("0.1"), 10)
@example("cos", Decimal("3.1"), Decimal("3.3"), 10)
@example("cos", Decimal("0.000"), Decimal("2.49999999999999601E-13"), 30)
def test_an_interval_has_the_values_in_it_and_hardly_more(name, start, width, precision):
    with mpmath.workdps(60):
        u = Interval(start, start + width)
        low, high = map(as_mpf, Arithmetic(precision).function(name, u))
        least, most = expected(name, as_mpf(u.low), as_mpf(u.high))
        slack = mpmath.mpf(10) ** -precision
        assert least - slack <= low <= least <= most <= high <= most + slack
