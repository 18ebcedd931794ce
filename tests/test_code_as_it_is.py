"""Arrays of an object that are no weights: any numbers, or as they are where that is assumed."""

import subprocess
import sys

import numpy as np
import pytest

from gradcheck_sym import cli, prove_vjp
from gradcheck_sym.errors import AssumptionError, GradcheckError


class Sobel:
    kernel = np.array([[1.0, 0.0, -1.0]])

    def forward(self, x):
        return (x * self.kernel).sum(1)

    def backward(self, dout):
        return dout[:, None] * np.array([1.0, 0.0, -1.0])


class Centre:
    def __init__(self):
        self.mean = np.ones((3, 3)) / 3

    def forward(self, x):
        return x - x @ self.mean

    def backward(self, dout):
        return dout - dout.mean(axis=1, keepdims=True)


class Hadamard:
    def __init__(self):
        self.inner = [np.array([[1.0, 1.0], [1.0, -1.0]]) / np.sqrt(2)]

    def forward(self, x):
        return x @ self.inner[0] @ self.inner[0]

    def backward(self, dout):
        return dout


class Smooth:
    def __init__(self, t):
        self.eye = np.eye(t)

    def forward(self, x):
        return x @ self.eye

    def backward(self, dout):
        return dout


class Scale:
    def __init__(self):
        self.scale = np.array(2.0)

    def forward(self, x):
        return x * self.scale

    def backward(self, dout):
        return dout * 2


CASES = [
    (Sobel, {"x": (2, 3)}, ".kernel", "[[1, 0, -1]] "),
    (Centre, {"x": ("n", 3)}, ".mean", "left "),
    (Hadamard, {"x": ("n", 2)}, ".inner[0]", "left "),
    (Smooth, {"x": ("n", "t"), "t": "t"}, ".eye", "left "),
    (Scale, {"x": ("n", "d")}, ".scale", "2 "),
    (Scale(), {"x": ("n", "d")}, ".scale", "2 "),
]


@pytest.mark.parametrize(("layer", "shapes", "place", "shown"), CASES)
def test_a_refutation_says_that_it_is_right_with_the_numbers_of_the_object(
    layer, shapes, place, shown
):
    part = prove_vjp(layer, **shapes)["x"]
    assert part.kind == "refuted"
    said = f"it is right if self{place} is {shown}as in the object (proved): assume "
    assert part.diagnosis.startswith(f"{said}'self{place} as it is'")


@pytest.mark.parametrize(("layer", "shapes", "place", "_"), CASES)
def test_it_is_proved_where_that_is_assumed(layer, shapes, place, _):
    report = prove_vjp(layer, **shapes, assume=[f"self{place} as it is"])
    assert report.proved
    assert report["x"].compared
    assert f"assumed: self{place} as it is" in str(report)
    assert f"self{place} = " in str(report)


FILE = """
import numpy as np

class Sobel:
    def __init__(self):
        self.K, self.L = np.array([[1.0, 0.0, -1.0]]), np.array(2.0)

    def forward(self, x):
        return (x * self.K * self.L).sum(1)

    def backward(self, dout):
        return dout[:, None] * np.array([2.0, 0.0, -2.0])

def times_forward(x, K):
    return x * K, (x, K)

def times_backward(dout, cache):
    x, K = cache
    return dout * K, dout * x
"""


def test_on_the_command_line_it_is_said_of_classes_and_not_of_functions(tmp_path, capsys):
    file = tmp_path / "layers.py"
    file.write_text(FILE)
    words = ["--code", str(file), "--shape", "x=2,3", "--shape", "K=2,3"]
    assert cli.run(words) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "self.K is [[1, 0, -1]] and self.L is 2 as in the object (proved): assume" in said
    assume = ["--assume", "self.K as it is", "--assume", "self.L as it is"]
    assert cli.run([*words, *assume]) == 0
    words[1] += ":times_backward"
    assert cli.run([*words, *assume]) == 2
    assert "that is said of objects alone" in capsys.readouterr().err


class Wrong(Sobel):
    def backward(self, dout):
        return dout[:, None] * np.array([1.0, 0.0, -1.5])


def test_what_is_wrong_with_these_numbers_is_refuted_and_told():
    report = prove_vjp(Wrong, x=(2, 3))
    assert report["x"].diagnosis is None
    assert report.remarks[-1] == (
        "self.kernel, which is [[1, 0, -1]] in the object, was taken for any numbers: to keep it "
        "as it is, assume 'self.kernel as it is'"
    )
    report = prove_vjp(Wrong, x=(2, 3), assume=["self.kernel as it is"])
    assert report["x"].kind == "refuted"
    assert report.remarks == ()
    script = [sys.executable, "-c", report["x"].reproduction]
    ran = subprocess.run(script, check=True, capture_output=True, text=True)
    assert "returned -1.5" in ran.stdout


class Counting:
    def __init__(self):
        self.total = np.ones(3)

    def forward(self, x):
        self.total = self.total + 1
        return x * self.total

    def backward(self, dout):
        return dout * self.total


def test_what_changes_from_step_to_step_is_not_kept_as_it_is():
    with pytest.raises(Exception, match=r"forward computes something else when it is called again"):
        prove_vjp(Counting, x=("n", 3), assume=["self.total as it is"])


class Shared:
    def __init__(self):
        self.half = np.ones((2, 2)) / 2
        self.every = [self.half]

    def forward(self, x):
        return x @ self.half

    def backward(self, dout):
        return (dout @ self.every[0]).sum(1, keepdims=True) * np.array([0.5, 0.5])


def test_an_array_is_as_it_is_in_all_its_places():
    assert prove_vjp(Shared, x=("n", 2)).refuted
    assert prove_vjp(Shared, x=("n", 2), assume=["self.half as it is"]).proved


class Turned(Scale):
    def __init__(self):
        self.scale = np.ones((2, 3)).T


class Dense:
    def __init__(self):
        self.W = np.array([[1.0, 2.0], [3.0, 4.0]])

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, dout):
        self.dW = 2 * self.x.T @ dout
        return dout @ self.W.T


class Returning(Dense):
    def backward(self, dout):
        return {"dx": dout @ self.W.T, "dW": 2 * self.x.T @ dout}


def test_what_is_learnt_or_moves_with_others_is_not_taken_as_it_is():
    with pytest.raises(AssumptionError, match=r"self.scale may be a view of another array"):
        prove_vjp(Turned, x=(3, 2), assume=["self.scale as it is"])
    with pytest.raises(AssumptionError, match=r"self.dW may be the gradient by it"):
        prove_vjp(Dense, x=("n", 2), assume=["self.W as it is"])
    with pytest.raises(GradcheckError, match="dW"):
        prove_vjp(Returning, x=("n", 2), assume=["self.W as it is"])


class Weighted:
    def __init__(self, d):
        self.w = np.random.randn(d)

    def forward(self, x):
        self.x = x
        return x * self.w

    def backward(self, dout):
        self.dw = (dout * self.x).sum(0)
        return dout * self.w


def test_what_has_no_numbers_cannot_be_kept():
    for place in (".w", ".other"):
        with pytest.raises(AssumptionError, match=f"self{place} is no array of numbers"):
            prove_vjp(Weighted, d="d", x=("n", "d"), assume=[f"self{place} as it is"])
    with pytest.raises(AssumptionError, match="of objects alone"):
        prove_vjp(lambda x: x, lambda dout: dout, x=("n",), assume=["self.w as it is"])
