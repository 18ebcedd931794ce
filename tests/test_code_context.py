"""Functions with a context, as in PyTorch: static forward(ctx, x) and backward(ctx, dout)."""

import subprocess
import sys

import numpy as np
import pytest

from gradcheck_sym import prove_vjp
from gradcheck_sym.errors import CodeError


class Exp:
    @staticmethod
    def forward(ctx, x):
        y = np.exp(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, grad_output):
        (y,) = ctx.saved_tensors
        return grad_output * y


class MatMul:
    @staticmethod
    def forward(ctx, x, w):
        ctx.x, ctx.w = x, w
        return x @ w

    @staticmethod
    def backward(ctx, dout):
        return dout @ ctx.w.T, ctx.x.T @ dout, None


class MatMulTwice(MatMul):
    @staticmethod
    def backward(ctx, dout):
        return 2 * dout @ ctx.w.T, ctx.x.T @ dout


class Scale:
    """A number that has no gradient."""

    @staticmethod
    def forward(ctx, x, by):
        ctx.by = by
        return x * by

    @staticmethod
    def backward(ctx, dout):
        return dout * ctx.by, None


class OnItself:
    """Wrong: what an earlier call saved is kept in the class."""

    saved = None

    @staticmethod
    def forward(ctx, x):
        if OnItself.saved is None:
            OnItself.saved = x
        return x**2

    @staticmethod
    def backward(ctx, dout):
        return 2 * OnItself.saved * dout


class NotSaved(Exp):
    @staticmethod
    def forward(ctx, x):
        return np.exp(x)


WRONG = """
import numpy as np

class Double:
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, dout):
        x, = ctx.saved_tensors
        return dout * x
"""


@pytest.mark.parametrize("function", [Exp, MatMul])
def test_functions_with_a_context_are_proved(function):
    shapes = {"x": ("n", "d")} | ({"w": ("d", "t")} if function is MatMul else {})
    report = prove_vjp(function, **shapes)
    assert report.proved, str(report)
    assert report.name == function.__name__


def test_what_has_no_gradient_is_returned_as_none():
    report = prove_vjp(Scale, x=("n",), by=3)
    assert report.proved, str(report)
    assert {part.wrt for part in report} == {"x"}


def test_a_wrong_one_is_refuted_with_the_line():
    report = prove_vjp(MatMulTwice, x=("n", "d"), w=("d", "t"))
    assert {part.wrt: part.kind for part in report} == {"x": "refuted", "w": "proved"}
    assert "has the factor 2" in str(report)


def test_what_was_not_saved_and_what_is_kept_in_the_class_are_refused():
    with pytest.raises(CodeError):
        prove_vjp(NotSaved, x=("n",))
    with pytest.raises(CodeError):
        prove_vjp(OnItself, x=("n",))
    assert OnItself.saved is None


def test_a_file_of_them_is_checked_and_reproduced(tmp_path):
    path = tmp_path / "functions.py"
    path.write_text(WRONG)
    script = tmp_path / "again.py"
    command = [sys.executable, "-m", "gradcheck_sym", "--code", str(path), "--shape", "x=n,d"]
    done = subprocess.run(
        [*command, "--reproduce", str(script)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "Double" in done.stdout
    assert "refuted" in done.stdout
    shown = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=True
    ).stdout
    quotient, returned = (float(part.split()[-1]) for part in shown.strip().split(","))
    assert abs(quotient - 2 * returned) < 1e-6
