"""Users' code on arrays without numbers: what it computes is what NumPy computes.

Each program runs twice: on random numbers in NumPy, and traced, at sizes that are numbers and at
sizes that are names; the traced terms are evaluated at the same numbers.
"""

from __future__ import annotations

import copy
import math
import warnings
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcheck_sym.array import Array
from gradcheck_sym.array.protocol import NOT_NUMPYS
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.code.shapes import made
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace import labels as labels_module
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.creation import ALWAYS, MADE
from gradcheck_sym.trace.functions import FUNCTIONS
from gradcheck_sym.trace.labels import Labels
from gradcheck_sym.trace.running import run
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
    "l": Labels("n", "d"),
}
SIZES = {"n": 4, "d": 3, "m": 2}
SQUARE = {"n": 3, "d": 3, "m": 3}  # where a wrong axis would not be noticed by its size


def numbers_at(sizes, seed=0):
    """Random arrays; labels are integers."""
    random = np.random.default_rng(seed)
    found = {}
    for name, shape in SHAPES.items():
        if isinstance(shape, Labels):
            found[name] = random.integers(0, sizes[shape.classes], size=sizes[shape.count])
        else:
            found[name] = random.normal(size=[sizes.get(k, k) for k in shape])
    found["c"] = float(found["c"])
    return found


def inputs_for(function):
    code = function.__code__
    return code.co_varnames[: code.co_argcount]


def traced(function, sizes):
    """What the function gives on arrays without numbers: Python's structure, arrays as Traced."""
    trace = Trace()
    given = {}
    for name in inputs_for(function):
        shape = SHAPES[name]
        if isinstance(shape, Labels):
            put = Labels(sizes.get(shape.count, shape.count), sizes.get(shape.classes, shape.classes))
        else:
            put = tuple(sizes.get(k, k) for k in shape)
        given[name] = made(name, put, trace)
    return run(lambda: function(**given), (), trace), trace


def flat(value):
    if isinstance(value, tuple | list):
        return [one for part in value for one in flat(part)]
    return [value]


def known_at(sizes, numbers):
    """What the evaluator is told: labels by their one-hot rows."""
    found = dict(numbers)
    found["l"] = np.eye(sizes["d"])[numbers["l"]]
    found["c"] = np.asarray(numbers["c"])
    return found | sizes


def compare(function, sizes, result, trace, numbers):
    """Assert that each array is what NumPy makes of the same numbers."""
    known = known_at(sizes, numbers)
    for let in trace.lets:
        known[let.name] = entries(let.definition, known)
    given = {name: copy.deepcopy(numbers[name]) for name in inputs_for(function)}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        expected = flat(function(**given))
    found = flat(result)
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        array = one if isinstance(one, Array) else array_held(one)
        values = entries(array, known)
        assert values.shape == np.shape(other)
        np.testing.assert_allclose(values, np.asarray(other, dtype=float), rtol=1e-9, atol=1e-11)


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


def program(function):
    PROGRAMS.append(function)
    return function


PROGRAMS = [
    # Element by element
    lambda x, y: [x + y, x - 2, 3 - x, x * y, x / y, 2 / x, -x, +x, abs(x), x**2, x**-1, 2**x],
    lambda x, y: np.add(x, 1) * np.subtract(2, x) / np.multiply(x, y) - np.divide(x, 4),
    lambda x: [np.power(x, 3), np.negative(x), np.positive(x), np.true_divide(x, 2)],
    lambda x: [np.exp(x), np.tanh(x), np.square(x), np.sqrt(np.abs(x)), np.sinh(x), np.cosh(x)],
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
    # Products
    lambda x, w: [x @ w, np.dot(x, w), x.dot(w), np.matmul(x, w), w.T @ x.T],
    lambda x, u: [x @ u, u @ x.T, u @ u, np.dot(u, u), np.inner(u, u), np.inner(x, x)],
    lambda u, x: [np.outer(u, u), np.outer(u, x[0]), np.dot(2.0, u)],
    lambda t, w: [t @ w, np.matmul(t, w), np.einsum("nmd,dk->nmk", t, w), np.dot(t, w)],
    lambda t: [t @ t.transpose(0, 2, 1), np.matmul(t, t.swapaxes(-1, -2)), t.swapaxes(1, 2) @ t],
    lambda x, y: [np.einsum("ij,ij->i", x, y), np.einsum("ij,kj", x, y), np.einsum("ij->j", x)],
    lambda q: [np.einsum("ii", q), np.einsum("ii->i", q), np.einsum("ba", q), np.trace(q)],
    lambda t, w: [np.einsum("...d,dm->...m", t, w), np.einsum("...d,...d", t, t)],
    lambda t: [np.einsum("n...->...", t), np.einsum("i...j->...ji", t), np.einsum("i...,i...", t, t)],
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
    lambda x: [sum(row.sum() for row in x), len(x) * x[0], [row for row in x]],
    # Movements
    lambda t: [t.T, t.transpose(1, 0, 2), np.transpose(t), np.transpose(t, (2, 0, 1))],
    lambda t: [np.swapaxes(t, 0, 1), np.moveaxis(t, 0, 2), np.rollaxis(t, 2), t.swapaxes(0, -1)],
    lambda x: [x[:, None], x[None], x[..., None], np.expand_dims(x, 0), np.expand_dims(x, (0, 3))],
    lambda x: [np.squeeze(x[:, None], 1), x[None].squeeze(), x[None].squeeze(axis=0)],
    lambda x: [x[0], x[:, 0], x[0, 0], x[0][0], x[:1], x[:, :1], x[..., 0]],
    lambda k: [k[1], k[-1], k[1:3], k[::2], k[::-1], k[:, 1:], k[1:, :-1], k[-2:, ::-1]],
    lambda k: [k[[0, 2]], k[:, [1, 1]], k[np.array([3, 0])], k[[0, 1], [2, 0]], k[range(2)]],
    lambda k: [k[np.arange(4) > 1], k[:, np.array([True, False, True])], k[np.ones((4, 3), bool)]],
    lambda k: [np.flip(k), np.flip(k, 0), np.flipud(k), np.fliplr(k), np.rot90(k), np.roll(k, 1)],
    lambda k: [np.roll(k, 2, axis=0), np.take(k, [2, 0], axis=0), np.take(k, 1), k.take([0, 5])],
    lambda k: [np.repeat(k, 2, axis=0), k.repeat(2), np.tile(k, 2), np.tile(k, (2, 1))],
    lambda x: [np.repeat(x[None], 3, axis=0), np.tile(x[:, None], (1, 2, 1))],
    lambda k, v: [np.concatenate([k, k + 1]), np.concatenate((k, k[:, :1]), axis=1), np.hstack([v, v])],
    lambda k, v: [np.stack([v, 2 * v]), np.stack([v, v], axis=1), np.vstack([v, v, -v])],
    lambda k, v: [np.column_stack([v, k]), np.hstack([k, k]), np.vstack([k, k])],
    lambda x, y: [np.stack([x, y]), np.stack((x, y), axis=-1), np.concatenate([x[None], y[None]])],
    lambda k: [np.split(k, 2), np.split(k, [1, 3]), np.split(k, 3, axis=1), np.array_split(k, 2)],
    lambda e: [e.reshape(6, 4), e.reshape(-1), e.reshape((4, -1)), np.reshape(e, (3, 8)), e.ravel()],
    lambda e: [np.ravel(e), e.flatten(), e.T.reshape(-1), e.transpose(1, 0, 2).reshape(3, 8)],
    lambda t: [t.reshape(t.shape), t[:, None].reshape(t.shape), t.reshape(*t.shape, 1)],
    lambda k: [np.diag(k[:3]), np.diag(k[0]), np.diagonal(k[:3]), k[:3].diagonal(), k[:3].trace()],
    lambda u, q: [np.diag(u), np.diag(q), q.trace(), np.diag(u) @ u],
    lambda k: [np.pad(k, 1), np.pad(k, ((0, 1), (2, 0))), np.pad(k, (1, 2), constant_values=3)],
    lambda x: [np.pad(x[:, :, None], ((0, 0), (0, 0), (1, 1)), mode="constant")],
    lambda k: [np.tril(k), np.triu(k), np.tril(k, -1), np.triu(k, k=1), np.tril(np.ones((3, 3)))],
    lambda k: np.lib.stride_tricks.sliding_window_view(k, (2, 2)),
    lambda x, u: [np.broadcast_to(u, x.shape), np.broadcast_to(u[0], u.shape) + u],
    lambda x: [np.atleast_2d(x[0]), np.atleast_2d(x), np.shape(x[None])[0] * x, np.ndim(x) * x],
    lambda x: [np.size(x) * x, x.size * x, x.shape[0] / x.shape[1] * x, len(x) * x, x / x.size],
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
    # Labels
    lambda x, l: [x[np.arange(len(l)), l], x[range(x.shape[0]), l], np.eye(x.shape[1])[l]],
    lambda x, l: [np.log(np.exp(x)[np.arange(x.shape[0]), l]).sum(), x[np.arange(len(x)), l] * 2],
    lambda w, l: [w[l], (w[l] ** 2).sum(axis=0)],
]  # fmt: skip


@program
def labels_in_place(x, l):
    n = x.shape[0]
    z = x.copy()
    z[np.arange(n), l] -= 1
    h = np.zeros_like(x)
    h[np.arange(n), l] = 1
    g = np.zeros_like(x)
    g[np.arange(n), l] = -x.sum(axis=1)
    p = x.copy()
    p[range(n), l] *= p[range(n), l]
    return z, h, g, p, x


@program
def labels_of_selected(x, l):
    n = len(x)
    s = x[np.arange(n), l]
    margins = np.maximum(0, x - s[:, None] + 1)
    margins[np.arange(n), l] = 0
    return margins, s.reshape(-1, 1), np.expand_dims(s, 1), (s - x[:, 0]) * 2, s / x.sum(axis=1)


@program
def scattered(w, l, x):
    out = np.zeros_like(w)
    np.add.at(out, l, x @ w)
    np.subtract.at(out, l, 1.0)
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
    l = k[np.arange(4) < 2]
    l -= 8
    m = np.tile(k, 1)
    m += 1
    return k, a, b, c, d, e, f, g, h, i, j, l, m


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
        part *= 2
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


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda f: f"{f.__name__}_{f.__code__.co_firstlineno}")
@pytest.mark.parametrize("sizes", [SIZES, SQUARE], ids=["sizes", "square"])
def test_a_program_computes_what_numpy_computes(function, sizes):
    both(function, sizes)


def test_most_programs_run_at_names():
    served = 0
    for function in PROGRAMS:
        try:
            traced(function, {})
        except CodeError:
            continue
        served += 1
    assert served >= 0.4 * len(PROGRAMS)
