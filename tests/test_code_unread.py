"""What an object gives beside the gradients that are compared, and what it takes as nothing."""

import numpy as np
import pytest

from gradcheck_sym import prove_vjp
from gradcheck_sym.errors import CodeError


class Private:
    """The gradient is kept in a private attribute, and properties may give something else."""

    def __init__(self, d):
        self._w = np.random.randn(d, d)
        self._dw = None

    def forward(self, x):
        self._x = x
        return x @ self._w

    def backward(self, dout):
        self._n = len(dout)
        self._dw = self._x.T @ dout
        return dout @ self._w.T


class GradientDict(Private):
    @property
    def gradient(self):
        return {"w": self._dw / self._n}


class WeightGrad(Private):
    @property
    def weight_grad(self):
        return self._dw / self._n


class Pairs(Private):
    @property
    def parameters(self):
        return [(self._w, self._dw / self._n)]


class Same(Private):
    @property
    def gradient(self):
        return {"w": 1 * self._dw}


class Raises(Private):
    @property
    def grad_norm(self):
        raise ValueError("not now")


def test_a_property_that_gives_gradients_by_name_is_the_gradient():
    report = prove_vjp(GradientDict, d="d", x=("n", "d"))
    assert {part.wrt: part.kind for part in report} == {"x": "proved", "_w": "refuted"}


@pytest.mark.parametrize("layer", [WeightGrad, Pairs])
def test_a_property_that_gives_something_else_than_a_private_attribute_is_refused(layer):
    with pytest.raises(CodeError, match=r"gives something else than \._dw"):
        prove_vjp(layer, d="d", x=("n", "d"))


@pytest.mark.parametrize("layer", [Private, Same, Raises])
def test_a_private_attribute_that_nothing_speaks_against_is_the_gradient(layer):
    report = prove_vjp(layer, d="d", x=("n", "d"))
    assert report.proved, str(report)
    assert "not looked at" not in str(report)


class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, dout):
        self.dW = self.x.T @ dout
        return dout @ self.W.T


class Collects:
    """Wrong where people look: the gradients that a network collects are others."""

    def __init__(self, d):
        self.fc = Dense(d, d)
        self.grads = {}

    def forward(self, x):
        return self.fc.forward(x)

    def backward(self, dout):
        dx = self.fc.backward(dout)
        self.grads["W"] = self.fc.dW / len(dout)
        return dx


class Appends(Collects):
    def backward(self, dout):
        dx = self.fc.backward(dout)
        self.gradients = [self.fc.dW / len(dout)]
        return dx


class Beside(Collects):
    def backward(self, dout):
        dx = self.fc.backward(dout)
        self.dW = self.fc.dW / 2
        return dx


class Collected(Collects):
    """Right: what is collected are the same arrays."""

    def backward(self, dout):
        dx = self.fc.backward(dout)
        self.grads["W"] = self.fc.dW
        self.gradients = [self.fc.dW]
        self.grad_out = dout
        return dx


@pytest.mark.parametrize(
    ("layer", "place"),
    [(Collects, "self.grads['W']"), (Appends, "self.gradients[0]"), (Beside, "self.dW")],
)
def test_gradients_that_are_collected_and_are_others_are_told(layer, place):
    report = prove_vjp(layer, d="d", x=("n", "d"))
    assert f"not looked at: {place}" in str(report)


def test_gradients_that_are_collected_as_they_are_need_no_word():
    report = prove_vjp(Collected, d="d", x=("n", "d"))
    assert report.proved, str(report)
    assert "not looked at" not in str(report)


class Both(Dense):
    def loss(self, x, t):
        return 0.5 * np.sum((self.forward(x) - t) ** 2)

    def gradient(self, x, t):
        self.backward((self.forward(x) - t) / len(x))
        return {"W": self.dW}


class OnlyLoss(Dense):
    def loss(self, x, t):
        return 0.5 * np.sum((self.forward(x) - t) ** 2)


class GivesList(Dense):
    def gradients(self):
        return [self.dW]


def test_a_method_for_gradients_without_a_loss_is_told():
    report = prove_vjp(GivesList, n_in="d", n_out="t", x=("n", "d"))
    assert "not looked at: gradients, beside forward and backward" in str(report)


def test_a_loss_with_its_gradient_beside_forward_and_backward_is_told():
    report = prove_vjp(Both, n_in="d", n_out="t", x=("n", "d"))
    assert "not looked at: loss and gradient, beside forward and backward" in str(report)
    report = prove_vjp(OnlyLoss, n_in="d", n_out="t", x=("n", "d"))
    assert "not looked at" not in str(report)


class NoBias:
    scale = None

    def __init__(self, W):  # noqa: N803 - as people write it
        self.W, self.b, self.hooks, self.kept = W, None, [], []
        self.x = None

    def forward(self, x):
        self.x = x
        self.kept.append(x)
        out = x @ self.W
        for hook in self.hooks:
            out = hook(out)
        return out if self.b is None else out + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        if self.b is not None:
            self.db = dout.mean(axis=0)  # wrong, and never run
        return dout @ self.W.T * (self.scale or 1.0)


def test_what_is_switched_off_is_told():
    report = prove_vjp(NoBias, W=("d", "t"), x=("n", "d"))
    assert report.proved, str(report)
    told = " ".join(str(report).split())
    assert "self.b = None" in told
    assert "self.hooks = []" in told
    assert "self.x" not in told
    assert "self.kept" not in told
