"""How the functions are called: by keywords or places, with values, and what they do meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import wraps
from typing import ClassVar

import numpy as np
import pytest

from gradcheck_sym import Labels, Value, prove, prove_slope, prove_vjp
from gradcheck_sym.cli import run
from gradcheck_sym.errors import CodeError


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


def timed(function):
    @wraps(function)
    def wrapper(*args):
        return function(*args)

    return wrapper


class TestPlaces:
    """A decorator's function may take no keywords, though the one that it wraps does."""

    def test_of_both(self):
        @timed
        def forward(x, w):
            return x**2 * w, (x, w)

        @timed
        def backward(dout, x, w):
            return 2 * dout * x * w, dout * x**2

        assert prove_vjp(forward, backward, x=("n",), w=("n",)).proved

    def test_of_a_loss_and_of_its_gradient(self):
        loss = timed(lambda x, y: ((x - y) ** 2).sum())
        assert prove(loss, timed(lambda x, y: 2 * (x - y)), x=("n",), y=("n",)).proved

    def test_of_a_slope(self):
        assert prove_slope(timed(lambda z: z**2), timed(lambda z: 2 * z), z=("n",)).proved

    def test_of_methods(self):
        class Square:
            @timed
            def __init__(self, size):
                self.w = np.ones(size)

            @timed
            def forward(self, x):
                self.x = x
                return self.w * x**2

            @timed
            def backward(self, dout):
                self.dw = (dout * self.x**2).sum(axis=0)
                return 2 * dout * self.x * self.w

        assert prove_vjp(Square, size="d", x=("n", "d")).proved

    def test_of_other_names(self):
        def outer(function):
            @wraps(function)
            def wrapper(first, *rest, **options):
                return function(first, *rest, **options)

            return wrapper

        forward = outer(lambda x, w: (x * w, (x, w)))
        backward = outer(lambda dout, cache: (dout * cache[1], dout * cache[0]))
        assert prove_vjp(forward, backward, x=("n",), w=("n",)).proved

    def test_a_script_calls_by_places_as_well(self, tmp_path, capsys):
        text = """
import os
import subprocess
import sys
from functools import wraps

def timed(function):
    @wraps(function)
    def wrapper(*args):
        return function(*args)
    return wrapper

@timed
def sq_forward(x):
    return x ** 2, x

@timed
def sq_backward(dout, x):
    return dout * x
"""
        path, script = file_with(tmp_path, text), tmp_path / "shown.py"
        assert said(capsys, path, "--shape", "x=n,d", "--reproduce", str(script))[0] == 1
        exec(script.read_text(), {})
        assert "difference quotient 2.0" in capsys.readouterr().out


class TestScripts:
    def test_a_function_of_another_name_is_called_by_the_one_that_it_has(self, tmp_path, capsys):
        text = """
def lin_forward(x, w): return x @ w, (x, w)
lin_backward = lambda dout, cache: (dout @ cache[1].T * 2, cache[0].T @ dout)
"""
        path, script = file_with(tmp_path, text), tmp_path / "shown.py"
        options = ["--shape", "x=n,d", "--shape", "w=d,t", "--reproduce", str(script)]
        code, _, err = said(capsys, path, *options)
        assert code == 1
        assert f"wrote {script}" in err
        exec(script.read_text(), {})
        assert capsys.readouterr().out.endswith("returned 2.0\n")


class TestCacheByKeys:
    """A cache that is a dict goes to **options, as in backward(dout, **cache)."""

    def test_all_of_it(self):
        def forward(q, k):
            return q * q * k, {"q": q, "k": k, "twice": 2 * q}

        def backward(dout, **cache):
            return dout * cache["twice"] * cache["k"], dout * cache["q"] ** 2

        assert prove_vjp(forward, backward, q=("n",), k=("n",)).proved

    def test_parts_that_are_named(self):
        def forward(q, k):
            twice = 2 * q
            return q * q * k, {"q": q, "k": k, "twice": twice}

        def backward(dout, k, twice, **others):
            return dout * twice * k, dout * others["q"] ** 2

        report = prove_vjp(forward, backward, q=("n",), k=("n",))
        assert report.proved
        assert not any("cache" in remark for remark in report.remarks)

    def test_beside_a_parameter_for_it(self):
        def forward(q):
            return q * q, {"q": q}

        def backward(dout, cache, **options):
            return 2 * dout * cache["q"] if not options else dout

        assert prove_vjp(forward, backward, q=("n",)).proved

    def test_keys_that_are_no_names_are_refused(self):
        with pytest.raises(CodeError, match=r"takes the cache as \*\*cache, and its key 0 is no"):
            prove_vjp(lambda q: (q * q, {0: q}), lambda dout, **cache: dout, q=("n",))

    def test_a_script_passes_it_so(self, tmp_path, capsys):
        text = """
def f_forward(q): return q * q, {"q": q, "a b": q}
def f_backward(dout, q, **cache): return dout * q * cache["a b"]
"""
        path, script = file_with(tmp_path, text), tmp_path / "shown.py"
        assert said(capsys, path, "--shape", "q=n,", "--reproduce", str(script))[0] == 1
        exec(script.read_text(), {})
        assert "difference quotient" in capsys.readouterr().out


class Dense:
    def __init__(self):
        self.weights = np.ones((3, 2))

    def forward(self, x):
        self.input = x
        return x @ self.weights

    def backward(self, output_error, learning_rate):
        error = output_error @ self.weights.T
        self.weights -= learning_rate * self.input.T @ output_error
        return error


class TestValuesOfBackward:
    """What backward alone takes is given a value: a learning rate, for example."""

    def test_of_a_class(self):
        report = prove_vjp(Dense, x=("n", 3), learning_rate=0.1)
        assert report.proved
        assert report.constants == {"learning_rate": "0.1"}

    def test_without_it_the_way_out_is_named(self):
        with pytest.raises(CodeError, match=r"what learning_rate is.*--value learning_rate=0\.1"):
            prove_vjp(Dense, x=("n", 3))
        with pytest.raises(CodeError, match=r"what scale is.*in Python scale=0\.1"):
            prove_vjp(lambda x: x * x, lambda dout, x, scale: dout * x * scale, x=("n",))
        with pytest.raises(CodeError, match=r"what scale is.*--value scale=0\.1"):
            prove(lambda x: (x * x).sum(), lambda x, scale: x * scale, x=("n",))

    def test_of_a_function(self):
        def forward(x):
            return x * x, x

        def backward(dout, cache, scale):
            return scale * dout * cache

        right, wrong = (prove_vjp(forward, backward, x=("n",), scale=k) for k in (2, 3))
        assert right.proved
        assert right.constants == {"scale": "2"}
        assert wrong.refuted
        assert wrong.constants == {"scale": "3"}

    def test_a_default_is_replaced(self):
        report = prove_vjp(lambda x: x * x, lambda dout, x, k=1: k * dout * x, x=("n",), k=2)
        assert report.proved
        assert report.constants == {"k": "2"}

    def test_of_the_gradient_of_a_loss_and_of_a_slope(self):
        loss, given = (lambda x: (x * x).sum()), {"x": ("n",), "k": 2}
        assert prove(loss, lambda x, k: k * x, **given).proved
        assert prove_slope(lambda x: x * x, lambda x, k: k * x, **given).proved

    def test_shapes_are_refused(self):
        with pytest.raises(CodeError, match=r"alone takes learning_rate: give it a value"):
            prove_vjp(Dense, x=("n", 3), learning_rate=("n",))

    def test_what_forward_keeps_is_not_replaced(self):
        def forward(x):
            scale = 2
            return x * x, (x, scale)

        with pytest.raises(CodeError, match="scale is what forward keeps or returns: give"):
            prove_vjp(forward, lambda dout, x, scale: scale * dout * x, x=("n",), scale=3)

    def test_what_backward_is_given_anyway_has_no_value(self):
        def forward(x):
            y = x * x
            return y, (x, y)

        pair = forward, lambda dout, saved: 2 * dout * saved[0]
        with pytest.raises(CodeError, match="saved is the cache that forward returns: give it no"):
            prove_vjp(*pair, x=("n",), saved=3)
        with pytest.raises(CodeError, match="y is what forward keeps or returns: give it no"):
            prove_vjp(forward, lambda dout, x, y: 2 * dout * x, x=("n",), y=3)
        with pytest.raises(CodeError, match=r"dout is the gradient by the output: give it no"):
            prove_vjp(lambda x: (x * x).sum(), lambda dout, x: 2 * x, x=("n",), dout=1)

        def square(x):
            return x * x, x

        scaled = square, lambda dout, x, scale: scale * dout * x
        assert prove_vjp(*scaled, x=("n",), scale=2).proved  # x, by its name, is the cache

        class Square:
            def forward(self, x):
                self.x = x
                return x * x

            def backward(self, grad, rate):
                return 2 * grad * self.x

        assert prove_vjp(Square, x=("n",), rate=1).proved
        with pytest.raises(CodeError, match="backward: grad is the gradient by the output"):
            prove_vjp(Square, x=("n",), rate=1, grad=1)

    def test_those_of_other_pairs_reach_what_needs_them_alone(self, tmp_path, capsys):
        text = """
def a_forward(x, scale): return x * scale, scale
def a_backward(dout, cache): return dout * cache
def b_forward(x):
    scale = 2 * x
    return x * x, (x, scale)
def b_backward(dout, x, scale): return scale * dout
def c_forward(x): return x * x
def c_backward(dout, x, scale): return scale * dout * x
"""
        path = file_with(tmp_path, text)
        code, out, err = said(capsys, path, "--shape", "x=n,", "--value", "scale=2")
        assert (code, out.count("taken as they are: scale = 2")) == (0, 2), out + err
        code, _, err = said(capsys, path, "--shape", "x=n,", "--shape", "dout=n,")
        assert (code, "dout is no parameter of a function that is checked" in err) == (2, True)

    @pytest.mark.parametrize(
        "text",
        [
            "def f_forward(x): return x * x, x\ndef f_backward(dout, c, k): return k * dout * c",
            "def f(x): return (x * x).sum()\ndef f_grad(x, k): return k * x",
            "def f(x): return x * x\ndef f_prime(x, k): return k * x",
            "class F:\n def forward(self, x): self.x = x; return x * x\n"
            " def backward(self, dout, k): return k * dout * self.x",
        ],
    )
    def test_on_the_command_line_and_in_a_script(self, tmp_path, capsys, text):
        path, script = file_with(tmp_path, text), tmp_path / "shown.py"
        assert said(capsys, path, "--shape", "x=n,", "--value", "k=2")[0] == 0
        options = ["--shape", "x=n,", "--value", "k=3", "--reproduce", str(script)]
        code, out, _ = said(capsys, path, *options)
        assert code == 1
        assert "taken as they are: k = 3" in out
        exec(script.read_text(), {})
        assert "difference quotient" in capsys.readouterr().out


def chosen(x, kind):
    y = np.tanh(x) if kind == "tanh" else x * x
    return y, (x, y)


def slope_of_chosen(dout, cache, kind):
    x, y = cache
    match kind:
        case "tanh":
            return dout * (1 - y * y)
    return 2 * dout * x


class TestWords:
    def test_a_parameter_that_is_compared_with_texts_is_one(self):
        for kind in ("tanh", "square"):
            report = prove_vjp(chosen, slope_of_chosen, x=("n",), kind=kind)
            assert report.proved
            assert report.constants == {"kind": repr(kind)}

    def test_others_are_said_to_be(self):
        rules = {"square": (np.square, lambda x: 2 * x), "sin": (np.sin, np.cos)}

        def forward(x, kind):
            return rules[kind][0](x), x

        def backward(dout, cache, kind):
            return dout * rules[kind][1](cache)

        assert prove_vjp(forward, backward, x=("n",), kind=Value("square")).proved
        assert prove_vjp(forward, backward, x=("n",), kind=Value("sin")).proved

    def test_a_text_beside_an_array_names_the_way_out(self):
        def forward(x, kind):
            return x * x if "square" == kind else x, x  # noqa: SIM300

        with pytest.raises(CodeError, match=r"give it as Value\('square'\).*--value NAME=square"):
            prove_vjp(forward, lambda dout, cache: 2 * dout * cache, x=("n",), kind="square")

    def test_of_backward_alone(self):
        def backward(dout, x, mode):
            return 2 * dout * x if mode in ("full", "half") else dout

        report = prove_vjp(lambda x: x * x, backward, x=("n",), mode="full")
        assert report.proved
        assert report.constants == {"mode": "'full'"}

    def test_of_a_class(self):
        class Layer:
            def __init__(self, kind):
                self.kind = kind

            def forward(self, x):
                self.x = x
                return x * x if self.kind == "square" else x

            def backward(self, dout):
                return 2 * dout * self.x

        assert prove_vjp(Layer, kind=Value("square"), x=("n",)).proved
        with pytest.raises(CodeError, match=r"give a number, or the word as Value\('square'\)"):
            prove_vjp(Layer, kind="square", x=("n",))

    def test_tuples_that_are_no_shapes(self):
        def forward(x, factors):
            return x * factors[0] * factors[1], factors

        def backward(dout, factors):
            return dout * factors[0] * factors[1]

        assert prove_vjp(forward, backward, x=("n",), factors=Value((2, 3))).proved

    TEXT = """
def f_forward(x, kind): return (np.tanh(x) if kind == "tanh" else x * x), x
def f_backward(dout, cache, kind): return 2 * dout * cache
"""

    def test_on_the_command_line(self, tmp_path, capsys):
        path, script = file_with(tmp_path, self.TEXT), tmp_path / "shown.py"
        for word in ("square", "'square'", '"tan h"', "leaky-relu"):
            code, out, _ = said(capsys, path, "--shape", "x=n,", "--value", f"kind={word}")
            assert code == 0
            assert "taken as they are: kind = '" in out
        options = ["--shape", "x=n,", "--value", "kind=tanh", "--reproduce", str(script)]
        assert said(capsys, path, *options)[0] == 1
        exec(script.read_text(), {})
        assert "difference quotient" in capsys.readouterr().out

    @pytest.mark.parametrize("text", ["true", "False ", "None", "nan", "inf", "1e-5x", "'a", ""])
    def test_what_reads_as_something_else_is_refused(self, tmp_path, capsys, text):
        path = file_with(tmp_path, self.TEXT)
        code, _, err = said(capsys, path, "--shape", "x=n,", "--value", f"kind={text}")
        assert (code, "give a number, True, False, a word or a dict" in err) == (2, True)


class TestProcess:
    """What users' code does to the process that runs it."""

    PAIR = """
import os, sys
from os import _exit
def f_forward(x):
    return x * x, x
def f_backward(dout, x):
    {}
    return 2 * dout * x
"""
    NUMBERS = "type(x) is np.ndarray and 'gradcheck_sym' not in object.__repr__(x)"

    @staticmethod
    def asked(tmp_path, text):
        """The exit code and what is said, by a process of its own: it may end."""
        path = file_with(tmp_path, text)
        words = ["-m", "gradcheck_sym", "--code", str(path), "--shape", "x=n,", "--color", "never"]
        done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    @pytest.mark.parametrize("text", ["import os; os._exit(0)", "import os; os.abort()"])
    def test_it_does_not_end_where_the_file_is_run(self, tmp_path, text):
        code, told = self.asked(tmp_path, text)
        assert (code, ".py:2: it exits" in told) == (2, True)

    @pytest.mark.parametrize("text", ["os._exit(0)", "_exit(0)", "os.abort()"])
    def test_it_does_not_end_where_a_function_is_run(self, tmp_path, text):
        code, told = self.asked(tmp_path, self.PAIR.format(text))
        assert (code, ".py:8, in f_backward: it exits" in told) == (2, True)

    def test_it_does_not_end_with_numbers(self, tmp_path):
        code, told = self.asked(tmp_path, self.PAIR.format(f"if {self.NUMBERS}: os._exit(0)"))
        assert (code, "undecided" in told) == (3, True)

    @pytest.mark.parametrize("text", ["os._exit, 0", "lambda: os._exit(0)", "_exit, 0"])
    def test_what_it_does_at_the_end_is_no_proof(self, tmp_path, text):
        wrong = self.PAIR.format("pass").replace("2 * dout", "dout")
        code, told = self.asked(tmp_path, f"import atexit{wrong}\natexit.register({text})")
        assert (code, "1 of 1 gradient refuted" in told) == (1, True)

    def test_a_thread_of_its_own_does_not_end_it_as_a_proof_does(self, tmp_path):
        text = "import os, threading\nthreading.Timer(0.3, lambda: os._exit(0)).start()\n"
        code, told = self.asked(tmp_path, text + self.PAIR.format("import time; time.sleep(0.2)"))
        assert (code == 0) == ("1 of 1 gradient proved" in told)

    def test_a_process_of_its_own_may_end(self, tmp_path):
        code, told = self.asked(tmp_path, self.PAIR.format("pid = os.fork()\n    pid or _exit(0)"))
        assert (code, told.count("1 of 1 gradient proved")) == (0, 1)

    def test_a_low_limit_of_deep_calls_is_refused(self, tmp_path, capsys):
        path = file_with(tmp_path, self.PAIR.format("sys.setrecursionlimit(50)"))
        before = sys.getrecursionlimit()
        code, _, err = said(capsys, path, "--shape", "x=n,")
        assert (code, "in f_backward: it sets Python's recursion limit to 50" in err) == (2, True)
        assert sys.getrecursionlimit() == before
        path = file_with(tmp_path, "import sys; sys.setrecursionlimit(50)")
        code, _, err = said(capsys, path)
        assert (code, ".py:2: it sets Python's recursion limit to 50" in err) == (2, True)

    def test_a_limit_that_is_set_is_put_back(self, tmp_path):
        before, real = sys.getrecursionlimit(), (os._exit, os.abort, sys.setrecursionlimit)

        def backward(dout, x):
            sys.setrecursionlimit(before + 500)
            return 2 * dout * x

        assert prove_vjp(lambda x: (x * x, x), backward, x=("n",)).proved
        assert sys.getrecursionlimit() == before
        assert real == (os._exit, os.abort, sys.setrecursionlimit)


class Picking:
    """The book's way to tell one-hot targets from labels: as many numbers as the output has?"""

    def forward(self, x, t):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y, self.t = e / e.sum(axis=1, keepdims=True), t
        if t.size == self.y.size:
            return -np.sum(t * np.log(self.y)) / x.shape[0]
        return -np.sum(np.log(self.y[np.arange(x.shape[0]), t])) / x.shape[0]

    def backward(self, dout):
        n = self.t.shape[0]
        if self.t.size == self.y.size:
            return dout * (self.y - self.t) / n
        dx = self.y.copy()
        dx[np.arange(n), self.t] -= 1
        return dout * dx / n


class TestSizes:
    def test_as_many_numbers_are_as_many_for_all_sizes(self):
        rows = "t.sum(axis=1) == 1"
        assert prove_vjp(Picking, x=("n", "c"), t=("n", "c"), assume=(rows,)).proved
        assert prove_vjp(Picking, x=("n", 4), t=Labels("n", 4)).proved

    def test_fewer_numbers_may_be_as_many_where_there_is_one_class(self):
        with pytest.raises(CodeError, match="depends on c, which stands for any size"):
            prove_vjp(Picking, x=("n", "c"), t=Labels("n", "c"))

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("2 * n > n", True), ("n * m == m * n", True), ("n == 4 * n", False),
            ("n * m + 1 > m", True), ("n + m < 2", False), ("n + m != 1", True),
            ("n - n", False), ("n * m >= 1", True),
        ],
    )  # fmt: skip
    def test_what_is_so_for_all_sizes_is_known(self, text, value):
        there = {}
        exec(
            f"def forward(x):\n n, m = x.shape\n return (2 if {text} else 3) * x\n"
            f"def backward(dout): return {2 if value else 3} * dout",
            there,
        )
        assert prove_vjp(there["forward"], there["backward"], x=("n", "m")).proved

    @pytest.mark.parametrize("text", ["n * m == m", "n * m > m", "2 * n > n + m", "n - m"])
    def test_what_is_so_for_some_sizes_is_not(self, text):
        there = {}
        exec(
            f"def forward(x):\n n, m = x.shape\n return (2 if {text} else 3) * x\n"
            "def backward(dout): return 2 * dout",
            there,
        )
        with pytest.raises(CodeError, match="which stands for any size"):
            prove_vjp(there["forward"], there["backward"], x=("n", "m"))

    @pytest.mark.parametrize("text", ["max(n - 1, 1)", "(2 if n - 1 > 0 else 1)", "min(2 * n, 3)"])
    def test_what_depends_on_a_size_asks_for_a_number(self, text):
        there = {}
        exec(
            f"def forward(x):\n n = len(x)\n return x / {text}, {text}\n"
            "def backward(dout, cache): return dout / cache",
            there,
        )
        pair = there["forward"], there["backward"]
        with pytest.raises(CodeError, match="depends on n, which stands for any size: give it a n"):
            prove_vjp(*pair, x=("n",))
        assert prove_vjp(*pair, x=(3,)).proved
