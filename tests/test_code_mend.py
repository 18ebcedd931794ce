"""What is wrong in a line of the user's function: said only if it is proved with a change."""

import cProfile
import functools
import linecache
import logging
import re
import sys
import threading
from typing import ClassVar

import numpy as np
import pytest

from gradcheck_sym import prove, prove_vjp
from gradcheck_sym.code import mend, parts
from gradcheck_sym.code.changed import changes, in_place
from gradcheck_sym.code.findings import findings
from gradcheck_sym.code.html import page
from gradcheck_sym.deadline import OutOfTime


def norm(x, gain):
    rms = np.sqrt((x**2).mean(axis=1, keepdims=True) + 1e-6)
    normed = x / rms
    return normed * gain, (normed, rms, gain)


def norm_backward(dout, cache):
    normed, rms, gain = cache
    dgain = (dout * normed).sum(axis=0)
    dnormed = dout * gain
    inner = (dnormed * gain * normed).mean(axis=1, keepdims=True)
    return (dnormed - normed * inner) / rms, dgain


def ask_norm(backward=norm_backward):
    return prove_vjp(norm, backward, x=("n", "d"), gain=("d",))


def line_of(function, offset):
    return f"line {function.__code__.co_firstlineno + offset}"


def test_a_factor_too_many_is_found_in_its_line_and_the_line_is_given_right():
    report = ask_norm()
    assert report["x"].diagnosis == f"{line_of(norm_backward, 4)} has the factor gain too many"
    right = "inner = (dnormed * normed).mean(axis=1, keepdims=True)"
    assert report["x"].correction == right
    assert f"right is {right} (proved)" in str(report)
    assert "[GS104]" in str(report)


def cell(c, f, i, g):
    return np.tanh(c * f + i * g), (c, f, i, g)


def cell_backward(dout, cache):
    c, f, i, g = cache
    t = np.tanh(c * f + i * g)
    dc = dout * (1 - t)
    return dc * f, dc * c, dc * g, dc * i


def test_one_change_that_makes_all_right_is_said_of_all():
    report = prove_vjp(cell, cell_backward, **dict.fromkeys("cfig", ("n", "d")))
    said = f"{line_of(cell_backward, 3)} lacks the factor t"
    assert {part.diagnosis for part in report} == {said}
    assert len(list(report)) == 4


def affine(x, w, b):
    return x @ w + b, (x, w)


def test_a_change_that_makes_another_wrong_is_not_said():
    def backward(dout, cache):
        x, w = cache
        both = dout  # dx is wrong with it; and with dout.T for it the others are
        return both @ w, x.T @ both, both.sum(axis=0)

    report = prove_vjp(affine, backward, x=("n", "d"), w=("d", "d"), b=("d",))
    assert report["x"].diagnosis == f"{line_of(backward, 3)} has w where w.T belongs"
    assert report["w"].proved
    assert report["b"].proved


def test_a_wrong_shape_has_a_line_too():
    def backward(dout, cache):
        x, w = cache
        return dout @ w.T, x.T @ dout, dout.sum(axis=0, keepdims=True)

    report = prove_vjp(affine, backward, x=("n", "d"), w=("d", "t"), b=("t",))
    assert "dout.sum(axis=0, keepdims=True) where dout.sum(axis=0) belongs" in str(report["b"])
    assert "what is returned has the shape" in str(report["b"])


class Gate:
    def __init__(self, d):
        self.w = np.zeros((d, d))

    def forward(self, x):
        self.x = x
        self.a = 1 / (1 + np.exp(-(x @ self.w)))
        return self.a * x

    def backward(self, dout):
        dz = dout * self.x * self.a
        self.dw = self.x.T @ dz
        return dout * self.a + dz @ self.w.T


class Closed:
    def made(self, scale):
        def forward(x):
            return scale * x**2, x

        def backward(dout, x):
            return scale * x * dout

        return forward, backward


def test_methods_and_closures_have_lines():
    report = prove_vjp(Gate, x=("n", "d"), d="d")
    line = Gate.backward.__code__.co_firstlineno + 1
    assert {part.diagnosis for part in report} == {f"line {line} lacks the factor 1 - self.a"}
    forward, backward = Closed().made(3)
    report = prove_vjp(forward, backward, x=("n",))
    assert report.refuted
    assert "2 ×" in str(report) or "1/2 ×" in str(report)


def logged(function):
    @functools.wraps(function)
    def around(*args, **options):
        return function(*args, **options)

    return around


def test_a_wrapped_function_is_changed_inside_of_what_wraps_it():
    report = ask_norm(logged(norm_backward))
    assert "has the factor gain too many" in str(report["x"])


def test_a_loss_that_returns_both_is_not_changed_itself():
    def loss(w, x):
        r = x @ w
        return (r**2).sum() / 2 + (w**2).sum(), x.T @ r + w

    report = prove(loss, w=("d", "t"), x=("n", "d"))
    assert "lacks the term w" in str(report)
    assert "x.T @ r + w + w" in report["w"].correction


@pytest.mark.parametrize("failure", [None, OutOfTime(), RecursionError()])
def test_what_is_not_proved_is_not_said_and_the_function_is_as_it_was(monkeypatch, failure):
    before, sought = norm_backward.__code__, []

    def is_right(*_):
        sought.append(norm_backward.__code__ is not before)
        if failure:
            raise failure

    monkeypatch.setattr(parts, "is_right_now", is_right)
    report = ask_norm()
    assert all(sought)
    assert 1 <= len(sought) <= mend.MOST_PROOFS
    assert "line" not in (report["x"].diagnosis or "")
    assert report["x"].correction is None
    assert norm_backward.__code__ is before


def test_a_function_without_a_text_of_its_own_has_no_lines():
    scope = {"np": np}
    exec("def backward(dout, cache):\n    return 2 * dout @ cache[1].T, cache[0].T @ dout", scope)
    report = prove_vjp(lambda x, w: (x @ w, (x, w)), scope["backward"], x=("n", "d"), w=("d", "t"))
    assert report["x"].diagnosis == "what is returned is 2 × the gradient"


def called():
    x = np.ones((2, 3))
    return norm_backward(np.ones((2, 3)), norm(x, np.ones(3))[1])


def test_the_changes_are_those_of_the_text_and_each_is_new():
    texts = [(one.line, one.statement) for one in changes(norm_backward, called)]
    assert len(texts) == len(set(texts)) > 50
    changed = next(iter(changes(norm_backward, called)))
    with in_place(norm_backward, changed):
        assert norm_backward.__code__ is changed.code


def test_findings_are_at_the_line_that_is_wrong():
    (x, gain) = findings([ask_norm()])
    start = norm_backward.__code__.co_firstlineno
    assert x.source.line == start + 4
    assert gain.source.line == start


def clipped(x, v, w):
    return v * np.minimum(np.maximum(x, -3), 3) + w, (x, v)


def clipped_backward(dout, cache):
    x, v = cache
    mask = (x > -3) & (x < 3)
    dz = dout * mask
    return dz * v, dout * np.minimum(np.maximum(x, -3), 3), dz


def large(x, v, g, w):
    return x * v * g + 1e9 * w, (x, v, g)


def large_backward(dout, cache):
    x, v, g = cache
    dz = dout * g
    return dz * v, dout * x * g, dout * x * v, 1e9 * dz


@pytest.mark.parametrize(
    ("forward", "backward", "names"),
    [(clipped, clipped_backward, "xvw"), (large, large_backward, "xvgw")],
)
def test_no_other_gradient_is_wrong_with_a_change_beyond_what_numpy_shows(forward, backward, names):
    """dz = dout makes w right; by x it is wrong where the mask is 0, or beside a large loss."""
    report = prove_vjp(forward, backward, **dict.fromkeys(names, ("n", "d")))
    assert report["w"].kind == "refuted"
    assert "dz = dout" not in str(report["w"].correction)


def test_a_change_of_the_loss_is_none_of_its_gradient():
    def loss(w, b, v):
        m = (np.abs(w) < 5) * 1.0
        return (v * m * w**2).sum() + b.sum(), 2 * v * m * w, m + 0 * b

    report = prove(loss, w=("n", "d"), b=("n", "d"), v=("n", "d"))
    assert report["b"].kind == "refuted"
    assert "m = " not in str(report["b"].correction)


REACHED = []


def guarded_backward(dout, cache):
    x, w, _ = cache
    if len(REACHED) > 10**6:
        REACHED.append("never")
        stop = sys.exit(REACHED.append("never"))
        return stop, stop, stop
    return dout @ w.T, (x**2).T @ dout, dout.sum(axis=0)


def test_what_is_never_reached_is_never_run():
    def forward(x, w, b):
        return x @ w + b, (x, w, b)

    report = prove_vjp(forward, guarded_backward, x=("n", "d"), w=("d", "t"), b=("t",))
    assert "x**2 where x belongs" in report["w"].diagnosis
    assert report["w"].line == guarded_backward.__code__.co_firstlineno + 6
    assert REACHED == []


def test_a_statement_that_is_not_reached_has_no_changes():
    def call():
        return guarded_backward(np.ones((2, 3)), (np.ones((2, 4)), np.ones((4, 3)), np.ones(3)))

    lines = {one.line for one in changes(guarded_backward, call)}
    start = guarded_backward.__code__.co_firstlineno
    assert start + 6 in lines
    assert lines.isdisjoint({start + 3, start + 4, start + 5})


class Called:
    def __call__(self, dout, cache):
        return dout @ cache[1].T, (cache[0] ** 2).T @ dout


@pytest.mark.parametrize("backward", [Called(), functools.partial(Called().__call__)])
def test_what_is_no_function_has_no_lines_and_is_refuted_all_the_same(backward):
    report = prove_vjp(lambda x, w: (x @ w, (x, w)), backward, x=("n", "d"), w=("d", "t"))
    assert report["w"].kind == "refuted"
    assert report["w"].correction is None


def test_a_text_that_has_changed_since_is_not_that_of_the_function(tmp_path, monkeypatch):
    path = tmp_path / "edited.py"
    path.write_text("def backward(dout, cache):\n    return 3 * cache * dout\n")
    monkeypatch.syspath_prepend(tmp_path)
    import edited

    assert list(changes(edited.backward, lambda: edited.backward(np.ones(2), np.ones(2))))
    path.write_text("def backward(dout, cache):\n    return 2 + cache * dout\n")
    linecache.checkcache()
    assert not list(changes(edited.backward, lambda: edited.backward(np.ones(2), np.ones(2))))


def test_outside_the_main_thread_nothing_is_changed():
    """There is no limit of time there, and a change may make an endless loop."""
    found = []
    thread = threading.Thread(target=lambda: found.append(ask_norm()))
    thread.start()
    thread.join()
    assert found[0]["x"].kind == "refuted"
    assert found[0]["x"].correction is None


def test_a_profiler_goes_on():
    profile = cProfile.Profile()
    assert profile.runcall(ask_norm)["x"].kind == "refuted"
    assert profile.getstats()


def test_nothing_is_logged_by_what_is_tried(caplog):
    def backward(dout, cache):
        normed, rms, gain = cache
        try:
            inner = (dout * gain * gain * normed).mean(axis=1, keepdims=True)
        except ValueError:
            logging.getLogger().exception("a change that does not fit")
            raise
        return (dout * gain - normed * inner) / rms, (dout * normed).sum(axis=0)

    report = ask_norm(backward)
    assert "gain too many" in report["x"].diagnosis
    assert not caplog.records


def test_a_page_shows_the_function_with_the_wrong_line_marked():
    shown = page([ask_norm()])
    (marked,) = re.findall("<mark>(.*?)</mark>", shown)
    assert marked.strip() == "inner = (dnormed * gain * normed).mean(axis=1, keepdims=True)"
    assert "dgain = (dout * normed).sum(axis=0)" in shown


class Dropout:
    def __init__(self, p=0.5):
        self.p = p

    def forward(self, x, mask):
        self.mask = mask
        return x * mask / (1 - self.p)

    def backward(self, dout):
        return {"dx": dout * self.mask}


def test_numbers_that_are_taken_as_they_are_are_said_with_the_line():
    """At another p another line is right."""
    report = prove_vjp(Dropout, x=("n", "d"), mask=("n", "d"))
    assert report["x"].proved_for == "p = 0.5"
    assert "(proved for p = 0.5)" in str(report)


KEPT = 0.5


class Rescaled:
    kept: ClassVar[float] = 0.5

    def forward(self, x, mask):
        self.mask = mask
        return x * mask / (1 - self.kept)

    def backward(self, dout):
        return {"dx": dout * self.mask}


def rescaled(x, mask):
    return x * mask / (1 - KEPT), mask


def test_numbers_that_are_looked_up_are_said_with_the_line():
    report = prove_vjp(Rescaled, x=("n", "d"), mask=("n", "d"))
    assert report["x"].proved_for == "self.kept = 0.5"

    def backward(dout, mask):
        dx = dout * mask
        return dx  # noqa: RET504

    report = prove_vjp(rescaled, backward, x=("n", "d"), mask=("n", "d"))
    assert report["x"].correction
    assert report["x"].proved_for == "KEPT = 0.5"


class Unclaimed:
    """The gradient by the weights, which have no place of their own, is right and not asked."""

    def __init__(self, n_in, n_out):
        self._W = np.random.randn(n_in, n_out)

    @property
    def W(self):  # noqa: N802 - as people call it
        return self._W

    def forward(self, x, g):
        self.x, self.g = x, g
        return np.tanh(x @ self.W) * g

    def backward(self, dout):
        a = np.tanh(self.x @ self.W)
        dz = dout * (1 - a**2)
        dg = dout * a
        self.dW = self.x.T @ (dz * self.g)
        return dz @ self.W.T, dg


def test_what_is_left_in_attributes_stays_as_it_is():
    report = prove_vjp(Unclaimed, n_in="d", n_out="t", x=("n", "d"), g=("n", "t"))
    assert "dz = " not in str(report["x"].correction)
    assert "lacks the factor self.g" in report["x"].diagnosis


def test_two_lines_that_are_said_are_right_together():
    def backward(dout, cache):
        x, w = cache
        dz = dout / 2
        dw = 4 * x.T @ dz
        dx = dz @ w.T
        return dx, dw

    report = prove_vjp(lambda x, w: (x @ w, (x, w)), backward, x=("n", "d"), w=("d", "t"))
    lines = {part.wrt: (part.line, part.correction) for part in report}
    start = backward.__code__.co_firstlineno
    assert lines["x"][0] != start + 2, "dz is what w is made of, and is still wrong then"
    assert lines["w"][0] != start + 2


def test_what_decides_what_is_reached_is_left_as_it_is():
    def backward(dout, cache):
        x, w = cache
        save = False
        steps = 0
        dz = np.cosh(dout)
        if save or steps:
            REACHED.append("saved")
        return np.sinh(dz @ w.T), np.sinh(x.T @ dz)  # no one change mends it

    assert prove_vjp(lambda x, w: (x @ w, (x, w)), backward, x=("n", "d"), w=("d", "t")).refuted
    assert REACHED == []


def test_a_line_that_writes_to_what_is_given_is_none():
    def backward(dout, cache):
        x, w, c = cache
        dz = dout * c
        dz *= c
        return dz @ w.T, x.T @ dz

    report = prove_vjp(
        lambda x, w, c: (c * (x @ w), (x, w, c)), backward, x=("n", "d"), w=("d", "t"), c=()
    )
    assert {part.correction for part in report} & {"dz = dout"} == set()


class Swapped:
    def __init__(self):
        self.W, self.V = np.ones((3, 3)), np.ones((3, 3))
        self.params = [self.W, self.V]

    def forward(self, x):
        self.x = x
        return x @ self.W + (x * x) @ self.V

    def backward(self, dout):
        dv, dw = (self.x**2).T @ dout, self.x.T @ dout
        self.grads = [dv, dw]
        return dout @ self.W.T + 2 * self.x * (dout @ self.V.T)


def swapped(x, w):
    return x * w, (x, w)


def swapped_backward(dout, cache):
    x, w = cache
    return {"x": dout * x, "w": dout * w}


def test_gradients_in_each_others_place_are_exchanged():
    report = prove_vjp(Swapped, x=("n", 3))
    right = "dv, dw = (self.x.T @ dout, (self.x**2).T @ dout)"
    assert [report[name].correction for name in ("W", "V")] == [right, right]
    report = prove_vjp(swapped, swapped_backward, x=("n", "d"), w=("n", "d"))
    right = "return {'x': dout * w, 'w': dout * x}"
    assert [part.correction for part in report] == [right, right]


def squared_times(x, w):
    return x * x * w, (x, w)


def joined_backward(dout, cache):
    x, w = cache
    dx = 2 * dout * x * w
    dw = dout * x * x
    return (dw,) + (dx,)  # noqa: RUF005 - as people write it


def named_backward(dout, cache):
    x, w = cache
    dx = 2 * dout * x * w
    dw = dout * x * x
    return dict(dx=dw, dw=dx)  # noqa: C408 - as people write it


@pytest.mark.parametrize(
    ("backward", "right"),
    [(joined_backward, "return (dx,) + (dw,)"), (named_backward, "return dict(dx=dx, dw=dw)")],
)
def test_what_is_joined_and_what_is_named_is_exchanged(backward, right):
    report = prove_vjp(squared_times, backward, x=("n", "d"), w=("n", "d"))
    assert [part.correction for part in report] == [right, right]


class Listed:
    def __init__(self, w, u):
        self.params = [w, u]

    def forward(self, x):
        self.x = x
        w, u = self.params
        self.h = x @ w
        return self.h @ u

    def backward(self, grad):
        w, u = self.params
        du = self.h.T @ grad
        dh = grad @ u.T
        dw = self.x.T @ dh
        self.grads = []
        self.grads.append(du)
        self.grads.append(dw)
        return dh @ w.T


def test_lines_that_contradict_each_other_are_not_said():
    report = prove_vjp(Listed, w=("d", "d"), u=("d", "d"), x=("n", "d"))
    assert report["x"].proved
    assert report["w"].diagnosis == "what is returned is the gradient by u"
    assert report["u"].diagnosis == "what is returned is the gradient by w"
    assert {report[name].correction for name in "wu"} == {None}


def test_two_changes_to_one_line_are_both_in_it():
    def backward(dout, cache):
        x, w = cache
        return dout * x * w, dout * x * x * w

    report = prove_vjp(squared_times, backward, x=("n", "d"), w=("n", "d"))
    right = "return (2 * (dout * x * w), dout * x * x)"
    assert [part.correction for part in report] == [right, right]
    assert "has the factor w too many" in report["w"].diagnosis


def test_three_changes_to_one_line_are_all_in_it():
    def forward(x, w, v):
        return x * w * v, (x, w, v)

    def backward(dout, cache):
        x, w, v = cache
        return 2 * dout * w * v, 3 * dout * x * v, dout * x * w * v

    report = prove_vjp(forward, backward, **dict.fromkeys("xwv", ("n", "d")))
    right = "return (dout * w * v, dout * x * v, dout * x * w)"
    assert {part.correction for part in report} == {right}


def test_nothing_is_divided_by_itself_to_be_right():
    def backward(dout, cache):
        x, w = cache
        m = x.shape[1]
        dw = 1.0 / m * np.dot(x.T, dout)
        db = 1.0 / m * np.sum(dout, axis=0)
        return dout @ w.T, dw, db

    report = prove_vjp(affine, backward, x=("n", "d"), w=("d", "t"), b=("t",))
    assert report["w"].correction == "dw = 1.0 * np.dot(x.T, dout)"
    assert report["b"].correction == "db = 1.0 * np.sum(dout, axis=0)"


def test_what_is_lacking_is_told_in_names_that_stand_in_the_code():
    def again(x, y):
        y = x * y
        y = y + 1
        return np.maximum(0, y - 2).sum() + x.sum(), np.ones_like(x)

    def squared(x, w):
        return np.exp(x @ w).sum() + x.sum() ** 2, {"x": np.exp(x @ w) @ w.T}

    report = prove(again, x=("n", "d"), y=("n", "d"))
    assert report["x"].diagnosis == (
        "what is returned lacks the term y[i,k]·[−1 + x[i,k]·y[i,k]>0]"
    )
    report = prove(squared, x=("n", "d"), w=("d", "t"))
    assert report["x"].diagnosis == "what is returned lacks the term 2·Σᵣ₌₁ⁿ Σₛ₌₁ᵈ x[r,s]"


def extended(x, w):
    xb = np.hstack((x, np.ones((x.shape[0], 1))))
    return xb @ w, (xb, w)


def sliced(dout, cache):
    xb, w = cache
    dx = (dout @ w.T)[:, :-1]
    return dx + dx**2, xb.T @ dout


def whole(dout, cache):
    xb, w = cache
    dxb = dout @ w.T
    dx = dxb[:, :-1]
    return dx + dx**2, xb.T @ dout


def split(dout, cache):
    xb, w = cache
    dx, _ = np.split(dout @ w.T, [3], axis=1)
    return dx + dx**2, xb.T @ dout


def of_all(x, w):
    z = x @ w
    return np.tanh(z), (x, w, z)


def half(dout, cache):
    x, w, z = cache
    dz = (dout * (1 - np.tanh(z) ** 2))[:, :2]
    return np.hstack([dz, dz]) @ w.T, x.T @ np.hstack([dz, dz])


def test_what_is_right_so_far_is_an_array_of_the_variables_own_shape():
    shapes = {"x": ("n", 3), "w": (4, "t")}
    for backward in (sliced, split):
        assert prove_vjp(extended, backward, **shapes)["x"].right == ()
    (said,) = prove_vjp(extended, whole, **shapes)["x"].right
    assert said.startswith("dxb = ∂L/∂xb (line ")
    assert not any("dz" in x for x in prove_vjp(of_all, half, x=("n", 2), w=(2, 4))["x"].right)


def written_over(x, w):
    u = x @ w
    a = u.copy()
    a[u < 0] *= 0.1
    return a**2, (x, w, u, a)


def of_a_wrong_slope(dout, cache):
    x, w, u, a = cache
    da = dout * 2 * a
    du = np.where(u < 0, 0.2 * da, da)
    return du @ w.T, x.T @ du


def again_and_again(x, w, v):
    h = np.tanh(x @ w)
    h = h * 3
    h_2 = np.exp(h)
    return h_2 @ v, (x, w, v, h, h_2)


def without_three(dout, cache):
    x, w, v, h, h_2 = cache
    g = dout @ v.T
    k = g * h_2
    dz = k * (1 - (h / 3) ** 2)
    return dz @ w.T, x.T @ dz, h_2.T @ dout


def test_what_is_right_so_far_is_told_by_the_users_own_names():
    """A variable of several values is told with a line, and what we named ourselves is not."""
    shapes = {"x": ("n", "d"), "w": ("d", "t")}
    (said,) = prove_vjp(written_over, of_a_wrong_slope, **shapes)["x"].right
    assert re.fullmatch(r"da = ∂L/∂a of line \d+ \(line \d+\)", said)
    found = prove_vjp(again_and_again, without_three, **shapes, v=("t", "t"))["x"].right
    first = again_and_again.__code__.co_firstlineno
    own = without_three.__code__.co_firstlineno
    assert found == (
        f"g = ∂L/∂h_2 of line {first + 3} (line {own + 2})",
        f"k = ∂L/∂h of line {first + 2} (line {own + 3})",
    )
