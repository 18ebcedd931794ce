"""Gradients and weights that properties give: what people read of an object is what is checked."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pytest

from gradcheck_sym import prove_vjp
from gradcheck_sym.errors import CodeError

SHAPES = {"d": "d", "t": "t", "x": ("n", "d")}


class Layer:
    """x @ w + b, whose gradients are kept in private."""

    def __init__(self, d, t):
        self.w, self.b = np.random.randn(d, t), np.zeros(t)

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, dout):
        self.delta = dout
        self._dw, self._db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.w.T


class Public(Layer):
    dw = property(lambda self: self._dw)
    db = property(lambda self: self._db)


class Scaled(Layer):
    dw = property(lambda self: self._dw / len_of(self.x))
    db = property(lambda self: self._db)


def len_of(x):
    return x.shape[0]


class Made(Layer):
    """Its properties compute the gradients."""

    dw = property(lambda self: self.x.T @ self.delta)
    db = property(lambda self: self.delta.sum(axis=0))

    def backward(self, dout):
        self.delta = dout
        return dout @ self.w.T


class MadeWrong(Made):
    db = property(lambda self: self.delta.mean(axis=0))


class Cached(Made):
    @cached_property
    def dw(self):
        return self.x.T @ self.delta

    def forward(self, x):
        vars(self).pop("dw", None)
        return super().forward(x)


class Lists(Layer):
    params = property(lambda self: [self.w, self.b])
    grads = property(lambda self: [self._dw, self._db])


class Square(Lists):
    """Of one shape, and swapped."""

    def __init__(self, t):
        self.w, self.b = np.ones(t), np.zeros(t)

    def forward(self, x, y):
        self.x, self.y = x, y
        return x * self.w + y * self.b

    def backward(self, dout):
        self._dw, self._db = (dout * self.x).sum(axis=0), (dout * self.y).sum(axis=0)
        return dout * self.w, dout * self.b


class Swapped(Square):
    grads = property(lambda self: [self._db, self._dw])


class SwappedAttributes(Square):
    grads = property(lambda self: [self.db, self.dw])

    def backward(self, dout):
        found = super().backward(dout)
        self.dw, self.db = self._dw, self._db
        return found


class Tables(Layer):
    """All of it is private."""

    def __init__(self, d, t):
        self._params, self._grads = {"w": np.random.randn(d, t), "b": np.zeros(t)}, {}

    params = property(lambda self: self._params)
    w = property(lambda self: self._params["w"])
    b = property(lambda self: self._params["b"])
    grads = property(lambda self: dict(self._grads))

    def backward(self, dout):
        self._grads["w"], self._grads["b"] = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.w.T


class HalfTables(Tables):
    grads = property(lambda self: {k: v / 2 for k, v in self._grads.items()})


class Clipped(Tables):
    """The tables are right, and are private: attributes are read."""

    params = grads = None
    dw = property(lambda self: np.clip(self._grads["w"], -1, 1))
    db = property(lambda self: self._grads["b"])


class Adds(Public):
    """Adds to private arrays."""

    def __init__(self, d, t):
        super().__init__(d, t)
        self._dw, self._db = np.zeros((d, t)), np.zeros(t)

    def backward(self, dout):
        self._dw += self.x.T @ dout
        self._db += dout.sum(axis=0)
        return dout @ self.w.T


class AddsInLists(Adds):
    dw = db = None
    params = property(lambda self: [self.w, self.b])
    grads = property(lambda self: [self._dw, self._db])


class AddsToNone(Public):
    def __init__(self, d, t):
        super().__init__(d, t)
        self._dw = None

    def backward(self, dout):
        dw = self.x.T @ dout
        self._dw = dw if self._dw is None else self._dw + dw
        self._db = dout.sum(axis=0)
        return dout @ self.w.T


class Net:
    """Layers, and all of their parameters in the order of the layers."""

    def __init__(self, d, t):
        self.layers = [Layer(d, t), Layer(t, t)]

    params = property(lambda self: [p for x in self.layers for p in (x.w, x.b)])
    grads = property(lambda self: [g for x in self.layers for g in (x._dw, x._db)])

    def forward(self, x):
        return self.layers[1].forward(np.tanh(self.layers[0].forward(x)))

    def backward(self, dout):
        h = np.tanh(self.layers[0].x @ self.layers[0].w + self.layers[0].b)
        return self.layers[0].backward(self.layers[1].backward(dout) * (1 - h**2))


class NetWrong(Net):
    grads = property(lambda self: [g for x in self.layers for g in (x._dw, 2 * x._db)])


class Parameter:
    def __init__(self, value):
        self.value, self._grad = value, None

    grad = property(lambda self: self._grad)


class Half(Parameter):
    grad = property(lambda self: self._grad / 2)


class OfParameters:
    kind = Parameter

    def __init__(self, d, t):
        self.w = self.kind(np.random.randn(d, t))

    def forward(self, x):
        self.x = x
        return x @ self.w.value

    def backward(self, dout):
        self.w._grad = self.x.T @ dout
        return dout @ self.w.value.T


class OfHalves(OfParameters):
    kind = Half


class Raises(Layer):
    @property
    def dw(self):
        return self.nothing

    db = property(lambda self: self._db)


class Iterators(Layer):
    params = property(lambda self: iter((self.w, self.b)))
    grads = property(lambda self: iter((self._dw, self._db)))


class OfInput(Public):
    dx = property(lambda self: 2 * self.delta @ self.w.T)


class Elsewhere(Public):
    """A property that cannot be read, which has to do with no gradient."""

    _scale = 2.0
    scale = property(lambda self: self.nothing)


RIGHT = [
    Elsewhere,
    Public,
    Made,
    Cached,
    Lists,
    Tables,
    Adds,
    AddsInLists,
    AddsToNone,
    Net,
    OfParameters,
]


@pytest.mark.parametrize("layer", RIGHT)
def test_what_properties_give_is_proved(layer):
    report = prove_vjp(layer, **SHAPES)
    assert report.proved
    assert len(report.parts) == (2 if layer is OfParameters else 5 if layer is Net else 3)


@pytest.mark.parametrize(
    ("layer", "wrong"),
    [
        (Scaled, {"w"}),
        (MadeWrong, {"b"}),
        (HalfTables, {"w", "b"}),
        (Clipped, {"w"}),
        (OfHalves, {"w_value"}),
    ],
)
def test_what_properties_give_is_refuted(layer, wrong):
    report = prove_vjp(layer, **SHAPES)
    assert {part.wrt for part in report.parts if part.kind == "refuted"} == wrong


def test_what_properties_give_goes_before_what_is_private():
    two = {"t": "t", "x": ("n", "t"), "y": ("n", "t")}
    assert prove_vjp(Square, **two).proved
    report = prove_vjp(Swapped, **two)
    assert {part.wrt for part in report.parts if part.kind == "refuted"} == {"w", "b"}
    with pytest.raises(CodeError, match=r"may be \.dw or \.grads\[0\]"):
        prove_vjp(SwappedAttributes, **two)
    report = prove_vjp(NetWrong, **SHAPES)
    assert sum(part.kind == "refuted" for part in report.parts) == 2


def test_what_cannot_be_read_is_refused():
    with pytest.raises(CodeError, match=r"in dw: it raises AttributeError"):
        prove_vjp(Raises, **SHAPES)
    with pytest.raises(CodeError, match=r"\.grads gives an iterator"):
        prove_vjp(Iterators, **SHAPES)
    with pytest.raises(CodeError, match=r"by x may be \.dx or what is returned"):
        prove_vjp(OfInput, **SHAPES)


class Weights:
    """The public names are properties on both sides."""

    def __init__(self, i, o):
        self._w, self._bias = np.random.randn(i, o), np.zeros(o)

    weights = property(lambda self: self._w)
    weights_grad = property(lambda self: self._dw)
    bias = property(lambda self: self._bias)
    bias_grad = property(lambda self: self._dbias)

    def forward(self, x):
        self._x = x
        return x @ self._w + self._bias

    def backward(self, dout):
        self._dw, self._dbias = self._x.T @ dout, dout.sum(axis=0)
        return dout @ self._w.T


class WeightsMean(Weights):
    weights_grad = property(lambda self: self._dw / len(self._x))


class ByMethod(Weights):
    gradients = property(lambda self: [self._dw / len(self._x), self._dbias])

    def parameters(self):
        return [self._w, self._bias]


class Remembering(Weights):
    @cached_property
    def weights_grad(self):
        return self._dw


class Transposed:
    """W is stored as torch stores it, and dW is right for W."""

    def __init__(self, i, o):
        self._W = np.random.randn(o, i)

    W = property(lambda self: self._W.T)

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, dout):
        self.dW = self.x.T @ dout
        return dout @ self.W.T


SQUARE = {"i": "i", "o": "i", "x": ("n", "i")}
ANY = {"i": "i", "o": "o", "x": ("n", "i")}


def test_names_that_are_properties_on_both_sides():
    assert prove_vjp(Weights, **ANY).proved
    assert prove_vjp(WeightsMean, **ANY)["_w"].kind == "refuted"


def test_gradients_by_what_a_method_gives_are_refused():
    with pytest.raises(CodeError, match="not known by which of"):
        prove_vjp(ByMethod, **ANY)


def test_a_property_that_remembers_gives_an_earlier_gradient():
    with pytest.raises(CodeError, match="after a step with other inputs"):
        prove_vjp(Remembering, **ANY)


@pytest.mark.parametrize("sizes", [SQUARE, {"i": 2, "o": 2, "x": ("n", 2)}])
def test_a_gradient_by_a_weight_that_a_property_computes_is_refused(sizes):
    with pytest.raises(CodeError, match=r"called after \.W, which a property computes"):
        prove_vjp(Transposed, **sizes)
