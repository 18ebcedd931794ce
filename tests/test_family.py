"""The family: every activation and loss, biases, every parameter, hypotheses and kinks."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
import sympy

from gradcheck_sym import Claim, Network, check, formula
from gradcheck_sym.array import Input
from gradcheck_sym.cli import run
from gradcheck_sym.errors import AssumptionError, RuleError, ShapeError, SizeError
from gradcheck_sym.mlp.numpy_code import code
from gradcheck_sym.mlp.textbook import (
    ERRORS,
    LOSS_SLOPES,
    ROWWISE_ERRORS,
    SLOPES,
    delta_texts,
    gradient_text,
)
from gradcheck_sym.rules import ACTIVATIONS, LOSSES, ROWWISE
from tests.family import KINDS, OUTPUTS, Member, covering, planted

FAMILY = (Path(__file__).parent.parent / "docs" / "family.md").read_text("utf-8")
MEMBERS = covering()
SURE = [  # has to be proved at all sizes
    Member(hidden, output, loss)
    for hidden in ("sigmoid", "tanh", "relu", "identity")
    for output in ("sigmoid", "tanh", "relu", "identity", "softmax")
    for loss in ("bce", "ce", "mse")
    if output in OUTPUTS[loss]
]
ONE_HOT = "Y.sum(axis=1) == 1"


@pytest.mark.parametrize("member", MEMBERS[::2], ids=str)
def test_a_member_is_proved_by_every_parameter(member):
    network = member.network(2, 2, 2, n=2)
    assert network.parameters == ("W_h", "b_h", "W_out", "b_out")
    for wrt in network.parameters:
        assert member.check(network, wrt).verdict == "proved", wrt


@pytest.mark.usefixtures("verdicts_alone")
@pytest.mark.parametrize("member", MEMBERS[::8], ids=str)
def test_a_planted_error_is_refuted(member):
    """In at least one entry, and nothing stays undecided."""
    network = member.network(2, 2, 2, n=2)
    for wrt in network.parameters:
        for claim in planted(network, wrt):
            report = member.check(network, wrt, claim)
            assert report.verdict == "refuted", claim
            assert not report.counts["undecided"], claim


@pytest.mark.parametrize("member", MEMBERS[1::2], ids=str)
def test_the_audit_agrees(member):
    network = member.network(2, 2, 2, n=2)
    for wrt in network.parameters:
        report = member.check(network, wrt, audit=True)
        assert report.audit.entries == len(report.entries) - report.counts["undecided"]


@pytest.mark.parametrize("member", SURE[::2] + MEMBERS[::5], ids=str)
def test_a_member_is_proved_at_all_sizes(member):
    network = member.network("m", "d", "t", n="n")
    for wrt in network.parameters:
        assert member.check(network, wrt).verdict == "proved", wrt


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_run_asks_its_questions(kind):
    """`python -m tests.family` asks them of every member."""
    member = Member("identity", "identity", "half_mse")
    findings = list(KINDS[kind](member))
    assert len(findings) == {"proofs": 4, "names": 4, "audits": 8, "planted": 18}[kind]
    assert not any(wrong for _, _, wrong in findings)


def test_a_run_tells_what_is_not_expected(monkeypatch):
    """Planted: a right claim among the wrong ones."""
    monkeypatch.setattr("tests.family.planted", lambda *asked: [gradient_text(*asked)])
    assert all(wrong for _, _, wrong in KINDS["planted"](Member("relu", "tanh", "mse")))


def test_deeper_networks_and_none_hidden():
    deep = Network(2, 3, 2, 2, n=2, hidden="tanh", bias=True)
    assert deep.parameters == ("W_1", "b_1", "W_2", "b_2", "W_out", "b_out")
    assert all(check(deep, wrt=wrt).verdict == "proved" for wrt in deep.parameters)
    general = Network("m", "b", "c", "t", n="n", hidden="relu", output="softmax", loss="mse")
    assert all(check(general, wrt=wrt).verdict == "proved" for wrt in general.parameters)
    single = Network("m", "t", n="n", output="softmax", loss="ce", l2=True)
    assert check(single, assume=[ONE_HOT]).verdict == "proved"
    assert check(single).verdict == "refuted"


@pytest.mark.parametrize("options", [{"mean": True}, {"l2": True}, {"mean": True, "l2": True}])
@pytest.mark.parametrize("sizes", [(2, 3, 2, 2), ("m", "d", "t", "n")])
def test_mean_and_penalty_change_the_claim(options, sizes):
    *layers, n = sizes
    network, plain = Network(*layers, n=n, bias=True, **options), Network(*layers, n=n, bias=True)
    for wrt in network.parameters:
        assert check(network, wrt=wrt).verdict == "proved"
    wrong = formula(
        gradient_text(plain, "W_h").replace("delta_h", "delta_h * n * 2"), network, "W_h"
    )
    assert check(network, wrong).verdict == "refuted"


@pytest.mark.parametrize(
    ("hidden", "loss"),
    [
        ("z/(1+exp(-z))", "(a - y)**4"),
        ("z / (1 + abs(z))", "mse"),
        ("where(z > 1, 1, where(z < -1, -1, z))", "half_mse"),
        ("maximum(0, minimum(z, 6))", "mse"),
        ("sqrt(1 + z**2) - 1", "log(1 + (a - y)**2)"),
        ("z*tanh(log(1 + exp(z)))", "mse"),
        ("sin(z)", "mse"),
        ("z + sin(3*z)**2/3", "mse"),
        ("z*(1 - cos(z))/2", "1 - cos(a - y)"),
    ],
)
def test_formulas_of_the_users_own(hidden, loss):
    network = Network(2, 2, 2, n=1, hidden=hidden, output="identity", loss=loss)
    for wrt in network.parameters:
        assert check(network, wrt=wrt).verdict == "proved", wrt
        wrong = formula(f"({gradient_text(network, wrt)}) * 1.0005", network, wrt)
        assert check(network, wrong).verdict == "refuted", wrt


# Values and slopes, by NumPy alone -----------------------------------------------------------


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_slope_is_the_derivative_of_the_value(name):
    """By central differences, away from the kink."""
    known = {"np": np, "sigmoid": sigmoid, "erf": np.vectorize(math.erf)}
    z = np.array([-2.5, -0.7, 0.4, 1.9])
    step = 1e-6

    def value(z):
        names = {"exp": np.exp, "where": np.where, "tanh": np.tanh, "log": np.log, "sqrt": np.sqrt}
        return eval(ACTIVATIONS[name], {**known, **names, "z": z})

    slope = eval(SLOPES[name], {**known, "Z": z, "A": value(z)})
    measured = (value(z + step) - value(z - step)) / (2 * step)
    assert np.allclose(slope * np.ones_like(z), measured, atol=1e-7)


@pytest.mark.parametrize("name", LOSSES)
def test_a_losss_slope_is_the_derivative_of_its_value(name):
    a, y, step = np.array([0.2, 0.6, 0.9]), np.array([0.3, -0.4, 1.2]), 1e-6

    def value(a):
        return eval(LOSSES[name], {"log": np.log, "maximum": np.maximum, "y": y, "a": a})

    slope = eval(LOSS_SLOPES[name], {"np": np, "A": a, "Y": y})
    assert np.allclose(slope, (value(a + step) - value(a - step)) / (2 * step), atol=1e-6)


def test_the_numpy_code_of_a_network_computes_it():
    network = Network(2, 3, 2, n=2, hidden="elu", output="softmax", loss="ce", bias=True)
    random = np.random.default_rng(0)
    known = {"np": np}
    for name in ("X", "W_h", "b_h", "W_out", "b_out", "Y"):
        known[name] = random.normal(size=[int(a.size) for a in network.arrays[name].shape])
    known["n"] = 2
    for name, value in code(network).items():
        known[name] = eval(value, dict(known))
    z = known["X"] @ known["W_h"] + known["b_h"]
    a = np.where(z > 0, z, np.exp(z) - 1) @ known["W_out"] + known["b_out"]
    e = np.exp(a)
    expected = -(known["Y"] * np.log(e / e.sum(axis=1, keepdims=True))).sum()
    assert np.isclose(known["J"], expected)


# Hypotheses ----------------------------------------------------------------------------------


def test_softmax_with_cross_entropy_holds_only_if_rows_sum_to_one(capsys):
    question = ["2", "2", "2", "--n", "2", "--output-activation", "softmax", "--loss", "ce"]
    assert run(question) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert "it holds if each row of Y sums to 1 (proved): --assume 'Y.sum(axis=1) == 1'" in shown
    assert run([*question, "--assume", ONE_HOT]) == 0
    assert ", if each row of Y sums to 1" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Y.sum(axis=1) == 1", "each row of Y sums to 1"),
        ("1 == np.sum(Y, axis=1, keepdims=True)", "each row of Y sums to 1"),
        ("Y @ np.ones(t) == 1", "each row of Y sums to 1"),
        ("Y**2 == Y", "each entry of Y is 0 or 1"),
        ("Y * (1 - Y) == 0", "each entry of Y is 0 or 1"),
        ("np.square(Y) == 1", "each entry of Y is -1 or 1"),
    ],
)
def test_a_hypothesis_may_be_spelled_in_many_ways(text, sentence):
    assert check(Network(2, 2, 2), assume=[text]).assumed == (sentence,)
    assert check(Network("m", "d", "t", n="n"), assume=[text]).assumed == (sentence,)


@pytest.mark.parametrize("text", ["Y.sum(axis=1) == 2", "Y.sum(axis=0) == 1", "Y > 0", "Y == Y**3"])
def test_a_hypothesis_of_no_use_is_an_error(text):
    with pytest.raises(AssumptionError, match=r"no use can be made of this"):
        check(Network(2, 2, 2, n=2), assume=[text])


CONDITIONAL = [  # right under one hypothesis, and under no other
    ("np.where(Y > 0.5, A_out - 1, A_out)", "Y**2 == Y"),
    ("(Y**3 * (A_out - 1) + (1 - Y**2) * A_out)", "Y**2 == Y"),
    ("(A_out * Y**2 - Y)", "Y**2 == 1"),
    ("np.where(Y > 0, A_out - 1, A_out + 1)", "Y**2 == 1"),
    ("(A_out - Y * Y.sum(axis=1, keepdims=True))", "Y.sum(axis=1) == 1"),
]


@pytest.mark.parametrize(("error", "needed"), CONDITIONAL)
@pytest.mark.parametrize("sizes", [(2, 2, 2, 2), ("m", "d", "t", "n")])
def test_the_missing_hypothesis_is_found_and_no_other_serves(error, needed, sizes):
    *layers, n = sizes
    network = Network(*layers, n=n)
    claim = formula(f"A_h.T @ {error}", network)
    report = check(network, claim)
    assert report.verdict == "refuted"
    assert report.missing[1] == needed
    for assumed in ("Y.sum(axis=1) == 1", "Y**2 == Y", "Y**2 == 1"):
        verdict = check(network, claim, assume=[assumed]).verdict
        assert (verdict == "proved") == (assumed == needed), assumed


def test_a_counterexample_keeps_to_the_hypotheses_among_many_inputs():
    """More inputs than are looked at come before Y."""
    network = Network(400, 2, 2, output="softmax", loss="ce")
    claim = formula("A_h.T @ (Y - A_out)", network)
    for entry in check(network, claim, assume=[ONE_HOT]).entries:
        values = entry.verdict.counterexample.values
        assert values.get("Y[1,1]", 0) + values.get("Y[1,2]", 0) == 1


@pytest.mark.parametrize("wrt", ["W_h", "W_out"])
def test_each_of_many_entries_has_a_small_counterexample(wrt):
    """What served one entry serves the next."""
    network = Network(12, 9, 5, n=6)
    claim = formula(f"({gradient_text(network, wrt)}) * 2", network, wrt)
    report = check(network, claim)
    assert report.counts["refuted"] == len(report.entries) == (108 if wrt == "W_h" else 45)
    assert all(len(entry.verdict.counterexample.values) <= 2 for entry in report.entries)
    assert report.diagnosis == "the claim is 2 × the derivative"


@pytest.mark.parametrize("bias", [False, True])
def test_points_off_all_kinks_are_found(bias):
    """One input that is not zero leaves the others' pre-activations at the kink."""
    network = Network(4, 4, 3, hidden="relu", output="relu", loss="mse", bias=bias)
    claim = formula("X.T @ (delta_out @ W_out.T)", network, "W_h")
    assert check(network, claim).counts["refuted"] == 16


def test_a_transposed_claim_is_proved_on_the_diagonal():
    """No general proof can be, and none is waited for."""
    network = Network(3, 3, 3, n=2, hidden="gelu", output="silu", loss="mse")
    report = check(network, formula("(X.T @ delta_h).T", network, "W_h"))
    kinds = {entry.index: entry.kind for entry in report.entries}
    assert {k: v == "proved" for k, v in kinds.items()} == {k: k[0] == k[1] for k in kinds}


@pytest.mark.parametrize("assumed", ["Y.sum(axis=1) == 1", "Y**2 == Y", "Y**2 == 1"])
def test_a_counterexample_keeps_to_the_hypotheses(assumed):
    network = Network(2, 2, 3, n=2)
    report = check(network, formula("A_h.T @ (Y - A_out)", network), assume=[assumed])
    for entry in report.entries:
        values = entry.verdict.counterexample.values
        y = {place: values.get(f"Y[{place}]", 0) for place in ("1,1", "1,2", "1,3")}
        if assumed == "Y.sum(axis=1) == 1" and any(name.startswith("Y[1,") for name in values):
            assert sum(y.values()) == 1
        seen = {value for name, value in values.items() if name.startswith("Y")}
        assert assumed != "Y**2 == Y" or seen <= {0, 1}
        assert assumed != "Y**2 == 1" or (seen <= {-1, 1} and seen)


def test_planted_a_hypothesis_that_is_not_made_is_not_used():
    """A row of another array does not sum to 1, nor does a column of Y."""
    network = Network(2, 2, 2, n=2)
    for wrong in ("Y.sum(axis=0)", "delta_out.sum(axis=1, keepdims=True)", "X.sum(axis=1)"):
        claim = formula(f"A_h.T @ (delta_out * {wrong})", network)
        assert check(network, claim, assume=[ONE_HOT]).verdict == "refuted"


# Kinks and domains ---------------------------------------------------------------------------


def test_a_kink_is_left_out_and_stated(capsys):
    assert run(["2", "2", "2", "--n", "2", "--hidden", "relu", "--wrt", "W_h"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "provided that z_h[i,k] ≠ 0" in shown
    assert "at the kink z_h[i,k] = 0 relu has no derivative, and nothing is claimed" in shown
    assert "NumPy's z_h[i,k] > 0 takes 0" in shown
    assert run(["2", "2", "2", "--hidden", "elu", "--wrt", "W_h"]) == 0
    assert "both slopes of elu are 1" in " ".join(capsys.readouterr().out.split())
    assert run(["2", "2", "2", "--hidden", "relu"]) == 0  # A_h is not differentiated
    assert "kink" not in capsys.readouterr().out


def test_a_counterexample_is_not_at_a_kink():
    """Where the derivative does not exist nothing is refuted."""
    network = Network(2, 2, 2, hidden="relu")
    claim = formula("X.T @ ((delta_out @ W_out.T) * (Z_h >= 0))", network, "W_h")
    assert check(network, claim).verdict == "proved"
    claim = formula("X.T @ ((delta_out @ W_out.T) * (Z_h < 0))", network, "W_h")
    report = check(network, claim)
    assert report.verdict == "refuted"
    for entry in report.entries:
        values, (_, unit) = entry.verdict.counterexample.values, entry.index
        x = [values.get(f"X[1,{k}]", 0) for k in (1, 2)]
        w = [values.get(f"W_h[{row},{unit}]", 0) for row in (1, 2)]
        assert x[0] * w[0] + x[1] * w[1] != 0


def test_a_loss_is_proved_where_it_is_defined_and_refuted_only_there():
    network = Network(2, 2, 2, output="identity", bias=True)
    report = check(network)
    assert report.verdict == "proved"
    assert {str(c.expr) for c in report.conditions} >= {"A_out[1, j] > 0", "1 - A_out[1, j] > 0"}
    wrong = check(network, formula("-A_h.T @ delta_out", network))
    for entry in wrong.entries:
        values = entry.verdict.counterexample.values
        outputs = [
            sum(values.get(f"W_out[{k},{j}]", 0) for k in (1, 2)) / 2 + values.get(f"b_out[{j}]", 0)
            for j in (1, 2)
        ]
        assert values.keys() <= {
            *(f"W_out[{k},{j}]" for k in (1, 2) for j in (1, 2)),
            *(f"b_out[{j}]" for j in (1, 2)),
            *(f"Y[1,{j}]" for j in (1, 2)),
        }
        assert all(0 < a < 1 for a in outputs)


# Names and errors ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hidden": "rleu"}, "did you mean relu"),
        ({"hidden": "softmax"}, "use --output-activation softmax"),
        ({"loss": "crossentropy"}, "did you mean bce"),
        ({"output": "frobnicate"}, "there are sigmoid, tanh, relu"),
    ],
)
def test_an_unknown_rule_is_an_error_that_names_the_mend(options, message):
    with pytest.raises(RuleError, match=message):
        Network(2, 2, 2, **options)


def test_rules_are_known_by_other_spellings():
    assert Network(2, 2, 2, hidden="Swish").hidden == "silu"
    assert Network(2, 2, 2, hidden="leaky-relu").hidden == "leaky_relu"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("2", "at least two"),
        ("2 2 2 --wrt W_x", "there are W_h, W_out, X, Z_h, A_h, Z_out, A_out, all"),
        ("2 2 2 --wrt b_h", "add --bias"),
        ("2 2 2 --hidden z+", "invalid syntax"),
        ("2 2 2 --hidden 2*3", "the formula speaks of z"),
        ("2 2 2 --loss X+a", "unknown name X"),
        ("2 2 2 --assume Y", "a comparison is needed"),
        ("2 2 2 --claim W_q:X", "no derivative by W_q"),
        ("2 2 2 --wrt all --claim X", "which parameter is this for"),
        ("2 2 2 --assume Y**2==Y --assume Y**2==1", "not both"),
    ],
)
def test_a_bad_member_is_one_clear_error(asked, said, capsys):
    assert run(asked.split()) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err
    assert not captured.out


def test_claims_for_several_parameters(capsys):
    claims = ["W_h: X.T @ delta_h", "W_out: A_h.T @ delta_out", "b_h: delta_h.sum(axis=0)"]
    options = [word for claim in claims for word in ("--claim", claim)]
    assert run(["2", "3", "2", "--bias", "-q", *options]) == 0
    assert capsys.readouterr().out.count("proved, for all") == 3
    assert run(["2", "3", "2", "--wrt", "W_h", "-q", "--claim", "X.T @ delta_h * 2"]) == 1


def test_two_sizes_are_needed():
    with pytest.raises(SizeError, match="at least two"):
        Network(2)


def test_an_entry_of_many_terms_is_shown_as_a_sum():
    """A delta stands for what it is, so an entry by W_h has two terms, not sixteen."""
    network = Network(2, 2, 2, n=2)
    for wrt in ("W_h", "W_out"):
        assert not check(network, wrt=wrt).entries[0].derivative.expr.has(sympy.Sum)
    long = Network(2, 2, 2, n=9)
    assert check(long).entries[0].derivative.expr.has(sympy.Sum)


# The documents -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "texts"),
    [(ACTIVATIONS, SLOPES), (LOSSES, LOSS_SLOPES), (ROWWISE, ROWWISE_ERRORS)],
)
def test_the_table_of_claims_is_what_the_tool_uses(values, texts):
    rows = [f"| `{name}` | `{value}` | `{texts[name]}` |" for name, value in values.items()]
    assert "\n".join(rows) in FAMILY
    for (output, loss), text in ERRORS.items():
        assert f"| `{output}` | `{loss}` | `{text}` |" in FAMILY


def test_every_output_and_loss_is_in_the_table_of_what_is_decided():
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (proved[^|]*) \| (proved[^|]*) \|$", FAMILY, re.M)
    pairs = [(output, loss) for loss in LOSSES for output in OUTPUTS[loss]]
    assert [row[:2] for row in rows] == pairs


def test_a_claim_is_written_delta_by_delta():
    network = Network(2, 2, 2, 2, hidden="tanh", output="identity", loss="half_mse", mean=True)
    assert dict(delta_texts(network)) == {
        "delta_out": "(A_out - Y) / n",
        "delta_2": "(delta_out @ W_out.T) * (1 - A_2**2)",
        "delta_1": "(delta_2 @ W_2.T) * (1 - A_1**2)",
    }


def test_another_slope_in_the_table_makes_the_claim_wrong_and_not_the_derivative(monkeypatch):
    monkeypatch.setitem(SLOPES, "tanh", "1 - A")
    report = check(Network(2, 2, 2, hidden="tanh"), wrt="W_h")
    assert report.verdict == "refuted"


# What testers found --------------------------------------------------------------------------


def test_names_of_another_network_are_refused():
    """Planted: entries are told apart by their names, so another network's would pass for ours."""
    ours, other = Network(2, 2, 2), Network(7, 2, 2)
    theirs = formula("A_h.T @ delta_out", other)
    with pytest.raises(ShapeError, match="is not this network's"):
        check(ours, theirs)
    own = ours.arrays["A_h"].T @ Input("delta_out", ours.arrays["Y"].shape)
    with pytest.raises(ShapeError, match="its delta_out is not this network's"):
        check(ours, Claim("planted", own))


def test_a_claim_with_a_sum_inside_a_sum_can_be_shown(capsys):
    """Bound letters of nested sums differ, so numbers can be put for the outer ones."""
    claim = "A_h.T @ (A_out - Y) / np.sqrt(X.sum()**2 + 1)"
    assert run(["2", "2", "2", "--n", "2", "--claim", claim]) == 1
    assert "4 refuted" in capsys.readouterr().out


def test_the_quiet_line_says_that_there_are_conditions(capsys):
    assert run(["2", "2", "2", "-q", "--claim", "A_h.T @ (delta_out * Y / Y)"]) == 0
    shown = capsys.readouterr().out
    assert "under side conditions: y[1,j] ≠ 0" in shown
    assert shown.count("\n") == 1


def test_a_number_to_the_power_of_a_fraction_notes_its_domain():
    """x0 ** x1 with a constant x1 divides, or takes a root, like any power."""
    network = Network(2, 2, 2)
    y, right = network.arrays["Y"], formula("A_h.T @ delta_out", network)
    claim = Claim("planted", right.array * (y.sum() ** -1 * y.sum()))
    report = check(network, claim)
    assert report.verdict != "proved" or report.conditions


def test_sizes_are_not_named_like_what_formulas_are_typed_with():
    from gradcheck_sym.language.functions import FUNCTIONS
    from gradcheck_sym.sizes import LANGUAGE

    assert set(FUNCTIONS) <= LANGUAGE
    for name in ("exp", "np", "sum", "lam", "b_h", "delta_out", "S_out", "A_2"):
        with pytest.raises(SizeError, match="has a meaning here"):
            Network("m", "d", "t", n=name)


def test_the_ways_through_later_layers_count_as_work(capsys):
    """An entry of W_h is a sum over the outputs too; what would not fit is refused at once."""
    assert run(["784", "512", "100", "--n", "64", "--wrt", "W_h", "-q"]) == 2
    assert "may take about" in capsys.readouterr().err
    assert Network(4, 3, 2, 5).later("W_1") == (2, 5)
    assert Network(4, 3, 2, 5).later("W_out") == ()
