"""What is shown as the conditions of a proof says what the theorem assumes, no more and no less."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from gradcheck_sym import Network, check, formula
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.witness import Place
from gradcheck_sym.render.notation import Notation
from gradcheck_sym.shown.alike import alike
from gradcheck_sym.values.evaluator import Evaluator, Point
from gradcheck_sym.values.interval import Undefined

LOSSES = [
    "a*log(a*y/a)",
    "log(a/a)+a",
    "(a-y)**2/sqrt(a/a)",
    "a*sqrt(a*y/a)",
    "a*sqrt(y*y*a/a)",
    "a**2*log(y**2*a/a)",
    "log(a/y)*y/a",
    "sqrt(a)*sqrt(y)",
    "y*log(exp(a)/a)",
    "(a - 1)/(a - 1) + log(a*a)",
    "where(y > 0, a/a*y, a*log(y/y + a*a))",
    "abs(a*y)/y",
    "log((a-y)/(a-y)*a)",
    "1/(a*(1-y)) + a/a",
    "a/(a/a + y/y)",
]
CLAIM = "A_h.T @ delta_out + (np.log(X.T * Z_h / X.T) - np.log(Z_h)).sum()"
VALUES = [Fraction(x) for x in ("-1", "0", "1/2", "1", "2")]


def holds(place, condition):
    """Whether it does; None where that is not decided, since there is no value."""
    try:
        return place.satisfies(condition)
    except Undefined:
        return None


def hold(place, conditions):
    """Whether they all do; None where none fails and one is not decided."""
    found = [holds(place, condition) for condition in conditions]
    return all(found) if None not in found or False in found else None


def compared(network, claim=None):
    """At how many points the two say the same: that they hold, and that they do not."""
    (evidence,) = check(network, claim).evidence
    statement = evidence.theorem.statement
    shown = [Obligation(x.left, x.sign) for x in evidence.conditions]
    inputs = {"X", "Y", "W_h", "W_out"} & network.arrays.keys()
    counts = {True: 0, False: 0}
    for numbers in product(VALUES, repeat=len(inputs)):
        point = Point(everywhere=dict(zip(sorted(inputs), numbers, strict=True)))
        place = Place(Evaluator(statement.definitions, point, {}))
        assumed = hold(place, evidence.theorem.conditions)
        seen = hold(place, shown)
        if assumed is not None and seen is not None:
            assert seen is assumed, (numbers, evidence.conditions)
            counts[assumed] += 1
    return counts


@pytest.mark.parametrize("loss", LOSSES)
def test_the_conditions_of_a_loss(loss):
    counts = compared(Network(1, 1, n=1, output="identity", loss=loss))
    assert all(counts.values())


def test_the_conditions_of_a_claim():
    network = Network(1, 1, 1, n=1, hidden="identity")
    counts = compared(network, formula(CLAIM, network))
    assert all(counts.values())


def test_a_condition_of_one_number_is_not_shown():
    report = check(Network(1, 1, n=1, output="identity", loss="log(a/a)+a"))
    (only,) = report.conditions
    assert only.sign == "≠"
    assert only.left.name == "A_out"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("0*np.sqrt(X.T@X).sum()", "Σᵢ₌₁ⁿ x[i,l]·x[i,r] ≥ 0"),
        ("0*np.sqrt(X@X.T).sum()", "Σₗ₌₁ᵐ x[i,l]·x[r,l] ≥ 0"),
        ("0*(W_out/W_out)", "w_out[k,j] ≠ 0"),
        ("0*(X/X).sum()", "x[i,l] ≠ 0"),
        ("0*(1/b_h).sum()", "b_h[k] ≠ 0"),
        ("0/W_h.sum()", "Σₖ₌₁ᵈ Σₗ₌₁ᵐ w_h[l,k] ≠ 0"),
    ],
)
def test_a_letter_of_a_condition_is_that_of_its_axis(claim, expected):
    network = Network("m", "d", "t", n="n", bias=True)
    report = check(network, formula(f"A_h.T @ delta_out + {claim}", network))
    (only,) = report.conditions
    assert Notation(unicode=True).formula(only) == expected


def test_a_letter_of_a_condition_has_no_other_range_than_is_told():
    report = check(Network("m", "d", "e1", "t", n="n", hidden="relu"), wrt="W_1")
    shown = [Notation(unicode=True).formula(condition) for condition in report.conditions]
    assert shown == ["z_2[i,s] ≠ 0", "z_1[i,k] ≠ 0"]  # W_1 is m×d, and k ≤ d


def test_a_kink_and_its_condition_have_the_same_letters():
    report = check(Network(2, 3, 1, n=2, hidden="relu"), wrt="Z_h")
    (only,) = report.conditions
    (kink,) = report.kinks
    assert alike(only.left, kink.where)
