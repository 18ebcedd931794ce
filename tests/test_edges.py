"""Questions at the edges: each gets an answer, undecided with a reason where there is none."""

from __future__ import annotations

import gc
import json
import shlex
import subprocess
import sys
import weakref
from fractions import Fraction

import numpy as np
import pytest

from gradcheck_sym import Claim, Network, check, formula
from gradcheck_sym.cli import run
from gradcheck_sym.errors import GradcheckError, ShapeError, SizeError
from gradcheck_sym.language import read
from gradcheck_sym.mlp.textbook import deltas
from tests.deciding import same

HARD = [
    # what is asked, and the exit code
    ("2 2 2 --loss 'where(y == 1, -log(a), -log(1 - a))' --assume 'Y**2 == Y'", {0, 3}),
    ("2 2 2 --loss 'abs((y>0)*(a-y))'", {0, 3}),
    ("2 2 2 --output-activation 'maximum(abs(z), z)'", {0, 3}),
    (
        "1 1 --output-activation silu --loss 'maximum(maximum(a,y),a+y)' --assume 'Y**2 == Y'",
        {0, 3},
    ),
    ("1 1 --output-activation silu --loss 'maximum(maximum(a,y),a+y)' --audit --steps", {0, 3}),
    # cases of numbers inside a maximum; |e^z|, which SymPy takes for e^(re z)
    ("2 2 2 --loss 'maximum(a, where(2 > 1, 0.5, 3))'", {0}),
    ("2 2 2 --loss 'maximum(a, where(sqrt(2) > 1, 0.5, 3))'", {0, 3}),
    ("2 2 2 --loss mse --output-activation 'abs(exp(z))'", {0}),
    (
        "1 1 1 1 1 --hidden 'log(exp(z)+exp(-z))' --output-activation 'abs(exp(-(z)))' --loss ce "
        "--wrt W_3",
        {0, 3},
    ),
    (
        "1 1 1 --hidden 'minimum(minimum(z,z),where(1>0.5,0.5,2))' --output-activation softmax "
        "--loss 'y*log(y/a)' --wrt b_out --bias",
        {0, 3},
    ),
    # powers of cases in LaTeX
    ("2 2 2 --loss mse --output-activation 'abs(z)**3' --steps --format latex", {0}),
    ("2 2 2 --loss mse --output-activation 'erf(abs(z))' --steps --format latex", {0}),
]


@pytest.mark.parametrize(("asked", "codes"), HARD)
def test_what_has_no_normal_form_is_undecided_with_a_reason(capsys, asked, codes):
    code = run(shlex.split(asked))
    out, err = capsys.readouterr()
    assert code in codes
    assert "Traceback" not in err
    if code == 3:
        assert "undecided: " in out


# Masks in formulas ---------------------------------------------------------------------------

TYPED = Network(2, 3, 2, n=2)
MASKS = [
    ("(Z_h>0) + 0.01*(Z_h<=0)", "np.where(Z_h > 0, 1, 0.01)"),
    ("1 - (Z_h <= 0)", "np.where(Z_h > 0, 1, 0)"),
    ("1 * ((Z_h>-1)*(Z_h<1))", "np.where(Z_h > -1, np.where(Z_h < 1, 1, 0), 0)"),
    ("1 * ((Z_h>-1) + (Z_h<1))", "np.where(Z_h > -1, 1, np.where(Z_h < 1, 1, 0))"),
    ("((Z_h>-1)*(Z_h<1)).astype(float)", "np.where(Z_h > -1, np.where(Z_h < 1, 1, 0), 0)"),
    ("X @ (W_h > 0)", "X @ np.where(W_h > 0, 1, 0)"),
]


@pytest.mark.parametrize(("mask", "spelled"), MASKS)
def test_masks_are_multiplied_and_added_as_numpy_does(mask, spelled):
    names = {name: rng(index) for index, name in enumerate(("X", "W_h", "Z_h"))}
    values = eval(mask, {"np": np, **names}), eval(spelled, {"np": np, **names})
    assert np.array_equal(*values)
    one, other = (read(text, TYPED.arrays, TYPED.sizes)[1] for text in (mask, spelled))
    assert same(TYPED, one, other)


def rng(seed):
    shape = {0: (2, 2), 1: (2, 3), 2: (2, 3)}[seed]
    return np.random.default_rng(seed).uniform(-3, 3, shape)


@pytest.mark.parametrize(
    ("hidden", "slope"),
    [
        ("leaky_relu", "(Z_h>0) + 0.01*(Z_h<=0)"),
        ("relu", "1 - (Z_h<=0)"),
        ("maximum(-1, minimum(1, z))", "(Z_h>-1)*(Z_h<1)"),
    ],
)
def test_a_slope_made_of_masks_is_read(hidden, slope):
    network = Network(2, 2, 2, hidden=hidden)
    claim = f"X.T @ ((delta_out @ W_out.T) * ({slope}))"
    assert check(network, formula(claim, network, "W_h")).verdict == "proved"


# Work that is bounded ------------------------------------------------------------------------

LONG = [
    "1 1 --output-activation silu --loss 'sqrt(a)*y'",
]


@pytest.mark.parametrize("asked", LONG)
def test_what_takes_too_many_terms_is_given_up(capsys, asked):
    """It took half a minute."""
    assert run(shlex.split(asked)) in {0, 3}
    assert "proved" in capsys.readouterr().out


# What nobody typed ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        "2 2 2 --output-activation identity --loss a",
        "2 2 2 --output-activation identity --loss y",
        "1 1 1 --hidden '(z+1)**20/(z**2+1)**10' --wrt W_h --loss mse",
    ],
)
def test_the_textbooks_own_formulas_are_never_refused(asked):
    assert run([*shlex.split(asked), "-q"]) == 0


@pytest.mark.parametrize(
    "sizes", ["2 n t --n d", "n d t --n m", "n d t --n 5", "t 2 2", "m m t --n d"]
)
def test_no_size_has_the_letter_of_another(sizes, capsys):
    """1/n with n inputs and m examples would be 1/m."""
    assert run([*sizes.split(), "--mean"]) == 2
    assert "give it another name" in capsys.readouterr().err


@pytest.mark.parametrize("sizes", ["m m t --n n", "n d t --n n", "m d t --n d", "d d t --n n"])
def test_but_where_they_are_equal(sizes):
    assert run([*sizes.split(), "--mean", "-q"]) == 0


@pytest.mark.parametrize("wrt", ["Z_out", "A_out", "Z_h", "A_h"])
def test_sizes_that_nothing_depends_on_are_numbers_in_the_line(wrt, capsys):
    asked = ["m", "d", "t", "--n", "n", "--wrt", wrt, "--claim", wrt, "--format", "json"]
    assert run(asked) == 1
    reproduced(json.loads(capsys.readouterr().out)["claims"][0]["entries"][0])


@pytest.mark.parametrize(
    "asked",
    [
        "m d t --n n --wrt Z_out --claim 'delta_out / len(X)'",
        "m d t --n n --wrt Z_h --claim 'delta_h * X.shape[0] * W_h.shape[0] / len(W_out) * 2'",
        "2 3 2 2 --wrt Z_2 --claim 'delta_2 / len(X) / W_1.shape[1]'",
        "q1 q2 q3 --n q4 --l2 --bias --wrt Z_out --claim 'delta_out * (n + 1) / len(b_h) * q1'",
    ],
)
def test_arrays_that_are_only_counted_stand_in_the_line(asked, capsys):
    assert run([*shlex.split(asked), "--format", "json"]) == 1
    reproduced(json.loads(capsys.readouterr().out)["claims"][0]["entries"][0])


@pytest.mark.parametrize("n", ["3", "N", "n"])
def test_the_errors_of_hidden_layers_are_divided_by_n_once(n, capsys):
    asked = ["2", "3", "2", "2", "--n", n, "--mean", "--claim", "W_1: 2 * X.T @ delta_1"]
    assert run([*asked, "--format", "json"]) == 1
    reproduced(json.loads(capsys.readouterr().out)["claims"][0]["entries"][0])


@pytest.mark.parametrize("sizes", [("3", "2"), ("m", "t")])
def test_an_oblong_identity_beside_a_named_error(sizes):
    """δ_{lj} puts l, which runs to m, where j belongs, which runs to t."""
    right, kept = "X.T @ delta_out", "np.eye(m, t)"
    assert run([*sizes, "--claim", f"({right}) * {kept}", "-q"]) == 1
    assert run([*sizes, "--claim", f"({right}) * {kept} + ({right}) * (1 - {kept})", "-q"]) == 0


def reproduced(entry):
    """Run the line and compare what it prints with the bounds of the point."""
    printed = printed_by(entry)
    point = entry["evidence"]["counterexample"]
    for text, side in zip(printed, ("derivative", "claim"), strict=True):
        low, high = (Fraction(point[side][end]) for end in ("low", "high"))
        assert float(low) - 1e-5 <= float(text) <= float(high) + 1e-5
    assert printed[0] != printed[1]


def printed_by(entry):
    command = [sys.executable, "-c", entry["reproduction"]]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    return shown.stdout.split()


# Equal networks ------------------------------------------------------------------------------


def test_equal_networks_are_interchangeable():
    one, other = Network(2, 2, 2, hidden="tanh"), Network(2, 2, 2, hidden="tanh")
    for text in ("A_h.T @ delta_out", "A_h.T @ (A_out - Y)"):
        assert check(other, formula(text, one)).verdict == "proved"
    assert deltas(other)["delta_out"] is not deltas(one)["delta_out"]
    read_by = operands(deltas(other)["delta_h"])
    assert other.arrays["W_out"] in read_by
    assert one.arrays["W_out"] not in read_by


def test_networks_that_differ_further_down_are_not():
    """Planted: the same A_h by name, of another Z_h."""
    one, other = Network(2, 2, 2), Network(2, 2, 2, bias=True)
    with pytest.raises(ShapeError, match=r"its b_h is not this network"):
        check(one, Claim("planted", other.arrays["A_h"].T @ one.arrays["Y"]))


def test_a_network_lives_no_longer_than_it_is_used():
    network = Network(2, 2, 2)
    check(network)
    gone = weakref.ref(network)
    del network
    gc.collect()
    assert gone() is None


def operands(array):
    found, pending = set(), [array]
    while pending:
        pending += (part := pending.pop()).operands
        found.add(part)
    return found


# What is too long, and what is echoed --------------------------------------------------------


@pytest.mark.parametrize(
    "claim", ["A_h.T @ (A_out-Y)*(1 + X.sum())", "A_h.T @ delta_out + X.sum()"]
)
def test_a_size_of_ten_digits_gets_an_answer(capsys, claim):
    asked = ["10000000000", "1", "1", "-q", "--claim", claim]
    assert run(asked) in (1, 3)
    assert "Traceback" not in capsys.readouterr().err


def test_work_that_does_not_fit_in_memory_is_said_so(capsys, monkeypatch):
    def full(*_given, **_options):
        raise MemoryError

    monkeypatch.setattr("gradcheck_sym.argument.check_all", full)
    assert run(["2", "2", "2"]) == 2
    assert capsys.readouterr().err.startswith("gradcheck-sym: the work does not fit in memory; ")


CONTROL = "a\nb\r\x1b[31m\x07\x85\u2028\u202e"


@pytest.mark.parametrize(
    "options",
    [
        ["--wrt", CONTROL],
        ["--hidden", CONTROL],
        ["--output-activation", CONTROL],
        ["--output-activation", f"z{CONTROL}"],
        ["--loss", CONTROL],
        ["--n", CONTROL],
        ["--format", CONTROL],
        ["--assume", f"Y{CONTROL} == 1"],
        ["--claim", f"@{CONTROL}"],
        ["--claim", f"X @ {CONTROL}"],
        ["-o", f"no/{CONTROL}/x.txt"],
        [f"--{CONTROL}"],
        [f"-{CONTROL}"],
    ],
)
def test_control_characters_are_shown_escaped(capsys, options):
    assert run(["2", "2", "2", *options]) == 2
    message = capsys.readouterr().err
    first, *others = message.removesuffix("\n").split("\n")
    assert first.isprintable()
    assert all(line.isprintable() for line in others)
    assert len(others) in (0, 2)  # the formula, and the caret under it


def test_a_line_break_in_a_name_stays_on_the_line(capsys):
    assert run(["2", "2", "2", "--wrt", "W_out\n"]) == 2
    assert capsys.readouterr().err.startswith(r"gradcheck-sym: --wrt W_out\n: no such array")


# The line of NumPy ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("assumed", "holds", "options"),
    [
        ("Y**2 == 1", "(Y**2 == 1).all()", []),
        ("Y**2 == Y", "(Y**2 == Y).all()", []),
        (
            "Y.sum(axis=1) == 1",
            "np.allclose(Y.sum(axis=1), 1)",
            ["--output-activation", "softmax", "--loss", "ce"],
        ),
    ],
)
def test_the_point_that_numpy_runs_keeps_to_the_hypotheses(capsys, assumed, holds, options):
    """The entries of Y that do not matter too, which the point leaves out."""
    asked = ["2", "2", "2", "--n", "3", "--assume", assumed, *options, "--format", "json"]
    assert run([*asked, "--claim", "A_h.T @ delta_out * 2"]) == 1
    for entry in json.loads(capsys.readouterr().out)["claims"][0]["entries"]:
        reproduced(entry)
        line = {**entry, "reproduction": f"{entry['reproduction']}print({holds})"}
        assert printed_by(line)[-1] == "True"
        assert entry["evidence"]["counterexample"]["rest"] == "any that the hypotheses allow"


def test_the_line_says_where_floats_do_not_show_the_difference(capsys):
    asked = ["2", "2", "2", "--format", "json", "--claim"]
    assert run([*asked, "A_h.T @ (delta_out*(1+1e-17))"]) == 1
    entry = json.loads(capsys.readouterr().out)["claims"][0]["entries"][0]
    assert "floats are too coarse here: the two are 1e-17 of" in " ".join(printed_by(entry))
    assert run([*asked, "A_h.T @ (delta_out*(1+1e-9))"]) == 1
    assert "coarse" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["print", "complex"])
def test_no_size_bears_a_name_that_the_line_is_written_with(name):
    with pytest.raises(SizeError, match="has a meaning here"):
        Network("m", "d", "t", n=name)


# What Python and NumPy ask of an array -------------------------------------------------------

NETWORK = Network(2, 2, 2)
A_H, A_OUT, Y, W_OUT = (NETWORK.arrays[name] for name in ("A_h", "A_out", "Y", "W_out"))

OURS = [
    lambda: np.dot(A_H.T, A_OUT - Y),
    lambda: np.matmul(np.transpose(A_H), np.subtract(A_OUT, Y)),
    lambda: A_H.T @ np.multiply(A_OUT - Y, np.float64(1)),
    lambda: np.float64(0.5) * (A_H.T @ (A_OUT - Y)) * 2,
    lambda: A_H.T @ (1 / (1 + np.exp(-(A_H @ W_OUT))) - Y),
    lambda: A_H.T @ (A_OUT - Y) * np.square(np.sqrt(np.ones_like(A_OUT))).sum() / np.int64(2),
    lambda: A_H.T @ (A_OUT - Y) + 0.1 * np.sum(Y, axis=0) - np.mean(Y, axis=0, keepdims=True) / 10,
]


@pytest.mark.parametrize("made", OURS)
def test_numpys_functions_are_our_operations(made):
    assert check(NETWORK, Claim("made", made())).verdict == "proved"


NAMED = Network("m", "d", "t", n="n")
REFUSED = {
    "bool": lambda: bool(A_H),
    "list": lambda: list(A_H),
    "unpacked": lambda: [*A_H],
    "len": lambda: len(NAMED.arrays["A_h"]),
    "float": lambda: float(A_H),
    "int": lambda: int(A_H),
    "complex": lambda: complex(A_H),
    "in": lambda: 1 in A_H,
    "if >": lambda: 1 if A_H > 0 else 2,
    "if ==": lambda: 1 if A_H == A_OUT else 2,
    "!=": lambda: bool(A_H != 0),
    "0 <=": lambda: bool(0 <= A_H),  # noqa: SIM300 - that way round
    "sum": lambda: sum(A_H),
    "max": lambda: max(A_H, Y),
    "ndarray": lambda: A_H * np.ones((1, 2)),
    "ndarray first": lambda: np.ones((2, 1)) @ A_H,
    "@ ndarray": lambda: A_H.T @ np.ones((1, 2)),
    "+= ndarray": lambda: np.add(np.ones((1, 2)), A_H),
    "nan": lambda: A_H * float("nan"),
    "string": lambda: A_H + "1",
    "None": lambda: A_H + None,
    "asarray": lambda: np.asarray(A_H),
    "array": lambda: np.array([A_H, Y]),
    "where": lambda: np.where(A_H, 1, 0),
    "arctan": lambda: np.arctan(A_H),
    "greater": lambda: float(np.greater(A_H, 0)),
    "reduce": lambda: np.add.reduce(A_H),
    "out": lambda: np.exp(A_H, out=np.ones((1, 2))),
    "dtype": lambda: np.sum(A_H, dtype=int),
    "einsum": lambda: np.einsum("ij,ik", A_H, Y),
    "concatenate": lambda: np.concatenate([A_H, Y]),
    "shapes": lambda: np.dot(A_H, Y),
    "power": lambda: np.power(Y, A_H),
}


@pytest.mark.parametrize("asked", REFUSED.values(), ids=REFUSED)
def test_what_only_numbers_can_do_is_one_clear_error(asked):
    with pytest.raises(GradcheckError) as caught:
        asked()
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) > 20


def test_numpy_is_not_imported():
    code = (
        "import sys, gradcheck_sym as g; g.check(g.Network(2, 2, 2)); print('numpy' in sys.modules)"
    )
    entry = {"reproduction": code}
    assert printed_by(entry) == ["False"]
