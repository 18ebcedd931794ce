"""Gradients by what an object learns, where backward returns them, as many as there are inputs.

An adversary's findings (28 Nov 2026): they were taken for the gradients by the inputs, and refuted.
"""

from __future__ import annotations

import numpy as np
import pytest

from gradcheck_sym import prove_vjp
from gradcheck_sym.errors import CodeError

GIVEN = {"d": "d", "x": ("n", "d"), "y": ("n",)}


class Regression:
    factor = 1

    def __init__(self, d):
        self.w, self.b = np.zeros(d), np.zeros(1)

    def forward(self, x, y):
        self.x, self.y = x, y
        self.r = x @ self.w + self.b - y
        return (self.r**2).sum() / 2

    def of_w(self):
        return self.factor * self.x.T @ self.r

    def of_b(self):
        return np.sum(self.r, keepdims=True)


class Attributes(Regression):
    def backward(self):
        self.dw, self.db = self.of_w(), self.of_b()
        return self.dw, self.db


class Variables(Regression):
    def backward(self):
        dw = self.of_w()
        db = self.of_b()
        return dw, db


class InAnotherOrder(Regression):
    def backward(self):
        d_w, d_b = self.of_w(), self.of_b()
        return d_b, d_w


class OneAlone(Regression):
    def backward(self):
        self.dw = self.of_w()
        return self.dw


class Table(Regression):
    def backward(self):
        return {"w": self.of_w(), "b": self.of_b()}


class KeptTable(Regression):
    def backward(self):
        self.grads = {"dw": self.of_w(), "db": self.of_b()}
        return self.grads


class OutOfATable(Regression):
    """What is returned has no name, and is what the object keeps."""

    def backward(self):
        self.grads = {"w": self.of_w(), "b": self.of_b()}
        return self.grads["w"], self.grads["b"]


class ValuesOfATable(OutOfATable):
    def backward(self):
        super().backward()
        return tuple(self.grads.values())


CLASSES = (
    Attributes,
    Variables,
    InAnotherOrder,
    OneAlone,
    Table,
    KeptTable,
    OutOfATable,
    ValuesOfATable,
)


@pytest.mark.parametrize("right", CLASSES, ids=lambda one: one.__name__)
def test_names_tell_that_they_are_by_weights(right):
    class Wrong(right):
        factor = 2

    names = ["w"] if right is OneAlone else ["w", "b"]
    report = prove_vjp(right, **GIVEN)
    assert sorted(part.wrt for part in report) == sorted(names)
    assert report.proved
    left = "x, y, b" if right is OneAlone else "x, y"
    assert f"no gradient by {left} is returned, so none is checked" in str(report)
    found = {part.wrt: part.kind for part in prove_vjp(Wrong, **GIVEN)}
    assert found == {name: "refuted" if name == "w" else "proved" for name in names}


class Square:
    """All shapes are the same."""

    sign = 1

    def __init__(self):
        self.w, self.b = np.ones((3, 3)), np.zeros((3, 3))

    def forward(self, x, y):
        self.x, self.y = x, y
        return ((x @ self.w + self.b - y) ** 2).sum() / 2

    def backward(self):
        r = self.x @ self.w + self.b - self.y
        dw, db = self.x.T @ r, self.sign * r
        return dw, db


def test_shapes_that_are_alike_mislead_nobody():
    class Wrong(Square):
        sign = -1

    given = {"x": (3, 3), "y": (3, 3)}
    assert prove_vjp(Square, **given).proved
    report = prove_vjp(Wrong, **given)
    assert {part.wrt: part.kind for part in report} == {"w": "proved", "b": "refuted"}


class Dense:
    def __init__(self, d):
        self.w = np.ones((d, d))

    def forward(self, x):
        self.x = x
        return x @ self.w

    def backward(self, dout):
        dw = self.x.T @ dout
        return dw  # noqa: RET504


class Other(Dense):
    def backward(self, dout):
        dw = dout.T @ self.x
        return dw  # noqa: RET504


class ByTheInput(Dense):
    def backward(self, dout):
        self.dw = self.x.T @ dout
        dx = dout @ self.w.T
        return dx  # noqa: RET504


def test_one_gradient_beside_one_input():
    given = {"d": "d", "x": ("n", "d")}
    assert [part.wrt for part in prove_vjp(Dense, **given)] == ["w"]
    assert prove_vjp(Dense, **given).proved
    assert prove_vjp(Other, **given).refuted
    report = prove_vjp(ByTheInput, **given)
    assert [part.wrt for part in report] == ["x", "w"]
    assert report.proved


def test_one_by_an_input_beside_one_by_a_weight():
    class Cell(Dense):
        def forward(self, x, h):
            self.h = h
            return super().forward(x) * h

        def backward(self, dout):
            dx = (dout * self.h) @ self.w.T
            dw = self.x.T @ (dout * self.h)
            return dx, dw

    report = prove_vjp(Cell, d="d", x=("n", "d"), h=("n", "d"))
    assert [part.wrt for part in report] == ["x", "w"]
    assert report.proved


class Nameless(Regression):
    def backward(self):
        return self.of_w(), self.of_b()


def test_what_has_no_names_and_the_shapes_of_weights_is_refused():
    with pytest.raises(CodeError, match="by which of w, b is it the gradient"):
        prove_vjp(Nameless, **GIVEN)
