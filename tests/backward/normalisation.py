"""Normalisation and dropout: plain NumPy."""

from __future__ import annotations

import numpy as np


def batchnorm(x, gamma, beta, eps):
    mu = x.mean(axis=0)
    xc = x - mu
    var = np.mean(xc**2, axis=0)
    std = np.sqrt(var + eps)
    xhat = xc / std
    return gamma * xhat + beta, (xhat, gamma, std)


def batchnorm_backward(dout, cache):
    """The compact form."""
    xhat, gamma, std = cache
    n = dout.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = np.sum(xhat * dout, axis=0)
    dx = gamma / (n * std) * (n * dout - dbeta - xhat * dgamma)
    return dx, dgamma, dbeta


def batchnorm_backward_no_mean(dout, cache):
    """Wrong: the mean is taken for a constant."""
    xhat, gamma, std = cache
    n = dout.shape[0]
    dgamma = np.sum(xhat * dout, axis=0)
    dx = gamma / (n * std) * (n * dout - xhat * dgamma)
    return dx, dgamma, dout.sum(axis=0)


def batchnorm_backward_frozen(dout, cache):
    """Wrong: mean and deviation are taken for constants."""
    xhat, gamma, std = cache
    return dout * gamma / std, np.sum(xhat * dout, axis=0), dout.sum(axis=0)


def batchnorm_staged(x, gamma, beta, eps):
    """Step by step, each step kept."""
    n = x.shape[0]
    mu = 1.0 / n * np.sum(x, axis=0)
    xmu = x - mu
    sq = xmu**2
    var = 1.0 / n * np.sum(sq, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    out = gamma * xhat + beta
    return out, (xhat, gamma, xmu, ivar, sqrtvar)


def batchnorm_staged_backward(dout, cache):
    xhat, gamma, xmu, ivar, sqrtvar = cache
    n, d = dout.shape
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1.0 / (sqrtvar**2) * divar
    dvar = 0.5 * ivar * dsqrtvar
    dsq = 1.0 / n * np.ones((n, d)) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dx1, axis=0)
    dx2 = 1.0 / n * np.ones((n, d)) * dmu
    return dx1 + dx2, dgamma, dbeta


def batchnorm_staged_backward_half(dout, cache):
    """Wrong: the root's half is forgotten."""
    xhat, gamma, xmu, ivar, sqrtvar = cache
    n, d = dout.shape
    dxhat = dout * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1.0 / (sqrtvar**2) * divar
    dvar = ivar * dsqrtvar
    dsq = 1.0 / n * np.ones((n, d)) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dx1, axis=0)
    dx2 = 1.0 / n * np.ones((n, d)) * dmu
    return dx1 + dx2, np.sum(dout * xhat, axis=0), np.sum(dout, axis=0)


def batchnorm_paper(x, gamma, beta, eps):
    mean, var = np.mean(x, axis=0), np.var(x, axis=0)
    xhat = (x - mean) / np.sqrt(var + eps)
    return gamma * xhat + beta, (x, xhat, mean, var, gamma, eps)


def batchnorm_paper_backward(dout, cache):
    """The paper's equations, one by one."""
    x, xhat, mean, var, gamma, eps = cache
    m = x.shape[0]
    dxhat = dout * gamma
    dvar = np.sum(dxhat * (x - mean) * (-0.5) * (var + eps) ** (-1.5), axis=0)
    dmean = np.sum(dxhat * -1 / np.sqrt(var + eps), axis=0)
    dmean = dmean + dvar * np.sum(-2 * (x - mean), axis=0) / m
    dx = dxhat / np.sqrt(var + eps) + dvar * 2 * (x - mean) / m + dmean / m
    return dx, np.sum(dout * xhat, axis=0), np.sum(dout, axis=0)


def batchnorm_paper_backward_m(dout, cache):
    """Wrong: one of two divisions by m is missing."""
    x, xhat, mean, var, gamma, eps = cache
    m = x.shape[0]
    dxhat = dout * gamma
    dvar = np.sum(dxhat * (x - mean) * (-0.5) * (var + eps) ** (-1.5), axis=0)
    dmean = np.sum(dxhat * -1 / np.sqrt(var + eps), axis=0)
    dx = dxhat / np.sqrt(var + eps) + dvar * 2 * (x - mean) / m + dmean
    return dx, np.sum(dout * xhat, axis=0), np.sum(dout, axis=0)


def layernorm(x, gamma, beta, eps):
    mu = x.mean(axis=-1, keepdims=True)
    var = x.var(axis=-1, keepdims=True)
    rstd = 1 / np.sqrt(var + eps)
    xhat = (x - mu) * rstd
    return xhat * gamma + beta, (xhat, rstd, gamma)


def layernorm_backward(dout, cache):
    xhat, rstd, gamma = cache
    dxhat = dout * gamma
    dx = dxhat - dxhat.mean(axis=-1, keepdims=True)
    dx -= xhat * (dxhat * xhat).mean(axis=-1, keepdims=True)
    dx *= rstd
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)


def layernorm_backward_gamma_late(dout, cache):
    """Wrong: gamma stands inside the means."""
    xhat, rstd, gamma = cache
    dx = dout - dout.mean(axis=-1, keepdims=True)
    dx -= xhat * (dout * xhat).mean(axis=-1, keepdims=True)
    return dx * rstd * gamma, (dout * xhat).sum(axis=0), dout.sum(axis=0)


def layernorm_backward_axis(dout, cache):
    """Wrong: averaged over the examples, as in batch norm."""
    xhat, rstd, gamma = cache
    dxhat = dout * gamma
    dx = dxhat - dxhat.mean(axis=0)
    dx -= xhat * (dxhat * xhat).mean(axis=0)
    return dx * rstd, (dout * xhat).sum(axis=0), dout.sum(axis=0)


def layernorm_sequence(x, gamma, beta, eps):
    """At three axes: batch, time, features."""
    mu = np.mean(x, axis=2, keepdims=True)
    var = np.mean((x - mu) ** 2, axis=2, keepdims=True)
    inv = (var + eps) ** -0.5
    xhat = (x - mu) * inv
    return gamma * xhat + beta, (xhat, inv, gamma)


def layernorm_sequence_backward(dout, cache):
    xhat, inv, gamma = cache
    d = xhat.shape[-1]
    g = dout * gamma
    s = g.sum(axis=-1, keepdims=True)
    p = (g * xhat).sum(axis=-1, keepdims=True)
    dx = inv / d * (d * g - s - xhat * p)
    return dx, np.sum(dout * xhat, axis=(0, 1)), np.sum(dout, axis=(0, 1))


def layernorm_sequence_backward_one_axis(dout, cache):
    """Wrong: the scale's gradient is summed over the batch, and averaged over time."""
    xhat, inv, gamma = cache
    d = xhat.shape[-1]
    g = dout * gamma
    s = g.sum(axis=-1, keepdims=True)
    p = (g * xhat).sum(axis=-1, keepdims=True)
    dx = inv / d * (d * g - s - xhat * p)
    return dx, np.sum(dout * xhat, axis=0).mean(axis=0), np.sum(dout, axis=(0, 1))


def rmsnorm(x, weight, eps):
    rms = np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + eps)
    xhat = x / rms
    return weight * xhat, (xhat, rms, weight)


def rmsnorm_backward(dout, cache):
    xhat, rms, weight = cache
    g = dout * weight
    dx = (g - xhat * np.mean(g * xhat, axis=-1, keepdims=True)) / rms
    return dx, np.sum(dout * xhat, axis=0)


def rmsnorm_backward_weight_twice(dout, cache):
    """Wrong: the weight is applied twice in one of two terms."""
    xhat, rms, weight = cache
    g = dout * weight
    dx = (g - weight * xhat * np.mean(g * xhat, axis=-1, keepdims=True)) / rms
    return dx, np.sum(dout * xhat, axis=0)


def rmsnorm_backward_frozen(dout, cache):
    """Wrong: the root mean square is taken for a constant."""
    xhat, rms, weight = cache
    return dout * weight / rms, np.sum(dout * xhat, axis=0)


def groupnorm(x, gamma, beta, eps):
    """At three axes: examples, groups, what is in a group."""
    mean = x.mean(axis=2, keepdims=True)
    var = ((x - mean) ** 2).mean(axis=2, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = (x - mean) / std
    return xhat * gamma + beta, (xhat, std, gamma)


def groupnorm_backward(dout, cache):
    xhat, std, gamma = cache
    m = xhat.shape[2]
    dxhat = dout * gamma
    sums = dxhat.sum(axis=2, keepdims=True)
    along = (dxhat * xhat).sum(axis=2, keepdims=True)
    dx = (dxhat - sums / m - xhat * along / m) / std
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)


def groupnorm_backward_all(dout, cache):
    """Wrong: averaged over all groups together."""
    xhat, std, gamma = cache
    dxhat = dout * gamma
    mean = dxhat.mean(axis=(1, 2), keepdims=True)
    along = (dxhat * xhat).mean(axis=(1, 2), keepdims=True)
    dx = (dxhat - mean - xhat * along) / std
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)


def groupnorm_images(x, gamma, beta):
    """Images with four channels in two groups, by a reshape; eps is a number."""
    n, c, h, w = x.shape
    groups = x.reshape(n, 2, c // 2 * h * w)
    mean = groups.mean(axis=2, keepdims=True)
    std = np.sqrt(groups.var(axis=2, keepdims=True) + 1e-5)
    xhat = ((groups - mean) / std).reshape(n, c, h, w)
    return gamma * xhat + beta, (xhat, std, gamma)


def groupnorm_images_backward(dout, cache):
    xhat, std, gamma = cache
    n, c, h, w = dout.shape
    dgroups = (dout * gamma).reshape(n, 2, -1)
    groups = xhat.reshape(n, 2, -1)
    along = (dgroups * groups).mean(axis=2, keepdims=True)
    dx = (dgroups - dgroups.mean(axis=2, keepdims=True) - groups * along) / std
    dgamma = (dout * xhat).sum(axis=(0, 2, 3), keepdims=True)
    return dx.reshape(n, c, h, w), dgamma, dout.sum(axis=(0, 2, 3), keepdims=True)


def groupnorm_images_backward_count(dout, cache):
    """Wrong: the means are taken over all channels, not over those of the group."""
    xhat, std, gamma = cache
    n, c, h, w = dout.shape
    dgroups = (dout * gamma).reshape(n, 2, -1)
    groups = xhat.reshape(n, 2, -1)
    along = (dgroups * groups).sum(axis=2, keepdims=True)
    mean = dgroups.sum(axis=2, keepdims=True)
    dx = (dgroups - (mean + groups * along) / (c * h * w)) / std
    dgamma = (dout * xhat).sum(axis=(0, 2, 3), keepdims=True)
    return dx.reshape(n, c, h, w), dgamma, dout.sum(axis=(0, 2, 3), keepdims=True)


def instancenorm(x, eps):
    """At four axes: examples, channels, rows, columns."""
    mean = x.mean(axis=(2, 3), keepdims=True)
    var = x.var(axis=(2, 3), keepdims=True)
    inv = 1 / np.sqrt(var + eps)
    out = (x - mean) * inv
    return out, (out, inv)


def instancenorm_backward(dout, cache):
    out, inv = cache
    mean = dout.mean(axis=(2, 3), keepdims=True)
    along = (dout * out).mean(axis=(2, 3), keepdims=True)
    return inv * (dout - mean - out * along)


def instancenorm_backward_rows(dout, cache):
    """Wrong: averaged over the columns alone."""
    out, inv = cache
    mean = dout.mean(axis=3, keepdims=True)
    along = (dout * out).mean(axis=3, keepdims=True)
    return inv * (dout - mean - out * along)


def standardise(x):
    """Without eps: the deviation is not 0."""
    std = x.std()
    out = (x - x.mean()) / std
    return out, (out, std)


def standardise_backward(dout, cache):
    out, std = cache
    return (dout - dout.mean() - out * np.mean(dout * out)) / std


def standardise_backward_mean(dout, cache):
    """Wrong: as if the deviation were a constant."""
    _, std = cache
    return (dout - dout.mean()) / std


def l2_normalise(x):
    norm = np.linalg.norm(x, axis=1, keepdims=True)
    out = x / norm
    return out, (out, norm)


def l2_normalise_backward(dout, cache):
    out, norm = cache
    return (dout - out * np.sum(out * dout, axis=1, keepdims=True)) / norm


def l2_normalise_backward_norm(dout, cache):
    """Wrong: the projection is divided by the norm twice."""
    out, norm = cache
    return dout / norm - out * np.sum(out * dout, axis=1, keepdims=True) / norm**2


def weight_norm(v, g):
    """A row's direction, and its length."""
    length = np.sqrt(np.sum(v * v, axis=1, keepdims=True))
    return g * v / length, (v, g, length)


def weight_norm_backward(dout, cache):
    v, g, length = cache
    dg = np.sum(dout * v, axis=1, keepdims=True) / length
    dv = g / length * dout - g * dg / length**2 * v
    return dv, dg


def weight_norm_backward_length(dout, cache):
    """Wrong: a length too few in the second term."""
    v, g, length = cache
    dg = np.sum(dout * v, axis=1, keepdims=True) / length
    dv = g / length * dout - g * dg / length * v
    return dv, dg


def dropout(x, mask, p):
    out = x * mask / (1 - p)
    return out, (mask, p)


def dropout_backward(dout, cache):
    mask, p = cache
    return dout * mask / (1 - p)


def dropout_backward_unscaled(dout, cache):
    """Wrong: not divided by what is kept."""
    mask, _ = cache
    return dout * mask


def dropout_drawn(x, p=0.3):
    keep = 1 - p
    mask = (np.random.rand(*x.shape) < keep) / keep
    return x * mask, mask


def dropout_drawn_backward(dout, mask):
    dx = dout
    dx *= mask
    return dx


def dropout_drawn_backward_again(dout, x):
    """Wrong: another mask is drawn."""
    mask = (np.random.rand(*x.shape) < 0.7) / 0.7
    return dout * mask
