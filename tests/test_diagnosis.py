"""What is wrong with a claim that people write, and the formula that is right instead."""

from __future__ import annotations

import io
import json

import pytest

from gradcheck_sym import Claim, Network, check, formula
from gradcheck_sym.language.edits import edits
from gradcheck_sym.language.sites import Part, Vocabulary
from gradcheck_sym.mlp.general import Samples, general
from gradcheck_sym.mlp.hypotheses import NATURAL
from gradcheck_sym.mlp.mend import mended, vocabulary
from gradcheck_sym.mlp.question import question
from gradcheck_sym.mlp.textbook import names, textbook
from gradcheck_sym.render import View, renderer
from gradcheck_sym.term.walks import substitute

SIZES = {"2-2-2": (2, 2, 2, 2), "100-100-10": (100, 100, 10, 32), "names": ("m", "d", "t", "n")}
L2, MEAN, BIAS = {"l2": True}, {"mean": True}, {"bias": True}

BY_W_OUT = {
    "(1-A_h).T @ delta_out": ({}, "has 1 - A_h where A_h belongs", "A_h.T @ delta_out"),
    "A_h.T @ (delta_out*(1-A_out))": (
        {},
        "has the factor (1 - A_out) too many",
        "A_h.T @ delta_out",
    ),
    "A_h.T @ delta_out**2": ({}, "has delta_out**2 where delta_out belongs", "A_h.T @ delta_out"),
    "A_h.T @ (Y - A_out)": (
        {},
        "has Y - A_out where A_out - Y belongs",
        "A_h.T @ (A_out - Y)",
    ),
    "A_h.T @ delta_out / (n*t)": ({}, "has the divisor n * t too many", "A_h.T @ delta_out"),
    "delta_out @ A_h.T": (
        {},
        "has delta_out @ A_h.T where A_h.T @ delta_out belongs",
        "A_h.T @ delta_out",
    ),
    "A_h.T * delta_out": (
        {},
        "has A_h.T * delta_out where A_h.T @ delta_out belongs",
        "A_h.T @ delta_out",
    ),
    "A_h @ delta_out": ({}, "has A_h where A_h.T belongs", "A_h.T @ delta_out"),
    "A_h.T @ (1/(1+np.exp(Z_out)) - Y)": (
        {},
        "has Z_out where -Z_out belongs",
        "A_h.T @ (1 / (1 + np.exp(-Z_out)) - Y)",
    ),
    "A_h.T @ (A_out-Y)": (
        L2,
        "lacks the term lam * W_out",
        "A_h.T @ (A_out - Y) + lam * W_out",
    ),
    "A_h.T @ (A_out-Y) + lam*W_out/n": (
        L2,
        "has the divisor n too many",
        "A_h.T @ (A_out - Y) + lam * W_out",
    ),
    "A_h.T @ (A_out-Y) + lam*W_out": (
        {},
        "has the term lam * W_out too many",  # lam is no name here
        "A_h.T @ (A_out - Y)",
    ),
    "A_h.T @ (A_out - Y) + W_out": (
        {},
        "has the term W_out too many",
        "A_h.T @ (A_out - Y)",
    ),
    "A_h.T @ (A_out - Y) / (n*t)": (
        MEAN,
        "has the divisor t too many",
        "A_h.T @ (A_out - Y) / n",
    ),
    "A_h.T @ (A_out - Y) / t": (MEAN, "has t where n belongs", "A_h.T @ (A_out - Y) / n"),
    "A_h.T @ (1/1+np.exp(-Z_out) - Y)": (
        {},
        "has 1 / 1 + np.exp(-Z_out) where 1 / (1 + np.exp(-Z_out)) belongs",
        "A_h.T @ (1 / (1 + np.exp(-Z_out)) - Y)",
    ),
    "A_h.T @ (A_out - Y)": (MEAN, "lacks the divisor n", "A_h.T @ (A_out - Y) / n"),
    "A_h.T @ (sigmoid(A_h @ W_out) - Y)": (
        BIAS,
        "lacks the term b_out",
        "A_h.T @ (sigmoid(A_h @ W_out + b_out) - Y)",
    ),
}
BY_OTHERS = {
    ("W_h", "X.T @ ((delta_out @ W_out.T) * (1 - A_h**2))"): (
        {},
        "has tanh's slope 1 - A_h**2 where sigmoid's slope A_h * (1 - A_h) belongs",
        "X.T @ (delta_out @ W_out.T * (A_h * (1 - A_h)))",
    ),
    ("W_h", "X.T @ (delta_out @ W_out.T)"): (
        {},
        "lacks sigmoid's slope A_h * (1 - A_h)",
        "X.T @ (delta_out @ W_out.T * (A_h * (1 - A_h)))",
    ),
    ("b_out", "delta_out.mean(axis=0)"): (
        BIAS,
        "has delta_out.mean(axis=0) where delta_out.sum(axis=0) belongs",
        "delta_out.sum(axis=0)",
    ),
    ("b_out", "delta_out.sum(axis=1)"): (
        BIAS,
        "has delta_out.sum(axis=1) where delta_out.sum(axis=0) belongs",
        "delta_out.sum(axis=0)",
    ),
    ("A_h", "delta_out @ W_out"): ({}, "has W_out where W_out.T belongs", "delta_out @ W_out.T"),
}
CASES = {("W_out", text): told for text, told in BY_W_OUT.items()} | BY_OTHERS
EVERYWHERE = [  # one of each way of being found, at all sizes; the others at 2-2-2
    ("W_out", "(1-A_h).T @ delta_out"),
    ("W_out", "delta_out @ A_h.T"),
]
ASKED = [(key, size) for key in CASES for size in SIZES if size == "2-2-2" or key in EVERYWHERE]


@pytest.mark.parametrize(("key", "size"), ASKED, ids=str)
def test_what_is_wrong_is_told_alike_at_all_sizes(key, size):
    (wrt, text), (options, said, right) = key, CASES[key]
    *layers, n = SIZES[size]
    found, _ = mended(Network(*layers, n=n, **options), text, wrt)
    assert (found.sentence, found.text) == (f"the claim {said}", right)


def test_a_report_has_the_change_and_the_formula():
    network = Network("m", "d", "t", n="n")
    report = check(network, formula("(1 - A_h).T @ delta_out", network))
    assert report.diagnosis == "the claim has 1 - A_h where A_h belongs"
    assert report.correction == "A_h.T @ delta_out"
    assert "1 - A_h where A_h belongs" in str(report)
    assert check(network, formula(report.correction, network)).verdict == "proved"


def test_what_is_wrong_beside_a_missing_hypothesis_is_told_with_it():
    network = Network("m", "d", "t", n="n", output="softmax", loss="ce")
    report = check(network, formula("A_h.T @ (Y - A_out)", network))
    assert report.correction is None
    assert report.diagnosis == (
        "the claim has Y - A_out where A_out - Y belongs, if each row of Y sums to 1: "
        "A_h.T @ (A_out - Y)"
    )
    assert report.diagnosis_code == "GS103"
    right = formula("A_h.T @ (A_out - Y)", network)
    assert check(network, right, assume=["Y.sum(axis=1) == 1"]).verdict == "proved"


def written(report, form):
    out = io.StringIO()
    renderer(form)([report], out, View())
    return out.getvalue()


def test_a_missing_hypothesis_is_told_with_the_conditions_of_its_proof():
    network = Network(2, 2, 2, output="identity", loss="a**2/y")
    report = check(network, formula("A_h.T @ (2*A_out*Y)", network))
    said = "it holds if each entry of Y is 0 or 1 (proved, provided that y[1,j] ≠ 0)"
    assert said in " ".join(written(report, "table").split())
    there = json.loads(written(report, "json"))["claims"][0]["missing"]
    assert there["conditions"] == ["Ne(Y[1, j], 0)"]
    assert "proved, provided that <math" in written(report, "html")
    with_it = check(network, formula("A_h.T @ (2*A_out*Y)", network), assume=[there["assume"]])
    assert with_it.conditions == report.mend_conditions


def test_a_text_that_is_not_its_array_is_not_mended():
    network = Network(2, 2, 2, n=2)
    a_h, delta = (names(network)[name] for name in ("A_h", "delta_out"))
    report = check(network, Claim("mine, by hand", (a_h * a_h * a_h).T @ delta))
    assert report.verdict == "refuted"
    assert report.diagnosis is None


def test_what_floats_take_for_right_is_proved_before_it_is_said(monkeypatch):
    monkeypatch.setattr(Samples, "equal", lambda *_: True)
    network = Network(2, 2, 2, n=2)
    assert mended(network, "A_h.T @ (A_out - Y**2)", "W_out") is None  # the first few are wrong


def test_each_change_is_one_formula_and_is_given_once():
    network = general(Network(2, 2, 2))
    found = list(edits("A_h.T @ delta_out", names(network), network.sizes, vocabulary(network)))
    texts = [edit.text for edit in found]
    assert len(texts) == len(set(texts))
    assert "A_h.T @ delta_out" not in texts
    assert {"A_h @ delta_out", "A_h.T * delta_out", "Z_h.T @ delta_out"} <= set(texts)


def test_a_long_formula_is_left_alone():
    network = general(Network(2, 2, 2))
    words = Vocabulary([Part("A_h", ("n", "d"))], [], [])
    text = " + ".join(["A_h"] * 40)
    assert not list(edits(text, names(network), network.sizes, words))


@pytest.mark.parametrize("natural", [*NATURAL, None])
def test_floats_see_the_derivative_under_each_hypothesis(natural):
    network = general(Network(2, 2, 2, output="softmax", loss="ce"))
    assumed = [natural] if natural else []
    samples = Samples(network, "W_out", assumed)
    a_h, a_out, y = (names(network)[name] for name in ("A_h", "A_out", "Y"))
    claim = (a_h.T @ (a_out - y)).entry(*samples.letters)
    holds = natural is NATURAL[0]
    assert samples.equal(samples.derivative, claim) is holds


def test_floats_agree_with_what_is_proved():
    for options in ({}, MEAN, L2, {"hidden": "relu"}, {"output": "identity", "loss": "mse"}):
        network = general(Network(2, 2, 2, **options))
        samples = Samples(network, "W_h", ())
        asked = question(network, textbook(network, "W_h")).statement
        at = dict(zip(asked.letters, samples.letters, strict=True))
        assert samples.equal(samples.derivative, substitute(asked.claim, at))
        assert not samples.equal(samples.derivative, substitute(asked.claim, at) * 2)


@pytest.mark.parametrize("hidden", ["exp(exp(exp(9*z)))", "sin(exp(exp(exp(z+5))))", "exp(900+z)"])
def test_where_floats_have_no_value_nothing_looks_equal(hidden):
    network = general(Network(2, 2, 2, hidden=hidden, output="identity", loss="mse"))
    samples = Samples(network, "W_out", ())
    assert not samples.usable
    assert not samples.equal(samples.derivative, samples.derivative)
