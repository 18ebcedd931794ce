"""Whose gradient is what: by the names that stand in the code, and refused where none tells."""

from __future__ import annotations

import sys
from collections import namedtuple
from copy import deepcopy
from functools import wraps
from types import ModuleType
from typing import ClassVar

import numpy as np
import pytest

from gradcheck_sym import Labels, prove, prove_vjp
from gradcheck_sym.cli import run
from gradcheck_sym.code.pairs import pairs
from gradcheck_sym.code.running import ran_vjp
from gradcheck_sym.errors import CodeError, GradcheckError

X_AND_W = {"x": ("n",), "w": ("n",)}


def product(x, w):
    return x * w, (x, w)


class TestUpstream:
    def test_what_only_looks_like_a_gradient_is_none_after_another(self):
        def forward(x, y):
            diff = x - y
            return diff * diff, (x - y,)

        with pytest.raises(CodeError, match="which parameter is the gradient by the output"):
            prove_vjp(forward, lambda gy, delay: 2 * gy * delay, x=("n",), y=("n",))

    def test_the_first_one_may_be_called_as_it_likes(self):
        def backward(g, saved):
            x, w = saved
            return g * w, g * x

        assert prove_vjp(product, backward, **X_AND_W).proved

    def test_a_context_may_come_first(self):
        def backward(ctx, g):
            x, w = ctx
            return g * w, g * x

        assert prove_vjp(product, backward, **X_AND_W).proved

    def test_gradients_by_outputs_without_names_are_refused(self):
        def forward(x, w):
            h, c = x * w, x + w
            return h * 1, c * 1, (x, w)

        def backward(dh, dc, cache):
            x, w = cache
            return dh * w + dc, dh * x + dc

        with pytest.raises(CodeError, match="dh and dc are gradients by which outputs"):
            prove_vjp(forward, backward, **X_AND_W)


class TestReturned:
    def test_variables_called_after_inputs_need_no_order(self):
        def backward(dout, cache):
            x, w = cache
            dw, dx = dout * x, dout * w
            return dw, dx

        report = prove_vjp(product, backward, **X_AND_W)
        assert report.proved
        assert report["w"].proved

    def test_wrong_under_the_right_name_is_refuted(self):
        def backward(dout, cache):
            x, w = cache
            dw, dx = dout * w, dout * x
            return dw, dx

        report = prove_vjp(product, backward, **X_AND_W)
        assert [part.kind for part in report] == ["refuted", "refuted"]

    def test_one_gradient_may_be_by_a_later_input(self):
        def loss(X, W):  # noqa: N803
            return (X * W * W).sum()

        def grad(X, W):  # noqa: N803
            dW = 2 * X * W  # noqa: N806
            return dW  # noqa: RET504

        report = prove(loss, grad, X=("n",), W=("n",))
        assert [(part.wrt, part.kind) for part in report] == [("W", "proved")]

    def test_some_names_against_the_order_are_refused(self):
        def backward(dout, cache):
            x, w = cache
            dw = dout * x
            return dw, dout * w

        with pytest.raises(CodeError, match="dw, a gradient: by which of x, w"):
            prove_vjp(product, backward, **X_AND_W)

    def test_a_loss_that_returns_both_is_read_as_well(self):
        def loss(x, w):
            dw, dx = x, w
            return (x * w).sum(), (dw, dx)

        assert prove(loss, **X_AND_W).proved

    def test_returns_that_differ_tell_nothing(self):
        def backward(dout, cache):
            x, w = cache
            dx, dw = dout * x, dout * w
            if x is None:
                return dx, dw
            return dw, dx

        assert prove_vjp(product, backward, **X_AND_W).proved


class TestLayers:
    class Scale:
        def __init__(self, d):
            self.beta, self.gamma = np.zeros(d), np.ones(d)
            self.running_mean = np.zeros(d)

        def forward(self, x):
            self.x = x
            self.running_mean = 0.9 * self.running_mean + 0.1 * x.mean(axis=0)
            return self.gamma * x * x + self.beta * 3

    def test_weights_in_a_tuple_are_told_by_their_names(self):
        class Right(self.Scale):
            def backward(self, dout):
                dx = dout * self.gamma * 2 * self.x
                dgamma = (dout * self.x**2).sum(axis=0)
                dbeta = 3 * dout.sum(axis=0)
                return dx, dgamma, dbeta

        class Wrong(self.Scale):
            def backward(self, dout):
                dx = dout * self.gamma * 2 * self.x
                dbeta = (dout * self.x**2).sum(axis=0)
                dgamma = 3 * dout.sum(axis=0)
                return dx, dbeta, dgamma

        assert prove_vjp(Right, d="d", x=("n", "d")).proved
        report = prove_vjp(Wrong, d="d", x=("n", "d"))
        kinds = {part.wrt: part.kind for part in report}
        assert kinds == {"x": "proved", "gamma": "refuted", "beta": "refuted"}

    def test_weights_in_a_tuple_without_names_are_refused(self):
        class Unnamed(self.Scale):
            def backward(self, dout):
                dx = dout * self.gamma * 2 * self.x
                return dx, (dout * self.x**2).sum(axis=0), 3 * dout.sum(axis=0)

        with pytest.raises(CodeError, match="dx, a gradient, a gradient: by which of"):
            prove_vjp(Unnamed, d="d", x=("n", "d"))


class TestCalledAgain:
    def test_what_the_first_call_sets_is_no_weight(self):
        class ActNorm:
            def __init__(self, d):
                self.b, self.is_set = np.zeros(d), False

            def forward(self, x):
                if not self.is_set:
                    self.b, self.is_set = -x.mean(axis=0), True
                self.x = x
                return x * x + self.b

            def backward(self, dout):
                return 2 * self.x * dout - dout.mean(axis=0)

        with pytest.raises(CodeError, match="forward computes something else when it is called"):
            prove_vjp(ActNorm, d="d", x=("n", "d"))

    def test_an_object_that_counts_is_refused(self):
        class Counting:
            def __init__(self):
                self.calls = 0

            def forward(self, x):
                self.calls += 1
                return x * self.calls

            def backward(self, dout):
                return dout * self.calls

        with pytest.raises(CodeError, match="forward computes something else when it is called"):
            prove_vjp(Counting, x=("n",))

    def test_an_object_that_remembers_is_refused(self):
        class Memo:
            def __init__(self):
                self.known = None

            def forward(self, x):
                if self.known is None:
                    self.x, self.known = x, x * x
                return self.known

            def backward(self, dout):
                return 2 * dout * self.x

        with pytest.raises(CodeError, match="forward computes something else when it is called"):
            prove_vjp(Memo, x=("n",))

    def test_statistics_that_run_along_do_not_matter(self):
        class Centred:
            def __init__(self, d):
                self.running_mean = np.zeros(d)

            def forward(self, x):
                mean = x.mean(axis=0)
                self.running_mean = 0.9 * self.running_mean + 0.1 * mean
                return x - mean

            def backward(self, dout):
                return dout - dout.mean(axis=0)

        assert prove_vjp(Centred, d="d", x=("n", "d"))["x"].proved

    def test_masks_that_are_drawn_each_time_do_not_matter(self):
        class Dropout:
            def forward(self, x):
                self.mask = (np.random.rand(*x.shape) < 0.5) / 0.5
                return x * self.mask

            def backward(self, dout):
                return dout * self.mask

        assert prove_vjp(Dropout, x=("n", "d")).proved


class TestGenerators:
    def test_a_copy_draws_the_same(self):
        def forward(x):
            rng = np.random.default_rng(0)
            again = deepcopy(rng)
            return x * rng.random(x.shape), again

        def backward(dout, again):
            return dout * again.random(dout.shape)

        def drawn_twice(dout, again):
            again.random(dout.shape)
            return dout * again.random(dout.shape)

        assert prove_vjp(forward, backward, x=("n",)).proved
        assert not prove_vjp(forward, drawn_twice, x=("n",)).proved

    def test_other_types_draw_other_numbers(self):
        def forward(x):
            return x * np.random.default_rng(0).random(x.shape)

        def backward(dout):
            return dout * np.random.default_rng(0).random(dout.shape, dtype=np.float32)

        with pytest.raises(CodeError, match="two generators of one seed draw otherwise"):
            prove_vjp(forward, backward, x=("n",))

    def test_a_truth_is_a_seed(self):
        def forward(x):
            return x * np.random.default_rng(1).random(x.shape)

        def backward(dout):
            return dout * np.random.default_rng(True).random(dout.shape)

        assert prove_vjp(forward, backward, x=("n",)).proved

    def test_two_of_one_seed_that_may_draw_the_same_refute_nothing(self):
        class Twice:
            def __init__(self, d):
                self.first, self.second = np.random.default_rng(0), np.random.default_rng(0)

            def forward(self, x):
                return x * self.first.random(x.shape)

            def backward(self, dout):
                return dout * self.second.random(dout.shape)

        class Forgets(Twice):
            def backward(self, dout):
                return dout

        assert prove_vjp(Twice, d="d", x=("d",))["x"].kind == "undecided"
        assert prove_vjp(Forgets, d="d", x=("d",))["x"].kind == "refuted"


class TestPairs:
    def found(self, text):
        module = ModuleType("layers")
        exec(text, module.__dict__)
        return [(pair.name, pair.first.__name__) for pair in pairs(module)]

    def test_a_gradient_belongs_to_the_loss_of_its_name(self):
        text = "\n".join(
            f"def {name}(w): return w" for name in ("loss", "data_grad", "reg_grad", "reg_loss")
        )
        assert self.found(text) == [("reg", "reg_loss")]

    def test_the_loss_and_the_gradient_belong_together(self):
        text = "def compute_cost(w): return w\ndef compute_gradient(w): return w"
        assert self.found(text) == [("compute_gradient", "compute_cost")]


def by_list(dout, cache):
    x, w = cache
    dw, dx = dout * x, dout * w
    return [dw, dx]


def by_variable(dout, cache):
    x, w = cache
    dw, dx = dout * x, dout * w
    both = dw, dx
    return both  # noqa: RET504


def by_several_returns(dout, cache):
    x, w = cache
    dw, dx = dout * x, dout * w
    if x.ndim == 2:
        return dw, dx
    return dw, dx.copy()


class TestReadOtherwise:
    @pytest.mark.parametrize("backward", [by_list, by_variable, by_several_returns])
    def test_names_count_in_lists_variables_and_several_returns(self, backward):
        assert prove_vjp(product, backward, **X_AND_W).proved

    def test_what_a_decorator_returns_has_no_names(self):
        def swapped(function):
            @wraps(function)
            def inner(dout, cache):
                first, second = function(dout, cache)
                return second, first

            return inner

        @swapped
        def backward(dout, cache):
            x, w = cache
            dx, dw = dout * w, dout * x
            return dw, dx

        report = prove_vjp(product, backward, **X_AND_W)
        assert report.proved
        assert "what is returned is taken for the gradients by x, w" in str(report)

    def test_one_gradient_for_two_inputs_goes_by_the_order(self):
        def backward(dout, cache):
            dx = dout * cache[1]
            return dx, dx.copy()

        report = prove_vjp(product, backward, **X_AND_W)
        assert [part.kind for part in report] == ["proved", "refuted"]

    def test_the_diagonal_of_a_triangle_is_a_number(self):
        with pytest.raises(CodeError, match="give k a number"):
            prove_vjp(lambda x: np.triu(x, k=len(x)), lambda dout: 0 * dout, x=("n", "n"))


class TestOfMethods:
    class Square:
        def forward(self, pred, y):
            self.pred, self.y = pred, y
            return ((pred - y) ** 2).sum()

    SHAPES: ClassVar = {"pred": ("n",), "y": ("n",)}

    def test_inputs_are_passed_by_their_names(self):
        class Right(self.Square):
            def backward(self, y):
                return 2 * (self.pred - y)

        class Both(self.Square):
            def backward(self, pred, y):
                return 2 * (pred - y)

        class Wrong(self.Square):
            def backward(self, y):
                return self.pred - y

        assert prove_vjp(Right, **self.SHAPES).proved
        assert prove_vjp(Both, **self.SHAPES).proved
        assert prove_vjp(Wrong, **self.SHAPES).refuted

    def test_a_number_of_its_own_is_no_upstream_gradient(self):
        class Steps(self.Square):
            def backward(self, lr=0.1):
                return 2 * (self.pred - self.y) * lr

        report = prove_vjp(Steps, **self.SHAPES)
        assert report.refuted
        assert "lr = 0.1" in str(report)

    def test_nor_does_it_take_the_cache(self):
        def forward(pred, y):
            return (pred - y) ** 2, pred - y

        def backward(dout, lr=0.1):
            return 2 * dout * lr

        with pytest.raises(CodeError, match="takes no parameter for what forward returns"):
            prove_vjp(forward, backward, **self.SHAPES)

    def test_what_is_unknown_is_refused(self):
        class Unknown(self.Square):
            def backward(self, dout, scale):
                return 2 * (self.pred - self.y) * dout * scale

        with pytest.raises(CodeError, match="what scale is, is not known"):
            prove_vjp(Unknown, **self.SHAPES)

    def test_another_name_for_the_upstream_gradient_is_told(self):
        class Weighted(self.Square):
            def backward(self, scale):
                return 2 * (self.pred - self.y) * scale

        with pytest.raises(CodeError, match="is scale the gradient by the loss"):
            prove_vjp(Weighted, **self.SHAPES)

        class Entrywise(self.Square):
            def forward(self, pred, y):
                self.pred, self.y = pred, y
                return (pred - y) ** 2

            backward = Weighted.backward

        report = prove_vjp(Entrywise, **self.SHAPES)
        assert report.proved
        assert "scale is taken for the gradient by the output" in str(report)

    def test_what_is_returned_for_a_weight_is_what_its_attribute_holds(self):
        class Bias:
            def __init__(self, d):
                self.b = np.zeros(d)

            def forward(self, x):
                return x + self.b

            def backward(self, dout):
                self.db = dout.sum(axis=0)
                return dout, self.db

        class Twice(Bias):
            def backward(self, dout):
                dx, db = super().backward(dout)
                self.db = 2 * db
                return dx, db

        assert prove_vjp(Bias, d="d", x=("n", "d")).proved
        with pytest.raises(CodeError, match=r"may be \.db or what is returned"):
            prove_vjp(Twice, d="d", x=("n", "d"))

    def test_a_forward_that_does_not_run_again_is_refused(self):
        class Once:
            def __init__(self):
                self.ran = False

            def forward(self, x):
                out = x * np.argmax(x) if self.ran else 2 * x
                self.ran = True
                return out

            def backward(self, dout):
                return 2 * dout

        with pytest.raises(CodeError, match="after a step with other inputs"):
            prove_vjp(Once, x=("n",))


def test_a_slope_for_a_fixed_maximum_refutes_nothing():
    def forward(x):
        keep = np.random.rand(x.shape[0]) < 0.5
        return x.max(axis=1) * keep, (x, keep)

    def backward(dout, cache):
        x, keep = cache
        return (dout * keep)[:, None] * (x == x.max(axis=1, keepdims=True))

    assert not prove_vjp(forward, backward, x=("n", "d")).refuted


def test_rows_of_which_nothing_is_left_are_left_out_by_a_condition():
    def forward(x, a):
        keep = np.random.rand(x.shape[0]) < 0.5
        s = np.where(a[:, None] > -5, x, -np.inf)
        return np.maximum(s.max(axis=1), 0) * keep, (x, keep)

    def backward(dout, cache):
        x, keep = cache
        return {"x": (dout * keep)[:, None] * (x > 0)}

    report = prove_vjp(forward, backward, x=("n", 1), a=("n",))
    assert "5 + a[i] > 0" in str(report)


class TestStale:
    def test_what_backward_keeps_of_the_first_call_is_found(self):
        class Square:
            def __init__(self):
                self.x = None

            def forward(self, x):
                if self.x is None:
                    self.x = x
                return x**2

            def backward(self, dout):
                return 2 * dout * self.x

        with pytest.raises(CodeError, match="another gradient by x after a step with other inputs"):
            prove_vjp(Square, x=("n", "d"))

    def test_gradients_that_are_added_up_are_no_such_thing(self):
        class Dense:
            def __init__(self, d, t):
                self.W, self.dW = np.ones((d, t)), np.zeros((d, t))

            def forward(self, x):
                self.x = x
                return np.tanh(x @ self.W)

            def backward(self, dout):
                dz = dout * (1 - np.tanh(self.x @ self.W) ** 2)
                dW = self.x.T @ dz  # noqa: N806
                self.dW += dW
                return dz @ self.W.T

        assert prove_vjp(Dense, d="d", t="t", x=("n", "d")).proved


class TestFixedMaxima:
    def test_nothing_is_said_of_the_slope_for_a_fixed_maximum(self):
        report = prove_vjp(
            lambda x: x - x.max(axis=1, keepdims=True), lambda dout: 2 * dout, x=("n", "d")
        )
        assert report.refuted
        assert report["x"].diagnosis is None
        assert "∂L/∂x[1,1] = 1, and 2" not in str(report)

    def test_conditions_hold_of_numbers_that_are_drawn_and_of_maxima_at_once(self):
        def forward(x):
            r = np.random.rand(x.shape[0])[:, None]
            u = x - x.max(axis=1, keepdims=True) + np.maximum(r - 1, 0)
            return np.where(u < 0, x, 2 * x) + 1e9, u

        def backward(dout, u):
            return np.where(u <= 0, dout, 2 * dout)

        assert not prove_vjp(forward, backward, x=("n", "d")).proved


def test_what_is_written_over_is_nothing_random():
    def forward(x):
        s = np.empty_like(x)
        s[...] = np.where(x > 5, 0.0, x)
        return s, s

    assert not ran_vjp(forward, lambda dout, s: dout, {"x": ("n",)}).is_random

    def drawn(x):
        return x * np.random.rand(*x.shape)

    assert ran_vjp(drawn, lambda dout: dout, {"x": ("n",)}).is_random


class TestBesideALoss:
    def test_what_is_returned_beside_it_goes_by_its_name(self):
        def forward(z, y):
            p = 1 / (1 + np.exp(-z))
            return -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum(), p

        shapes = {"z": ("n",), "y": ("n",)}
        assert prove_vjp(forward, lambda p, y: p - y, **shapes).proved
        assert prove_vjp(forward, lambda p, y: y - p, **shapes).refuted

    def test_also_alone(self):
        def forward(x, y):
            diff = x - y
            return (diff**2).sum(), diff

        shapes = {"x": ("n",), "y": ("n",)}
        assert prove_vjp(forward, lambda diff: 2 * diff, **shapes).proved

    def test_it_is_no_upstream_gradient(self):
        def forward(x):
            p = 1 / (1 + np.exp(-x))
            return p.sum(), p

        def backward(p, x):
            q = 1 / (1 + np.exp(-x))
            return p * q * (1 - q)

        assert prove_vjp(forward, backward, x=("n",)).refuted


class TestOfLosses:
    def test_lists_and_variables_beside_a_loss(self):
        def in_a_list(x, w):
            dw, dx = x, w
            return (x * w).sum(), [dw, dx]

        def in_a_variable(x, w):
            dw, dx = x, w
            grads = (dw, dx)
            return (x * w).sum(), grads

        def short(x, w):
            gw, gx = x, w
            return (x * w).sum(), gw, gx

        for loss in (in_a_list, in_a_variable, short):
            assert prove(loss, **X_AND_W).proved

    def test_a_gradient_by_what_is_taken_alone_needs_a_name(self):
        def loss(x, w):
            return (w**2).sum() + x.sum()

        def named(w):
            dw = 2 * w
            return dw  # noqa: RET504

        with pytest.raises(CodeError, match="takes w alone: is what it returns the gradient by x"):
            prove(loss, lambda w: 2 * w, **X_AND_W)
        assert prove(loss, named, **X_AND_W).proved

    def test_arrays_of_several_shapes_are_none(self):
        def backward(dout, x):
            return {"x": [dout, dout.sum()]}

        with pytest.raises(GradcheckError, match=r"np\.stack: all input arrays must have the same"):
            prove_vjp(lambda x: x * 2, backward, x=("n",))


class TestContainers:
    def test_a_list_that_is_changed_has_no_names(self):
        def backward(dout, cache):
            x, w = cache
            dw, dx = dout * x, dout * w
            grads = [dw, dx]
            grads.reverse()
            return grads

        report = prove_vjp(product, backward, **X_AND_W)
        assert report.proved
        assert "what is returned is taken for the gradients by x, w" in str(report)

    def test_the_fields_of_a_named_tuple_are_names(self):
        gradients = namedtuple("gradients", "dw dx")

        def backward(dout, cache):
            x, w = cache
            return gradients(dw=dout * x, dx=dout * w)

        def crossed(dout, cache):
            x, w = cache
            return gradients(dw=dout * w, dx=dout * x)

        assert prove_vjp(product, backward, **X_AND_W).proved
        assert prove_vjp(product, crossed, **X_AND_W)["x"].kind == "refuted"

    def test_lists_of_weights_and_of_gradients_go_by_their_numbers(self):
        class Affine:
            def __init__(self, W, b):  # noqa: N803
                self.params = [W, b]
                self.grads = [np.zeros_like(W), np.zeros_like(b)]

            def forward(self, x):
                W, b = self.params  # noqa: N806
                self.x = x
                return np.dot(x, W) + b

            def backward(self, dout):
                W, _ = self.params  # noqa: N806
                self.grads[0][...] = np.dot(self.x.T, dout)
                self.grads[1][...] = dout.sum(axis=0)
                return np.dot(dout, W.T)

        class Mean(Affine):
            def backward(self, dout):
                dx = super().backward(dout)
                self.grads[1][...] = dout.mean(axis=0)
                return dx

        shapes = {"x": ("n", "d"), "W": ("d", "t"), "b": ("t",)}
        assert prove_vjp(Affine, **shapes).proved
        kinds = {part.wrt: part.kind for part in prove_vjp(Mean, **shapes)}
        assert kinds == {"x": "proved", "W": "proved", "b": "refuted"}


def test_attributes_and_keys_are_names():
    class Mul:
        def forward(self, a, b):
            self.a, self.b = a, b
            return a * b

        def backward(self, dout):
            self.da, self.db = dout * self.b, dout * self.a
            return self.db, self.da

    def backward(dout, cache):
        x, w = cache
        grads = {"dw": dout * x, "dx": dout * w}
        return grads["dw"], grads["dx"]

    assert prove_vjp(Mul, a=("n",), b=("n",)).proved
    assert prove_vjp(product, backward, **X_AND_W).proved


def test_names_of_one_return_are_not_those_of_another():
    def backward(dout, cache):
        x, w = cache
        gx, gw = dout * w, dout * x
        if x.ndim == 0:
            dw, dx = gx, gw
            return dw, dx
        return gx * 1, gw * 1

    report = prove_vjp(product, backward, **X_AND_W)
    assert report.proved
    assert "what is returned is taken for the gradients by x, w" in str(report)


def test_classes_for_others_to_be_made_of_are_no_pairs(tmp_path, capsys):
    path = tmp_path / "layers.py"
    path.write_text(
        "from abc import ABC, abstractmethod\n"
        "class Layer(ABC):\n"
        "    @abstractmethod\n"
        "    def forward(self, x): ...\n"
        "    @abstractmethod\n"
        "    def backward(self, dout): ...\n"
        "class Base:\n"
        "    def forward(self, x):\n"
        '        """For others."""\n'
        "        raise NotImplementedError\n"
        "    def backward(self, dout): raise NotImplementedError\n"
        "class Twice(Layer):\n"
        "    def forward(self, x): return 2 * x\n"
        "    def backward(self, dout): return 2 * dout\n"
    )
    assert run(["--code", str(path), "--shape", "x=n,"]) == 0
    assert "1 of 1 gradient proved" in capsys.readouterr().out


OTHERS = """
import functools
import numpy as np
from numpy import tanh
from cubes_of_others import cube_forward, fourth_backward

def tanh_backward(dout, x):
    return dout * (1 - np.tanh(x))

relu_forward = functools.partial(np.maximum, 0)

def relu_backward(dout, x):
    return dout

def square_forward(x):
    return x**2, x

@functools.lru_cache
def square_backward(dout, x):
    return dout * x

def cube_backward(dout, x):
    return 3 * dout * x**2

def fourth_forward(x):
    return x**4, x
"""


class TestFunctionsOfOthers:
    @pytest.fixture
    def path(self, tmp_path):
        (tmp_path / "cubes_of_others.py").write_text(
            "def cube_forward(x):\n    return x**3, x\n"
            "def fourth_backward(dout, x):\n    return dout * x**3\n"
        )
        found = tmp_path / "mine.py"
        found.write_text(OTHERS)
        return found

    def test_pairs_that_cannot_be_read_are_said(self, path, capsys):
        assert run(["--code", str(path), "--shape", "x=n"]) == 1
        said = capsys.readouterr()
        assert "cube_backward (mine.py:22), x (n)\n  x  ✔ proved" in said.out
        assert "fourth_backward (cubes_of_others.py:3), x (n)\n  x  ✘ refuted" in said.out
        for name, called in [
            ("tanh", "tanh"),
            ("relu", "relu_forward"),
            ("square", "square_backward"),
        ]:
            assert f"not checked: {name}: {called} is no function of yours that can be" in said.err

    def test_one_that_is_asked_for_is_an_error(self, path, capsys):
        assert run(["--code", f"{path}:relu", "--shape", "x=n"]) == 2
        assert "relu_forward is no function of yours" in capsys.readouterr().err
        assert run(["--code", f"{path}:cube", "--shape", "x=n"]) == 0


class TestReturnedByObjects:
    class Two:
        def __init__(self, d):
            self.beta, self.gamma = np.zeros(d), np.ones(d)

        def forward(self, x):
            self.x = x
            return self.gamma * x + self.beta

    def test_lists_are_read_as_tuples_are(self):
        class Layer(self.Two):
            def backward(self, dout):
                dx = dout * self.gamma
                dgamma, dbeta = (dout * self.x).sum(axis=0), dout.sum(axis=0)
                return [dx, dgamma, dbeta]

        assert prove_vjp(Layer, d="d", x=("n", "d")).proved

    def test_none_stands_for_no_weight(self):
        class Layer(self.Two):
            def backward(self, dout):
                self.dgamma, self.dbeta = (dout * self.x).sum(axis=0), dout.sum(axis=0)
                return dout * self.gamma, None

        assert prove_vjp(Layer, d="d", x=("n", "d")).proved

    def test_keys_may_be_texts_of_any_kind(self):
        class Layer(self.Two):
            def backward(self, dout):
                self.dgamma, self.dbeta = (dout * self.x).sum(axis=0), dout.sum(axis=0)
                return {np.str_("dx"): dout * self.gamma}

        assert prove_vjp(Layer, d="d", x=("n", "d")).proved

    def test_what_is_stale_at_some_entry_is_found(self):
        class First:
            def __init__(self):
                self.kept = None

            def forward(self, x):
                if self.kept is None:
                    self.kept = x
                self.x = x
                return x**2

            def backward(self, dout):
                dx = 2 * dout * self.x
                dx[-1] = 2 * dout[-1] * self.kept[-1]
                return dx

        with pytest.raises(CodeError, match="another gradient by x after a step with other inputs"):
            prove_vjp(First, x=(3, 2))


_memo = {}


def _loss_by_identity(w, x):
    if _memo.get("of") is not w:
        _memo["of"], _memo["value"] = w, np.exp(w)
    return (_memo["value"] * x).sum()


def _loss_by_id(w, x):
    if id(w) not in _memo:
        _memo[id(w)] = np.exp(w)
    return (_memo[id(w)] * x).sum()


def _loss_of_its_own(w, x):
    _memo["last"] = np.exp(w)
    return (_memo["last"] * x).sum()


class TestTheSameArrayWithOtherNumbers:
    """A batch that is loaded into an array: what is remembered of the object is of the last one."""

    class Remembers:
        def __init__(self, d):
            self.W, self.x = np.zeros(d), None

        def forward(self, x):
            if x is not self.x:
                self.x, self.h = x, np.tanh(x)
            return self.h * self.W

        def backward(self, dout):
            self.dW = (dout * self.h).sum(0)
            return dout * self.W * (1 - self.h**2)

    class Forgets(Remembers):
        def forward(self, x):
            self.x, self.h = x, np.tanh(x)
            return self.h * self.W

    class OfLabels:
        def __init__(self, d):
            self.W, self.y = np.zeros((d, 3)), None

        def loss(self, X, y):  # noqa: N803
            if self.y != id(y):
                self.y, self.picked = id(y), np.eye(3)[y]
            return ((X @ self.W) * self.picked).sum(), {"W": X.T @ self.picked}

    def test_objects(self):
        with pytest.raises(CodeError, match=r"computes something else when it is called again"):
            prove_vjp(self.Remembers, d="d", x=("n", "d"))
        assert prove_vjp(self.Forgets, d="d", x=("n", "d")).proved

    def test_labels(self):
        with pytest.raises(CodeError, match=r"computes something else when it is called again"):
            prove(self.OfLabels, d="d", X=("n", "d"), y=Labels("n", 3))

    @pytest.mark.parametrize("loss", [_loss_by_identity, _loss_by_id])
    def test_functions(self, loss):
        with pytest.raises(CodeError, match="after it was called with other inputs"):
            prove(loss, lambda w, x: np.exp(w) * x, w=("d",), x=("d",))

    @pytest.mark.parametrize(
        "text",
        [
            "last = {}\n"
            "def grad(w, x):\n"
            "    g = 2 * x.T @ (x @ w)\n"
            "    if last.get('w') is w and last.get('x') is not x:\n"
            "        g = g + 0.9 * last['g']\n"
            "    last.update(w=w, x=x, g=g)\n"
            "    return g\n",
            "last = {}\n"
            "def grad(w, x):\n"
            "    if last.get('x') is not x:\n"
            "        last.update(x=x, gram=x.T @ x, w=w)\n"
            "    elif last['w'] is not w:\n"
            "        return 2 * last['gram'] @ last['w']\n"
            "    return 2 * x.T @ (x @ w)\n",
            "import kept_elsewhere as store\n"
            "def grad(w, x):\n"
            "    g = 2 * x.T @ (x @ w)\n"
            "    if store.kept.get('w') is w:\n"
            "        g = g + 0.9 * store.kept['v']\n"
            "    store.kept.update(w=w, v=g)\n"
            "    return g\n",
            "import functools\n"
            "@functools.cache\n"
            "def state():\n"
            "    return {}\n"
            "def grad(w, x):\n"
            "    s = state()\n"
            "    if s.get('x') is not x:\n"
            "        s.update(x=x, gram=x.T @ x)\n"
            "    return 2 * s['gram'] @ w\n",
            "import functools\n"
            "def of(store, x):\n"
            "    if store.get('x') is not x:\n"
            "        store.update(x=x, gram=x.T @ x)\n"
            "    return store['gram']\n"
            "gram = functools.partial(of, {})\n"
            "def grad(w, x):\n"
            "    return 2 * gram(x) @ w\n",
            "put, get = (lambda d: (d.__setitem__, d.get))({})\n"
            "def grad(w, x):\n"
            "    if get('x') is not x:\n"
            "        put('x', x)\n"
            "        put('gram', x.T @ x)\n"
            "    return 2 * get('gram') @ w\n",
        ],
    )
    def test_functions_with_a_store(self, tmp_path, monkeypatch, capsys, text):
        (tmp_path / "kept_elsewhere.py").write_text("kept = {}\n")
        monkeypatch.delitem(sys.modules, "kept_elsewhere", raising=False)
        path = tmp_path / "with_a_store.py"
        path.write_text(f"{text}def loss(w, x):\n    return ((x @ w) ** 2).sum()\n")
        assert run(["--code", str(path), "--shape", "w=d,", "--shape", "x=n,d"]) == 2
        assert "after it was called with other inputs" in capsys.readouterr().err

    def test_gradients_by_outputs(self):
        class Sums(self.Forgets):
            dout = None

            def backward(self, dout):
                if dout is not self.dout:
                    self.dout, self.total = dout, (dout * self.h).sum(0)
                self.dW = self.total
                return dout * self.W * (1 - self.h**2)

        with pytest.raises(CodeError, match="gives another gradient by W after a step"):
            prove_vjp(Sums, d="d", x=("n", "d"))

    def test_gradients_by_outputs_of_functions(self):
        kept = {}

        def backward(dout):
            if kept.get("dout") is not dout:
                kept["dout"], kept["db"] = dout, dout.sum(axis=0)
            return dout, kept["db"]

        with pytest.raises(CodeError, match="after it was called with other inputs"):
            prove_vjp(lambda x, b: x + b, backward, x=("n", "d"), b=("d",))

    def test_a_function_that_computes_it_anew(self):
        gradient = lambda w, x: np.exp(w) * x  # noqa: E731
        assert prove(_loss_of_its_own, gradient, w=("d",), x=("d",)).proved


HIDDEN = """
import numpy as np
from decorators_of_mine import hiding, keeping

@hiding
def square_forward(x):
    return x**2, x

@hiding
def square_backward(dout, x):
    return dout * x

@keeping
def cube_forward(x):
    return x**3, x

@keeping
def cube_backward(dout, x):
    return 3 * dout * x**2

def half_loss(x):
    loss = np.sum(x**2) / 2
    out = (loss, x)
    return out

class Third:
    def __call__(self, x):
        self.x = x
        return x**3
    def backward(self, dout):
        return self.x**2 * dout
"""
DECORATORS = """
def hiding(function):
    def inner(*args, **options):
        return function(*args, **options)
    return inner

def keeping(function):
    def inner(x, *args):
        return function(x, *args)
    return inner if "forward" in function.__name__ else lambda dout, x: function(dout, x)
"""


def test_no_pair_is_passed_over_in_silence(tmp_path, capsys):
    (tmp_path / "decorators_of_mine.py").write_text(DECORATORS)
    path = tmp_path / "hidden.py"
    path.write_text(HIDDEN)
    assert run(["--code", str(path), "--shape", "x=n"]) == 1
    said = capsys.readouterr()
    assert "square: square_forward has no parameters with names: name them, or put" in said.err
    assert said.err.count("\n") == 1
    assert said.out.count("x  ✔ proved") == 2
    assert "half_loss (hidden.py:" in said.out
    assert "Third (hidden.py:" in said.out
    assert "2 of 3 pairs proved; not: Third" in said.out


def test_a_class_that_is_called_keeps_its_weights():
    class Scaled:
        def __init__(self):
            self.w = np.ones(3)

        def __call__(self, x):
            self.x = x
            return self.w * x

        def backward(self, dout):
            self.dw = 2 * (dout * self.x).sum(axis=0)
            return self.w * dout

    for layer in (Scaled, Scaled()):
        report = prove_vjp(layer, x=("n", 3))
        assert [part.kind for part in report] == ["proved", "refuted"]


TWO_LAYERS = {"x": ("n", "d"), "w": ("d", "d"), "v": ("d", "d")}


def two_layers(x, w, v):
    return x @ w @ v, (x, w, v)


def by_two_layers(dout, cache, factor=1):
    x, w, v = cache
    return dout @ v.T @ w.T, x.T @ dout @ v.T, factor * (x @ w).T @ dout


class TestNested:
    def test_gradients_in_lists_are_in_the_order_of_the_inputs(self):
        def listed(dout, cache):
            dx, one, two = by_two_layers(dout, cache)
            return dx, [one, two]

        def deep(dout, cache):
            dx, one, two = by_two_layers(dout, cache, 3)
            return [[dx], (one, [two])]

        report = prove_vjp(two_layers, listed, **TWO_LAYERS)
        assert [part.kind for part in report] == ["proved", "proved", "proved"]
        assert "taken for the gradients by x, w, v" in str(report)
        report = prove_vjp(two_layers, deep, **TWO_LAYERS)
        assert [part.kind for part in report] == ["proved", "proved", "refuted"]

    def test_names_tell_in_lists_too(self):
        def backward(dout, cache):
            dx, dw, dv = by_two_layers(dout, cache)
            grads = [dv, dw]
            return dx, grads

        assert prove_vjp(two_layers, backward, **TWO_LAYERS).proved

    def test_a_list_that_is_the_array_of_an_input_is_one_gradient(self):
        def forward(x, w, b):
            return x * w[0] + w[1] + 0 * b, (x, w)

        def backward(dout, cache):
            x, w = cache
            return dout * w[0], [(dout * x).sum(), dout.sum()]

        report = prove_vjp(forward, backward, x=("n",), w=(2,), b=())
        assert [(part.wrt, part.kind) for part in report] == [("x", "proved"), ("w", "proved")]

    def test_more_of_them_than_inputs_refute_nothing(self):
        def backward(dout, cache):
            dx, dw, dv = by_two_layers(dout, cache)
            return dx, [dw, dv]

        with pytest.raises(CodeError, match="backward returns 3 gradients for 2 inputs"):
            prove_vjp(two_layers, backward, x=("n", 3), w=(3, 3), v=np.eye(3))

    def test_an_object_may_return_them_so(self):
        class Affine:
            def __init__(self):
                self.w, self.b = np.ones((3, 3)), np.ones(3)

            def forward(self, x):
                self.x = x
                return x @ self.w + self.b

            def backward(self, dout):
                dw, db = self.x.T @ dout, 2 * dout.sum(axis=0)
                return dout @ self.w.T, [dw, db]

        report = prove_vjp(Affine, x=("n", 3))
        assert [part.kind for part in report] == ["proved", "proved", "refuted"]


STATIC = """
class Static:
    @staticmethod
    def forward(x, w):
        return x * w
    @staticmethod
    def backward(dout, x, w):
        return dout * w, 2 * dout * x

class OfTheClass:
    @classmethod
    def forward(cls, x):
        return x**2
    @classmethod
    def backward(cls, dout, x):
        return 2 * x * dout
"""


def test_methods_without_an_object_are_checked(tmp_path, capsys):
    path = tmp_path / "static.py"
    path.write_text(STATIC)
    assert run(["--code", str(path), "--shape", "x=n", "--shape", "w=n"]) == 1
    said = capsys.readouterr()
    assert "  x  ✔ proved\n  w  ✘ refuted" in said.out
    assert said.out.endswith("1 of 2 pairs proved; not: Static\n")
    assert not said.err


@pytest.mark.parametrize(
    "mask", ["np.tril(np.ones((4, 4)))", "np.triu(np.ones((4, 4)), 1)", "np.eye(4) + np.arange(4)"]
)
def test_constants_may_be_made_when_they_are_needed_first(mask):
    class Masked:
        def __init__(self):
            self.mask = None

        def forward(self, x):
            if self.mask is None:
                self.mask = eval(mask, {"np": np})
            return self.mask @ x

        def backward(self, dout):
            return self.mask.T @ dout

    class Keeps(Masked):
        def forward(self, x):
            if self.mask is None:
                self.mask = np.ones((4, 4)) * x.sum()
            return self.mask @ x

    assert prove_vjp(Masked, x=(4, 4)).proved
    with pytest.raises(CodeError, match=r"when it is called again|after a step"):
        prove_vjp(Keeps, x=(4, 4))


class TestGradientsOfNumbers:
    """A gradient that no input stands in is a real array of NumPy's."""

    def test_beside_the_loss_or_by_a_function_of_its_own(self):
        def beside(x):
            return 3 * x[0] + 2 * x[1], np.array([3.0, 2.0])

        def loss(x):
            return (x * np.arange(4.0)).sum()

        assert prove(beside, x=(2,)).proved
        assert prove(loss, lambda x: np.arange(4.0), x=(4,)).proved
        assert prove(loss, lambda x: {"dx": 3 * np.linspace(0, 1, 4)}, x=(4,)).proved
        assert prove(loss, lambda x: np.arange(4.0)[::-1], x=(4,)).refuted

    def test_by_backward(self):
        def backward(dout):
            return np.array([3.0, 2.0])

        assert not prove_vjp(lambda x: 3 * x[0] + 2 * x[1], backward, x=(2,)).proved

    def test_on_the_command_line(self, tmp_path, capsys):
        (tmp_path / "own.py").write_text(
            "import numpy as np\ndef f(x):\n    return 3 * x[0] + 2 * x[1], np.array([3.0, 2.0])\n"
        )
        assert run(["--code", f"{tmp_path}/own.py:f", "--shape", "x=2"]) == 0
        assert "proved" in capsys.readouterr().out
