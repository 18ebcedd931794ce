"""Outputs that backward takes no gradient by are told: nothing is to depend on them.

An adversary's findings (28 Nov 2026): they were dropped without a word.
"""

from __future__ import annotations

import numpy as np
import pytest

from gradcheck_sym import prove_vjp

SAID = "no gradient by "
XC = {"x": ("n",), "c": ("n",)}


class Cell:
    factor = 1

    def forward(self, x, c):
        self.x, self.c = x, c
        c_next = np.tanh(x) * c
        h_next = c_next**2
        return h_next, c_next

    def backward(self, dh_next):
        t = np.tanh(self.x)
        dc = 2 * t * self.c * dh_next
        dx = self.factor * dc * self.c * (1 - t**2)
        return dx, dc * t


class Wrong(Cell):
    factor = 2


class Whole(Cell):
    def backward(self, dh_next, dc_next):
        t = np.tanh(self.x)
        dc = 2 * t * self.c * dh_next + dc_next
        return dc * self.c * (1 - t**2), dc * t


class Unnamed(Cell):
    def forward(self, x, c):
        h, self.c_next = super().forward(x, c)
        return h, self.c_next


class Sampled:
    """Two further outputs, as an encoder has them."""

    def forward(self, x):
        self.x = x
        mu, s = x**2, x**3
        z = mu + s
        return z, mu, s

    def backward(self, dz):
        return dz * (2 * self.x + 3 * self.x**2)


def square(x):
    h = np.tanh(x)
    out = h**2
    return out, h


def by_the_input(dout, x):
    h = np.tanh(x)
    return 2 * dout * h * (1 - h**2)


def by_both(dout, h, x):
    return 2 * dout * h * (1 - np.tanh(x) ** 2)


def test_one_is_told():
    said = "no gradient by c_next is taken: it is treated as if nothing depended on it"
    report = prove_vjp(Cell, **XC)
    assert report.proved
    assert said in str(report)
    report = prove_vjp(Wrong, **XC)
    assert [part.kind for part in report] == ["refuted", "proved"]
    assert said in str(report)


def test_several_are_told():
    report = prove_vjp(Sampled, x=("n",))
    assert report.proved
    assert "no gradient by mu, s is taken: they are treated" in str(report)


def test_one_without_a_name_is_told_by_its_place():
    report = prove_vjp(Unnamed, **XC)
    assert report.proved
    assert "no gradient by output 2 is taken" in str(report)


def test_of_functions_what_backward_is_given_is_no_output():
    report = prove_vjp(square, by_the_input, x=("n",))
    assert report.proved
    assert "no gradient by h is taken" in str(report)
    report = prove_vjp(square, by_both, x=("n",))
    assert report.proved
    assert SAID not in str(report)


@pytest.mark.parametrize(
    "forward",
    [
        lambda x: (x**2, x),
        lambda x: (x**2, x > 0),
        lambda x: (x**2, np.random.rand(*x.shape)),
        lambda x: (x**2, {"x": x}),
    ],
)
def test_nothing_is_told_of_what_has_no_gradient(forward):
    class Layer:
        def forward(self, x):
            self.x = x
            return forward(x)

        def backward(self, dout):
            return 2 * dout * self.x

    report = prove_vjp(Layer, x=("n",))
    assert report.proved
    assert SAID not in str(report)


def test_nothing_is_told_where_each_output_has_its_gradient():
    report = prove_vjp(Whole, **XC)
    assert report.proved
    assert SAID not in str(report)
