"""Questions at the edges: each gets an answer, undecided with a reason where there is none."""

from __future__ import annotations

import shlex
from dataclasses import replace

import numpy as np
import pytest
import sympy

from gradcheck_sym import Network, Proved, check, formula
from gradcheck_sym.cli import run
from gradcheck_sym.kernel.decide import Equation
from gradcheck_sym.language import read

HARD = [
    # what is asked, and the exit code
    ("2 2 2 --loss 'where(y == 1, -log(a), -log(1 - a))' --assume 'Y**2 == Y'", {0, 3}),
    ("2 2 2 --loss 'abs((y>0)*(a-y))'", {0, 3}),
    ("2 2 2 --output 'maximum(abs(z), z)'", {0, 3}),
    ("1 1 --output silu --loss 'maximum(maximum(a,y),a+y)' --assume 'Y**2 == Y'", {0, 3}),
    ("1 1 --output silu --loss 'maximum(maximum(a,y),a+y)' --audit --steps", {0, 3}),
    # cases of numbers inside a maximum; |e^z|, which SymPy takes for e^(re z)
    ("2 2 2 --loss 'maximum(a, where(2 > 1, 0.5, 3))'", {0}),
    ("2 2 2 --loss 'maximum(a, where(sqrt(2) > 1, 0.5, 3))'", {0, 3}),
    ("2 2 2 --loss mse --output 'abs(exp(z))'", {0}),
    (
        "1 1 1 1 1 --hidden 'log(exp(z)+exp(-z))' --output 'abs(exp(-(z)))' --loss ce --wrt W_3",
        {0, 3},
    ),
    (
        "1 1 1 --hidden 'minimum(minimum(z,z),where(1>0.5,0.5,2))' --output softmax "
        "--loss 'y*log(y/a)' --wrt b_out --bias",
        {0, 3},
    ),
    # powers of cases in LaTeX
    ("2 2 2 --loss mse --output 'abs(z)**3' --steps --format latex", {0}),
    ("2 2 2 --loss mse --output 'erf(abs(z))' --steps --format latex", {0}),
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
    ("np.where((Z_h>-1)*(Z_h<1), Z_h, 0)", "np.where(Z_h > -1, np.where(Z_h < 1, Z_h, 0), 0)"),
    ("X @ (W_h > 0)", "X @ np.where(W_h > 0, 1, 0)"),
]


@pytest.mark.parametrize(("mask", "spelled"), MASKS)
def test_masks_are_multiplied_and_added_as_numpy_does(mask, spelled):
    names = {name: rng(index) for index, name in enumerate(("X", "W_h", "Z_h"))}
    same = eval(mask, {"np": np, **names}), eval(spelled, {"np": np, **names})
    assert np.array_equal(*same)
    index = sympy.symbols("i j")
    one, other = (read(text, TYPED.arrays, TYPED.sizes)[1][index] for text in (mask, spelled))
    context = replace(TYPED.context, ranges={"i": 2, "j": 3})
    assert isinstance(Equation(one, other, context).decide({}), Proved)


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
