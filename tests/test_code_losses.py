"""Losses as people write them: without an upstream gradient, with targets of two values."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest

from gradcheck_sym import Labels, prove, prove_slope, prove_vjp
from gradcheck_sym.cli import run
from gradcheck_sym.code.drawn import _as_assumed
from gradcheck_sym.errors import AssumptionError, CodeError
from gradcheck_sym.hypotheses import natural

TABLE = {"x": ("n", "t"), "y": ("n", "t")}


class CrossEntropy:
    axis = 1

    def forward(self, x, y):
        e = np.exp(x - x.max(axis=self.axis, keepdims=True))
        self.p, self.y = e / e.sum(axis=self.axis, keepdims=True), y
        return -(y * np.log(self.p)).sum()

    def backward(self, dout=1):
        return dout * (self.p - self.y)


class OfColumns(CrossEntropy):
    axis = 0


class TestWithoutUpstream:
    def test_a_class(self):
        class MeanSquare:
            def forward(self, x, y):
                self.x, self.y = x, y
                return ((x - y) ** 2).mean()

            def backward(self):
                return 2 * (self.x - self.y) / self.x.size

        class Forgets(MeanSquare):
            def backward(self):
                return 2 * (self.x - self.y)

        assert prove_vjp(MeanSquare, **TABLE).proved
        report = prove_vjp(Forgets, **TABLE)
        assert report.refuted
        assert "what is returned is n × the gradient" in str(report) or "n·t" in str(report)

    def test_functions_of_a_cache_and_of_inputs(self):
        def forward(x, y):
            return ((x - y) ** 2).sum(), (x, y)

        def of_cache(cache):
            x, y = cache
            return 2 * (x - y)

        def of_inputs(x, y):
            return x - y

        assert prove_vjp(forward, of_cache, **TABLE).proved
        assert prove_vjp(forward, of_inputs, **TABLE).refuted

    def test_what_is_no_number_needs_one(self):
        def forward(x):
            return x * x

        with pytest.raises(CodeError, match="takes no gradient by the output, which has the shape"):
            prove_vjp(forward, lambda x: 2 * x, x=("n",))

    def test_none_for_what_has_no_gradient(self):
        def forward(x, k=2):
            return k * x, k

        assert prove_vjp(forward, lambda dout, k: (k * dout, None), x=("n",), k=2).proved


class TestAssumed:
    @pytest.mark.parametrize(("layer", "axis"), [(CrossEntropy, 1), (OfColumns, 0)])
    def test_targets_that_sum_to_1(self, layer, axis):
        assumed = f"y.sum(axis={axis}) == 1"
        assert prove_vjp(layer, assume=[assumed], **TABLE).proved
        report = prove_vjp(layer, **TABLE)
        assert report.refuted
        assert f"(proved): assume {assumed!r}" in str(report)

    def test_targets_of_two_values(self):
        def loss(w, y):
            return ((1 - y * w) ** 2).sum()

        def grad(w, y):
            return 2 * (w - y)

        shapes = {"w": ("n",), "y": ("n",)}
        assert prove(loss, grad, assume=["y**2 == 1"], **shapes).proved
        report = prove(loss, grad, assume=["y**2 == y"], **shapes)
        assert report.refuted
        assert "each entry of y is -1 or 1 (proved)" in str(prove(loss, grad, **shapes))

    def test_what_is_no_use_is_refused(self):
        def loss(w, y):
            return (w * y).sum()

        with pytest.raises(AssumptionError, match=r"y\*\*2 == 4: no use can be made of this"):
            prove(loss, lambda w, y: y, assume=["y**2 == 4"], w=("n",), y=("n",))
        sums = ["y.sum(axis=0) == 1", "y.sum(axis=1) == 1"]
        with pytest.raises(AssumptionError, match="y sums to 1 along one axis here"):
            prove(loss, lambda w, y: y, assume=sums, w=("n", "t"), y=("n", "t"))
        with pytest.raises(AssumptionError, match="not both 0 or 1 and -1 or 1"):
            prove(loss, lambda w, y: y, assume=["y**2 == y", "y**2 == 1"], w=("n",), y=("n",))

    @pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 4)])
    def test_what_is_drawn_is_as_assumed(self, shape):
        drawn = np.random.default_rng(0).uniform(-2, 2, shape)
        y = {"y": drawn}
        for one in natural("y", len(shape)):
            y["y"] = _as_assumed(drawn, [one])
            left, right = one.text.split("==")
            assert np.allclose(eval(left, y), eval(right, y)), one.text

    def test_one_hot(self):
        rows, bits = next(natural("y", 2)), list(natural("y", 2))[2]
        y = _as_assumed(np.random.default_rng(0).uniform(-2, 2, (5, 4)), [rows, bits])
        assert sorted(y.ravel()) == [0] * 15 + [1] * 5
        assert (y.sum(axis=1) == 1).all()

    def test_a_hypothesis_about_one_pair_of_a_file(self, tmp_path, capsys):
        path = tmp_path / "losses.py"
        path.write_text(
            "def square_forward(w, y): return ((1 - y * w) ** 2).sum(), (w, y)\n"
            "def square_backward(dout, cache): return 2 * dout * (cache[0] - cache[1])\n"
            "def twice_forward(x): return 2 * x\n"
            "def twice_backward(dout): return 2 * dout\n"
        )
        shapes = [f"--shape={name}=n" for name in "wxy"]
        assert run(["--code", str(path), *shapes, "--assume", "y**2 == 1"]) == 0
        assert "2 of 2 pairs proved" in capsys.readouterr().out


class TestNumbers:
    def test_e_is_exact(self):
        def sigmoid(z):
            return 1 / (1 + np.e**-z)

        def slope(z):
            return sigmoid(z) * (1 - sigmoid(z))

        assert prove_slope(sigmoid, slope, z=("n",)).proved
        assert prove_slope(lambda z: math.e**z, lambda z: np.exp(z) * 1, z=("n",)).proved
        assert prove_slope(
            lambda z: math.e * z, lambda z: 0 * z + 2.718281828459045, z=("n",)
        ).proved
        assert prove_slope(
            lambda z: math.e * z, lambda z: 0 * z + 2.71828182845904, z=("n",)
        ).refuted

    @pytest.mark.parametrize(
        ("value", "decimal"),
        [
            (lambda: 1 / np.log(2), 1.4426950408889634),
            (lambda: 1 / math.log(10), math.log10(math.e)),
            (lambda: np.log(0.5), -0.6931471805599453),
            (lambda: -1 / np.log(3), -0.9102392266268373),
            (lambda: np.exp(-2), 0.1353352832366127),
            (lambda: np.exp(3), math.e**3),
            (lambda: np.exp(-0.5), 0.6065306597126334),
        ],
    )
    def test_a_logarithm_and_a_power_of_e_are_exact(self, value, decimal):
        right = prove_slope(lambda z: z * value(), lambda z: 0 * z + decimal, z=("n",))
        assert right.proved
        assert not right.parts[0].conditions
        off = decimal * (1 + 4e-15)
        assert prove_slope(lambda z: z * value(), lambda z: 0 * z + off, z=("n",)).refuted


class TestParameters:
    def test_a_gradient_beside_its_value(self):
        class Parameter:
            def __init__(self, value):
                self.value, self.grad = value, np.zeros_like(value)

        class Dense:
            def __init__(self, d, t):
                self.W, self.b = Parameter(np.ones((d, t))), Parameter(np.zeros(t))
                self.parameters = [self.W, self.b]

            def forward(self, x):
                self.x = x
                return x @ self.W.value + self.b.value

            def backward(self, dout):
                self.W.grad = self.x.T @ dout
                self.b.grad = dout.sum(axis=0)
                return dout @ self.W.value.T

        class Averages(Dense):
            def backward(self, dout):
                dx = super().backward(dout)
                self.b.grad = dout.mean(axis=0)
                return dx

        shapes = {"d": "d", "t": "t", "x": ("n", "d")}
        assert prove_vjp(Dense, **shapes).proved
        kinds = {part.wrt: part.kind for part in prove_vjp(Averages, **shapes)}
        assert kinds == {"x": "proved", "W_value": "proved", "b_value": "refuted"}


class TwoLayers:
    """As courses write it: one method gives the scores, or the loss and its gradients."""

    def __init__(self, d, h, t, std=1e-4):
        self.params = {
            **{"W1": std * np.random.randn(d, h), "b1": np.zeros(h)},
            **{"W2": std * np.random.randn(h, t), "b2": np.zeros(t)},
        }

    def loss(self, X, y=None, reg=0.0):  # noqa: N803
        h = np.maximum(0, X.dot(self.params["W1"]) + self.params["b1"])
        scores = h.dot(self.params["W2"]) + self.params["b2"]
        if y is None:
            return scores
        rows = np.arange(X.shape[0])
        p = np.exp(scores - np.max(scores, axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        squares = np.sum(self.params["W1"] ** 2) + np.sum(self.params["W2"] ** 2)
        loss = -np.log(p[rows, y]).sum() / len(X) + reg * squares
        p[rows, y] -= 1
        dscores = p / len(X)
        dh = dscores.dot(self.params["W2"].T) * (h > 0)
        return loss, self.gradients(X, h, dh, dscores, reg)

    def gradients(self, X, h, dh, dscores, reg):  # noqa: N803
        return {
            "W1": X.T.dot(dh) + 2 * reg * self.params["W1"],
            "b1": dh.sum(axis=0),
            "W2": h.T.dot(dscores) + 2 * reg * self.params["W2"],
            "b2": dscores.sum(axis=0),
        }


class HalfThePenalty(TwoLayers):
    def gradients(self, X, h, dh, dscores, reg):  # noqa: N803
        found = super().gradients(X, h, dh, dscores, reg)
        return {**found, "W1": X.T.dot(dh) + reg * self.params["W1"]}


SHAPES = {"d": "d", "h": "h", "t": "t", "X": ("n", "d"), "y": Labels("n", "t"), "reg": ()}


class TestLossOfAClass:
    def test_its_weights_are_free_and_each_gradient_is_proved(self):
        report = prove(TwoLayers, **SHAPES)
        assert report.proved
        assert [part.wrt for part in report] == ["W1", "b1", "W2", "b2"]
        assert prove_vjp(TwoLayers(3, 2, 2), X=("n", 3), y=Labels("n", 2)).proved

    def test_half_the_slope_of_a_penalty_is_refuted(self):
        report = prove(HalfThePenalty, **SHAPES)
        kinds = {part.wrt: part.kind for part in report}
        assert kinds == {"W1": "refuted", "b1": "proved", "W2": "proved", "b2": "proved"}

    def test_what_it_keeps_is_refused(self):
        class Keeps(TwoLayers):
            def gradients(self, X, h, dh, dscores, reg):  # noqa: N803
                self.X = getattr(self, "X", X)
                return super().gradients(self.X, h, dh, dscores, reg)

        with pytest.raises(CodeError, match=r"Keeps.*after a step with other inputs"):
            prove(Keeps, **SHAPES)

    def test_it_is_found_in_a_file(self, tmp_path, capsys):
        file = tmp_path / "net.py"
        file.write_text(
            "import numpy as np\n"
            "class Linear:\n"
            "    def __init__(self, d):\n"
            "        self.w = np.zeros(d)\n"
            "    def loss(self, X, Y):\n"
            "        r = X @ self.w - Y\n"
            "        return (r ** 2).sum(), X.T @ r\n"
        )
        options = ["--shape", "d=d", "--shape", "X=n,d", "--shape", "Y=n"]
        assert run(["--code", str(file), *options]) == 1
        said = capsys.readouterr().out
        assert "what is returned is 1/2 × the gradient" in said
        script = tmp_path / "shown.py"
        assert run(["--code", str(file), *options, "--reproduce", str(script)]) == 1
        done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
        assert "difference quotient" in done.stdout


NEAR = """
import numpy as np

def bce_loss(p, y):
    q = np.clip(p, 1e-7, 1 - 1e-7)
    loss = -(y * np.log(q) + (1 - y) * np.log(1 - q)).sum()
    return loss, (q - y) / (q * (1 - q))

def total_loss(x):
    d = x[1:] - x[:-1]
    return (d**2).sum(), 2 * x
"""


class TestCommand:
    @pytest.fixture
    def file(self, tmp_path):
        path = tmp_path / "near.py"
        path.write_text(NEAR, "utf-8")
        return path

    def test_a_script_takes_a_step_that_does_not_reach_over_a_border(self, file, tmp_path):
        script = tmp_path / "point.py"
        asked = ["--code", f"{file}:bce_loss", "--shape", "p=n,d", "--shape", "y=n,d"]
        assert run([*asked, "--reproduce", str(script)]) == 1
        done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
        assert "difference quotient 0.0, returned 1.0000001" in done.stdout

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            ("--shape x=n,d", "give numbers, such as n=3"),
            ("--shape x=n,,d", "--shape x=n,,d: a size is missing between the commas"),
            ("--shape x=,", "a size is missing"),
            ("--shape x=3,d --shape x=4,d", "--shape x=4,d: x is given twice"),
        ],
    )
    def test_what_is_wrong_is_named(self, options, said, file, capsys):
        assert run(["--code", f"{file}:total_loss", *options.split()]) == 2
        assert said in capsys.readouterr().err

    def test_colours_may_be_switched_off(self, file):
        asked = ["--code", f"{file}:total_loss", "--shape", "x=3,d", "--color", "never"]
        assert run([*asked, "--quiet"]) == 1


def test_sizes_of_hundreds_of_entries_have_one_proof():
    def softmax_loss(scores, y):
        n = len(scores)
        shifted = scores - scores.max(axis=1, keepdims=True)
        p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
        loss = -np.log(p[np.arange(n), y]).mean()
        dscores = p.copy()
        dscores[np.arange(n), y] -= 1
        return loss, dscores / n

    assert prove(softmax_loss, scores=(64, 10), y=Labels(64, 10)).proved


def test_noise_that_is_drawn_may_stand_in_logarithms_below_a_maximum():
    def forward(logits, tau=0.5):
        noise = -np.log(-np.log(np.random.uniform(size=logits.shape)))
        z = (logits + noise) / tau
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        p = e / e.sum(axis=-1, keepdims=True)
        return p, (p, tau)

    def backward(dout, cache):
        p, tau = cache
        return p * (dout - (dout * p).sum(axis=-1, keepdims=True)) / tau

    report = prove_vjp(forward, backward, logits=("n", "t"))
    assert report.proved
    assert "provided that" in str(report)


def test_what_an_array_has_is_not_found_missing_by_getattr():
    def forward(x):
        try:
            return x * (getattr(x, "strides")[-1] / 8), None  # noqa: B009 - as it is asked for
        except AttributeError:
            return 2 * x, None

    with pytest.raises(CodeError, match=r"\.strides is not supported.*which is caught"):
        prove_vjp(forward, lambda dout: 2 * dout, x=("n",))


def softmax_by_examples(counted):
    """As courses ask for it, in loops; the gradient is that of so many of the four examples."""

    def loss_and_gradient(w, x, y):
        loss, dw = 0.0, np.zeros_like(w)
        for i in range(x.shape[0]):
            scores = x[i].dot(w)
            scores -= np.max(scores)
            p = np.exp(scores) / np.sum(np.exp(scores))
            loss += -np.log(p[y[i]])
            for j in range(w.shape[1] if i < counted else 0):
                dw[:, j] += (p[j] - (j == y[i])) * x[i]
        return loss / x.shape[0], dw / x.shape[0]

    return loss_and_gradient


def test_examples_one_by_one_have_a_denominator_each():
    shapes = {"w": (3, 3), "x": (4, 3), "y": Labels(4, 3)}
    assert prove(softmax_by_examples(4), timeout=60, **shapes).proved
    assert prove(softmax_by_examples(3), timeout=60, **shapes).refuted


def hinge_by_examples(penalty):
    """The loss of a support vector machine in loops, with a penalty of 1/2 Σ w²."""

    def loss_and_gradient(w, x, y):
        loss, dw = 0.0, np.zeros(w.shape)
        for i in range(x.shape[0]):
            scores = x[i].dot(w)
            for j in range(w.shape[1]):
                other = 1 - (y[i] == j)
                margin = scores[j] - scores[y[i]] + 1
                loss += np.maximum(0, margin) * other
                dw[:, j] += x[i] * (margin > 0) * other
                dw[:, y[i]] -= x[i] * (margin > 0) * other
        return loss / x.shape[0] + 0.5 * np.sum(w * w), dw / x.shape[0] + penalty * w

    return loss_and_gradient


def test_margins_of_examples_one_by_one():
    shapes = {"w": (3, 2), "x": (4, 3), "y": Labels(4, 2)}
    assert prove(hinge_by_examples(1), timeout=60, **shapes).proved
    assert prove(hinge_by_examples(0.5), timeout=60, **shapes).refuted


class Selu:
    """Python rounds the product of both constants before anything is computed with it."""

    scale, alpha = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717

    def forward(self, x):
        self.x = x
        return self.scale * np.where(x > 0, x, self.alpha * (np.exp(x) - 1))

    def backward(self, dout):
        below = self.scale * self.alpha * np.exp(self.x)
        return dout * np.where(self.x > 0, self.scale, below)


class SeluOff(Selu):
    def backward(self, dout):
        below = 1.7580993408473768 * np.exp(self.x)
        return dout * np.where(self.x > 0, self.scale, below)


def test_products_of_constants_that_python_rounds():
    assert prove_vjp(Selu, x=("n",)).proved
    assert prove_vjp(SeluOff, x=("n",))["x"].kind == "refuted"
