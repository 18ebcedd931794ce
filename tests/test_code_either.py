"""What a parameter of backward is given: an input, or what forward has returned.

An adversary's findings (28 Nov 2026): each was proved and wrong, refuted and right, or not told.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest

from gradcheck_sym import cli, prove_vjp
from gradcheck_sym.errors import CodeError

X = {"x": ("n",)}
QK = {"q": ("n",), "k": ("n",)}
XH = {"x": ("n",), "h": ("n",)}


def halved(x):
    x = x / 2
    cache = x
    return x**2, cache


def saved_first(x):
    saved = x.copy()
    x *= 2
    return x * x, saved


def of_a_loss(x):
    x = x / 2
    cache = x
    return (x**2).sum(), cache


def two_outputs(x):
    x = x / 2
    h, c = x**2, x**3
    cache = x
    return h, c, cache


def of_the_input(dout, x):
    return dout * x / 2


def of_the_half(dout, x):
    return dout * x


class TestOneArray:
    """`out, cache = forward(x)`, then `backward(dout, cache)`, whatever that is called there."""

    @pytest.mark.parametrize(
        ("forward", "wrong", "right"),
        [
            (halved, of_the_input, of_the_half),
            (saved_first, lambda dout, x: 4 * dout * x, lambda dout, x: 8 * dout * x),
            (of_a_loss, lambda x: x / 2, lambda x: x),
            (
                two_outputs,
                lambda dh, dc, x: dh * x / 2 + dc * 3 * x**2 / 8,
                lambda dh, dc, x: dh * x + dc * 3 * x**2 / 2,
            ),
        ],
    )
    def test_the_only_parameter_takes_it(self, forward, wrong, right):
        assert prove_vjp(forward, wrong, **X).refuted
        report = prove_vjp(forward, right, **X)
        assert report.proved
        assert f"x is what {forward.__name__} returns, not the input of that name" in str(report)

    def test_no_one_of_several_parameters_takes_it(self):
        def forward(x, w):
            x = x / 2
            cache = x
            return x * w, cache

        with pytest.raises(CodeError, match="call it cache"):
            prove_vjp(forward, lambda dout, x, w: (dout * w / 2, dout * x / 2), **X, w=("n",))

        def beside(x):
            x = x / 2
            h = x**3
            cache = x
            return x**2, h, cache

        with pytest.raises(CodeError, match="call it cache"):
            prove_vjp(beside, of_the_input, **X)

    def test_one_that_is_the_input_is_taken_by_its_name(self):
        def forward(x, w):
            cache = x
            return x * w, cache

        def backward(dout, x, w):
            return dout * w, dout * x

        report = prove_vjp(forward, backward, **X, w=("n",))
        assert report.proved
        assert "the input of that name" not in str(report)

    def test_a_variable_of_another_name_is_told_or_refused(self):
        def softplus(x):
            e = np.exp(x)
            return np.log1p(e), e

        def rebound(x):
            x = np.tanh(x)
            h = x
            return x * 1, h

        def written(x):
            h = x.copy()
            x *= 2
            return x * x, h

        report = prove_vjp(softplus, lambda dout, x: dout * np.exp(x) / (1 + np.exp(x)), **X)
        assert report.proved
        said = "x is the input of that name, not what softplus returns there"
        assert said in str(report)
        for forward in (rebound, written):
            with pytest.raises(CodeError, match=f"x the input, .* {forward.__name__} returns as h"):
                prove_vjp(forward, lambda dout, x: dout * (1 - np.tanh(x) ** 2), **X)

    def test_an_input_that_forward_changes_beside_such_a_variable_is_told(self):
        def forward(x, w):
            x = x / 2
            h = x**2
            return h * w, h

        def backward(dout, x, w):
            return dout * x * w / 2, dout * x**2 / 4

        report = prove_vjp(forward, backward, **X, w=("n",))
        assert report.proved
        assert "x is the input of that name, not what forward returns" in str(report)


class TestOneName:
    """An input, and another array that forward returns under its name."""

    def test_an_output_of_that_name_is_refused(self):
        def step(x, h):
            h = x * h
            y = 2 * h
            return y, h

        def backward(dy, dh, x, h):
            d = 2 * dy + dh
            return d * h, d * x

        with pytest.raises(CodeError, match=r"backward: is h the input, or another array, .* as h"):
            prove_vjp(step, backward, **XH)

        def cell(x, h):
            h = np.tanh(x + h)
            return h  # noqa: RET504 - as people write it

        def of_cell(dh, h):
            d = dh * (1 - h**2)
            return d, d

        @functools.wraps(cell)
        def wrapped(*args, **options):
            return cell(*args, **options)

        for forward in (cell, wrapped):
            with pytest.raises(CodeError, match="is h the input, or another array"):
                prove_vjp(forward, of_cell, **XH)

    def test_one_beside_the_output_is_refused_where_inputs_are_taken(self):
        def step(x, h, w):
            h = np.tanh(x + h * w)
            y = 2 * h
            return y, h

        def backward(dy, h, w):
            return {"x": 2 * dy * (1 - h**2), "h": 2 * dy * (1 - h**2) * w}

        with pytest.raises(CodeError, match="is h the input, or another array"):
            prove_vjp(step, backward, **XH, w=("n",))

        def named(x, h, w):
            h_new = np.tanh(x + h * w)
            return 2 * h_new, h_new

        def of_named(dy, h_new, w):
            return backward(dy, h_new, w)

        assert prove_vjp(named, of_named, **XH, w=("n",)).proved

    def test_an_output_that_is_written_to_is_the_input(self):
        def forward(x):
            x *= 2
            return x

        assert prove_vjp(forward, lambda dout, x: 2 * dout + 0 * x, **X).proved

    def test_a_key_of_that_name_is_refused(self):
        def crossed(x, w):
            cache = {"x": w, "w": x}
            return x * w, cache

        def straight(x, w):
            cache = {"x": x, "w": w}
            return x * w, cache

        def backward(dout, x, w):
            return dout * w, dout * x

        with pytest.raises(CodeError, match=r"is x the input, or another array, .* crossed"):
            prove_vjp(crossed, backward, **X, w=("n",))
        assert prove_vjp(straight, backward, **X, w=("n",)).proved


class TestOrder:
    @pytest.mark.parametrize("how", ["a variable", "two values", "a list"])
    def test_inputs_in_another_order_than_the_cache_are_told(self, how):
        def of_variable(q, k):
            cache = (k, q)
            return q * q * k, cache

        def of_two(q, k):
            first, second = k, q
            return q * q * k, first, second

        def of_list(q, k):
            return q * q * k, [k, q]

        def backward(dout, q, k):
            return 2 * dout * q * k, dout * q * q

        forward = {"a variable": of_variable, "two values": of_two, "a list": of_list}[how]
        report = prove_vjp(forward, backward, **QK)
        assert report.proved
        assert "q, k are the inputs of these names, not what of_" in str(report)

    def test_the_same_order_is_not_told(self):
        def forward(q, k):
            cache = (q, k)
            return q * q * k, cache

        report = prove_vjp(forward, lambda dout, q, k: (2 * dout * q * k, dout * q * q), **QK)
        assert report.proved
        assert "inputs of these names" not in str(report)

    def test_another_array_in_the_place_of_an_input_is_refused(self):
        def forward(x, w):
            half = x / 2
            return half * w, (half, w)

        with pytest.raises(CodeError, match=r"is x the input, or another array, .* as half"):
            prove_vjp(forward, lambda dout, x, w: (dout * w / 2, dout * x / 2), **X, w=("n",))


class Half:
    def forward(self, x):
        x = x / 2
        return x**2, x

    def backward(self, dout, x):
        return dout * x / 2


class HalfRight(Half):
    def backward(self, dout, x):
        return dout * x


class HalfInVariable(Half):
    def forward(self, x):
        x = x / 2
        cache = x
        return x**2, cache


class Turned:
    def forward(self, q, k):
        return q * q * k, (k, q)

    def backward(self, dout, q, k):
        return 2 * dout * q * k, dout * q * q


class Cell:
    def forward(self, x, h):
        h = np.tanh(x + h)
        y = 2 * h
        return y, h

    def backward(self, dy, dh, h):
        d = (2 * dy + dh) * (1 - h**2)
        return d, d


class Affine:
    """The cache is passed, as functions are given it."""

    def __init__(self, w):
        self.w = w

    def forward(self, x):
        h = np.tanh(x)
        return h @ self.w, h

    def backward(self, dout, cache):
        self.dw = cache.T @ dout
        return dout @ self.w.T * (1 - cache**2)


class AffineTurned(Affine):
    def backward(self, cache, dout):
        return super().backward(dout, cache)


class AffineWrong(Affine):
    def backward(self, dout, cache):
        self.dw = 2 * cache.T @ dout
        return dout @ self.w.T * (1 - cache**2)


class TestClasses:
    def test_the_only_parameter_takes_what_is_returned(self):
        assert prove_vjp(Half, **X).refuted
        assert prove_vjp(HalfInVariable, **X).refuted
        report = prove_vjp(HalfRight, **X)
        assert report.proved
        assert "x is what HalfRight.forward returns, not the input of that name" in str(report)

    def test_another_order_is_told(self):
        report = prove_vjp(Turned, **QK)
        assert report.proved
        assert "q, k are parts of the cache by their names, not in its order" in str(report)

    def test_an_output_that_is_called_as_an_input_is_refused(self):
        with pytest.raises(CodeError, match=r"Cell.backward: is h the input, or another array"):
            prove_vjp(Cell, **XH)

    @pytest.mark.parametrize("kind", [Affine, AffineTurned])
    def test_a_cache_is_given(self, kind):
        assert prove_vjp(kind, w=("d", "t"), x=("n", "d")).proved

    def test_what_forward_of_a_loss_returns_is_no_gradient(self):
        class Squares:
            def forward(self, pred, y):
                r = pred - y
                return (r**2).sum(), r

            def backward(self, r):
                return 2 * r

        report = prove_vjp(Squares, pred=("n",), y=("n",))
        assert report.proved
        assert [part.wrt for part in report] == ["pred"]

    def test_a_script_gives_it_as_well(self, tmp_path):
        report = prove_vjp(AffineWrong, w=("d", "t"), x=("n", "d"))
        assert (report["x"].proved, report["w"].proved) == (True, False)
        assert "_layer.backward(dout=deepcopy(dout), cache=_cache)" in report["w"].reproduction

    def test_what_an_object_returns_beside_is_not_needed(self):
        class Kept(Affine):
            def forward(self, x):
                self.h = np.tanh(x)
                cache = 2 * self.h
                return self.h @ self.w, cache

            def backward(self, dout):
                return super().backward(dout, self.h)

        assert prove_vjp(Kept, w=("d", "t"), x=("n", "d")).proved


class TestTwoGradients:
    """What backward returns for an input, beside what it leaves in an attribute."""

    def test_another_one_in_an_attribute_is_refused(self):
        class Doubled:
            def forward(self, x):
                return 3 * x

            def backward(self, dout):
                self.dx = 6 * dout
                return self.dx / 2

        class Crossed:
            def forward(self, x, y):
                self.x, self.y = x, y
                return x * y

            def backward(self, dout):
                self.grads = {"x": dout * self.x, "y": dout * self.y}
                return dout * self.y, dout * self.x

        with pytest.raises(CodeError, match=r"the gradient by x may be .dx or what is returned"):
            prove_vjp(Doubled, **X)
        with pytest.raises(CodeError, match=r"may be .grads\['x'\] or what is returned"):
            prove_vjp(Crossed, **X, y=("n",))

    def test_the_same_one_and_one_of_another_shape_are_not(self):
        class Padded:
            def forward(self, x):
                self.n = len(x)
                return 3 * x

            def backward(self, dout):
                self.dx = np.concatenate([3 * dout, 0 * dout])
                return self.dx[:3]

        class Same(Padded):
            def backward(self, dout):
                self.dx = dout + 2 * dout
                return 3 * dout

        assert prove_vjp(Padded, x=(3,)).proved
        assert prove_vjp(Same, x=(3,)).proved


def test_a_refusal_on_the_command_line_is_one_line(tmp_path, capsys):
    file = tmp_path / "cell.py"
    file.write_text(
        "def cell_forward(x, h):\n    h = x + h\n    return h\n"
        "def cell_backward(dh, h):\n    return dh, dh\n"
    )
    assert cli.run(["--code", str(file), "--shape", "x=n", "--shape", "h=n"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len([line for line in said if line]) == 1
    assert "cell_backward: is h the input, or another array, which cell_forward returns" in said[0]
