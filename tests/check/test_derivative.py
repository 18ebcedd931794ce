from __future__ import annotations

from fractions import Fraction
from random import Random

import mpmath
import pytest

from gradcheck_sym.checker.derivative import derivative
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import free_letters
from gradcheck_sym.term.functions import FUNCTIONS
from gradcheck_sym.term.terms import (
    ONE,
    ZERO,
    Add,
    Apply,
    Delta,
    Entry,
    Letter,
    Num,
    Pi,
    SizeOf,
    Sum,
    Where,
    apply,
    indicator,
    mul,
)
from tests.check.random_terms import Terms, some_entries
from tests.check.values import Point, close, real

Q, R, P = Letter("q", "n"), Letter("r", "n"), Letter("p", "n")
X, C, B = Entry("x", (P,)), Entry("c"), Entry("b")
STEP = mpmath.mpf(10) ** -20


def x(index):
    return Entry("x", (index,))


def slope(value, *places, name="x"):
    found, needs = derivative(value, name, places)
    return found, [(o.relation, o.u, o.guards) for o in needs]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (x(Q), Delta(Q, P)),
        (x(1), Delta(1, P)),
        (Entry("y", (P,)), ZERO),
        (Entry("x_2", (P,)), ZERO),
        (Num(3), ZERO),
        (Pi(), ZERO),
        (SizeOf("x"), ZERO),
        (Delta(Q, R), ZERO),
        (2 * x(Q) + C, 2 * Delta(Q, P)),
        (x(Q) * x(R) * C, (Delta(Q, P) * x(R) + x(Q) * Delta(R, P)) * C),
        (x(Q) * x(Q) * x(Q), 3 * x(P) * x(P) * Delta(Q, P)),
        (Sum(Q, x(Q) * C), C),
        (Sum(Q, x(Q) * x(Q)), 2 * X),
        (Sum(Q, Sum(R, x(Q) * x(R))), 2 * Sum(Q, x(Q))),
        (Sum(Letter("m", "m"), C * x(Q)), SizeOf("m") * C * Delta(Q, P)),
        (apply("exp", x(Q)), apply("exp", x(Q)) * Delta(Q, P)),
        (apply("log", x(Q)), apply("inv", x(Q)) * Delta(Q, P)),
        (apply("inv", x(Q)), -apply("inv", x(Q)) * apply("inv", x(Q)) * Delta(Q, P)),
        (apply("sqrt", x(Q)), apply("inv", 2 * apply("sqrt", x(Q))) * Delta(Q, P)),
        (apply("log", C), ZERO),
        (apply("sin", C * x(Q)), apply("cos", C * x(Q)) * C * Delta(Q, P)),
        (apply("cos", C * x(Q)), -apply("sin", C * x(Q)) * C * Delta(Q, P)),
        (Where(x(Q), x(Q) * C, ONE), Where(x(Q), C, ZERO) * Delta(Q, P)),
        (Where(C, x(Q), 2 * x(Q)), Where(C, ONE, Num(2)) * Delta(Q, P)),
        (Where(x(Q), ONE, ZERO), ZERO),
        (Where(Entry("y"), C, ZERO), ZERO),
        (Add(()), ZERO),
    ],
)
def test_one_line_a_constructor(value, expected):
    assert Ring().equal(slope(value, P)[0], expected)


U = x(Q) + C
LOG, ROOT = apply("log", x(Q)), apply("sqrt", x(Q))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (x(Q) * x(Q), []),
        (apply("exp", U), []),
        (apply("erf", U), []),
        (apply("sin", U), []),
        (apply("cos", U), []),
        (apply("log", U), [(">", U, ())]),
        (apply("inv", U), [("≠", U, ())]),
        (apply("sqrt", U), [(">", U, ())]),
        (apply("log", C), []),
        (C * apply("inv", C) * x(Q), []),
        (ZERO * apply("log", U), [(">", U, ())]),
        (Sum(Q, apply("log", U)), [(">", U, ())]),
        (Where(U, ONE, ZERO), [("≠", U, ())]),
        (Where(U, ONE, ONE), [("≠", U, ())]),
        (Where(C, ONE, ZERO), []),
        (Where(C, U, ZERO), []),
        (Where(C, apply("log", U), ZERO), [(">", U, ((C, True),))]),
        (Where(C, ZERO, apply("log", U)), [(">", U, ((C, False),))]),
        (Where(U, apply("inv", U), C), [("≠", U, ()), ("≠", U, ((U, True),))]),
        (
            Where(C, Where(U, apply("inv", U), C), ZERO),
            [("≠", U, ((C, True),)), ("≠", U, ((C, True), (U, True)))],
        ),
        (
            Where(C, ZERO, Where(B, ZERO, apply("log", U))),
            [(">", U, ((C, False), (B, False)))],
        ),
        (
            Where(C, Where(B, apply("log", U), ZERO), ZERO),
            [(">", U, ((C, True), (B, True)))],
        ),
        (Where(LOG, ONE, ZERO), [("≠", LOG, ()), (">", LOG.argument, ())]),
        (apply("exp", ROOT), [(">", ROOT.argument, ())]),
    ],
)
def test_what_has_to_hold(value, expected):
    """Wherever a function has no slope, under the cases that it stands in."""
    _, found = slope(value, P)
    assert found == expected


def test_what_a_shared_part_needs_is_asked_in_each_case():
    log = apply("log", x(Q))
    _, found = slope(Where(C, log, 2 * log), P)
    assert [guards for _, _, guards in found] == [((C, True),), ((C, False),)]
    assert len(slope(log * log + log, P)[1]) == 1


def test_several_indices():
    w = Entry("w", (Q, R))
    assert Ring().equal(slope(w, P, 2, name="w")[0], Delta(Q, P) * Delta(R, 2))
    assert Ring().equal(slope(Entry("w"), name="w")[0], ONE)
    for places in ((P,), (P, P, P), ()):
        with pytest.raises(ValueError, match="zip"):
            slope(w, *places, name="w")


def test_the_index_of_the_slope_is_its_own():
    with pytest.raises(ValueError, match="one of a sum's"):
        slope(Sum(P, x(P)), P)
    with pytest.raises(ValueError, match="one of a sum's"):
        slope(Sum(Q, Sum(P, x(Q))), 1, P, name="w")
    assert slope(Sum(Q, x(Q)), P)
    with pytest.raises(KeyError):
        slope(Apply("cosh", X), P)


@pytest.mark.parametrize("seed", range(60))
def test_the_slope_is_the_limit_of_difference_quotients(seed):
    """At a random point where all that is needed holds, to twenty digits."""
    random = Random(seed)
    terms = Terms(random, (*FUNCTIONS, "exp"))
    point, term = terms.point(), terms.term(random.randint(2, 5))
    place = random.randint(1, 2)
    found, needs = derivative(term, "x", (place,))
    base = some_entries(seed)

    def moved(by):
        def entry(name, *indices):
            number = real(base(name, *indices))
            return number + by if (name, indices) == ("x", (place,)) else number

        return Point(entry, point.sizes, point.letters)

    with mpmath.workdps(60):
        here = moved(mpmath.mpf(0))
        if not all(_holds(here, needed) for needed in needs):
            return
        quotient = (real(moved(STEP).value(term)) - real(moved(-STEP).value(term))) / (2 * STEP)
        assert close(here.value(found), quotient, 15)


def _holds(point, needed):
    """Whether a requirement holds for all values of its letters that sums bind, and by far."""
    letters = {x for u in (needed.u, *(g for g, _ in needed.guards)) for x in free_letters(u)}
    spaces = [{}]
    for letter in letters - set(point.letters):
        spaces = [{**s, letter: k} for s in spaces for k in range(1, point.size(letter.size) + 1)]
    for space in spaces:
        here = point.at(space)
        if all((here.value(u) > 0) == yes for u, yes in needed.guards):
            u = here.value(needed.u)
            if abs(u) < mpmath.mpf(10) ** -5 or (needed.relation == ">" and u < 0):
                return False
    return True


def test_slopes_of_the_table():
    """Each row, at three points where it is meant, against a difference quotient."""
    assert set(FUNCTIONS) == {"inv", "exp", "log", "sqrt", "sin", "cos", "erf"}
    for name, row in FUNCTIONS.items():
        assert (row.smooth, row.domain) == {
            "inv": ("≠", "≠"),
            "log": (">", ">"),
            "sqrt": (">", "≥"),
        }.get(name, ("", ""))
        for u in (Fraction(1, 3), Fraction(1), Fraction(5, 2)):
            f = Apply(name, Num(u))
            slope_there = Point().value(row.slope(Num(u), f))
            with mpmath.workdps(60):
                moved = (real(u) + STEP, real(u) - STEP)
                points = (Point(lambda *_, e=e: e) for e in moved)
                above, below = (point.value(apply(name, Entry("u"))) for point in points)
                assert close(slope_there, (real(above) - real(below)) / (2 * STEP), 20)
    assert Ring().equal(mul(ONE, indicator(C)), indicator(C))
