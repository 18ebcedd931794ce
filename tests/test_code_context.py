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


class Exchanged(MatMul):
    """Wrong: what is returned goes by its place, whatever it is called."""

    @staticmethod
    def backward(ctx, dout):
        grad_x, grad_w = dout @ ctx.w.T, ctx.x.T @ dout
        return grad_w, grad_x


class OneOfTwo(MatMul):
    @staticmethod
    def backward(ctx, dout):
        grad_w = ctx.x.T @ dout
        return grad_w  # noqa: RET504 - the name is what is tested


class Table(MatMul):
    @staticmethod
    def backward(ctx, dout):
        return {"w": ctx.x.T @ dout, "x": dout @ ctx.w.T}


class TwoOutputs(Exp):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return np.exp(x), x**2

    @staticmethod
    def backward(ctx, dout, dsquare):
        (x,) = ctx.saved_tensors
        return dout * np.exp(x) + 2 * x * dsquare


class FirstOfTwo(TwoOutputs):
    """Wrong: what depends on the second output is lost."""

    @staticmethod
    def backward(ctx, dout, _):
        (x,) = ctx.saved_tensors
        return dout * np.exp(x)


class AnyOfTwo(FirstOfTwo):
    @staticmethod
    def backward(ctx, dout, *args):
        return FirstOfTwo.backward(ctx, dout, args)


class OneGradient(FirstOfTwo):
    @staticmethod
    def backward(ctx, dout):
        return FirstOfTwo.backward(ctx, dout, None)


class PassedMore(Exp):
    @staticmethod
    def backward(ctx, grad_output, x):
        return grad_output * np.exp(x)


class SavesItself(Exp):
    saved_tensors = ()

    def save_for_backward(self, *saved):
        self.saved_tensors = (*self.saved_tensors, *saved)


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


def test_gradients_go_by_their_places():
    shapes = {"x": ("n", "n"), "w": ("n", "n")}
    report = prove_vjp(Exchanged, **shapes)
    assert {part.wrt: part.kind for part in report} == {"x": "refuted", "w": "refuted"}
    assert prove_vjp(TwoOutputs, x=("n",)).proved
    assert prove_vjp(FirstOfTwo, x=("n",)).refuted
    for function in (OneOfTwo, Table):
        with pytest.raises(CodeError, match="return one for each, in this order"):
            prove_vjp(function, **shapes)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (AnyOfTwo, "one gradient for each output, by its place"),
        (OneGradient, "returns 2 outputs, and backward takes 1 gradients"),
        (PassedMore, "returns 1 outputs, and backward takes 2 gradients"),
        (SavesItself, "SavesItself.save_for_backward is its own"),
    ],
)
def test_what_is_called_otherwise_than_here_is_refused(function, said):
    with pytest.raises(CodeError, match=said):
        prove_vjp(function, x=("n",))


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
