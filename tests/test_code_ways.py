"""Code that takes one way on arrays without numbers, and another one in NumPy."""

import functools
import math
import warnings

import numpy as np
import pytest

from gradcheck_sym import Labels, prove, prove_vjp
from gradcheck_sym.errors import CodeError


def of_logarithm(x):
    try:
        math.log(1000 - x)
    except ValueError:
        return x**2, 3 * x
    return x**2, 2 * x


def of_overflow(x):
    try:
        return math.log(1 + math.exp(x)), 1 / (1 + math.exp(-x))
    except OverflowError:
        return x, 0.0


def of_warnings(x):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        np.log(1000 - x)
    return x**2, (3 if seen else 2) * x


def of_complex(x):
    root = (1000.0 - float(x)) ** 0.5
    return x**2, (2 if isinstance(root, float) else 3) * x


def of_attributes(x):
    try:
        x.requires_grad = True
    except AttributeError:
        return (x**2).sum() + np.maximum(x - 7000, 0).sum(), 2 * x
    return (x**2).sum(), 2 * x


def of_ours(x):
    try:
        x.call_it("y")
    except AttributeError:
        return (x**2).sum() + np.maximum(x - 7000, 0).sum(), 2 * x
    return (x**2).sum(), 2 * x


def of_identity(x, act=np.exp):
    if act is np.exp:
        return (x**2).sum() + np.maximum(x - 7000, 0).sum(), 2 * x
    return (x**2).sum(), 2 * x


WAYS = [of_logarithm, of_overflow, of_warnings, of_complex]
LINES = [of_attributes, of_ours, of_identity]


@pytest.mark.parametrize("function", WAYS)
def test_numbers_that_no_arithmetic_meets(function):
    assert prove(function, x=()).undecided


@pytest.mark.parametrize("function", LINES)
def test_other_lines(function):
    report = prove(function, x=("n",))
    assert report.undecided
    assert f" of {__file__.rpartition('/')[2]}" in str(report)


def lazily(x, _made=[]):  # noqa: B006 - kept on purpose
    if not _made:
        _made.append(2)
    return (x**2).sum(), _made[0] * x


class Lazy:
    def __init__(self):
        self.scale = None

    def forward(self, x):
        if self.scale is None:
            self.scale = 3.0
        self.x = x
        return self.scale * x**2

    def backward(self, dout):
        return 2 * self.scale * self.x * dout


@functools.cache
def twice():
    return 2


def through_a_cache(x):
    return (x**2).sum(), twice() * x


def over_sizes(x):
    total = 0.0
    for k in range(len(x)):
        total = total + x[k] ** 2
    if len(x) > 2:
        total = total + 0 * x[2]
    return total, 2 * x


def test_lines_that_run_once():
    assert prove(lazily, x=("n",)).proved
    assert prove_vjp(Lazy, x=("n",)).proved
    assert prove(through_a_cache, x=("n",)).proved
    assert prove(over_sizes, x=(2,)).proved
    assert prove(over_sizes, x=(3,)).proved


class Kept:
    def __init__(self):
        self.W = np.random.randn(3, 2)
        self.seen = {}

    def forward(self, x):
        self.x = x
        key = float(x.sum())
        if key not in self.seen:
            self.seen[key] = x @ self.W
        return self.seen[key]

    def backward(self, dout):
        self.dW = self.x.T @ dout
        return dout @ self.W.T


def in_a_set(x):
    u = np.minimum(x, 7000)
    if len({u[0], u[1]}) == 1:
        return (x**2).sum(), 3 * x
    return (x**2).sum(), 2 * x


def of_text(x, y):
    d = {}
    for i in range(2):
        d[f"{y[i]}"] = i
    return x.sum(), np.ones_like(x) * len(d) / 2


def test_what_is_looked_up_by_its_value_is_refused():
    with pytest.raises(CodeError, match="by its value, which is not known"):
        prove_vjp(Kept, x=("n", 3))
    with pytest.raises(CodeError, match="by its value, which is not known"):
        prove(in_a_set, x=(2,))
    with pytest.raises(CodeError, match="the text of labels"):
        prove(of_text, x=(2,), y=Labels(2, 3000))


def as_numpys(x):
    try:
        hash(x)
    except TypeError:
        return (x**2).sum(), 2 * x
    return (x**2).sum(), 3 * x


def test_arrays_are_as_unhashable_as_numpys():
    assert prove(as_numpys, x=("n",)).proved


def deep(x):
    h = x
    for _ in range(5):
        h = np.maximum(h - h.mean(), 0.1 * h)
    return h.sum(), h


def test_what_helps_ends_in_time():
    report = prove(deep, x=(3,), timeout=1)
    assert report.refuted
    assert report.seconds < 30  # it had no end
