"""Affine layers and their like: plain NumPy."""

from __future__ import annotations

import numpy as np


def affine(x, w, b):
    out = np.dot(x, w) + b
    cache = (x, w)
    return out, cache


def affine_backward(dout, cache):
    x, w = cache
    dx = np.dot(dout, w.T)
    dw = np.dot(x.T, dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


def affine_backward_mean(dout, cache):
    """Wrong: the bias is averaged, not summed."""
    x, w = cache
    return dout @ w.T, x.T @ dout, np.mean(dout, axis=0)


def affine_backward_divided(dout, cache):
    """Wrong: divided by the examples, as if the loss were a mean."""
    x, w = cache
    n = x.shape[0]
    return dout @ w.T, x.T @ dout / n, dout.sum(axis=0)


def affine_columns(X, W, b):
    """Examples as columns, weights stored transposed."""
    return W @ X + b, (X, W)


def affine_columns_backward(dZ, cache):
    X, W = cache
    dX = W.T @ dZ
    dW = dZ @ X.T
    db = np.sum(dZ, axis=1, keepdims=True)
    return dX, dW, db


def affine_columns_backward_flat(dZ, cache):
    """Wrong: the bias loses its axis, and has the wrong shape."""
    X, W = cache
    return W.T @ dZ, dZ @ X.T, np.sum(dZ, axis=1)


def affine_flat(x, w, b):
    """cs231n's way: whatever a sample's shape is."""
    rows = x.reshape(x.shape[0], -1)
    return rows.dot(w) + b, (x, w)


def affine_flat_backward(dout, cache):
    x, w = cache
    rows = x.reshape(x.shape[0], -1)
    dx = dout.dot(w.T).reshape(x.shape)
    return dx, rows.T.dot(dout), dout.sum(axis=0)


def affine_flat_backward_doubled(dout, cache):
    """Wrong: the input's gradient is added up twice."""
    x, w = cache
    rows = x.reshape(x.shape[0], -1)
    dx = np.zeros_like(x)
    for _ in range(2):
        dx += dout.dot(w.T).reshape(x.shape)
    return dx, rows.T.dot(dout), dout.sum(axis=0)


def affine_relu(x, w, b):
    z = x @ w + b
    return np.maximum(z, 0), (x, w, z)


def affine_relu_backward(dout, cache):
    x, w, z = cache
    dz = dout * (z > 0)
    return dz @ w.T, x.T @ dz, dz.sum(0)


def affine_relu_backward_unmasked(dout, cache):
    """Wrong: the bias does not see the mask."""
    x, w, z = cache
    dz = dout * (z > 0)
    return dz @ w.T, x.T @ dz, dout.sum(0)


def bilinear(x, a, y):
    return np.einsum("ni,ij,nj->n", x, a, y), (x, a, y)


def bilinear_backward(dout, cache):
    x, a, y = cache
    dx = dout[:, None] * (y @ a.T)
    da = np.einsum("n,ni,nj->ij", dout, x, y)
    dy = dout[:, None] * (x @ a)
    return dx, da, dy


def bilinear_backward_transposed(dout, cache):
    """Wrong: the matrix the wrong way round."""
    x, a, y = cache
    return dout[:, None] * (y @ a), np.einsum("n,nj,ni->ij", dout, x, y), dout[:, None] * (x @ a.T)


def embedding(W, y):
    return W[y], (W, y)


def embedding_backward(dout, cache):
    W, y = cache
    dW = np.zeros_like(W)
    np.add.at(dW, y, dout)
    return dW


def embedding_backward_mean(dout, cache):
    """Wrong: averaged over the words."""
    W, y = cache
    onehot = np.eye(W.shape[0])[y]
    return onehot.T @ dout / dout.shape[0]


def embedding_one_hot(onehot, W):
    return onehot @ W, onehot


def embedding_one_hot_backward(dout, onehot, W):
    return dout @ W.T, np.dot(onehot.T, dout)


def embedding_one_hot_backward_rows(dout, onehot, W):
    """Wrong: each row of the table counts once, however often its word stands there."""
    used = np.minimum(onehot.sum(axis=0), 1)[:, None]
    return dout @ W.T, used * np.dot(onehot.T, dout)


def scale_shift(x, gamma, beta):
    return gamma * x + beta, (x, gamma)


def scale_shift_backward(dout, cache):
    x, gamma = cache
    return dout * gamma, (dout * x).sum(axis=0), dout.sum(axis=0)


def scale_shift_backward_scaled(dout, cache):
    """Wrong: the shift's gradient is scaled."""
    x, gamma = cache
    return dout * gamma, (dout * x).sum(axis=0), (dout * gamma).sum(axis=0)


def residual(x, w, v):
    h = np.maximum(x @ w, 0)
    return x + h @ v, (x, w, v, h)


def residual_backward(dout, cache):
    x, w, v, h = cache
    dv = h.T @ dout
    dh = dout @ v.T
    dz = np.where(h > 0, dh, 0)
    dx = dz @ w.T
    dx += dout
    return dx, x.T @ dz, dv


def residual_backward_no_skip(dout, cache):
    """Wrong: nothing comes through the skip."""
    x, w, v, h = cache
    dz = np.where(h > 0, dout @ v.T, 0)
    return dz @ w.T, x.T @ dz, h.T @ dout


def gated(x, w, v):
    gate = 1 / (1 + np.exp(-(x @ v)))
    value = x @ w
    return gate * value, (x, w, v, gate, value)


def gated_backward(dout, cache):
    x, w, v, gate, value = cache
    dvalue = dout * gate
    dg = dout * value * gate * (1 - gate)
    dx = dvalue @ w.T + dg @ v.T
    return dx, x.T @ dvalue, x.T @ dg


def gated_backward_one_way(dout, cache):
    """Wrong: the input is reached by two ways."""
    x, w, _, gate, value = cache
    dvalue = dout * gate
    dg = dout * value * gate * (1 - gate)
    return dvalue @ w.T, x.T @ dvalue, x.T @ dg


def low_rank(x, w, a, b):
    """An adapter of low rank beside the weights."""
    return x @ w + 0.5 * ((x @ a) @ b), (x, w, a, b)


def low_rank_backward(dout, cache):
    x, w, a, b = cache
    half = 0.5 * dout
    dmiddle = half @ b.T
    return dout @ w.T + dmiddle @ a.T, x.T @ dout, x.T @ dmiddle, (x @ a).T @ half


def low_rank_backward_unscaled(dout, cache):
    """Wrong: the adapter's scale is forgotten."""
    x, w, a, b = cache
    dmiddle = dout @ b.T
    return dout @ w.T + dmiddle @ a.T, x.T @ dout, x.T @ dmiddle, (x @ a).T @ dout
