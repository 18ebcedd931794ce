"""Activations and their slopes: plain NumPy."""

from __future__ import annotations

import math

import numpy as np

try:
    from scipy.special import erf
except ImportError:
    erf = np.vectorize(math.erf)


def relu(x):
    out = np.maximum(0, x)
    return out, x


def relu_backward(dout, cache):
    x = cache
    return dout * (x > 0)


def relu_backward_in_place(dout, x):
    dx = np.array(dout, copy=True)
    dx[x <= 0] = 0
    return dx


def relu_backward_by_size(dout, x):
    """Wrong: the mask asks the upstream gradient, and not the input."""
    dx = dout.copy()
    dx[dout <= 0] = 0
    return dx


def leaky_relu(x, alpha=0.01):
    return np.where(x > 0, x, alpha * x), (x, alpha)


def leaky_relu_backward(dout, cache):
    x, alpha = cache
    dx = np.ones_like(x)
    dx[x < 0] = alpha
    return dout * dx


def leaky_relu_backward_no_slope(dout, cache):
    """Wrong: nothing comes through on the left."""
    x, _ = cache
    return dout * (x > 0)


def elu(x, alpha=1.5):
    out = np.where(x > 0, x, alpha * (np.exp(x) - 1))
    return out, (x, out, alpha)


def elu_backward(dout, cache):
    x, out, alpha = cache
    return dout * np.where(x > 0, 1, out + alpha)


def elu_backward_no_alpha(dout, cache):
    """Wrong: right for alpha = 1 alone."""
    x, out, _ = cache
    return dout * np.where(x > 0, 1, out + 1)


def elu_bounded(x, alpha=1.5):
    """No exponential of a large number: np.where computes both branches."""
    out = np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1))
    return out, (out, alpha)


def elu_bounded_backward(dout, cache):
    out, alpha = cache
    return dout * np.where(out > 0, 1, out + alpha)


def elu_bounded_backward_output(dout, cache):
    """Wrong: the output is left out below 0."""
    out, alpha = cache
    return dout * np.where(out > 0, 1, alpha)


def selu(x):
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    return scale * np.where(x >= 0, x, alpha * np.expm1(x)), x


def selu_backward(dout, x):
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    return dout * scale * np.where(x >= 0, 1.0, alpha * np.exp(x))


def selu_backward_no_scale(dout, x):
    """Wrong: without the scale."""
    alpha = 1.6732632423543772
    return dout * np.where(x >= 0, 1.0, alpha * np.exp(x))


def sigmoid(x):
    s = 1.0 / (1.0 + np.exp(-x))
    return s, s


def sigmoid_backward(dout, s):
    return dout * s * (1 - s)


def sigmoid_backward_of_sigmoid(dout, s):
    """Wrong: the slope at the activation, as if it were the input."""
    again = 1.0 / (1.0 + np.exp(-s))
    return dout * again * (1 - again)


def tanh(x):
    return np.tanh(x), x


def tanh_backward(dout, x):
    return dout * (1 - np.tanh(x) ** 2)


def tanh_layer(x):
    a = np.tanh(x)
    return a, a


def tanh_layer_backward(dout, a):
    return dout * (1 - np.square(a))


def tanh_layer_backward_twice(dout, a):
    """Wrong: tanh is taken of what is tanh already."""
    return dout * (1 - np.tanh(a) ** 2)


def hard_tanh(x):
    return np.clip(x, -1, 1), x


def hard_tanh_backward(dout, x):
    return dout * ((x > -1) & (x < 1))


def hard_tanh_backward_one_side(dout, x):
    """Wrong: one of two borders."""
    return dout * (x < 1)


def hard_sigmoid(x):
    return np.clip(0.2 * x + 0.5, 0.0, 1.0), x


def hard_sigmoid_backward(dout, x):
    inside = np.logical_and(x > -2.5, x < 2.5)
    return 0.2 * dout * inside


def hard_sigmoid_backward_at_three(dout, x):
    """Wrong: the borders of another library."""
    inside = np.logical_and(x > -3, x < 3)
    return 0.2 * dout * inside


def hard_swish(x):
    gate = np.minimum(np.maximum(x + 3, 0), 6) / 6
    return x * gate, (x, gate)


def hard_swish_backward(dout, cache):
    x, gate = cache
    between = (x > -3) * (x < 3)
    return dout * (gate + between * x / 6)


def hard_swish_backward_gate(dout, cache):
    """Wrong: the gate depends on x, too."""
    _, gate = cache
    return dout * gate


def relu6(x):
    return np.minimum(np.maximum(x, 0), 6), x


def relu6_backward(dout, x):
    dx = dout.copy()
    dx[(x < 0) | (x > 6)] = 0
    return dx


def relu6_backward_open(dout, x):
    """Wrong: no upper border."""
    dx = dout.copy()
    dx[x < 0] = 0
    return dx


def softplus(x):
    return np.log(1 + np.exp(x)), x


def softplus_backward(dout, x):
    return dout / (1 + np.exp(-x))


def softplus_backward_flipped(dout, x):
    """Wrong: the sigmoid of −x."""
    return dout / (1 + np.exp(x))


def softplus_stable(x):
    return np.logaddexp(0, x), x


def softplus_stable_backward(dout, x):
    e = np.exp(x)
    return dout * e / (1 + e)


def softplus_split(x):
    return np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0), x


def softsign(x):
    d = 1 + np.abs(x)
    return x / d, d


def softsign_backward(dout, d):
    return dout / d**2


def softsign_backward_no_square(dout, d):
    """Wrong: not squared."""
    return dout / d


def log_sigmoid(x):
    return -np.log1p(np.exp(-x)), x


def log_sigmoid_backward(dout, x):
    return dout * (1 - 1 / (1 + np.exp(-x)))


def log_sigmoid_backward_sigmoid(dout, x):
    """Wrong: the sigmoid, and not 1 minus it."""
    return dout * (1 / (1 + np.exp(-x)))


def gelu(x):
    phi = 0.5 * (1 + erf(x / np.sqrt(2)))
    return x * phi, (x, phi)


def gelu_backward(dout, cache):
    x, phi = cache
    pdf = np.exp(-0.5 * x**2) / np.sqrt(2 * np.pi)
    return dout * (phi + x * pdf)


def gelu_backward_no_density(dout, cache):
    """Wrong: the product rule half done."""
    _, phi = cache
    return dout * phi


C = 0.7978845608
K = 0.044715


def gelu_tanh(x):
    inner = C * (x + K * x**3)
    t = np.tanh(inner)
    return 0.5 * x * (1 + t), (x, t)


def gelu_tanh_backward(dout, cache):
    x, t = cache
    dinner = C * (1 + 3 * K * x**2)
    return dout * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * dinner)


def gelu_tanh_backward_rounded(dout, cache):
    """Wrong in the seventh digit: 0.1070322 is a rounded 3·0.044715·0.7978845608."""
    x, t = cache
    dinner = C + 0.1070322 * x**2
    return dout * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * dinner)


def quick_gelu(x):
    s = 1 / (1 + np.exp(-1.702 * x))
    return x * s, (x, s)


def quick_gelu_backward(dout, cache):
    x, s = cache
    return dout * (s + 1.702 * x * s * (1 - s))


def quick_gelu_backward_swish(dout, cache):
    """Wrong: that is the slope of swish."""
    x, s = cache
    return dout * (s + x * s * (1 - s))


def swish(x, beta):
    s = 1 / (1 + np.exp(-beta * x))
    return x * s, (x, s, beta)


def swish_backward(dout, cache):
    x, s, beta = cache
    ds = dout * x
    dz = ds * s * (1 - s)
    dx = dout * s + dz * beta
    dbeta = np.sum(dz * x)
    return dx, dbeta


def swish_backward_mean(dout, cache):
    """Wrong: beta serves all entries, so its slopes are summed and not averaged."""
    x, s, beta = cache
    dz = dout * x * s * (1 - s)
    return dout * s + dz * beta, np.mean(dz * x)


def silu(x):
    sig = 1 / (1 + np.exp(-x))
    out = x * sig
    return out, (sig, out)


def silu_backward(dout, cache):
    sig, out = cache
    return dout * (out + sig * (1 - out))


def silu_backward_sigmoid(dout, cache):
    """Wrong: the slope of the gate alone."""
    sig, out = cache
    return dout * (out + sig * (1 - sig))


def mish(x):
    sp = np.log1p(np.exp(x))
    t = np.tanh(sp)
    return x * t, (x, t)


def mish_backward(dout, cache):
    x, t = cache
    sig = 1 / (1 + np.exp(-x))
    return dout * (t + x * sig * (1 - t * t))


def mish_backward_closed(dout, cache):
    x, _ = cache
    e = np.exp(x)
    omega = 4 * (x + 1) + 4 * e**2 + e**3 + e * (4 * x + 6)
    delta = 2 * e + e**2 + 2
    return dout * e * omega / delta**2


def mish_backward_no_sigmoid(dout, cache):
    """Wrong: the softplus has a slope, too."""
    x, t = cache
    return dout * (t + x * (1 - t * t))


def squareplus(x, b=4):
    root = np.sqrt(x**2 + b)
    return 0.5 * (x + root), (x, root)


def squareplus_backward(dout, cache):
    x, root = cache
    return 0.5 * dout * (1 + x / root)


def squareplus_backward_no_root(dout, cache):
    """Wrong: the root's slope is forgotten."""
    x, _ = cache
    return 0.5 * dout * (1 + x)


def gaussian(x):
    y = np.exp(-(x**2))
    return y, (x, y)


def gaussian_backward(dout, cache):
    x, y = cache
    return -2 * x * y * dout


def gaussian_backward_sign(dout, cache):
    """Wrong: the sign."""
    x, y = cache
    return 2 * x * y * dout


def prelu(x, a):
    return np.maximum(x, 0) + a * np.minimum(x, 0), (x, a)


def prelu_backward(dout, cache):
    x, a = cache
    dx = dout * np.where(x > 0, 1, a)
    da = np.sum(dout * np.minimum(x, 0), axis=0)
    return dx, da


def prelu_backward_all(dout, cache):
    """Wrong: the slope's gradient counts the right side, too."""
    x, a = cache
    return dout * np.where(x > 0, 1, a), np.sum(dout * x, axis=0)


def srelu(x, tl, al, tr, ar):
    out = np.where(x >= tr, tr + ar * (x - tr), np.where(x > tl, x, tl + al * (x - tl)))
    return out, (x, tl, al, tr, ar)


def srelu_backward(dout, cache):
    x, tl, al, tr, ar = cache
    right = x >= tr
    left = ~right & (x <= tl)
    dx = dout * np.where(right, ar, np.where(left, al, 1))
    dtl = np.sum(dout * (1 - al) * left, axis=0)
    dal = np.sum(dout * (x - tl) * left, axis=0)
    dtr = np.sum(dout * (1 - ar) * right, axis=0)
    dar = np.sum(dout * (x - tr) * right, axis=0)
    return dx, dtl, dal, dtr, dar


def srelu_backward_slopes(dout, cache):
    """Wrong: the thresholds' gradients have the slope, and not 1 minus it."""
    x, tl, al, tr, ar = cache
    right = x >= tr
    left = ~right & (x <= tl)
    dx = dout * np.where(right, ar, np.where(left, al, 1))
    dtl = np.sum(dout * al * left, axis=0)
    dal = np.sum(dout * (x - tl) * left, axis=0)
    dtr = np.sum(dout * ar * right, axis=0)
    dar = np.sum(dout * (x - tr) * right, axis=0)
    return dx, dtl, dal, dtr, dar
