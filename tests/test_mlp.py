"""The network on arrays over terms, the textbook's claims, hypotheses, and their statements."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from time import perf_counter

import numpy as np
import pytest

from gradcheck_sym.answer import proved
from gradcheck_sym.argument import check
from gradcheck_sym.array.shape import letters
from gradcheck_sym.checker.statement import free_letters
from gradcheck_sym.errors import (
    AssumptionError,
    FormulaError,
    GradcheckError,
    RuleError,
    ShapeError,
)
from gradcheck_sym.language import scalar_function
from gradcheck_sym.language.printer import written
from gradcheck_sym.mlp.claim import Claim
from gradcheck_sym.mlp.formula import formula
from gradcheck_sym.mlp.hypotheses import assumptions
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.mlp.question import question
from gradcheck_sym.mlp.textbook import deltas, textbook
from gradcheck_sym.term.terms import Entry
from gradcheck_sym.values.evaluator import Evaluator, Point
from gradcheck_sym.values.interval import ends
from tests.evaluate import entries, value
from tests.family import covering

SIZES = ("m", "d", "t")


def test_a_network_computes_what_numpy_computes():
    network = Network(3, 2, 4, n=5, output="softmax", hidden="tanh", bias=True, l2=True, mean=True)
    random = np.random.default_rng(0)
    known = {"lam": np.float64(0.3)}
    for name, size in {"X": (5, 3), "W_h": (3, 2), "b_h": 2, "W_out": (2, 4), "b_out": 4}.items():
        known[name] = random.normal(size=size)
    known["Y"] = random.uniform(size=(5, 4))
    known["Z_h"] = known["X"] @ known["W_h"] + known["b_h"]
    known["A_h"] = np.tanh(known["Z_h"])
    known["Z_out"] = known["A_h"] @ known["W_out"] + known["b_out"]
    known["S_out"] = np.exp(known["Z_out"]).sum(axis=1)
    known["A_out"] = np.exp(known["Z_out"]) / known["S_out"][:, None]
    y, a = known["Y"], known["A_out"]
    weights = (known["W_h"] ** 2).sum() + (known["W_out"] ** 2).sum()
    known["J"] = -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)) / 5 + 0.3 * weights / 2
    for name in ("Z_h", "A_h", "Z_out", "S_out", "A_out", "J"):
        found = entries(network.arrays[name].definition, known)
        np.testing.assert_allclose(found, known[name], rtol=1e-12)


@pytest.mark.parametrize("member", covering(), ids=str)
def test_the_textbook_is_proved_at_all_sizes(member):
    rules = {"hidden": member.hidden, "output": member.output, "loss": member.loss}
    network = Network(*SIZES, n="n", bias=True, **rules)
    assert proved(question(network, textbook(network, "W_h"), assumptions(member.assume, network)))


@pytest.mark.parametrize("options", [{"mean": True}, {"l2": True}, {"mean": True, "l2": True}])
@pytest.mark.parametrize("layers", [(2, 3), (2, 2, 2), (2, 3, 2, 2)])
def test_the_textbook_is_proved_at_numbers(layers, options):
    network = Network(*layers, n=2, **options)
    for wrt in network.parameters:
        assert proved(question(network, textbook(network, wrt)))


@pytest.mark.parametrize(
    "rules",
    [
        {"hidden": "z*(z > 0)", "output": "identity", "loss": "mse"},
        {"hidden": "clip(z, -1, 1)", "loss": "log(1+exp(-y*a))"},
        {"hidden": "where(z > 0, log(1+z), -log(1-z))", "output": "identity", "loss": "a"},
        {"loss": "where(y == 1, -log(a), -log(1 - a))"},
        {"loss": "maximum(a,0) - a*y + log(1+exp(-abs(a)))"},
        {"loss": "maximum(0, 1 - y*a)**2", "output": "identity"},
        {"loss": "3*y", "output": "2*z", "mean": True},
        {"hidden": "z*tanh(log(1+exp(z)))", "output": "z"},
    ],
)
def test_the_textbook_of_a_users_formula_is_proved(rules):
    network = Network("m", "d", "t", n="n", **rules)
    assert proved(question(network, textbook(network, "W_h")))


def test_the_border_is_written_the_same_way_in_the_loss_and_in_its_slope():
    network = Network(*SIZES, n="n", output="identity", loss="hinge")
    theorem = proved(question(network, textbook(network)))
    assert len(theorem.conditions) == 1


def test_a_kink_is_a_condition_and_a_false_claim_is_not_proved():
    """Nothing is said of z = 0 by either; SymPy's Heaviside had ½ there."""
    network = Network(1, 1, output="where(z > 0, z, 2*z)", loss="mse")
    assert [c.relation for c in proved(question(network, textbook(network))).conditions] == ["≠"]
    same = Network(1, 1, output="where(z > z, z, 2*z)", loss="mse")
    assert proved(question(same, formula("1.5 * X.T @ (2 * (A_out - Y))", same))) is None


def test_the_claim_of_an_equal_network_is_as_good():
    one, other = Network(2, 2, 2), Network(2, 2, 2)
    assert proved(question(one, textbook(other)))
    assert proved(question(one, formula("A_h.T @ delta_out", other)))


@pytest.mark.parametrize(
    "other", [Network(2, 2, 2, hidden="tanh"), Network(3, 2, 2), Network(2, 2, 2, output="z")]
)
def test_the_names_of_another_network_are_refused(other):
    with pytest.raises(ShapeError, match="is not this network's"):
        question(Network(2, 2, 2), textbook(other))


def test_arrays_of_two_networks_do_not_mix():
    one, other = Network(2, 2, 2), Network(2, 2, 2, hidden="tanh")
    array = one.arrays["A_h"].T @ (other.arrays["A_out"] - one.arrays["Y"])
    with pytest.raises(ShapeError, match="two different arrays are called A_h"):
        question(one, Claim("mixed", array))


def test_a_claim_of_another_shape_is_refused():
    network = Network(*SIZES, n="n")
    with pytest.raises(ShapeError, match=r"has the shape \(n × d\); ∂J/∂W_out needs \(d × t\)"):
        question(network, Claim("A_h", network.arrays["A_h"]))
    with pytest.raises(RuleError, match="J has no derivative by b_h in this network"):
        question(network, Claim("A_h", network.arrays["A_h"], "b_h"))


def test_a_statement_speaks_of_what_it_needs_alone():
    network = Network(*SIZES, n="n")
    found = question(network, formula("A_h.T @ (A_out - Y)", network)).statement
    assert list(found.definitions) == ["Z_h", "A_h", "Z_out", "A_out", "delta_out"]
    assert [letter.name for letter in found.letters] == ["k", "j"]
    assert [(str(type(need.u).__name__), need.relation) for need in found.needs] == [
        *[("Add", "≠")] * 2,
        ("Entry", ">"),
        ("Add", ">"),
    ]
    letters_of = {name: [x.name for x in d.letters] for name, d in found.definitions.items()}
    assert letters_of["Z_h"] == ["i", "k"]
    assert found.definitions["Z_h"].value.index.name == "l"


def test_a_need_that_another_implies_is_left_out():
    """The error of ce divides by A_out, whose logarithm is taken."""
    network = Network(*SIZES, n="n", output="softplus", loss="ce")
    found = question(network, textbook(network)).statement.needs
    assert [n.relation for n in found if isinstance(n.u, Entry) and n.u.name == "A_out"] == [">"]


# Hypotheses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Y.sum(axis=1) == 1", "row_sums"),
        ("Y @ np.ones(t) == 1", "row_sums"),
        ("1 == np.sum(Y, axis=1, keepdims=True)", "row_sums"),
        ("2*Y**2 == 2*Y", "binary"),
        ("Y*(1 - Y) == 0", "binary"),
        ("np.square(Y) == 1", "signs"),
        ("np.abs(Y) == 1", "signs"),
        ("lam > 0", "positive"),
        ("0 < lam", "positive"),
    ],
)
def test_a_hypothesis_may_be_spelled_in_many_ways(text, kind):
    for t in ("t", 1):
        (found,) = assumptions([text], Network("m", "d", t, n="n", l2=True))
        assert found.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "Y == 2",
        "Y.sum(axis=0) == 1",
        "Y > 0",
        "lam < 0",
        "lam > 1",
        "lam >= 0",
        "Y.sum(axis=1) + 0*np.log(-np.exp(Y.sum(axis=1))) == 1",
        "Y**2/Y == 1",
        "np.sqrt(-lam) - np.sqrt(-lam) < lam",
        "0*Y == 0",
    ],
)
def test_a_hypothesis_of_no_use_is_refused(text):
    with pytest.raises(AssumptionError, match="no use can be made of this; there are"):
        assumptions([text], Network(*SIZES, n="n", l2=True))


def test_hypotheses_that_are_none_are_refused():
    network = Network(*SIZES, n="n")
    with pytest.raises(AssumptionError, match="choose one"):
        assumptions(["Y**2 == Y", "Y**2 == 1"], network)
    for text in ("Y", "X == 1", "lam > 0", "0 < Y < 1"):
        with pytest.raises(FormulaError):
            assumptions([text], network)


def test_a_hypothesis_is_used():
    network = Network(*SIZES, n="n", output="softmax", loss="ce")
    assert not proved(question(network, textbook(network)))
    assert proved(
        question(network, textbook(network), assumptions(["Y @ np.ones(t) == 1"], network))
    )
    penalty = Network(2, 2, l2=True)
    asked = question(penalty, textbook(penalty), assumptions(["lam > 0"], penalty))
    found = asked.statement
    assert found.positive == {"lam"}


# Slopes as formulas --------------------------------------------------------------------------

SLOPES = {
    "maximum(0, 1 - y*a)": "np.where(A * Y < 1, -Y, 0)",
    "(a-y)**2": "2 * A - 2 * Y",
    "(a-y)**20": "20 * (A - Y)**19",
    "abs(a-y)": "np.where(A > Y, 1, -1)",
    "where(a > 0, a, 0.01*a)": "np.where(A > 0, 1, 0.01)",
    "where(a < 0, exp(a), 1 + a)": "np.where(A < 0, np.exp(A), 1)",
    "where(y == 1, -log(a), -log(1 - a))": "np.where(Y == 1, -1 / A, 1 / (1 - A))",
    "where(a == 0, a, a**2)": "np.where(A == 0, 1, 2 * A)",
    "where(2 > 1, a, 0)": "1",
    "log(1+exp(-y*a))": "-Y * np.exp(-A * Y) / (1 + np.exp(-A * Y))",
    "sqrt(a**2+1)": "A / np.sqrt(1 + A**2)",
    "a*(np.ones(3) @ np.ones(3))": "3",
    "y*3": "0",
    "-a/3": "-1 / 3",
    "a*np.pi + a**1.5": "np.pi + 3 * np.sqrt(A) / 2",
}


@pytest.mark.parametrize(("text", "slope"), SLOPES.items())
def test_a_slope_is_written_as_people_would(text, slope):
    function = scalar_function(text, "ya")
    assert written(function.slope("a"), {"y": "Y", "a": "A"}) == slope


@pytest.mark.parametrize(
    "text",
    [
        *SLOPES,
        "a/(1+exp(-a)) + erf(a*y)*tanh(y - a)",
        "clip(a*y, -1, 1)*heaviside(a - 0.5, 0) - sign(a)*a**3/(y+a)**2",
        "((a>y)*(a<1))*a + (1 - (a<=0.25))*y*a",
        "2**(a*y) - a**-1.5*log(a)/7",
    ],
)
def test_what_is_written_means_the_slope(text):
    function = scalar_function(text, "ya")
    slope = function.slope("a")
    again = scalar_function(f"{written(slope)} + 0*a", "ya").value
    for a in (0.3, 0.7, 1.9):
        for y in (1.0, -0.4, 2.5):
            known = {"a": np.float64(a), "y": np.float64(y)}
            known = {name: np.array(number) for name, number in known.items()}
            with np.errstate(all="ignore"):
                both = value(slope, known), value(again, known)
            np.testing.assert_allclose(*both, rtol=1e-9)


# Work ----------------------------------------------------------------------------------------


def test_what_is_computed_of_a_network_lives_no_longer():
    network = Network(2, 2, 2)
    assert deltas(network) is deltas(network)
    assert deltas(Network(2, 2, 2)) is not deltas(network)


def test_a_deep_network_is_a_statement_at_once():
    network = Network("m", *["d"] * 10, "t", n="n")
    started = perf_counter()
    found = question(network, textbook(network, "W_1")).statement
    assert perf_counter() - started < 0.5
    assert len(found.definitions) == 33


def test_a_statement_is_made_without_sympy():
    code = (
        "from gradcheck_sym.mlp import hypotheses, network, textbook, question;"
        "n = network.Network('m', 'd', 't', n='n', loss='abs(a-y)**3');"
        "question.question(n, textbook.textbook(n), hypotheses.assumptions(['Y**2 == Y'], n));"
        "import sys; print({'sympy', 'mpmath', 'numpy'} & set(sys.modules))"
    )
    run = [sys.executable, "-c", code]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == "set()\n"


def test_the_letters_of_an_entry_are_its_axes():
    network = Network("m", "d_1", "d_2", "t", n="n")
    names = [x.name for x in letters(network.arrays["W_2"].shape)]
    assert names == ["k", "r"]


def test_a_claim_may_be_text():
    network = Network(2, 2, 2)
    assert check(network, "A_h.T @ (A_out - Y)").verdict == "proved"
    assert check(network, "W_h: X.T @ delta_h").verdict == "proved"
    assert check(network, "X.T @ delta_h / 2", wrt="W_h").verdict == "refuted"
    with pytest.raises(FormulaError, match="unknown name A_oot"):
        check(network, "A_h.T @ (A_oot - Y)")


@pytest.mark.parametrize(
    ("rule", "below", "above"),
    [
        ("where(z > 3, 2*z, z)", 1, 2),  # the border is z - 3, and NumPy takes the slope 1 there
        ("where(z >= 3, 2*z, z)", 1, 2),  # the same border, and 2 there
        ("where(z < -1, 0, z)", 0, 1),
        ("where(z > 0, z, 5*z)", 5, 1),
    ],
)
def test_the_slopes_at_a_kink_are_those_below_and_above_of_what_is_shown(rule, below, above):
    network = Network("m", "d", "t", n="n", hidden=rule)
    report = check(network, wrt="W_h")
    (kink,) = report.kinks
    assert (kink.below.value, kink.above.value) == (below, above)
    z = {"z_h": 10}  # where z is large, the side on which the border's term is positive says which
    slope = below if at(kink.where, **z) < 0 else above
    assert slope == {"where(z > 3, 2*z, z)": 2, "where(z >= 3, 2*z, z)": 2}.get(rule, 1)


def at(term, z_h):
    """The value of a border, which is linear in z_h."""
    point = Point(everywhere={"Z_h": Fraction(z_h)})
    letters = dict.fromkeys(free_letters(term), 1)
    return Fraction(ends(Evaluator({}, point, {"n": 1, "d": 1}).value(term, letters))[0])


NET = Network(2, 2, 2)
NO_QUESTIONS = {
    "a parameter that is not there": (
        lambda: check(NET, Claim("mine", NET.arrays["W_out"], "Z")),
        "J has no derivative by Z in this network",
    ),
    "no array": (lambda: Claim("mine", None), "the claim mine: a NoneType is no array of formulas"),
    "numbers": (lambda: Claim("mine", np.eye(2)), "the claim mine: a ndarray is no array"),
    "no text": (lambda: Claim(None, NET.arrays["W_out"]), "begins with its text, not with None"),
    "no hypothesis": (lambda: check(NET, assume=[None]), "--assume None: a hypothesis is text"),
    "no hypotheses": (lambda: check(NET, assume=5), "--assume 5: a hypothesis is text"),
    "no seconds": (lambda: check(NET, timeout="a"), "timeout is 'a': give seconds, or None"),
    "no number": (lambda: check(NET, timeout=float("nan")), "timeout is nan: give seconds"),
    "a word for a bias": (lambda: Network(2, 2, bias="no"), "bias is 'no': give True or False"),
    "a number for a mean": (lambda: Network(2, 2, mean=0.5), "mean is 0.5: give True or False"),
}


@pytest.mark.parametrize(("asked", "said"), NO_QUESTIONS.values(), ids=NO_QUESTIONS)
def test_what_is_no_question_is_said_in_one_line(asked, said):
    with pytest.raises(GradcheckError) as error:
        asked()
    assert said in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_truths_may_be_those_of_numpy():
    assert Network(2, 2, bias=np.True_) == Network(2, 2, bias=True)
