from __future__ import annotations

from fractions import Fraction
from inspect import signature
from itertools import product

import mpmath
import pytest

from gradcheck_sym.checker.laws import HOLE, LAWS, Malformed, filled
from gradcheck_sym.checker.obligations import Equal, Obligation
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.term.terms import (
    ONE,
    ZERO,
    Entry,
    Letter,
    Num,
    Sum,
    Where,
    apply,
    indicator,
    size_term,
    term,
)
from tests.check.values import Point, close

GRID = [Fraction(n, d) for n, d in ((-3, 1), (-1, 1), (-1, 2), (0, 1), (1, 3), (1, 1), (2, 1))]
NAMES = Entry("u"), Entry("v")
FUNCTIONS = (
    HOLE * HOLE + 2,
    apply("inv", HOLE),
    apply("exp", HOLE - 1),
    apply("log", HOLE - 1),
    Sum(Letter("i", 3), HOLE * Entry("w", (1,)) + HOLE),
    Where(HOLE - Fraction(1, 2), HOLE, NAMES[1]),
    ZERO * HOLE,
)
OF_TERMS = [name for name in LAWS if name not in ("by cases", "f(u) = f(v)", "Σ written out")]
HOLDS = {"≠": lambda u: u != 0, ">": lambda u: u > 0, "≥": lambda u: u >= 0}
SEVERAL = {"e^(ku) = (e^u)^k": 1}  # parameters that are no terms


def points(name):
    """Instances of a law at the points of a grid, with whether what they need holds there."""
    count = len(signature(LAWS[name]).parameters) - SEVERAL.get(name, 0)
    for numbers in product(GRID, repeat=count):
        point = Point(lambda array, *_, x=numbers: dict(zip("uv", x, strict=False)).get(array, 0))
        for extra in (2, 0, 1, 3) if name in SEVERAL else [None]:
            arguments = NAMES[:count] if extra is None else (*NAMES[:count], extra)
            law = LAWS[name](*arguments)
            needed = all(HOLDS[o.relation](point.value(o.u)) for o in law.needs)
            yield law, needed, close(point.value(law.left), point.value(law.right))


@pytest.mark.parametrize("name", OF_TERMS)
def test_a_law_holds_wherever_what_it_needs_does(name):
    """At random points and on every border: functions are total."""
    assert all(equal for _, needed, equal in points(name) if needed)
    assert sum(needed for _, needed, _ in points(name)) >= 3


@pytest.mark.parametrize("name", OF_TERMS)
def test_a_law_says_something_and_needs_what_it_does(name):
    """It is no identity of the ring, and fails at some point if it needs something."""
    law = next(points(name))[0]
    assert not Ring().equal(law.left, law.right)
    assert not law.needs or not all(equal for _, _, equal in points(name))


def _value(numbers, value):
    return Point(lambda array, *_: dict(zip("uv", numbers, strict=False)).get(array, 0)).value(
        value
    )


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("u/u = 1", "≠"),
        ("1/(uv) = 1/u 1/v", ""),
        ("1/(1/u) = u", ""),
        ("e^(u+v) = e^u e^v", ""),
        ("1/e^u = e^-u", ""),
        ("e^ln u = u", ">"),
        ("ln e^u = u", ""),
        ("ln uv = ln u + ln v", ">>"),
        ("ln 1/u = -ln u", ""),
        ("√u √u = u", "≥"),
        ("√(uu) = |u|", ""),
        ("√(uv) = √u √v", "≥"),
        ("√(1/u) = 1/√u", ""),
        ("1/√u = √u/u", ""),
        ("erf(-u) = -erf u", ""),
        ("sin(-u) = -sin u", ""),
        ("cos(-u) = cos u", ""),
        ("sin²u + cos²u = 1", ""),
        ("sin(u+v) = sin u cos v + cos u sin v", ""),
        ("cos(u+v) = cos u cos v - sin u sin v", ""),
        ("[u>0] = 1", ">"),
        ("[-u>0] = 0", "≥"),
        ("[cu>0] = [u>0]", ">"),
        ("[-u>0] = 1 - [u>0]", "≠"),
        ("[u>0][-u>0] = 0", ""),
        ("u[u=0] = 0", ""),
        ("[e^u-1>0] = [u>0]", ""),
    ],
)
def test_what_a_law_needs(name, needs):
    law = LAWS[name](*NAMES[: len(signature(LAWS[name]).parameters)])
    assert "".join(o.relation for o in law.needs) == needs
    expected = (NAMES[1],) if name.startswith("[cu") else NAMES
    assert all(o.u is u for o, u in zip(law.needs, expected, strict=False))
    assert not any(o.guards for o in law.needs)


U, V = NAMES
LEFT = {
    "u/u = 1": U * apply("inv", U),
    "1/(uv) = 1/u 1/v": apply("inv", U * V),
    "1/(1/u) = u": apply("inv", apply("inv", U)),
    "e^(u+v) = e^u e^v": apply("exp", U + V),
    "e^(ku) = (e^u)^k": apply("exp", 2 * U),
    "1/e^u = e^-u": apply("inv", apply("exp", U)),
    "e^ln u = u": apply("exp", apply("log", U)),
    "ln e^u = u": apply("log", apply("exp", U)),
    "ln uv = ln u + ln v": apply("log", U * V),
    "ln 1/u = -ln u": apply("log", apply("inv", U)),
    "√u √u = u": apply("sqrt", U) * apply("sqrt", U),
    "√(uu) = |u|": apply("sqrt", U * U),
    "√(uv) = √u √v": apply("sqrt", U * V),
    "√(1/u) = 1/√u": apply("sqrt", apply("inv", U)),
    "1/√u = √u/u": apply("inv", apply("sqrt", U)),
    "erf(-u) = -erf u": apply("erf", -U),
    "sin(-u) = -sin u": apply("sin", -U),
    "cos(-u) = cos u": apply("cos", -U),
    "sin²u + cos²u = 1": apply("sin", U) ** 2 + apply("cos", U) ** 2,
    "sin(u+v) = sin u cos v + cos u sin v": apply("sin", U + V),
    "cos(u+v) = cos u cos v - sin u sin v": apply("cos", U + V),
    "[u>0] = 1": indicator(U),
    "[-u>0] = 0": indicator(-U),
    "[cu>0] = [u>0]": indicator(V * U),
    "[-u>0] = 1 - [u>0]": indicator(-U),
    "[u>0][-u>0] = 0": indicator(U) * indicator(-U),
    "u[u=0] = 0": U * (1 - indicator(U) - indicator(-U)),
    "[e^u-1>0] = [u>0]": indicator(apply("exp", U) - 1),
}


@pytest.mark.parametrize("name", OF_TERMS)
def test_the_left_side_is_what_the_name_says(name):
    """A proof that rewrites from left to right relies on it."""
    assert Ring().equal(next(points(name))[0].left, LEFT[name])


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("u", GRID)
@pytest.mark.parametrize("v", [Fraction(0), Fraction(2)])
def test_by_cases(function, u, v):
    law = LAWS["by cases"](NAMES[0], function)
    assert not law.needs
    assert close(_value((u, v), law.left), _value((u, v), law.right))
    assert Ring().equal(law.left, filled(function, indicator(NAMES[0])))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_equal_terms_have_equal_functions(function):
    u, v = NAMES
    law = LAWS["f(u) = f(v)"](function, u, v)
    ((needed),) = law.needs
    assert isinstance(needed, Equal)
    assert (needed.left, needed.right) == (u, v)
    assert Ring().equal(law.left, filled(function, u))
    assert Ring().equal(law.right, filled(function, v))


def test_what_is_put_into_a_hole_is_not_captured():
    i = Letter("i", "n")
    x_i = Entry("x", (i,))
    assert Ring().equal(filled(Sum(i, HOLE), x_i), size_term("n") * x_i)
    assert Ring().equal(filled(Sum(i, HOLE * x_i), x_i), x_i * Sum(i, x_i))
    law = LAWS["by cases"](x_i, Sum(i, HOLE * x_i))
    assert Ring().equal(law.left, indicator(x_i) * Sum(i, x_i))


def test_a_sum_of_a_known_number_of_terms_is_written_out():
    i, j = Letter("i", 3), Letter("j", "n")
    law = LAWS["Σ written out"](Sum(i, Entry("x", (i, j))))
    assert not law.needs
    right = Entry("x", (1, j)) + Entry("x", (2, j)) + Entry("x", (3, j))
    assert Ring().equal(law.right, right)
    assert Ring().equal(law.left, Sum(i, Entry("x", (i, j))))
    for total in (Sum(j, ONE), Entry("x"), Num(3)):
        with pytest.raises(Malformed):
            LAWS["Σ written out"](total)


@pytest.mark.parametrize("k", [-1, Fraction(1, 2), 0.5, 1.0, "1", None, Num(2)])
def test_a_power_is_a_whole_number(k):
    with pytest.raises(Malformed):
        LAWS["e^(ku) = (e^u)^k"](Entry("u"), k)


def test_no_other_laws():
    assert len(LAWS) == 31
    assert all(
        isinstance(o, Obligation | Equal) for name in OF_TERMS for o in next(points(name))[0].needs
    )
    assert close(mpmath.mpf(1), Fraction(1))
    assert not close(mpmath.mpf(1) + mpmath.mpf(10) ** -10, Fraction(1))
    assert term(2).value == 2
