"""Regions that conditions u ≠ 0 leave out: seen by points in floats, and told or refused."""

import json
from fractions import Fraction

import pytest

from gradcheck_sym import Network, check
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Definition, Hypothesis, Statement
from gradcheck_sym.cli import run
from gradcheck_sym.evidence import LEFT_OUT
from gradcheck_sym.refuter.left_out import left_out
from gradcheck_sym.refuter.met import Met
from gradcheck_sym.term.terms import (
    ONE,
    ZERO,
    Delta,
    Entry,
    Letter,
    Num,
    SizeOf,
    Sum,
    Where,
    add,
    apply,
)

W, Y = Entry("w"), Entry("y")


def clip(u, low, high):
    above = Where(u - low, u, Num(low))
    return Where(above - high, Num(high), above)


def seen(u, hypotheses=(), others=(), slope=ONE, needs=()):
    """What is seen where J is w, or 2w where u > 0, and its gradient is claimed to be `slope`."""
    loss = Where(u, 2 * W, W)
    told = Statement({}, loss, "w", (), slope, hypotheses=hypotheses, needs=needs)
    return left_out(told, (Obligation(u, "≠"), *needs, *others))


class TestMet:
    @pytest.mark.parametrize(
        "term", [1 / W, apply("log", W), apply("sqrt", W - 1), 1 / (W + W * W - W)]
    )
    def test_no_value_where_there_is_none(self, term):
        with pytest.raises(ArithmeticError):
            Met({}, {}, {}).value(term, {})

    def test_too_large(self):
        there = Met({}, {}, {("w",): 1e300})
        with pytest.raises(OverflowError):
            there.holds(Obligation(W * W * (W - W) + W * W * W, ">"), {})

    def test_zero_as_far_as_floats_tell(self):
        there = Met({}, {}, {("w",): 0.3})
        u = apply("log", apply("exp", W)) - W
        assert there.is_zero(u, {})
        assert not there.holds(Obligation(u, ">"), {})
        assert not there.is_zero(u + Num(1) / 10**6, {})
        assert there.holds(Obligation(u, "≠", ((u, True),)), {})
        assert not there.holds(Obligation(u, "≠", ((u, False),)), {})


class TestSeen:
    @pytest.mark.parametrize(
        "u",
        [
            Where(W, W, ZERO) - W,
            apply("log", apply("exp", W)) - W,
            W / (1 + W * W) * (1 + W * W) - W,
            apply("sqrt", W * W) - W,
            clip(W, 1, 2) - W,
            clip(W, Fraction("1.3"), Fraction("1.32")) - W,  # narrow
            clip(W, -250, 250) - W,
            clip(W * Y, 100, 101) - W * Y,
        ],
    )
    def test_a_region(self, u):
        found = seen(u, slope=2 * ONE)
        assert len(found.regions) == 1
        assert found.wrong is not None
        right = seen(u, slope=Where(u, 2 * ONE, ONE))
        assert (len(right.regions), right.wrong) == (1, None)

    @pytest.mark.parametrize("u", [W, W * Y, apply("exp", W) - 2, clip(W, 1, 2) - 3 * W])
    def test_no_region(self, u):
        assert not seen(u, slope=5 * ONE).regions

    def test_what_a_hypothesis_makes_0(self):
        binary = Hypothesis((), Y * Y, Y)
        assert not seen(Y * W, slope=2 * ONE).regions
        assert seen(Y * W, (binary,), slope=2 * ONE).wrong is not None
        i = Letter("i", 3)
        total = Sum(i, Entry("p", (i,)))
        rows = Hypothesis((), total, ONE)
        assert seen((total - 1) * W, (rows,), slope=2 * ONE).wrong is not None

    def test_a_hypothesis_that_no_point_meets(self):
        known = Hypothesis((), W * W + Y * Y, ONE)
        assert not seen(Where(W, W, ZERO) - W, (known,), slope=2 * ONE).regions

    def test_a_condition_that_reads_as_it_is_hides_nothing(self):
        u = Where(W, W, ZERO) - W
        said = Obligation(-W, ">")
        assert not seen(u, others=(said,), slope=2 * ONE).regions
        assert not seen(u, needs=(said,), slope=2 * ONE).regions

    def test_many_that_have_to_be_positive(self):
        u = clip(W, 1, 2) - W
        others = [Entry(f"y{k}") for k in range(12)]
        loss = add(Where(u, 2 * W, W), *(apply("log", y) for y in others))
        told = Statement({}, loss, "w", (), 2 * ONE)
        said = [Obligation(u, "≠"), *(Obligation(y, ">") for y in others)]
        assert left_out(told, said).wrong is not None

    def test_a_loss_that_has_no_value_there(self):
        u = Where(W, W, ZERO) - W
        loss = Where(u, W, 2 * W) + apply("log", -W)
        told = Statement({}, loss, "w", (), ONE + 1 / W)
        assert left_out(told, [Obligation(u, "≠")]).wrong is None

    def test_at_one_size_alone(self):
        letter = Letter("i", "n")
        x = Entry("x", (letter,))
        u = (SizeOf("n") - 3) * x
        i = Letter("i", "n")
        own = Entry("x", (i,))
        loss = Sum(i, Where((SizeOf("n") - 3) * own, own, 2 * own))
        told = Statement({}, loss, "x", (letter,), ONE)
        assert left_out(told, [Obligation(u, "≠")]).wrong is not None

    def test_of_an_entry_that_is_a_number(self):
        i = Letter("i", 4)
        x = Entry("x", (i,))
        u = Where(x, x, ZERO) - x
        loss = Sum(i, Where(u, x, 2 * x) * (1 + Delta(i, 3)))
        told = Statement({"u": Definition((i,), u)}, loss, "x", (3,), 2 * ONE)
        assert left_out(told, [Obligation(Entry("u", (i,)), "≠")]).wrong is not None


CLIPPED = "minimum(a*y, clip(a,0.5,1.5)*y)"
BY_LESS = "{}.T @ np.where(A_out*Y < np.clip(A_out,0.5,1.5)*Y, Y, 0)"


@pytest.mark.parametrize("sizes", [(1, 1), (1, 1, 1), (3, 3), (2, 2, 2), ("m", "d", "t")])
def test_a_wrong_sign_is_refuted_at_all_sizes(sizes):
    network = Network(*sizes, output="identity", loss=CLIPPED)
    report = check(network, BY_LESS.format("X" if len(sizes) == 2 else "A_h"))
    assert report.refuted
    assert "GS201" not in str(report)


@pytest.mark.parametrize(("hidden", "kind"), [("identity", "refuted"), ("sigmoid", "undecided")])
def test_a_point_in_a_narrow_region(hidden, kind):
    """It is handed to exact arithmetic, which tells nothing where a value is no fraction."""
    loss = "minimum(a*a*y, clip(a*a,1.7,1.73)*y)"
    claim = "A_h.T @ np.where(A_out**2*Y < np.clip(A_out**2,1.7,1.73)*Y, 2*A_out*Y, 0)"
    network = Network(2, 2, 1, hidden=hidden, output="identity", loss=loss)
    assert check(network, claim).verdict == kind


@pytest.mark.parametrize(
    ("loss", "claim", "assume"),
    [
        ("where(y*a>0, a, 2*a)", "X.T @ (1.5 - np.sign(Y*A_out)/2)", "Y**2 == Y"),
        ("where((y+1)*(a-1)>0,a,3*a)", "X.T @ np.where((Y+1)*(A_out-1)>=0,1,3)", "Y**2 == 1"),
    ],
)
def test_refuted_where_labels_have_single_values(loss, claim, assume):
    network = Network(1, 1, output="identity", loss=loss)
    assert check(network, claim, assume=[assume]).refuted
    assert check(network, assume=[assume]).proved


@pytest.mark.parametrize(
    ("loss", "claim"),
    [
        (
            "minimum(a/y*y, clip(a,-2,2))",
            "X.T @ np.where(A_out/Y*Y < np.clip(A_out,-2,2), 1+0*Y, 0)",
        ),
    ],
)
def test_undecided_where_no_arithmetic_tells_that_it_is_0(loss, claim):
    report = check(Network(1, 1, output="identity", loss=loss), claim)
    assert report.undecided
    assert LEFT_OUT in str(report).replace("\n", " ")


def told(capsys, *asked):
    assert run([*asked, "--format", "markdown"]) == 0
    return capsys.readouterr().out


def test_a_layer_of_dead_units_is_said(capsys):
    said = told(capsys, "2", "2", "2", "2", "--hidden", "relu", "--wrt", "W_1")
    first, second = (line for line in said.splitlines() if line.startswith("at the kink"))
    assert not first.endswith("is 0 at more than single points")
    assert second.endswith("is 0 at more than single points")


def test_a_border_of_one_slope_says_that_it_is_0_at_more_than_single_points(capsys):
    """Where all hidden units are dead, Z_out is 0."""
    options = ["--loss", "mse", "--output-activation", "elu"]
    shown = told(capsys, "2", "2", "2", "--hidden", "relu", *options)
    (said,) = (line for line in shown.splitlines() if line.startswith("at the kink"))
    assert "both slopes of elu are $1$" in said
    assert said.endswith("is 0 at more than single points")
    assert "more than single points" not in told(capsys, "1", "1", *options)


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        ("maximum(1-y*a,0)", ["is $0$ where $1 -", "< 0$ and $- y_{1}$ where $1 -"]),
        ("where(2-exp(a)>0,a,0)", ["is $0$ where $2 -", "< 0$ and $1$ where $2 -"]),
        ("maximum(1-a,0)", ["slope is $-1$ below and $0$ above"]),
    ],
)
def test_a_border_whose_side_is_not_the_scalars(capsys, loss, said):
    found = told(capsys, "1", "1", "--output-activation", "identity", "--loss", loss)
    assert all(part in found for part in said)


def test_the_order_of_a_search_shows_the_smallest_sizes(capsys):
    asked = ["m", "t", "--n", "n", "--output-activation", "identity", "--format", "json"]
    loss = ["--loss", "where(where(y>0,2,1)*a > a, y*a, 3*a)"]
    claim = ["--claim", "X.T @ np.where(np.where(Y>0,2,1)*A_out>=A_out, Y, 3+0*Y)"]
    assert run([*asked, *loss, *claim]) == 1
    (entry,) = json.loads(capsys.readouterr().out)["claims"][0]["entries"]
    assert set(entry["evidence"]["counterexample"]["sizes"].values()) == {1}


def by_less(of, low, high, slope="Y", data="X"):
    """minimum(u·y, clip(u)·y) for a u of a, with the wrong sign in its gradient."""
    u = of.replace("A", "a")
    there = of.replace("A", "A_out")
    loss = f"minimum({u}*y, clip({u},{low},{high})*y)"
    less = f"{there}*Y < np.clip({there},{low},{high})*Y"
    return loss, f"{data}.T @ np.where({less}, {slope}, 0)"


SOMEWHERE = [  # sizes, n, what is added to the loss, and to its slope
    ((60, 50), 1, "", ""),
    ((3, 3), 3, "+log(y)", ""),
    ((3, 3), 3, "+log(a)", "+1/A_out"),
    ((3, 3), 3, "+log(a*y)", "+1/A_out"),
    ((2, 2), 2, "+sqrt(y*(2-y))", ""),
]


@pytest.mark.parametrize(("sizes", "n", "more", "slope"), SOMEWHERE)
def test_no_region_is_passed_over(sizes, n, more, slope):
    """In large networks, and where few points are admitted."""
    loss, claim = by_less("A", 0.5, 1.5)
    network = Network(*sizes, n=n, output="identity", loss=loss + more)
    claim = claim if not slope else claim.replace("X.T @ ", "X.T @ (") + slope + ")"
    assert check(network, claim, timeout=5).verdict in ("refuted", "undecided")


FAR = [
    ((5, 5), 5, "A", 200, 210, "Y"),
    ((1, 1), 1, "0.0001*A", 9, 11, "0.0001*Y"),
    ((1, 1), 1, "0.0001*A", 9, 9.05, "0.0001*Y"),
    ((1, 1), 1, "A", 1000, 1000.1, "Y"),
    ((1, 1), 1, "7*A", 9.1, 9.1001, "7*Y"),
]


@pytest.mark.parametrize(("sizes", "n", "of", "low", "high", "slope"), FAR)
def test_far_away_and_narrow(sizes, n, of, low, high, slope):
    loss, claim = by_less(of, low, high, slope)
    network = Network(*sizes, n=n, output="identity", loss=loss)
    assert check(network, claim).verdict in ("refuted", "undecided")


def test_behind_a_region_in_which_it_is_right():
    first, claim = by_less("A", 1000, 1100)
    network = Network(2, 2, output="identity", loss=f"{first}+where(a*y<clip(a,-6,6)*y,a,2*a)")
    more = "np.where(A_out*Y<np.clip(A_out,-6,6)*Y,1,2)"
    found = check(network, claim.replace("X.T @ ", "X.T @ (") + f" + {more})")
    assert found.verdict in ("refuted", "undecided")


RIGHT = [  # sizes, n, loss, and what is claimed if not the textbook's
    ((2, 2), 2, "minimum(exp(a)*y, clip(exp(a),0.8,1.2)*y)", None),
    (("m", "t"), "n", "minimum(exp(a)*y, clip(exp(a),0.8,1.2)*y)", None),
    ((2, 2), 2, "1e12+minimum(a*y, clip(a,0.5,1.5)*y)", None),
    ((2, 2), 2, "minimum(a**9*y, clip(a**9,0.5,1.5)*y)", None),
    (("m", "t"), 1, "minimum(a**8*y, maximum(a**8,0.5)*y)", None),
    ((1, 1), 1, "where(exp(-a**2)*a>0,a,2*a)", "X.T @ np.where(A_out>0,1,2)"),
    (
        ("m", "t"),
        "n",
        "maximum(a,0)-a*y+log(1+exp(-abs(a)))",
        "X.T @ (np.where(A_out>0,1,0)-Y"
        "-np.sign(A_out)*np.exp(-np.abs(A_out))/(1+np.exp(-np.abs(A_out))))",
    ),
]


@pytest.mark.parametrize(("sizes", "n", "loss", "claim"), RIGHT)
def test_what_is_right_stays_proved(sizes, n, loss, claim):
    """Where J is large beside its change, u is tiny, or 0 at a point that is met by chance."""
    assert check(Network(*sizes, n=n, output="identity", loss=loss), claim).proved


def test_deep_networks_stay_proved():
    """ln(1 − a) has no digits left in floats where a is almost 1."""
    network = Network("m", "d", "e1", "t", n="n", hidden="relu")
    assert check(network, wrt="W_1").proved


@pytest.mark.parametrize(
    "asked",
    [
        "m d f t --n n --hidden leaky_relu --wrt W_1",
        "2 2 2 --output-activation tanh --loss hinge --assume Y**2==1",
        "2 2 --output-activation sigmoid --loss abs(a-y) --assume Y**2==Y",
        "m t --n n --output-activation sigmoid --loss where(a>0.5,-y*log(a),-(1-y)*log(1-a))",
    ],
)
def test_single_points_are_not_said_to_be_more(capsys, asked):
    assert "more than single points" not in told(capsys, *asked.split())


BORDERS_INSIDE = [
    "where(where(abs(a)>0,-1,2)>0,5,maximum(a,0))",
    "where(where(abs(a)-a>0,-1,2)>0,a,maximum(a,0))",
    "where(where(a*a>=a,2,-1)>0,where(a>0,1,1-a),0.5)",
]


@pytest.mark.parametrize("loss", BORDERS_INSIDE)
def test_no_slopes_where_a_border_lies_inside_a_condition(capsys, loss):
    said = told(capsys, "1", "1", "--output-activation", "identity", "--loss", loss)
    assert "at the kink" not in said


def test_a_region_of_a_condition_that_is_no_kink(capsys):
    asked = "m d t --n n --hidden relu --wrt W_h --output-activation identity --loss mse"
    claim = "W_h: X.T @ ((delta_out @ W_out.T) * Z_h/A_h)"
    assert run([*asked.split(), "--claim", claim, "--format", "json"]) == 0
    kinks = json.loads(capsys.readouterr().out)["claims"][0]["kinks"]
    assert [(kink["what"], kink["kind"], kink["spread"]) for kink in kinks] == [
        ("relu", "kink", False),
        (None, "region", True),
    ]
    assert "below" not in kinks[1]


SLOPE = "np.where(A_out*Y < np.clip(A_out,0.5,1.5)*Y, Y, 0)"
BESIDE = [  # of what J has besides, and the claim
    ("1e-8*({})", "1e-8*(X.T @ {})"),
    ("{} + 1e12", "X.T @ {}"),
    ("{} + exp(30*a)", "X.T @ ({} + 30*np.exp(30*A_out))"),
    ("{} + log(1+exp(200*a))", "X.T @ ({} + 200/(1+np.exp(-200*A_out)))"),
    ("{} + sin(1e4*a)", "X.T @ ({} + 1e4*np.cos(1e4*A_out))"),
]


@pytest.mark.parametrize(("loss", "claim"), BESIDE)
def test_small_beside_what_is_large(loss, claim):
    """Floats tell nothing there, and do not have the word."""
    network = Network(1, 1, output="identity", loss=loss.format(CLIPPED))
    assert check(network, claim.format(SLOPE)).refuted


def test_a_mean_over_many():
    network = Network(3, 2, 1, n=100_000, output="identity", loss=CLIPPED, mean=True)
    assert not check(network, BY_LESS.format("A_h") + " / n").proved


INNER = "np.where((A_out>0.5)*(A_out<1.5){}, Y{}, 0)"
INSIDE = [
    ((1, 1), 1, INNER.format("*(Y<5)", "")),
    ((1, 1), 1, INNER.format("*(Y<30)", "")),
    (("m", "t"), "n", INNER.format("", "*np.where(n>5,0,1)")),
    (("m", "t"), "n", INNER.format("", "*np.where(n==4,0,1)")),
]


@pytest.mark.parametrize(("sizes", "n", "inner"), INSIDE)
def test_wrong_in_a_part_of_a_region_or_at_some_sizes(sizes, n, inner):
    network = Network(*sizes, n=n, output="identity", loss=CLIPPED)
    claim = f"X.T @ np.where(A_out*Y < np.clip(A_out,0.5,1.5)*Y, Y, {inner})"
    assert check(network, claim).verdict in ("refuted", "undecided")


@pytest.mark.parametrize(("sizes", "n"), [((1, 1, 2), 2), ((2, 2, 3), 2), ((4, 3, 5), 3)])
def test_of_many_entries_few_are_in_a_region(sizes, n):
    network = Network(*sizes, n=n, output="softmax", loss="minimum(a*y, clip(a,0.2,0.4)*y)")
    slope = "np.where(A_out*Y < np.clip(A_out,0.2,0.4)*Y, Y, 0)"
    claim = f"A_h.T @ (A_out*({slope} - ({slope}*A_out).sum(axis=1,keepdims=True)))"
    assert check(network, claim).verdict in ("refuted", "undecided")


@pytest.mark.parametrize("sizes", [(1, 1), (5, 5)])
def test_what_is_right_at_the_sizes_that_are_asked_for_alone(sizes):
    """n stays a number where the sum over the examples is looked at for fewer."""
    network = Network(*sizes, n=2, output="identity", loss=CLIPPED)
    right = SLOPE.replace("<", "<=")
    assert check(network, f"X.T @ {right} * n / np.sum(np.ones((n,1)))").proved


def test_a_proof_that_is_found_at_once_is_one_without_the_look():
    network = Network("m", "d", "t", n="n", hidden="relu", output="identity", loss="hinge")
    assert check(network, timeout=2).proved


def test_a_gradient_that_is_tiny():
    network = Network(1, 1, output="identity", loss=f"1e-30*({CLIPPED})")
    assert check(network, f"1e-30*(X.T @ {SLOPE})").refuted


def test_a_look_that_has_no_end_loses_no_proof(monkeypatch):
    def looking(*_):
        while True:
            pass

    monkeypatch.setattr("gradcheck_sym.evidence.left_out", looking)
    assert check(Network(1, 2, 1, hidden="relu"), wrt="W_h", timeout=0.5).proved


@pytest.mark.parametrize("layers", [45, 90])
def test_networks_too_deep_for_pythons_stack_are_no_error(layers):
    network = Network(*(f"d{k}" for k in range(layers)), n="n", hidden="relu")
    assert check(network, wrt="W_1", timeout=2).verdict in ("proved", "undecided")


DEAD = "1 1 1 --hidden relu --output-activation identity --wrt W_h"
NOWHERE_BELOW = [  # a² > 0 is told as a ≠ 0, which leaves out all that a dead unit leads to
    (
        "y*np.sqrt(a**2)",
        "X.T @ ((Y*np.sign(A_out)) @ W_out.T * (Z_h>0)) + np.where(A_out**2 > 0, 0, 5)",
    ),
    (
        "np.sqrt(a**2)",
        "X.T @ (np.sign(A_out) @ W_out.T * (Z_h>0)) + lam*W_h*np.where(A_out**2 > 0, 1, 0)",
    ),
    (
        "(a**2)**1.5",
        "X.T @ ((3*A_out*np.abs(A_out)) @ W_out.T * (Z_h>0) + np.where(A_out**2 > 0, 0, 5))",
    ),
    (
        "np.abs(a)**1.5",
        "X.T @ ((1.5*np.sqrt(np.abs(A_out))*np.sign(A_out)) @ W_out.T * (Z_h>0) "
        "+ np.where(np.abs(A_out) > 0, 0, 5))",
    ),
]


@pytest.mark.parametrize(("loss", "claim"), NOWHERE_BELOW)
def test_what_is_nowhere_below_0_may_be_0_in_a_region(loss, claim):
    more = ["--l2"] if "lam" in claim else []
    right = claim.replace(", 5)", ", 0)").replace(", 1, 0)", ", 1, 1)")
    assert run([*DEAD.split(), "--loss", loss, *more, "--claim", claim]) != 0
    assert run([*DEAD.split(), "--loss", loss, *more, "--claim", right]) == 0


def test_a_region_of_what_is_nowhere_below_0_is_told(capsys):
    asked = "m d t --n n --hidden relu --output-activation identity --loss y*np.sqrt(a**2)"
    assert run(asked.split()) == 0
    assert "where a_out[i,j] = 0, which is more than single points" in capsys.readouterr().out


ROOTS = [  # a root has no slope where its argument is 0, and there may be a region of that
    ("1 1", "identity", "(y*a**2)**1.5", "3*A_out*(Y*A_out**2)**0.5*Y", "Y*A_out**2 == 0"),
    ("m t --n n", "identity", "((1-y)*a**2)**1.5", "3*A_out*((1-Y)*A_out**2)**0.5*(1-Y)",
     "(1-Y)*A_out**2 == 0"),
    ("2 2 --n 2", "softplus", "(y*a)**2.5", "2.5*(A_out*Y)**1.5*Y*sigmoid(Z_out)",
     "A_out*Y == 0"),
    ("1 1", "clip(z,-1,1)", "(a+1)**1.5", "1.5*(A_out+1)**0.5*(Z_out>-1)*(Z_out<1)",
     "A_out == -1"),
    ("m t --n n", "maximum(z,1)", "(a-1)**1.5", "1.5*(A_out-1)**0.5*(Z_out>1)", "A_out == 1"),
    ("1 1", "relu", "(exp(a)-1)**1.5", "1.5*(exp(A_out)-1)**0.5*exp(A_out)*(Z_out>0)",
     "exp(A_out) == 1"),
    ("m t --n n", "relu", "sin(a)**2.5", "2.5*np.sin(A_out)**1.5*np.cos(A_out)*(Z_out>0)",
     "np.sin(A_out) == 0"),
]  # fmt: skip


@pytest.mark.parametrize(("sizes", "output", "loss", "slope", "there"), ROOTS)
def test_a_root_of_what_is_0_in_a_region(sizes, output, loss, slope, there, capsys):
    asked = [*sizes.split(), "--output-activation", output, "--loss", loss]
    asked += ["--assume", "Y**2 == Y"] * ("y" in loss)
    assert run([*asked, "--claim", f"X.T @ ({slope} + 5*({there}))"]) == 3
    assert run([*asked, "--claim", f"X.T @ ({slope})"]) == 0
    assert "= 0, which is more than single points" in capsys.readouterr().out


LOGARITHMS = [
    (
        "2 2 --n 2",
        "--output-activation sigmoid --loss mse",
        "Y**2 == Y",
        "where(exp(log(Y))>0,0,1)",
    ),
    ("m d t --n n", "--hidden relu", None, "0*log(A_h.sum())"),
    ("m t --n n", "--loss mse", "Y**2 == 1", "log(1+Y) - log(1+Y)"),
]


@pytest.mark.parametrize(("sizes", "options", "assumed", "zero"), LOGARITHMS)
def test_a_logarithm_of_what_is_0_in_a_region_is_told(sizes, options, assumed, zero, capsys):
    source = "A_h" if "hidden" in options else "X"
    asked = [*sizes.split(), *options.split(), *(["--assume", assumed] if assumed else [])]
    assert run([*asked, "--claim", f"{source}.T @ (delta_out + {zero})"]) == 0
    assert "= 0, which is more than single points" in capsys.readouterr().out


@pytest.mark.parametrize("loss", ["bce", "sqrt(1-a)*y", "y/(1-a)", "log(1-a)*y"])
@pytest.mark.parametrize("sizes", ["1 1 2", "2 3 4 --n 3", "m d t --n n"])
def test_a_softmax_of_one_output_is_no_region_of_others(sizes, loss, capsys):
    assert run([*sizes.split(), "--output-activation", "softmax", "--loss", loss]) == 0
    assert "more than single points" not in capsys.readouterr().out


@pytest.mark.parametrize("loss", ["sqrt(a)", "a**1.5", "sqrt(y*a)", "log(a)*a"])
def test_a_root_or_a_logarithm_of_what_is_0_at_points_alone(loss, capsys):
    assert run(["m", "t", "--n", "n", "--output-activation", "identity", "--loss", loss]) == 0
    assert "more than single points" not in capsys.readouterr().out


FACTORS = {
    "np.maximum(0, (z-3)*(z>0))": ["Ne(3 - Z_out[1, 1], 0)", "Z_out[1, 1] > 0"],
    "np.abs(z*(z-2)*(z>0))": ["Ne(2 - Z_out[1, 1], 0)", "Z_out[1, 1] > 0"],
    "np.abs(z*(z<=0))": ["-Z_out[1, 1] >= 0", "Ne(Z_out[1, 1], 0)"],
}


@pytest.mark.parametrize("output", FACTORS)
def test_a_factor_that_is_0_at_a_point_is_no_region(output, capsys):
    """(z − 3)[z > 0] ≠ 0 is told as z ≠ 3 and z > 0, neither of which hides more than it says."""
    asked = ["1", "1", "--loss", "nll", "--wrt", "Z_out", "--format", "json", "--output-activation"]
    assert run([*asked, output]) == 0
    (claim,) = json.loads(capsys.readouterr().out)["claims"]
    assert sorted(claim["conditions"]) == sorted(FACTORS[output])
    assert not any(kink["spread"] for kink in claim["kinks"])
