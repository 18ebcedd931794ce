"""Layers whose methods return nothing: the output and the gradient by the input are attributes."""

import numpy as np
import pytest

from gradcheck_sym import prove_vjp
from gradcheck_sym.errors import CodeError


class Dense:
    def __init__(self, n_inputs, n_neurons):
        self.weights = 0.01 * np.random.randn(n_inputs, n_neurons)
        self.biases = np.zeros((1, n_neurons))

    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.dot(inputs, self.weights) + self.biases

    def backward(self, dvalues):
        self.dweights = np.dot(self.inputs.T, dvalues)
        self.dbiases = np.sum(dvalues, axis=0, keepdims=True)
        self.dinputs = np.dot(dvalues, self.weights.T)


class Rectifier:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = np.maximum(0, inputs)

    def backward(self, dvalues):
        self.dinputs = dvalues.copy()
        self.dinputs[self.inputs <= 0] = 0


class Cube:
    def forward(self, inputs):
        self.inputs = inputs
        self.output = inputs**3

    def backward(self, dvalues):
        self.dinputs = dvalues * 2 * self.inputs**2


class FromOutput:
    def forward(self, inputs):
        self.out = np.tanh(inputs)

    def backward(self, dvalues, out):
        self.dinputs = dvalues * (1 - out**2)


class Overwritten:
    """Wrong: the input is kept, and written over."""

    def forward(self, inputs):
        self.inputs = inputs
        self.output = inputs
        self.output *= inputs

    def backward(self, dvalues):
        self.dinputs = 2 * dvalues * self.inputs


class Returned(Cube):
    """Wrong: what is returned goes before the attribute of the same name, which must agree."""

    def backward(self, dvalues):
        self.dinputs = 3 * dvalues * self.inputs**2
        return dvalues * self.inputs


class Two(Cube):
    def backward(self, dvalues):
        self.dinputs = 3 * dvalues * self.inputs**2
        self.grad_inputs = dvalues * self.inputs


class OfForward(Cube):
    """What forward leaves is no gradient of backward's."""

    def forward(self, inputs):
        super().forward(inputs)
        self.dinputs = 3 * inputs**2

    def backward(self, dvalues):
        self.other = dvalues


class OutputOnce:
    """The output of the first call is kept for all others."""

    def __init__(self):
        self.output = None

    def forward(self, inputs):
        if self.output is None:
            self.output = np.tanh(inputs)

    def backward(self, dvalues):
        self.dinputs = dvalues * (1 - self.output**2)


class TwoOutputs(Cube):
    def forward(self, inputs):
        super().forward(inputs)
        self.out = inputs


ND = {"inputs": ("n", "d")}


def test_a_layer_that_returns_nothing_is_proved_by_its_attributes():
    report = prove_vjp(Dense, n_inputs="d", n_neurons="t", **ND)
    assert report.proved, str(report)
    assert {part.wrt for part in report} == {"inputs", "weights", "biases"}
    said = str(report)
    assert "self.output is taken for the output, since forward returns nothing" in said
    assert "self.dinputs is taken for the gradient by inputs" in said


@pytest.mark.parametrize("layer", [Rectifier, FromOutput])
def test_a_cache_and_an_output_that_is_passed_are_known(layer):
    report = prove_vjp(layer, **ND)
    assert report.proved, str(report)


@pytest.mark.parametrize("layer", [Cube, Overwritten])
def test_a_wrong_attribute_is_refuted_and_reproduced(layer, tmp_path):
    report = prove_vjp(layer, **ND)
    assert report.refuted, str(report)
    (part,) = report
    path = tmp_path / "again.py"
    path.write_text(part.reproduction)
    there = {"__name__": "again"}
    exec(compile(part.reproduction, str(path), "exec"), there)
    result = np.asarray(there["_layer"].dinputs)
    assert result.shape == there["_inputs"]["inputs"].shape


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        (Returned, "the gradient by inputs may be .dinputs or what is returned"),
        (Two, "the gradient by inputs may be .grad_inputs or .dinputs"),
        (OfForward, "no gradients"),
        (OutputOnce, "OutputOnce.forward returns nothing"),
        (TwoOutputs, "TwoOutputs.forward returns nothing"),
    ],
)
def test_what_may_be_one_or_another_is_refused(layer, said):
    with pytest.raises(CodeError, match=said):
        prove_vjp(layer, **ND)


class OfWeights(Dense):
    """Returns the gradients by its weights, and keeps that by its input."""

    def forward(self, inputs):
        super().forward(inputs)
        return self.output

    def backward(self, dvalues):
        super().backward(dvalues)
        dweights, dbiases = self.dweights, self.dbiases
        return dweights, dbiases


class OfWeightsTwice(OfWeights):
    def backward(self, dvalues):
        found = super().backward(2 * dvalues)
        dweights, dbiases = found[0] / 2, found[1] / 2
        self.dweights, self.dbiases = dweights, dbiases
        return dweights, dbiases


@pytest.mark.parametrize(("layer", "kind"), [(OfWeights, "proved"), (OfWeightsTwice, "refuted")])
def test_the_gradient_by_the_input_may_be_kept_beside_those_that_are_returned(layer, kind):
    report = prove_vjp(layer, n_inputs="d", n_neurons="t", **ND)
    assert report["inputs"].kind == kind, str(report)
    assert report["weights"].proved


class Residual:
    """Right, but in an attribute that is not called after the input."""

    def __init__(self, d):
        self.dense = Dense(d, d)

    def forward(self, inputs):
        self.dense.forward(inputs)
        self.output = self.dense.output + inputs

    def backward(self, dvalues):
        self.dense.backward(dvalues)
        self.dx = self.dense.dinputs + dvalues


def test_what_a_layer_inside_keeps_is_by_its_own_input():
    report = prove_vjp(Residual, d="d", **ND)
    assert "inputs" not in {part.wrt for part in report}
    assert "not looked at: self.dx, self.dense.dinputs" in str(report)
