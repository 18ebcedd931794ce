"""What functions and objects keep from one step to the next: refused, and taken out again.

An adversary's findings (27 Nov 2026): each was proved, or left traced arrays behind.
"""

from __future__ import annotations

import sys
import threading
from collections import defaultdict, deque
from functools import cache
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import numpy.random as npr
import pytest

from gradcheck_sym import Labels, prove_vjp
from gradcheck_sym.code import recorded
from gradcheck_sym.code.numeric import SecondOpinion
from gradcheck_sym.code.recorded import recording
from gradcheck_sym.code.running import ran_vjp
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace import replaced
from tests.tracing import is_traced


class Square:
    """Right, and the base of those that are not."""

    def __init__(self):
        self.first, self.grads, self.all = None, {}, []
        self.W, self.dW = np.ones(3), None

    def forward(self, x):
        self.x = x
        self.keep(x)
        return x**2 * self.W

    def keep(self, x):
        pass

    def backward(self, dout):
        self.dW = (dout * self.x**2).sum(axis=0)
        return 2 * self.x * dout * self.W


class KeptByBackward(Square):
    def backward(self, dout):
        if self.first is None:
            self.first = 2 * self.x
        self.dW = (dout * self.x**2).sum(axis=0)
        return self.first * dout * self.W


class KeptInAnAttribute(Square):
    def keep(self, x):
        self.first = x if self.first is None else self.first

    def backward(self, dout):
        self.dW = (dout * self.first**2).sum(axis=0)
        return 2 * self.x * dout * self.W


class SetOnce(Square):
    def backward(self, dout):
        self.grads.setdefault("W", (dout * self.x**2).sum(axis=0))
        return 2 * self.x * dout * self.W


class FirstOfAll(Square):
    def keep(self, x):
        self.all.append(x)

    def backward(self, dout):
        self.dW = (dout * self.all[0] ** 2).sum(axis=0)
        return 2 * self.x * dout * self.W


class CopyOfWeights(Square):
    def keep(self, x):
        self.first = self.W.copy() if self.first is None else self.first

    def backward(self, dout):
        self.dW = (dout * self.x**2).sum(axis=0)
        return 2 * self.x * dout * self.first


class OneColumn(Square):
    def keep(self, x):
        self.first = x[:, 1].copy() if self.first is None else self.first

    def backward(self, dout):
        dx = 2 * self.x * dout * self.W
        dx[:, 1] = 2 * self.first * dout[:, 1] * self.W[1]
        self.dW = (dout * self.x**2).sum(axis=0)
        return dx


class NotCopied(KeptByBackward):
    def __init__(self):
        super().__init__()
        self.lock, self.xp = threading.Lock(), np


class SameInput(Square):
    def forward(self, x):
        if self.first is None or self.x is not x:
            self.x, self.first = x, x**2 * self.W
        return self.first


class SameWeights(Square):
    def keep(self, x):
        if self.first is None or self.all[0] is not self.W:
            self.all, self.first = [self.W], self.W * 1

    def backward(self, dout):
        self.dW = (dout * self.x**2).sum(axis=0)
        return 2 * self.x * dout * self.first


class Counts(Square):
    def keep(self, x):
        self.first = len(x) if self.first is None else self.first

    def backward(self, dout):
        self.dW = (dout * self.x**2).sum(axis=0)
        return 2 * self.x * dout * self.W * len(self.x) / self.first


KEEPING = (
    *(KeptByBackward, KeptInAnAttribute, SetOnce, FirstOfAll, CopyOfWeights, OneColumn),
    *(NotCopied, Counts, SameInput, SameWeights),
)


class TestSteps:
    @pytest.mark.parametrize("kind", KEEPING)
    def test_what_is_kept_of_another_step_is_refused(self, kind):
        said = r"after a step with other inputs|when it is called again"
        with pytest.raises(CodeError, match=said):
            prove_vjp(kind, x=("n", 3))

    def test_what_keeps_nothing_is_proved(self):
        assert prove_vjp(Square, x=("n", 3)).proved

    def test_labels_are_others_too(self):
        class Loss:
            def __init__(self):
                self.y = None

            def forward(self, s, y):
                self.s, self.y = s, y if self.y is None else self.y
                return -s[np.arange(s.shape[0]), y].sum()

            def backward(self):
                ds = np.zeros_like(self.s)
                ds[np.arange(self.s.shape[0]), self.y] = -1
                return ds

        with pytest.raises(CodeError, match="another gradient by s after a step with other"):
            prove_vjp(Loss, s=("n", "t"), y=Labels("n", "t"))

    def test_a_mask_far_from_0_is_another(self):
        class Six(Square):
            def keep(self, x):
                self.first = x < 6 if self.first is None else self.first

            def forward(self, x):
                self.keep(x)
                self.x = x
                return np.minimum(x, 6.0)

            def backward(self, dout):
                return dout * self.first

        with pytest.raises(CodeError, match="another gradient by x after a step with other"):
            prove_vjp(Six, x=("n", 3))

    def test_gradients_begin_anew_each_time(self):
        class Adds(Square):
            def __init__(self):
                super().__init__()
                self.dW = 0

            def backward(self, dout):
                self.dW = self.dW + (dout * self.x**2).sum(axis=0)
                return 2 * self.x * dout * self.W

        assert prove_vjp(Adds, x=("n", 3)).proved

    def test_backward_is_given_the_inputs_as_forward_left_them(self):
        class Doubles:
            def forward(self, x):
                x *= 2
                return x**2

            def backward(self, dout, x):
                return dout * 4 * x

        class Forgets(Doubles):
            def backward(self, dout, x):
                return dout * 8 * x

        assert prove_vjp(Doubles, x=("n", "d")).proved
        assert prove_vjp(Forgets, x=("n", "d")).refuted


class SharedCache(Square):
    cache: ClassVar[dict] = {}

    def keep(self, x):
        self.cache["x"] = x

    def backward(self, dout):
        x = self.cache["x"]
        self.dW = (dout * x**2).sum(axis=0)
        return 2 * x * dout * self.W


class DefaultCache(SharedCache):
    def __init__(self, cache={}):  # noqa: B006 - the mistake that is meant
        super().__init__()
        self.cache = cache


SAVED, RUNNING = {}, {}


def saved_forward(x):
    SAVED["x"] = x
    return x**2


def saved_backward(dout):
    return 2 * SAVED["x"] * dout


def centred_forward(x):
    mean = x.mean(axis=0)
    RUNNING["mean"] = 0.9 * RUNNING.get("mean", 0) + 0.1 * mean
    return x - mean


def centred_backward(dout):
    return dout - dout.mean(axis=0)


class TestTwoOfThem:
    @pytest.mark.parametrize("kind", [SharedCache, DefaultCache])
    def test_a_cache_that_layers_share_is_refused(self, kind):
        with pytest.raises(CodeError, match="after a step with other inputs"):
            prove_vjp(kind, x=("n", 3))

    def test_so_is_one_that_calls_share(self):
        with pytest.raises(CodeError, match="after it was called with other inputs"):
            prove_vjp(saved_forward, saved_backward, x=("n",))
        assert SAVED == {}

    def test_statistics_that_run_along_do_not_matter(self):
        assert prove_vjp(centred_forward, centred_backward, x=("n", "d")).proved
        assert RUNNING == {}


KEPT = SimpleNamespace(x=None)
TABLE, LAZY = {}, None


def table_forward(x):
    TABLE.setdefault("x", x)
    return x**2, x


def table_backward(dout, x):
    del x
    return 2 * dout * TABLE["x"]


def default_forward(x, kept=[]):  # noqa: B006 - the mistake that is meant
    kept.append(x)
    return x**2, kept[0]


def default_backward(dout, x):
    return 2 * dout * x


def global_forward(x):
    global LAZY  # noqa: PLW0603 - the mistake that is meant
    LAZY = len(x) if LAZY is None else LAZY
    return x.sum() / len(x), x


def global_backward(dout, x):
    return dout * np.ones_like(x) / LAZY


class TestFunctions:
    @pytest.mark.parametrize("kind", ["table", "default", "global"])
    def test_what_is_kept_of_another_call_is_refused(self, kind):
        forward, backward = (globals()[f"{kind}_{name}"] for name in ("forward", "backward"))
        for _ in range(2):  # and nothing is left of the first time
            with pytest.raises(CodeError, match="after it was called with other inputs"):
                prove_vjp(forward, backward, x=("n",))
        assert (TABLE, LAZY) == ({}, None)
        assert default_forward.__defaults__ == ([],)


@cache
def third():
    return np.ones(3) / 3


_MASK = None


def lazy_forward(x):
    global _MASK  # noqa: PLW0603 - as people do
    if _MASK is None:
        _MASK = np.tril(np.ones((3, 3)))
    return (x @ _MASK) * third(), ()


def lazy_backward(dout):
    return (dout * third()) @ _MASK.T


class Remembers:
    last: ClassVar[dict] = {}

    def forward(self, x):
        Remembers.seen = self.last["x"] = x
        return 2 * x

    def backward(self, dout):
        return 2 * dout


LOG, RECENT = defaultdict(list), deque(maxlen=3)


class TestLeftBehind:
    def test_nothing_in_collections_of_other_kinds(self):
        def forward(x):
            LOG["x"].append(x)
            RECENT.append(x)
            return 2 * x, None

        assert prove_vjp(forward, lambda dout: 2 * dout, x=("n",)).proved
        left = [*LOG["x"], *RECENT]
        assert all(type(one) is np.ndarray for one in left)

    def test_nothing_of_a_trace(self):
        assert prove_vjp(lazy_forward, lazy_backward, x=("n", 3)).proved
        found, _ = lazy_forward(np.ones((2, 3)))
        assert type(found) is np.ndarray
        assert found.tolist() == [[1, 2 / 3, 1 / 3]] * 2
        assert prove_vjp(Remembers, x=("n", 3)).proved
        kept = [*Remembers.last.values(), getattr(Remembers, "seen", None)]
        assert all(one is None or type(one) is np.ndarray for one in kept)

    def test_no_module_that_was_imported_meanwhile(self, tmp_path, monkeypatch):
        (tmp_path / "of_a_trace.py").write_text("import numpy as np\nW = np.random.rand(3)\n")
        monkeypatch.syspath_prepend(str(tmp_path))

        def forward(x):
            import of_a_trace

            return x * of_a_trace.W, of_a_trace.W

        prove_vjp(forward, lambda dout, cache: dout * cache, x=("n", 3))
        import of_a_trace

        assert type(of_a_trace.W) is np.ndarray
        del sys.modules["of_a_trace"]

    def test_numpys_random_numbers_go_on(self):
        np.random.seed(123)
        expected = np.random.rand(3).tolist()
        np.random.seed(123)
        prove_vjp(lambda x: x * 2, lambda dout: dout * 2, x=("n",))
        assert np.random.rand(3).tolist() == expected


def bounded(x):
    return x if is_traced(x) else np.minimum(x, 6.0)


class TestDrawn:
    @pytest.mark.parametrize("kind", ["default_rng", "RandomState"])
    def test_generators_without_seeds_draw_something_else_at_each_point(self, kind):
        def drawn(seed):
            with recording(prove_vjp, seed):
                return [getattr(np.random, kind)().normal() for _ in range(2)]

        assert drawn(1) == drawn(1)
        assert len({*drawn(0), *drawn(1)}) == 4

    def test_names_for_what_draws_are_looked_for_once(self, monkeypatch):
        """A process that runs tests has many modules; at each point that took all the time."""

        def dropped(x):
            mask = npr.rand(*x.shape) < 0.5
            return x * mask, mask

        ran = ran_vjp(dropped, lambda dout, mask: dout * mask, {"x": ("n", "d")})
        looked = []
        for module in (recorded, replaced):
            real = module.places_of
            monkeypatch.setattr(
                module, "places_of", lambda *given, real=real: looked.append(1) or real(*given)
            )
        found = SecondOpinion(ran, ()).on("x")
        assert found.agree > 2 * len(looked) == 2

    def test_what_is_traced_is_compared_with_numpy_where_something_is_drawn(self):
        def forward(x):
            mask = np.random.rand(*x.shape) < 0.5
            return bounded(x) * mask, mask

        def generated(x):
            rng = np.random.default_rng()
            mask = rng.random(x.shape) < 0.5
            return bounded(x) * mask, mask

        def plain(x):
            mask = np.random.rand(*x.shape) < 0.5
            return x * mask, mask

        backward = lambda dout, mask: dout * mask  # noqa: E731
        assert prove_vjp(plain, backward, x=("n", "d")).proved
        for misread in (forward, generated):
            report = prove_vjp(misread, backward, x=("n", "d"))
            assert report.undecided
            assert "run in NumPy the functions contradict it" in str(report)

    def test_and_where_nothing_was_written_at_first(self):
        def forward(x):
            out = np.empty_like(x)
            out[x > 0] = bounded(x)[x > 0]
            out[x <= 0] = 0
            return out, x

        def right(x):
            out = np.empty_like(x)
            out[x > 0] = x[x > 0]
            out[x <= 0] = 0
            return out, x

        backward = lambda dout, x: dout * (x > 0)  # noqa: E731
        assert prove_vjp(right, backward, x=("n",)).proved
        assert prove_vjp(forward, backward, x=("n",)).undecided

    def test_a_refutation_is_compared_as_well(self):
        def forward(x, w):
            mask = np.random.rand(*w.shape) < 0.5
            return bounded(x) * w * mask, (x, w, mask)

        def backward(dout, cache):
            x, w, mask = cache
            return dout * w * mask * (x < 6), dout * np.minimum(x, 6.0) * mask

        report = prove_vjp(forward, backward, x=("n",), w=("n",))
        assert report["w"].kind == "undecided"

    def test_what_is_drawn_around_inputs_moves_with_them(self):
        def forward(mu, s):
            z = np.random.normal(mu, np.exp(s))
            return z**2, (z, mu)

        def backward(dout, cache):
            z, mu = cache
            dz = 2 * z * dout
            return dz, dz * (z - mu)

        assert prove_vjp(forward, backward, mu=("n", "d"), s=("n", "d")).proved

        def between(a):
            return np.random.uniform(a, 3 * a), a

        report = prove_vjp(between, lambda dout, a: dout, a=("n",))
        assert report["a"].kind == "refuted"

        def noisy(x):
            return x + np.random.normal(0.0, np.maximum(x, 2.0)), None

        assert prove_vjp(noisy, lambda dout: dout, x=("n",)).refuted

    @pytest.mark.parametrize(
        "how",
        [
            "npr.rand(*x.shape)",
            "np.random.RandomState(7).rand(*x.shape)",
            "np.random.default_rng(3).random(x.shape)",
            "np.random.RandomState(0).uniform(size=x.shape)",
        ],
    )
    def test_generators_of_all_kinds_are_kept(self, how):
        def forward(x):
            mask = eval(how, globals(), {"x": x}) > 0.5
            return x * mask, mask

        report = prove_vjp(forward, lambda dout, mask: dout * mask, x=("n", "d"))
        assert report.proved
        assert report["x"].compared
        assert prove_vjp(forward, lambda dout, mask: dout, x=("n", "d")).refuted

    def test_deviations_and_bounds_that_are_inputs(self):
        def around(mu, sigma):
            z = np.random.normal(mu, sigma)
            return z, (z, mu, sigma)

        def backward(dout, cache):
            z, mu, sigma = cache
            return dout, dout * (z - mu) / sigma

        report = prove_vjp(around, backward, mu=("n",), sigma=("n",))
        assert report.proved
        assert "sigma[i] > 0" in str(report)

        def between(x, low, high):
            u = np.random.uniform(low, high, size=x.shape)
            return x * u, u

        report = prove_vjp(between, lambda dout, u: {"x": dout * u}, x=("n",), low=(), high=())
        assert report.proved

    def test_probabilities_that_inputs_tell_are_refused(self):
        def forward(x, p):
            return x * np.random.binomial(1, p, x.shape), p

        with pytest.raises(CodeError, match="binomial with a probability that is computed from"):
            prove_vjp(forward, lambda dout, p: dout, x=("n",), p=())

    @pytest.mark.parametrize(("p", "kind"), [(0.0, "proved"), (1.0, "refuted"), (0.5, "refuted")])
    def test_nothing_is_dropped_with_probability_0(self, p, kind):
        def forward(x):
            return x * np.random.binomial(1, 1 - p, x.shape), None

        assert prove_vjp(forward, lambda dout: dout, x=("n",))["x"].kind == kind
