"""What is kept of steps before, and which of two arrays is meant, far away and in few entries."""

from __future__ import annotations

from collections import deque
from functools import wraps

import numpy as np
import pytest

from gradcheck_sym import prove_vjp
from gradcheck_sym.errors import CodeError


def clipped_far(x):
    cache = np.clip(x, -1000, 1000)
    return cache**2, cache


def of_input(dout, x):
    return 2 * dout * x * (np.abs(x) <= 1000)


def with_one_other(x):
    cache = x.copy()
    cache[0, 0] = 0.0
    return x**2, cache


def by_name(dout, x):
    return 2 * dout * x


def clipped_in_a_tuple(x, w):
    h = np.clip(x, -255, 255)
    return h @ w, (h, w)


def of_tuple(dout, x, w):
    clipped = np.clip(x, -255, 255)
    return (dout @ w.T) * (np.abs(x) <= 255), clipped.T @ dout


def test_a_bound_that_is_far_away_makes_another_array():
    assert prove_vjp(clipped_far, of_input, x=("n",)).refuted
    with pytest.raises(CodeError, match="is x the input, or another array"):
        prove_vjp(clipped_in_a_tuple, of_tuple, x=("n", "d"), w=("d", "t"))


def test_one_entry_of_many_makes_another_array():
    assert prove_vjp(with_one_other, by_name, x=(12, 12)).refuted


class Ball:
    """Is defined for few x, and counts its steps."""

    def __init__(self):
        self.n = 0

    def forward(self, x):
        self.x, self.s = x, np.sqrt(1 - (x * x).sum())
        return self.s

    def backward(self, dout):
        self.n += 1
        return -dout * self.x / self.s * self.n


class Stale:
    """Its gradient is that of the step before."""

    def __init__(self):
        self.x = None

    def forward(self, x):
        self.old = x if self.x is None else self.x
        self.x = x
        return x * x

    def backward(self, dout):
        return 2 * dout * self.old


class Buffers(Stale):
    """So is this one's, of two buffers that are used in turn."""

    def forward(self, x):
        self.q = [*getattr(self, "q", []), x][-2:]
        self.old = self.q[0]
        return x * x


@pytest.mark.parametrize("layer", [Ball, Stale, Buffers])
def test_an_object_that_is_a_step_late(layer):
    with pytest.raises(CodeError, match="after a step with other inputs"):
        prove_vjp(layer, x=("n",))


_last = deque(maxlen=2)


def remembered(x):
    _last.append(x)
    return x * x


def a_call_late(dout, x):
    return 2 * dout * (_last[0] if dout is not None else x)


def test_a_function_that_is_a_call_late():
    with pytest.raises(CodeError, match="after it was called with other inputs"):
        prove_vjp(remembered, a_call_late, x=("n",))


def squeezed(f):
    """What is passed by place is squeezed, what is passed by name is not."""

    @wraps(f)
    def g(*args, **kwargs):
        return f(*[np.tanh(a) for a in args], **kwargs)

    return g


@squeezed
def square(x):
    return x * x


def test_decorated_functions_are_called_by_places():
    right = lambda dout, x: 2 * dout * np.tanh(x) * (1 - np.tanh(x) ** 2)  # noqa: E731
    assert prove_vjp(square, lambda dout, x: 2 * dout * x, x=("n",)).refuted
    assert prove_vjp(square, right, x=("n",)).proved


def product(a, b):
    return a * b, (a, b)


def crossed(dout, cache):
    b, a = cache
    da = dout * b
    db = dout * a
    return da, db


def test_gradients_that_are_taken_by_their_names_are_not_put_in_another_order():
    report = prove_vjp(product, crossed, a=("n",), b=("n",))
    assert report.refuted
    assert "where (db, da) belongs" not in str(report)
    assert "is the gradient by b" in str(report)


class OfCache:
    """Backward has a default for what it is given."""

    def forward(self, x):
        c = np.tanh(x)
        return c * c, c

    def backward(self, dout, cache=None):
        return 2 * dout * cache * (1 - cache**2)


def test_a_default_in_whose_place_the_cache_is_passed_is_not_told():
    report = prove_vjp(OfCache, x=("n",))
    assert report.proved
    assert "cache" not in dict(report.constants)


def test_a_condition_on_a_size_hides_no_region_of_points():
    def forward(x):
        return x.sum() / (len(x) - 1), x

    def backward(dout, x):
        return dout * np.ones_like(x) / (len(x) - 1)

    report = prove_vjp(forward, backward, x=("n",))
    assert report.proved
    assert "more than single points" not in str(report)


def running(x, gamma, param):
    momentum = param["momentum"]
    mean = param.get("mean", np.zeros(x.shape[1]))
    param["mean"] = momentum * mean + (1 - momentum) * x.mean(axis=0)
    return gamma * (x - mean), (x, gamma)


def running_backward(dout, cache):
    x, gamma = cache
    return dout * gamma, (dout * x).sum(axis=0)


def noted(x, gamma, param):
    """What is written there is read by nobody."""
    param["mean"] = param.get("mean", 0) + x.mean(axis=0)
    return gamma * x, (x, gamma)


class Running:
    def forward(self, x, param):
        self.x = x
        mean = param.get("mean", np.zeros(x.shape[1]))
        param["mean"] = mean + x.mean(axis=0)
        return x * (1 + mean)

    def backward(self, dout):
        return dout


def test_a_dict_that_is_passed_each_time_is_the_same():
    shapes = {"x": ("n", "d"), "gamma": ("d",), "param": {"momentum": 0.9}}
    with pytest.raises(CodeError, match="what does it keep"):
        prove_vjp(running, running_backward, **shapes)
    assert prove_vjp(noted, running_backward, **shapes).proved
    with pytest.raises(CodeError, match="called again"):
        prove_vjp(Running, x=("n", "d"), param={})
    assert shapes["param"] == {"momentum": 0.9}
