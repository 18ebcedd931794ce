"""What is kept under an object's identity, or in what is passed: sentinels, memos, closures."""

import weakref

import numpy as np
import pytest

from gradcheck_sym import prove, prove_slope, prove_vjp
from gradcheck_sym.code.copied import copied
from gradcheck_sym.code.shapes import Value
from gradcheck_sym.errors import CodeError

MEAN, SUM = object(), object()


class Act:
    """Holds nothing but a name."""

    def __init__(self, name):
        self.name = name


RELU, LINEAR, HELD = Act("relu"), Act("linear"), Act(["a list"])


def mse_forward(p, y, reduction):
    d = p - y
    return ((d**2).mean() if reduction is MEAN else (d**2).sum()), d


def of_a_sum(dout, d):
    return 2 * d * dout, -2 * d * dout


class MSE:
    def __init__(self, reduction):
        self.reduction = reduction

    def forward(self, p, y):
        self.d = p - y
        return (self.d**2).mean() if self.reduction is MEAN else (self.d**2).sum()

    def backward(self):
        return 2 * self.d


class Dense:
    """Wrong for RELU: backward forgets it."""

    def __init__(self, W, act=RELU):  # noqa: N803 - as people write it
        self.W, self.act = W, act

    def forward(self, x):
        self.x, z = x, x @ self.W
        return np.maximum(z, 0) if self.act is RELU else z

    def backward(self, dout):
        self.dW = self.x.T @ dout
        return dout @ self.W.T


def test_an_object_that_stands_for_a_choice_stays_itself():
    shapes = {"p": ("n", "d"), "y": ("n", "d")}
    assert prove_vjp(mse_forward, of_a_sum, **shapes, reduction=Value(MEAN)).refuted
    assert prove_vjp(mse_forward, of_a_sum, **shapes, reduction=Value(SUM)).proved
    assert prove_vjp(MSE(MEAN), **shapes).refuted
    assert prove_vjp(MSE(SUM), **shapes).proved
    assert prove_vjp(Dense(np.ones((3, 2))), x=("n", 3)).refuted
    assert prove_vjp(Dense(np.ones((3, 2)), LINEAR), x=("n", 3)).proved
    assert prove_vjp(Dense, W=("d", "t"), x=("n", "d"), act=Value(RELU)).refuted


def test_what_holds_something_is_copied():
    held = {"kept": [RELU], "own": Act("mine")}
    found = copied(held)
    assert found["kept"] is not held["kept"]
    assert found["kept"][0] is RELU
    assert found["own"] is not held["own"]
    assert copied([MEMO])[0] is not MEMO  # it is written to
    assert copied([HELD])[0] is not HELD


class Closed:
    def __init__(self):
        self.scale = 1.0
        self.f = lambda x: x * self.scale

    def forward(self, x):
        self.scale = 2.0
        return self.f(x)

    def backward(self, dout):
        return dout


class Tied(Closed):
    def __init__(self):
        self.scale, self.f = 1.0, weakref.ref(self)


@pytest.mark.parametrize("kind", [Closed, Tied])
def test_an_object_that_refers_to_itself_is_no_copy_of_itself(kind):
    with pytest.raises(CodeError, match=r"\.f refers to the object itself"):
        prove_vjp(kind(), x=("n", 3))


class Memo:
    """The last result is kept for the same object."""

    def __init__(self):
        self.x = None

    def __call__(self, x):
        if self.x is not x:
            self.x, self.y = x, np.tanh(x)
        return self.y


MEMO = Memo()


def by_memo(x, act=MEMO):
    return act(x), (x,)


def of_tanh(dout, cache):
    return dout * (1 - np.tanh(cache[0]) ** 2)


def remembered(x):
    if getattr(remembered, "x", None) is not x:
        remembered.x, remembered.y = x, np.tanh(x)
    return remembered.y


@pytest.mark.parametrize("given", [{}, {"act": Value(Memo())}, {"act": Value(remembered)}])
def test_a_memo_in_what_is_passed_or_a_default_is_found(given):
    with pytest.raises(CodeError, match="what does it keep"):
        prove_vjp(by_memo, of_tanh, x=("n", "d"), **given)


KEPT = {}


def sigmoid(z):
    KEPT["s"] = 1 / (1 + np.exp(-z))
    return KEPT["s"]


def sigmoid_prime(z):
    s = KEPT.get("s", z)
    return s * (1 - s)


def loss(w, x, y, kept):
    kept["r"] = x @ w - y
    return (kept["r"] ** 2).sum() / 2


def gradient(w, x, y, kept):
    return x.T @ (kept["r"] if "r" in kept else x @ w - y)


def test_what_a_loss_leaves_for_its_gradient_may_be_of_another_call():
    with pytest.raises(CodeError, match="between forward and backward"):
        prove_slope(sigmoid, sigmoid_prime, z=("n",))
    with pytest.raises(CodeError, match="between forward and backward"):
        prove(loss, gradient, w=("d",), x=("n", "d"), y=("n",), kept=Value({}))


class Workspace:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dout, ws):
        if "mask" not in ws:
            ws["mask"] = (self.x > 0).astype(float)
        return dout * ws["mask"]


class EverySecond:
    """The mean is computed every second step."""

    def __init__(self, gamma):
        self.gamma, self.t = gamma, 0

    def forward(self, x):
        if self.t % 2 == 0:
            self.mu = x.mean(axis=0)
        self.t += 1
        self.xc = x - self.mu
        return self.gamma * self.xc

    def backward(self, dout):
        self.dgamma = (dout * self.xc).sum(axis=0)
        g = dout * self.gamma
        return g - g.mean(axis=0)


def test_what_backward_keeps_in_what_it_is_passed_and_what_alternates():
    with pytest.raises(CodeError, match="what is kept of that step"):
        prove_vjp(Workspace, x=("n", "d"), ws={})
    with pytest.raises(CodeError, match="called again"):
        prove_vjp(EverySecond, gamma=("d",), x=("n", "d"))


class InContext:
    """PyTorch reads what is returned alone."""

    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        return x @ w

    @staticmethod
    def backward(ctx, dout):
        x, w = ctx.saved_tensors
        ctx.dx = dout @ w.T
        return None, x.T @ dout


class LeftInContext(InContext):
    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        ctx.output = x @ w


def test_a_context_gives_what_it_returns_alone():
    shapes = {"x": ("n", "d"), "w": ("d", "t")}
    report = prove_vjp(InContext, **shapes)
    assert {part.wrt for part in report} == {"w"}
    assert "not looked at: self.dx" in str(report)
    with pytest.raises(CodeError):
        prove_vjp(LeftInContext, **shapes)
