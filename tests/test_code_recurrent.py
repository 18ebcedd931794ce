"""Networks in time: several steps of a recurrent network, and a cell with gates."""

import numpy as np
import pytest

from gradcheck_sym import prove_vjp


def step(x, before, Wx, Wh, b):  # noqa: N803 - as people write it
    after = np.tanh(before @ Wh + x @ Wx + b)
    return after, (x, before, Wx, Wh, after)


def step_backward(dafter, cache):
    x, before, Wx, Wh, after = cache  # noqa: N806
    da = dafter * (1 - after**2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, before.T @ da, da.sum(0)


def rnn(x, h0, Wx, Wh, b):  # noqa: N803
    h = np.zeros((x.shape[0], x.shape[1], h0.shape[1]))
    before, cache = h0, []
    for t in range(x.shape[1]):
        before, kept = step(x[:, t, :], before, Wx, Wh, b)
        h[:, t, :] = before
        cache.append(kept)
    return h, cache


def rnn_backward(dh, cache, kept=1.0):
    count, steps, units = dh.shape
    inputs = cache[0][0].shape[1]
    dx, dbefore = np.zeros((count, steps, inputs)), np.zeros((count, units))
    dWx, dWh, db = np.zeros((inputs, units)), np.zeros((units, units)), np.zeros(units)  # noqa: N806
    for t in reversed(range(steps)):
        dxt, dbefore, dWxt, dWht, dbt = step_backward(dh[:, t, :] + kept * dbefore, cache[t])  # noqa: N806
        dx[:, t, :] = dxt
        dWx += dWxt  # noqa: N806
        dWh += dWht  # noqa: N806
        db += dbt
    return dx, dbefore, dWx, dWh, db


def forgetful(dh, cache):
    return rnn_backward(dh, cache, kept=0.0)


NAMES = {"x": ("n", 3, "d"), "h0": ("n", "h"), "Wx": ("d", "h"), "Wh": ("h", "h"), "b": ("h",)}
NUMBERS = {"x": (2, 3, 3), "h0": (2, 2), "Wx": (3, 2), "Wh": (2, 2), "b": (2,)}


@pytest.mark.parametrize("shapes", [NAMES, NUMBERS], ids=["names", "numbers"])
def test_three_steps(shapes):
    assert prove_vjp(rnn, rnn_backward, **shapes).proved
    wrong = prove_vjp(rnn, forgetful, **shapes)
    assert all(wrong[name].kind == "refuted" for name in shapes)


def test_eight_steps():
    assert prove_vjp(rnn, rnn_backward, **(NAMES | {"x": ("n", 8, "d")})).proved


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm(x, h, c, Wx, Wh, b):  # noqa: N803
    H = h.shape[1]  # noqa: N806
    a = x @ Wx + h @ Wh + b
    i, f, o = sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H]), sigmoid(a[:, 2 * H : 3 * H])
    g = np.tanh(a[:, 3 * H :])
    new_c = f * c + i * g
    t = np.tanh(new_c)
    new_h = o * t
    return new_h, new_c, (x, h, c, Wx, Wh, i, f, o, g, t)


def lstm_backward(dnew_h, dnew_c, cache):
    x, h, c, Wx, Wh, i, f, o, g, t = cache  # noqa: N806
    do = dnew_h * t
    dnew_c = dnew_c + dnew_h * o * (1 - t**2)
    df, di, dg, dc = dnew_c * c, dnew_c * g, dnew_c * i, dnew_c * f
    gates = [di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)]
    da = np.concatenate(gates, axis=1)
    return da @ Wx.T, da @ Wh.T, dc, x.T @ da, h.T @ da, da.sum(axis=0)


@pytest.mark.parametrize("units", [1, 2])
def test_gates_that_are_columns(units):
    """With one unit each gate is a column that is picked by its number."""
    state, gates = ("n", units), 4 * units
    report = prove_vjp(
        *(lstm, lstm_backward),
        **{"x": ("n", "d"), "h": state, "c": state},
        **{"Wx": ("d", gates), "Wh": (units, gates), "b": (gates,)},
    )
    assert report.proved
