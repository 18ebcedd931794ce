"""The network: sizes, activations and loss as the named arrays X … A_out and J.

    Z_h = X W_h (+ b_h)         A_h = φ(Z_h)
    Z_out = A_h W_out (+ b_out)    A_out = φ(Z_out)
    J = Σ_i Σ_j L(y_ij, a_ij) (/n) (+ λ/2 Σ ‖W‖²), over the examples i and outputs j

Rows are examples: X (n×m), W_h (m×d), b_h (d), W_out (d×t), b_out (t), Y (n×t). Every entry of
these is any real number. With one layer there is W_out alone, with more than two they are called
W_1, W_2, …, W_out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import TypeVar

from gradcheck_sym.array import Array, Axis, Constant, Input, Let
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.errors import SizeError
from gradcheck_sym.language import scalar_function
from gradcheck_sym.rules import ACTIVATIONS, LOSSES, ROWWISE, known_rule, rule_name, truth
from gradcheck_sym.sizes import Size, parse_size, refuse_another_label, size_labels
from gradcheck_sym.term.terms import size_term

Found = TypeVar("Found")


@dataclass(frozen=True)
class Layer:
    """The names of one layer's arrays: its weights lead from `source` to `before` to `after`.

    `bias` and `total`, the row sums of a softmax, are None where the layer has none.
    """

    name: str
    activation: str
    source: str
    bias: str | None
    total: str | None

    # fmt: off
    @property
    def weights(self) -> str: return f"W_{self.name}"
    @property
    def before(self) -> str:  return f"Z_{self.name}"
    @property
    def after(self) -> str:   return f"A_{self.name}"
    @property
    def delta(self) -> str:   return f"delta_{self.name}"
    # fmt: on


@dataclass(frozen=True, init=False)
class Network:
    """A multi-layer perceptron m-…-t with n examples, and its loss.

    `Network(2, 2, 2)` has one example, `Network(4, 3, 5, n=3)` has three. A name stands for
    every positive integer: `Network("m", "d", "t", n="n")` is all such networks at once, and
    the same name twice means equal sizes. `hidden` and `output` name an activation or are a
    formula in z, `loss` names a loss or is a formula in y and a (`rules.py`). `bias` adds one to
    every layer, `mean` divides J by n, and `l2` adds λ/2 ‖W‖² for all weights, λ being `lam`.
    Raises `SizeError`, `RuleError` and `FormulaError` for what is none of these.
    """

    layers: tuple[Size, ...]
    n: Size
    hidden: str
    output: str
    loss: str
    bias: bool
    mean: bool
    l2: bool
    free: str | None = None

    def __init__(
        self,
        *layers: Size,
        n: Size = 1,
        hidden: str = "sigmoid",
        output: str = "sigmoid",
        loss: str = "bce",
        bias: bool = False,
        mean: bool = False,
        l2: bool = False,
    ) -> None:
        if len(layers) < 2:
            raise SizeError(f"{len(layers)} sizes given; a network has at least two, such as 2 2 2")
        labels = size_labels(len(layers))
        sizes = tuple(parse_size(label, size) for label, size in zip(labels, layers, strict=True))
        checked = {
            "layers": sizes,
            "n": parse_size("n", n),
            "hidden": rule_name(hidden, "hidden"),
            "output": rule_name(output, "output"),
            "loss": rule_name(loss, "loss"),
            **{k: truth(k, v) for k, v in (("bias", bias), ("mean", mean), ("l2", l2))},
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        refuse_another_label(self.sizes)

    @cached_property
    def sizes(self) -> dict[str, Size]:
        """The sizes by name: m, d, t and n, or m, d_1, d_2, …, t and n."""
        return {**dict(zip(size_labels(len(self.layers)), self.layers, strict=True)), "n": self.n}

    @property
    def m(self) -> Size:
        """The number of inputs."""
        return self.layers[0]

    @property
    def d(self) -> Size:
        """The number of units in the last hidden layer; of inputs if there is none."""
        return self.layers[-2]

    @property
    def t(self) -> Size:
        """The number of outputs."""
        return self.layers[-1]

    @cached_property
    def structure(self) -> tuple[Layer, ...]:
        """The layers from the first to the output."""
        count = len(self.layers) - 1
        hidden = ["h"] if count == 2 else [str(k) for k in range(1, count)]
        sources = ["X", *(f"A_{name}" for name in hidden)]
        found = []
        for name, source in zip([*hidden, "out"], sources, strict=True):
            activation = self.output if name == "out" else self.hidden
            bias = f"b_{name}" if self.bias else None
            total = f"S_{name}" if activation in ROWWISE else None
            found.append(Layer(name, activation, source, bias, total))
        return tuple(found)

    @property
    def parameters(self) -> tuple[str, ...]:
        """What J may be differentiated by: W_h, b_h, W_out, b_out."""
        pairs = ((layer.weights, layer.bias) for layer in self.structure)
        return tuple(name for pair in pairs for name in pair if name)

    @property
    def differentiable(self) -> tuple[str, ...]:
        """The parameters, and what they act on and lead to: X, Z_h, A_h, Z_out, A_out."""
        pairs = ((layer.before, layer.after) for layer in self.structure)
        return (*self.parameters, "X", *(name for pair in pairs for name in pair))

    def by(self, wrt: str) -> Network:
        """The same network, in which what J is differentiated by is free.

        J by Z_out is a question about what comes after Z_out alone.
        """
        if isinstance(self.arrays[wrt], Input):
            return self
        freed = copy(self)
        for made in ("arrays", *(name for name in vars(freed) if "." in name)):
            vars(freed).pop(made, None)
        object.__setattr__(freed, "free", wrt)
        return freed

    def layer_of(self, name: str) -> Layer:
        """The layer whose error term the gradient by this is made of: the one that reads it."""
        parts = ((x, (x.weights, x.bias, x.before, x.source)) for x in self.structure)
        return next((x for x, own in parts if name in own), self.structure[-1])

    def later(self, parameter: str) -> tuple[Size, ...]:
        """The sizes of the layers after the one whose parameter this is."""
        return self.layers[self.structure.index(self.layer_of(parameter)) + 2 :]

    @cached_property
    def arrays(self) -> Mapping[str, Array]:
        """X, the weights and biases, Y, Z_h, A_h, Z_out, A_out and J by name."""
        *axes, examples = (Axis(label, size) for label, size in self.sizes.items())
        arrays: dict[str, Array] = {"X": Input("X", (examples, axes[0]))}
        for layer, rows, columns in zip(self.structure, axes, axes[1:], strict=False):
            arrays[layer.weights] = Input(layer.weights, (rows, columns))
            if layer.bias:
                arrays[layer.bias] = Input(layer.bias, (columns,))
        arrays["Y"] = Input("Y", (examples, axes[-1]))
        if self.l2:
            arrays["lam"] = Input("lam", ())
        for layer in self.structure:
            for array in _forward(layer, arrays, self.free):
                arrays[array.name] = array
        arrays["J"] = self._loss(arrays)
        return arrays

    def _loss(self, arrays: Mapping[str, Array]) -> Let:
        loss = scalar_function(known_rule(self.loss, LOSSES), "ya")
        total: Array = loss(arrays["Y"], arrays["A_out"]).sum()
        if self.mean:
            total = total / Constant(size_term(self.n))
        if self.l2:
            for layer in self.structure:
                total = total + (arrays["lam"] * arrays[layer.weights] ** 2).sum() / 2
        return Let("J", total)

    def variable(self, name: str) -> Input:
        """The free array of that name."""
        array = self.arrays[name]
        if not isinstance(array, Input):
            raise TypeError(f"{name} is defined by others, not free")
        return array

    @property
    def loss_array(self) -> Array:
        """J, as it is written out."""
        array = self.arrays["J"]
        assert isinstance(array, Let)
        return array.definition


def once(function: Callable[[Network], Found]) -> Callable[[Network], Found]:
    """A function of a network that each computes once, and that lives no longer than it does."""
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def found(network: Network) -> Found:
        known: dict[str, Found] = vars(network)
        if name not in known:
            known[name] = function(network)
        return known[name]

    return found


def _forward(layer: Layer, arrays: Mapping[str, Array], free: str | None) -> Iterator[Input | Let]:
    """Z, the row sums of a softmax, and A; the one that is free is no more than a name."""

    def named(name: str, value: Array) -> Input | Let:
        return Input(name, value.shape) if name == free else Let(name, value)

    product = arrays[layer.source] @ arrays[layer.weights]
    before = named(layer.before, product + arrays[layer.bias] if layer.bias else product)
    yield before
    if not layer.total:
        function = scalar_function(known_rule(layer.activation, ACTIVATIONS), "z")
        yield named(layer.after, function(before))
        return
    total = Let(layer.total, OPERATIONS["exp"](before).sum(axis=1))
    yield total
    function = scalar_function(ROWWISE[layer.activation], "zs")
    yield named(layer.after, function(before, total.expand(1)))
