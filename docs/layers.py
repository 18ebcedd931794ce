"""Backward passes as people write them; one of them is wrong. See backward.md."""

import numpy as np


def affine_forward(x: "Float[Array, 'n d']", w: "Float[Array, 'd t']", b: "Float[Array, 't']"):
    out = x @ w + b
    return out, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = dout @ w.T
    dw = x.T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


def rms_norm_forward(x: "Float[Array, 'n d']", gain: "Float[Array, 'd']"):
    rms = np.sqrt((x**2).mean(axis=1, keepdims=True) + 1e-6)
    normed = x / rms
    out = normed * gain
    return out, (normed, rms, gain)


def rms_norm_backward(dout, cache):
    normed, rms, gain = cache
    dgain = (dout * normed).sum(axis=0)
    dnormed = dout * gain
    inner = (dnormed * gain * normed).mean(axis=1, keepdims=True)  # gain is in dnormed already
    dx = (dnormed - normed * inner) / rms
    return dx, dgain


def softmax_loss(scores: "Float[Array, 'n t']", y):
    n = scores.shape[0]
    shifted = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(n), y]).mean()
    dscores = p.copy()
    dscores[np.arange(n), y] -= 1
    dscores /= n
    return loss, dscores


class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out) * 0.1
        self.b = np.zeros(n_out)

    def forward(self, x: "Float[Array, 'n d']"):
        self.x = x
        self.a = np.tanh(x @ self.W + self.b)
        return self.a

    def backward(self, dout):
        dz = dout * (1 - self.a**2)
        self.dW = self.x.T @ dz
        self.db = dz.sum(axis=0)
        return dz @ self.W.T
