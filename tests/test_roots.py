"""What is shown of roots of roots, powers of powers and long decimals is what was typed."""

from __future__ import annotations

import shlex
from fractions import Fraction

import mpmath
import pytest

from gradcheck_sym import Network, check, formula
from gradcheck_sym.cli import run
from gradcheck_sym.language import scalar_function
from gradcheck_sym.language.printer import written
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.values.evaluator import Evaluator, Point
from gradcheck_sym.values.interval import ends

FORMULAS = [
    "z*sqrt(sqrt(np.pi))",
    "z/sqrt(2*sqrt(np.pi))",
    "sqrt(sqrt(sqrt(np.pi*z)))",
    "sqrt(sqrt(sqrt(z)))",
    "sqrt(sqrt(sqrt(sqrt(z**2))))",
    "z*sqrt(z)*sqrt(sqrt(z))",
    "z*sqrt(z)*sqrt(sqrt(z))*sqrt(sqrt(sqrt(z)))",
    "sqrt(z)**-1.5",
    "(z**2)**2.5",
    "((z**2)**1.5)**0.5",
    "12345678901234567.5*z",
    "0.000001*z + 123456789012345678.25",
    "2/(np.sqrt(3)*np.sqrt(np.sqrt(np.pi)))*(1-z**2)*exp(-z**2/2)",
]


def value(term):
    low, high = map(mpmath.mpf, map(str, map(float, ends(at(term)))))
    return (low + high) / 2


def at(term):
    return Evaluator({}, Point({("z",): Fraction(7, 5)}), {}).value(term)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_that_is_made_simple_has_its_value(text):
    function = scalar_function(text, "z")
    slope = function.slope("z")
    for term in (function.value, slope):
        for other in (tidied(term), scalar_function(f"{written(term)} + 0 * z", "z").value):
            assert abs(value(other) - value(term)) <= 1e-12 * abs(value(term))


@pytest.mark.parametrize("text", FORMULAS)
def test_the_books_claim_is_proved(text):
    network = Network(1, 1, 1, hidden=text)
    assert check(network, wrt="W_h").verdict == "proved"


def test_an_error_is_the_slope_by_what_comes_before(capsys):
    root = "np.sqrt(np.sqrt(np.pi))"
    network = Network(1, 1, 1, hidden=f"z*{root}")
    for claim, verdict in ((f"X.T @ delta_h / {root}", "refuted"), ("X.T @ delta_h", "proved")):
        assert check(network, formula(claim, network, "W_h")).verdict == verdict
    assert run(shlex.split(f"1 1 1 --hidden 'z*{root}' --wrt W_h")) == 0
    assert "sqrt(sqrt(π))" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        ("where(z>=0,z,-z)", "−1 below and 1 above"),
        ("where(z<2,z,-3*z)", "1 below and −3 above"),
        ("maximum(0.1*z,z)", "1/10 below and 1 above"),
        ("where(4>2*z,z,2)", "1 below and 0 above"),
        ("where(2>z,z,-3*z)", "1 below and −3 above"),
    ],
)
def test_below_is_where_the_scalar_is_less(hidden, said, capsys):
    assert run(["m", "d", "t", "--n", "n", "--hidden", hidden, "--wrt", "W_h"]) == 0
    assert said in " ".join(capsys.readouterr().out.split())
