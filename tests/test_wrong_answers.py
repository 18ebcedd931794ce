"""Answers that this tool once gave and that were wrong: a false proof is the worst of bugs.

Each case is a command line as it was typed, with what is to be said of it.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import time

import pytest
import sympy

from gradcheck_sym import Claim, Network, check, formula
from gradcheck_sym.answer import proved
from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.cli import run
from gradcheck_sym.question import equality
from gradcheck_sym.term.terms import (
    ONE,
    ZERO,
    Delta,
    Entry,
    Letter,
    Num,
    Sum,
    Where,
    apply,
    indicator,
)
from tests.planted import Entrywise

ONE_HOT = "--assume 'Y.sum(axis=1) == 1' --assume 'Y**2 == Y'"
RELU = "2 2 2 --wrt W_h --hidden"
PLAIN = "2 2 2 --output-activation identity --loss"
FALSE_BY = "m d t --n n --claim 'A_h.T @ delta_out + 0*np.abs(X.sum()+1) + {}'"


def asked(command, capsys):
    """What is said to a command line, as JSON."""
    run([*shlex.split(command), "--format", "json"])
    (claim,) = json.loads(capsys.readouterr().out)["claims"]
    return claim


# Proved, and false ---------------------------------------------------------------------------

FALSE = {
    "a loss that asks for a class, and no gradient": (
        "2 2 2 --output-activation softmax --loss 'where(y == 1, -log(a), 0)' --claim '0*W_out'"
    ),
    "a loss that asks for a class, no gradient, and both hypotheses": (
        f"2 2 2 --output-activation softmax --loss 'where(y == 1, -log(a), 0)' "
        f"--claim '0*W_out' {ONE_HOT}"
    ),
    "a guard against NaN in the loss": (
        "2 2 2 --loss 'where(a != a, 0, -(y*log(a) + (1 - y)*log(1 - a)))' --claim '0*W_out'"
    ),
    "a guard against NaN in the output": (
        "2 2 2 --output-activation 'where(z == z, z, 0)' --loss mse --claim '0*W_out'"
    ),
    "a half of both cases of the output": (
        "1 1 --output-activation 'where(z > z, z, 2*z)' --loss mse --claim 'X.T @ (3*(A_out - Y))'"
    ),
    "a half of both cases of an output with numbers": (
        "1 1 --output-activation 'where(0 > 0, z, 2*z)' --loss mse --claim 'X.T @ (3*(A_out - Y))'"
    ),
    "a half of both cases of a loss": (
        "1 1 --output-activation identity --loss 'where(a*y <= y*a, (a-y)**2, 7*a)'"
        " --claim 'X.T @ (A_out - Y + 3.5)'"
    ),
    "a half of a case in a power": (
        "1 1 --output-activation identity --loss '(where(2>2,a,1))**3' "
        "--claim '1.5*X.T @ np.ones((1, 1))'"
    ),
    "a sum over an index that was captured": FALSE_BY.format(
        "np.where(X@X.sum(axis=0)+1 > 0, 0, 1).sum()"
    ),
    "a column's sum that was captured": FALSE_BY.format(
        "np.where(W_out*W_out.sum(axis=0)+0.5 >= 0, 0, 1)"
    ),
    "a maximum of what was captured": FALSE_BY.format(
        "np.maximum(W_out*W_out.sum(axis=0),-1) - W_out*W_out.sum(axis=0)"
    ),
    "a matrix of products that was captured": FALSE_BY.format(
        "np.where((Z_h@Z_h.T).sum(axis=1)+1 > 0, 0, 1).sum()"
    ),
    "a sum under a root, taken apart": (
        "2 2 2 --claim 'A_h.T @ delta_out + np.sqrt(X.sum())/np.sqrt(X.sum())"
        " - X.sum() * (1/X).sum()'"
    ),
    "a multiple of a sum under a root, taken apart": (
        "m d t --n n --claim 'A_h.T @ delta_out + np.sqrt(X.sum()*lam)/np.sqrt(X.sum()*lam)"
        " - X.sum() * (1/X).sum()' --l2"
    ),
    "a false claim of a step": (
        "2 2 2 --output-activation 'where(z > 0, 1, -1)' --loss mse --claim 'A_h.T @ (A_out - Y)'"
    ),
}


@pytest.mark.parametrize("command", FALSE.values(), ids=FALSE)
def test_what_is_false_is_refuted(command, capsys):
    assert asked(command, capsys)["verdict"] == "refuted"


TRUE = {
    "a loss that asks for a class": (
        f"2 2 2 --output-activation softmax --loss 'where(y == 1, -log(a), 0)' {ONE_HOT}"
        " --claim 'A_h.T @ (A_out - Y)'"
    ),
    "a guard against NaN in the loss": (
        "2 2 2 --loss 'where(a != a, 0, -(y*log(a) + (1 - y)*log(1 - a)))'"
        " --claim 'A_h.T @ (A_out - Y)'"
    ),
    "a guard against NaN in the output": (
        "2 2 2 --output-activation 'where(z == z, z, 0)' --loss mse --claim '2*A_h.T @ (Z_out - Y)'"
    ),
    "an output that is never greater than itself": (
        "1 1 --output-activation 'where(z > z, z, 2*z)' --loss mse "
        "--claim 'X.T @ (4*(2*Z_out - Y))'"
    ),
    "numbers that are compared": (
        "1 1 --output-activation 'where(0 > 0, z, 2*z)' --loss mse "
        "--claim 'X.T @ (4*(2*Z_out - Y))'"
    ),
    "products in either order": (
        "1 1 --output-activation identity --loss 'where(a*y <= y*a, (a-y)**2, 7*a)'"
        " --claim 'X.T @ (2*(A_out - Y))'"
    ),
    "numbers that are compared in a power": (
        "1 1 --output-activation identity --loss '(where(2>2,a,1))**3' --claim '0*W_out'"
    ),
    "cases that are told by Y alone": (
        f"{PLAIN} 'where(y == 1, a**2, -a)' --claim 'A_h.T @ np.where(Y == 1, 2*A_out, -1)'"
    ),
    "a loss by classes": (
        "2 2 2 --loss 'where(y == 1, -log(a), -log(1 - a))' --assume 'Y**2 == Y'"
        " --claim 'A_h.T @ (A_out - Y)'"
    ),
}


@pytest.mark.parametrize("command", TRUE.values(), ids=TRUE)
def test_what_is_true_is_proved_without_a_condition(command, capsys):
    """A case distinction that does not depend on the variable, or is decided, needs none."""
    said = asked(command, capsys)
    assert said["verdict"] == "proved"
    assert said["conditions"] == []


EDGES = {
    "an indicator as a factor": (f"{RELU} 'z*(z > 0)'", ["Ne(Z_h[1, k], 0)"]),
    "a slope by cases as a factor": (f"{RELU} 'z*where(z > 0, 1, 0.01)'", ["Ne(Z_h[1, k], 0)"]),
    "hinge as a product": (
        f"{PLAIN} '(1-y*a)*(y*a<1)'",
        ["Ne(-A_out[1, j]*Y[1, j] + 1, 0)"],
    ),
    "a product with a comparison": (f"{PLAIN} '(a>y)*(a-y)'", ["Ne(A_out[1, j] - Y[1, j], 0)"]),
    "a step": (
        "2 2 2 --output-activation 'where(z > 0, 1, -1)' --loss mse",
        ["Ne(Z_out[1, j], 0)"],
    ),
    "a loss that does not depend on a but for a jump": (
        "2 2 2 --loss 'where(a>0.5,y,1-y)'",
        ["Ne(1/2 - A_out[1, j], 0)"],
    ),
    "a step and a bias": (
        "2 3 2 --hidden elu --output-activation 'where(z>0,1,0)' --loss nll --bias --wrt b_out",
        ["Ne(Z_out[1, j], 0)"],
    ),
    "two steps whose slopes are the same": (
        "2 2 2 --output-activation 'where(z>0,1,0) - where(z>0,5,0)' --loss mse",
        ["Ne(Z_out[1, j], 0)"],
    ),
    "a step of a step, which is never at its own edge": (
        "2 2 2 --output-activation 'where(where(z>0,1,-1)>0,1,0)' --loss mse",
        ["Ne(Z_out[1, j], 0)"],
    ),
    "one value that is left out": (
        "2 2 2 --output-activation 'where(z==0,1,z)' --loss mse",
        ["Ne(Z_out[1, j], 0)"],
    ),
    "at the kink, either case will do": (
        "2 2 2 --hidden 'z*(z>0)' --claim 'W_h: X.T @ ((delta_out @ W_out.T) * (Z_h >= 0))'",
        ["Ne(Z_h[1, k], 0)"],
    ),
    "a maximum": (f"{PLAIN} hinge", ["Ne(-A_out[1, j]*Y[1, j] + 1, 0)"]),
    "a denominator that a name's identity hid": (
        f"{RELU} '1/(1-exp(z))'",
        ["Ne(1 - exp(Z_h[1, k]), 0)"],
    ),
    "coth": (f"{RELU} '1/tanh(z)'", ["Ne(1 - exp(2*Z_h[1, k]), 0)"]),
    "a quotient of exponentials": (
        f"{RELU} 'exp(z)/(exp(z)-1)'",
        ["Ne(1 - exp(Z_h[1, k]), 0)"],
    ),
    "a denominator that vanishes elsewhere": (
        f"{RELU} '1/(2-exp(z))'",
        ["Ne(2 - exp(Z_h[1, k]), 0)"],
    ),
    "a logarithm of an absolute value": (
        "1 1 --output-activation identity --loss 'y*log(abs(a))'",
        ["Ne(A_out[1, 1], 0)"],
    ),
    "a root of an absolute value": (f"{RELU} 'sqrt(abs(z))'", ["Ne(Z_h[1, k], 0)"]),
    "roots, each in its own case": (
        f"{RELU} 'where(z > 0, sqrt(z), -sqrt(-z))'",
        ["Ne(Z_h[1, k], 0)"],
    ),
    "logarithms, each in its own case": (
        f"{RELU} 'where(z > 0, log(1+z), -log(1-z))'",
        ["Ne(Z_h[1, k], 0)"],
    ),
    "softsign": (f"{RELU} 'z/(1+abs(z))'", ["Ne(Z_h[1, k], 0)"]),
    "a root that cancels at its edge, where J ends": (
        f"{PLAIN} 'sqrt(a)*a*a'",
        ["A_out[1, j] > 0"],
    ),
    "a root that does not move": (f"{PLAIN} 'sqrt(y)*a*a'", ["Y[1, j] >= 0"]),
    "a condition of one case": (
        f"{RELU} 'where(z > 1, log(z - 2), 0)'",
        [
            "Ne(1 - Z_h[1, k], 0)",
            "if_positive(Z_h[1, k] - 1, Z_h[1, k] - 2, 1) > 0",
        ],
    ),
}


@pytest.mark.parametrize(("command", "conditions"), EDGES.values(), ids=EDGES)
def test_a_proof_states_where_it_holds_no_more_and_no_less(command, conditions, capsys):
    said = asked(command, capsys)
    assert said["verdict"] == "proved"
    assert said["conditions"] == conditions


def test_a_border_that_is_everywhere_is_none(capsys):
    """Its condition is only seen to be 0 when it is multiplied out: the second case holds."""
    loss = "--loss 'where((a+y)**2 > a**2+2*a*y+y**2, a, a**2)'"
    asked_for = f"1 1 --output-activation identity {loss} --claim 'X.T @ (2*A_out)'"
    assert asked(asked_for, capsys)["verdict"] == "proved"


# Conditions that cannot hold -----------------------------------------------------------------

APART = "np.outer(X.sum(axis=1), np.ones(n)) - np.outer(np.ones(n), X.sum(axis=1))"
PLUS = "--claim 'A_h.T @ delta_out + {}'"
NOWHERE = {
    "the logarithm of a logarithm of a probability": "2 2 2 --output-activation log_softmax "
    "--loss ce",
    "both logarithms of it": "2 2 2 --output-activation log_softmax --loss bce",
    "both logarithms of 0": "1 1 --output-activation log_softmax --loss bce",
    "the only probability": "2 2 1 --output-activation softmax --loss bce",
    "signs that exclude each other": "2 2 2 --loss '-(y*log(a) + (1 - y)*log(a - 1))'",
    "one class that is 1": (
        "2 2 1 --claim 'A_h.T @ delta_out * ((1-Y)/(1-Y)).sum()' --assume 'Y.sum(axis=1) == 1'"
    ),
    "an odd function": f"2 2 2 {PLUS.format('(0/(erf(Y)+erf(-Y))).sum()')}",
    "a name less its definition": f"2 2 2 {PLUS.format('(0/(Z_out - A_h @ W_out)).sum()')}",
    "indices that may be equal inside a function": (
        f"2 2 2 --n 2 {PLUS.format(f'0*(1/erf({APART})).sum()')}"
    ),
    "the same for all sizes": f"m d t --n n {PLUS.format(f'0*(1/erf({APART})).sum()')}",
    "two signs whose sum is 1": (
        "2 2 2 --loss mse --assume 'Y**2 == 1' --assume 'Y.sum(axis=1) == 1'"
    ),
}


@pytest.mark.parametrize("command", NOWHERE.values(), ids=NOWHERE)
def test_nothing_is_proved_or_refuted_that_is_defined_nowhere(command, capsys):
    assert asked(command, capsys)["verdict"] == "undecided"


def test_no_derivative_is_shown_of_what_may_be_defined_nowhere(capsys):
    """A law that holds nowhere there made x of y·x."""
    said = asked(f"{PLAIN} 'where(((2 > y) | (0.5 < y)) * a != a, a, y*a)'", capsys)
    entry = said["entries"][0]
    assert "defined nowhere" in entry["evidence"]["reason"]
    assert entry["derivative"].startswith("dJ_dW_out[")
    assert "dJ_dW_out" in entry["difference"]


def test_conditions_that_hold_in_a_large_network_are_seen_to(capsys):
    """The witness has all entries of an array alike, so its sums cost nothing."""
    said = asked("2 40 3 --n 100 --hidden relu --claim 'W_h: X.T @ delta_h'", capsys)
    assert said["verdict"] == "proved"


# Kinks in words ------------------------------------------------------------------------------

KINKS = {
    "bce by logits": (f"{PLAIN} 'maximum(a,0) - a*y + log(1+exp(-abs(a)))'", "both slopes", "no d"),
    "the cube": (f"{PLAIN} 'abs(a)**3'", "both slopes", "has no derivative"),
    "the square": (f"{PLAIN} 'maximum(a**2,0)'", "provided that", "has no derivative"),
    "a point": ("2 2 2 --output-activation 'where(z==0,1,z)' --loss mse", "jumps", "both slopes"),
    "a kink": (f"{RELU} relu", "has no derivative", "both slopes"),
    "a smooth edge": (f"{RELU} elu", "both slopes", "has no derivative"),
}


@pytest.mark.parametrize(("command", "said", "unsaid"), KINKS.values(), ids=KINKS)
def test_what_is_said_of_a_kink_is_true(command, said, unsaid, capsys):
    assert run(shlex.split(command)) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert said in shown
    assert unsaid not in shown


# Through the library -------------------------------------------------------------------------


def test_a_step_times_zero_changes_no_other_part():
    """[w > 0] + [−w > 0] is 1 off w = 0 alone, whatever else stands in the claim."""
    network = Network(2, 2, 2)
    right = "A_h.T @ delta_out"
    both = "(np.where(W_out > 0, 1, 0) + np.where(-W_out > 0, 1, 0))"
    for further in ("0 * np.ones_like(W_out)", "0 / (2 + np.heaviside(W_out, 0.5))"):
        report = check(network, formula(f"{right} * {both} + {further}", network))
        conditional = bool(report.conditions)
        assert report.verdict != "proved" or conditional
    assert check(network, formula(f"{right} * {both}", network)).verdict == "refuted"


# What a mutant of the old kernel got wrong -----------------------------------------------------

u, c, big = Entry("u"), Entry("c"), apply("exp", 20001)


def log(value):
    return apply("log", value)


def sqrt(value):
    return apply("sqrt", value)


def size_of(value):
    """|value|."""
    return Where(value, value, -value)


NOT_TRUE = {
    "minus a half of a value has the other sign": (Where(-c / 2, u, ZERO), Where(c, u, ZERO)),
    "a denominator has one value in each of two cases": (
        1 / (1 + Where(c, ONE, Where(-c, ONE, ZERO))),
        1 - indicator(c) / 2,
    ),
    "the exponential of a squared logarithm is no power": (apply("exp", log(c) * log(c)), c),
    "the root of two is not 1": (sqrt(Num(2)) * c, c),
    "one root is not another": (sqrt(c), sqrt(u)),
    "two reciprocals have signs of their own": (c * size_of(1 / c), u * size_of(1 / u)),
    "the logarithm of a half is not 0": (log(c / 2), log(c)),
    "an array may be negative": (size_of(u), u),
    "an opposite case is not the case where nothing can be evaluated": (
        indicator(-c) * big,
        indicator(c) * big,
    ),
    "a step is not 0": (indicator(c), ZERO),
    "a case that excludes another asks for nothing": (Where(c, (c + 1) / (c + 2), ONE), ONE),
}


@pytest.mark.parametrize(("left", "right"), NOT_TRUE.values(), ids=NOT_TRUE)
def test_two_sides_that_differ_are_not_proved(left, right):
    assert proved(equality({}, left, right, ())) is None


def test_columns_that_sum_to_one_are_no_rows():
    """s_j = Σ_i e^{z_ij} is a column's sum; Σ_j e^{z_ij}/s_j is not 1."""
    i, j, k = (Letter(name, 2) for name in "ijk")
    z = Entry("z", (i, j))
    named = {
        "s": Definition((j,), Sum(i, apply("exp", z))),
        "a": Definition((i, j), apply("exp", z) / Entry("s", (j,))),
    }
    row = Sum(k, Entry("a", (1, k)))
    column = Sum(k, Entry("a", (k, 1)))
    assert proved(equality(named, column, ONE, ()))
    assert proved(equality(named, row, ONE, ())) is None


def test_what_cancels_in_an_array_is_stated_as_not_zero():
    """A quotient of an array by itself is 1, where it is not 0 by 0."""
    network = Network(2, 2, 2)
    y, right = network.arrays["Y"], formula("A_h.T @ delta_out", network)
    report = check(network, Claim("planted", right.array * (y.sum() / y.sum())))
    assert report.conditions
    assert all(isinstance(condition.expr, sympy.Ne) for condition in report.conditions)


def test_an_array_that_is_not_uniform_by_its_deltas_has_a_witness():
    """1 + δ w is not 0 for all indices at once, which one value for all of w does not show."""
    network = Network(2, 2, 2)
    right = formula("A_h.T @ delta_out", network).array
    odd = Entrywise(right.shape, lambda p, q: 1 / (1 + Delta(p, q) * Entry("W_out", (p, q))))
    report = check(network, Claim("planted", right + odd - odd))
    assert report.verdict == "proved"


OF_PYTHON = "True and False are numbers to Python"
REFUSED = {
    "sizes compared and added": (
        "m d t --n n --claim 'A_h.T @ delta_out * ((n > 0) + (m > 0))'",
        OF_PYTHON,
    ),
    "a comparison of sizes turned round": (
        "2 2 2 --n 3 --claim 'A_h.T @ (delta_out * np.where(~(n > 1), 5, 1))'",
        OF_PYTHON,
    ),
    "sizes compared and multiplied": (
        "m d t --n n --hidden relu --wrt Z_h --claim 'delta_h*((n>0)*(m>0) + (Z_h>0))'",
        OF_PYTHON,
    ),
    "numbers compared in an activation": (
        "1 1 --output-activation 'z*((2>1)+(3>1))' --loss 'a*y' --claim 'X.T@Y'",
        OF_PYTHON,
    ),
    "lam compared": (
        "2 2 2 --l2 --claim 'A_h.T @ delta_out + lam*W_out*((lam > 0)+(lam > -1))'",
        OF_PYTHON,
    ),
    "a claim by another parameter": (
        "2 2 2 --wrt W_h --claim 'W_out: A_h.T @ delta_out'",
        "a claim says W_out",
    ),
    "Python's sum with a start": (
        "m d t --n n --bias --wrt b_out --claim 'sum(delta_out.T, 1)'",
        "Python's sum adds rows",
    ),
    "an activation that is turned": (
        "m d t --n n --hidden 'z*z.T' --wrt W_h",
        "T is of several entries, and z stands for one",
    ),
    "a loss that is turned": (
        "2 2 2 --loss 'np.transpose(a-y)**2'",
        "transpose is of several entries, and y and a stand for one each",
    ),
    "a sum in an activation": (
        "2 2 2 --output-activation 'exp(z)/np.sum(exp(z))' --loss mse --claim '0*W_out'",
        "sum is of several entries, and z stands for one: softmax and log_softmax",
    ),
    "a mean in a loss": (
        "2 2 2 --n 3 --loss 'np.mean((a - y)**2)'",
        "mean is of several entries, and y and a stand for one each: J adds them up, and --mean",
    ),
    "a method in an activation": ("2 2 2 --hidden 'z - z.mean()'", "mean is of several entries"),
    "what comes before": (
        "m d t --n n --output-activation identity --loss mse --wrt A_out --claim '2*(Z_out - Y)'",
        "Z_out comes before A_out, which may have any value here",
    ),
    "what comes before by way of another name": (
        "2 2 2 --wrt A_out --claim delta_h",
        "A_h comes before A_out, which may have any value here",
    ),
    "a power that is next to 0": (
        "1 1 --bias --wrt b_out --output-activation 'where(z > (1e-100)**5, z, 0)' --loss a",
        "powers of numbers go from 1e-100 to 1e100",
    ),
}


@pytest.mark.parametrize(("command", "said"), REFUSED.values(), ids=REFUSED)
def test_what_would_be_misread_is_refused(command, said, capsys):
    """Two readers' findings (27 Nov 2026): these were proved or refuted."""
    assert run(shlex.split(command)) == 2
    assert said in capsys.readouterr().err


def test_names_that_come_after_may_stand_in_a_claim(capsys):
    for claim in ("--wrt A_h --claim delta_out@W_out.T", "--wrt Z_out --claim sigmoid(Z_out)-Y"):
        assert asked(f"2 2 2 {claim}", capsys)["verdict"] == "proved"


def test_a_diagnosis_says_that_its_proof_has_conditions(capsys):
    dead = (
        "m d t --n n --hidden 'maximum(z+30,0)' --output-activation relu --loss mse --wrt W_h "
        "--claim '2*X.T @ (delta_h + np.where(Z_out==0, 77, 0)@W_out.T)'"
    )
    claim = asked(dead, capsys)  # wrong with half of it as well, where all units are dead
    assert "77" not in (claim["correction"] or "")
    kinked = "m d t --n n --hidden 'maximum(z+30,0)' --loss mse --wrt W_h --claim '2*X.T @ delta_h'"
    claim = asked(kinked, capsys)
    assert claim["mend_conditions"]
    assert run(shlex.split(kinked)) == 1
    assert "X.T @ delta_h (proved, under side conditions)" in " ".join(
        capsys.readouterr().out.split()
    )
    claim = asked("2 2 2 --claim '2*A_h.T @ delta_out + 0*np.sqrt(W_out+5)'", capsys)
    assert claim["correction"] == "A_h.T @ delta_out"
    claim = asked("2 2 2 --claim '2*A_h.T @ delta_out'", capsys)
    assert (claim["correction"], claim["mend_conditions"]) == ("A_h.T @ delta_out", [])


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("sign(z)*z", "slope is -1 below and 1 above; written as it is, it takes 0"),
        ("heaviside(z,0.5)*z", "slope is 0 below and 1 above; written as it is, it takes 1/2"),
        ("relu", "slope is 0 below and 1 above; NumPy's z_out[1,1] > 0 takes 0"),
    ],
)
def test_what_a_slope_is_at_a_kink(output, said, capsys):
    assert run(["1", "1", "--output-activation", output, "--loss", "a"]) == 0
    shown = " ".join(capsys.readouterr().out.split()).replace("−", "-")
    assert said in shown


def test_a_case_that_multiplies_what_has_no_value_is_explained(capsys):
    said = "[u > 0] is 1 or 0; what it multiplies counts where it is 1 alone"
    for output, there in (("where(z > 1, sqrt(z), z)", True), ("relu", False)):
        assert run(["1", "1", "--output-activation", output, "--loss", "a"]) == 0
        assert (said in capsys.readouterr().out) is there


@pytest.mark.parametrize(
    "command", ["1 1 --loss y --steps", "2 2 2 --hidden z**0 --wrt all --steps"]
)
def test_steps_where_the_loss_does_not_depend_on_a_layer(command, capsys):
    assert run(command.split()) == 0
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("factor", ["", "*d"])
def test_a_name_of_several_sizes_is_no_wrong_shape(factor, capsys):
    assert run(["d", "d", "d", "--n", "d", "--claim", f"A_h.T@delta_out{factor}"]) == bool(factor)
    assert "fit only because" not in capsys.readouterr().out


def test_what_is_shown_of_nested_cases_takes_no_longer_than_it_may(capsys):
    nested = "z"
    for _ in range(8):
        nested = f"abs({nested}) - 1"
    began = time.process_time()
    options = ["--hidden", nested, "--wrt", "W_h", "--timeout", "0.3", "-q"]
    run([*["m", "d", "t", "--n", "n"], *options])
    assert time.process_time() - began < 60  # it had no end
    capsys.readouterr()


@pytest.mark.parametrize(
    ("options", "printed"),
    [
        ("2 2 --output-activation 'sin(1e30*z)' --loss a --claim 'X.T@delta_out*2'", "1e+30 2e+30"),
        (
            "2 2 --output-activation 'clip(z*1e60,-1,1)' --loss a --claim 'X.T@delta_out*2'",
            "1e+60 2e+60",
        ),
        ("2 2 2 --claim 'A_h.T @ delta_out + X.T @ delta_h'", "0.311"),
    ],
)
def test_a_script_prints_what_the_report_says(options, printed, tmp_path, capsys):
    script = tmp_path / "r.py"
    assert run([*shlex.split(options), "--reproduce", str(script)]) == 1
    capsys.readouterr()
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(printed)
