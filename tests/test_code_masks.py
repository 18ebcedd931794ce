"""Entries that are left out: triangles at sizes that are names, -np.inf, and conditions on both."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from gradcheck_sym import prove_slope, prove_vjp
from gradcheck_sym.errors import CodeError

ATTENTION = {"q": ("n", "d"), "k": ("n", "d"), "v": ("n", "t")}


def softmax(s):
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def assigned(s):
    mask = np.triu(np.ones(s.shape), 1).astype(bool)
    s[mask] = -np.inf
    return s


def chosen(s):
    return np.where(np.tril(np.ones_like(s)) == 0, -np.inf, s)


def kept(s):
    return np.where(np.tril(np.ones_like(s)).astype(bool), s, float("-inf"))


def attention_with(masked):
    def forward(q, k, v):
        s = q @ k.T / np.sqrt(q.shape[1])
        p = softmax(masked(s))
        return p @ v, (q, k, v, p)

    return forward


def right(dout, cache):
    q, k, v, p = cache
    dp = dout @ v.T
    ds = p * (dp - (dp * p).sum(axis=1, keepdims=True)) / np.sqrt(q.shape[1])
    return ds @ k, ds.T @ q, p.T @ dout


def without_the_sum(dout, cache):
    q, k, v, p = cache
    ds = p * (1 - p) * (dout @ v.T) / np.sqrt(q.shape[1])
    return ds @ k, ds.T @ q, p.T @ dout


class TestCausalAttention:
    def test_right_at_all_sizes(self):
        assert prove_vjp(attention_with(kept), right, timeout=40, **ATTENTION).proved

    @pytest.mark.parametrize("masked", [assigned, chosen, kept])
    def test_each_way_to_leave_entries_out(self, masked):
        def forward(s):
            p = softmax(masked(s))
            return p, p

        def backward(dout, p):
            return p * (dout - (dout * p).sum(axis=1, keepdims=True))

        def without_the_sum(dout, p):
            return p * (1 - p) * dout

        assert prove_vjp(forward, backward, s=("n", "n")).proved
        assert prove_vjp(forward, without_the_sum, s=("n", "n")).refuted

    def test_wrong_by_query_and_key_alone(self):
        report = prove_vjp(attention_with(kept), without_the_sum, timeout=40, **ATTENTION)
        kinds = {part.wrt: part.kind for part in report}
        assert kinds == {"q": "refuted", "k": "refuted", "v": "proved"}
        assert "tril" not in str(report["q"].verdict.counterexample.values)


class TestTriangles:
    SQUARE: ClassVar = {"x": ("n", "n")}

    @pytest.mark.parametrize("name", ["tril", "triu"])
    def test_the_same_triangle_is_the_same(self, name):
        triangle = getattr(np, name)

        def forward(x):
            return triangle(x, 1)

        assert prove_vjp(forward, lambda dout: triangle(dout, 1), **self.SQUARE).proved
        assert prove_vjp(forward, lambda dout: 1 * triangle(dout), **self.SQUARE).refuted
        assert prove_vjp(forward, lambda dout: triangle(dout, 1).T, **self.SQUARE).refuted
        assert prove_vjp(forward, lambda dout: dout, **self.SQUARE).refuted

    def test_a_triangle_is_no_matrix_of_any_zeros_and_ones(self):
        def forward(x):
            return np.tril(x) + np.triu(x, 1)

        assert not prove_vjp(forward, lambda dout: 2 * dout, **self.SQUARE).proved
        report = prove_vjp(forward, lambda dout: dout, **self.SQUARE)
        assert not report.refuted  # true of triangles, and not of any zeros and ones
        assert prove_vjp(forward, lambda dout: dout, x=(3, 3)).proved

    def test_a_condition_that_no_triangle_meets_is_none(self):
        def forward(x):
            corner = np.triu(np.ones_like(x)) * np.tril(np.ones_like(x), -1)  # 0 everywhere
            return x * np.log(corner.sum()), corner

        report = prove_vjp(forward, lambda dout, c: dout * np.log(c.sum()), **self.SQUARE)
        assert not report.proved

    def test_one_and_zero_are_told_apart(self):
        def forward(x):
            low = np.tril(np.ones_like(x))
            return np.where(low == 1, x, 0) + np.where(low != 0, x, 0) + np.where(low < 1, 3 * x, 0)

        def backward(dout):
            low = np.tril(np.ones_like(dout))
            return (3 - low) * dout

        assert prove_vjp(forward, backward, **self.SQUARE).proved
        assert prove_vjp(forward, lambda dout: 2 * dout, **self.SQUARE).refuted


class TestLeftOut:
    TABLE: ClassVar = {"x": ("n", "d")}

    def test_a_sum_over_what_is_left(self):
        def forward(x):
            return np.exp(np.where(x > 0, -np.inf, x)).sum(axis=1), x

        def backward(dout, x):
            return dout[:, None] * np.where(x > 0, 0, np.exp(x))

        assert prove_vjp(forward, backward, **self.TABLE).proved
        assert prove_vjp(forward, lambda dout, x: dout[:, None] * np.exp(x), **self.TABLE).refuted

    @pytest.mark.parametrize(
        "moved",
        [
            lambda z: z + 1 - 1,
            lambda z: 2 * z / 2,
            lambda z: 3 + z - 3,
            lambda z: z - np.max(z, axis=1, keepdims=True) + np.max(z, axis=1, keepdims=True),
        ],
        ids=["plus", "times", "before", "maximum"],
    )
    def test_what_moves_the_numbers_leaves_it_out(self, moved):
        def forward(x):
            return np.exp(moved(np.where(x > 0, -np.inf, x))), x

        assert prove_vjp(
            forward, lambda dout, x: dout * np.where(x > 0, 0, np.exp(x)), **self.TABLE
        ).proved

    def test_in_place(self):
        def forward(x):
            s = x * 1
            s[s > 0] = -np.inf
            s -= 1
            return np.exp(s), x

        right = "dout * np.where(x > 0, 0, np.exp(x - 1))"
        assert prove_vjp(forward, eval(f"lambda dout, x: {right}"), **self.TABLE).proved
        assert prove_vjp(forward, lambda dout, x: dout * np.exp(x - 1), **self.TABLE).refuted

    @pytest.mark.parametrize(
        "used",
        [
            lambda z: -z,
            lambda z: z * z,
            lambda z: z.sum(),
            lambda z: np.exp(-1 * z),
            lambda z: z[0],
            lambda z: np.maximum(z, 0),
            lambda z: z + z,
            lambda z: z.copy(),
            lambda z: z / 0.0,
        ],
    )
    def test_as_a_number_it_is_refused(self, used):
        def forward(x):
            return used(np.where(x > 0, -np.inf, x))

        with pytest.raises(CodeError, match=r"-np\.inf is no number"):
            prove_vjp(forward, lambda dout: dout, **self.TABLE)

    def test_in_place_through_a_view_it_is_refused(self):
        def forward(x):
            s = x.copy()
            view = s[:]
            view += np.where(x > 0, -np.inf, 0)
            return np.exp(s)

        with pytest.raises(CodeError, match=r"-np\.inf in a part of an array"):
            prove_vjp(forward, lambda dout: dout, **self.TABLE)

    def test_a_large_number_is_told(self):
        def forward(x):
            return np.exp(np.where(x > 0, -1e9, x)), x

        report = prove_vjp(forward, lambda dout, x: dout * np.where(x > 0, 0, np.exp(x)), x=("n",))
        assert report.proved
        assert "1000000000 is a number like others: to leave entries out" in str(report)


class TestTruths:
    def test_what_is_not_0_is_true(self):
        def forward(x):
            return np.where(x.astype(bool), x * x, 0.0), x

        assert prove_vjp(forward, lambda dout, x: 2 * x * dout, x=("n",)).proved
        assert prove_vjp(forward, lambda dout, x: dout * x.astype(bool), x=("n",)).refuted
        assert prove_slope(lambda z: z.astype(bool) * 1.0, lambda z: 0 * z, z=("n",)).proved
