"""Arrays over terms: every operation and random compositions of them mean what NumPy means."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcheck_sym import Network
from gradcheck_sym.array import UNIT, Axis, Constant, Input, Let
from gradcheck_sym.array.graph import alike, names, ordered
from gradcheck_sym.array.mask import COMPARISONS, Mask
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.domain import needs
from gradcheck_sym.errors import ArrayError, GradcheckError, ShapeError
from gradcheck_sym.term.terms import Entry, Letter, Pi, Where
from tests.evaluate import entries, value

N, M, D, K = Axis("n", "n"), Axis("m", 3), Axis("d", "d"), Axis("k", 2)
SIZES = {"n": 4, "d": 2}
SHAPES = {
    "x": (N, M),
    "w": (M, D),
    "u": (M,),
    "c": (),
    "one": (UNIT, M),
    "t": (N, M, D),
    "q": (N, N),
    "b": (K, N, M),
}
INPUTS = {name: Input(name, shape) for name, shape in SHAPES.items()}


def known(seed=0):
    random = np.random.default_rng(seed)
    shapes = {n: [SIZES.get(a.size, a.size) for a in s] for n, s in SHAPES.items()}
    return {n: random.normal(size=s) for n, s in shapes.items()} | SIZES


def both(function):
    """What the function makes of our arrays, and of NumPy's."""
    numbers = known()
    with np.errstate(all="ignore"):
        expected = function(**{name: numbers[name] for name in INPUTS})
    return entries(function(**INPUTS), numbers), expected


SAME = [
    lambda x, **_: x + x - 2,
    lambda x, u, **_: 1 - x * u / 4,
    lambda x, c, **_: 2 / (c + x) ** 2,
    lambda x, **_: -x + (+x) ** 3 - abs(x) ** 1.5 + abs(x) ** -0.5,
    lambda x, **_: 2.5**x,
    lambda x, **_: np.exp(x) ** (x / 2),
    lambda x, w, **_: x @ w,
    lambda u, w, **_: u @ w,
    lambda x, u, **_: x @ u,
    lambda u, **_: u @ u,
    lambda t, w, **_: t @ w.T,
    lambda b, w, **_: b @ w,
    lambda b, u, **_: b @ u,
    lambda b, x, **_: x @ np.transpose(b, (0, 2, 1)),
    lambda x, w, **_: np.dot(x, w) + np.matmul(x, w),
    lambda x, w, **_: x.dot(w).T,
    lambda c, x, **_: np.dot(c, x),
    lambda u, **_: np.outer(u, u + 1),
    lambda one, **_: np.outer(one, one.T),
    lambda x, w, **_: np.einsum("ij,jk->ik", x, w),
    lambda x, w, **_: np.einsum("ij, jk -> k", x, w),
    lambda q, **_: np.einsum("ii->i", q) + np.einsum("ii->", q),
    lambda x, u, t, **_: np.einsum("ij,j,ijk->ki", x, u, t),
    lambda t, **_: np.transpose(t),
    lambda t, **_: np.transpose(t, (1, 2, 0)),
    lambda t, **_: t.transpose(2, 0, 1),
    lambda q, **_: np.expand_dims(q, 0) * np.expand_dims(q, -1).T,
    lambda one, **_: np.squeeze(one) + one.squeeze(),
    lambda one, **_: one.squeeze(0),
    lambda x, **_: x.sum(),
    lambda x, **_: np.sum(x, axis=0, keepdims=True) + x.sum(-1, keepdims=True),
    lambda t, **_: np.sum(t, axis=(0, 2)),
    lambda t, **_: t.sum(axis=(0, 2), keepdims=True) - t.mean(1, keepdims=True),
    lambda x, **_: np.mean(x) * x.mean(axis=0),
    lambda x, **_: np.where(x > 0, x, 0),
    lambda x, u, **_: np.where(x <= u, 1 / x, x),
    lambda x, **_: np.where((x > -1) & (x < 1), x, np.sign(x)),
    lambda x, **_: np.where((x < -1) | ~(x < 1), x, 0),
    lambda x, **_: (x > 0) + 0.01 * (x <= 0),
    lambda x, **_: 1 - (x <= 0),
    lambda x, **_: x * ((x > -1) * (x < 1)),
    lambda x, **_: ((x > 1) + (x < 0.5)) * 2.0,
    lambda x, w, **_: (x > 0) @ w,
    lambda x, **_: (x > 0).astype(float) / 3,
    lambda x, **_: np.where(x == x.T.T, 1, 2) + np.where(x != x.sum(), x, 0),
    lambda x, **_: np.maximum(x, 0) - np.minimum(0, x) + np.maximum(0.5, x.T.T),
    lambda x, one, **_: np.clip(x, -0.5, one),
    lambda x, **_: np.sign(x) + np.heaviside(x, 0.5) + np.sign(x - x) + np.heaviside(x - x, 7),
    lambda x, **_: np.exp(x) + np.log(np.abs(x)) + np.tanh(x) + np.sqrt(np.square(x)),
    lambda x, **_: np.add(x, 1) * np.subtract(2, x) / np.multiply(x, x) - np.divide(x, 4),
    lambda x, **_: np.power(x, 3) + np.negative(x) + np.positive(x) + np.true_divide(x, 2),
    lambda x, **_: np.log1p(x * x) + np.expm1(x) - np.logaddexp(x, 1) + np.reciprocal(x),
    lambda x, **_: np.sinh(x) - np.cosh(x),
    lambda x, **_: np.sin(x) + 2 * np.cos(3 * x) - np.tan(x / 2),
    lambda x, **_: np.inner(x, 2 * x),
    lambda u, **_: np.inner(u, u),
    lambda x, **_: np.inner(x, np.expand_dims(2 * x, 0)),
    lambda x, **_: np.ones_like(x) - np.zeros_like(x) * x,
    lambda x, **_: np.float64(0.25) * x * np.int64(2) + np.float32(1),
]


@pytest.mark.parametrize("function", SAME)
def test_an_operation_means_what_numpy_makes_of_it(function):
    found, expected = both(function)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)


UNARY = [
    np.exp,
    np.tanh,
    np.sin,
    np.cos,
    np.abs,
    np.square,
    np.negative,
    np.sign,
    lambda a: a.T,
    lambda a: a.sum(axis=0),
    lambda a: a.mean(axis=-1, keepdims=True),
    np.sum,
    lambda a: np.where(a > 0.3, a, a * 0.1),
    lambda a: 1 / (1 + a * a),
    lambda a: np.clip(a, -1, 1),
]
BINARY = [
    np.add,
    np.multiply,
    np.maximum,
    np.minimum,
    np.matmul,
    np.dot,
    lambda a, b: a - b * (a > b),
    lambda a, b: np.where(a < b, a, b / 2),
]


@st.composite
def compositions(draw, depth=4):
    """A list of steps: each takes arrays that are there and adds one."""
    steps = []
    for _ in range(draw(st.integers(1, depth))):
        kind = draw(st.sampled_from([UNARY, BINARY]))
        function = draw(st.sampled_from(kind))
        steps.append((function, [draw(st.integers(0, 20)) for _ in range(1 + (kind is BINARY))]))
    return steps


def carried_out(steps, arrays):
    """All results: those that do not fit are errors."""
    arrays = list(arrays)
    for function, places in steps:
        arrays.append(function(*(arrays[place % len(arrays)] for place in places)))
    return arrays[-1]


@given(compositions(), st.integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_a_composition_means_what_numpy_makes_of_it_or_is_refused_where_numpy_refuses(steps, seed):
    numbers = known(seed)
    with np.errstate(all="ignore"):
        try:
            expected = np.asarray(carried_out(steps, [numbers[name] for name in INPUTS]))
        except (ValueError, TypeError, AttributeError):  # shapes; axes; of a number
            with pytest.raises(GradcheckError):
                carried_out(steps, INPUTS.values())
            return
    try:
        array = carried_out(steps, INPUTS.values())
    except ShapeError as error:
        if "has no axis" not in str(error):  # NumPy's numbers have axes 0 and -1
            raise
        return
    found = entries(array, numbers)
    assert found.shape == expected.shape
    if np.isfinite(expected).all() and np.abs(expected).max(initial=0) < 1e100:
        np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-8)


X, W, U, Q = INPUTS["x"], INPUTS["w"], INPUTS["u"], INPUTS["q"]
REFUSED = [
    (lambda: bool(X), "the truth of an array is not supported"),
    (lambda: X > 0 or 1, "the truth of an array is not supported"),
    (lambda: max(X, 0), "the truth of an array"),
    (lambda: list(X), "a loop over an array"),
    (lambda: 1 in X, "`in` is not supported"),
    (lambda: X[0], "indexing is not supported"),
    (lambda: float(X), "a conversion to a number"),
    (lambda: range(X), "a conversion to a number"),
    (lambda: round(X), "a conversion to a number"),
    (lambda: len(X), "len is not supported, n is no number"),
    (lambda: len(Constant(Pi())), "a number has no length"),
    (lambda: np.asarray(X), "a conversion to a NumPy array"),
    (lambda: np.array([X, X]), "a conversion to a NumPy array|a loop over"),
    (lambda: np.ones((4, 3)) * X, "ndarray does not go with arrays"),
    (lambda: X + np.ones(3), "ndarray does not go with arrays"),
    (lambda: X + "1", "str does not go with arrays"),
    (lambda: X == None, "NoneType does not go with arrays"),  # noqa: E711
    (lambda: X + True, "True and False are no numbers"),
    (lambda: X * float("nan"), "nan is no real number"),
    (lambda: X % 2, "% is not supported"),
    (lambda: X // 2, "// is not supported"),
    (lambda: X ^ X, r"\^ is not supported"),
    (lambda: X & X, "&, | and ~ combine comparisons"),
    (lambda: ~X, "&, | and ~ combine comparisons"),
    (lambda: (X > 0) - (X < 1), "comparisons belong in np.where"),
    (lambda: np.exp(X > 0), "comparisons belong in np.where"),
    (lambda: np.where(X, 1, 0), "np.where asks a comparison first"),
    (lambda: np.cumsum(X), "np.cumsum is not supported for arrays without numbers; there are np."),
    (lambda: np.linalg.norm(X), "np.norm is not supported"),
    (lambda: np.arctan(X), "np.arctan is not supported"),
    (lambda: np.add.reduce(X), "np.add.reduce is not supported"),
    (lambda: np.exp(X, where=False), "np.exp: "),
    (lambda: np.sum(X, dtype=float), "np.sum: .*dtype"),
    (lambda: X @ X, r"\(n × m=3\) @ \(n × m=3\): the inner sizes differ, m=3 and n need not be"),
    (lambda: X @ 2, "@ multiplies matrices and vectors"),
    (lambda: X + X.T, r"the shapes \(n × m=3\) and \(m=3 × n\) do not broadcast"),
    (lambda: X.sum(2), r"the shape \(n × m=3\) has no axis 2"),
    (lambda: X.squeeze(1), "squeeze: m=3 of"),
    (lambda: X.transpose(0), "transpose: 1 axes given"),
    (lambda: X.transpose(0, 0), "name one of them twice"),
    (lambda: np.outer(X, X), "np.outer would flatten"),
    (lambda: np.einsum("ij,jk", X, W), "write every index"),
    (lambda: np.einsum("ij,ji->i", X, W), "sizes of i differ"),
    (lambda: X / 0, "the divisor is 0 everywhere"),
    (lambda: X**X, "an exponent is an integer or a half"),
    (lambda: X.entry(1), "1 indices given for the shape"),
    (lambda: X.entry(1, 4), "the index 4 is out of the range of m=3"),
    (lambda: X.entry(Letter("i", "m"), 1), "the index i is out of the range of n"),
    (lambda: X.entry(2, 1), "the index 2 is out of the range of n"),
    (lambda: X.__iadd__(1), r"an operation in place is not supported"),
]


@pytest.mark.parametrize(("act", "message"), REFUSED)
def test_what_is_not_supported_is_one_clear_error(act, message):
    with pytest.raises(GradcheckError, match=message):
        act()


def test_an_operation_in_place_is_refused_for_another_name_may_mean_the_array():
    other = X
    with pytest.raises(ArrayError, match="in place"):
        other += 1


def test_sharing_costs_nothing():
    y = X
    for _ in range(20):
        y = y + y
    started = perf_counter()
    term = y.entry(Letter("i", "n"), Letter("l", 3))
    form = Ring().normal(term)
    assert perf_counter() - started < 0.05
    assert list(form.values()) == [2**20]
    z = X
    for _ in range(2000):  # deeper than Python's stack
        z = np.maximum(z, z * 2).T.T
    z.entry(1, 1)


def test_bound_letters_are_new_objects_named_after_their_axes():
    first, second = (X.sum(axis=1).entry(Letter("i", "n")) for _ in range(2))
    assert first.index is not second.index
    assert (first.index.name, first.index.size) == ("l", 3)
    inner = np.exp((Q @ Q).sum()).entry().argument
    assert (inner.index.name, inner.body.index.name) == ("i", "j")


def test_an_axis_of_size_one_has_the_index_one():
    single = Input("a", (Axis("n", 1), UNIT))
    assert single.entry(Letter("i", 1), 1).indices == (1, 1)
    assert isinstance(single.sum().entry(), Entry)


# Names ---------------------------------------------------------------------------------------


def network_of(slope, size="n"):
    x = Input("X", (Axis("n", size), M))
    z = Let("Z", x * slope)
    return Let("A", np.exp(z).sum(axis=1))


def test_equal_definitions_are_taken_for_one_another():
    total = network_of(2) + network_of(2)
    assert list(names(total)) == ["X", "Z", "A"]


@pytest.mark.parametrize("other", [network_of(3), network_of(2, "k"), Input("A", (N,))])
def test_two_meanings_of_a_name_do_not_mix(other):
    """Even where only a definition of a definition differs."""
    with pytest.raises(ArrayError, match="two different arrays are called"):
        names(network_of(2).sum() * other.sum())


def test_names_come_after_those_that_define_them():
    order = ordered(network_of(2))
    places = {id(array): k for k, array in enumerate(order)}
    assert all(places[id(o)] < places[id(a)] for a in order for o in a.operands)


def test_terms_are_alike_but_for_the_letters_of_their_sums():
    i = Letter("i", "n")
    assert alike((X @ W @ W.T).sum(1).entry(i), (X @ W @ W.T).sum(1).entry(i))
    assert not alike((Q @ Q).entry(i, i), (Q @ Q.T).entry(i, i))
    assert not alike(X.entry(i, 1), X.entry(Letter("i", "n"), 1))
    assert not alike((X * 2).entry(i, 1), (X * 3).entry(i, 1))


# Domains -------------------------------------------------------------------------------------


def shown(array):
    places = [Letter(name, axis.size) for name, axis in zip("ij", array.shape, strict=False)]
    numbers = known()
    at = dict.fromkeys(places, 1)
    return [
        (
            float(value(need.u, numbers, at)),
            need.relation,
            [(float(value(u, numbers, at)), yes) for u, yes in need.guards],
        )
        for need in needs(array.entry(*places))
    ]


FIRST = float(known()["x"][0, 0])  # what the domains below speak of


AT, AFTER, BELOW = (FIRST, True), (FIRST, False), (-FIRST, False)


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (X / X, [(FIRST, "≠", [])]),
        (X * 2 / 4, []),
        (np.log(X), [(FIRST, ">", [])]),
        (np.sqrt(X), [(FIRST, "≥", [])]),
        (X**-2, [(FIRST**2, "≠", [])]),
        (X**1.5, [(FIRST, "≥", [])]),
        (X**-1.5, [(FIRST, ">", [])]),
        (2**X, []),
        (0 * np.log(X), [(FIRST, ">", [])]),
        (np.where(X > 0, np.log(X), 1 / X), [(FIRST, ">", [AT]), (FIRST, "≠", [AFTER])]),
        (np.where(X < 0, 0, np.log(X)), [(FIRST, ">", [BELOW])]),
        (np.where(X >= 0, np.sqrt(X), 0), [(FIRST, "≥", [BELOW])]),
        (np.where(X == 0, 1, 1 / X), [(FIRST, "≠", [AT]), (FIRST, "≠", [AFTER, (-FIRST, True)])]),
        (np.where(X != 0, 1, np.log(X)), [(FIRST, ">", [AFTER, BELOW])]),
        (np.where((X > 0) & (X < 1), np.log(X), 0), [(FIRST, ">", [AT, (1 - FIRST, True)])]),
        ((X > 0) * np.log(X), [(FIRST, ">", [])]),
        (np.maximum(1 / X, 0), [(FIRST, "≠", [])]),
    ],
)  # fmt: skip
def test_what_an_array_needs_is_read_off_as_it_is_written(array, expected):
    assert shown(array) == expected


def test_a_domain_is_read_in_time_that_sharing_does_not_multiply():
    y = X
    for _ in range(40):
        y = np.maximum(np.log(y), 1 / y)
    started = perf_counter()
    found = needs(y.entry(1, 1))
    assert perf_counter() - started < 0.5
    assert len(found) == 80


def test_a_branch_that_cannot_be_reached_needs_nothing():
    inner = np.where(X > 0, 1, np.log(X))
    (u,) = {id(t.u) for t in [inner.entry(1, 1)] if isinstance(t, Where)}
    assert u
    term = inner.entry(1, 1)
    assert needs(Where(term.u, term, 1 - term)) != ()
    assert needs(Where(term.u, term, term.u)) == ()


def test_every_row_of_the_table_is_compared_with_numpy():
    source = Path(__file__).read_text(encoding="utf-8").split("UNARY =")[0]
    operators = {ufunc.__name__ for ufunc in (np.positive, np.matmul, np.power)}
    masks = {*COMPARISONS, "logical_and", "logical_or", "logical_not"}
    elsewhere = {*operators, *masks, "absolute", "sigmoid", "erf", "ones", "zeros", "eye"}
    assert {name for name in OPERATIONS if f"np.{name}(" not in source} <= elsewhere
    assert isinstance(X > 0, Mask)


def test_neither_sympy_nor_numpy_is_imported():
    code = (
        "import gradcheck_sym.array.table, gradcheck_sym.domain, sys;"
        "print({'sympy', 'numpy', 'mpmath'} & set(sys.modules))"
    )
    run = [sys.executable, "-c", code]
    found = subprocess.run(run, capture_output=True, text=True, check=True, env=os.environ)
    assert found.stdout.strip() == "set()"


def test_axes_that_are_named_by_an_unknown_label_have_letters_too():
    axes = [Axis(label, 2) for label in ("n", "n", "t", "d_1", "d_2", "m", "k", "k")]
    x = Input("x", tuple(axes))
    term, found = x.sum().entry(), []
    while not isinstance(term, Entry):
        found.append(term.index.name)
        term = term.body
    assert len(set(found)) == len(found)
    assert all(a != b for a, b in pairwise(found))


def test_shapes_that_do_not_fit_are_shape_errors():
    with pytest.raises(ShapeError):
        X + U.T.expand(1)


def test_an_array_says_its_name_its_shape_and_its_general_entry():
    arrays = Network(2, "d", 2, n="n").arrays
    assert repr(arrays["X"]) == "X (n × m=2)"
    assert repr(arrays["A_h"]) == "A_h (n × d): A_h[i,k] = 1/(1 + exp(−Z_h[i,k]))"
    assert (
        repr(arrays["A_h"].T @ arrays["Y"]) == "(d × t=2): each entry = Σ_{i≤n} A_h[i,k] · Y[i,j]"
    )
    assert repr(arrays["J"]).startswith("J = Σ_{i≤n} Σ_{j≤2} ")
