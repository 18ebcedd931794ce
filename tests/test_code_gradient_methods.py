"""Classes with a loss, and a method that returns its gradients, as books write them."""

from collections import OrderedDict

import numpy as np
import pytest

from gradcheck_sym import Labels, prove_vjp
from gradcheck_sym.code.methods import is_layer
from gradcheck_sym.errors import CodeError


class Affine:
    def __init__(self, W, b):  # noqa: N803 - as people write it
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T


class Tanh:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        return dout * (1 - self.out**2)


class SoftmaxWithLoss:
    def forward(self, x, t):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y, self.t = e / e.sum(axis=1, keepdims=True), t
        return -np.sum(np.log(self.y[np.arange(len(x)), t])) / len(x)

    def backward(self, dout=1):
        dx = self.y.copy()
        dx[np.arange(len(dx)), self.t] -= 1
        return dout * dx / len(dx)


class Net:
    def __init__(self, inputs, hidden, outputs=3):
        self.params = {
            "W1": np.random.randn(inputs, hidden),
            "b1": np.zeros(hidden),
            "W2": np.random.randn(hidden, outputs),
            "b2": np.zeros(outputs),
        }
        self.layers = OrderedDict()
        self.layers["Affine1"] = Affine(self.params["W1"], self.params["b1"])
        self.layers["Tanh"] = Tanh()
        self.layers["Affine2"] = Affine(self.params["W2"], self.params["b2"])
        self.last = SoftmaxWithLoss()

    def loss(self, x, t):
        for layer in self.layers.values():
            x = layer.forward(x)
        return self.last.forward(x, t)

    def collected(self):
        dout = self.last.backward()
        for layer in reversed(self.layers.values()):
            dout = layer.backward(dout)
        grads = {}
        for number in (1, 2):
            layer = self.layers[f"Affine{number}"]
            grads[f"W{number}"], grads[f"b{number}"] = layer.dW, layer.db
        return grads

    def gradient(self, x, t):
        self.loss(x, t)
        return self.collected()


class Doubled(Net):
    """Wrong in what people read; what the layers keep is right."""

    def gradient(self, x, t):
        grads = super().gradient(x, t)
        return {**grads, "b1": 2 * grads["b1"]}


class Forgetful(Net):
    """Wrong: it speaks of the inputs that the loss was last asked for."""

    def gradient(self, x, t):
        return self.collected()


NAMES = {"inputs": "d", "hidden": "h", "x": ("n", "d"), "t": Labels("n", 3)}
NUMBERS = {"inputs": 2, "hidden": 2, "x": (2, 2), "t": Labels(2, 3)}


@pytest.mark.parametrize("sizes", [NAMES, NUMBERS], ids=["names", "numbers"])
def test_a_network_whose_gradients_are_returned_by_name(sizes):
    whole = prove_vjp(Net, **sizes)
    assert whole.proved
    assert {part.wrt for part in whole} == {"W1", "b1", "W2", "b2"}


def test_what_is_returned_is_what_people_read():
    whole = prove_vjp(Doubled, **NUMBERS)
    assert {part.wrt: part.kind for part in whole if part.kind != "proved"} == {"b1": "refuted"}
    assert "_returned = _layer.gradient(" in whole["b1"].reproduction


def test_gradients_of_another_call_are_refused():
    with pytest.raises(CodeError, match=r"Forgetful\.gradient gives another gradient by W1 after"):
        prove_vjp(Forgetful, **NUMBERS)


class LeastSquares:
    def loss(self, w, X, y):  # noqa: N803
        return np.sum((X @ w - y) ** 2)

    def grad(self, w, X, y):  # noqa: N803
        return 2 * X.T @ (X @ w - y)


class LeastSquaresMean(LeastSquares):
    def loss(self, w, X, y):  # noqa: N803
        return np.mean((X @ w - y) ** 2)


def test_gradients_by_what_is_passed():
    shapes = {"w": ("d",), "X": ("n", "d"), "y": ("n",)}
    assert prove_vjp(LeastSquares, **shapes).proved
    assert prove_vjp(LeastSquaresMean, **shapes)["w"].kind == "refuted"


def test_other_classes_have_no_gradients_of_a_loss():
    class Both(Net):
        def backward(self, dout):
            return dout

    class Settings:
        loss = "mse"

        def gradient(self, x):
            return x

    assert not is_layer(Settings)
    assert is_layer(Net)
    with pytest.raises(CodeError, match="forward"):
        prove_vjp(Both, **NUMBERS)
