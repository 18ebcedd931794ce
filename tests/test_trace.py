"""Users' code on arrays without numbers: what it computes is what NumPy computes.

Each program runs twice: on random numbers in NumPy, and traced, at sizes that are numbers and at
sizes that are names; the traced terms are evaluated at the same numbers.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import math
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gradcheck_sym.array import Array, Axis, Input
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.array.protocol import NOT_NUMPYS
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.code.shapes import axes
from gradcheck_sym.errors import ArrayError, CodeError
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.creation import ALWAYS, MADE
from gradcheck_sym.trace.functions import FUNCTIONS
from gradcheck_sym.trace.labels import Labels, LabelVector
from gradcheck_sym.trace.running import run
from gradcheck_sym.trace.selected import Selected
from gradcheck_sym.trace.traced import Traced
from tests.evaluate import entries

SHAPES = {
    "x": ("n", "d"),
    "y": ("n", "d"),
    "q": ("n", "n"),
    "w": ("d", "m"),
    "u": ("d",),
    "t": ("n", "m", "d"),
    "c": (),
    "k": (4, 3),
    "v": (4,),
    "e": (2, 3, 4),
    "label": Labels("n", "d"),
    "mark": Labels(4, 3),
}
SIZES = {"n": 4, "d": 3, "m": 2}
SQUARE = {"n": 3, "d": 3, "m": 3}  # where a wrong axis would not be noticed by its size


def numbers_at(sizes, seed=0):
    """Random arrays; labels are integers."""
    random = np.random.default_rng(seed)
    found = {}
    for name, shape in SHAPES.items():
        if isinstance(shape, Labels):
            count, classes = (sizes.get(k, k) for k in (shape.count, shape.classes))
            found[name] = random.integers(0, classes, size=count)
        else:
            found[name] = random.normal(size=[sizes.get(k, k) for k in shape])
    found["c"] = float(found["c"])
    return found


def inputs_for(function):
    code = function.__code__
    return code.co_varnames[: code.co_argcount]


def made(name, sizes, trace):
    """A free array, or labels, of that name."""
    shape = SHAPES[name]
    trace.taken |= {name, *SIZES}
    if isinstance(shape, Labels):
        pair = (sizes.get(shape.count, shape.count), sizes.get(shape.classes, shape.classes))
        return LabelVector(name, Input(name, axes(pair)))
    return Traced(Input(name, axes(tuple(sizes.get(k, k) for k in shape))))


def traced(function, sizes):
    """What the function gives on arrays without numbers: Python's structure, arrays as Traced."""
    trace = Trace()
    arrays = {name: made(name, sizes, trace) for name in inputs_for(function)}
    return run(trace, function, given=arrays), trace


def flat(value):
    if isinstance(value, tuple | list):
        return [one for part in value for one in flat(part)]
    return [value]


def known_at(sizes, numbers):
    """What the evaluator is told: labels by their one-hot rows."""
    found = dict(numbers)
    found["label"] = np.eye(sizes["d"])[numbers["label"]]
    found["mark"] = np.eye(3)[numbers["mark"]]
    found["c"] = np.asarray(numbers["c"])
    return found | sizes


def compare(function, sizes, result, trace, numbers):
    """Assert that each array is what NumPy makes of the same numbers."""
    known = known_at(sizes, numbers)
    for let in trace.lets:
        known[let.name] = entries(let.definition, known)
    arrays = {name: copy.deepcopy(numbers[name]) for name in inputs_for(function)}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        expected = flat(function(**arrays))
    found = flat(result)
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        array = one if isinstance(one, Array) else array_held(one)
        values = entries(array, known)
        assert values.shape == np.shape(other)
        np.testing.assert_allclose(values, np.asarray(other, dtype=float), rtol=1e-9, atol=1e-11)
        described(one, other)


def described(one, other):
    """Assert that the type and the order in memory are NumPy's, where something is said of them."""
    if not isinstance(one, Traced) or isinstance(one, Selected):
        return
    there = np.asarray(other)
    if isinstance(one.held, Mask):
        assert there.dtype.kind == "b"
    elif one.whole:
        assert (there == there.round()).all()
    else:
        assert there.dtype == float
    assert there.flags.c_contiguous or not one.rowwise
    assert one.shape or one.scalar in (None, not isinstance(other, np.ndarray))


def both(function, sizes):
    """At numbers, and, where that is not refused, at names."""
    numbers = numbers_at(sizes)
    compare(function, sizes, *traced(function, sizes), numbers)
    try:
        result, trace = traced(function, {})
    except CodeError:
        return False
    if not trace.shifts:  # a maximum over a name is any number
        compare(function, sizes, result, trace, numbers)
    return True


def told(value, truth):
    return value if truth else -2 * value


@functools.singledispatch
def dispatched(value):
    return 2


@dispatched.register(np.ndarray)
def _(value):
    return 3


@dispatched.register(int)
def _(value):
    return 5


def matched(value):
    match value:
        case np.ndarray():
            return value * 2
        case int():
            return value * 3
    return value


def program(function):
    PROGRAMS.append(function)
    return function


PROGRAMS = [
    # Element by element
    lambda x, y: [x + y, x - 2, 3 - x, x * y, x / y, 2 / x, -x, +x, abs(x), x**2, x**-1, 2**x],
    lambda x, y: np.add(x, 1) * np.subtract(2, x) / np.multiply(x, y) - np.divide(x, 4),
    lambda x: [np.power(x, 3), np.negative(x), np.positive(x), np.true_divide(x, 2)],
    lambda x: [np.exp(x), np.tanh(x), np.square(x), np.sqrt(np.abs(x)), np.sinh(x), np.cosh(x)],
    lambda x: [np.sin(x), np.cos(2 * x), np.tan(x), x * np.sin(2.5), math.cos(-1) * x, math.tan(3)],
    lambda c, x: [np.sin(0) + x, math.cos(0.0) * x, np.sin(c), math.cos(c), math.sin(c) + x],
    lambda x: [np.log(np.absolute(x)), np.log1p(x * x), np.expm1(x), np.reciprocal(x), np.fabs(x)],
    lambda x, y: [np.logaddexp(x, y), np.maximum(x, y), np.minimum(x, 0), np.fmax(x, y)],
    lambda x: [np.sign(x), np.heaviside(x, 0.5), np.clip(x, -0.5, 0.5), x.clip(-1, 0.2)],
    lambda x, y: [np.where(x > y, x, 0), np.where((x > 0) & (y < 0), 1, x), (x > 0) * y],
    lambda x, y: [np.where((x > 0) | ~(y > 0), x, y), (x >= 0) + (y <= 0), 1 - (x == y)],
    lambda x, y: [np.logical_and(x > 0, y > 0) * 1, np.logical_or(x > 0, y > 0) + 0.0],
    lambda x, y: [np.logical_not(x > 0) * 2, np.greater(x, y) * 1, np.less(x, y) * 1],
    lambda x, y: [np.greater_equal(x, y) * 1, np.less_equal(x, y) * 1, np.not_equal(x, y) * 1],
    lambda x, y: [np.equal(x, x) * 1, (x != y).astype(float), (x > 0).sum(), (x > 0).mean()],
    lambda x: [np.sqrt(2) * x, x / math.sqrt(8), x * np.pi, np.exp(1) * x, np.log(10) + x],
    lambda x: [x * 0.7978845608028654, x / 2.5066282746310002, math.sqrt(2 / math.pi) * x],
    lambda x: [np.float64(0.25) * x, x * np.int64(3), np.float32(0.5) + x],
    lambda c, x: [c * x, x + c, np.exp(c), c**2, math.exp(c), math.tanh(c), float(c) + 1],
    lambda x, c: [np.log2(np.exp(x)), np.log10(x * x), np.log2(c * c), np.log10(c**2) * x],
    lambda x: [x * np.log2(10), x * np.log10(100), x * math.log2(3), np.log2(0.25) * x],
    lambda x: [np.log2(x * 0 + 8), math.log10(0.001) * x, np.log10((x > 0) * 1 + 1)],
    lambda x, y: [np.select([x > 0, y > 0], [x, 2 * y]), np.select([x > 1], [y], default=0.5)],
    lambda x, y, u: [np.select([x > 0, x < -1], [1, -1]), np.select([x > 0, y > 0], [u, x], -1.5)],
    lambda k: np.select([np.array([True, False, True]), k > 0], [k, -k], 1),
    lambda x, c: [np.nan_to_num(x), np.nan_to_num(x, copy=False) * 2, np.nan_to_num(c, nan=0.0)],
    lambda x, c: [np.isnan(x) * 1, np.isfinite(x), ~np.isinf(x), np.isnan(c), np.isnan(x.sum())],
    lambda x: [np.where(np.isnan(x), 0, x), np.isfinite(x).sum(), x * np.isfinite(x)],
    lambda x: [told(x, np.isnan(x).any()), told(x, np.all(np.isfinite(x))), told(x, np.isinf(3.0))],
    lambda x: [told(x, np.any(np.isnan(x) | np.isinf(x))), told(x, (~np.isnan(x)).all())],
    # What is asked of types
    lambda x: [told(x, np.isscalar(x)), told(x, np.isscalar(x.sum()))],
    lambda x: [told(x, np.isscalar(len(x))), told(x, np.iterable(len(x)))],
    lambda x: [told(x, np.iterable(x)), told(x, np.iterable(x.sum()))],
    lambda x: [told(x, type(x) is np.ndarray), told(x, type(len(x)) is int)],
    lambda x: [told(x, type(len(x)) is int), told(x, type(len(x)) is type(x))],
    lambda x: [told(x, type(x.shape[0]) in (int, float)), told(x, type(x) not in (list, set))],
    lambda x: [told(x, x.__class__ is np.ndarray), told(x, type(x).__name__ == "ndarray")],
    lambda x: [told(x, hasattr(x, "__len__")), told(x, hasattr(x.sum(), "__len__"))],
    lambda x: [told(x, hasattr(x, "numpy")), told(x, hasattr(len(x), "shape"))],
    lambda x: [x * getattr(x, "ndim", 0), x * len(getattr(len(x), "shape", (1, 2, 3)))],
    lambda x: [told(x, isinstance(x, type)), told(x, isinstance(type(x), type))],
    lambda x: [told(x, len(x) >= 1), told(x, len(x) != 0), told(x, len(x) < 1)],
    lambda x: [told(x, len(x) > 0), told(x, len(x) <= 0), told(x, len(x) == 1.5)],
    lambda x: [x * max(len(x), 1), x * max(1, len(x)), x * min(len(x), 1)],
    lambda x: [matched(x) + matched(x.shape[0]), x * dispatched(x), x * dispatched(len(x))],
    # Products
    lambda x, w: [x @ w, np.dot(x, w), x.dot(w), np.matmul(x, w), w.T @ x.T],
    lambda x, u: [x @ u, u @ x.T, u @ u, np.dot(u, u), np.inner(u, u), np.inner(x, x)],
    lambda u, x: [np.outer(u, u), np.outer(u, x[0]), np.dot(2.0, u)],
    lambda x, t, u: [np.inner(u, t), np.inner(t, u), np.inner(x, t), np.inner(t, t)],
    lambda t, w: [t @ w, np.matmul(t, w), np.einsum("nmd,dk->nmk", t, w), np.dot(t, w)],
    lambda t: [t @ t.transpose(0, 2, 1), np.matmul(t, t.swapaxes(-1, -2)), t.swapaxes(1, 2) @ t],
    lambda x, y: [np.einsum("ij,ij->i", x, y), np.einsum("ij,kj", x, y), np.einsum("ij->j", x)],
    lambda q: [np.einsum("ii", q), np.einsum("ii->i", q), np.einsum("ba", q), np.trace(q)],
    lambda t, w: [np.einsum("...d,dm->...m", t, w), np.einsum("...d,...d", t, t)],
    lambda t: [np.einsum("n...->...", t), np.einsum("i...j->...ji", t)],
    lambda t: np.einsum("i...,i...", t, t),
    lambda x, y, w: [np.tensordot(x, w, 1), np.tensordot(x, y), np.tensordot(x, y, (0, 0))],
    lambda t, w, x: [np.tensordot(t, w, axes=([-1], [0])), np.tensordot(x, w.T, ([1], [-1]))],
    lambda t, x, u: [np.tensordot(t, t, ([2, 0], [2, 0])), np.tensordot(x, u, axes=0)],
    lambda x, t, u: [np.multiply.outer(u, x), np.subtract.outer(t, u), np.add.outer(x[0], 2.0)],
    # Reductions
    lambda x: [x.sum(), x.sum(0), x.sum(axis=-1), np.sum(x, axis=1, keepdims=True), x.mean()],
    lambda t: [t.sum(axis=(0, 2)), t.mean((0, 1)), np.mean(t, axis=(1, 2), keepdims=True)],
    lambda t: [t.var(), t.var(axis=1), np.var(t, axis=(0, 2), keepdims=True), t.var(0, ddof=1)],
    lambda x: [x.std(0), np.std(x), np.std(x, axis=1, keepdims=True), np.average(x, axis=0)],
    lambda x: [np.linalg.norm(x), np.linalg.norm(x, axis=1), np.linalg.norm(x, 2, axis=0)],
    lambda u: [np.linalg.norm(u), np.linalg.norm(u, 2), np.linalg.norm(u, ord=2, keepdims=True)],
    lambda k: [k.max(), k.max(0), np.max(k, axis=1, keepdims=True), np.amax(k), np.amin(k, 1)],
    lambda k: [k.min(), np.min(k, 0), np.prod(k, axis=1), k.prod(0, keepdims=True), np.prod(k)],
    lambda x: [np.max(x, axis=1, keepdims=True), x.max(axis=0), x.min()],
    lambda x: [np.count_nonzero(x > 0), np.count_nonzero(x, axis=0), np.count_nonzero(x * (x > 0))],
    lambda k: [np.cumsum(k), np.cumsum(k, axis=0), k.cumsum(axis=1), np.cumsum(k, axis=-1)],
    lambda x: [np.add.reduce(x), np.add.reduce(x, axis=1), np.maximum.reduce(x, axis=0)],
    lambda x: [sum(row.sum() for row in x), len(x) * x[0], list(x)],
    lambda k, v: [np.cumprod(v), np.cumprod(k, axis=1), k.cumprod(0), np.cumprod(k)],
    lambda k, v: [np.diff(v), np.diff(k), np.diff(k, axis=0), np.diff(k, 2, 0), np.diff(v, n=0)],
    lambda e: [np.diff(e, axis=1), np.diff(e, axis=-2, n=2), np.diff(e), np.diff((e > 0) * 1)],
    # Movements
    lambda t: [t.T, t.transpose(1, 0, 2), np.transpose(t), np.transpose(t, (2, 0, 1))],
    lambda t: [np.swapaxes(t, 0, 1), np.moveaxis(t, 0, 2), np.rollaxis(t, 2), t.swapaxes(0, -1)],
    lambda x: [x[:, None], x[None], x[..., None], np.expand_dims(x, 0), np.expand_dims(x, (0, 3))],
    lambda x: [np.squeeze(x[:, None], 1), x[:1, :1].squeeze(), x[None].squeeze(axis=0)],
    lambda x: [x[0], x[:, 0], x[0, 0], x[0][0], x[:1], x[:, :1], x[..., 0]],
    lambda x, u: [np.stack([x[:, 0]] * number, axis=1) for number in range(2, 9)],
    lambda x: [np.concatenate([x[:, :1]] * number, axis=1) for number in range(2, 9)],
    lambda x: [x[[0] * number] for number in range(2, 9)],
    lambda x, u: [np.repeat(u[None], number, axis=0) for number in range(2, 9)],
    lambda x: [np.tile(x[:, :1], (1, number)) for number in range(2, 9)],
    lambda k: [k[1], k[-1], k[1:3], k[::2], k[::-1], k[:, 1:], k[1:, :-1], k[-2:, ::-1]],
    lambda k: [k[[0, 2]], k[:, [1, 1]], k[np.array([3, 0])], k[[0, 1], [2, 0]], k[range(2)]],
    lambda k: [k[np.arange(4) > 1], k[:, np.array([True, False, True])], k[np.ones((4, 3), bool)]],
    lambda k: [np.flip(k), np.flip(k, 0), np.flipud(k), np.fliplr(k), np.rot90(k), np.roll(k, 1)],
    lambda k: [np.roll(k, np.int64(61)), np.roll(k, np.array([1, 2]), axis=(0, 1))],
    lambda k: [np.roll(k, 2, axis=0), np.take(k, [2, 0], axis=0), np.take(k, 1), k.take([0, 5])],
    lambda k: [np.repeat(k, 2, axis=0), k.repeat(2), np.tile(k, 2), np.tile(k, (2, 1))],
    lambda x: [np.repeat(x[None], 3, axis=0), np.tile(x[:, None], (1, 2, 1))],
    lambda k, v: [np.concatenate([k, k + 1]), np.concatenate((k, k[:, :1]), axis=1)],
    lambda k, v: [np.stack([v, 2 * v]), np.stack([v, v], axis=1), np.hstack([v, v])],
    lambda k, v: [np.column_stack([v, k]), np.hstack([k, k]), np.vstack([v, v])],
    lambda x, y: [np.stack([x, y]), np.stack((x, y), axis=-1), np.concatenate([x[None], y[None]])],
    lambda k: [np.split(k, 2), np.split(k, [1, 3]), np.split(k, 3, axis=1), np.array_split(k, 2)],
    lambda e: [e.reshape(6, 4), e.reshape(-1), e.reshape((4, -1)), np.reshape(e, (3, 8))],
    lambda e: [np.ravel(e), e.flatten(), e.T.reshape(-1), e.transpose(1, 0, 2).reshape(3, 8)],
    lambda t: [t.reshape(t.shape), t[:, None].reshape(t.shape), t.reshape(*t.shape, 1)],
    lambda k: [np.diag(k[:3]), np.diag(k[0]), np.diagonal(k[:3]), k[:3].diagonal(), k[:3].trace()],
    lambda u, q: [np.diag(u), np.diag(q), q.trace(), np.diag(u) @ u],
    lambda k: [np.pad(k, 1), np.pad(k, ((0, 1), (2, 0))), np.pad(k, (1, 2), constant_values=3)],
    lambda x: [np.pad(x[:, :, None], ((0, 0), (0, 0), (1, 1)), mode="constant")],
    lambda k: [np.tril(k), np.triu(k), np.tril(k, -1), np.triu(k, k=1), np.tril(np.ones((3, 3)))],
    lambda k: np.lib.stride_tricks.sliding_window_view(k, (2, 2)),
    lambda x, u: [np.broadcast_to(u, x.shape), np.broadcast_to(u[0], u.shape) + u],
    lambda k, v: [np.broadcast_arrays(k, k), np.broadcast_arrays(v[:, None], k)],
    lambda x, u, c: [np.broadcast_arrays(x, u), np.broadcast_arrays(c, x), np.broadcast_arrays(c)],
    lambda k, v, u: [np.diagflat(v), np.diagflat(v, 1), np.diagflat(v, -2), np.diagflat(k)],
    lambda u: [np.diagflat(u), np.diagflat(u) @ u],
    lambda k, v, e: [np.kron(v, v), np.kron(k, k), np.kron(v, k), np.kron(e, k), np.kron(k, [1])],
    lambda x: [np.atleast_2d(x[0]), np.atleast_2d(x), np.shape(x[None])[0] * x, np.ndim(x) * x],
    lambda x: [np.size(x) * x, x.size * x, x.shape[0] / x.shape[1] * x, len(x) * x, x / x.size],
    lambda x: [x * x.shape[0] ** -1, x / len(np.arange(x.shape[0])), x * abs(+len(x))],
    # Arrays that are made
    lambda x: [np.zeros_like(x), np.ones_like(x) * x, np.full_like(x, 0.5), np.zeros(x.shape) + x],
    lambda x: [np.ones(x.shape), np.full(x.shape, 2.5), np.ones((2, 3)), np.full((2, 2), 7)],
    lambda x: [np.eye(x.shape[0]) @ x, np.identity(x.shape[1]), np.eye(2, 3), np.eye(3)[1]],
    lambda x, y: [np.array([x, y]), np.array(x), np.asarray(x), np.asanyarray(y), np.copy(x)],
    lambda c, x: [np.array([c, 2.0, c * c]), np.array([[c, 1], [2, c]]), np.ascontiguousarray(x)],
    lambda x: x.astype(np.float64) + x.astype(float) + (x > 0).astype(int) + x.copy(),
    lambda k: k * np.array([1.0, 2.0, 3.0]) + np.arange(3) + np.array([[1], [2], [3], [4]]),
    lambda k: np.where(np.tril(np.ones((4, 3))) > 0, k, -1e9),
    lambda k: np.where(np.array([True, False, True]), k, 0),
    lambda k: [np.where(k > 0, np.array([1.0, 2.0, 3.0]), k), np.array([1.0, 2.0, 3.0]) - k],
    lambda k: np.arange(12).reshape(4, 3) @ k.T,
    lambda x: [np.tril(x[:2, :2] > 0) * 1 for _ in ()] + [(x > 0).copy(), (x > 0).T, x > x[0, 0]],
    lambda x: [np.sum(x > 0, dtype=int), np.prod(x > 0, axis=0, dtype=float), np.var(x > 0)],
    lambda x: [(x > 0) ** 0.5, np.exp((x > 0) * 1.0)],
    lambda x: [x.shape[0] * (x > 0), np.full(x.shape, x.shape[0]), np.array(x.shape[0]) + x],
    lambda x: [x * float(x.shape[0]), np.full(x.shape, float(x.shape[0])), x.size * 2],
    lambda k: [np.uint8(3) * k, np.array([0, 1, 0], dtype=np.uint8) - k, k[np.array([1], np.int8)]],
    # Labels
    lambda x, label: [x[np.arange(len(label)), label], x[range(x.shape[0]), label]],
    lambda x, label: [np.eye(x.shape[1])[label], x[np.arange(len(x)), label] * 2],
    lambda x, label: np.log(np.exp(x)[np.arange(x.shape[0]), label]).sum(),
    lambda w, label: [w[label], (w[label] ** 2).sum(axis=0)],
    lambda e, label, w: [(w > 0).astype(int)[label], np.stack([w, 2 * w], axis=1)[label]],
    lambda x, label: [np.eye(x.shape[1])[label].sum(axis=0), np.eye(*x.shape[1:])[label]],
    lambda x, label: [np.take_along_axis(x, label[:, None], axis=1), label[:, None].shape[1] * x],
    lambda x, label: np.log(np.take_along_axis(np.exp(x), label.reshape(-1, 1), 1)).squeeze(1),
    lambda x, label: np.take_along_axis(x, np.expand_dims(label, 1), axis=-1) - x,
    lambda x, label: np.take_along_axis(x, label[:, None], 1) - x.max(axis=1, keepdims=True),
    lambda x, label: np.squeeze(np.take_along_axis(x, label[:, np.newaxis], axis=1), axis=1) * 2,
    lambda x, label: np.take_along_axis(x, label[:, None], axis=1)[:, 0] - x[:, 0],
    lambda x, label: np.take_along_axis(x, label[:, None], axis=1) + x[range(len(x)), label],
    lambda x, label: [label[:, None] == np.arange(x.shape[1]), x * (np.arange(3) == label[:, None])]
    if isinstance(x.shape[1], int) else [label[:, None] == np.arange(x.shape[1])],
    lambda x, label: np.where(label[:, None] != np.arange(x.shape[1]), np.maximum(0, x), 0),
    lambda k, mark: [(mark == 1) * k[:, 0], np.where(mark != 2, k[:, 1], 0), mark[:] == 0],
    lambda k, mark: [k[i, mark[i]] for i in range(4)] + [k[1:3, mark[0]], k[:, mark[-1]] * k[:, 0]],
    lambda k, mark: sum(-np.log(np.exp(k[i])[c] / np.exp(k[i]).sum()) for i, c in enumerate(mark)),
    lambda k, mark: [k[i, j] - (j == c) for i, c in enumerate(mark) for j in range(3)],
    lambda k, mark: [np.exp(k.T[c]) * 2 + k.T[c] - k[:, 0] for c in mark[:]],
    lambda k, mark: [np.eye(3)[int(mark[0])], k.T[int(mark[1])].sum(), k[0][mark[2].item()]],
]  # fmt: skip


@program
def what_is_shared_and_what_is_not(x, k, v):
    a, b = np.broadcast_arrays(x, x)
    a += 1
    c = np.nan_to_num(x)
    c += 5
    d = np.nan_to_num(b, copy=False)
    d *= 2
    e = np.diff(v, n=0)
    e -= 1
    f = np.diagflat(v)
    f += 1
    g = np.kron(v, [[1.0]])
    g *= 3
    return x, a, b, c, d, e, f, g, v, np.cumprod(k[0])


@program
def labels_in_place(x, label):
    n = x.shape[0]
    z = x.copy()
    z[np.arange(n), label] -= 1
    h = np.zeros_like(x)
    h[np.arange(n), label] = 1
    g = np.zeros_like(x)
    g[np.arange(n), label] = -x.sum(axis=1)
    p = x.copy()
    p[range(n), label] *= p[range(n), label]
    return z, h, g, p, x


@program
def labels_in_loops(k, mark):
    w = k.copy()
    for i, c in enumerate(mark):
        w[i, c] -= 1
        w[:, c] += k[:, 0]
        w[:, mark[i]] *= 2
    return w, k


@program
def what_one_label_picks_is_a_view(k, mark):
    w = k.copy()
    column = w[:, mark[0]]
    part = column[1:]
    number = w[1, mark[0]]
    number += 5
    w[:, 0] += 1
    column *= 3
    fresh = column + 1
    fresh *= 2
    part = part * 2
    w[0] = 7
    return w, column, part, number, fresh, k


@program
def labels_along_an_axis(x, label):
    p = np.exp(x)
    column = np.take_along_axis(p, label[:, None], axis=1)
    row = column[:, 0]
    row *= 2
    np.put_along_axis(p, label[:, None], column - 1, axis=1)
    column += 1
    return p, column, row, column.ravel(), np.log(column).mean()


@program
def labels_of_selected(x, label):
    n = len(x)
    s = x[np.arange(n), label]
    margins = np.maximum(0, x - s[:, None] + 1)
    margins[np.arange(n), label] = 0
    return margins, s.reshape(-1, 1), np.expand_dims(s, 1), (s - x[:, 0]) * 2, s / x.sum(axis=1)


@program
def selected_in_place(x, label):
    n = x.shape[0]
    s = x[np.arange(n), label]
    t = s
    s += 1
    np.exp(s, out=s)
    column = s.reshape(-1, 1)
    s *= 2
    return s, t, x, x[range(n), label], t / x.sum(axis=1), column * 1


@program
def selected_beside_numbers(k):
    labels = np.array([0, 2, 1, 1])
    return k[np.arange(4), labels] * np.array([1.0, 2.0, 3.0, 4.0])


@program
def rows_by_integers_of_numpys(k):
    out = k * 1
    for i in np.arange(1, 3):
        row = out[i]
        row -= row.mean()
    for i in (np.int32(0), np.uint8(3)):
        part = out[i, 1:]
        part *= 3
    return out


@program
def masks_of_rows(q):
    z = q.copy()
    z[z.sum(axis=1) < 0] = 0
    return z, q[q.sum(axis=0) > 0].sum()


@program
def comparisons_into_numbers(x):
    out = np.zeros(x.shape)
    np.greater(x, 0, out=out)
    out[0] += 5
    return out, out + out


@program
def copies_by_python(k):
    a, b, c = copy.copy(k[0]), copy.deepcopy(k[1]), copy.copy(k.T)
    a += 1
    b += 1
    c += 1
    return a, b, c, k


@program
def scattered(w, label, x):
    out = np.zeros_like(w)
    np.add.at(out, label, x @ w)
    np.subtract.at(out, label, 1.0)
    return out


@program
def scattered_at_numbers(k):
    out = np.zeros((3, 3))
    np.add.at(out, np.array([0, 2, 0, 1]), k)
    np.add.at(out, (np.array([0, 0]), np.array([1, 1])), 2.0)
    return out


@program
def masks(x, y):
    a = x.copy()
    a[x < 0] = 0
    b = y.copy()
    b[(x > 0) & (y > 0)] *= 2
    d = x.copy()
    d[x <= 0] = (d * 0.1)[x <= 0]
    rows = y.copy()
    rows[x[:, 0] > 0] = 0
    rows[x.sum(axis=1) > 0] += 1
    m = x > 0
    e = x.copy()
    e[m] = np.exp(e[m]) - 1
    e[~m] -= 3
    return a, b, d, rows, e, x[x > 0].sum(), m.astype(float), y[y > 0].sum()


@program
def in_place(x, y):
    a = x
    a += 1
    b = y.copy()
    b -= a
    b *= 2
    b /= 4
    c = x
    c **= 2
    d = b
    d = d + 1
    return x, y, a, b, c, d


@program
def numbers_are_not_changed_in_place(x):
    s = x.sum()
    t = s
    s += 1
    first = x[0, 0]
    x[0, 0] = 5
    other = first
    other *= 2
    loss = t
    loss -= first
    return s, t, first, other, loss, x


@program
def arrays_of_no_axes_are(c, x):
    a = np.array(x.sum())
    b = a
    a += 1
    return a, b


@program
def numbers_that_are_arrays(x):
    s = x.sum()
    a, b, c = np.where(s > 0, 1.0, 2.0), np.asarray(s), s[...]
    d, e, f = np.array(s).astype(float), np.array(s).copy(), np.zeros(())
    arrays = [a, b, c, d, e, f]
    for place in range(len(arrays)):
        array = arrays[place]
        array += 1
    numbers = [s, abs(s), x[0, 0], np.dot(s, 2.0), x.max(), np.array(s) + 1, s.item()]
    changed = []
    for number in numbers:
        other = number
        other *= 2
        changed.append(other)
    return arrays, numbers, changed


@program
def whether_it_is_a_number_is_not_known(x):
    loss = x.sum().reshape(())
    loss += 1
    other = np.einsum("ij->", x)
    other *= 2
    return loss, other


@program
def diagonals_and_transposes_by_einsum(k):
    q = k[:3]
    d = np.einsum("ii->i", q)
    d += 1
    t = np.einsum("ij->ji", k)
    t[0] *= 2
    return k, d, t, np.einsum("...ij->...ji", k)


@program
def what_einsum_gives_may_lie_in_any_order(e, k):
    s = np.einsum("ijk->kj", e)
    flat = s.reshape(-1)
    flat += 1
    c = np.array(k, order="F")
    other = c.reshape(-1)
    other += 1
    return flat, other, np.reshape(k, (3, 4), copy=True)


@program
def reshapes_that_are_copies(k):
    c = np.reshape(k, (3, 4), copy=True)
    c += 1
    return c, k


@program
def converted_or_not(x):
    m = x > 0
    same, other = np.asarray(m, dtype=bool), m.astype(bool)
    same |= x > -1
    other &= x > 1
    counts = m.astype(int)
    part = counts.astype(float, copy=False)
    part += 0.5
    return m, same, other, part


@program
def added_at_labels_by_views(w, label, t):
    z = np.zeros_like(w)
    np.add.at(z, label, t[:, :, 0])
    return z


@program
def added_at_rows(k, v):
    z = np.zeros((4, 3))
    np.add.at(z, [0, 1, 1], v[:3])
    np.add.at(z, ([3, 3], [0, 1]), v[:2])
    np.subtract.at(z, np.array([[0, 1], [1, 2]]), k[:2, None])
    np.add.at(v, [1, 2], v[0:2])
    np.add.at(v, 3, 1)
    return z, v


@program
def views(x, u):
    a = x.T
    a += u[:, None]
    b = x[:, None]
    x *= 2
    row = x[0]
    row[...] = 7
    x[0][:] += 1
    column = x[:, 0]
    column -= 1
    return x, a, b, row, column


@program
def views_of_views(e):
    a = e.transpose(2, 0, 1)
    b = a[1:3]
    c = b[:, :, ::2]
    c += 10
    d = b.T[0]
    d[...] = d * 2
    s = np.swapaxes(e, 0, 1)[1]
    s *= -1
    f = np.flip(e, axis=1)
    f[:, 0] = 0
    g = np.flipud(e)
    g += 1
    h = np.moveaxis(e, 0, -1)[0, 0]
    h /= 3
    w = np.squeeze(e[:1])
    w[1] = 9
    return e, a, b, c, d, s, f, g, h, w


@program
def reshapes_are_views(k):
    flat = k.reshape(-1)
    flat[0] = 100
    flat[3:5] += 1
    r = k.reshape(2, 6)
    r[1] *= 2
    k.ravel()[5] = -5
    v = k[1:].reshape(-1)
    v -= 1
    return k, flat, r, v


@program
def copies_are_not_views(k):
    a = k.flatten()
    a += 1
    b = k[[0, 1]]
    b += 1
    c = k[k[:, 0] > 5e9].sum()
    d = np.roll(k, 1)
    d[:] = 0
    e = k.copy()
    e[0] = 3
    f = np.array(k)
    f += 1
    g = k.astype(float)
    g *= 0
    h = np.repeat(k, 2, axis=0)
    h += 1
    i = np.take(k, [0], axis=0)
    i += 4
    j = np.concatenate([k, k])
    j *= 5
    r = k[np.arange(4) < 2]
    r -= 8
    m = np.tile(k, 1)
    m += 1
    return k, a, b, c, d, e, f, g, h, i, j, r, m


@program
def the_same_object(k):
    a = np.asarray(k)
    a += 1
    b = np.ascontiguousarray(k)
    b += 1
    c = np.atleast_2d(k)
    c *= 2
    d = k[...]
    d -= 1
    first, second = np.split(k, 2)
    first += 3
    second[0] = 0
    return k, a, b, c, d, first, second


@program
def out_arguments(x, y):
    r = np.empty_like(x)
    np.multiply(x, y, out=r)
    np.add(r, 1, out=r)
    np.exp(x, out=x)
    np.maximum(y, 0, out=y[:, :])
    half = np.zeros_like(x)
    np.sum([1.0, 2.0])
    np.dot(x, y.T @ x, out=half)
    np.copyto(y, r)
    return r, x, y, half


@program
def entries_in_loops(k):
    out = np.zeros((2, 3))
    total = np.zeros(3)
    for i in range(4):
        out[i % 2] += k[i]
        for j in range(3):
            total[j] += k[i, j] * (i + 1)
            k[i, j] *= 2
    return out, total, k


@program
def broadcast_views_follow(u, x):
    b = np.broadcast_to(u, x.shape)
    d = np.diag(np.ones_like(u) * u)
    u += 1
    return b, d, u


@program
def diagonals_follow(q):
    d = np.diag(q)
    e = np.diagonal(q)
    q *= 3
    return d, e, q


@program
def empty_arrays_that_are_filled(x, y):
    a = np.empty(x.shape)
    a[:] = x
    b = np.empty_like(x)
    b[x > 0] = 1
    b[~(x > 0)] = 2
    c = np.empty((2,))
    c[0], c[1] = x.sum(), y.sum()
    return a, b, c


@program
def assignments_broadcast(k, v):
    a = np.zeros((4, 3))
    a[...] = v[:, None]
    a[1] = 5
    a[:, 1] = v * 2
    a[2:, 0] = [1.0, 2.0]
    a[[0, 3]] = k[0]
    a[::2, ::2] -= k[:2, :1]
    b = np.zeros((2, 4, 3))
    b[:] = k
    b[1, 1:, :2] = 0
    b[:, 0] = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    return a, b


@program
def one_hot_by_slices(x):
    out = np.zeros_like(x)
    out[:, 0] = 1
    out[0] += x[0]
    out[:] *= 2
    out[0, :] = 0
    return out


@program
def slices_to_the_end_by_its_size(x):
    n, d = x.shape
    a = x[:n] * 2
    b = x[:, 0:d]
    b += 1
    return a, b, x


@program
def swapped(k):
    a, b = k[0].copy(), k[1]
    k[0] = b
    k[1] = a
    k[[2, 3]] = k[[3, 2]]
    return k, a, b


@program
def overlapping(v):
    v[1:] += v[:-1]
    v[::-1][:2] *= 2
    return v


@program
def augmented_on_views_of_lists(e):
    rows = list(e)
    rows[0] += 1
    pair = [e[0], e[1]]
    for part in pair:
        np.multiply(part, 2, out=part)
    return e, pair, rows


@program
def whole_numbers_stay_whole(x):
    positive = np.sum(x > 0, axis=1)
    positive += 1
    counts = (x > 0).astype(int)
    counts[0] = 3
    return positive / 2, counts, counts.sum() / 4


@program
def vectorised_erf(x):
    erf = np.vectorize(math.erf)
    return erf(x / np.sqrt(2))


@pytest.mark.parametrize(
    "function", PROGRAMS, ids=lambda f: f"{f.__name__}_{f.__code__.co_firstlineno}"
)
@pytest.mark.parametrize("sizes", [SIZES, SQUARE], ids=["sizes", "square"])
def test_a_program_computes_what_numpy_computes(function, sizes):
    both(function, sizes)


def test_most_programs_run_at_names():
    assert sum(runs(function, {}) for function in PROGRAMS) >= 0.4 * len(PROGRAMS)


def runs(function, sizes):
    """Whether it is not refused."""
    try:
        traced(function, sizes)
    except CodeError:
        return False
    return True


def test_a_wrong_meaning_would_be_seen(monkeypatch):
    monkeypatch.setitem(FUNCTIONS, "flip", FUNCTIONS["roll"])
    wrong = [f for f in PROGRAMS if "flip" in f.__code__.co_names]
    assert wrong
    for function in wrong:
        with pytest.raises((AssertionError, CodeError)):
            both(function, SIZES)


def test_each_function_is_compared_with_numpy():
    source = Path(__file__).read_text(encoding="utf-8").split("def program(")[1]
    methods = {
        "norm": "linalg.norm",
        "sliding_window_view": "lib.stride_tricks.sliding_window_view",
    }
    refused = {name for name, function in FUNCTIONS.items() if function.__name__ == "refuse"}
    rows = {*OPERATIONS, *FUNCTIONS, *MADE, *ALWAYS} - {*NOT_NUMPYS, *refused}
    apart = {"allclose", "isclose", "array_equal"}
    assert refused == {"argmax", "argmin", "round", "sort", *apart}
    assert {name for name in rows if f"np.{methods.get(name, name)}(" not in source} == set()


# Programs that nobody wrote ----------------------------------------------------------------

MAKE = [
    lambda a: a,
    lambda a: a.T,
    lambda a: a[1:],
    lambda a: a[::2],
    lambda a: a[..., 0],
    lambda a: a[0],
    lambda a: a[:, None],
    lambda a: a[:, 1:],
    lambda a: a[[0, 1]],
    lambda a: a.reshape(-1),
    lambda a: a.reshape(2, -1),
    lambda a: a.reshape(a.shape[::-1]),
    lambda a: a.ravel(),
    lambda a: a.flatten(),
    lambda a: a.copy(),
    lambda a: np.copy(a),
    lambda a: np.array(a),
    lambda a: np.asarray(a),
    lambda a: a + 1,
    lambda a: a.T * 2,
    lambda a: np.zeros_like(a),
    lambda a: np.flip(a, 0),
    lambda a: np.swapaxes(a, 0, -1),
    lambda a: np.moveaxis(a, 0, -1),
    lambda a: np.expand_dims(a, 0),
    lambda a: np.squeeze(a),
    lambda a: np.roll(a, 1),
    lambda a: np.split(a, 2)[1],
    lambda a: np.atleast_2d(a),
    lambda a: np.ascontiguousarray(a),
    lambda a: a.sum(axis=0),
    lambda a: a.sum(),
    lambda a: np.concatenate([a, a]),
    lambda a: np.repeat(a, 2, axis=0),
    lambda a: a.astype(float),
    lambda a: a > 0,
    lambda a: (a > 0).astype(int),
    lambda a: a.astype(a.dtype, copy=False),
    lambda a: np.asarray(a, dtype=a.dtype),
    lambda a: np.array(a, order="F"),
    lambda a: np.reshape(a, a.shape, copy=True),
    lambda a: np.where(a > 0, a, 0),
    lambda a: np.einsum("...i->i...", a),
    lambda a: np.einsum("i...->...", a),
    lambda a: a[...],
    lambda a: a @ a.swapaxes(-1, -2),
    lambda a: np.tril(a),
    lambda a: np.pad(a, 1),
    lambda a: np.stack([a, a], axis=-1),
    lambda a: abs(a) + a.mean(),
    lambda a: a * np.array(2),
]


def added(a):
    a += 1
    return a


def scaled(a):
    a *= 2
    return a


def put(a):
    a[0] = 5
    return a


def put_in_steps(a):
    a[::2] = 7
    return a


def put_all(a):
    a[...] = 3
    return a


def added_in_steps(a):
    a[1:] += 10
    return a


def masked(a):
    a[a > 0] = -1
    return a


def into(a):
    np.add(a, 1, out=a)
    return a


def negated(a):
    np.negative(a, a)
    return a


CHANGE = [added, scaled, put, put_in_steps, put_all, added_in_steps, masked, into, negated]


@st.composite
def statements(draw):
    """Statements that make an array of another, or change one."""
    kinds = st.sampled_from([MAKE, MAKE, CHANGE])
    return [
        (draw(st.sampled_from(draw(kinds))), draw(st.integers(0, 30)))
        for _ in range(draw(st.integers(2, 7)))
    ]


def carried_out(steps, arrays, skipped):
    """All arrays at the end; what NumPy refuses is left out."""
    arrays = list(arrays)
    for number, (function, place) in enumerate(steps):
        if number in skipped:
            continue
        at = place % len(arrays)
        try:
            found = function(arrays[at])
        except (ValueError, IndexError, TypeError, AttributeError):
            skipped.add(number)
            continue
        if function in CHANGE:
            arrays[at] = found
        else:
            arrays.append(found)
    return arrays


REFUSED = (
    *("lies in memory", "the shape () has no axis", "with no entries", "may not be written to"),
    *(
        "like another one",
        "an array of no axes",
        "result is not written to",
        "of comparisons",
        "comparisons belong",
    ),
    *("NumPy rounds what", "rounds numbers", "are no truths", "needs a matrix"),
)


@given(statements(), st.integers(0, 3))
@example([(MAKE[1], 0), (MAKE[9], 3), (added, 4)], 0)  # a reshape of a transposed array
@example([(MAKE[5], 2), (added, 3), (put, 2)], 0)  # a number that was read
@settings(max_examples=400, deadline=None)
def test_what_is_shared_and_what_is_not_is_as_numpy_has_it(steps, seed):
    numbers = numbers_at(SIZES, seed)
    skipped = set()
    start = [copy.deepcopy(numbers[name]) for name in ("k", "e", "v")]
    expected = carried_out(steps, start, skipped)

    def function(k, e, v):
        return carried_out(steps, (k, e, v), set(skipped))

    try:
        result, trace = traced(function, {})
    except CodeError as error:
        if not any(said in str(error) for said in REFUSED):
            raise
        return
    known = known_at(SIZES, numbers)
    for let in trace.lets:
        known[let.name] = entries(let.definition, known)
    for one, other in zip(result, expected, strict=True):
        try:
            array = array_held(one)
        except ArrayError:
            continue  # it is not known, and says so
        values = entries(array, known)
        assert values.shape == np.shape(other)
        np.testing.assert_allclose(values, other)
        described(one, other)


def test_few_shared_arrays_are_refused():
    """In most programs it is known what is a view."""
    unsure = [(lambda a: a.T.reshape(-1), 0), (added, 3)]
    sure = [(lambda a: a[1:].reshape(-1), 0), (added, 3), (lambda a: a.T[0], 1), (scaled, 4)]
    for steps, unknown in ((unsure, True), (sure, False)):

        def function(k, e, v, steps=steps):
            return [one + 0 for one in carried_out(steps, (k, e, v), set())]

        trace = Trace()
        arrays = [made(name, {}, trace) for name in ("k", "e", "v")]
        if unknown:
            with pytest.raises(CodeError, match="lies in memory"):
                run(trace, function, *arrays)
        else:
            run(trace, function, *arrays)


# What is refused ---------------------------------------------------------------------------


def refused(message):
    return lambda function: REFUSALS.append((function, message)) or function


REFUSALS = [
    (lambda x: x.astype(int), "rounds numbers"),
    (lambda x: np.array(x, dtype=int), "rounds numbers"),
    (lambda x: np.sum(x, dtype=int), "rounds numbers"),
    (lambda x: int(x.sum()), "a conversion to a number"),
    (lambda x: x.reshape(x.shape[::-1]), "moves entries"),
    (lambda x: x.reshape(-1), "moves entries"),
    (lambda x: x[1:], "moves entries|out of the range"),
    (lambda x: x[:-1], "moves entries|out of the range"),
    (lambda x: x[-1], "moves entries|out of the range"),
    (lambda x: x[::-1], "moves entries"),
    (lambda x: x[: x.shape[1]], "a slice with d in it"),
    (lambda x, q: q[:, : x.shape[1]], "a slice with d in it"),
    (lambda k, x: k[: x.shape[0]], "a slice with n in it"),
    (lambda x: np.flip(x), "moves entries"),
    (lambda x: np.roll(x, 1), "moves entries"),
    (lambda k, x: np.roll(k, x.shape[0]), "by a size that is a name"),
    (lambda x: np.concatenate([x, x]), "moves entries"),
    (lambda x, k: k[x.shape[0]], "an index that is"),
    (lambda x: x[x], "an index that is"),
    (lambda x, y: x[y > 0] * y, "goes with numbers and with what the same mask selects"),
    (lambda x: x[x > 0] * np.array([1.0, 2.0]), "goes with numbers"),
    (lambda x, y: x[x > 0] + y[y > 0], "two different selections"),
    (lambda x: x[x > 0].mean(), "of x.mask. is not supported|unknown size"),
    (lambda t, x: t[x > 0], "is not masked by"),
    (lambda k, v: k[(v > 0)[:3]], "is not masked by"),
    (lambda x, y: np.dot(x > 0, y.T > 0), "of comparisons alone"),
    (lambda x, y: np.einsum("ij,ij->i", x > 0, y > 0), "of comparisons alone"),
    (lambda x, y: np.maximum(x > 0, y > 0), "of comparisons alone"),
    (lambda x, y: np.tensordot(x, y, ([0, 1], [0])), "does not pair the axes"),
    (lambda x, y: np.tensordot(x, y, ([0, 2], [0, 1])), "are not there"),
    (lambda q: np.tensordot(q, q, ([0, 0], [0, 1])), "name an axis twice"),
    (lambda q: np.tensordot(q, q, ([0, 1], [0, 0])), "name an axis twice"),
    (lambda x, y: np.where(x > 0, x > 1, y > 0), "of comparisons alone"),
    (lambda x, y: np.stack([x > 0, y > 0]), "of comparisons alone"),
    (lambda x, y: np.array([x > 0, y > 0]), "comparisons is not supported"),
    (lambda k: (k > 0) + np.ones((4, 3), dtype=bool), "of comparisons alone"),
    (lambda x: (x > 0) @ (x > 0).T, "comparisons belong"),
    (lambda x: np.where(x > 0, 1, 0) + x.any(), "np.any is not supported"),
    (lambda x: np.linalg.norm(x, 2), "of the order 2"),
    (lambda x: np.linalg.norm(x, 1, axis=0), "of the order 1"),
    (lambda x: np.reshape(x, x.shape, order="F"), "another order"),
    (lambda x: x.reshape(x.shape, order="F"), "in the order 'F'"),
    (lambda x: np.ravel(x, order="F"), "another order"),
    (lambda x: np.array(x, ndmin=3), "ndmin"),
    (lambda x: np.eye(x.shape[0], k=1), "beside the diagonal"),
    (lambda x: np.eye(x.shape[0], dtype=bool), "is not supported"),
    (lambda x: math.log(x.sum(), 2), "of 2 numbers"),
    (lambda x: np.vectorize(lambda z: z * 2)(x), "np.vectorize is not supported"),
    (lambda x: np.exp(x, where=x > 0), "with where="),
    (lambda x: np.sum(x, where=x > 0), "where"),
    (lambda x: np.add.accumulate(x), "np.add.accumulate is not supported"),
    (lambda x: np.arctan(x), "np.arctan is not supported"),
    (lambda x: np.argmax(x), "a choice of an index"),
    (lambda x: x if x.sum() > 0 else -x, "the truth of an array"),
    (lambda x: float(x), "item"),
    (lambda x: x.tolist(), "tolist"),
    (lambda x: np.allclose(x, 0), "np.allclose is not supported .*so leave it out"),
    (lambda x: np.all(x > 0), "np.all is not supported .*np.where for a choice"),
    (lambda x: np.isnan(x).any(axis=0), "axis"),
    (lambda x: np.diff(x), "np.diff along d: give it a number"),
    (lambda x: np.diff(x, axis=0, prepend=0), "prepend"),
    (lambda x: np.cumprod(x, axis=0), "np.cumprod along n: give it a number"),
    (lambda x: np.diff(x > 0), "of comparisons alone"),
    (lambda x: np.kron(x, x), "np.kron along n: give it a number"),
    (lambda x: np.kron(2.0, x), "np.kron of a number"),
    (lambda x: np.diagflat(x), "along an axis whose size is a name"),
    (lambda x: np.select([x > 0], [x, x]), "as many conditions as choices"),
    (lambda x: np.select([x], [x]), "needs conditions that are comparisons"),
    (lambda x, y: np.select([x > 0], [y > 0]), "of comparisons alone"),
    (lambda x, u: np.broadcast_arrays(x, u)[1].fill(0.0), "may not be written to"),
    (lambda label: label == 1, "where there are a number of classes"),
    (lambda label: label + 1, "TypeError|arithmetic with labels"),
    (lambda label, x: x[label.reshape(-1, 1)], "an index that is an array without numbers"),
    (lambda q, x, label: q[np.arange(len(q)), label], "label is of d classes"),
    (lambda x: np.random.permutation(x), "pass what it gives"),
    (lambda x: x * np.random.gamma(2.0), "np.random.gamma is not supported"),
    (lambda x: x * np.random.poisson(2.0), "np.random.poisson is not supported"),
    (lambda x: x.shape[0] == 3, "is not known"),
    (lambda x: range(x.shape[0])[0], "are an index here"),
    (lambda label: label[0], "one of n labels: give n a number"),
    (lambda x: np.array([1.0] * x.shape[0]), "a list beside n"),
    (lambda x: np.array((1.0, 2.0) * (2 * x.shape[0])), "a list times a number"),
    (lambda x: x if isinstance(x.shape[0], int) and x.shape[0] == 7 else -x, "is not known"),
    (lambda x: np.zeros(x.shape[0] * 2), "a size is a number|a conversion to a number"),
    (lambda u: np.zeros((3, 2)) + u, "do not broadcast"),
    (lambda label: label != 5, "where there are a number of classes"),
    (lambda label: label < 5, "a comparison of labels in order"),
    (lambda label: 1 if label else 0, "the truth of labels"),
    (lambda mark: mark == 3, "one of 3 classes, and never 3"),
    (lambda mark: mark == mark[0], "is supported with a number"),
    (lambda mark: mark[:, None] == np.arange(4), "but with np.arange"),
    (lambda mark: mark[:, None] == np.array([1, 0, 2]), "but with np.arange"),
    (lambda mark: mark[1:], "a part of labels"),
    (lambda mark: mark[mark == 1], "a part of labels"),
    (lambda mark: mark.reshape(2, 2), "such a reshape of labels"),
    (lambda mark: np.expand_dims(mark[:, None], 1), "np.expand_dims of labels"),
    (lambda mark: np.reshape(mark[0], (1,)), "np.reshape of labels"),
    (lambda mark: {mark[0]: 1}, "a dict or a set of labels"),
    (lambda mark: [1.0, 2.0, 3.0][mark[0]], "labels as numbers, or as an index"),
    (lambda mark: 1.0 if mark[0] == 1 else 2.0, "the truth of an array"),
    (
        lambda mark: float(mark[0]),
        r"arithmetic with labels is not supported: mark\[0\] is an index, as in p\[mark\[0\]\]$",
    ),
    (lambda k, mark: k[[0, 1], mark[0]], "goes with numbers and slices"),
    (lambda k, mark: k[mark[0]], "is of 3 classes"),
    (lambda k, mark: (k > 0)[:, mark[0]] * 1, "a selection of comparisons"),
    (lambda k, mark: k[:, mark[0]][1:].fill(0.0), "a write to what a mask or labels select"),
    (lambda k, mark: np.take_along_axis(k, mark[None, :], 0), "a part of labels"),
    (lambda k, mark: np.take_along_axis(k.T, mark[:, None], 1), "not one row for each"),
    (lambda k, mark: np.take_along_axis(k, mark[:, None], 0), "needs a matrix, and axis=1"),
    (lambda k, mark: np.take_along_axis(k, np.zeros((4, 1), int), 1), "labels as a column"),
    (lambda label: -label, "arithmetic with labels"),
    (lambda label: label.squeeze(), "np.squeeze of labels"),
    (lambda label: label.astype(bool), "a conversion of labels"),
    (lambda x: x * (np.arange(x.shape[0]) != 5), "are an index here"),
    (lambda x: x * (range(x.shape[0]) == 5), "are an index here"),
    (lambda x: x * (np.arange(x.shape[0]) * 2), "are an index here"),
    (lambda x: x if x.shape[0] == 1.0 else -x, "are equal is not known"),
    (lambda x: x if x.shape[0] != np.float64(1) else -x, "are equal is not known"),
    (lambda x: x if np.int64(1) == x.shape[0] else -x, "."),
    (lambda x: x if x.shape[0] in {1, 7} else -x, "unhashable"),
    (lambda x: x * {1: 5.0}.get(x.shape[0], 1.0), "unhashable"),
    (lambda x: np.linalg.norm(x[None], 2, axis=(1, 2)), "of the order 2"),
    (lambda t: np.linalg.norm(t, "fro"), "of the order 'fro'"),
    (lambda x: -(x > 0), "no np.negative of comparisons"),
    (lambda x: np.sign(x > 0), "no np.sign of comparisons"),
    (lambda x: np.reciprocal((x > 0) + 1), "np.reciprocal of integers"),
    (lambda x: ((x > 0) + 1) ** -1, "negative integers"),
    (lambda x: 2 ** (0 - (x > 0).astype(int)), "negative integers"),
    (lambda x: x * 2 ** x.shape[0], r"a size that is a name, is .* as in 2\.0 \*\* n, or give n a"),
    (lambda x: x * x.shape[0] ** x.shape[0], "to the power of n, a size that is a name"),
    (lambda x: x * np.power(3, x.shape[0] - 1), "to the power of n, a size that is a name"),
    (lambda x: (x > 0).astype(np.uint8) - 1, "uint8 overflow"),
    (lambda x: ((x > 0) * 300).astype(np.int8), "int8 overflow"),
    (lambda x: x.astype(np.float16), "float16 overflow"),
    (lambda x: np.zeros(x.shape, dtype=np.uint8), "uint8 overflow"),
    (lambda k: k.ravel(order="F"), "TypeError"),
    (lambda k: np.reshape(k, (3, 4), "F"), "too many positional"),
    # Truths, which add up and are rounded otherwise than numbers, and integers
    *[
        (function, "of comparisons alone")
        for function in (
            lambda k: np.tril(k > 0) + np.tril(k > 1),
            lambda k: np.pad(k > 0, 1) + np.pad(k > 1, 1),
            lambda x: (x > 0) ** 2 * 100,
            lambda x: np.square(x > 0),
            lambda x: np.exp(x > 0) * 30000,
            lambda x: np.sqrt(x > 0) + np.tanh(x > 1),
            lambda k: (k > 0) @ np.ones((3, 2), dtype=bool),
            lambda x: np.heaviside(x > 0, x > 1),
            lambda x: np.amax(x > 0),
        )
    ],
    (lambda x: np.add(x > 0, x > 1, dtype=float), "of comparisons as numbers"),
    (lambda x: np.multiply(x > 0, x > 1, dtype=int), "of comparisons as numbers"),
    (lambda x, label: (x > 0)[np.arange(len(x)), label] + 1, "a selection of comparisons"),
    (lambda x, label: (x > 0)[label] + 1, "rows of numbers"),
    (lambda k: np.array([0, 1, 0], dtype=np.uint8) - (k > 0), "uint8 overflow"),
    (lambda x: np.uint8(1) - (x > 0), "uint8 overflow"),
    (lambda x: (x > 0).astype(np.int32) * 65536, "int32 overflow"),
    (lambda x: (x > 0) * 2**40, "may overflow"),
    (lambda k: np.where(k > 0, np.float16(0.1), 1.0), "float16 overflow"),
    (lambda x: np.mean(x > 0, axis=0, dtype=int), "rounds numbers"),
    (lambda x: np.clip((x > 0).astype(int), a_min=0.5, a_max=2).astype(int), "rounds numbers"),
    (lambda k: np.pad((k > 0).astype(int), 1, constant_values=0.5), "rounds the number"),
    # Arguments by position
    (lambda k: np.prod(k, 1, float), "too many positional"),
    (lambda k: np.var(k, 1, float), "too many positional"),
    (lambda k: np.max(k, 1, True), "too many positional|takes"),
    # Labels of other classes than there are rows
    (lambda x, label: np.eye(5)[label].mean(), "and there are 5 rows"),
    (lambda q, label: q[label], "and there are n rows"),
    (lambda label, v: np.add.at(np.zeros((3, 1)), label, v[:1, None]), "and there are 3 rows"),
    # Sizes that happen to be what stands for a name
    (lambda u: np.roll(u, np.int64(60)), "moves entries"),
    (lambda u: np.roll(u, np.array([60])), "moves entries"),
    (lambda x, u: np.roll(u, 2 * x.shape[0]), "by a size that is a name"),
    (lambda x: x[:, :-1], "moves entries"),
    (lambda x: x[:-1], "moves entries"),
    (lambda x: np.diag(x), "moves entries"),
    (lambda x: np.diag(x.T), "moves entries"),
    (lambda x: x[[0, 1]], "moves entries"),
    (lambda x, u: np.concatenate([x[:, :1], x], axis=1), "moves entries"),
    (lambda u: np.concatenate([u, u]), "moves entries"),
    # Sizes that are names, and may be 1
    (lambda x: np.squeeze(x), "may be 1"),
    (lambda x: x.squeeze(), "may be 1"),
    (lambda x: x[None].squeeze(), "may be 1"),
    (lambda x: x.squeeze(axis=0), "may be 1"),
    (lambda x: np.squeeze(x[None], axis=(0, 1)), "may be 1"),
    (lambda x: x[: x.shape[0] : -1], "a slice with n in it"),
    (lambda x: x[1 : x.shape[0]], "a slice with n in it"),
    (lambda t: t[..., : t.shape[0]], "a slice with n in it"),
    (lambda x: x[True, : x.shape[0]], "an index that is True"),
    (lambda x, u: x + u[:, None], "do not broadcast"),
]


@refused("NumPy rounds what is written")
def numbers_into_integers(x):
    counts = np.zeros(x.shape, dtype=int)
    counts[0] = 0.5
    return counts


@refused("NumPy rounds what is written")
def numbers_into_sums_of_truths(x):
    counts = np.sum(x > 0, axis=1)
    counts[0] = x[0, 0]
    return counts


@refused("does not put numbers into an array of integers")
def numbers_added_to_integers(x):
    counts = np.sum(x > 0, axis=1)
    counts += 0.5
    return counts


@refused("NumPy rounds what is written")
def numbers_into_sizes_times_truths(x):
    counts = x.shape[0] * (x > 0)
    counts[...] = counts * 0.3
    return counts


@refused("NumPy rounds what is written")
def numbers_into_rows_of_integers(x, label):
    rows = np.eye(x.shape[1], dtype=int)[label]
    rows[...] = x
    return rows


@refused("of integers or truths")
def numbers_added_at_integers(x, label):
    rows = np.zeros((x.shape[1], x.shape[0]), dtype=int)
    np.add.at(rows, label, 0.5)
    return rows


@refused("into integers in place")
def numbers_into_selected_integers(x, label):
    s = (x > 0).astype(int)[np.arange(len(x)), label]
    s += 0.5
    return s


@refused("a part of a comparison's result")
def rows_of_a_mask_in_place(x, y):
    mask = x > 0
    row = mask[0]
    row |= y[0] > 0
    return mask + (y > 1)


@refused("moves entries")
def a_diagonal_of_any_size_is_written_to(q):
    diagonal = np.einsum("ii->i", q)
    diagonal += 1
    return q


@refused("lies in memory")
def what_einsum_gives_is_written_to_by_a_reshape(e):
    s = np.einsum("ijk->kj", e)
    flat = s.reshape(-1)
    flat[0] = 1
    return s + 0


@refused("lies in memory")
def a_copy_in_another_order_is_written_to_by_a_reshape(k):
    c = np.array(k, order="F")
    flat = c.reshape(-1)
    flat[0] = 1
    return c + 0


@refused("lies in memory")
def a_product_of_stacks_is_written_to_by_a_reshape(e):
    s = e.transpose(1, 0, 2) @ np.ones((4, 2))
    flat = s.reshape(-1)
    flat[0] = 1
    return s + 0


@refused("lies in memory")
def what_may_be_the_same_integers_is_written_to(x):
    counts = (x > 0).astype(int)
    same = counts.astype(int, copy=False)
    same += 1
    return counts + 0


@refused("an array of no axes")
def what_may_be_a_number_is_written_to(x):
    loss = x.sum().reshape(())
    other = loss
    other += 1
    return loss + 0


@refused("with out= is not supported")
def joined_into_its_own_parts(v):
    np.concatenate([v[1:], v[:1]], out=v)
    return v


@refused("NumPy rounds what is written")
def numbers_into_filled_integers(x):
    counts = np.full(x.shape, 0)
    counts[0] = x[0]
    return counts


@refused("comparison's result is not written to")
def numbers_into_truths(x):
    mask = x > 0
    mask[0] = 0.5
    return mask


@refused("does not put numbers into a comparison")
def numbers_added_to_truths(x):
    mask = x > 0
    mask *= 2
    return mask


@refused("may not be written to")
def a_broadcast_view_is_written_to(x, u):
    wide = np.broadcast_to(u, x.shape)
    wide += 1
    return wide


@refused("a write to what a mask or labels select")
def zeros_into_selected(x, label):
    s = x[np.arange(len(x)), label]
    s[:] = 0
    return s


@refused("a write to what a mask or labels select")
def copied_into_selected(x, label):
    s = x[np.arange(len(x)), label]
    np.copyto(s, 0.0)
    return s


@refused("two different selections")
def into_what_another_mask_selects(x, y):
    s = x[x > 0]
    s += y[y > 0]
    return s.sum()


@refused("may not be written to")
def the_diagonal_of_any_matrix_is_written_to(k):
    diagonal = np.diag(k)
    diagonal += 1
    return k


@refused("which is caught")
def a_refusal_is_caught(x):
    try:
        many = x.shape[0] > 5
    except Exception:
        many = False
    return x * (3 if many else 1)


@refused("which is caught")
def a_refusal_is_suppressed(x):
    with contextlib.suppress(Exception):
        x = np.arctan(x)
    return x


CAUGHT = [  # what an array or an integer of NumPy's does, and what is without numbers does not
    lambda x: {7: 3.0}[x.shape[0]],
    lambda x: len(np.zeros(3)[: x.shape[0]]),
    lambda x: [0.0] * x.shape[0],
    lambda x: x.shape[0].bit_length(),
    lambda x: x.shape[0] << 1,
    lambda x: divmod(x.shape[0], 2),
    lambda x: round(x.shape[0]) & 1,
    lambda x: f"{x.shape[0]:d}",
    lambda x: np.arange(x.shape[0]).sum(),
    lambda x: np.arange(x.shape[0])[0],
    lambda x: np.arange(x.shape[0]) & 1,
    lambda x: x.flags,
    lambda x: x.flatten("K"),
    lambda x: x << 1,
    lambda x: divmod(x, 2),
    lambda x: f"{x.sum():.3f}",
    lambda x, label: label.max(),
    lambda x, label: label << 1,
    lambda x, label: label[0],
]


@pytest.mark.parametrize("function", CAUGHT)
def test_what_our_arrays_and_sizes_do_not_do_is_a_refusal_also_where_it_is_caught(function):
    with pytest.raises(CodeError, match="which is caught"):
        traced(caught(function), {})


def caught(function):
    """The function as code that goes on otherwise where it cannot be carried out."""
    if inputs_for(function) == ("x",):

        def one(x):
            with contextlib.suppress(Exception):
                return x * 0 if function(x) else x
            return x

        return one

    def two(x, label):
        with contextlib.suppress(Exception):
            return x * 0 if function(x, label) else x
        return x

    return two


def by_numpy(x):
    return x * (3.0 if np.array_equal(np.arange(x.shape[0]), [0, 1, 2]) else 1.0)


def by_numpy_in_a_list(x):
    return x * (3.0 if np.array_equal([x.sum()], [7.0]) else 1.0)


def by_a_thread(x):
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(lambda: x.shape[0] > 5)
        return x * (3.0 if future.exception() is None else 1.0)


def by_another_tracer(x):
    sys.settrace(None)
    with contextlib.suppress(Exception):
        return x * (3.0 if x.shape[0] > 5 else 2.0)
    return x


def by_no_tracer(x):
    sys.settrace(None)
    return x


@pytest.mark.parametrize(
    "function", [by_numpy, by_numpy_in_a_list, by_a_thread, by_another_tracer, by_no_tracer]
)
def test_a_refusal_is_noticed_whoever_catches_it(function):
    with pytest.raises(CodeError):
        traced(function, {})


def test_what_is_asked_for_by_its_type_is_what_it_is_in_numpy():
    def function(x, c):
        n, total, kinds = x.shape[0], x.sum(), {int: 1, float: 2}
        found.append([isinstance(n, int), isinstance(n, float), isinstance(x, np.ndarray | list)])
        found.append([isinstance(total, float), isinstance(total, np.ndarray)])
        found.append([kinds[int], kinds[float], isinstance(3, int), isinstance(c, list)])
        return x

    found = []
    function(np.ones((2, 3)), 1.0)
    traced(function, {})
    assert found[:3] == found[3:]
    with pytest.raises(CodeError, match="depends on whether a number is"):
        traced(lambda x: x if isinstance(x.sum(), np.floating) else -x, {})


def test_what_numpys_arrays_do_not_have_may_be_asked_for():
    traced(lambda x: x if hasattr(x, "detach") or getattr(x, "grad", None) else -x, {})


@refused("does not fit")
def a_larger_array_in_place(x, u):
    u += x
    return u


@pytest.mark.parametrize(("function", "message"), REFUSALS)
def test_what_has_no_meaning_here_is_refused(function, message):
    with pytest.raises(CodeError, match=message) as caught:
        traced(function, {})
    assert "test_trace.py:" in str(caught.value)


def test_what_was_not_written_to_may_be_anything():
    result, trace = traced(lambda x: np.empty_like(x), {})
    assert array_held(result) in trace.random
    rest, _ = traced(empty_with_one_row, {})
    numbers = numbers_at(SIZES) | {"empty": np.full((4, 3), 9.0)} | SIZES
    assert entries(array_held(rest), numbers)[1, 0] == 9


def empty_with_one_row(k):
    out = np.empty_like(k)
    out[0] = k[0]
    return out


def test_random_numbers_are_free():
    def function(x):
        rng = np.random.default_rng(0)
        mask = np.random.rand(*x.shape) < 0.5
        return x * mask + rng.normal(size=x.shape) + np.random.uniform(0, 1, x.shape)

    _, trace = traced(function, {})
    assert len(trace.random) == 3

    def numbers(x):
        import numpy as numpys

        one, two = np.random.normal(0, 3), np.random.standard_normal(4)
        return x * one, two, numpys.random.rand(4)

    result, trace = traced(numbers, {})
    assert [len(array.shape) for array in trace.random] == [0, 1, 1]
    assert len(result) == 3


def test_numpy_is_as_it_was_after_a_trace():
    before = {name: getattr(np, name) for name in (*MADE, *ALWAYS, "sqrt", "pi", "vectorize")}
    call, root = np.vectorize.__call__, math.sqrt
    with pytest.raises(CodeError):
        traced(lambda x: np.arctan(x), {})
    assert all(getattr(np, name) is value for name, value in before.items())
    assert (np.vectorize.__call__, math.sqrt) == (call, root)


def test_what_the_code_binds_stays_and_modules_are_not_touched():
    def function(x):
        global KEPT  # noqa: PLW0603 - as users do
        KEPT = x.shape
        inside.append((np.zeros is Real.zeros, np.random.rand(*x.shape), Real.zeros((2, 2))))
        return np.zeros(x.shape) + math.sqrt(2) * x

    inside = []
    traced(function, {})
    assert repr(globals().pop("KEPT")) == "(n, d)"
    ((replaced, drawn, real),) = inside
    assert not replaced
    assert isinstance(drawn, Traced)
    assert type(real) is np.ndarray
    assert np.zeros is Real.zeros


class Real:
    """NumPy where no name of a module holds it."""

    zeros = staticmethod(np.zeros)


def test_a_maximum_is_another_over_other_axes():
    trace, x = Trace(), Input("x", (Axis("n", "n"), Axis("n", "n")))
    again = Input("x", (Axis("n", "n"), Axis("n", "n")))
    rows = trace.shift(x, (1,))
    assert trace.shift(again, (1,)) is rows
    assert trace.shift(x, (0,)) is not rows
    assert trace.shift(x * x, (1,)) is not rows


@pytest.mark.parametrize(
    "size", [lambda x: x.size, lambda x: 1 * len(x), lambda x: x.shape[0] * x.shape[1] + 0]
)
def test_a_size_times_1_is_a_size(size):
    """So that np.identity(x.size) of a column is one."""
    trace = Trace()
    column = Traced(Input("x", axes(("n", 1))))
    found = run(trace, lambda x: np.identity(size(x)) @ x, given={"x": column})
    assert [axis.size for axis in found.shape_held] == ["n", 1]
