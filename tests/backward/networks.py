"""Networks as classes and as functions: plain NumPy."""

from __future__ import annotations

import numpy as np


class Linear:
    """Weights stored transposed: one row for each output."""

    def __init__(self, n_in, n_out):
        self.weight = 0.01 * np.random.randn(n_out, n_in)
        self.bias = np.zeros(n_out)
        self.x = None

    def forward(self, x):
        self.x = x
        return x @ self.weight.T + self.bias

    def backward(self, dout):
        self.dweight = dout.T @ self.x
        self.dbias = dout.sum(axis=0)
        return dout @ self.weight


class LinearMean(Linear):
    """Wrong: the bias is averaged."""

    def backward(self, dout):
        self.dweight = dout.T @ self.x
        self.dbias = dout.mean(axis=0)
        return dout @ self.weight


class LinearTwice(Linear):
    """Wrong: the gradient is added to what it is already."""

    def backward(self, dout):
        self.dweight = dout.T @ self.x
        self.dweight += self.dweight
        self.dbias = dout.sum(axis=0)
        return dout @ self.weight


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        return dout * self.out * (1.0 - self.out)


class SigmoidHalf(Sigmoid):
    """Wrong: half of the slope."""

    def backward(self, dout):
        return dout * (1.0 - self.out)


class Relu:
    """With a mask that is kept."""

    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout[self.mask] = 0
        return dout


class ReluFlipped(Relu):
    """Wrong: the other half."""

    def backward(self, dout):
        dout[~self.mask] = 0
        return dout


class TwoLayers:
    """Parameters and gradients in dicts."""

    def __init__(self, d, h, t):
        self.params = {
            "W1": np.random.randn(d, h) * 0.1,
            "b1": np.zeros(h),
            "W2": np.random.randn(h, t) * 0.1,
            "b2": np.zeros(t),
        }
        self.grads = {}

    def forward(self, x):
        p = self.params
        self.x = x
        self.a1 = np.tanh(x @ p["W1"] + p["b1"])
        return self.a1 @ p["W2"] + p["b2"]

    def backward(self, dout):
        p = self.params
        self.grads["W2"] = self.a1.T @ dout
        self.grads["b2"] = dout.sum(axis=0)
        dz1 = (dout @ p["W2"].T) * (1 - self.a1**2)
        self.grads["W1"] = self.x.T @ dz1
        self.grads["b1"] = dz1.sum(axis=0)
        return dz1 @ p["W1"].T


class TwoLayersAtActivation(TwoLayers):
    """Wrong: tanh's slope is taken at the activation."""

    def backward(self, dout):
        p = self.params
        self.grads["W2"] = self.a1.T @ dout
        self.grads["b2"] = dout.sum(axis=0)
        dz1 = (dout @ p["W2"].T) * (1 - np.tanh(self.a1) ** 2)
        self.grads["W1"] = self.x.T @ dz1
        self.grads["b1"] = dz1.sum(axis=0)
        return dz1 @ p["W1"].T


class ThreeLayers:
    """Small layers that are called one after the other."""

    def __init__(self, W1, W2, W3):
        self.W1, self.W2, self.W3 = W1, W2, W3

    def forward(self, x):
        self.x = x
        self.h1 = np.maximum(x @ self.W1, 0)
        self.h2 = 1 / (1 + np.exp(-(self.h1 @ self.W2)))
        return self.h2 @ self.W3

    def backward(self, dout):
        self.dW3 = self.h2.T @ dout
        d2 = dout @ self.W3.T * self.h2 * (1 - self.h2)
        self.dW2 = self.h1.T @ d2
        d1 = d2 @ self.W2.T
        d1[self.h1 <= 0] = 0
        self.dW1 = self.x.T @ d1
        return d1 @ self.W1.T


class ThreeLayersStale(ThreeLayers):
    """Wrong: the middle layer's gradient skips its slope."""

    def backward(self, dout):
        self.dW3 = self.h2.T @ dout
        d2 = dout @ self.W3.T
        self.dW2 = self.h1.T @ (d2 * self.h2 * (1 - self.h2))
        d1 = d2 @ self.W2.T
        d1[self.h1 <= 0] = 0
        self.dW1 = self.x.T @ d1
        return d1 @ self.W1.T


class BatchNorm:
    """With running averages, which no gradient touches."""

    def __init__(self, gamma, beta, eps=1e-5):
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, x):
        mu = x.mean(axis=0)
        self.xc = x - mu
        self.std = np.sqrt(np.mean(self.xc**2, axis=0) + self.eps)
        self.xn = self.xc / self.std
        return self.gamma * self.xn + self.beta

    def backward(self, dout):
        n = dout.shape[0]
        self.dbeta = dout.sum(axis=0)
        self.dgamma = np.sum(self.xn * dout, axis=0)
        dxn = self.gamma * dout
        dxc = dxn / self.std
        dstd = -np.sum((dxn * self.xc) / (self.std * self.std), axis=0)
        dvar = 0.5 * dstd / self.std
        dxc += (2.0 / n) * self.xc * dvar
        dmu = np.sum(dxc, axis=0)
        return dxc - dmu / n


class BatchNormNoMean(BatchNorm):
    """Wrong: the last step is left out."""

    def backward(self, dout):
        n = dout.shape[0]
        self.dbeta = dout.sum(axis=0)
        self.dgamma = np.sum(self.xn * dout, axis=0)
        dxn = self.gamma * dout
        dxc = dxn / self.std
        dstd = -np.sum((dxn * self.xc) / (self.std * self.std), axis=0)
        dvar = 0.5 * dstd / self.std
        dxc += (2.0 / n) * self.xc * dvar
        return dxc


class SelfAttention:
    def __init__(self, Wq, Wk, Wv):
        self.Wq, self.Wk, self.Wv = Wq, Wk, Wv

    def forward(self, x):
        self.x = x
        self.q, self.k, self.v = x @ self.Wq, x @ self.Wk, x @ self.Wv
        scores = self.q @ self.k.T / np.sqrt(self.q.shape[1])
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        self.a = e / e.sum(axis=1, keepdims=True)
        return self.a @ self.v

    def backward(self, dout):
        dv = self.a.T @ dout
        da = dout @ self.v.T
        ds = self.a * (da - np.sum(da * self.a, axis=1, keepdims=True))
        ds /= np.sqrt(self.q.shape[1])
        dq, dk = ds @ self.k, ds.T @ self.q
        self.dWq = self.x.T @ dq
        self.dWk = self.x.T @ dk
        self.dWv = self.x.T @ dv
        return dq @ self.Wq.T + dk @ self.Wk.T + dv @ self.Wv.T


class SelfAttentionKeys(SelfAttention):
    """Wrong: the scores are not transposed for the keys."""

    def backward(self, dout):
        dv = self.a.T @ dout
        da = dout @ self.v.T
        ds = self.a * (da - np.sum(da * self.a, axis=1, keepdims=True))
        ds /= np.sqrt(self.q.shape[1])
        dq, dk = ds @ self.k, ds @ self.q
        self.dWq = self.x.T @ dq
        self.dWk = self.x.T @ dk
        self.dWv = self.x.T @ dv
        return dq @ self.Wq.T + dk @ self.Wk.T + dv @ self.Wv.T


def two_layer_loss(W1, b1, W2, b2, X, Y):
    """Examples as columns, weights stored transposed; sigmoid, then squares."""
    n = X.shape[1]
    A1 = 1 / (1 + np.exp(-(W1 @ X + b1)))
    A2 = W2 @ A1 + b2
    return np.sum((A2 - Y) ** 2) / (2 * n)


def two_layer_gradients(W1, b1, W2, b2, X, Y):
    n = X.shape[1]
    A1 = 1 / (1 + np.exp(-(W1 @ X + b1)))
    A2 = W2 @ A1 + b2
    dZ2 = (A2 - Y) / n
    dZ1 = (W2.T @ dZ2) * A1 * (1 - A1)
    return {
        "W1": dZ1 @ X.T,
        "b1": dZ1.sum(axis=1, keepdims=True),
        "W2": dZ2 @ A1.T,
        "b2": dZ2.sum(axis=1, keepdims=True),
    }


def two_layer_gradients_outputs(W1, b1, W2, b2, X, Y):
    """Wrong: a factor t: a mean over the outputs is meant, and the loss has none."""
    n = X.shape[1]
    t = Y.shape[0]
    A1 = 1 / (1 + np.exp(-(W1 @ X + b1)))
    A2 = W2 @ A1 + b2
    dZ2 = (A2 - Y) / (n * t)
    dZ1 = (W2.T @ dZ2) * A1 * (1 - A1)
    return {
        "W1": dZ1 @ X.T,
        "b1": dZ1.sum(axis=1, keepdims=True),
        "W2": dZ2 @ A1.T,
        "b2": dZ2.sum(axis=1, keepdims=True),
    }


def classifier(W1, b1, W2, b2, X, y, reg):
    """cs231n's way: affine, relu, affine, softmax with labels, and a penalty."""
    n = X.shape[0]
    h = np.maximum(0, X.dot(W1) + b1)
    scores = h.dot(W2) + b2
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = exp / exp.sum(axis=1, keepdims=True)
    loss = -np.sum(np.log(probs[np.arange(n), y])) / n
    loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    dscores = probs
    dscores[np.arange(n), y] -= 1
    dscores /= n
    grads = {}
    grads["W2"] = h.T.dot(dscores) + 2 * reg * W2
    grads["b2"] = dscores.sum(axis=0)
    dh = dscores.dot(W2.T)
    dh[h <= 0] = 0
    grads["W1"] = X.T.dot(dh) + 2 * reg * W1
    grads["b1"] = dh.sum(axis=0)
    return loss, grads


def classifier_reg(W1, b1, W2, b2, X, y, reg):
    """Wrong: reg·W for a penalty reg·ΣW²."""
    n = X.shape[0]
    h = np.maximum(0, X.dot(W1) + b1)
    scores = h.dot(W2) + b2
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = exp / exp.sum(axis=1, keepdims=True)
    loss = -np.sum(np.log(probs[np.arange(n), y])) / n
    loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    dscores = probs
    dscores[np.arange(n), y] -= 1
    dscores /= n
    grads = {}
    grads["W2"] = h.T.dot(dscores) + reg * W2
    grads["b2"] = dscores.sum(axis=0)
    dh = dscores.dot(W2.T)
    dh[h <= 0] = 0
    grads["W1"] = X.T.dot(dh) + reg * W1
    grads["b1"] = dh.sum(axis=0)
    return loss, grads


def autoencoder(W, b, c, X):
    """Tied weights."""
    H = np.tanh(X @ W + b)
    R = H @ W.T + c
    return 0.5 * np.mean(np.sum((R - X) ** 2, axis=1))


def autoencoder_gradient(W, b, c, X):
    n = X.shape[0]
    H = np.tanh(X @ W + b)
    dR = (H @ W.T + c - X) / n
    dH = dR @ W
    dA = dH * (1 - H**2)
    dW = X.T @ dA + dR.T @ H
    return dW, dA.sum(axis=0), dR.sum(axis=0)


def autoencoder_gradient_untied(W, b, c, X):
    """Wrong: the weights serve twice, and one of the two is counted."""
    n = X.shape[0]
    H = np.tanh(X @ W + b)
    dR = (H @ W.T + c - X) / n
    dA = dR @ W * (1 - H**2)
    return X.T @ dA, dA.sum(axis=0), dR.sum(axis=0)


def factorisation(U, V, R):
    return np.sum((R - U @ V.T) ** 2) + 0.1 * (np.sum(U**2) + np.sum(V**2))


def factorisation_gradient(U, V, R):
    E = R - U @ V.T
    return -2 * E @ V + 0.2 * U, -2 * E.T @ U + 0.2 * V


def factorisation_gradient_penalty(U, V, R):
    """Wrong: the penalty's 2 is forgotten."""
    E = R - U @ V.T
    return -2 * E @ V + 0.1 * U, -2 * E.T @ U + 0.1 * V
