"""Random questions, and faults planted to see that the adversary notices them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random
from types import SimpleNamespace

import numpy as np
import pytest
from mpmath import mp, mpf

from gradcheck_sym import Refuted
from gradcheck_sym.checker import monomials, replaying
from gradcheck_sym.checker.derivative import _Derivative
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.proof import Witness
from gradcheck_sym.prover.gradient import Prover
from gradcheck_sym.term.terms import Apply, Entry, Letter, apply
from gradcheck_sym.values import interval
from gradcheck_sym.verdict import Bounds, Counterexample
from tests import numeric
from tests.adversary import terms
from tests.adversary.evaluate import Numbers, evaluated
from tests.adversary.judge import answer, judged
from tests.adversary.proof import looked_at
from tests.adversary.questions import Asked, question
from tests.adversary.refutation import false_refutation, wrong_code

pytestmark = pytest.mark.usefixtures("verdicts_alone")

CHUNK = 10
SECONDS = 0.5  # for each: what takes longer is left out here
PLAIN = Asked(
    layers=(2, 2),
    n=2,
    hidden="z",
    output="z",
    loss="(a - y)**2/2",
    bias=False,
    mean=False,
    l2=False,
    wrt="W_out",
    claim="X.T @ (A_out - Y)",
)


@pytest.mark.parametrize("first", range(0, 100, CHUNK))
def test_no_answer_to_a_random_question_is_wrong(first):
    for number in range(first, first + CHUNK):
        one = question(0, number, cheap=True)
        assert judged(one, SECONDS, number).wrong == (), one


def test_by_arrays_over_terms_the_answers_are_no_others():
    for number in (0, 1, 2, 3, 8):  # the last one under a hypothesis
        one = question(1, number, cheap=True)
        found = judged(one, SECONDS, number, ask=terms.answer)
        assert found.said != "an error", found.because
        assert found.wrong == (), one
        said = {found.said, judged(one, SECONDS, number).said}
        assert not {"proved", "refuted"} <= said, one


def test_both_answers_are_given_and_few_questions_are_not_taken():
    said = [judged(question(0, number, cheap=True), 2 * SECONDS).said for number in range(6)]
    assert {"proved", "refuted"} <= set(said)
    assert said.count("not taken") < 4


def test_a_question_depends_on_its_seed_and_number_alone():
    every = [question(3, number) for number in range(9)]
    assert question(3, 5) == every[5]
    assert question(4, 5) != every[5]
    assert {one.made for one in every} == {"true", "false"}


# What the numbers are ------------------------------------------------------------------------


def test_the_slopes_of_the_loss_are_those_of_numpy():
    x, w = np.array([[1.0, -2.0], [0.5, 1.5]]), np.array([[0.25, 1.0], [-1.0, 0.5]])
    y = np.array([[1.0, 0.0], [0.0, 1.0]])
    a = 1 / (1 + np.exp(-(x @ w)))
    exact = {
        name: np.vectorize(Fraction, otypes=[object])(v)
        for name, v in (("X", x), ("W_out", w), ("Y", y))
    }
    bce = replace(PLAIN, output="1/(1 + exp(-z))", loss="-(y*log(a) + (1 - y)*log(1 - a))")
    with mp.workdps(100):
        numbers = Numbers(bce, {"m": 2, "t": 2, "n": 2}, exact)
        above, below = numbers.slopes((0, 1))
        assert abs(above - below) < mpf(10) ** -30
        assert float(above) == pytest.approx((x.T @ (a - y))[0, 1], rel=1e-14)
        assert float(numbers.claim((0, 1))) == pytest.approx((x.T @ (a - y))[0, 1], rel=1e-14)


@pytest.mark.parametrize("text", ["1/(x - 1)", "log(x - 2)", "sqrt(x - 2)", "(x - 1)**-1"])
def test_what_is_not_meant_is_no_number(text):
    assert mp.isnan(evaluated(text, {"x": mpf(1)}))
    assert evaluated(f"where(x > 1, {text}, 3)", {"x": mpf(1)}) == 3


# Faults ----------------------------------------------------------------------------------


@pytest.fixture
def unaudited(monkeypatch):
    """The audit would notice some of these first."""
    monkeypatch.setattr("gradcheck_sym.audit.is_cheap", lambda *_: False)


ABS = replace(PLAIN, output="abs(z)", claim="X.T @ ((A_out - Y)*np.where(Z_out > 0, 1, -1))")


def test_a_proof_that_leaves_a_kink_out_is_noticed(unaudited, monkeypatch):
    assert judged(ABS).wrong == ()
    monkeypatch.setattr(_Derivative, "_need", lambda *_: None)
    found = judged(ABS)
    assert found.said == "proved"
    assert "PROVED AND FALSE" in found.wrong[0]


def test_a_checker_that_forgets_conditions_is_noticed(unaudited, monkeypatch):
    monkeypatch.setattr(replaying.Replay, "_assume", lambda *_: None)
    claim = "X.T @ ((A_out - Y)*X.sum()/X.sum())"
    assert "PROVED AND FALSE" in judged(replace(PLAIN, claim=claim)).wrong[0]


def test_a_normal_form_that_is_false_is_noticed(unaudited, monkeypatch):
    claim = replace(PLAIN, claim="X.T @ (A_out - Y) + (X**2).sum() - X.sum()")
    assert judged(claim).said == "refuted"
    monkeypatch.setattr(monomials, "IDEMPOTENT", (*monomials.IDEMPOTENT, "entry"))
    monkeypatch.setattr("gradcheck_sym.refuter.search.Search.find", lambda *_: None)
    found = judged(claim)
    assert found.said == "proved"
    assert "PROVED AND FALSE" in found.wrong[0]


def test_a_wrong_slope_of_a_function_is_noticed(unaudited, monkeypatch):
    from gradcheck_sym.term import functions

    wrong = functions.Function(lambda _, f: Apply("exp", f))
    monkeypatch.setitem(functions.FUNCTIONS, "exp", wrong)
    claim = replace(PLAIN, output="exp(z)", claim="X.T @ ((A_out - Y)*np.exp(np.exp(Z_out)))")
    assert "PROVED AND FALSE" in judged(claim).wrong[0]


def test_an_evaluator_that_lies_is_noticed(unaudited, monkeypatch):
    claim = replace(PLAIN, output="exp(z)", claim="X.T @ ((A_out - Y)*A_out)*np.exp(0*X.sum())")
    right = interval.Arithmetic.function

    def lying(self, name, u):
        value = right(self, name, u)
        return self.add(value, Fraction(1, 8)) if name == "exp" else value

    monkeypatch.setattr(Prover, "prove", lambda *_, **__: None)
    monkeypatch.setattr(interval.Arithmetic, "function", lying)
    told = replace(claim, claim="X.T @ ((A_out - Y)*np.exp(Z_out + 1)/np.exp(1))")
    found = judged(told)
    assert found.said == "refuted"
    assert "REFUTED" in found.wrong[0]


def test_conditions_that_leave_out_where_a_claim_is_wrong_are_told():
    relu = replace(PLAIN, output="where(z > 0, z, 0)", claim="X.T @ ((A_out - Y)*(Z_out > 0))")
    (entry, *_) = answer(relu).entries
    assert looked_at(relu, entry, Random(0)).left_out == []
    evidence = entry.verdict.evidence
    above = Obligation(Entry("Z_out", (Letter("i", 2), Letter("j", 2))), ">")
    theorem = SimpleNamespace(statement=evidence.theorem.statement, conditions=(above,))
    verdict = SimpleNamespace(evidence=SimpleNamespace(theorem=theorem, proof=evidence.proof))
    forged = SimpleNamespace(index=entry.index, verdict=verdict)
    found = looked_at(replace(relu, claim="X.T @ (A_out - Y)"), forged, Random(0))
    assert found.wrong == []
    assert "LEFT OUT" in found.left_out[0]


@pytest.mark.parametrize(
    ("values", "left", "right", "fault"),
    [
        ({"X[1,1]": Fraction(1)}, "0", "0", "NOTHING IS MEANT"),
        ({"X[1,1]": Fraction(1), "W_out[1,1]": Fraction(1)}, "1", "2", "WRONG NUMBERS"),
        ({"X[1,1]": Fraction(1), "W_out[1,1]": Fraction(1)}, "1", "1", "TRUE"),
    ],
    ids=["at a kink", "other numbers", "equal numbers"],
)
def test_a_false_refutation_is_noticed(values, left, right, fault):
    report = answer(replace(ABS, claim="X.T @ (2*(A_out - Y))"))
    assert false_refutation(ABS, report, report.entries[0]) != []
    point = Counterexample(
        {**values, "Y[1,1]": Fraction(0)}, Bounds(left, left), Bounds(right, right)
    )
    if fault == "NOTHING IS MEANT":
        point = replace(point, values={**values, "Y[1,1]": Fraction(1)})
    entry = replace(report.entries[0], verdict=Refuted(point))
    assert fault in false_refutation(ABS, report, entry)[0]


@pytest.mark.parametrize("relation", [">", "≠"])
def test_a_condition_holds_nowhere_that_only_rounding_makes_hold(relation):
    """e^x/e^x is 1, also where its digits are 0.99…9."""
    power = apply("exp", Entry("x"))
    statement = SimpleNamespace(definitions={}, positive=())
    point = numeric.Point(statement, Random(0), "real")
    nothing = 1 - power * apply("inv", power)
    off = 0
    for k in range(1, 40):
        point.values["x",] = mp.log(mpf(k) / 7)
        off += point.value(nothing, {}) > 0
        assert not numeric.holds(point, Obligation(nothing, relation))
    assert off


def test_a_loss_too_large_for_our_digits_contradicts_no_proof():
    """Where J has more digits than we take, its difference quotients are 0."""
    claim = "X.T @ ((exp(A_out) - Y)*3*A_out)"
    steep = replace(PLAIN, layers=(1, 2), output="exp(3*z)", loss="exp(a) - y*a", claim=claim)
    found = judged(steep, seed=1)
    assert found.said == "proved"
    assert found.wrong == ()
    assert found.points


def test_a_theorem_about_nothing_is_noticed(unaudited, monkeypatch):
    """log_softmax is never positive, so its logarithm is nowhere meant."""
    nowhere = replace(PLAIN, output="log_softmax", loss="-y*log(a)")
    claim = "X.T @ (-Y/A_out - np.exp(A_out)*(-Y/A_out).sum(axis=1, keepdims=True))"
    assert judged(replace(nowhere, claim=claim)).said == "undecided"
    monkeypatch.setattr("gradcheck_sym.checker.check.holds_at", lambda *_: True)
    monkeypatch.setattr("gradcheck_sym.evidence.find_witness", lambda *_: Witness({}, {}, {}))
    found = judged(replace(nowhere, claim=claim))
    assert found.said == "proved", found.because
    assert "vacuous" in found.wrong[0]


def test_code_that_fails_or_prints_two_equal_numbers_is_noticed():
    assert "FAILS" in wrong_code("print(1, m)")[0]
    assert "NO DIFFERENCE" in wrong_code("print(1.0, 1.0)")[0]
    assert wrong_code("print(1.0, 1.0); print('floats are too coarse here')") == []
    assert wrong_code("print(1.0, 1.5)") == []
