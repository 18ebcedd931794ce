"""Steps of recurrent networks: plain NumPy."""

from __future__ import annotations

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def rnn(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x.dot(Wx) + prev_h.dot(Wh) + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h**2)
    dx = da.dot(Wx.T)
    dprev_h = da.dot(Wh.T)
    dWx = x.T.dot(da)
    dWh = prev_h.T.dot(da)
    db = np.sum(da, axis=0)
    return dx, dprev_h, dWx, dWh, db


def rnn_backward_at_the_activation(dnext_h, cache):
    """Wrong: tanh's slope is taken at the activation, as if that were its input."""
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - np.tanh(next_h) ** 2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def rnn_backward_state(dnext_h, cache):
    """Wrong: the weights of the state get the input's share, at the new state."""
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h**2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, next_h.T @ da, da.sum(axis=0)


def lstm(x, prev_h, prev_c, Wx, Wh, b):
    """cs231n's way, with the four gates in one matrix; sizes are numbers."""
    h = prev_h.shape[1]
    a = x @ Wx + prev_h @ Wh + b
    i = sigmoid(a[:, 0:h])
    f = sigmoid(a[:, h : 2 * h])
    o = sigmoid(a[:, 2 * h : 3 * h])
    g = np.tanh(a[:, 3 * h : 4 * h])
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    return next_h, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)


def lstm_backward(dnext_h, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    t = np.tanh(next_c)
    do = dnext_h * t
    dc = dnext_h * o * (1 - t**2)
    df = dc * prev_c
    dprev_c = dc * f
    di = dc * g
    dg = dc * i
    da = np.hstack((di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)))
    return da @ Wx.T, da @ Wh.T, dprev_c, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def lstm_backward_gate(dnext_h, cache):
    """Wrong: the forget gate's own slope is missing."""
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    t = np.tanh(next_c)
    do = dnext_h * t
    dc = dnext_h * o * (1 - t**2)
    df = dc * prev_c
    da = np.hstack((dc * g * i * (1 - i), df, do * o * (1 - o), dc * i * (1 - g**2)))
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def lstm_step(x, prev_h, prev_c, Wx, Wh, b):
    """The same step with both states given on, as it stands in a sequence."""
    next_h, cache = lstm(x, prev_h, prev_c, Wx, Wh, b)
    next_c = cache[-1]
    return next_h, next_c, cache


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    t = np.tanh(next_c)
    dc = dnext_c + dnext_h * o * (1 - t**2)
    gates = (dc * g * i * (1 - i), dc * prev_c * f * (1 - f))
    da = np.hstack((*gates, dnext_h * t * o * (1 - o), dc * i * (1 - g**2)))
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def lstm_step_backward_cell(dnext_h, dnext_c, cache):
    """Wrong: what comes back through the cell is added behind the gates, too late."""
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    t = np.tanh(next_c)
    dc = dnext_h * o * (1 - t**2)
    gates = (dc * g * i * (1 - i), dc * prev_c * f * (1 - f))
    da = np.hstack((*gates, dnext_h * t * o * (1 - o), dc * i * (1 - g**2)))
    dc = dc + dnext_c
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def cell(c, f, i, g, o):
    """What the gates do, and both states."""
    c_next = f * c + i * g
    h_next = o * np.tanh(c_next)
    return h_next, c_next, (c, f, i, g, o, c_next)


def cell_backward(dh_next, dc_next, cache):
    c, f, i, g, o, c_next = cache
    t = np.tanh(c_next)
    dc_next += dh_next * o * (1 - t**2)
    return dc_next * f, dc_next * c, dc_next * g, dc_next * i, dh_next * t


def cell_backward_swapped(dh_next, dc_next, cache):
    """Wrong: the gradients by the two states are taken for one another."""
    return cell_backward(dc_next, dh_next, cache)


class Centred:
    """Two outputs of a class: rows without their mean, and the mean."""

    def forward(self, x):
        mean = x.mean(axis=1, keepdims=True)
        rest = x - mean
        return rest, mean

    def backward(self, drest, dmean):
        return drest - drest.mean(axis=1, keepdims=True) + dmean / drest.shape[1]


class CentredTwice(Centred):
    """Wrong: the mean's own gradient is not divided."""

    def backward(self, drest, dmean):
        return drest - drest.mean(axis=1, keepdims=True) + dmean


def lstm_gates(x, h, c, Wi, Wf, Wo, Wg):
    """A matrix for each gate, on what is seen: any sizes."""
    i = sigmoid(x @ Wi + h)
    f = sigmoid(x @ Wf + h)
    o = sigmoid(x @ Wo + h)
    g = np.tanh(x @ Wg + h)
    c_next = f * c + i * g
    tc = np.tanh(c_next)
    h_next = o * tc
    return h_next, (x, c, Wi, Wf, Wo, Wg, i, f, o, g, tc)


def lstm_gates_backward(dh_next, cache):
    x, c, Wi, Wf, Wo, Wg, i, f, o, g, tc = cache
    dc_next = dh_next * o * (1 - tc**2)
    dzi = dc_next * g * i * (1 - i)
    dzf = dc_next * c * f * (1 - f)
    dzo = dh_next * tc * o * (1 - o)
    dzg = dc_next * i * (1 - g**2)
    dx = dzi @ Wi.T + dzf @ Wf.T + dzo @ Wo.T + dzg @ Wg.T
    dh = dzi + dzf + dzo + dzg
    dc = dc_next * f
    return dx, dh, dc, x.T @ dzi, x.T @ dzf, x.T @ dzo, x.T @ dzg


def lstm_gates_backward_output(dh_next, cache):
    """Wrong: the cell's tanh is not differentiated."""
    x, c, Wi, Wf, Wo, Wg, i, f, o, g, tc = cache
    dc_next = dh_next * o
    dzi = dc_next * g * i * (1 - i)
    dzf = dc_next * c * f * (1 - f)
    dzo = dh_next * tc * o * (1 - o)
    dzg = dc_next * i * (1 - g**2)
    dx = dzi @ Wi.T + dzf @ Wf.T + dzo @ Wo.T + dzg @ Wg.T
    dh = dzi + dzf + dzo + dzg
    return dx, dh, dc_next * f, x.T @ dzi, x.T @ dzf, x.T @ dzo, x.T @ dzg


def gru(x, h, Wz, Uz, Wr, Ur, Wn, Un):
    z = sigmoid(x @ Wz + h @ Uz)
    r = sigmoid(x @ Wr + h @ Ur)
    rh = r * h
    cand = np.tanh(x @ Wn + rh @ Un)
    h_next = (1 - z) * h + z * cand
    return h_next, (x, h, Wz, Uz, Wr, Ur, Wn, Un, z, r, rh, cand)


def gru_backward(dh_next, cache):
    x, h, Wz, Uz, Wr, Ur, Wn, Un, z, r, rh, cand = cache
    dcand = dh_next * z
    dz = dh_next * (cand - h)
    dh = dh_next * (1 - z)
    dan = dcand * (1 - cand**2)
    drh = dan @ Un.T
    dr = drh * h
    dh = dh + drh * r
    daz = dz * z * (1 - z)
    dar = dr * r * (1 - r)
    dh = dh + daz @ Uz.T + dar @ Ur.T
    dx = dan @ Wn.T + daz @ Wz.T + dar @ Wr.T
    return dx, dh, x.T @ daz, h.T @ daz, x.T @ dar, h.T @ dar, x.T @ dan, rh.T @ dan


def gru_backward_reset(dh_next, cache):
    """Wrong: the candidate's weights see the state, and not what the reset gate left of it."""
    x, h, Wz, Uz, Wr, Ur, Wn, Un, z, r, _, cand = cache
    dan = dh_next * z * (1 - cand**2)
    drh = dan @ Un.T
    daz = dh_next * (cand - h) * z * (1 - z)
    dar = drh * h * r * (1 - r)
    dh = dh_next * (1 - z) + drh * r + daz @ Uz.T + dar @ Ur.T
    dx = dan @ Wn.T + daz @ Wz.T + dar @ Wr.T
    return dx, dh, x.T @ daz, h.T @ daz, x.T @ dar, h.T @ dar, x.T @ dan, h.T @ dan


def rnn_sequence(x, h0, Wx, Wh):
    """All steps in a loop, at numbers."""
    n, T, _ = x.shape
    h = np.zeros((n, T, h0.shape[1]))
    state = h0
    for t in range(T):
        state = np.tanh(x[:, t, :] @ Wx + state @ Wh)
        h[:, t, :] = state
    return h, (x, h0, Wx, Wh, h)


def rnn_sequence_backward(dh, cache):
    x, h0, Wx, Wh, h = cache
    T = x.shape[1]
    dx = np.zeros_like(x)
    dWx = np.zeros_like(Wx)
    dWh = np.zeros_like(Wh)
    dstate = np.zeros_like(h0)
    for t in reversed(range(T)):
        before = h[:, t - 1, :] if t > 0 else h0
        da = (dh[:, t, :] + dstate) * (1 - h[:, t, :] ** 2)
        dx[:, t, :] = da @ Wx.T
        dWx += x[:, t, :].T @ da
        dWh += before.T @ da
        dstate = da @ Wh.T
    return dx, dstate, dWx, dWh


def rnn_sequence_backward_truncated(dh, cache):
    """Wrong: nothing is carried from one step to the one before."""
    x, h0, Wx, Wh, h = cache
    T = x.shape[1]
    dx = np.zeros_like(x)
    dWx = np.zeros_like(Wx)
    dWh = np.zeros_like(Wh)
    dstate = np.zeros_like(h0)
    for t in reversed(range(T)):
        before = h[:, t - 1, :] if t > 0 else h0
        da = dh[:, t, :] * (1 - h[:, t, :] ** 2)
        dx[:, t, :] = da @ Wx.T
        dWx += x[:, t, :].T @ da
        dWh += before.T @ da
        dstate = da @ Wh.T
    return dx, dstate, dWx, dWh


def lstm_sequence(x, h0, Wx, Wh, b):
    """All steps in a loop; the first cell state is 0."""
    n, T, _ = x.shape
    h = np.zeros((n, T, h0.shape[1]))
    state, cell, cache = h0, np.zeros_like(h0), []
    for t in range(T):
        state, cell, kept = lstm_step(x[:, t, :], state, cell, Wx, Wh, b)
        h[:, t, :] = state
        cache.append(kept)
    return h, cache


def lstm_sequence_backward(dh, cache):
    n, T, H = dh.shape
    dx = np.zeros((n, T, cache[0][0].shape[1]))
    dstate, dcell = np.zeros((n, H)), np.zeros((n, H))
    sums = [0, 0, 0]
    for t in reversed(range(T)):
        dx[:, t, :], dstate, dcell, *parts = lstm_step_backward(
            dh[:, t, :] + dstate, dcell, cache[t]
        )
        sums = [whole + part for whole, part in zip(sums, parts, strict=True)]
    return dx, dstate, *sums


def lstm_sequence_backward_cell(dh, cache):
    """Wrong: the cell's gradient is not carried from one step to the one before."""
    n, T, H = dh.shape
    dx = np.zeros((n, T, cache[0][0].shape[1]))
    dstate = np.zeros((n, H))
    sums = [0, 0, 0]
    for t in reversed(range(T)):
        given = dh[:, t, :] + dstate, np.zeros((n, H)), cache[t]
        dx[:, t, :], dstate, _, *parts = lstm_step_backward(*given)
        sums = [whole + part for whole, part in zip(sums, parts, strict=True)]
    return dx, dstate, *sums
