"""Where an object keeps its weights, and the gradients by them: one wrong by a factor is found."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import pytest

from gradcheck_sym import prove_vjp
from gradcheck_sym.errors import CodeError


class Two:
    """x @ W + x @ V, the gradient by V twice what it should be."""

    def __init__(self):
        self.keep(np.ones((3, 3)), np.ones((3, 3)))

    def forward(self, x):
        self.x = x
        w, v = self.kept()
        return x @ w + x @ v

    def backward(self, dout):
        w, v = self.kept()
        self.leave(self.x.T @ dout, 2 * self.x.T @ dout)
        return dout @ w.T + dout @ v.T


class Underscores(Two):
    def keep(self, w, v):
        self._W, self._V = w, v

    def kept(self):
        return self._W, self._V

    def leave(self, w, v):
        self._dW, self._dV = w, v


class Lists(Two):
    def keep(self, w, v):
        self.Ws, self.dWs = [w, v], [0 * w, 0 * v]

    def kept(self):
        return self.Ws

    def leave(self, w, v):
        self.dWs = [w, v]


class FilledLists(Lists):
    def leave(self, w, v):
        self.dWs[0], self.dWs[1] = w, v


class NamedLists(Lists):
    def keep(self, w, v):
        self.Ws = [w, v]

    def leave(self, w, v):
        self.grad_Ws = [w, v]


class ListsInTables(Two):
    def keep(self, w, v):
        self.params, self.grads = {"W": [w, v]}, {}

    def kept(self):
        return self.params["W"]

    def leave(self, w, v):
        self.grads["W"] = [w, v]


class OfTheLoss(Two):
    def keep(self, w, v):
        self.W, self.V = w, v

    def kept(self):
        return self.W, self.V

    def leave(self, w, v):
        self.dL_dW, self.dL_dV = w, v


class Weight:
    def __init__(self, v):
        self.v, self.g = v, np.zeros_like(v)


class Objects(Two):
    def keep(self, w, v):
        self.W, self.V = Weight(w), Weight(v)

    def kept(self):
        return self.W.v, self.V.v

    def leave(self, w, v):
        self.W.g, self.V.g = w, v


KINDS = (Underscores, Lists, FilledLists, NamedLists, ListsInTables, OfTheLoss, Objects)


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_gradient_is_found_where_people_keep_it(kind):
    report = prove_vjp(kind, x=("n", 3))
    assert [part.kind for part in report] == ["proved", "proved", "refuted"]


def test_a_table_of_gradients_may_be_returned_beside_others():
    def forward(x, w, b):
        return x @ w + b, (x, w)

    def backward(dout, cache):
        x, w = cache
        return dout @ w.T, {"dw": 2 * x.T @ dout, "db": dout.sum(axis=0)}

    shapes = {"x": ("n", "d"), "w": ("d", "k"), "b": ("k",)}
    report = prove_vjp(forward, backward, **shapes)
    assert [part.kind for part in report] == ["proved", "refuted", "proved"]

    class Layer:
        def __init__(self):
            self.w = np.ones((3, 3))

        def forward(self, x):
            self.x = x
            return x @ self.w

        def backward(self, dout):
            return dout @ self.w.T, {"w": self.x.T @ dout}

    assert prove_vjp(Layer, x=("n", 3)).proved


@dataclass
class Kept:
    """What forward keeps is a field, too."""

    gamma: float = 1.0
    dgamma: float = 0.0
    x: np.ndarray | None = None

    def forward(self, x):
        self.x = x
        return self.gamma * x

    def backward(self, dout):
        self.dgamma = 3 * (dout * self.x).sum()
        return self.gamma * dout


def test_a_field_that_forward_keeps_its_input_in_is_no_argument():
    report = prove_vjp(Kept, x=("n", "d"))
    assert [part.kind for part in report] == ["proved", "refuted"]


@pytest.mark.parametrize(
    ("w", "v", "called"),
    [
        ("layer 1", "layer 2", ["layer_1", "layer_2"]),
        ("W", "W skip", ["W", "W_skip"]),
        (("W", 1), ("W", 2), ["W_1", "W_2"]),
        (0, 1, ["params_0", "params_1"]),
        ("b-1", "b_1", ["b_1", "b_1_2"]),
    ],
)
def test_keys_of_dicts_may_be_anything(w, v, called):
    class Keyed:
        def __init__(self):
            self.params = {w: np.ones((3, 3)), v: np.ones((3, 3))}
            self.grads = {}

        def forward(self, x):
            self.x, self.h = x, x @ self.params[w]
            return self.h @ self.params[v]

        def backward(self, dout):
            dh = dout @ self.params[v].T
            self.grads[w] = self.x.T @ dh
            self.grads[v] = 2 * self.h.T @ dout
            return dh @ self.params[w].T

    report = prove_vjp(Keyed, x=("n", 3))
    assert [part.wrt for part in report] == ["x", *called]
    assert [part.kind for part in report] == ["proved", "proved", "refuted"]


@pytest.mark.parametrize(
    ("b", "held"),
    [
        (np.zeros(3, dtype=int), "integers"),
        (np.array([True, False, True]), "truths"),
        (np.array([0.5, 1, 2], dtype=object), "objects"),
        ([0, 0, 0], "numbers in a list"),
        ([0.5, 1.0, 2.0], "numbers in a list"),
    ],
)
def test_a_gradient_by_what_is_no_array_of_floats_is_refused(b, held):
    class Affine:
        def __init__(self):
            self.W = np.ones((3, 3))
            self.params, self.grads = {"b": deepcopy(b)}, {}

        def forward(self, x):
            self.x = x
            return x @ self.W + np.array(self.params["b"])

        def backward(self, dout):
            self.dW = self.x.T @ dout
            self.grads["b"] = dout.mean(axis=0)
            return dout @ self.W.T

    said = rf"\.grads\['b'\] may be the gradient by \.params\['b'\], and that has {held}: make it"
    with pytest.raises(CodeError, match=said):
        prove_vjp(Affine, x=("n", 3))
