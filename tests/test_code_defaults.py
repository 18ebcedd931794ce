"""Parameters of backward with defaults: `layer.backward(dout)` keeps them, and so does a proof.

An adversary's findings (28 Nov 2026): what is known was passed in their place without a word, so
that the path which is run was not looked at; hyperparameters were taken for the gradient by a loss.
"""

from __future__ import annotations

import numpy as np
import pytest

from gradcheck_sym import prove, prove_vjp
from gradcheck_sym.errors import CodeError

X = {"x": ("n",)}
XY = {"x": ("n",), "y": ("n",)}


def taken(report):
    return dict(report.constants)


class Scaled:
    """What is kept is not the input."""

    kept = 2.0

    def forward(self, x):
        self.x = self.kept * x
        return np.tanh(2 * x)

    def backward(self, dout, x=None):
        x = self.x if x is None else x
        return 2 * dout * (1 - np.tanh(2 * x) ** 2)


class Kept(Scaled):
    kept = 1.0


class Sigmoid:
    """What is kept is not the output."""

    factor = 2.0

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = self.factor * out
        return out

    def backward(self, dout, out=None):
        out = self.out if out is None else out
        return dout * out * (1 - out)


class KeptSigmoid(Sigmoid):
    factor = 1.0


class Dropout:
    """The mask is returned, too, and is not passed to backward."""

    scale = 1.0

    def forward(self, x):
        mask = np.random.rand(*x.shape) > 0.5
        self.mask = self.scale * mask
        return 2 * x * mask, mask

    def backward(self, dout, mask=None):
        return dout * self.mask if mask is None else 2 * dout * mask


class ScaledDropout(Dropout):
    scale = 2.0


class Loss:
    """All inputs have the default None."""

    sign = 1.0

    def forward(self, x, y):
        self.r = x + self.sign * y
        return ((x - y) ** 2).sum()

    def backward(self, x=None, y=None):
        r = self.r if x is None else x - y
        return 2 * r


class RightLoss(Loss):
    sign = -1.0


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def recomputed(dout, x, out=None):
    out = np.tanh(x) if out is None else out
    return dout * out * (1 - out)


def rightly_recomputed(dout, x, out=None):
    out = 1 / (1 + np.exp(-x)) if out is None else out
    return dout * out * (1 - out)


class Weighted:
    """A weight that nobody gives, beside a second output."""

    def forward(self, x, y):
        self.p, self.y = 1 / (1 + np.exp(-x)), y
        return (np.log1p(np.exp(x)) - x * y).sum(), self.p

    def backward(self, dout=1.0, weight=None):
        d = dout * (self.p - self.y)
        return d if weight is None else d * weight


class WrongWeighted(Weighted):
    def backward(self, dout=1.0, p=None):
        return dout * ((2 * self.p if p is None else p) - self.y)


class Unweighted(Weighted):
    def backward(self, weight=None):
        d = self.p - self.y
        return d if weight is None else d * weight


class TestTheDefaultIsKept:
    @pytest.mark.parametrize(
        ("wrong", "right", "shapes", "name"),
        [
            ((Scaled,), (Kept,), X, "x"),
            ((Sigmoid,), (KeptSigmoid,), X, "out"),
            ((Dropout,), (ScaledDropout,), X, "mask"),
            ((Loss,), (RightLoss,), XY, "y"),
            ((sigmoid, recomputed), (sigmoid, rightly_recomputed), X, "out"),
            ((WrongWeighted,), (Weighted,), XY, None),
        ],
    )
    def test_and_is_told(self, wrong, right, shapes, name):
        assert prove_vjp(*wrong, **shapes).refuted
        report = prove_vjp(*right, **shapes)
        assert report.proved
        assert taken(report)[name or "weight"] == "None"

    def test_a_loss_without_a_gradient_by_it_has_none(self):
        report = prove_vjp(Unweighted, **XY)
        assert report.proved
        assert taken(report)["weight"] == "None"

    def test_it_is_another_gradient_that_no_output_is_called_after(self):
        class Cell:
            def __init__(self, d):
                self.W = np.ones((d, d))

            def forward(self, x, h):
                self.h = h
                h_next = self.out = np.tanh(x + h @ self.W)
                return 2 * h_next, h_next

            def backward(self, dout, dh=None):
                d = 2 * dout if dh is None else 2 * dout + dh
                d = d * (1 - self.out**2)
                self.dW = self.h.T @ d
                return d, d @ self.W.T

        class Wrong(Cell):
            def backward(self, dout, carry=None):
                return super().backward(dout if carry is None else dout + carry, dout)

        report = prove_vjp(Cell, d="d", x=("n", "d"), h=("n", "d"))
        assert report.proved
        assert taken(report) == {"dh": "None"}
        assert prove_vjp(Wrong, d="d", x=("n", "d"), h=("n", "d")).refuted

    def test_what_is_given_a_value_is_passed(self):
        def line(x, alpha=1.0):
            return alpha * x

        def backward(dout, alpha=1.0):
            return alpha * dout

        for given in ({}, {"alpha": 2.0}, {"alpha": ()}):
            assert prove_vjp(line, backward, **X, **given)["x"].proved

    def test_another_default_for_an_input_is_refused(self):
        with pytest.raises(CodeError, match=r"is alpha the input, or 0.1\?"):
            prove_vjp(
                lambda x, alpha: alpha * x,
                lambda dout, alpha=0.1: alpha * dout,
                **X,
                alpha=(),
            )

    def test_of_functions_that_give_the_gradient_of_a_loss(self):
        def loss(w, x):
            return (w * x).sum()

        def gradient(w, x=None):
            return np.ones_like(w) if x is None else x

        def needs_x(w, x=None):
            return 1 * x

        given = {"w": ("n",), "x": ("n",)}
        report = prove(loss, gradient, **given)
        assert report.refuted
        assert taken(report) == {"x": "None"}
        report = prove(loss, needs_x, **given)
        assert report.proved
        assert "needs_x is given x, in place of a default" in str(report)


class TestWhatFailsWithNone:
    """What is known is passed, where nothing else can be meant."""

    def test_as_few_as_it_takes_are_given(self):
        class Dense:
            def __init__(self, d):
                self.W = np.ones((d, d))

            def forward(self, x):
                return x @ self.W, x

            def backward(self, dout, x=None, scale=None):
                self.dW = x.T @ dout if scale is None else scale * x.T @ dout
                return dout @ self.W.T

        report = prove_vjp(Dense, d="d", x=("n", "d"))
        assert report.proved
        assert taken(report) == {"scale": "None"}
        assert "Dense.backward is given x, in place of a default" in str(report)

    def test_a_cache_is_given_under_any_name(self):
        def forward(x, w):
            return x * w, (x, w)

        def backward(dout, saved=None):
            x, w = saved
            return dout * w, dout * x

        def wrong(dout, saved=None):
            x, w = saved
            return dout * x, dout * w

        given = {"x": ("n",), "w": ("n",)}
        assert prove_vjp(forward, backward, **given).proved
        assert prove_vjp(forward, wrong, **given).refuted

    def test_what_is_not_supported_is_no_failure(self):
        class Layer:
            def forward(self, x):
                self.x = x
                return 2 * x

            def backward(self, dout, x=None):
                return 2 * dout if x is not None else 2 * dout + np.argmax(dout)

        with pytest.raises(CodeError, match=r"np\.argmax is not supported"):
            prove_vjp(Layer, **X)


class TestTwoCalls:
    """Where both may be meant, both have to give the same."""

    @pytest.mark.parametrize("factor", [2, 3])
    def test_with_and_without_the_cache(self, factor):
        def forward(x):
            return 2 * x, x

        def backward(dout, cache=None):
            return 2 * dout if cache is None else factor * dout

        def masked(x):
            mask = np.random.rand(*x.shape) > 0.5
            return x * mask, mask

        def unmasked(dout, mask=None):
            return dout if mask is None else dout * mask

        if factor == 2:
            assert prove_vjp(forward, backward, **X).proved
        else:
            with pytest.raises(CodeError, match="with cache = None than with what is passed there"):
                prove_vjp(forward, backward, **X)
        with pytest.raises(CodeError, match="with mask = None than with what is passed there"):
            prove_vjp(masked, unmasked, **X)

    def test_with_and_without_an_input_that_forward_may_be_given(self):
        class Gate:
            def forward(self, x, mask=None):
                self.mask = mask
                return x if mask is None else x * mask

            def backward(self, dout, mask=None):
                return dout if mask is None else dout * mask

        class Kept(Gate):
            def backward(self, dout, mask=None):
                return super().backward(dout, self.mask)

        assert prove_vjp(Kept, **X, mask=("n",)).proved
        assert prove_vjp(Gate, **X).proved
        with pytest.raises(CodeError, match="with mask = None than with what is passed there"):
            prove_vjp(Gate, **X, mask=("n",))

    @pytest.mark.parametrize("factor", [1, 2])
    def test_with_and_without_the_gradient_by_a_loss(self, factor):
        class Square:
            def forward(self, x):
                self.x = x
                return (x**2).sum()

            def backward(self, dout=None):
                return factor * 2 * self.x if dout is None else 2 * self.x * dout

        if factor == 1:
            assert prove_vjp(Square, **X).proved
        else:
            with pytest.raises(CodeError, match="with dout = None than with dout = 1"):
                prove_vjp(Square, **X)

    @pytest.mark.parametrize("factor", [1, 2])
    def test_with_and_without_the_gradient_by_a_further_output(self, factor):
        class Both:
            def forward(self, x):
                self.x = x
                mu = x**2
                return x**3, mu

        class Named(Both):
            def forward(self, x):
                out, mu = super().forward(x)
                return out, mu

            def backward(self, dout, dmu=None):
                d = 3 * self.x**2 * dout
                return factor * d if dmu is None else d + 2 * self.x * dmu

        if factor == 1:
            report = prove_vjp(Named, **X)
            assert report.proved
            assert "dmu" not in taken(report)
        else:
            with pytest.raises(CodeError, match="with dmu = None than with dmu = 0"):
                prove_vjp(Named, **X)


class Hinge:
    """Its margin is a parameter of both methods, and is not the gradient by the loss."""

    def forward(self, x, y, delta=0.5):
        self.margin, self.y = delta - y * x, y
        return np.maximum(0, self.margin).sum()

    def backward(self, delta=0.5):
        return -self.y * (self.margin > 0)


class WrongHinge(Hinge):
    def backward(self, delta=0.5):
        return -self.y * delta * (self.margin > 0)


class Smooth:
    def forward(self, x, y, beta=1.0):
        self.r = x - y
        near, far = 0.5 * self.r**2 / beta, abs(self.r) - 0.5 * beta
        return np.where(abs(self.r) < beta, near, far).sum()

    def backward(self, beta=1.0):
        return np.where(abs(self.r) < beta, self.r / beta, np.sign(self.r))


class WrongSmooth(Smooth):
    def backward(self, beta=1.0):
        return np.where(abs(self.r) < beta, 2 * self.r / beta, np.sign(self.r))


class Square:
    """Its scale is a value that it is made with."""

    def __init__(self, delta=0.5):
        self.delta = delta

    def forward(self, x, y):
        self.r = x - y
        return (self.r**2).sum() * self.delta

    def backward(self, delta=0.5):
        return 2 * self.r * delta


class WrongSquare(Square):
    def forward(self, x, y):
        return super().forward(x, y) / self.delta


class TestHyperparameters:
    @pytest.mark.parametrize(
        ("wrong", "right", "name"),
        [
            (WrongHinge, Hinge, "delta"),
            (WrongSmooth, Smooth, "beta"),
            (WrongSquare, Square, "delta"),
        ],
    )
    def test_that_a_loss_repeats_are_no_gradients(self, wrong, right, name):
        assert prove_vjp(wrong, **XY).refuted
        report = prove_vjp(right, **XY)
        assert report.proved
        assert name in taken(report)

    def test_of_functions(self):
        def bce_forward(p, y, eps=1e-7):
            return -(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps)).sum()

        def bce_backward(p, y, eps=1e-7):
            return (1 - y) / (1 - p + eps) - y / (p + eps)

        def wrong(p, y, eps=1e-7):
            return (1 - y) / (1 - p + eps) + y / (p + eps)

        given = {"p": ("n",), "y": ("n",)}
        assert prove_vjp(bce_forward, bce_backward, **given).proved
        assert prove_vjp(bce_forward, wrong, **given).refuted

    def test_an_output_that_is_no_number_needs_its_gradient(self):
        with pytest.raises(CodeError, match="let it take dout"):
            prove_vjp(lambda x, eps=1e-7: x + eps, lambda x, eps=1e-7: x / x, **X)

    def test_one_without_a_default_in_backward_needs_a_value(self):
        class Gain:
            def forward(self, x, gain=2.0):
                return gain * x

            def backward(self, gain, dout):
                return gain * dout

        with pytest.raises(CodeError, match="backward takes gain, as forward does: give its value"):
            prove_vjp(Gain, **X)
        assert prove_vjp(Gain, **X, gain=3.0).proved


class Entropy:
    """A loss as books write it: dout is there for the others, and nothing reads it."""

    def forward(self, x, t):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y, self.t = e / e.sum(axis=1, keepdims=True), t
        return -np.sum(t * np.log(self.y)) / len(x)

    def backward(self, dout=1):
        return (self.y - self.t) / len(self.t)


class EntropySum(Entropy):
    def backward(self, dout=1):
        return self.y - self.t


class EntropyTwice(Entropy):
    def backward(self, dout=1):
        return dout * dout * (self.y - self.t) / len(self.t)


def test_a_gradient_of_a_loss_that_nothing_reads_stays_1():
    asked = {"x": ("n", "c"), "t": ("n", "c"), "assume": ("t.sum(axis=1) == 1",)}
    right = prove_vjp(Entropy, **asked)
    assert right.proved
    assert "dout = 1" in str(right)
    assert prove_vjp(EntropySum, **asked)["x"].kind == "refuted"
    assert prove_vjp(EntropyTwice, **asked)["x"].kind == "refuted"
