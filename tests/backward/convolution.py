"""Convolution and pooling at numbers: loops and im2col, plain NumPy."""

from __future__ import annotations

import numpy as np


def conv_loops(x, w, b, stride=1, pad=1):
    """The naive way."""
    n, _, H, W = x.shape
    f, _, hh, ww = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    oh = 1 + (H + 2 * pad - hh) // stride
    ow = 1 + (W + 2 * pad - ww) // stride
    out = np.zeros((n, f, oh, ow))
    for i in range(n):
        for k in range(f):
            for r in range(oh):
                for s in range(ow):
                    top, left = r * stride, s * stride
                    window = xp[i, :, top : top + hh, left : left + ww]
                    out[i, k, r, s] = np.sum(window * w[k]) + b[k]
    return out, (x, w, b, stride, pad)


def conv_loops_backward(dout, cache):
    x, w, b, stride, pad = cache
    n, _, H, W = x.shape
    f, _, hh, ww = w.shape
    _, _, oh, ow = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros_like(b)
    for i in range(n):
        for k in range(f):
            for r in range(oh):
                for s in range(ow):
                    top, left = r * stride, s * stride
                    db[k] += dout[i, k, r, s]
                    window = xp[i, :, top : top + hh, left : left + ww]
                    dw[k] += window * dout[i, k, r, s]
                    dxp[i, :, top : top + hh, left : left + ww] += w[k] * dout[i, k, r, s]
    return dxp[:, :, pad : pad + H, pad : pad + W], dw, db


def conv_loops_backward_overwritten(dout, cache):
    """Wrong: windows overlap, and what was there is overwritten."""
    x, w, b, stride, pad = cache
    n, _, H, W = x.shape
    f, _, hh, ww = w.shape
    _, _, oh, ow = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros_like(b)
    for i in range(n):
        for k in range(f):
            for r in range(oh):
                for s in range(ow):
                    top, left = r * stride, s * stride
                    db[k] += dout[i, k, r, s]
                    window = xp[i, :, top : top + hh, left : left + ww]
                    dw[k] += window * dout[i, k, r, s]
                    dxp[i, :, top : top + hh, left : left + ww] = w[k] * dout[i, k, r, s]
    return dxp[:, :, pad : pad + H, pad : pad + W], dw, db


def im2col(x, hh, ww):
    n, c, H, W = x.shape
    oh, ow = H - hh + 1, W - ww + 1
    cols = np.zeros((n, c, hh, ww, oh, ow))
    for r in range(hh):
        for s in range(ww):
            cols[:, :, r, s, :, :] = x[:, :, r : r + oh, s : s + ow]
    return cols.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1)


def col2im(cols, shape, hh, ww):
    n, c, H, W = shape
    oh, ow = H - hh + 1, W - ww + 1
    cols = cols.reshape(n, oh, ow, c, hh, ww).transpose(0, 3, 4, 5, 1, 2)
    x = np.zeros((n, c, H, W))
    for r in range(hh):
        for s in range(ww):
            x[:, :, r : r + oh, s : s + ow] += cols[:, :, r, s, :, :]
    return x


def conv_im2col(x, w, b):
    n, _, H, W = x.shape
    f, _, hh, ww = w.shape
    oh, ow = H - hh + 1, W - ww + 1
    col = im2col(x, hh, ww)
    out = np.dot(col, w.reshape(f, -1).T) + b
    return out.reshape(n, oh, ow, f).transpose(0, 3, 1, 2), (x, w, col)


def conv_im2col_backward(dout, cache):
    x, w, col = cache
    f, _, hh, ww = w.shape
    dout = dout.transpose(0, 2, 3, 1).reshape(-1, f)
    db = np.sum(dout, axis=0)
    dw = np.dot(col.T, dout).transpose(1, 0).reshape(w.shape)
    dcol = np.dot(dout, w.reshape(f, -1))
    return col2im(dcol, x.shape, hh, ww), dw, db


def conv_im2col_backward_order(dout, cache):
    """Wrong: the columns are put in the shape of the weights without being transposed."""
    x, w, col = cache
    f, _, hh, ww = w.shape
    dout = dout.transpose(0, 2, 3, 1).reshape(-1, f)
    dw = np.dot(col.T, dout).reshape(w.shape)
    dcol = np.dot(dout, w.reshape(f, -1))
    return col2im(dcol, x.shape, hh, ww), dw, np.sum(dout, axis=0)


def conv1d(x, w):
    """Valid, by slices: batch × time, one kernel."""
    k = w.shape[0]
    steps = x.shape[1] - k + 1
    out = np.stack([x[:, t : t + k] @ w for t in range(steps)], axis=1)
    return out, (x, w)


def conv1d_backward(dout, cache):
    x, w = cache
    k = len(w)
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for t in range(dout.shape[1]):
        dx[:, t : t + k] += dout[:, t : t + 1] * w
        dw += x[:, t : t + k].T @ dout[:, t]
    return dx, dw


def conv1d_backward_flipped(dout, cache):
    """Wrong: the kernel is flipped once too often."""
    x, w = cache
    k = len(w)
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for t in range(dout.shape[1]):
        dx[:, t : t + k] += dout[:, t : t + 1] * w[::-1]
        dw += x[:, t : t + k].T @ dout[:, t]
    return dx, dw


def conv_windows(x, w):
    """By a view of all windows."""
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    return np.einsum("ijkl,kl->ij", windows, w), (x, w, windows)


def conv_windows_backward(dout, cache):
    x, w, windows = cache
    dw = np.einsum("ijkl,ij->kl", windows, dout)
    hh, ww = w.shape
    padded = np.pad(dout, ((hh - 1, hh - 1), (ww - 1, ww - 1)))
    full = np.lib.stride_tricks.sliding_window_view(padded, w.shape)
    return np.einsum("ijkl,kl->ij", full, w[::-1, ::-1]), dw


def conv_windows_backward_unflipped(dout, cache):
    """Wrong: a full convolution needs the kernel flipped."""
    x, w, windows = cache
    dw = np.einsum("ijkl,ij->kl", windows, dout)
    hh, ww = w.shape
    padded = np.pad(dout, ((hh - 1, hh - 1), (ww - 1, ww - 1)))
    full = np.lib.stride_tricks.sliding_window_view(padded, w.shape)
    return np.einsum("ijkl,kl->ij", full, w), dw


def depthwise(x, w):
    """Each channel by itself, stride 2."""
    c, H, W = x.shape
    out = np.zeros((c, H // 2, W // 2))
    for r in range(H // 2):
        for s in range(W // 2):
            out[:, r, s] = np.sum(x[:, 2 * r : 2 * r + 2, 2 * s : 2 * s + 2] * w, axis=(1, 2))
    return out, (x, w)


def depthwise_backward(dout, cache):
    x, w = cache
    dx = np.zeros_like(x)
    dw = np.zeros_like(w)
    _, rows, columns = dout.shape
    for r in range(rows):
        for s in range(columns):
            g = dout[:, r, s][:, None, None]
            dx[:, 2 * r : 2 * r + 2, 2 * s : 2 * s + 2] += g * w
            dw += g * x[:, 2 * r : 2 * r + 2, 2 * s : 2 * s + 2]
    return dx, dw


def depthwise_backward_last(dout, cache):
    """Wrong: the weights' gradient is that of the last window."""
    x, w = cache
    dx = np.zeros_like(x)
    dw = np.zeros_like(w)
    _, rows, columns = dout.shape
    for r in range(rows):
        for s in range(columns):
            g = dout[:, r, s][:, None, None]
            dx[:, 2 * r : 2 * r + 2, 2 * s : 2 * s + 2] += g * w
            dw = g * x[:, 2 * r : 2 * r + 2, 2 * s : 2 * s + 2]
    return dx, dw


def max_pool(x):
    """Of pairs, by slices."""
    out = np.maximum(x[:, ::2], x[:, 1::2])
    return out, x


def max_pool_backward(dout, x):
    first = x[:, ::2] > x[:, 1::2]
    dx = np.zeros_like(x)
    dx[:, ::2] = dout * first
    dx[:, 1::2] = dout * ~first
    return dx


def max_pool_backward_everywhere(dout, x):
    """Wrong: both entries of a pair get the gradient."""
    return np.repeat(dout, 2, axis=1) + 0 * x


def max_pool_loops(x):
    n, d = x.shape
    out = np.zeros((n, d // 2))
    for i in range(n):
        for r in range(d // 2):
            out[i, r] = np.max(x[i, 2 * r : 2 * r + 2])
    return out, x


def max_pool_loops_backward(dout, x):
    dx = np.zeros_like(x)
    n, pairs = dout.shape
    for i in range(n):
        for r in range(pairs):
            window = x[i, 2 * r : 2 * r + 2]
            m = np.max(window)
            dx[i, 2 * r : 2 * r + 2] += (window == m) * dout[i, r]
    return dx


def max_pool_loops_backward_least(dout, x):
    """Wrong: the lesser entry gets it."""
    dx = np.zeros_like(x)
    n, pairs = dout.shape
    for i in range(n):
        for r in range(pairs):
            window = x[i, 2 * r : 2 * r + 2]
            m = np.min(window)
            dx[i, 2 * r : 2 * r + 2] += (window == m) * dout[i, r]
    return dx


def avg_pool(x):
    n, c, H, W = x.shape
    return x.reshape(n, c, H // 2, 2, W // 2, 2).mean(axis=(3, 5)), x.shape


def avg_pool_backward(dout, shape):
    return np.repeat(np.repeat(dout, 2, axis=2), 2, axis=3) / 4


def avg_pool_backward_sum(dout, shape):
    """Wrong: not divided by the four."""
    return dout.repeat(2, axis=2).repeat(2, axis=3)


def global_pool(x):
    """Over all rows and columns: any sizes."""
    return x.mean(axis=(2, 3)), x.shape


def global_pool_backward(dout, shape):
    _, _, H, W = shape
    return np.ones(shape) * dout[:, :, None, None] / (H * W)


def global_pool_backward_rows(dout, shape):
    """Wrong: divided by the rows alone."""
    return np.ones(shape) * dout[:, :, None, None] / shape[2]


def upsample(x):
    return x.repeat(2, axis=0).repeat(2, axis=1), x


def upsample_backward(dout, x):
    h, w = x.shape
    return dout.reshape(h, 2, w, 2).sum(axis=(1, 3))


def upsample_backward_corner(dout, x):
    """Wrong: one of the four entries is read."""
    return dout[::2, ::2] + 0 * x


def pixels_to_channels(x):
    c, H, W = x.shape
    tiles = x.reshape(c, H // 2, 2, W // 2, 2)
    return tiles.transpose(0, 2, 4, 1, 3).reshape(4 * c, H // 2, W // 2), x


def pixels_to_channels_backward(dout, x):
    c, H, W = x.shape
    tiles = dout.reshape(c, 2, 2, H // 2, W // 2)
    return tiles.transpose(0, 3, 1, 4, 2).reshape(x.shape)


def pixels_to_channels_backward_order(dout, x):
    """Wrong: reshaped without being transposed back."""
    return dout.reshape(x.shape)
