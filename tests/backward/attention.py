"""Scaled dot-product attention: plain NumPy."""

from __future__ import annotations

import numpy as np


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def attention(q, k, v):
    d = q.shape[-1]
    a = softmax(q @ k.T / np.sqrt(d))
    return a @ v, (q, k, v, a)


def attention_backward(dout, cache):
    q, k, v, a = cache
    d = q.shape[-1]
    dv = a.T @ dout
    da = dout @ v.T
    ds = a * (da - np.sum(da * a, axis=-1, keepdims=True))
    ds = ds / np.sqrt(d)
    dq = ds @ k
    dk = ds.T @ q
    return dq, dk, dv


def attention_backward_unscaled(dout, cache):
    """Wrong: the scale is forgotten."""
    q, k, v, a = cache
    da = dout @ v.T
    ds = a * (da - np.sum(da * a, axis=-1, keepdims=True))
    return ds @ k, ds.T @ q, a.T @ dout


def attention_backward_diagonal(dout, cache):
    """Wrong: the softmax is differentiated entry by entry."""
    q, k, v, a = cache
    ds = dout @ v.T * a * (1 - a) / np.sqrt(q.shape[-1])
    return ds @ k, ds.T @ q, a.T @ dout


def batched(q, k, v):
    """At three axes: batch, time, features."""
    scale = 1 / np.sqrt(q.shape[-1])
    scores = np.matmul(q, k.transpose(0, 2, 1)) * scale
    a = softmax(scores)
    return np.matmul(a, v), (q, k, v, a, scale)


def batched_backward(dout, cache):
    q, k, v, a, scale = cache
    dv = np.matmul(a.transpose(0, 2, 1), dout)
    da = np.matmul(dout, v.swapaxes(-1, -2))
    ds = a * (da - (da * a).sum(axis=-1, keepdims=True)) * scale
    dq = np.matmul(ds, k)
    dk = np.matmul(ds.transpose(0, 2, 1), q)
    return dq, dk, dv


def batched_backward_swapped(dout, cache):
    """Wrong: the keys' gradient is not transposed."""
    q, k, v, a, scale = cache
    dv = np.einsum("bqk,bqd->bkd", a, dout)
    da = np.einsum("bqd,bkd->bqk", dout, v)
    ds = a * (da - (da * a).sum(axis=-1, keepdims=True)) * scale
    return ds @ k, ds @ q, dv


def heads(q, k, v):
    """At four axes: batch, heads, time, features."""
    s = np.einsum("bhqd,bhkd->bhqk", q, k) / np.sqrt(q.shape[-1])
    e = np.exp(s - np.max(s, axis=-1, keepdims=True))
    a = e / np.sum(e, axis=-1, keepdims=True)
    return np.einsum("bhqk,bhkd->bhqd", a, v), (q, k, v, a)


def heads_backward(dout, cache):
    q, k, v, a = cache
    dv = np.einsum("bhqk,bhqd->bhkd", a, dout)
    da = np.einsum("bhqd,bhkd->bhqk", dout, v)
    ds = a * (da - np.einsum("bhqk,bhqk->bhq", da, a)[..., None])
    ds = ds / np.sqrt(q.shape[-1])
    return np.einsum("...qk,...kd->...qd", ds, k), np.einsum("...qk,...qd->...kd", ds, q), dv


def heads_backward_sum(dout, cache):
    """Wrong: what is subtracted is summed over the queries."""
    q, k, v, a = cache
    dv = np.einsum("bhqk,bhqd->bhkd", a, dout)
    da = np.einsum("bhqd,bhkd->bhqk", dout, v)
    ds = a * (da - np.einsum("bhqk,bhqk->bhk", da, a)[:, :, None, :])
    ds = ds / np.sqrt(q.shape[-1])
    return ds @ k, ds.swapaxes(2, 3) @ q, dv


def self_attention(x, Wq, Wk, Wv):
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    a = softmax(q @ k.T)
    return a @ v, (x, Wq, Wk, Wv, q, k, v, a)


def self_attention_backward(dout, cache):
    x, Wq, Wk, Wv, q, k, v, a = cache
    dv = a.T @ dout
    da = dout @ v.T
    ds = a * (da - (da * a).sum(axis=1, keepdims=True))
    dq = ds @ k
    dk = ds.T @ q
    dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
    return dx, x.T @ dq, x.T @ dk, x.T @ dv


def self_attention_backward_values(dout, cache):
    """Wrong: the input is reached by three ways, and one of them is missing."""
    x, Wq, Wk, _, q, k, v, a = cache
    da = dout @ v.T
    ds = a * (da - (da * a).sum(axis=1, keepdims=True))
    dq = ds @ k
    dk = ds.T @ q
    return dq @ Wq.T + dk @ Wk.T, x.T @ dq, x.T @ dk, x.T @ (a.T @ dout)


def causal(q, k, v):
    """With a mask of the future, at numbers."""
    t = q.shape[0]
    mask = np.tril(np.ones((t, t)))
    e = np.exp(q @ k.T) * mask
    a = e / e.sum(axis=1, keepdims=True)
    return a @ v, (q, k, v, a)


def causal_backward(dout, cache):
    q, k, v, a = cache
    da = dout @ v.T
    ds = a * (da - np.sum(a * da, axis=1, keepdims=True))
    return ds @ k, ds.T @ q, a.T @ dout


def causal_backward_future(dout, cache):
    """Wrong: the values get what the weights of the future would have been."""
    q, k, v, a = cache
    da = dout @ v.T
    ds = a * (da - np.sum(a * da, axis=1, keepdims=True))
    return ds @ k, ds.T @ q, a @ dout


def linear_attention(q, k, v):
    kv = k.T @ v
    return q @ kv, (q, k, v, kv)


def linear_attention_backward(dout, cache):
    q, k, v, kv = cache
    dkv = q.T @ dout
    return dout @ kv.T, v @ dkv.T, k @ dkv


def linear_attention_backward_keys(dout, cache):
    """Wrong: the keys' gradient is the values'."""
    q, k, v, kv = cache
    dkv = q.T @ dout
    return dout @ kv.T, v @ dkv, k @ dkv


def apart(x):
    """The two heads of a matrix, the first axis."""
    return x.reshape(x.shape[0], 2, 2).transpose(1, 0, 2)


def together(heads):
    """The matrix that two heads come from."""
    return heads.transpose(1, 0, 2).reshape(heads.shape[1], 4)


def two_heads(x, Wq, Wk, Wv, Wo):
    """Self-attention with two heads of two features, as a layer with its four matrices."""
    q, k, v = apart(x @ Wq), apart(x @ Wk), apart(x @ Wv)
    a = softmax(q @ k.transpose(0, 2, 1) / np.sqrt(2))
    mixed = together(a @ v)
    return mixed @ Wo, (x, Wq, Wk, Wv, Wo, q, k, v, a, mixed)


def two_heads_backward(dout, cache):
    x, Wq, Wk, Wv, Wo, q, k, v, a, mixed = cache
    dmixed = apart(dout @ Wo.T)
    da = dmixed @ v.transpose(0, 2, 1)
    ds = a * (da - (da * a).sum(axis=-1, keepdims=True)) / np.sqrt(2)
    dq, dk = together(ds @ k), together(ds.transpose(0, 2, 1) @ q)
    dv = together(a.transpose(0, 2, 1) @ dmixed)
    dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
    return dx, x.T @ dq, x.T @ dk, x.T @ dv, mixed.T @ dout


def two_heads_backward_swapped(dout, cache):
    """Wrong: for the keys the slopes of the scores are not transposed."""
    x, Wq, Wk, Wv, Wo, q, k, v, a, mixed = cache
    dmixed = apart(dout @ Wo.T)
    da = dmixed @ v.transpose(0, 2, 1)
    ds = a * (da - (da * a).sum(axis=-1, keepdims=True)) / np.sqrt(2)
    dq, dk = together(ds @ k), together(ds @ q)
    dv = together(a.transpose(0, 2, 1) @ dmixed)
    dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
    return dx, x.T @ dq, x.T @ dk, x.T @ dv, mixed.T @ dout
