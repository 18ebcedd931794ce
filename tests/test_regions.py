"""Borders of cases that are regions: u ≠ 0 is no kink to leave out where u is 0 all around."""

import json
from fractions import Fraction

import numpy as np
import pytest

from gradcheck_sym import Network, check, prove
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.cli import run
from gradcheck_sym.refuter.points import QUICK_TRIES
from gradcheck_sym.refuter.region import is_zero_around, may_be_regions
from gradcheck_sym.refuter.search import Search
from gradcheck_sym.term.terms import ONE, ZERO, Entry, Letter, SizeOf, Sum, Where, apply
from gradcheck_sym.values.evaluator import Evaluator, Point
from tests.separating import find_point

X, Y = Entry("x"), Entry("y")
RELU = Where(X, X, ZERO)


def around(u, definitions=None, **values):
    point = Point({(name,): Fraction(value) for name, value in values.items()})
    known = definitions or {}
    return is_zero_around(u, Evaluator(known, point, {"n": 2}), known, {})


class TestAround:
    def test_a_case_that_holds_near_the_point(self):
        assert around(RELU - X, x=1)
        assert around(RELU, x=-1)
        assert not around(RELU - X, x=-1)
        assert not around(X - 1, x=1)

    @pytest.mark.parametrize("u", [RELU - X, Where(apply("exp", X) - 1, X, ZERO)])
    def test_a_border_is_not_decided(self, u):
        with pytest.raises(ArithmeticError):
            around(u, x=0)

    def test_a_case_of_a_region_inside(self):
        inner = Where(RELU - X, Y, X * Y)  # RELU − X is 0 for x > 0: its other case
        assert around(inner - X * Y, x=1, y=2)
        assert not around(inner - X * Y, x=-1, y=2)

    def test_names_and_sums(self):
        i = Letter("i", "n")
        row = Entry("r", (i,))
        total = Sum(i, Where(row, row, ZERO) - row)
        known = {"total": Definition((), total)}
        at = {("r", 1): Fraction(1), ("r", 2): Fraction(3)}
        evaluator = Evaluator(known, Point(at), {"n": 2})
        assert is_zero_around(Entry("total"), evaluator, known, {})
        assert not is_zero_around(Entry("total") + SizeOf("n") - 1, evaluator, known, {})
        below = Evaluator(known, Point({**at, ("r", 2): Fraction(-3)}), {"n": 2})
        assert not is_zero_around(Entry("total"), below, known, {})


class TestMayBe:
    @pytest.mark.parametrize(
        ("u", "may"),
        [
            (X, False),
            (RELU - X, True),
            (RELU - X + 1, False),
            (Where(X, ONE, 2 * X), False),
            (Where(X, Where(Y, X, Y), X) - Y, True),
        ],
    )
    def test_a_case_in_which_it_is_zero(self, u, may):
        assert may_be_regions([Obligation(u, "≠")], {}) is may
        assert not may_be_regions([Obligation(u, ">")], {})

    def test_through_names(self):
        known = {"a": Definition((), X * X), "b": Definition((), RELU * RELU)}
        assert may_be_regions([Obligation(Entry("a") - Entry("b"), "≠")], known)


def test_what_is_needed_for_a_meaning_is_no_kink():
    """1/u has no value where u is 0 all around: only a border of cases is none there."""
    needed = (Obligation(RELU - X, "≠"),)
    assert find_point(X, ZERO, (), {}, needs=needed).values == {"x": Fraction(-1)}
    found = Search(X, ZERO, (), {}, kinks=needed).find({}, QUICK_TRIES)
    assert found.values == {"x": Fraction(1)}


CLIPPED = "minimum(a*y, clip(a,0.5,1.5)*y)"
WRONG = [
    (CLIPPED, "X.T @ np.where(A_out*Y < np.clip(A_out,0.5,1.5)*Y, Y, 0)"),
    (
        "where(where(y>0,2,1)*a > a, y*a, 3*a)",
        "X.T @ np.where(np.where(Y>0,2,1)*A_out>=A_out, Y, 3+0*Y)",
    ),
]


def losses(text):
    names = {"np": np, "where": np.where, "minimum": np.minimum, "clip": np.clip}
    return lambda a, y: float(eval(text, {**names, "a": a, "y": y}))


@pytest.mark.parametrize(("loss", "claim"), WRONG)
@pytest.mark.parametrize("sizes", [(1, 1), ("m", "t")])
def test_claims_that_are_wrong_in_a_region_are_refuted(loss, claim, sizes):
    n = 1 if sizes == (1, 1) else "n"
    network = Network(*sizes, n=n, output="identity", loss=loss)
    report = check(network, claim)
    assert report.refuted
    verdict = next(entry.verdict for entry in report.entries)
    point, of = verdict.counterexample, losses(loss)
    x, w, y = (float(point.values.get(k, 0)) for k in ("X[1,1]", "W_out[1,1]", "Y[1,1]"))
    quotient = (of(x * (w + 1e-6), y) - of(x * (w - 1e-6), y)) / 2e-6
    assert quotient == pytest.approx(float(Fraction(point.left.low)), abs=1e-6)


def test_the_textbook_is_right_there():
    network = Network(1, 1, output="identity", loss=CLIPPED)
    assert check(network).proved


def value_loss(v, r):
    c = np.clip(v, 2, 4)
    a, b = (v - r) ** 2, (c - r) ** 2
    return np.maximum(a, b).sum(), np.where(a > b, 2 * (v - r), 0.0)


def clipped(x):
    c = np.clip(x, 3, 5)
    return np.abs(x - c).sum(), np.where(x > c, 1.0, -1.0)


def by_size(x):
    u = np.maximum(x, 12.0 - len(x))
    return np.abs(u - x).sum(), np.where(u - x != 0, -1.0, 5.0)


def clipped_far(x):
    z = np.clip(x, -250, 250)
    c = np.maximum(z, -0.5)
    return np.abs(c - z).sum(), np.where(c - z != 0, -1.0, 5.0)


def beside_overflow(x):
    s = 1 / (1 + np.exp(1000 * (1 + x * x)))
    c = np.maximum(x, -0.5)
    return (np.abs(c - x) + s).sum(), np.where(c - x != 0, -1.0, 5.0)


def ratio(r, a):
    s1, s2 = r * a, np.maximum(r, 2) * a
    return np.minimum(s1, s2).sum(), np.where(s1 < s2, a, 0.0)


class TestCode:
    @pytest.mark.parametrize("function", [clipped, by_size, clipped_far, beside_overflow])
    def test_wrong_in_a_region(self, function):
        report = prove(function, x=("n",))
        assert report.refuted
        assert "[GS106]" not in str(report)

    def test_of_two_inputs(self):
        assert prove(value_loss, v=("n",), r=("n",)).refuted
        assert prove(ratio, r=("n",), a=("n",))["r"].kind == "refuted"

    def test_also_where_no_clip_is_assumed_to_act(self):
        assert prove(clipped_far, x=("n",), assume=["inside clip"]).refuted

    def test_what_is_right_there_is_proved(self):
        def surrogate(r, a):
            s1, s2 = r * a, np.clip(r, 0.8, 1.2) * a
            return np.minimum(s1, s2).sum(), np.where(s1 <= s2, a, 0.0)

        report = prove(surrogate, r=("n",), a=("n",))
        assert report["r"].proved
        assert report["r"].leaves_out


def test_the_report_says_that_more_than_points_is_left_out(capsys):
    asked = ["1", "1", "--output-activation", "identity", "--loss", CLIPPED]
    assert run([*asked, "--format", "markdown"]) == 0
    said = capsys.readouterr().out
    assert "which is more than single points of minimum" in said
    assert run(["1", "1", "1", "--hidden", "relu", "--wrt", "W_h", "--format", "markdown"]) == 0
    assert "more than single points" not in capsys.readouterr().out


def test_what_is_refuted_in_a_region_shows_no_difference_of_0(capsys):
    asked = "1 1 1 --n 1 --output-activation identity --wrt A_out --format json"
    loss, claim = "where(minimum(a,2*a) > a, 5*a, a)", "where(A_out>0,5,1)"
    assert run([*asked.split(), "--loss", loss, "--claim", claim]) == 1
    (entry,) = json.loads(capsys.readouterr().out)["claims"][0]["entries"]
    assert entry["difference"] != "0"


@pytest.mark.parametrize("assume", [(), ("y**2 == y",)])
def test_numbers_that_stand_in_names(assume):
    """The border is of `out`, and the numbers 2 and 3 are in its definition alone."""

    def band(p, y):
        e = p - y
        out = np.maximum(e - 3, 0) ** 2 + np.maximum(2 - e, 0) ** 2
        return np.where(out > 0, e**2, e).sum(), 2 * (p - y)

    assert prove(band, p=("n",), y=("n",), assume=assume).refuted
