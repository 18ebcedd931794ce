"""Arrays of an object that are no weights: any numbers, or as they are where that is assumed."""

import subprocess
import sys

import numpy as np
import pytest

from gradcheck_sym import prove_vjp
from gradcheck_sym.errors import AssumptionError


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
    (Centre, {"x": ("n", 3)}, ".mean", ""),
    (Hadamard, {"x": ("n", 2)}, ".inner[0]", ""),
    (Smooth, {"x": ("n", "t"), "t": "t"}, ".eye", ""),
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
