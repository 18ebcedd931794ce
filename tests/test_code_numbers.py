"""Weights that are Python's numbers: of these it says nothing that two are one object."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from gradcheck_sym import prove_vjp
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.numbers import number


class Line:
    """w x + b, both 0.0 at first."""

    def __init__(self):
        self.w = 0.0
        self.b = 0.0

    def forward(self, x):
        self.x = x
        return self.w * x + self.b

    def backward(self, dout):
        self.dw, self.db = (dout * self.x).sum(), dout.sum()
        return dout * self.w


class Crossed(Line):
    """The one has the gradient by the other."""

    def backward(self, dout):
        dx = super().backward(dout)
        self.dw, self.db = self.db, self.dw
        return dx


class Confused(Line):
    """b stands for w."""

    def backward(self, dout):
        self.dw, self.db = (dout * self.x).sum(), dout.sum()
        return dout * self.b


class One(Line):
    """Two defaults of one value."""

    def __init__(self, w=1.0, b=1.0):
        self.w, self.b = w, b


class Scalars(Line):
    """A scalar of NumPy's."""

    def __init__(self):
        self.w = self.b = np.float64(0.0)


class Loss(Line):
    """A mean square, of which nothing is returned."""

    def forward(self, x, y):
        self.r = super().forward(x) - y
        return np.mean(self.r**2)

    def backward(self):
        self.dw, self.db = 2 * np.mean(self.r * self.x), 2 * np.mean(self.r)


class Returned(Loss):
    """What it returns is called after the weights, and no more than the inputs."""

    def backward(self):
        dw, db = 2 * np.mean(self.r * self.x), 2 * np.mean(self.r)
        return dw, db


class ReturnedOne(Loss):
    """One alone."""

    def backward(self):
        self.dw = 2 * np.mean(self.r * self.x)
        return self.dw


class OneArray(Line):
    """An array in two places is one array: what is added to it is added to both."""

    def __init__(self):
        self.w = self.b = np.zeros(1)


@pytest.mark.parametrize("layer", [Line, One, Scalars])
def test_two_numbers_that_are_one_object(layer):
    report = prove_vjp(layer, x=("n",))
    assert report.proved
    assert {"x", "w", "b"} <= {part.wrt for part in report.parts}


@pytest.mark.parametrize(("loss", "learnt"), [(Loss, "wb"), (Returned, "wb"), (ReturnedOne, "w")])
def test_a_loss_of_which_gradients_by_numbers_are_asked(loss, learnt):
    report = prove_vjp(loss, x=("n",), y=("n",))
    assert report.proved
    assert {part.wrt for part in report.parts} == {*learnt}


def test_numbers_that_are_taken_for_each_other_are_told_apart():
    assert not prove_vjp(Crossed, x=("n",))["w"].proved
    report = prove_vjp(Confused, x=("n",))
    assert report["x"].verdict.counterexample
    assert report["w"].proved


def test_an_array_in_two_places_has_one_gradient():
    with pytest.raises(
        CodeError, match=r"by \.w, which is one array with \.b, may be \.db or \.dw$"
    ):
        prove_vjp(OneArray, x=("n",))


EPS = float(np.finfo(float).eps)


@pytest.mark.parametrize(
    "value", [1 - EPS, 1 - EPS / 2, 1 + EPS, 2 - EPS, -1 + EPS, 0.5 + EPS / 2, 6 - 4 * EPS]
)
def test_what_is_just_beside_a_number_that_floats_have_is_not_that(value):
    assert number(value).entry().value == Fraction(repr(value)) != round(value, 3)


@pytest.mark.parametrize("value", [0.1 + 0.2, 1 - 0.9, 0.9**10, 3 * 0.1])
def test_what_is_just_beside_a_number_that_no_float_is_is_that(value):
    assert number(value).entry().value == Fraction(repr(round(value, 12)))


def beta(x):
    u = np.minimum(x, 1 - EPS)
    return 2 * np.log(x) + 3 * np.log(1 - u), (x, u)


def beta_backward(dout, cache):
    """Wrong beyond 1, where u does not change."""
    x, u = cache
    return dout * (2 / x - 3 / (1 - u))


def beta_backward_masked(dout, cache):
    x, u = cache
    return dout * (2 / x - 3 / (1 - u) * (x < 1 - EPS))


def test_a_clamp_just_below_1_is_one():
    assert prove_vjp(beta, beta_backward, x=("n",)).refuted
    assert prove_vjp(beta, beta_backward_masked, x=("n",)).proved
