"""Answers that this tool once gave and that were wrong: a false proof is the worst of bugs.

Each case is a command line as it was typed, with what is to be said of it.
"""

from __future__ import annotations

import json
import shlex

import pytest
import sympy
from gradcheck_sym.kernel.context import Context, Definition, Requirement
from gradcheck_sym.kernel.decide import Equation
from sympy import Abs, Heaviside, Integer, Rational, Sum, exp, log, sqrt

from gradcheck_sym import Claim, Network, check, formula
from gradcheck_sym.arrays import Map
from gradcheck_sym.cli import run
from gradcheck_sym.verdict import Proved, Refuted
from tests.planted import Entrywise
from tests.strategies import if_positive, if_zero, named
from tests.test_kernel import ANY, I_, J_, K_, U, V, W, X, Z, c, difference, over

ONE_HOT = "--assume 'Y.sum(axis=1) == 1' --assume 'Y**2 == Y'"
RELU = "2 2 2 --wrt W_h --hidden"
PLAIN = "2 2 2 --output identity --loss"
FALSE_BY = "m d t --n n --claim 'A_h.T @ delta_out + 0*np.abs(X.sum()+1) + {}'"


def asked(command, capsys):
    """What is said to a command line, as JSON."""
    run([*shlex.split(command), "--format", "json"])
    return json.loads(capsys.readouterr().out)


# Proved, and false ---------------------------------------------------------------------------

FALSE = {
    "a loss that asks for a class, and no gradient": (
        "2 2 2 --output softmax --loss 'where(y == 1, -log(a), 0)' --claim '0*W_out'"
    ),
    "a loss that asks for a class, no gradient, and both hypotheses": (
        f"2 2 2 --output softmax --loss 'where(y == 1, -log(a), 0)' --claim '0*W_out' {ONE_HOT}"
    ),
    "a guard against NaN in the loss": (
        "2 2 2 --loss 'where(a != a, 0, -(y*log(a) + (1 - y)*log(1 - a)))' --claim '0*W_out'"
    ),
    "a guard against NaN in the output": (
        "2 2 2 --output 'where(z == z, z, 0)' --loss mse --claim '0*W_out'"
    ),
    "a half of both cases of the output": (
        "1 1 --output 'where(z > z, z, 2*z)' --loss mse --claim 'X.T @ (3*(A_out - Y))'"
    ),
    "a half of both cases of an output with numbers": (
        "1 1 --output 'where(0 > 0, z, 2*z)' --loss mse --claim 'X.T @ (3*(A_out - Y))'"
    ),
    "a half of both cases of a loss": (
        "1 1 --output identity --loss 'where(a*y <= y*a, (a-y)**2, 7*a)'"
        " --claim 'X.T @ (A_out - Y + 3.5)'"
    ),
    "a half of a case in a power": (
        "1 1 --output identity --loss '(where(2>2,a,1))**3' --claim '1.5*X.T @ np.ones((1, 1))'"
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
        "2 2 2 --output 'where(z > 0, 1, -1)' --loss mse --claim 'A_h.T @ (A_out - Y)'"
    ),
}


@pytest.mark.parametrize("command", FALSE.values(), ids=FALSE)
def test_what_is_false_is_refuted(command, capsys):
    assert asked(command, capsys)["verdict"] == "refuted"


TRUE = {
    "a loss that asks for a class": (
        f"2 2 2 --output softmax --loss 'where(y == 1, -log(a), 0)' {ONE_HOT}"
        " --claim 'A_h.T @ (A_out - Y)'"
    ),
    "a guard against NaN in the loss": (
        "2 2 2 --loss 'where(a != a, 0, -(y*log(a) + (1 - y)*log(1 - a)))'"
        " --claim 'A_h.T @ (A_out - Y)'"
    ),
    "a guard against NaN in the output": (
        "2 2 2 --output 'where(z == z, z, 0)' --loss mse --claim '2*A_h.T @ (Z_out - Y)'"
    ),
    "an output that is never greater than itself": (
        "1 1 --output 'where(z > z, z, 2*z)' --loss mse --claim 'X.T @ (4*(2*Z_out - Y))'"
    ),
    "numbers that are compared": (
        "1 1 --output 'where(0 > 0, z, 2*z)' --loss mse --claim 'X.T @ (4*(2*Z_out - Y))'"
    ),
    "products in either order": (
        "1 1 --output identity --loss 'where(a*y <= y*a, (a-y)**2, 7*a)'"
        " --claim 'X.T @ (2*(A_out - Y))'"
    ),
    "numbers that are compared in a power": (
        "1 1 --output identity --loss '(where(2>2,a,1))**3' --claim '0*W_out'"
    ),
    "a square that is written twice": (
        "1 1 --output identity --loss 'where((a+y)**2 > a**2+2*a*y+y**2, a, a**2)'"
        " --claim 'X.T @ (2*A_out)'"
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
        ["Ne(A_out[1, j]*Y[1, j] - 1, 0)"],
    ),
    "a product with a comparison": (f"{PLAIN} '(a>y)*(a-y)'", ["Ne(A_out[1, j] - Y[1, j], 0)"]),
    "a step": ("2 2 2 --output 'where(z > 0, 1, -1)' --loss mse", ["Ne(Z_out[1, j], 0)"]),
    "a loss that does not depend on a but for a jump": (
        "2 2 2 --loss 'where(a>0.5,y,1-y)'",
        ["Ne(A_out[1, j] - 1/2, 0)"],
    ),
    "a step and a bias": (
        "2 3 2 --hidden elu --output 'where(z>0,1,0)' --loss nll --bias --wrt b_out",
        ["Ne(Z_out[1, j], 0)"],
    ),
    "two steps whose slopes are the same": (
        "2 2 2 --output 'where(z>0,1,0) - where(z>0,5,0)' --loss mse",
        ["Ne(Z_out[1, j], 0)"],
    ),
    "a step of a step, which is never at its own edge": (
        "2 2 2 --output 'where(where(z>0,1,-1)>0,1,0)' --loss mse",
        ["Ne(Z_out[1, j], 0)"],
    ),
    "one value that is left out": (
        "2 2 2 --output 'where(z==0,1,z)' --loss mse",
        ["Ne(Z_out[1, j], 0)"],
    ),
    "at the kink, either case will do": (
        "2 2 2 --hidden 'z*(z>0)' --claim 'W_h: X.T @ ((delta_out @ W_out.T) * (Z_h >= 0))'",
        ["Ne(Z_h[1, k], 0)"],
    ),
    "a maximum": (f"{PLAIN} hinge", ["Ne(A_out[1, j]*Y[1, j] - 1, 0)"]),
    "a denominator that a name's identity hid": (
        f"{RELU} '1/(1-exp(z))'",
        ["Ne(exp(Z_h[1, k]) - 1, 0)"],
    ),
    "coth": (f"{RELU} '1/tanh(z)'", ["Ne(exp(2*Z_h[1, k]) - 1, 0)"]),
    "a quotient of exponentials": (
        f"{RELU} 'exp(z)/(exp(z)-1)'",
        ["Ne(exp(Z_h[1, k]) - 1, 0)"],
    ),
    "a denominator that vanishes elsewhere": (
        f"{RELU} '1/(2-exp(z))'",
        ["Ne(exp(Z_h[1, k]) - 2, 0)"],
    ),
    "a logarithm of an absolute value": (
        "1 1 --output identity --loss 'y*log(abs(a))'",
        ["Ne(A_out[1, j], 0)"],
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
            "Ne(Z_h[1, k] - 1, 0)",
            "Ne(if_positive(Z_h[1, k] - 1, Z_h[1, k] - 2, 1), 0)",
            "if_positive(Z_h[1, k] - 1, Z_h[1, k] - 2, 1) > 0",
        ],
    ),
}


@pytest.mark.parametrize(("command", "conditions"), EDGES.values(), ids=EDGES)
def test_a_proof_states_where_it_holds_no_more_and_no_less(command, conditions, capsys):
    said = asked(command, capsys)
    assert said["verdict"] == "proved"
    assert said["conditions"] == conditions


# Conditions that cannot hold -----------------------------------------------------------------

APART = "np.outer(X.sum(axis=1), np.ones(n)) - np.outer(np.ones(n), X.sum(axis=1))"
PLUS = "--claim 'A_h.T @ delta_out + {}'"
NOWHERE = {
    "the logarithm of a logarithm of a probability": "2 2 2 --output log_softmax --loss ce",
    "both logarithms of it": "2 2 2 --output log_softmax --loss bce",
    "both logarithms of 0": "1 1 --output log_softmax --loss bce",
    "the only probability": "2 2 1 --output softmax --loss bce",
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


def test_conditions_that_hold_in_a_large_network_are_seen_to(capsys):
    """The witness has all entries of an array alike, so its sums cost nothing."""
    said = asked("2 40 3 --n 100 --hidden relu --claim 'W_h: X.T @ delta_h'", capsys)
    assert said["verdict"] == "proved"


# Kinks in words ------------------------------------------------------------------------------

KINKS = {
    "bce by logits": (f"{PLAIN} 'maximum(a,0) - a*y + log(1+exp(-abs(a)))'", "both slopes", "no d"),
    "the cube": (f"{PLAIN} 'abs(a)**3'", "both slopes", "has no derivative"),
    "the square": (f"{PLAIN} 'maximum(a**2,0)'", "nothing is claimed", "has no derivative"),
    "a point": ("2 2 2 --output 'where(z==0,1,z)' --loss mse", "jumps", "both slopes"),
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
    right, w = formula("A_h.T @ delta_out", network).array, network.arrays["W_out"]
    x = sympy.Dummy("x")
    both = Map(if_positive(x, 1, 0) + if_positive(-x, 1, 0), (x,), (w,))
    step = Map(1 / (2 + Heaviside(x)), (x,), (w,))
    one = Map(x**0 + 0 * x, (x,), (w,))
    for further in (one * 0, step * 0):
        report = check(network, Claim("planted", right * both + further))
        conditional = bool(report.conditions)
        assert report.verdict != "proved" or conditional
    assert check(network, Claim("planted", right * both)).verdict == "refuted"


def test_a_step_in_a_claim_is_stated_not_to_be_at_its_edge():
    network = Network(2, 2, 2)
    right, w = formula("A_h.T @ delta_out", network).array, network.arrays["W_out"]
    x = sympy.Dummy("x")
    zero = Map(0 * x + Heaviside(x) - Heaviside(x), (x,), (w,), Heaviside(x))
    report = check(network, Claim("planted", right + zero))
    assert report.verdict == "proved"
    assert len(report.conditions) == 1


# What a mutant of the kernel gets wrong ------------------------------------------------------

hidden = sqrt(3 + 2 * sqrt(2)) - 1 - sqrt(2)  # zero, though the kernel does not see it
COLUMNS = Context(
    {
        "Z": Definition((I_, J_), over(K_, X(I_, K_) * W(K_, J_), 2)),
        "R": Definition((I_,), over(J_, exp(Z(J_, I_)), 2)),
        "S": Definition((I_, J_), exp(Z(I_, J_)) / named("R", J_)),
    }
)
NOT_TRUE = {
    "minus a half of a value has the other sign": (
        if_positive(-c / 2, U(1), 0),
        if_positive(c, U(1), 0),
    ),
    "a denominator has one value in each of two cases": (
        1 / (1 + if_zero(c, 0, 1)),
        1 - if_positive(c, 1, 0) / 2,
    ),
    "the exponential of a squared logarithm is no power": (exp(log(c) ** 2), c),
    "the root of two is not 1": (sqrt(2) * c, c),
    "one root is not another": (sqrt(c), sqrt(U(1))),
    "two reciprocals have signs of their own": (
        c * Abs(1 / c, evaluate=False),
        U(1) * Abs(1 / U(1), evaluate=False),
    ),
    "the logarithm of a half is not 0": (log(c / 2), log(c)),
    "an index is no sum": (over(I_, U(I_ + 1), 2), over(I_, U(I_ + 2), 2)),
    "a slope at a kink that is everywhere is none": (Heaviside(difference), Integer(0)),
    "an array with the name of a size may be negative": (Abs(named("n", 1)), named("n", 1)),
    "an opposite case is not the case where nothing can be evaluated": (
        if_positive(-c, 1, 0) * exp(Integer(20001)),
        if_positive(c, 1, 0) * exp(Integer(20001)),
    ),
}


@pytest.mark.parametrize(("left", "right"), NOT_TRUE.values(), ids=NOT_TRUE)
def test_two_sides_that_differ_are_not_proved(left, right):
    assert not isinstance(Equation(left, right, ANY.context).decide({"p": 1, "q": 1}), Proved)


def test_columns_that_sum_to_one_are_no_rows():
    row = Sum(named("S", 1, J_), (J_, 1, 2))
    assert not isinstance(Equation(row, Integer(1), COLUMNS).decide({}), Proved)


NOT_FALSE = {
    "a value that is zero, which intervals do not tell": (if_zero(hidden, 1, 0) + c, 1 + c),
    "at a kink there is no value": (Heaviside(c) + if_zero(c, 1, 0) + hidden, Heaviside(c)),
    "nothing is divided by the logarithm of zero": (
        1 / log(V(1)) + if_zero(V(1), 1, 0),
        1 / log(V(1)),
    ),
}


@pytest.mark.parametrize(("left", "right"), NOT_FALSE.values(), ids=NOT_FALSE)
def test_two_sides_that_are_equal_where_defined_are_not_refuted(left, right):
    assert not isinstance(Equation(left, right, ANY.context).decide({"p": 1, "q": 1}), Refuted)


@pytest.mark.parametrize(
    ("relation", "stated"), [("≠", "Ne(c, 0)"), (">", "c > 0"), ("≥", "c >= 0")]
)
def test_what_is_required_of_a_value_is_stated_as_it_is(relation, stated):
    needed = (Requirement(Definition((), c), (), relation),)
    verdict = Equation(Integer(1), Integer(1), Context(), needed).decide({})
    assert tuple(map(str, verdict.evidence.conditions)) == (stated,)


def test_the_logarithm_of_a_square_is_not_defined_everywhere():
    evidence = Equation(log(c**2), log(c**2), ANY.context).decide({}).evidence
    assert tuple(map(str, evidence.conditions)) == ("c**2 > 0",)


def test_what_cancels_in_an_array_is_stated_as_not_zero():
    """A quotient of an array by itself is 1, where it is not 0 by 0."""
    network = Network(2, 2, 2)
    y, right = network.arrays["Y"], formula("A_h.T @ delta_out", network)
    report = check(network, Claim("planted", right.array * (y.sum() / y.sum())))
    assert report.conditions
    assert all(isinstance(condition, sympy.Ne) for condition in report.conditions)


# In the kernel -------------------------------------------------------------------------------


def test_a_case_that_excludes_another_asks_for_nothing():
    """Where c > 0, the root of |c| is that of c."""
    equal = if_positive(c, sqrt(Abs(c)), 0), if_positive(c, sqrt(c), 0)
    evidence = Equation(*equal, ANY.context).decide({}).evidence
    assert evidence.conditions == ()


def test_a_quotient_by_what_vanishes_in_the_other_case_is_kept():
    """1/c − 1/c in one case alone asks for nothing in the other."""
    left = if_positive(1 - c**2, Integer(0), U(1) / c) * c
    right = if_positive(1 - c**2, 0, U(1))
    verdict = Equation(left, right, ANY.context).decide({})
    assert isinstance(verdict, Proved)
    assert tuple(map(str, verdict.evidence.conditions)) == ("Ne(if_positive(1 - c**2, 1, c), 0)",)


def test_a_condition_of_one_case_is_not_made_in_all():
    """Where c < 0 nothing is known of c + 1."""
    left = if_positive(c, (c + 1) / (c + 1), Rational(1, 2), evaluate=False)
    assert isinstance(Equation(left, Integer(1), ANY.context).decide({}), Refuted)


def test_an_array_that_is_not_uniform_by_its_deltas_has_a_witness():
    """1 + δ w is not 0 for all indices at once, which one value for all of w does not show."""
    network = Network(2, 2, 2)
    right = formula("A_h.T @ delta_out", network).array
    w = sympy.IndexedBase("W_out")
    delta = sympy.KroneckerDelta
    odd = Entrywise(right.shape, lambda p, q: (1 + delta(p, q) * w[p, q]) ** -1)
    report = check(network, Claim("planted", right + odd - odd))
    assert report.verdict == "proved"
