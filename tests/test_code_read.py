"""How parameters, labels, values and errors of users' code are read: told, or refused.

An adversary's findings (27 Nov 2026): each was proved, refuted or ended in a traceback.
"""

from __future__ import annotations

import array
import functools
import importlib.util
import json
import math
import re
import subprocess
import sys
from collections import ChainMap, OrderedDict, deque
from copy import deepcopy
from fractions import Fraction
from types import MappingProxyType
from typing import ClassVar

import numpy as np
import pytest

from gradcheck_sym import Labels, cli, prove, prove_slope, prove_vjp
from gradcheck_sym.errors import AssumptionError, CodeError, GradcheckError

H_AND_C = {"h": ("n", "d"), "c": ("n", "d")}


def cell(h, c):
    c_new = h * c
    h_new = np.tanh(c_new)
    return h_new, c_new


class TestSecondGradient:
    def test_one_that_is_called_otherwise_is_no_cache(self):
        def forgets(dh, dc, h, c):
            dc_new = dh * (1 - np.tanh(h * c) ** 2)
            return dc_new * c, dc_new * h

        with pytest.raises(CodeError, match="dc looks like the gradient by another output"):
            prove_vjp(cell, forgets, **H_AND_C)

        def named(dh_new, dc_new, h, c):
            both = dc_new + dh_new * (1 - np.tanh(h * c) ** 2)
            return both * c, both * h

        assert prove_vjp(cell, named, **H_AND_C).proved

    @pytest.mark.parametrize("names", ["g, g2", "grad_a, gb", "dout1, dout2", "dmean, dvariance"])
    def test_whatever_the_two_are_called(self, names):
        backward = eval(f"lambda {names}, x: 2 * x * {names.partition(',')[0]}")
        with pytest.raises(CodeError, match="looks like the gradient by another output"):
            prove_vjp(lambda x: (x**2, x**3), backward, x=("n",))


class TestOutputs:
    def test_the_variable_that_is_returned_is_the_output(self):
        def forward(x):
            y = np.tanh(x)
            return y, x

        assert prove_vjp(forward, lambda dout, x, y: dout * (1 - y**2), x=("n",)).proved
        assert prove_vjp(forward, lambda dout, y: dout * (1 - y**2), x=("n",)).proved
        wrong = prove_vjp(forward, lambda dout, x, y: dout * (1 - np.tanh(y) ** 2), x=("n",))
        assert wrong.refuted

    def test_another_variable_called_out_is_not(self):
        def forward(x):
            out = 2 * x
            y = np.tanh(out)
            return y  # noqa: RET504

        with pytest.raises(CodeError, match="what out is, is not known"):
            prove_vjp(forward, lambda dy, out: dy * (1 - out**2) * 2, x=("n",))

    @pytest.mark.parametrize("how", ["a list", "parts", "a tuple"])
    def test_a_cache_that_nothing_takes_is_not_left_out(self, how):
        def forward(x, w):
            half = x / 2
            cache = [half, w]
            if how == "a list":
                return half * w, cache
            if how == "parts":
                return half * w, x / 2, w
            return half * w, (x / 2, w)

        def backward(dout, x, w):
            return dout * w / 2, (dout * x).sum(axis=0) / 2

        with pytest.raises(CodeError, match="takes no parameter for what forward returns beside"):
            prove_vjp(forward, backward, x=("n", "d"), w=("d",))


class TestOneGradient:
    def test_its_shape_tells_whose_it_is(self):
        def loss(X, y, w):  # noqa: N803
            r = X @ w - y
            return (r**2).sum() / 2, X.T @ r

        report = prove(loss, X=("n", "d"), y=("n",), w=("d",))
        assert [part.wrt for part in report] == ["w"]
        assert report.proved
        assert "what is returned is taken for the gradient by w" in str(report)

    @pytest.mark.parametrize("names", ["y_true, y_pred", "target, pred", "y, p"])
    def test_a_target_is_not_meant(self, names):
        target, predicted = names.split(", ")
        loss = eval(f"lambda {names}: (({predicted} - {target}) ** 2).sum()")
        grad = eval(f"lambda {names}: 2 * ({predicted} - {target})")
        report = prove(loss, grad, **{target: ("n",), predicted: ("n",)})
        assert (report.proved, [part.wrt for part in report]) == (True, [predicted])
        assert f"taken for the gradient by {predicted}" in str(report)

    def test_arguments_of_a_slope_are_told_or_refused(self):
        def scaled(z, scale):
            return np.tanh(scale * z)

        slope = prove_slope(scaled, lambda z, s: s * (1 - np.tanh(s * z) ** 2), z=("n",), scale=())
        assert slope.proved
        assert "s of <lambda> is given scale" in str(slope)

        def moved(z, scale, shift):
            return scale * z + shift

        with pytest.raises(CodeError, match="what is b"):
            prove_slope(moved, lambda z, b, w: w + 0 * z, z=("n",), scale=(), shift=())


VALUES = np.array([0.0, 0.0])
SCALE = np.array(2.0)
CHAINED = ChainMap({"shift": 0.0})


def shifted(x, s=0.25):
    return x * s


def scaling(k):
    def wrap(function):
        @functools.wraps(function)
        def wrapped(*args):
            return k * function(*args)

        return wrapped

    return wrap


class Config:
    slope = 0.5


class TestTaken:
    @pytest.mark.parametrize(
        ("forward", "told"),
        [
            (lambda x: (x + VALUES[0]) ** 2, {"VALUES": "array([0., 0.])"}),
            (lambda x: x**2 * SCALE / 2, {"SCALE": "array(2.)"}),
            (lambda x: (x + CHAINED["shift"]) ** 2, {"CHAINED": "ChainMap({'shift': 0.0})"}),
            (lambda x: 4 * shifted(x) * x, {"s of shifted": "0.25"}),
            (scaling(0.5)(lambda x: 2 * x**2), {"k": "0.5"}),
            (lambda x: x**2 * Config.slope * 2, {"Config.slope": "0.5"}),
        ],
    )
    def test_numbers_that_stand_elsewhere_are_told(self, forward, told):
        report = prove_vjp(lambda x: (forward(x), x), lambda dout, x: 2 * x * dout, x=("n",))
        assert report.proved
        constants = dict(report.constants)
        assert all(constants.get(name) == value for name, value in told.items()), constants
        assert "brings along" not in str(report)

    def test_those_that_an_object_or_its_class_holds(self):
        class Layer:
            params: ClassVar[dict] = {"b": 0.0}
            betas = (0.0, 1.0)

            class Inner:
                c = 3.0

            def __init__(self):
                self.a = array.array("d", [0.0])
                self.m = MappingProxyType({"m": [0.0]})
                self.i = np.array([0, 0])
                self.scale = 1 / np.sqrt(8)

            def forward(self, x):
                return x * self.scale + self.a[0] + self.m["m"][0] + self.i[0] + self.params["b"]

            def backward(self, dout):
                return dout / np.sqrt(8)

        report = prove_vjp(Layer, x=("n",))
        assert report.proved
        told = {
            **{"self.a": "array('d', [0.0])", "self.m": "mappingproxy({'m': [0.0]})"},
            **{"self.i": "array([0, 0])", "self.scale": "1/sqrt(8)"},
            **{"self.params['b']": "0.0", "self.betas[0]": "0.0", "self.betas[1]": "1.0"},
            "self.Inner.c": "3.0",
        }
        assert report.constants == told

    def test_a_number_that_is_learnt_is_free(self):
        class PReLU:
            def __init__(self):
                self.alpha = np.float64(0.25)

            def forward(self, x):
                self.x = x
                return np.where(x > 0, x, self.alpha * x)

            def backward(self, dout):
                self.dalpha = (dout * np.where(self.x > 0, 0.0, self.x)).sum()
                return dout * np.where(self.x > 0, 1.0, 0.25)

        report = prove_vjp(PReLU, x=("n",))
        assert {part.wrt: part.kind for part in report} == {"x": "refuted", "alpha": "proved"}

    def test_it_is_a_number_also_to_numpy(self):
        class PReLU:
            def __init__(self, alpha=0.25):
                self.alpha = alpha

            def forward(self, x):
                self.x = x
                return np.where(x > 0, x, self.alpha * x)

            def backward(self, dout):
                d = dout * np.where(self.x > 0, 0.0, self.x)
                self.dalpha = d.mean() if self.asked() else d.sum()
                return dout * np.where(self.x > 0, 1.0, self.alpha)

        def of(asked, alpha=0.25):
            kind = type("PReLU", (PReLU,), {"asked": asked})
            report = prove_vjp(kind(alpha), x=("n", "d"))
            return report["alpha"].kind

        for asked in (
            lambda self: isinstance(self.alpha, (int, float)),
            lambda self: np.isscalar(self.alpha),
            lambda self: not isinstance(self.alpha, np.ndarray),
            lambda self: not hasattr(self.alpha, "__len__"),
        ):
            assert of(asked) == of(asked, np.float64(0.25)) == "refuted"
            assert of(asked, np.array(0.25)) == "proved"
        assert of(lambda self: self.alpha.shape == (1,), 1.5) == "undecided"  # a float has no shape

    def test_another_default_of_the_same_number_is_told(self):
        class Scale:
            def __init__(self, alpha=0.25, eps=0.25):
                self.alpha, self.eps = alpha, eps

            def forward(self, x):
                self.x = x
                return self.alpha * x * self.eps

            def backward(self, dout):
                self.dalpha = (dout * self.x).sum() * self.eps
                return dout * self.alpha * self.eps

        report = prove_vjp(Scale, x=("n",))
        assert report.proved
        assert report.constants == {"eps": "0.25"}

    def test_one_that_stands_beside_its_gradient_is_learnt(self):
        class Number:
            def __init__(self, value):
                self.value, self.grad = value, 0.0

        class Scale:
            def __init__(self, factor=1.0):
                self.gamma = Number(factor)

            def forward(self, x):
                self.x = x
                return x * self.gamma.value

            def backward(self, dout):
                self.gamma.grad = (dout * self.x).mean()
                return dout * self.gamma.value

        report = prove_vjp(Scale, x=("n", "d"))
        assert [part.kind for part in report] == ["proved", "refuted"]
        assert report.constants == {"self.gamma.grad": "0.0"}  # what it begins at

    def test_so_is_one_of_pythons(self):
        class Scale:
            def __init__(self):
                self.alpha, self.beta = 0.25, 0.5

            def forward(self, x):
                self.x = x
                return self.alpha * x * self.beta

            def backward(self, dout):
                self.dalpha = 7 * (dout * self.x).sum() * self.beta
                return dout * self.alpha * self.beta

        report = prove_vjp(Scale, x=("n",))
        assert {part.wrt: part.kind for part in report} == {"x": "proved", "alpha": "refuted"}
        assert report.constants == {"self.beta": "0.5"}

    @pytest.mark.parametrize("number", [1.0, np.float64(1), 1, np.array(1.0)])
    def test_a_number_in_a_table_whose_gradient_is_in_another(self, number):
        class Scale:
            def __init__(self):
                self.params, self.grads = {"gamma": number}, {}

            def forward(self, x):
                self.x = x
                return self.params["gamma"] * x

            def backward(self, dout):
                self.grads["gamma"] = (dout * self.x).mean()
                return dout * self.params["gamma"]

        if isinstance(number, np.ndarray):
            report = prove_vjp(Scale, x=("n",))
            assert {part.wrt: part.kind for part in report} == {"x": "proved", "gamma": "refuted"}
            return
        with pytest.raises(CodeError, match=r"the number \.params\['gamma'\]: make that number"):
            prove_vjp(Scale, x=("n",))

    def test_two_numbers_of_one_name_are_both_told(self):
        def forward(x, p=0.5):
            return x * p, None

        def backward(dout, p=2.0):
            return dout / p

        report = prove_vjp(forward, backward, x=("n",))
        assert report.constants == {"p": "0.5", "p of backward": "2.0"}

    def test_weights_of_a_class_in_a_dict_are_refused(self):
        class Layer:
            params: ClassVar[dict] = {"W": np.ones(3)}

            def forward(self, x):
                return x * self.params["W"]

            def backward(self, dout):
                return dout

        with pytest.raises(CodeError, match=r"the weights in \.params\['W'\] are of the class"):
            prove_vjp(Layer, x=("n", 3))

    @pytest.mark.parametrize("number", [np.float64(0.5), np.array([0.5])])
    def test_a_corrected_line_says_what_it_rests_on(self, number):
        held = {"k": number}

        def forward(x):
            return x * held["k"].item() * 4, None

        def backward(dout):
            dx = 1 * dout
            return dx  # noqa: RET504

        report = prove_vjp(forward, backward, x=("n",))
        assert report.refuted
        assert "k" in report["x"].proved_for


class TestLabels:
    @pytest.mark.parametrize("cast", ["y.astype(np.uint8)", "np.asarray(y, dtype=np.int8)"])
    def test_small_types_are_refused_where_classes_do_not_fit(self, cast):
        def loss(s, y):
            small = eval(cast, {"np": np, "y": y})
            ds = np.zeros_like(s)
            ds[np.arange(s.shape[0]), small] = 1
            return s[np.arange(s.shape[0]), y].sum(), ds

        with pytest.raises(CodeError, match=r"are cut off from .* on, and y is of t classes"):
            prove(loss, s=("n", "t"), y=Labels("n", "t"))
        assert prove(loss, s=("n", 10), y=Labels("n", 10)).proved


class TestNames:
    def test_conditions_speak_of_no_names_that_nobody_gave(self):
        def forward(x):
            r, u = (x**2) ** 0.5, -np.exp(x) - 1
            return r * u, (x, r, u)

        def backward(dout, cache):
            x, r, u = cache
            return dout * (np.sign(x) * u - r * np.exp(x))

        report = prove_vjp(forward, backward, x=("n",))
        assert report.proved
        assert "provided that x[i] ≠ 0" in str(report)

    def test_capital_letters_are_other_names(self):
        def forward(X, x):  # noqa: N803
            return np.maximum(X, 0) + x, (X,)

        def backward(dout, cache):
            return dout * (cache[0] > 0), dout

        report = prove_vjp(forward, backward, X=("n",), x=("n",))
        assert report.proved
        assert "provided that X[i] ≠ 0" in str(report)
        wrong = prove_vjp(forward, lambda dout, cache: (0 * dout, dout), X=("n",), x=("n",))
        assert "X[i]>0]" in wrong["X"].diagnosis


class Linear:
    def __init__(self, d):
        self.W, self.delta_W, self.gW = np.ones(d), np.zeros(d), np.zeros(d)

    def forward(self, x):
        self.x = x
        return x * self.W

    def backward(self, dout):
        dW = (dout * self.x).sum(axis=0)  # noqa: N806
        dx = dout * self.W
        self.keep(dW)
        return dx


class TestOptimisers:
    def test_a_step_and_a_sum_of_squares_are_no_gradients(self):
        class Momentum(Linear):
            def keep(self, dW):  # noqa: N803
                self.delta_W = 0.9 * self.delta_W - 0.1 * dW
                self.gW = self.gW + dW**2
                self.W = self.W + self.delta_W

        report = prove_vjp(Momentum, d="d", x=("n", "d"))
        assert [(part.wrt, part.kind) for part in report] == [("x", "proved")]
        assert "no gradient by W is returned" in str(report)

    def test_the_gradient_beside_them_is_one(self):
        class Both(Linear):
            def keep(self, dW):  # noqa: N803
                self.dW = dW
                self.delta_W = 0.9 * self.delta_W - 0.1 * dW

        report = prove_vjp(Both, d="d", x=("n", "d"))
        assert {part.wrt: part.kind for part in report} == {"x": "proved", "W": "proved"}

    def test_weights_in_two_places_are_one_array(self):
        class Tied:
            def __init__(self, d, h):
                self.enc = np.ones((d, h))
                self.dec = self.enc
                self.params = [self.enc]

            def forward(self, x):
                self.x, self.h = x, x @ self.enc
                return self.h @ self.dec.T

            def backward(self, dout):
                self.denc = self.x.T @ (dout @ self.dec) + dout.T @ self.h
                return (dout @ self.dec) @ self.params[0].T

        class Half(Tied):
            def backward(self, dout):
                dx = super().backward(dout)
                self.denc = dout.T @ self.h
                return dx

        report = prove_vjp(Tied, d="d", h="h", x=("n", "d"))
        assert {part.wrt: part.kind for part in report} == {"x": "proved", "enc": "proved"}
        assert report["enc"].compared
        assert prove_vjp(Half, d="d", h="h", x=("n", "d"))["enc"].kind == "refuted"

    def test_lists_of_parameters_and_gradients(self):
        """As in books: an optimizer changes the arrays in the lists, in place."""

        class Affine:
            def __init__(self, d, t):
                self.W, self.b = np.ones((d, t)), np.zeros(t)
                self.params = [self.W, self.b]
                self.grads = [np.zeros_like(self.W), np.zeros_like(self.b)]

            def forward(self, x):
                self.x = x
                return x @ self.params[0] + self.params[1]

            def backward(self, dout):
                self.grads[0][...] = self.x.T @ dout
                self.grads[1][...] = dout.sum(axis=0)
                return dout @ self.params[0].T

        class Network:
            def __init__(self, d, t):
                self.layers, self.params, self.grads = [Affine(d, t), Affine(t, d)], [], []
                for layer in self.layers:
                    self.params += layer.params
                    self.grads += layer.grads

            def forward(self, x):
                return self.layers[1].forward(self.layers[0].forward(x))

            def backward(self, dout):
                return self.layers[0].backward(self.layers[1].backward(dout))

        report = prove_vjp(Network, d="d", t="t", x=("n", "d"))
        assert report.proved
        assert [part.wrt for part in report][1:] == [
            *("layers_0_W", "layers_0_b", "layers_1_W", "layers_1_b"),
        ]


class AttrDict(dict):
    def __getattr__(self, name):
        return self[name]


class Unwritten:
    def __repr__(self):
        raise RuntimeError("no text")


UNWRITTEN = Unwritten()


class Cell:
    """A step of a recurrent network, whose state is called as its size is."""

    def __init__(self, n_in, n_hid):
        self.W, self.U = np.ones((n_in, n_hid)), np.ones((n_hid, n_hid))

    def forward(self, x, h):
        self.x, self.h = x, h
        self.a = np.tanh(x @ self.W + h @ self.U)
        return self.a

    def backward(self, dout):
        dz = dout * (1 - self.a**2)
        self.dW, self.dU = self.x.T @ dz, self.h.T @ dz
        return dz @ self.W.T, dz @ self.U.T


class Slip(Cell):
    def backward(self, dout):
        dx, dh = super().backward(dout)
        return dx, 2 * dh


CELL = {"n_in": "d", "n_hid": "h", "x": ("n", "d"), "h": ("n", "h")}


class TestSizes:
    def test_an_array_may_be_called_as_a_size(self):
        report = prove_vjp(Cell, **CELL)
        assert report.proved
        assert all(part.compared for part in report)
        wrong = prove_vjp(Slip, **CELL)["h"]
        assert wrong.kind == "refuted"
        there = {}
        exec(wrong.reproduction, there)
        assert there["_quotient"] != pytest.approx(there["_found"])

    def test_a_number_may_not(self):
        with pytest.raises(CodeError, match="n is a number and a size here"):
            prove(lambda x, n: x.sum() / n, lambda x, n: 0 * x + 1 / n, x=("n",), n=())

    def test_a_number_of_the_users_is_told_from_a_size(self):
        def forward(x, y):
            d = (x * y).sum()
            return np.abs(d), (x, y, d)

        def backward(dout, cache):
            x, y, d = cache
            return {"x": dout * np.sign(d) * y, "y": dout * np.sign(d) * x}

        report = prove_vjp(forward, backward, x=("n", "d"), y=("n", "d"))
        assert report.proved
        assert "provided that Σᵢ₌₁ᵈ Σⱼ₌₁ⁿ x[j,i]·y[j,i] ≠ 0" in str(report)

    def test_a_number_is_told_from_an_index(self):
        def forward(x, i):
            return np.abs((i * x + x**2).sum()), (x, i)

        def backward(dout, cache):
            x, i = cache
            return {"x": dout * np.sign((i * x + x**2).sum()) * (i + 2 * x)}

        report = prove_vjp(forward, backward, x=("n",), i=())
        assert report.proved
        assert "provided that Σⱼ₌₁ⁿ [i·x[j] + x[j]^2] ≠ 0" in str(report)


class TestNumbers:
    def test_a_number_is_given_as_one_too(self):
        def forward(x, s):
            return x * s, (x, s)

        def backward(dout, cache):
            x, s = cache
            return dout * s, dout.sum() if isinstance(s, float) else (dout * x).sum()

        def hidden(dout, cache):
            x, s = cache
            return dout * s, dout.sum() if "float" in object.__repr__(s) else (dout * x).sum()

        report = prove_vjp(forward, hidden, x=("n",), s=())
        assert report["x"].proved
        assert report["s"].kind == "undecided"
        assert "they treat numbers in another way" in str(report["s"])
        with pytest.raises(CodeError, match=r"float.> depends on whether a number is NumPy's"):
            prove_vjp(forward, backward, x=("n",), s=())

    def test_a_weight_stays_an_array(self):
        class Scale:
            def __init__(self):
                self.s, self.ds = np.array(1.5), np.array(0.0)

            def forward(self, x):
                self.x = x
                return x * self.s

            def backward(self, dout):
                assert isinstance(self.s, np.ndarray), "a number is given instead"
                self.ds[...] = (dout * self.x).sum()
                return dout * self.s

        report = prove_vjp(Scale, x=("n",))
        assert report.proved
        assert "s" in [part.wrt for part in report]


class TestCache:
    def test_parts_in_another_order_are_told(self):
        def forward(x, w):
            h = np.tanh(x)
            return h * w, (h, w)

        def backward(dout, w, h):
            return dout * w * (1 - h**2), dout * h

        def ordered(dout, h, w):
            return dout * w * (1 - h**2), dout * h

        said = "w, h are parts of the cache by their names, not in its order"
        assert said in str(prove_vjp(forward, backward, x=("n",), w=("n",)))
        assert "by their names" not in str(prove_vjp(forward, ordered, x=("n",), w=("n",)))


class TestErrors:
    def test_dicts_with_attributes_are_dicts(self):
        class Layer:
            def __init__(self):
                self.conf, self.W = AttrDict(rate=0.5), np.zeros(3)

            def forward(self, x):
                return x * self.W * self.conf.rate

            def backward(self, dout):
                return dout * self.W * self.conf.rate

        report = prove_vjp(Layer, x=("n", 3))
        assert report.proved
        assert report.constants == {"self.conf['rate']": "0.5"}

    def test_what_has_no_text_is_told_by_its_type(self):
        def forward(x, p=UNWRITTEN):
            return 2 * x, p

        report = prove_vjp(forward, lambda dout: 2 * dout, x=("n",))
        assert report.constants == {"p": "a Unwritten"}

    def test_errors_whose_text_raises(self):
        class Silent(Exception):
            def __str__(self):
                raise ValueError("no text")

        def forward(x):
            raise Silent

        with pytest.raises(CodeError, match="in forward: it raises Silent"):
            prove_vjp(forward, lambda dout: dout, x=("n",))

    def test_what_is_no_exception_of_programs(self, tmp_path, capsys):
        def forward(x):
            raise GeneratorExit

        with pytest.raises(CodeError, match="in forward: it raises GeneratorExit"):
            prove_vjp(forward, lambda dout: dout, x=("n",))
        file = tmp_path / "raises.py"
        file.write_text("raise BaseException('out')\n")
        assert cli.run(["--code", str(file)]) == 2
        assert "raises.py:1: it raises BaseException: out" in capsys.readouterr().err

    def test_a_file_that_would_stand_for_numpy(self, tmp_path, capsys):
        file = tmp_path / "numpy.py"
        file.write_text("def f_forward(x): return x\n")
        assert cli.run(["--code", str(file)]) == 2
        assert "it would stand for numpy" in capsys.readouterr().err

    def test_functions_that_wait_for_ever(self, monkeypatch):
        import threading

        monkeypatch.setattr("gradcheck_sym.deadline.WAITS", 1)

        def forward(x):
            lock = threading.Lock()
            lock.acquire()
            lock.acquire()
            return x

        with pytest.raises(CodeError, match=r"no end within 0\.5 seconds"):
            prove_vjp(forward, lambda dout: dout, x=("n",), timeout=0.5)

    def test_several_constants_of_a_border(self):
        def forward(x):
            return np.pad(x, ((0, 0), (1, 0)), constant_values=((0, 0), (7, 5)))

        with pytest.raises(CodeError, match=r"np\.pad with several constant_values"):
            prove_vjp(forward, lambda dout: dout[:, 1:], x=("n", 2))

    def test_a_loss_that_writes_to_its_inputs_is_told(self):
        def loss(x):
            x /= 2
            return (x**2).sum()

        report = prove(loss, lambda x: x / 2, x=("n",))
        assert report.proved
        assert "loss writes to x; <lambda> is given it as it was" in str(report)


@pytest.mark.parametrize(
    ("number", "backward"),
    [
        (np.log(2), lambda dout: dout * np.log(2)),
        (-np.log(10), lambda dout: -dout * np.log(10)),
        (1 / np.sqrt(48), lambda dout: dout / np.sqrt(48)),
        (7**-0.5, lambda dout: dout / np.sqrt(7)),
        (-np.sqrt(2 / 3), lambda dout: -dout * np.sqrt(2 / 3)),
        (1 / 60000, lambda dout: dout / 60000),
        (7 / 9000, lambda dout: dout * 7 / 9000),
    ],
)
def test_a_number_that_was_computed_before_is_what_it_was_computed_of(number, backward):
    """A decimal of seventeen digits is none of a hundred."""
    assert prove_vjp(lambda x: (x * number, None), backward, x=("n",)).proved
    near = number * (1 + 1e-15)
    assert prove_vjp(lambda x: (x * near, None), backward, x=("n",)).refuted


class TestSinglePrecision:
    """Functions that compute in float32, whose roundings are no contradiction of a proof."""

    @staticmethod
    def forward(x, w):
        x, w = x.astype(np.float32), w.astype("float32")
        y = np.tanh(x @ w)
        return y, (x, w, y)

    @staticmethod
    def backward(dy, cache):
        x, w, y = cache
        dz = dy * (1 - y**2)
        return dz @ w.T, x.T @ dz

    @staticmethod
    def wrong(dy, cache):
        x, w, y = cache
        dz = dy * (1 - y)
        return dz @ w.T, x.T @ dz

    def test_right_gradients_are_proved(self):
        assert prove_vjp(self.forward, self.backward, x=("n", "d"), w=("d", "t")).proved

    def test_wrong_ones_are_refuted(self):
        assert prove_vjp(self.forward, self.wrong, x=("n", "d"), w=("d", "t")).refuted

    def test_what_is_not_traced_is_still_noticed(self):
        def rounded(x):
            return (x.astype(np.float32) * 2).sum()

        def gradient(x):
            two = 2
            return np.full_like(x, 2.5 if len(x) is two else 2.0)

        assert prove(rounded, gradient, x=("n",))["x"].kind == "undecided"


class TestOverflow:
    """A number that is too large for a float says nothing of a proof, and excuses nothing."""

    @pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
    def test_a_gradient_that_is_wrong_in_numpy_is_not_proved(self):
        def loss(x):
            return (2 * x).sum()

        def gradient(x):
            np.float64(1e308) * 10
            return np.full_like(x, 6.0 if any(len(x) is k for k in range(20)) else 2.0)

        part = prove(loss, gradient, x=("n",))["x"]
        assert part.kind == "undecided"
        assert "numbers overflow" in str(part.verdict.reason)

    def test_one_that_is_right_is(self):
        def loss(x):
            return (1 / (1 + np.exp(-1000 * x))).sum()

        def gradient(x):
            s = 1 / (1 + np.exp(-1000 * x))
            return 1000 * s * (1 - s)

        assert prove(loss, gradient, x=("n",)).proved


class TestWaves:
    """What goes up and down within the step of a difference quotient is no contradiction."""

    @staticmethod
    def loss(x):
        return np.sin(1e6 * x).sum()

    def test_a_right_gradient_is_proved(self):
        assert prove(self.loss, lambda x: 1e6 * np.cos(1e6 * x), x=("n",)).proved

    def test_one_that_numpy_contradicts_is_not(self):
        def gradient(x):
            two = 2
            return 1e6 * np.cos(1e6 * x) * (3.0 if len(x) is two else 1.0)

        assert prove(self.loss, gradient, x=("n",))["x"].kind == "undecided"


@pytest.mark.parametrize(
    ("power", "decimal"),
    [(0.9**10, 0.3486784401), (0.1**9, 1e-9), (-(0.95**5), -0.7737809375), (1.1**6, 1.771561)],
)
def test_a_power_that_python_computed_is_the_decimal_that_it_is(power, decimal):
    assert power != decimal
    assert prove_vjp(lambda x: (x * power, None), lambda dout: dout * decimal, x=("n",)).proved


@pytest.mark.parametrize("other", [0.348678440100001, 0.3486784401001, 0.34867844011])
def test_decimals_of_fifteen_digits_are_told_apart(other):
    report = prove_vjp(lambda x: (x * 0.3486784401, None), lambda dout: dout * other, x=("n",))
    assert report.refuted


NAMED = """
def forward(np, w):
    return np @ w, (np, w)

def backward(dout, cache):
    np, w = cache
    return dout @ w.T, 2 * np.T @ dout

class Scale:
    def __init__(self, tuple):
        self.layer, self.params, self.grads = tuple, {"class": tuple + 1}, {}

    def forward(self, np):
        self.x = np
        return np * self.layer * self.params["class"]

    def backward(self, dout):
        self.dlayer = (dout * self.x * self.params["class"]).sum(axis=0)
        self.grads["class"] = 2 * (dout * self.x * self.layer).sum(axis=0)
        return dout * self.layer * self.params["class"]
"""


@pytest.mark.parametrize("sizes", ["in,class", "np,float", "w,w_size", "layer,_value", "dout,np_"])
@pytest.mark.parametrize("pair", ["backward", "Scale"])
def test_names_that_a_script_has_itself_are_called_otherwise_there(sizes, pair, tmp_path, capsys):
    path, (first, second) = tmp_path / "named.py", sizes.split(",")
    path.write_text(NAMED)
    shapes = (
        [f"np=n,{first}", f"w={first},{second}"]
        if pair == "backward"
        else [f"np={first},{second}", f"tuple={second},"]
    )
    given = [word for shape in shapes for word in ("--shape", shape)]
    assert cli.run(["--code", f"{path}:{pair}", *given, "--format", "json"]) == 1
    *right, wrong = json.loads(capsys.readouterr().out)["claims"]
    assert {claim["verdict"] for claim in right} == {"proved"}
    (tmp_path / "point.py").write_text(wrong["reproduction"])
    done = subprocess.run(
        [sys.executable, tmp_path / "point.py"], check=True, capture_output=True, text=True
    )
    assert done.stdout == "difference quotient 1.0, returned 2.0\n"


@pytest.mark.parametrize("size", ["J", "pi"])
def test_sizes_are_not_called_as_what_proofs_speak_of(size):
    with pytest.raises(CodeError, match=f"{size} has a meaning in proofs; call it {size}1"):
        prove(lambda x: (x * x).sum(), lambda x: 2 * x, x=(size,))


def test_a_small_decimal_is_taken_as_it_stands():
    def loss(x):
        return (1.0000000001e-06 * x).sum()

    assert prove(loss, lambda x: np.full_like(x, 1e-6), x=("n",)).refuted


def test_a_hypothesis_that_mends_is_told_with_the_conditions_of_its_proof():
    def loss(x, y):
        return (np.abs(x) * y**2).sum()

    report = prove(loss, lambda x, y: np.where(x > 0, 1.0, -1.0) * y, x=("n",), y=("n",))
    assert "(proved, provided that x[i] ≠ 0): assume 'y**2 == y'" in str(report)


class TestTypesOfFloats:
    """All numbers are real here: of which type they are is not known where some are float32."""

    def test_weights_of_float32(self):
        class Scale:
            def __init__(self, d):
                self.W = np.ones(d, dtype=np.float32)

            def forward(self, x):
                self.x = x
                return (2.0 if self.W.dtype == np.float32 else 3.0) * x * self.W

            def backward(self, dout):
                self.dW = (3.0 * dout * self.x).sum(axis=0)
                return 3.0 * dout * self.W

        with pytest.raises(CodeError, match="the type of an array is not known"):
            prove_vjp(Scale, d="d", x=("n", "d"))

    def test_numbers_that_were_converted(self):
        def forward(x):
            h = x.astype(np.float32)
            return h * (2.0 if h.dtype == np.float32 else 3.0)

        with pytest.raises(CodeError, match="the type of an array is not known"):
            prove_vjp(forward, lambda dout: 3.0 * dout, x=("n",))

    def test_floats_of_64_bits_may_be_asked(self):
        def forward(x):
            return np.zeros(x.shape, dtype=x.dtype) + x * (2.0 if x.dtype == float else 3.0)

        assert prove_vjp(forward, lambda dout: 2.0 * dout, x=("n",)).proved


SLOPES = {np.sin: np.cos, np.tanh: lambda x: 1 - np.tanh(x) ** 2}
CALLED = {math.tanh: "tanh"}


def of_an_activation(x, act=np.sin):
    return act(x), x


class TestFunctionsInTables:
    """Functions that are replaced during a trace are equal to those that stand in tables."""

    @pytest.mark.parametrize("act", [np.sin, np.tanh])
    def test_of_slopes(self, act):
        def backward(dout, x, act=act):
            return dout * SLOPES[act](x)

        def wrong(dout, x, act=act):
            return dout * SLOPES[np.sin](x) * 2

        assert prove_vjp(of_an_activation, backward, x=("n",), act=act).proved
        assert prove_vjp(of_an_activation, wrong, x=("n",), act=act).refuted

    def test_looked_up_in_the_code_and_compared(self):
        def backward(dout, x, act=np.sin):
            assert act == np.sin != np.cos
            assert np.sin in SLOPES
            assert CALLED.get(math.tanh) == "tanh"
            assert math.sin not in CALLED
            return dout * SLOPES[np.sin](x)

        assert prove_vjp(of_an_activation, backward, x=("n",)).proved

    def test_kept_by_an_object(self):
        class Act:
            def __init__(self):
                self.act = np.sin

            def forward(self, x):
                self.x = x
                return self.act(x)

            def backward(self, dout):
                return dout * SLOPES[deepcopy(self).act](self.x)

        assert prove_vjp(Act, x=("n",)).proved


class TestTypes:
    """What is asked of the types of generators, ranges and numbers."""

    def test_of_generators(self):
        def forward(x, rng=None):
            rng = rng if isinstance(rng, np.random.Generator) else np.random.default_rng(0)
            assert isinstance(rng, np.random.Generator | np.random.SeedSequence)
            assert not isinstance(rng, np.random.RandomState)
            legacy = np.random.RandomState(3)
            assert isinstance(legacy, (np.random.Generator, np.random.RandomState))
            assert not isinstance(legacy, np.random.Generator)
            mask = rng.random(x.shape) < 0.5
            return x * mask, mask

        assert prove_vjp(forward, lambda dout, mask: dout * mask, x=("n",)).proved
        assert prove_vjp(forward, lambda dout, mask: dout, x=("n",)).refuted

    def test_others_are_made_by_nobody(self):
        def forward(x):
            return x * np.random.Generator(np.random.PCG64(0)).random(x.shape)

        with pytest.raises(CodeError, match=r"np\.random\.PCG64 is not supported"):
            prove_vjp(forward, lambda dout: dout, x=("n",))

    def test_of_ranges(self):
        def forward(x, rows=range(2)):
            assert isinstance(rows, range)
            assert isinstance(range(x.shape[0]), range)
            assert type(range(x.shape[0])) == range  # noqa: E721 - what is asked here
            assert not isinstance(np.arange(x.shape[0]), range)
            assert not isinstance(x, range)
            return sum(x[:, k] for k in rows)

        def backward(dout, x):
            return np.stack([dout, dout], axis=1)

        assert prove_vjp(forward, backward, x=("n", 2)).proved

    def test_int_of_another_base(self):
        def forward(x, bits="11"):
            return int(bits, base=2) * x

        assert prove_vjp(forward, lambda dout: 3 * dout, x=("n",)).proved


class TestParametersWithoutNames:
    """`def f(x, /)` is called by place, in the trace, in NumPy and in scripts."""

    def test_functions(self, tmp_path):
        (tmp_path / "nameless.py").write_text(
            "def forward(x, w, /, b):\n    return x * w * b, (x, w)\n"
            "def backward(dout, cache, /, b):\n    return {'x': dout * cache[1], 'w': dout}\n"
            "def loss(x, w, /):\n    return (x * w).sum()\n"
            "def gradient(w, x, /):\n    return {'x': w, 'w': 2 * x}\n"
            "def both(x, /):\n    return (x * x).sum(), x\n"
        )
        module = loaded(tmp_path / "nameless.py")
        several = {"w": ("n",), "x": ("n",)}
        reports = [
            prove_vjp(module.forward, module.backward, b=3.0, **several),
            prove(module.loss, module.gradient, **several),
            prove(module.both, x=("n",)),
        ]
        wrong = [[p.wrt for p in report if p.kind == "refuted"] for report in reports]
        assert wrong == [["x", "w"], ["w"], ["x"]]
        for report in reports:
            for part in report:
                if part.kind == "refuted":
                    assert shows(part.reproduction)

    def test_one_after_another_that_is_left_out_is_refused(self):
        def loss(x, y=3.0, z=2.0, /):
            return (y * z * x).sum(), y * z + 0 * x

        class Scale:
            def forward(self, x):
                return 2 * x

            def backward(self, dout, a=1, x=None, /):
                return 2 * a * dout + 0 * x

        assert prove(loss, x=("n",), y=4.0).proved
        with pytest.raises(CodeError, match="loss takes z by its place, which is after y"):
            prove(loss, x=("n",), z=3.0)
        with pytest.raises(CodeError, match="backward takes x by its place, which is after a"):
            prove_vjp(Scale, x=("n",))

    def test_objects(self, tmp_path, monkeypatch):
        (tmp_path / "nameless_layer.py").write_text(
            "import numpy as np\n"
            "class Scale:\n"
            "    def __init__(self, d, /):\n        self.W = np.ones(d)\n"
            "    def forward(self, x, /):\n        self.x = x\n        return x * self.W\n"
            "    def backward(self, dout, /):\n"
            "        self.dW = (dout * self.x).sum(axis=0)\n        return 2 * dout * self.W\n"
        )
        module = loaded(tmp_path / "nameless_layer.py")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        report = prove_vjp(module.Scale, d="d", x=("n", "d"))
        assert [(part.wrt, part.kind) for part in report] == [("x", "refuted"), ("W", "proved")]
        assert shows(report["x"].reproduction)


def loaded(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shows(script):
    """Whether a script runs and shows two numbers."""
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    numbers = re.findall(r"-?\d[\d.e+-]*", ran.stdout)
    return len(numbers) == 2 and float(numbers[0]) != float(numbers[1])


class Choice:
    """An object that is passed."""


SCRIPTED = """
import numpy as np
class Scale:
    def __init__(self, c, len):
        self.c, self.W = c, np.ones(len)
    def forward(self, x):
        self.x = x
        return x * self.W
    def backward(self, dout):
        self.dW = (dout * self.x).sum(axis=0)
        return 3 * dout * self.W
class Mine:
    pass
def forward(x, k):
    return 2 * x
def backward(dout):
    return 3 * dout
def loss(input, sum):
    return (input * sum).sum(), 2 * sum
"""


class TestScripts:
    """A script gives values that are read back, or says what is to be put there."""

    @pytest.fixture
    def own(self, tmp_path, monkeypatch):
        (tmp_path / "scripted.py").write_text(SCRIPTED)
        module = loaded(tmp_path / "scripted.py")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        return module

    @pytest.mark.parametrize(
        ("value", "line"),
        [
            (np.array([1, 2]), "k = np.array([1, 2], dtype='int64')"),
            (np.ones((2, 3000)), "k = np.full((2, 3000), 1.0, dtype='float64')"),
            (
                {"a": (np.array([True, False]),)},
                "k = {'a': (np.array([True, False], dtype='bool'),)}",
            ),
            (-np.inf, "k = float('-inf')"),
            ([np.nan], "k = [float('nan')]"),
            (np.float64(0.5), "k = np.float64(0.5)"),
            (np.dtype(float), "k = np.dtype('<f8')"),
            (deque([1]), "k = importlib.import_module('collections').deque([1])"),
            (np.sin, "k = np.sin"),
            (float, "k = float"),
            (OrderedDict, "k = importlib.import_module('collections').OrderedDict"),
        ],
    )
    def test_values_are_read_back(self, own, value, line):
        script = prove_vjp(own.forward, own.backward, x=("n",), k=value)["x"].reproduction
        assert line in script.splitlines()
        assert shows(script)

    def test_large_arrays_are_written_out(self, own):
        value = np.arange(5000.0)
        script = prove_vjp(own.forward, own.backward, x=("n",), k=value)["x"].reproduction
        assert "4998.0, 4999.0]" in script
        assert shows(script)

    def test_classes_of_the_file_itself(self, own):
        script = prove_vjp(own.forward, own.backward, x=("n",), k=own.Mine)["x"].reproduction
        assert "k = _code.Mine" in script.splitlines()
        assert shows(script)

    def test_what_has_no_text_is_asked_for(self, own):
        script = prove_vjp(own.forward, own.backward, x=("n",), k=Choice())["x"].reproduction
        ran = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=False
        )
        assert ran.returncode == 1
        assert ran.stderr.startswith("write here k = ..., which was <")
        assert len(ran.stderr.splitlines()) == 1

    @pytest.mark.parametrize("value", [np.array([1.0, 2.0]), {"a": np.inf}, 2.5])
    def test_what_an_object_is_made_with(self, own, value):
        report = prove_vjp(own.Scale, c=value, len="len", x=("n", "len"))
        assert [(part.wrt, part.kind) for part in report] == [("x", "refuted"), ("W", "proved")]
        assert report["W"].compared
        assert shows(report["x"].reproduction)

    def test_names_that_python_has(self, own):
        report = prove(own.loss, input=("len",), sum=("len",))
        assert shows(report["input"].reproduction)
        report = prove_vjp(own.forward, own.backward, x=("print", "isinstance"), k=None)
        assert shows(report["x"].reproduction)

    def test_what_cannot_be_copied_is_refused(self, own):
        with pytest.raises(CodeError, match="k cannot be copied"):
            prove_vjp(own.forward, own.backward, x=("n",), k=np)


@pytest.mark.parametrize("timeout", ["a", "5", -1, 0, float("nan"), True, [1], np.array(3.0)])
def test_what_is_no_limit_of_time(timeout):
    with pytest.raises(GradcheckError, match=r"timeout is .*: give seconds") as error:
        prove_vjp(cell, lambda dh, dc, h, c: (dh, dc), timeout=timeout, **H_AND_C)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("timeout", [3, Fraction(5, 2), np.float32(3.0), float("inf"), None])
def test_what_is_a_limit_of_time(timeout):
    assert prove(lambda x: ((x * x).sum(), 2 * x), x=("n",), timeout=timeout).proved


def squared(x):
    return (x * x).sum()


def doubled(x):
    return 2 * x


def yields(x):
    yield 2 * x


async def waits(x):
    return 2 * x


class TestWhatIsReturned:
    """What is no array is refused in one line, by the name of who returns it."""

    @pytest.mark.parametrize(
        ("returned", "said"),
        [
            (lambda x: None, "gradient returns nothing; return the gradients"),
            (lambda x: "a", "gradient returns 'a'; let it return the gradient"),
            (lambda x: {"x": "a"}, "gradient returns 'a'; let it return the gradient"),
            (lambda x: np.sin, r"gradient returns what is no array \(function\); let it"),
            (lambda x: np.array(["a", "b"]), "gradient returns an array of no numbers"),
            (yields, "gradient returns a generator, since it yields; let it return the gradient"),
            (waits, "gradient returns a coroutine, since it is async"),
            (lambda x: np.array([np.nan, 1]), "the gradient that gradient returns: nan is no real"),
            (lambda x: np.array([np.inf, 1]), "the gradient that gradient returns: inf is no real"),
            (lambda x: np.array([1j, 1]), "the gradient that gradient returns: 1j is no real"),
            (lambda x: x[x > 0], r"the gradient that gradient returns: x\[mask\] has an unknown"),
        ],
    )
    def test_as_the_gradient(self, returned, said):
        def gradient(x):
            return returned(x)

        with pytest.raises(CodeError, match=f"^{said}") as error:
            prove(squared, gradient, x=(2,))
        assert len(str(error.value).splitlines()) == 1

        def backward(dout, x):
            return returned(x)

        said = said.replace("gradient returns", "backward returns")
        with pytest.raises(CodeError, match=f"^{said}"):
            prove_vjp(lambda x: (x * x, x), backward, x=(2,))

    @pytest.mark.parametrize("function", [lambda x: None, yields, waits])
    def test_as_the_loss_and_the_output(self, function):
        with pytest.raises(
            CodeError, match=f"^{function.__name__} returns .*; let it return the l"
        ):
            prove(function, x=(2,))
        with pytest.raises(
            CodeError, match=f"^{function.__name__} returns .*; let it return the o"
        ):
            prove_vjp(function, lambda dout: dout, x=(2,))
        with pytest.raises(
            CodeError, match=f"^{function.__name__} returns .*; let it return the s"
        ):
            prove_slope(doubled, function, x=(2,))

    def test_by_methods(self):
        class Nothing:
            def forward(self, x):
                pass

            def backward(self, dout):
                return dout

        with pytest.raises(CodeError, match=r"^Nothing\.forward returns nothing; let it return"):
            prove_vjp(Nothing, x=(2,))

    def test_numbers_that_are_none_in_the_code(self):
        with pytest.raises(CodeError, match="nan is no real number"):
            prove(squared, lambda x: x * np.array([np.nan, 1]), x=(2,))


class TestShapes:
    @pytest.mark.parametrize(
        "shape", [(2.5,), 2, np.ones(4), (True,), (None,), 2.5, None, np.int64(3), ("n", 2.5)]
    )
    def test_values_are_no_shapes(self, shape):
        with pytest.raises(CodeError, match="no input has a shape, x is passed as it is"):
            prove(squared, doubled, x=shape)
        with pytest.raises(CodeError, match="no input has a shape, x is passed as it is"):
            prove_vjp(lambda x: 2 * x, lambda dout: 2 * dout, x=shape)
        with pytest.raises(CodeError, match="no input has a shape, x is passed as it is"):
            prove_slope(doubled, lambda x: 2, x=shape)

    def test_truths_are_no_sizes(self, tmp_path, capsys):
        with pytest.raises(CodeError, match="the shape of y: True is no size"):
            prove(lambda x, y: squared(x), lambda x: 2 * x, x=("n",), y=Labels("n", True))
        (tmp_path / "own.py").write_text("def f(x):\n    return (x * x).sum(), 2 * x\n")
        assert cli.run(["--code", f"{tmp_path}/own.py:f", "--shape", "x=True,2"]) == 2
        assert "the shape of x: True is no size" in capsys.readouterr().err

    def test_integers_of_numpy_are_sizes(self):
        report = prove(squared, doubled, x=(np.int64(4), np.int32(2), "n"))
        assert report.proved
        assert report.inputs == {"x": (4, 2, "n")}
        assert all(type(size) is not np.int64 for size in report.inputs["x"])


class TestHypothesesOnValues:
    def test_are_refused(self):
        def loss(x, eps=1e-5):
            return (x * x).sum() / eps, 2 * x / eps

        said = r"eps > 0: eps is -1\.0 and is taken as it is; leave that out, or let eps have any"
        with pytest.raises(AssumptionError, match=said):
            prove(loss, x=("n",), eps=-1.0, assume=["eps > 0"])
        with pytest.raises(AssumptionError, match="eps is 1e-05 and is taken as it is"):
            prove(loss, x=("n",), assume="eps > 0")
        assert prove(loss, x=("n",), eps=(), assume="eps > 0")["x"].proved

    @pytest.mark.parametrize("assume", [3, [3], None])
    def test_that_are_no_texts(self, assume):
        with pytest.raises(AssumptionError, match="a hypothesis is text"):
            prove(squared, doubled, x=("n",), assume=assume)
