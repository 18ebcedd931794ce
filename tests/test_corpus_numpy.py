"""The corpus says what it says: NumPy alone finds the right ones right and the wrong ones wrong."""

from __future__ import annotations

from functools import cache
from typing import get_args

import numpy as np
import pytest

from tests.corpus import NAMED_SIZES, RIGHT, WRONG, Needs

SIZES = [
    {"m": 2, "d": 2, "t": 2, "n": 1},
    {"m": 2, "d": 2, "t": 2, "n": 2},
    {"m": 4, "d": 3, "t": 5, "n": 3},
    {"m": 5, "d": 4, "t": 3, "n": 2},  # no two alike: shapes cannot fit by accident
    {"m": 3, "d": 2, "t": 1, "n": 2},
    {"m": 1, "d": 1, "t": 1, "n": 1},  # whatever is wrong here is wrong at all sizes
]
POINTS = range(8)

# float64 is what people run; an error that hides in its rounding cannot hide in longdouble's
PRECISIONS = [(np.float64, 1e-7), (np.longdouble, 1e6 * float(np.finfo(np.longdouble).eps))]
WRONG_BY = 1e-6


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def names(point, *, m, d, t, n, dtype=np.float64):
    """Everything that a formula may mention, at a random point; Y is any real."""
    random = np.random.default_rng([point, m, d, t, n])
    x, w_h, w_out, y = (
        random.normal(size=size).astype(dtype) for size in ((n, m), (m, d), (d, t), (n, t))
    )
    z_h = x @ w_h
    # the last two have predictions near 1 and near 0
    w_out += {6: 7, 7: -7}.get(point, 0) / sigmoid(z_h).sum(axis=1).mean()
    z_out = sigmoid(z_h) @ w_out
    arrays = {"X": x, "W_h": w_h, "W_out": w_out, "Y": y, "Z_h": z_h, "A_h": sigmoid(z_h)}
    arrays |= {"Z_out": z_out, "A_out": sigmoid(z_out), "delta_out": sigmoid(z_out) - y}
    return arrays | {"m": m, "d": d, "t": t, "n": n}


def loss(x, w_h, w_out, y):
    """J = −Σ_i Σ_j [y ln a + (1 − y) ln(1 − a)]."""
    a = sigmoid(sigmoid(x @ w_h) @ w_out)
    return -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a))


@cache
def case(point, dtype, **sizes):
    """The names at a point, and ∂J/∂W_out there by complex steps, exact but for rounding."""
    known = names(point, **sizes, dtype=dtype)
    w_out = known["W_out"]
    gradient = np.zeros_like(w_out)
    step = dtype(1e-30)
    for index in np.ndindex(w_out.shape):
        moved = w_out + 0j
        moved[index] += 1j * step
        gradient[index] = loss(known["X"], known["W_h"], moved, known["Y"]).imag / step
    return known, gradient


FUNCTIONS = (
    *(np.dot, np.matmul, np.multiply, np.sum, np.mean, np.exp, np.log, np.tanh, np.square),
    *(np.sqrt, np.ones, np.zeros, np.outer, np.transpose, np.where, np.maximum),
)
LANGUAGE = {"np": np, "sigmoid": sigmoid, "len": len}
LANGUAGE |= {function.__name__: function for function in FUNCTIONS}


def run(formula, known):
    return eval(formula.text, LANGUAGE | known)


def fitting(formula):
    return [sizes for sizes in SIZES if formula.fits(**sizes)]


def each(formulas):
    return pytest.mark.parametrize(
        "formula", [pytest.param(formula, id=formula.text) for formula in formulas]
    )


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
@each(RIGHT)
def test_a_right_formula_is_the_derivative(formula, dtype, tolerance):
    for sizes in fitting(formula):
        for point in POINTS:
            known, gradient = case(point, dtype, **sizes)
            value = run(formula, known)
            assert value.shape == gradient.shape
            error = np.abs(value - gradient).max()
            assert error <= tolerance * np.abs(gradient).max(), (sizes, point)


@each(WRONG)
def test_a_wrong_formula_has_the_right_shape_and_another_value(formula):
    for sizes in fitting(formula):
        cases = [case(point, np.float64, **sizes) for point in POINTS]
        errors = [run(formula, known) - gradient for known, gradient in cases]
        assert all(run(formula, known).shape == gradient.shape for known, gradient in cases)
        assert np.abs(errors).max() > WRONG_BY, sizes


@each(formula for formula in RIGHT + WRONG if formula.needs)
def test_what_a_formula_needs_it_needs(formula):
    """With some other sizes it has another shape, or what was right is wrong, or the reverse."""
    assert fitting(formula)
    others = [sizes for sizes in SIZES if sizes not in fitting(formula)]
    assert any(not as_listed(formula, sizes) for sizes in others)


def as_listed(formula, sizes):
    cases = [case(point, np.float64, **sizes) for point in POINTS]
    try:
        values = [run(formula, known) for known, _ in cases]
    except ValueError:  # NumPy's word for shapes that do not fit
        return False
    gradients = [gradient for _, gradient in cases]
    if any(np.shape(v) != g.shape for v, g in zip(values, gradients, strict=True)):
        return False
    wrong = any(np.abs(v - g).max() > WRONG_BY for v, g in zip(values, gradients, strict=True))
    return wrong == (formula in WRONG)


def test_the_corpus_is_large_and_no_two_formulas_are_alike():
    for formulas in (RIGHT, WRONG):
        assert len(formulas) >= 60
        assert sum(not formula.needs for formula in formulas) >= 50
    texts = ["".join(formula.text.split()) for formula in RIGHT + WRONG]
    assert len(set(texts)) == len(texts)


def test_the_set_of_needs_is_closed_and_each_is_used():
    used = {formula.needs for formula in RIGHT + WRONG}
    assert used == set(get_args(Needs)) == set(NAMED_SIZES)
