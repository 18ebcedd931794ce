"""How the functions are called: by keywords or places, with values, and what they do meanwhile."""

from __future__ import annotations

import numpy as np
import pytest

from gradcheck_sym import prove, prove_vjp
from gradcheck_sym.cli import run


def file_with(tmp_path, text):
    """The path of a file with this text."""
    path = tmp_path / f"{tmp_path.name}.py"  # a module by this name is kept
    path.write_text(f"import numpy as np\n{text}")
    return path


def said(capsys, path, *options):
    """What is said of a file of functions, and the exit code."""
    code = run(["--code", str(path), *options])
    out, err = capsys.readouterr()
    return code, out, err


class TestLossWithAxes:
    """A loss of one entry may have axes: the product of a row and a column has two."""

    REGRESSION: ClassVar = {"theta": ("d", 1), "x": ("n", "d"), "y": ("n", 1)}

    def test_the_vectorised_cost_of_logistic_regression(self):
        def cost(theta, x, y):
            h = 1 / (1 + np.exp(-x.dot(theta)))
            return 1 / len(y) * (-y.T.dot(np.log(h)) - (1 - y).T.dot(np.log(1 - h)))

        def gradient(theta, x, y):
            h = 1 / (1 + np.exp(-x.dot(theta)))
            return 1 / len(y) * x.T.dot(h - y)

        assert prove(cost, gradient, **self.REGRESSION).proved

    def test_beside_its_gradient(self):
        def cost(theta, x, y):
            e = x @ theta - y
            return e.T @ e / (2 * len(y)), x.T @ e / len(y)

        assert prove(cost, **self.REGRESSION).proved

    def test_of_one_axis(self):
        def cost(h, y):
            return ((h - y).T @ (h - y))[0] / 2

        assert prove(cost, lambda h, y: h - y, h=("n", 1), y=("n", 1)).proved

    def test_of_a_class(self):
        class Net:
            def __init__(self):
                self.W = np.ones((3, 1))

            def loss(self, X, y):  # noqa: N803
                e = X @ self.W - y
                return e.T @ e / 2, {"W": X.T @ e}

        assert prove(Net, X=("n", 3), y=("n", 1)).proved

    def test_without_a_gradient_by_it(self):
        def forward(h, y):
            return (h - y).T @ (h - y) / 2, (h, y)

        def backward(cache):
            return cache[0] - cache[1]

        assert prove_vjp(forward, backward, h=("n", 1), y=("n", 1)).proved

    @pytest.mark.parametrize(
        "text",
        [
            "def cost(h, y): return (h - y).T @ (h - y)\ndef cost_grad(h, y): return h - y\n",
            "def cost_loss(h, y): return (h - y).T @ (h - y), h - y\n",
        ],
    )
    def test_a_script_prints_numbers(self, tmp_path, capsys, text):
        path, script = file_with(tmp_path, text), tmp_path / "shown.py"
        options = ["--shape", "h=n,1", "--shape", "y=n,1", "--reproduce", str(script)]
        assert said(capsys, path, *options)[0] == 1
        exec(script.read_text(), {})
        quotient, returned = capsys.readouterr().out.split(",")
        assert float(quotient.split()[-1]) == pytest.approx(2, abs=1e-3)
        assert float(returned.split()[-1]) == 1

    def test_a_script_of_a_class_prints_numbers(self, tmp_path, capsys):
        text = """
class Net:
    def __init__(self):
        self.W = np.ones((3, 1))

    def loss(self, X, y):
        e = X @ self.W - y
        return e.T @ e, {"W": X.T @ e}
"""
        path, script = file_with(tmp_path, text), tmp_path / "shown.py"
        options = ["--shape", "X=n,3", "--shape", "y=n,1", "--reproduce", str(script)]
        assert said(capsys, path, *options)[0] == 1
        exec(script.read_text(), {})
        assert "[" not in capsys.readouterr().out
