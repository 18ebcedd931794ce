"""Ways to write that say the same: in-place operators, views, copies, loops, helpers, closures."""

from __future__ import annotations

import numpy as np


def accumulate(x, w):
    out = x.copy()
    out *= w
    out += x
    return out, (x, w)


def accumulate_backward(dout, cache):
    x, w = cache
    dx = dout.copy()
    dx *= w
    dx += dout
    dw = dout * x
    return dx, dw


def accumulate_backward_alias(dout, cache):
    """Wrong: dx is dout itself, so dw is made of what dx became."""
    x, w = cache
    dx = dout
    dx *= w + 1
    dw = dout * x
    return dx, dw


def views(x, b):
    out = np.zeros_like(x)
    out[:] = x
    columns = out.T
    columns += b[:, None]
    return out**2, (x, b)


def views_backward(dout, cache):
    x, b = cache
    d = 2 * dout * (x + b)
    return d, d.sum(axis=0)


def views_backward_lost(dout, cache):
    """Wrong: what is written to a copy is lost."""
    x, b = cache
    d = 2 * dout * x
    copied = d.copy()
    copied += 1
    return d, d.sum(axis=0)


def rows_in_a_loop(x, w):
    """At numbers: row by row."""
    out = np.empty((x.shape[0], w.shape[1]))
    for i, row in enumerate(x):
        out[i] = row @ w
    return out, (x, w)


def rows_in_a_loop_backward(dout, cache):
    x, w = cache
    dx = np.empty_like(x)
    dw = np.zeros_like(w)
    for i in range(len(x)):
        dx[i] = w @ dout[i]
        dw += np.outer(x[i], dout[i])
    return dx, dw


def rows_in_a_loop_backward_first(dout, cache):
    """Wrong: one row too few."""
    x, w = cache
    dx = np.zeros_like(x)
    dw = np.zeros_like(w)
    for i in range(1, len(x)):
        dx[i] = w @ dout[i]
        dw += np.outer(x[i], dout[i])
    return dx, dw


def split_halves(x, w):
    """A gated linear unit, by halves."""
    a, b = np.split(x @ w, 2, axis=1)
    s = 1 / (1 + np.exp(-b))
    return a * s, (x, w, a, s)


def split_halves_backward(dout, cache):
    x, w, a, s = cache
    da = dout * s
    db = dout * a * s * (1 - s)
    dz = np.concatenate([da, db], axis=1)
    return dz @ w.T, x.T @ dz


def split_halves_backward_swapped(dout, cache):
    """Wrong: the halves change places."""
    x, w, a, s = cache
    da = dout * s
    db = dout * a * s * (1 - s)
    dz = np.concatenate([db, da], axis=1)
    return dz @ w.T, x.T @ dz


def bias_trick(x, w):
    """A column of ones beside x."""
    n = x.shape[0]
    xb = np.hstack([x, np.ones((n, 1))])
    return xb @ w, (xb, w)


def bias_trick_backward(dout, cache):
    xb, w = cache
    return dout @ w[:-1].T, xb.T @ dout


def bias_trick_backward_rows(dout, cache):
    """Wrong: the row of the bias is taken for one of the weights."""
    xb, w = cache
    return dout @ w[1:].T, xb.T @ dout


def stacked(a, b):
    s = np.stack([a, b])
    return np.exp(s).sum(axis=0), (a, b)


def stacked_backward(dout, cache):
    a, b = cache
    da, db = dout * np.exp(np.stack((a, b)))
    return da, db


def stacked_backward_swapped(dout, cache):
    """Wrong: in the other order."""
    a, b = cache
    db, da = dout * np.exp(np.stack((a, b)))
    return da, db


def out_argument(x, y):
    result = np.empty_like(x)
    np.multiply(x, y, out=result)
    np.add(result, x, out=result)
    return result, (x, y)


def out_argument_backward(dout, x, y):
    dx = np.empty_like(x)
    np.add(y, 1, out=dx)
    dx *= dout
    return dx, np.multiply(dout, x)


def out_argument_backward_late(dout, x, y):
    """Wrong: dy is made of x after it was written to."""
    dx = x
    np.add(y, 1, out=dx)
    dx *= dout
    return dx, dout * x


def differences(x):
    """Of neighbours, at numbers."""
    return (x[1:] - x[:-1]) ** 2, x


def differences_backward(dout, x):
    d = 2 * dout * (x[1:] - x[:-1])
    dx = np.zeros_like(x)
    dx[1:] += d
    dx[:-1] -= d
    return dx


def differences_backward_one(dout, x):
    """Wrong: each entry has two neighbours."""
    d = 2 * dout * (x[1:] - x[:-1])
    dx = np.zeros_like(x)
    dx[1:] += d
    return dx


def running_sum(x):
    return np.cumsum(x, axis=1), x


def running_sum_backward(dout, x):
    return np.flip(np.cumsum(np.flip(dout, axis=1), axis=1), axis=1)


def running_sum_backward_forward(dout, x):
    """Wrong: summed from the wrong end."""
    return np.cumsum(dout, axis=1)


def outer_rows(x, y):
    return x[:, :, None] * y[:, None, :], (x, y)


def outer_rows_backward(dout, cache):
    x, y = cache
    return (dout * y[:, None, :]).sum(axis=2), (dout * x[:, :, None]).sum(axis=1)


def outer_rows_backward_axes(dout, cache):
    """Wrong: summed over the wrong axis, which has the same size."""
    x, y = cache
    return (dout * y[:, None, :]).sum(axis=1), (dout * x[:, :, None]).sum(axis=2)


def pairwise(x, y):
    """Squared distances of all pairs."""
    xx = np.sum(x**2, axis=1)[:, np.newaxis]
    yy = np.sum(y**2, axis=1)[np.newaxis, :]
    return xx + yy - 2 * x @ y.T, (x, y)


def pairwise_backward(dout, cache):
    x, y = cache
    dx = 2 * x * dout.sum(axis=1, keepdims=True) - 2 * dout @ y
    dy = 2 * y * dout.sum(axis=0)[:, None] - 2 * dout.T @ x
    return dx, dy


def pairwise_backward_half(dout, cache):
    """Wrong: the cross term's 2 is forgotten."""
    x, y = cache
    dx = 2 * x * dout.sum(axis=1, keepdims=True) - dout @ y
    dy = 2 * y * dout.sum(axis=0)[:, None] - dout.T @ x
    return dx, dy


def log_sum_exp(x):
    m = x.max(axis=1, keepdims=True)
    return np.squeeze(m, axis=1) + np.log(np.sum(np.exp(x - m), axis=1)), x


def log_sum_exp_backward(dout, x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return np.expand_dims(dout, 1) * e / e.sum(axis=1, keepdims=True)


def log_sum_exp_backward_unnormalised(dout, x):
    """Wrong: not divided by the sum."""
    return dout[:, None] * np.exp(x - x.max(axis=1, keepdims=True))


def quadratic(x, A):
    return 0.5 * x @ A @ x


def quadratic_gradient(x, A):
    return 0.5 * (A + A.T) @ x, 0.5 * np.outer(x, x)


def quadratic_gradient_symmetric(x, A):
    """Wrong: right where A is symmetric alone."""
    return A @ x, 0.5 * np.outer(x, x)


def make_power(k):
    def forward(x):
        return x**k, x

    def backward(dout, x):
        return dout * k * x ** (k - 1)

    def wrong(dout, x):
        return dout * k * x**k

    return forward, backward, wrong


cube, cube_backward, cube_backward_exponent = make_power(3)


def weighted_mean(x, w):
    total = w.sum()
    return (x * w).sum(axis=0) / total, (x, w, total)


def weighted_mean_backward(dout, cache):
    x, w, total = cache
    mean = (x * w).sum(axis=0) / total
    dx = w * dout / total
    dw = ((x - mean) * dout).sum(axis=1, keepdims=True) / total
    return dx, dw


def weighted_mean_backward_total(dout, cache):
    """Wrong: the weights' total is taken for a constant."""
    x, w, total = cache
    return w * dout / total, (x * dout).sum(axis=1, keepdims=True) / total


def geometric(x):
    return np.exp(np.mean(np.log(x))), x


def geometric_backward(dout, x):
    return dout * np.exp(np.mean(np.log(x))) / (x * x.size)


def geometric_backward_size(dout, x):
    """Wrong: not divided by the number of entries."""
    return dout * np.exp(np.mean(np.log(x))) / x


def swap_axes(x, w):
    y = np.swapaxes(x, 1, 2) @ w
    return np.moveaxis(y, 1, 0), (x, w)


def swap_axes_backward(dout, cache):
    x, w = cache
    dy = np.moveaxis(dout, 0, 1)
    dx = np.transpose(dy @ w.T, (0, 2, 1))
    dw = np.einsum("nij,nik->jk", x.transpose(0, 2, 1), dy)
    return dx, dw


def swap_axes_backward_sum(dout, cache):
    """Wrong: averaged over the batch."""
    x, w = cache
    dy = np.moveaxis(dout, 0, 1)
    dx = np.transpose(dy @ w.T, (0, 2, 1))
    return dx, (x @ dy).mean(axis=0)


def variance_loss(x):
    return np.var(x, axis=0).sum()


def variance_loss_gradient(x):
    return 2 * (x - x.mean(axis=0)) / len(x)


def variance_loss_gradient_unbiased(x):
    """Wrong: the gradient of another variance, divided by n − 1."""
    return 2 * (x - x.mean(axis=0)) / (len(x) - 1)


def spread_loss(x):
    return np.std(x, axis=1).mean()


def spread_loss_gradient(x):
    n, d = x.shape
    xc = x - x.mean(axis=1, keepdims=True)
    return xc / (n * d * x.std(axis=1, keepdims=True))


def spread_loss_gradient_no_mean(x):
    """Wrong: the mean is not subtracted."""
    n, d = x.shape
    return x / (n * d * x.std(axis=1, keepdims=True))
