"""A forward pass without backward, as in validation, of which the next step has to know nothing."""

from __future__ import annotations

import numpy as np
import pytest

from gradcheck_sym import prove_vjp
from gradcheck_sym.errors import CodeError

ALONE = "after a forward pass without backward"


class Recurrent:
    """Its caches are cleared in backward alone."""

    def __init__(self, d):
        self.W = np.random.randn(d, d)
        self.cache = []

    def forward(self, xs):
        h = np.zeros(xs.shape[1:])
        for t in range(2):
            self.cache.append((h, np.tanh(xs[t] + h @ self.W)))
            h = self.cache[-1][1]
        return h

    def backward(self, dh):
        self.dW, dxs = np.zeros_like(self.W), np.zeros((2, *dh.shape))
        for t in reversed(range(2)):
            before, h = self.cache[t]
            dxs[t] = dh * (1 - h**2)
            self.dW += before.T @ dxs[t]
            dh = dxs[t] @ self.W.T
        self.cache = []
        return dxs


class Cleared(Recurrent):
    """Its caches are cleared in forward as well."""

    def forward(self, xs):
        self.cache = []
        return super().forward(xs)


class Once:
    """What is asked for once is made by the first forward since the last backward."""

    def __init__(self):
        self.mask = None

    def forward(self, x):
        if self.mask is None:
            self.mask = x > 0
        return np.maximum(x, 0)

    def backward(self, dout):
        dx, self.mask = dout * self.mask, None
        return dx


class Queue:
    """First in, first out."""

    def __init__(self):
        self.kept = []

    def forward(self, x):
        self.kept.append(np.tanh(x))
        return self.kept[-1]

    def backward(self, dout):
        return dout * (1 - self.kept.pop(0) ** 2)


class Stack(Queue):
    """Last in, first out."""

    def backward(self, dout):
        return dout * (1 - self.kept.pop() ** 2)


class Default(Queue):
    """A key that is set where it is not there, and is taken out in backward."""

    def __init__(self):
        self.kept = {}

    def forward(self, x):
        self.kept.setdefault("y", np.tanh(x))
        return np.tanh(x)

    def backward(self, dout):
        return dout * (1 - self.kept.pop("y") ** 2)


class SumOfAll:
    """Sums over all passes since the last step."""

    def __init__(self, d, t):
        self.W, self.inputs = np.random.randn(d, t), []

    def forward(self, x):
        self.inputs.append(x)
        return x @ self.W

    def backward(self, dout):
        self.dW = np.zeros_like(self.W)
        for x in self.inputs:
            self.dW += x.T @ dout
        self.inputs.clear()
        return dout @ self.W.T


class Accumulates:
    """Adds to a gradient that is 0 at first, and keeps running statistics and a mask."""

    def __init__(self, d, p=0.5):
        self.gamma, self.dgamma = np.ones(d), np.zeros(d)
        self.mean, self.p = np.zeros(d), p

    def forward(self, x):
        mu = x.mean(axis=0)
        self.mean = 0.9 * self.mean + 0.1 * mu
        self.mask = np.random.rand(*x.shape) < self.p
        self.xhat = (x - mu) * self.mask
        return self.gamma * self.xhat

    def backward(self, dout):
        self.dgamma += (dout * self.xhat).sum(axis=0)
        d = dout * self.gamma * self.mask
        return d - d.mean(axis=0)


class OfWeights:
    """Weights that are made otherwise once between two steps."""

    def __init__(self, d, t):
        self.W, self.double = np.random.randn(d, t), None

    def forward(self, x):
        if self.double is None:
            self.double = 2 * self.W
        self.x = x
        return x @ self.double

    def backward(self, dout):
        self.dW, dx, self.double = 2 * self.x.T @ dout, dout @ self.double.T, None
        return dx


@pytest.mark.parametrize(
    ("layer", "sizes"),
    [
        (Recurrent, {"d": "d", "xs": (2, "n", "d")}),
        (Once, {"x": ("n",)}),
        (Queue, {"x": ("n",)}),
        (Default, {"x": ("n",)}),
        (SumOfAll, {"d": "d", "t": "t", "x": ("n", "d")}),
        (OfWeights, {"d": "d", "t": "t", "x": ("n", "d")}),
    ],
)
def test_a_pass_that_backward_speaks_of_later(layer, sizes):
    with pytest.raises(CodeError, match=ALONE):
        prove_vjp(layer, **sizes)


@pytest.mark.parametrize(
    ("layer", "sizes"),
    [
        (Cleared, {"d": "d", "xs": (2, "n", "d")}),
        (Stack, {"x": ("n",)}),
        (Accumulates, {"d": "d", "x": ("n", "d")}),
    ],
)
def test_a_pass_that_nothing_is_kept_of(layer, sizes):
    assert prove_vjp(layer, **sizes).proved


class OfItsShape:
    """What it keeps is made anew where the shape is another."""

    mask = None

    def forward(self, x):
        if self.mask is None or self.mask.shape != x.shape:
            self.mask = x > 0
        return np.maximum(x, 0)

    def backward(self, dout):
        return dout * self.mask


def test_what_is_kept_for_inputs_of_one_shape():
    with pytest.raises(CodeError, match="gives another gradient by x"):
        prove_vjp(OfItsShape, x=("n",))


class Built:
    """Its weights are made by the first forward."""

    W = None

    def __init__(self, units):
        self.units = units

    def forward(self, x):
        if self.W is None:
            self.W = np.random.randn(x.shape[1], self.units)
        self.x = x
        return x @ self.W

    def backward(self, dout):
        self.dW = self.x.T @ dout
        return dout @ self.W.T


def test_weights_that_the_first_forward_makes_are_told():
    with pytest.raises(CodeError, match=r"forward makes self\.W when it is first called"):
        prove_vjp(Built, units="t", x=("n", "d"))
    layer = Built(2)
    layer.forward(np.ones((4, 3)))
    assert prove_vjp(layer, x=("n", 3)).proved


_passes, _masks = [], []


def counted(x):
    if not _passes:
        _masks[:] = [x > 0]
    _passes.append(1)
    return np.maximum(x, 0)


def uncounted(dout, x):
    _passes.pop()
    return dout * _masks[0] + 0 * x


def pushed(x):
    _masks.append(x > 0)
    return np.maximum(x, 0)


def popped(dout, x):
    return dout * _masks.pop() + 0 * x


_known = {}


def of_its_shape(x):
    if "x" not in _known or _known["x"].shape != x.shape:
        _known["x"] = x
    return x**2, _known["x"]


def of_what_is_known(dout, cache):
    return 2 * dout * cache


def test_functions_that_speak_of_an_earlier_pass():
    with pytest.raises(CodeError, match=ALONE):
        prove_vjp(counted, uncounted, x=("n",))
    with pytest.raises(CodeError, match="after it was called with other inputs"):
        prove_vjp(of_its_shape, of_what_is_known, x=("n",))
    assert prove_vjp(pushed, popped, x=("n",)).proved


class Guarded:
    """It asks for a backward pass after each forward pass, so that nothing wrong can be given."""

    def __init__(self):
        self.x = None

    def forward(self, x):
        assert self.x is None, "call backward first"
        self.x = x
        return x * x

    def backward(self, dout):
        x, self.x = self.x, None
        return 2 * x * dout


class GuardedByHalf(Guarded):
    def backward(self, dout):
        x, self.x = self.x, None
        return x * dout


def test_a_class_that_refuses_a_second_forward_pass_gives_no_wrong_gradient():
    assert prove_vjp(Guarded, x=("n",)).proved
    assert prove_vjp(GuardedByHalf, x=("n",))["x"].kind == "refuted"
