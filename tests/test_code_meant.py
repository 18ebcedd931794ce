"""What functions are meant to be given, and what is free: proved of code, and wrong (26 Nov 2026).

An adversary's findings: each failed before it was mended.
"""

from __future__ import annotations

import json
import sys
import time
from collections import ChainMap, UserDict, deque
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from types import MappingProxyType, ModuleType, SimpleNamespace
from typing import ClassVar, Literal

import numpy as np
import pytest

from gradcheck_sym import cli, prove_slope, prove_vjp
from gradcheck_sym.errors import CodeError
from tests.tracing import is_traced

BROUGHT = np.ones(3)
TWO, OTHER = 2, 7
TABLE = {"tall": 3, "said": "not"}


class Settings:
    rate, unread = 0.25, 1


def helped(x):
    return x * TABLE["tall"] * TWO


class Squares:
    """Right where the weights are 1, as they are made."""

    def __init__(self, d=3):
        self.hold(np.ones(d))

    def forward(self, x):
        return x * self.gain() ** 2

    def backward(self, dout):
        return dout * self.gain()


def holding(hold, gain):
    """A class that holds weights in that way."""
    own = {"hold": hold} | ({"gain": gain} if gain else {})
    return type("Holding", (Squares,), own)


HOLDERS = {
    "a namespace": (
        lambda self, g: setattr(self, "p", SimpleNamespace(g=g)), lambda self: self.p.g
    ),
    "a deque": (lambda self, g: setattr(self, "p", deque([g])), lambda self: self.p[0]),
    "a dict of Python's": (
        lambda self, g: setattr(self, "p", UserDict(g=g)), lambda self: self.p["g"]
    ),
    "a partial": (
        lambda self, g: setattr(self, "p", partial(dict, g=g)), lambda self: self.p()["g"]
    ),
    "a table whose name has grad in it": (
        lambda self, g: setattr(self, "graded", {"g": g}), lambda self: self.graded["g"]
    ),
    "what is called like a gradient": (
        lambda self, g: (setattr(self, "t", 0), setattr(self, "dt", g)), lambda self: self.dt
    ),
    "the gradient of another": (
        lambda self, g: (setattr(self, "t", np.ones(3)), setattr(self, "dt", 0 * g + 1)),
        lambda self: self.dt * self.t / self.t,
    ),
}  # fmt: skip


def in_a_method(self, g):
    type(self).hidden = lambda self: g


def in_a_dict_of_a_closure(self, g):
    there = {"g": g}
    self.gain = lambda: there["g"]


def in_a_class(self, g):
    class Inner:
        held = g

    self.inner = Inner


def in_a_generator(self, g):
    self.more = (one for one in [g] * 9)


GLOBAL, VARIABLE = {}, ContextVar("variable")
HIDDEN = {
    "a dict of a closure": (in_a_dict_of_a_closure, None),
    "a default": (lambda self, g: setattr(self, "gain", lambda g=g: g), None),
    "a chain of maps": (
        lambda self, g: setattr(self, "p", ChainMap({"g": g})), lambda self: self.p["g"]
    ),
    "a map to read": (
        lambda self, g: setattr(self, "p", MappingProxyType({"g": g})), lambda self: self.p["g"]
    ),
    "a global dict": (
        lambda self, g: GLOBAL.__setitem__("g", g), lambda self: GLOBAL["g"]
    ),
    "a variable of contexts": (
        lambda self, g: VARIABLE.set(g) and None, lambda self: VARIABLE.get()
    ),
    "an iterator": (lambda self, g: setattr(self, "p", cycle([g])), lambda self: next(self.p)),
    "a generator": (in_a_generator, lambda self: next(self.more)),
    "a set of functions": (
        lambda self, g: setattr(self, "p", frozenset([lambda: g])),
        lambda self: next(iter(self.p))(),
    ),
    "a class": (in_a_class, lambda self: self.inner.held),
    "a method": (in_a_method, lambda self: self.hidden()),
    "an exception": (
        lambda self, g: setattr(self, "p", ValueError(g)), lambda self: self.p.args[0]
    ),
    "a property": (
        lambda self, g: setattr(self, "p", property(lambda _: g)), lambda self: self.p.fget(0)
    ),
}  # fmt: skip


class OfTheClass(Squares):
    g = np.ones(3)

    def hold(self, g):
        pass

    def gain(self):
        return self.g


class TestWeights:
    @pytest.mark.parametrize("kind", HOLDERS)
    def test_they_are_free_wherever_they_are(self, kind):
        made = holding(*HOLDERS[kind])
        assert prove_vjp(made, x=("n", 3))["x"].kind == "refuted"
        assert prove_vjp(made(), x=("n", 3))["x"].kind == "refuted"

    def test_those_of_the_class_are_free(self):
        assert prove_vjp(OfTheClass, x=("n", 3))["x"].kind == "refuted"
        assert type(OfTheClass.g) is np.ndarray

    def test_those_of_an_installed_package_are_free(self, monkeypatch):
        import sysconfig

        module = ModuleType("layers_of_others")
        module.__file__ = sysconfig.get_path("purelib") + "/layers_of_others.py"
        monkeypatch.setitem(sys.modules, module.__name__, module)
        text = "class Bias:\n    def __init__(self, b):\n        self.b = b\n"
        exec(compile(text, module.__file__, "exec"), vars(module))
        hold = lambda self, g: setattr(self, "inner", module.Bias(g))  # noqa: E731
        made = holding(hold, lambda self: self.inner.b)
        assert prove_vjp(made, x=("n", 3))["x"].kind == "refuted"

    def test_what_cannot_be_made_free_is_refused(self):
        @dataclass(frozen=True)
        class Frozen:
            g: object

        hold = lambda self, g: setattr(self, "p", Frozen(g))  # noqa: E731
        with pytest.raises(CodeError, match=r"in \.p\.g cannot be given values: FrozenInstance"):
            prove_vjp(holding(hold, lambda self: self.p.g), x=("n", 3))
        hold = lambda self, g: setattr(self, "p", np.ma.array(g))  # noqa: E731
        with pytest.raises(CodeError, match="of the type MaskedArray"):
            prove_vjp(holding(hold, lambda self: self.p)(), x=("n", 3))

    @pytest.mark.parametrize("made", ["ones", "rand"])
    def test_what_a_function_keeps_is_refused(self, made):
        class Keeps(Squares):
            def __init__(self, d):
                g = np.ones(d) if made == "ones" else np.random.rand(d)
                self.gain = lambda: g

        with pytest.raises(CodeError, match="an array that was made with the object"):
            prove_vjp(Keeps, d="d", x=("n", "d"))

    @pytest.mark.parametrize("kind", HIDDEN)
    def test_what_is_kept_elsewhere_is_refused(self, kind):
        made = holding(*HIDDEN[kind])
        for size in ("d", 3):
            with pytest.raises(
                CodeError, match=r"in gain: |in forward: .* with the object|are of the class"
            ):
                prove_vjp(made, d=size, x=("n", size))

    @pytest.mark.parametrize("kind", HIDDEN)
    def test_what_an_object_keeps_elsewhere_is_told_of_or_refused(self, kind):
        made = holding(*HIDDEN[kind])(3)
        if kind in ("a map to read", "a generator"):
            with pytest.raises(CodeError, match="the Holding cannot be copied"):
                prove_vjp(made, x=("n", 3))
            return
        if kind == "a class":
            with pytest.raises(CodeError, match=r"the weights in \.inner\.held are of the class"):
                prove_vjp(made, x=("n", 3))
            return
        report = prove_vjp(made, x=("n", 3))
        assert report.remarks[0].endswith("that the code brings along is taken as it is")

    def test_what_it_was_made_with_is_refused_there_as_well(self):
        class Keeps(Squares):
            def __init__(self, g):
                self.gain = lambda: g

        with pytest.raises(CodeError, match="an array g was kept from before this run"):
            prove_vjp(Keeps, g=("d",), x=("n", "d"))

    def test_those_that_a_method_leads_to_are_free(self):
        class Keeps(Squares):
            def hold(self, g):
                other = OfTheClass.__new__(OfTheClass)
                other.g = g
                self.gain = other.gain

        assert prove_vjp(Keeps, x=("n", 3))["x"].kind == "refuted"

    def test_what_is_drawn_twice_is_two_arrays(self):
        class Layer:
            def __init__(self, d):
                self.rand = np.random.rand(d)

            def forward(self, x):
                return x * np.where(self.rand - np.random.rand(x.shape[0]) > 6, 2.0, 1.0)

            def backward(self, dout):
                return dout

        assert prove_vjp(Layer, d="d", x=("d",))["x"].kind == "refuted"

    def test_what_is_not_free_is_told(self):
        def right(dout):
            return dout * BROUGHT

        report = prove_vjp(lambda x: x * BROUGHT, right, x=("n", 3))
        assert report.proved
        assert "taken as they are: BROUGHT = array([1., 1., 1.])" in str(report)
        own = prove_vjp(
            lambda x: x * np.array([1, 2], dtype=np.float64), lambda dout: dout, x=("n", 2)
        )
        assert "brings along" not in str(own)

    def test_what_forward_makes_once_is_told(self):
        class Lazy:
            W = None

            def forward(self, x):
                if self.W is None:
                    self.W = np.zeros(x.shape[1])
                self.mask = np.random.rand(*x.shape) < 0.5
                return x * (1 + self.W) * self.mask

            def backward(self, dout):
                return dout * self.mask

        report = prove_vjp(Lazy, x=("n", "d"))
        assert [line for line in report.remarks if "makes once" in line] == [
            "self.W, which forward makes once, is taken as it is"
        ]


class Scale:
    """Adds up gradients where they are."""

    def __init__(self, d):
        self.W, self.dW = np.ones(d), np.zeros(d)

    def forward(self, x):
        self.x = x
        return x * self.W

    def backward(self, dout):
        self.dW += (dout * self.x).sum(axis=0)
        return dout * self.W


class Reads(Scale):
    def backward(self, dout):
        dx = dout * (self.W + self.dW)
        super().backward(dout)
        return dx


class Linear:
    def __init__(self, a, b):
        self.params, self.grads = {"W": np.random.randn(a, b)}, {}

    def forward(self, x):
        self.x = x
        return x @ self.params["W"]

    def backward(self, dout):
        self.grads["W"] = self.x.T @ dout
        return dout @ self.params["W"].T


class Two:
    def __init__(self, d, h):
        self.l1, self.l2 = Linear(d, h), Linear(h, d)

    def forward(self, x):
        return self.l2.forward(self.l1.forward(x))

    def backward(self, dout):
        return self.l1.backward(self.l2.backward(dout))


class TestGradientsOfWeights:
    def test_each_layer_has_its_own(self):
        report = prove_vjp(Two, d="d", h="h", x=("n", "d"))
        assert [part.kind for part in report] == ["proved"] * 3

    def test_they_may_be_added_to_what_is_0(self):
        assert prove_vjp(Scale, d="d", x=("n", "d")).proved
        assert prove_vjp(Scale(3), x=("n", 3))["W"].proved
        used = Scale(3)
        used.dW += 1
        with pytest.raises(CodeError, match=r"adds to \.dW, which is not 0"):
            prove_vjp(used, x=("n", 3))

    def test_they_may_be_in_a_table_that_is_made_before(self):
        class Table(Linear):
            def __init__(self, a, b):
                super().__init__(a, b)
                self.grads = {key: np.zeros_like(value) for key, value in self.params.items()}

            def backward(self, dout):
                self.grads["W"] += self.x.T @ dout
                return dout @ self.params["W"].T

        assert prove_vjp(Table, a="d", b="h", x=("n", "d")).proved
        assert prove_vjp(Table(2, 3), x=("n", 2))["W"].proved

    def test_the_0_is_for_its_own_gradient_alone(self):
        with pytest.raises(CodeError, match=r"reads \.dW before"):
            prove_vjp(Reads, d="d", x=("n", "d"))

    def test_one_place_for_two_weights_is_refused(self):
        class Shared(Two):
            def backward(self, dout):
                dx = super().backward(dout)
                self.grads = self.l1.grads
                self.l1.grads, self.l2.grads = None, None
                return dx

        with pytest.raises(CodeError, match=r"may be the gradient by \.l1"):
            prove_vjp(Shared, d="d", h="h", x=("n", "d"))


def tanh(x):
    y = np.tanh(x)
    return y, y


def double(x):
    return 2 * x, x


class TestParameters:
    @pytest.mark.parametrize(
        ("forward", "backward"),
        [
            (tanh, lambda data, grad_out: grad_out * (1 - data**2)),
            (tanh, lambda dims, dy: dy * (1 - dims**2)),
            (tanh, lambda v, dout: dout * (1 - v**2)),
            (double, lambda dout, cache=None: 2 * dout + 0 * cache),
            (double, lambda dout, inputs=3: 2 * dout + 0 * inputs),
        ],
    )
    def test_they_are_what_a_reader_would_say(self, forward, backward):
        assert prove_vjp(forward, backward, x=("n",)).proved

    def test_a_cache_with_a_default_is_given(self):
        def backward(dout, cache=None):
            return 2 * dout if cache is None else 3 * dout

        with pytest.raises(CodeError, match="with cache = None than with what is passed there"):
            prove_vjp(double, backward, x=("n",))
        assert prove_vjp(double, lambda dout, cache=None: 3 * dout, x=("n",)).refuted

    def test_several_cached_variables_are_no_gradients(self):
        def forward(x, c):
            diff = x - c
            norm = (diff**2).sum(axis=1, keepdims=True)
            return diff * norm, diff, norm

        def backward(dout, diff, norm):
            dx = dout * norm + 2 * diff * (dout * diff).sum(axis=1, keepdims=True)
            return dx, -dx

        assert prove_vjp(forward, backward, x=("n", "d"), c=("n", "d")).proved

    def test_a_slope_is_passed_what_it_names(self):
        def slope(t=None, z=None):
            return 1 - (np.tanh(z) if t is None else t) ** 2

        def tanh_of(z):
            return np.tanh(z)

        assert prove_slope(tanh_of, slope, z=("n",)).proved
        assert prove_slope(lambda z: z - z**3 / 3, slope, z=("n",)).refuted

        def leaky_prime(x, alpha=0.5):
            return np.where(x > 0, 1.0, alpha)

        leaky = lambda z, alpha: np.where(z > 0, z, alpha * z)  # noqa: E731
        assert prove_slope(leaky, leaky_prime, z=("n",), alpha=0.01).proved
        line = lambda z, alpha: z + 0 * alpha  # noqa: E731
        assert prove_slope(line, leaky_prime, z=("n",), alpha=0.01).refuted

    @pytest.mark.parametrize(
        ("returned", "said"),
        [
            ({"dx": 0, "grad_x": 1}, "two gradients by x"),
            ({"dx": 0}, "'dx', which may be by x or by dx"),
        ],
    )
    def test_a_key_means_one_input(self, returned, said):
        def backward(dout, x, dx):
            return {key: dout * (x + dx + value) for key, value in returned.items()}

        inputs = {"x": ("n",), "dx": ("n",)} if "grad_x" not in returned else {"x": ("n",)}
        forward = (lambda x, dx: x * dx) if "dx" in inputs else (lambda x: x)
        pair = backward if "dx" in inputs else (lambda dout: backward(dout, 0, 0))
        with pytest.raises(CodeError, match=said):
            prove_vjp(forward, pair, **inputs)

    def test_keys_that_are_spelled_in_one_way_are_clear(self):
        def backward(dout, x, dx):
            return {"x": dout * dx, "dx": dout * x}

        assert prove_vjp(lambda x, dx: x * dx, backward, x=("n",), dx=("n",)).proved


class Act:
    def __init__(self, kind):
        self.kind = kind

    def forward(self, x):
        self.x = x
        return np.maximum(x, 0) if self.kind == "relu" else np.tanh(x)

    def backward(self, dout):
        return dout if self.kind == "relu" else dout * (1 - np.tanh(self.x) ** 2)


class Named(Act):
    def __init__(self, kind: Literal["tanh", "relu"]):
        super().__init__(kind)


class ByDefault(Act):
    def __init__(self, kind="relu"):
        super().__init__(kind)


FILE = """
from __future__ import annotations
from typing import ClassVar, Literal
import numpy as np

class Act:
    def __init__(self, kind: Literal["tanh", "relu"] = "relu"):
        self.kind = kind
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0) if self.kind == "relu" else np.tanh(x)
    def backward(self, dout):
        return dout if self.kind == "relu" else dout * (1 - np.tanh(self.x) ** 2)

class Bias:
    def __init__(self, b: Float[Array, "d"]):
        self.b = b
    def forward(self, x):
        return x + self.b
    def backward(self, dout):
        self.db = 7 * dout.sum(axis=0)
        return dout

def mean_forward(x: Float[Array, "_ _"]):
    return x.mean(axis=0), x
def mean_backward(dout, x):
    return np.ones_like(x) * dout / x.shape[1]

def masked_forward(x: Bool[Array, "n"]):
    return x, None
def masked_backward(dout):
    return dout

def deep_forward(x):
    for _ in range(60):
        x = np.tanh(x) + x
    return x, None
def deep_backward(dout):
    return dout

def nothing_forward(x):
    return x, None
def nothing_backward(dout, cache=None):
    return (None,)

class Jitted:
    def __call__(self, dout):
        return dout

class Called:
    backward = Jitted()
    def forward(self, x):
        return x
"""


class TestWords:
    def test_a_string_is_no_size(self):
        with pytest.raises(CodeError, match="kind = relu was taken for a size, and no array"):
            prove_vjp(Act, kind="relu", x=("n",))
        for made in (Named, ByDefault):
            assert prove_vjp(made, kind="relu", x=("n",)).refuted
            assert prove_vjp(made, kind="tanh", x=("n",)).proved

    @pytest.mark.parametrize(
        ("name", "options", "code", "said"),
        [
            ("Act", "--shape x=n", 1, "refuted"),
            ("Bias", "--shape x=n,d", 1, "7"),
            ("Bias", "--shape x=n,d --shape b=d,", 1, "7"),
            ("Bias", "--shape x=n,d --shape b=d", 1, "7"),
            ("mean", "", 2, "the shape of x is not known"),
            ("mean", "--shape x=_,_", 2, "no name of a size"),
            ("masked", "", 2, "the shape of x is not known"),
            ("deep", "--shape x=n --timeout 5", 3, "too deep a formula"),
            ("nothing", "--shape x=n", 2, "returns no gradient"),
            ("mean", "--shape x=n,d --value x=1e400", 2, "give a number"),
            ("mean", "--labels x=n,²", 2, "is no size"),
            ("Called", "--shape x=n", 0, "proved"),
        ],
    )
    def test_what_a_file_says(self, name, options, code, said, tmp_path, capsys):
        file = tmp_path / "mine.py"
        file.write_text(FILE, "utf-8")
        found = cli.run(["--code", f"{file}:{name}", *options.split()])
        captured = capsys.readouterr()
        assert (found, said in captured.out + captured.err) == (code, True), captured


class TestTold:
    def test_what_is_taken_as_it_is(self, tmp_path, capsys):
        def forward(x, eps, alpha=1.0):
            return np.where(x > 0, x, alpha * x) * eps, x

        class Layer:
            def __init__(self, d, mode=None):
                self.gamma, self.d, self.mode = 1.0, d, mode

            def forward(self, x):
                return x * self.gamma / self.d

            def backward(self, dout):
                return dout * self.gamma / self.d

        report = prove_vjp(forward, lambda dout, x, eps: dout * eps, x=("n",), eps=(),
                           assume=["eps > 0"])  # fmt: skip
        assert "assumed: eps > 0\ntaken as they are: alpha = 1.0\n" in str(report)
        assert report.constants == {"alpha": "1.0"}
        assert report["x"].hypotheses == report.hypotheses == ("eps > 0",)
        report = prove_vjp(Layer, d="h", x=("n", "h"))
        assert report.constants == {"mode": "None", "self.gamma": "1.0"}
        assert "d is the size h" in report.remarks

        file = tmp_path / "mine.py"
        file.write_text("def f_forward(x, e, a=2): return x * a * e, e\n"
                        "def f_backward(dout, e): return 2 * dout * e\n")  # fmt: skip
        options = ["--shape", "x=n", "--shape", "e=", "--assume", "e > 0", "--format", "json"]
        assert cli.run(["--code", str(file), *options]) == 0
        (claim,) = json.loads(capsys.readouterr().out)["claims"]
        assert claim["constants"] == {"a": "2"}
        assert claim["assumed"] == ["e > 0"]
        told = "what is returned is taken for the gradient by x"
        left = "no gradient by e is returned, so none is checked"
        assert claim["remarks"] == [{"code": None, "text": text} for text in (told, left)]

    def test_numbers_that_functions_look_up(self):
        inner = 0.5

        def forward(x):
            def part(x):
                return x * inner * Settings.rate

            return part(x) * helped(1), x

        report = prove_vjp(forward, lambda dout, x: dout * 0.5 * 0.25 * 3 * 2, x=("n",))
        assert report.proved
        told = {"inner": "0.5", "Settings.rate": "0.25", "TABLE['tall']": "3", "TWO": "2"}
        assert report.constants == told

    def test_numbers_of_classes_and_of_what_their_methods_look_up(self):
        class Part:
            slope: ClassVar[float] = 0.5
            __slots__ = ("_w",)

            def __call__(self, x):
                return x * self.slope * TWO

        class Layer:
            scale = 2.0

            def __init__(self):
                self.part = Part()
                there = {"b": 1}
                self.bias = lambda: there["b"]

            def forward(self, x):
                return self.part(x) * self.scale + self.bias()

            def backward(self, dout):
                return dout * self.scale

        report = prove_vjp(Layer, x=("n",))
        assert report.proved
        assert report.constants == {
            **{"self.scale": "2.0", "self.part.slope": "0.5", "TWO": "2", "there['b']": "1"},
        }

    def test_sizes_at_which_numpy_refuses_to_run(self):
        def forward(x):
            z = np.zeros_like(x)
            if not is_traced(x) and x.shape[0] != x.shape[1]:
                raise ValueError("oblong")
            return x + z, None

        report = prove_vjp(forward, lambda dout: dout, x=("n", "d"))
        assert report.undecided
        assert "do not run everywhere: at n = 2, d = 3: ValueError: oblong" in str(report)

    def test_a_gradient_that_is_not_there_is_an_error(self):
        def backward(dout, cache):
            return dout * cache[1], None

        def forward(x, w):
            return x * w, (x, w)

        report = prove_vjp(forward, backward, x=("n",), w=("n",))
        with pytest.raises(KeyError, match="no gradient by w was checked; there are x"):
            report["w"]
        for nothing in ((None, None), {}):
            with pytest.raises(CodeError, match="returns no gradient"):
                prove_vjp(forward, lambda dout, cache, n=nothing: n, x=("n",), w=("n",))


class TestTime:
    def test_a_question_is_written_down_in_time(self):
        def forward(x):
            hs = [x]
            for _ in range(30):
                hs.append(np.tanh(hs[-1]))
            return hs[-1], hs

        def backward(dout, hs):
            for h in hs[:0:-1]:
                dout = dout * (1 - h * h)
            return dout

        started = time.process_time()
        report = prove_vjp(forward, backward, x=("n",), timeout=3)
        assert report.undecided
        assert time.process_time() - started < 60  # it had no end

    def test_functions_that_wait_are_not_waited_for(self, monkeypatch):
        from gradcheck_sym.code import numeric

        monkeypatch.setattr(numeric, "LONGEST", 0.4)

        def forward(x):
            time.sleep(0.5)
            return x, None

        started = time.perf_counter()
        report = prove_vjp(forward, lambda dout: dout, x=("n",))
        assert report.proved
        assert not report["x"].compared
        assert time.perf_counter() - started < 60
