"""Users' functions: what is run, what is said of it, and what is refused, from both sides."""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
import sys
import weakref
from functools import partial
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from gradcheck_sym import Labels, cli, prove, prove_slope, prove_vjp
from gradcheck_sym.errors import AssumptionError, CodeError, NotProved
from tests.tracing import is_traced

ROOT = Path(__file__).parent.parent
LAYERS = ROOT / "docs" / "layers.py"


def affine(x, w):
    return x @ w, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout


def run(capsys, *arguments):
    code = cli.run(["--code", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def documented():
    """docs/layers.py, whatever else is called layers."""
    spec = importlib.util.spec_from_file_location("documented_layers", ROOT / "docs" / "layers.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Counted:
    every: ClassVar = weakref.WeakSet()

    def __init__(self):
        Counted.every.add(self)

    def forward(self, x):
        return 2 * x

    def backward(self, dout):
        return 2 * dout


def test_a_report_names_what_a_partial_calls_and_no_place_in_memory():
    report = prove_vjp(partial(affine), partial(affine_backward), x=("n", "d"), w=("d", "t"))
    assert str(report).startswith("affine_backward (test_code.py:")
    assert report.source[0] == __file__
    report = prove_vjp(Counted, x=("n",))
    assert report.proved
    assert " at 0x" not in str(report)


def rounded(x):
    return x.sum() / np.sqrt(np.log(2))


def rounded_slope(x):
    return 0 * x + 1.2011224087864498


class TestReport:
    def test_a_right_pair_is_proved_for_all_sizes(self):
        report = prove_vjp(affine, affine_backward, x=("n", "d"), w=("d", "t"))
        assert report.proved
        assert not report.refuted
        assert bool(report) is True
        assert "2 of 2 gradients proved for all positive integers n, d, t" in str(report)

    def test_a_wrong_one_says_which_gradient_and_what_it_is_instead(self):
        def backward(dout, cache):
            x, w = cache
            return dout @ w.T, x.T @ dout / x.shape[0]

        report = prove_vjp(affine, backward, x=("n", "d"), w=("d", "t"))
        assert report["x"].kind == "proved"
        assert report["w"].kind == "refuted"
        whole, _, line = report["w"].diagnosis.partition("; ")
        assert whole == "what is returned is 1/n × the gradient"
        assert "has the divisor x.shape[0] too many" in line
        with pytest.raises(NotProved, match="1/n × the gradient"):
            bool(report)

    def test_numbers_for_sizes_are_decided_entry_by_entry(self):
        """Right for the first row alone: the first entry is no measure of the others."""

        def backward(dout, cache):
            x, w = cache
            dx = dout @ w.T
            dx[1] = 0
            return dx, x.T @ dout

        report = prove_vjp(affine, backward, x=(2, 2), w=(2, 1))
        assert report["x"].kind == "refuted"
        assert list(report["x"].verdict.counterexample.indices.values()) == [2, 1]

    def test_another_shape_is_refuted_with_both(self):
        def backward(dout, cache):
            x, w = cache
            return dout @ w.T, dout.T @ x

        report = prove_vjp(affine, backward, x=("n", "d"), w=("d", "t"))
        assert report["w"].kind == "refuted"
        assert "(t × d)" in report["w"].verdict.reason

    def test_an_input_without_a_gradient_is_told(self):
        def backward(dout, cache):
            return dout @ cache[1].T

        report = prove_vjp(affine, backward, x=("n", "d"), w=("d", "t"))
        assert report.proved
        assert "no gradient by w is returned" in str(report)

    def test_the_lines_up_to_which_a_backward_pass_is_right_are_named(self):
        layers = documented()
        report = prove_vjp(layers.rms_norm_forward, layers.rms_norm_backward, x="n,d", gain="d")
        assert report["gain"].kind == "proved"
        assert report["x"].kind == "refuted"
        assert report["x"].right == ("dnormed = ∂L/∂normed (line 29)",)


class TestSoundness:
    def test_an_input_that_is_changed_in_place_is_still_the_input(self):
        def forward(x):
            x *= 2
            return x.sum()

        report = prove(forward, lambda x: 2 + 0 * x, x=("n",))
        assert report.proved
        assert prove(forward, lambda x: 1 + 0 * x, x=("n",)).refuted

    def test_a_cache_that_backward_changes_does_not_change_the_loss(self):
        def forward(x):
            out = x * x
            return out, (x, out)

        def backward(dout, cache):
            x, out = cache
            out *= 0
            return 2 * x * dout

        assert prove_vjp(forward, backward, x=("n",)).proved

    def test_a_maximum_that_matters_is_not_taken_for_any_number(self):
        def forward(x):
            return x - x.max(axis=1, keepdims=True)

        assert not prove_vjp(forward, lambda dout: dout, x=("n", "d")).proved
        assert prove_vjp(forward, lambda dout: dout, x=(1, 2)).refuted

    def test_a_condition_that_no_maximum_meets_is_none(self):
        """Where x ≠ max x for all x, nothing holds: one of them is the largest."""

        def loss(x):
            return np.where(x >= x.max(axis=1, keepdims=True), x**2, 0).sum()

        def gradient(x):
            return 2 * x * (x > x.max(axis=1, keepdims=True))

        assert not prove(loss, gradient, x=("n", "d")).proved

    def test_at_numbers_a_maximum_is_any_number_where_it_does_not_matter(self):
        def softmax(x):
            e = np.exp(x - x.max(axis=1, keepdims=True))
            p = e / e.sum(axis=1, keepdims=True)
            return p, p

        def backward(dout, p):
            return p * (dout - (dout * p).sum(axis=1, keepdims=True))

        report = prove_vjp(softmax, backward, x=(2, 3))
        assert report.proved
        assert report["x"].conditions == ()  # the largest entry may be there twice

        def shifted(x):
            return x - x.max()

        wrong = prove_vjp(shifted, lambda dout, x: dout, x=(3,))
        assert wrong.refuted

    def test_a_maximum_that_matters_is_found_out_without_a_second_opinion(self, monkeypatch):
        from gradcheck_sym.code.numeric import Opinion, SecondOpinion

        content = Opinion(agree=1, against=0, failed=None)
        monkeypatch.setattr(SecondOpinion, "on", lambda *_: content)
        monkeypatch.setattr(SecondOpinion, "admits", lambda *_: True)

        def shifted(x):
            return x - x.max()

        assert prove_vjp(shifted, lambda dout, x: dout, x=(3,)).refuted
        assert not prove_vjp(shifted, lambda dout, x: dout, x=("n",)).proved

        def winner(x):
            gap = x.max(axis=1, keepdims=True) - x
            return np.where(np.sqrt(gap) > 0, 0.0, x), gap

        for shape in (("n", "d"), ("n", 3)):
            zero = prove_vjp(winner, lambda dout, gap: np.zeros_like(dout), x=shape)
            assert not zero.proved

    def test_the_entry_that_is_the_maximum_is_found_by_comparison(self):
        def pool(x):
            return x.max(axis=1), x

        def backward(dout, x):
            return dout[:, None] * (x == x.max(axis=1, keepdims=True))

        report = prove_vjp(pool, backward, x=("n", 3))
        assert report.proved
        assert "x[i,1] − x[i,2] ≠ 0" in str(report)
        assert prove_vjp(pool, lambda dout, x: dout[:, None] * (x > 0), x=("n", 3)).refuted

    def test_sums_over_numbered_entries_are_written_out(self):
        def total(x):
            found = 0
            for k in range(4):
                found = found + x[k] ** 2
            return found / 4

        assert prove(total, lambda x: 2 * x / x.size, x=(4,)).proved
        assert prove(total, lambda x: 2 * x / 5, x=(4,)).refuted
        assert prove(lambda x: x[0] ** 2 + x[1] ** 2, lambda x: 2 * x, x=(3,)).refuted

    def test_letters_of_sums_are_not_those_of_what_stands_beside_them(self):
        def affine_relu(x, w, b):
            return np.maximum(x @ w + b, 0), (x, w, b)

        def backward(dout, cache):
            x, w, b = cache
            dz = dout * (x @ w + b > 0)
            return dz @ w.T, x.T @ dz, dz.sum(axis=0)

        report = prove_vjp(affine_relu, backward, x=(2, 3), w=(3, 2), b=(2,))
        assert report.proved
        assert "Σᵣ₌₁³ x[i,r]·w[r,j]" in str(report)

    def test_what_a_mask_leaves_out_is_compared_with_numpy(self):
        def drop(x):
            mask = np.random.rand(*x.shape) > 0.2
            h = x.copy()
            h[~mask] = 0
            return np.maximum(h, 0), (h, mask)

        def forgets(dout, cache):
            h, _ = cache
            return dout * (h >= 0)  # 0 where nothing is left, too

        def backward(dout, cache):
            h, mask = cache
            return dout * (h > 0) * mask

        assert not prove_vjp(drop, forgets, x=("n", "d")).proved
        assert prove_vjp(drop, backward, x=("n", "d")).proved

    def test_a_condition_that_no_maximum_meets_is_none_behind_a_name(self):
        def winner(x):
            gap = x.max(axis=1, keepdims=True) - x
            dist = np.sqrt(gap)
            return np.where(dist > 0, 0.0, x), dist

        report = prove_vjp(winner, lambda dout, dist: np.zeros_like(dout), x=("n", "d"))
        assert not report.proved

    def test_a_refutation_holds_for_the_real_maximum(self):
        """With any number for the maximum the two would differ: Σ max(x − max x, 0) is 0."""

        def forward(x):
            return np.maximum(x - x.max(), 0).sum()

        assert not prove(forward, lambda x: 0 * x, x=("n",)).refuted

    def test_what_a_mask_decides_is_a_condition(self):
        report = prove_vjp(lambda x: np.maximum(x, 0), lambda dout, x: dout * (x > 0), x=("n", "d"))
        assert report.proved
        assert "x[i,j] ≠ 0" in str(report)

    @pytest.mark.parametrize(
        ("lines", "factor"),
        [
            ("s = x[0]; s += 1; out = x * 1.0", 1),
            ("v = x[:2]; v *= 3; out = x * 1.0", 3),
            ("v = x[[0, 1]]; v *= 3; out = x * 1.0", 1),
            ("v = x.copy(); v *= 3; out = x * 1.0", 1),
            ("v = x; v *= 3; out = x * 1.0", 3),
            ("v = x; v = v * 3; out = x * 1.0", 1),
            ("v = x[::-1]; x *= 3; out = v[::-1] * 1.0", 3),
            ("t = x.sum(); u = t; t *= 3; out = x * 1.0 + 0 * u", 1),
            ("v = np.asarray(x); v *= 3; out = x * 1.0", 3),
            ("v = np.array(x); v *= 3; out = x * 1.0", 1),
            ("v = x[None]; v *= 3; out = x * 1.0", 3),
            ("np.multiply(x, 3, out=x); out = x * 1.0", 3),
        ],
    )
    def test_views_and_copies_are_numpys(self, lines, factor):
        """Each is carried out by NumPy as well, which says what the factor is."""
        space = {"np": np}
        body = "".join(f"    {line}\n" for line in lines.split("; "))
        exec(f"def forward(x):\n{body}    return out\n", space)
        forward = space["forward"]
        assert forward(np.array([1.0, 2.0]))[1] == 2 * factor
        assert prove_vjp(forward, lambda dout: dout * factor, x=(2,)).proved
        assert prove_vjp(forward, lambda dout: dout * (4 - factor), x=(2,)).refuted

    def test_a_reshape_that_may_be_a_copy_is_not_written_through(self):
        def forward(x):
            flat = x.T.reshape(-1)
            flat[0] = 0
            return x * 1.0

        with pytest.raises(CodeError, match="how the array lies in memory"):
            prove_vjp(forward, lambda dout: dout, x=(2, 2))

    def test_code_that_treats_numbers_in_another_way_is_not_proved(self):
        def forward(x):
            return x if is_traced(x) else 2 * x

        report = prove_vjp(forward, lambda dout: dout, x=("n",))
        assert report.undecided
        assert "the functions contradict it" in str(report)

    def test_a_refutation_is_at_random_numbers_that_can_be_drawn(self):
        def rrelu(x):
            a = np.random.uniform(0.125, 0.333, x.shape)
            return np.maximum(x, a * x), (x, a)

        def rrelu_backward(dout, cache):
            x, a = cache
            return dout * np.where(x > 0, 1, a)

        def counted(x):
            m = np.random.binomial(2, 0.5, x.shape)
            return x * m * (m - 1) * (m - 2), None

        assert not prove_vjp(rrelu, rrelu_backward, x=("n",)).refuted
        assert not prove_vjp(counted, lambda dout: 0 * dout, x=("n",)).refuted
        assert prove_vjp(counted, lambda dout: dout, x=("n",)).refuted

        def scaled(x):
            return x * np.random.rand(*x.shape)

        report = prove_vjp(scaled, lambda dout: dout, x=("n",))
        assert report.refuted
        values = report["x"].verdict.counterexample.values
        assert all(0 <= value < 1 for name, value in values.items() if name.startswith("rand"))

    def test_random_bits_are_0_or_1_and_a_seed_draws_the_same_again(self):
        def bits(x):
            m = np.random.binomial(1, 0.5, x.shape)
            return x * m * m, m

        def of_generator(x):
            return x * (np.random.default_rng(0).random(x.shape) < 0.5)

        def of_numpys(x):
            np.random.seed(7)
            return x * (np.random.rand(*x.shape) < 0.5)

        def of_another_seed(dout):
            return dout * (np.random.RandomState(8).rand(*dout.shape) < 0.5)

        assert prove_vjp(bits, lambda dout, m: dout * m, x=("n",)).proved
        for again in (of_generator, of_numpys):
            assert prove_vjp(again, lambda dout, again=again: again(dout), x=("n",)).proved
        assert prove_vjp(of_numpys, of_another_seed, x=("n",)).refuted

    def test_a_condition_that_no_random_number_meets_is_none(self):
        def forward(x):
            r = np.sqrt(np.random.rand(*x.shape) - 5)
            return x * r, r

        report = prove_vjp(forward, lambda dout, r: dout * r, x=("n",))
        assert report.undecided
        assert "a proof was found, but no point at which" in str(report)

        def counts(x):
            c = np.random.binomial(2, 0.5, x.shape)
            s = np.sqrt(c * (1 - c))  # of 0, 1 and 2 none has such a root that is not 0
            return x / s, s

        assert prove_vjp(counts, lambda dout, s: dout / s, x=("n",)).undecided

    def test_a_generator_that_was_made_before_is_refused(self):
        for rng in (np.random.default_rng(0), np.random.RandomState(0), random):

            def forward(x, rng=rng):
                return x * rng.random(), None

            with pytest.raises(CodeError, match="made before"):
                prove_vjp(forward, lambda dout: dout, x=("n",))

    def test_two_calls_share_nothing(self):
        first = prove_vjp(affine, affine_backward, x=("n", "d"), w=("d", "t"))
        second = prove_vjp(affine, affine_backward, x=("n", "d"), w=("d", "t"))
        assert str(first) == str(second)


class TestRefused:
    @pytest.mark.parametrize(
        ("function", "said"),
        [
            (lambda x: x if x.sum() > 0 else -x, "the truth of an array"),
            (lambda x: x * float(np.mean(np.asarray(3.0))) + complex(x.sum()), "to a number"),
            (lambda x: 2 * np.sort(x), "np.sort is not supported"),
            (lambda x: [][len(x.shape)], "it raises IndexError"),
            (lambda x: sum(x[i] for i in range(x.shape[0])), "n=3"),
            (lambda x: x[1:], "n=3"),
            (lambda x: sys.exit(3), "it exits"),
        ],
    )
    def test_what_has_no_formula_is_one_line_that_names_the_place(self, function, said):
        with pytest.raises(CodeError, match=r"^test_code\.py:\d+, in ") as caught:
            prove_vjp(function, lambda dout: dout, x=("n",))
        assert said in str(caught.value)
        assert "\n" not in str(caught.value)

    def test_a_loop_for_ever_ends(self):
        def forward(x):
            while True:
                x = x + 1

        with pytest.raises(CodeError, match="no end within"):
            prove_vjp(forward, lambda dout: dout, x=("n",), timeout=0.3)

    def test_parameters_without_shapes_are_named(self):
        with pytest.raises(CodeError, match="no shape for w"):
            prove_vjp(affine, affine_backward, x=("n", "d"))
        with pytest.raises(CodeError, match="no parameter v"):
            prove_vjp(affine, affine_backward, x=("n", "d"), w=("d", "t"), v=("n",))

    def test_numpy_is_itself_again(self):
        before = np.zeros, np.random.rand
        with pytest.raises(CodeError):
            prove_vjp(lambda x: x.missing, lambda dout: dout, x=("n",))
        assert (np.zeros, np.random.rand) == before
        assert isinstance(np.zeros(3), np.ndarray)


class TestKinds:
    def test_integer_labels_are_one_hot_rows(self):
        def loss(p, y):
            return -np.log(p[np.arange(p.shape[0]), y]).sum()

        def right(p, y):
            d = np.zeros_like(p)
            d[np.arange(p.shape[0]), y] = -1 / p[np.arange(p.shape[0]), y]
            return d

        shapes = {"p": ("n", "t"), "y": Labels("n", "t")}
        assert prove(loss, right, **shapes).proved
        assert prove(loss, lambda p, y: -1 / p, **shapes).refuted

    def test_a_class_has_its_attributes_as_weights(self):
        layers = documented()
        report = prove_vjp(layers.Dense, n_in="d", n_out="h", x=("n", "d"))
        assert [part.wrt for part in report] == ["x", "W", "b"]
        assert report.proved

    def test_weights_in_a_dict_are_found(self):
        class Dense:
            def __init__(self, n, m):
                self.params = {"W": np.random.randn(n, m)}
                self.grads = {}

            def forward(self, x):
                self.x = x
                return x @ self.params["W"]

            def backward(self, dout):
                self.grads["W"] = dout.T @ self.x
                return dout @ self.params["W"].T

        report = prove_vjp(Dense, n="d", m="t", x=("n", "d"))
        assert report["W"].kind == "refuted"
        assert report["x"].kind == "proved"

    def test_a_slope_of_a_function_of_each_entry(self):
        def softplus(x):
            return np.log(1 + np.exp(x))

        assert prove_slope(softplus, lambda x: 1 / (1 + np.exp(-x)), x=("n", "d")).proved
        assert prove_slope(softplus, lambda x: 1 / (1 + np.exp(x)), x=("n", "d")).refuted

    def test_a_scalar_may_be_assumed_to_be_positive(self):
        def loss(x, c):
            return (x**2).sum() * np.log(c)

        def gradient(x, c):
            return 2 * x * np.log(c)

        report = prove(loss, gradient, x=("n",), c=())
        assert "c > 0" in str(report)
        report = prove(loss, gradient, x=("n",), c=(), assume=["c > 0"])
        assert report["x"].conditions == ()
        assert report["x"].hypotheses == ("c > 0",)
        assert "assumed: c > 0" in str(report)
        with pytest.raises(AssumptionError, match="no use can be made"):
            prove(loss, gradient, x=("n",), c=(), assume=["x > 0"])


class TestCommand:
    def test_every_pair_of_a_file_is_checked(self, capsys):
        options = ("--labels", "y=n,t", "--shape", "n_in=d", "--shape", "n_out=h")
        code, out, err = run(capsys, LAYERS, *options)
        assert code == 1
        assert out.splitlines()[-1] == "3 of 4 pairs proved; not: rms_norm_backward"
        assert not err

    def test_one_pair_by_its_name(self, capsys):
        code, out, _ = run(capsys, f"{LAYERS}:affine")
        assert code == 0
        assert out.count("✔ proved") == 3

    def test_a_pair_of_unknown_shape_is_named_beside_the_others(self, capsys):
        code, out, err = run(capsys, LAYERS)
        assert code == 1
        assert "softmax_loss: the shape of y is not known" in err
        assert "affine_backward" in out

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("x = 1\n", "no pair found"),
            ("def f(:\n", ":1: "),
            ("x = 1\n\nraise ValueError('so')\n", ":3: it raises ValueError: so"),
            ("import sys\nsys.exit(0)\n", ":2: it exits"),
            ("while True:\n    pass\n", "no end within"),
        ],
    )
    def test_a_file_that_gives_nothing_is_one_line(self, text, said, tmp_path, capsys):
        file = tmp_path / "mine.py"
        file.write_text(text)
        code, out, err = run(capsys, file, "--timeout", "0.5")
        assert (code, out) == (2, "")
        assert said in err
        assert err.count("\n") == 1

    def test_sizes_have_no_place_beside_code(self, capsys):
        code, _, err = run(capsys, LAYERS, "2", "2")
        assert code == 2
        assert "no place there" in err

    def test_the_proofs_in_the_json_are_replayed(self, tmp_path, capsys):
        file = tmp_path / "proof.json"
        code, _, _ = run(capsys, f"{LAYERS}:softmax_loss", "--labels", "y=n,t", "--format", "json",
                         "-o", file)  # fmt: skip
        assert code == 0
        document = json.loads(file.read_text("utf-8"))
        found = [[one["wrt"] for one in document[key]] for key in ("claims", "maxima")]
        assert found == [["scores"], ["max"]]
        assert cli.run(["--replay", str(file)]) == 0
        assert "2 of 2 entries" in capsys.readouterr().out

    def test_the_script_of_a_point_runs_and_shows_the_two_numbers(self, tmp_path, capsys):
        _, out, _ = run(capsys, f"{LAYERS}:rms_norm", "--format", "json")
        script = json.loads(out)["claims"][0]["reproduction"]
        (tmp_path / "point.py").write_text(script)
        done = subprocess.run(
            [sys.executable, tmp_path / "point.py"], check=True, capture_output=True, text=True
        )
        assert "difference quotient" in done.stdout


class TestDiagnosis:
    def test_a_missing_term_is_shown_where_that_is_proved(self):
        def loss(w, lam):
            return (w**2).sum() * lam + w.sum()

        report = prove(loss, lambda w, lam: lam * w + 1, w=("d",), lam=())
        assert report["w"].diagnosis == "what is returned lacks the term λ·w[k]"

    def test_an_output_that_is_left_out_is_named(self):
        def forward(x):
            e = np.exp(x)
            p = e / e.sum(axis=1, keepdims=True)
            return p, p

        report = prove_vjp(forward, lambda dout, p: dout * p * (1 - p), x=("n", "t"))
        assert "0 is returned there, though out[1,2] depends on x[1,1]" in str(report)

    def test_a_rounded_constant_is_asked_about(self):
        def forward(x):
            return x**3 / 3

        report = prove_vjp(forward, lambda dout, x: dout * 1.00000000001 * x**2, x=("n",))
        assert report.refuted
        assert "they agree up to 1e-11: is a constant rounded, or a small one left out?" in str(
            report
        )

    def test_what_floats_do_not_show_is_said(self):
        report = prove(rounded, rounded_slope, x=("n",))
        assert "they agree up to 4e-18, which floats do not show: is a constant" in str(report)
        script = [sys.executable, "-c", report["x"].reproduction]
        ran = subprocess.run(script, check=True, capture_output=True, text=True)
        assert "they differ by 4e-18 of the first, which floats do not show: it is" in ran.stdout

    def test_a_transposed_gradient_of_a_square_matrix(self):
        def forward(x):
            return x @ x

        def right(dout, x):
            return dout @ x.T + x.T @ dout

        assert prove_vjp(forward, right, x=("n", "n")).proved
        report = prove_vjp(forward, lambda dout, x: right(dout, x).T, x=("n", "n"))
        assert report["x"].diagnosis == "what is returned is the gradient transposed"


class TestFamily:
    """Equations of layers that the network of the command line does not have (docs/family.md)."""

    def test_the_rowwise_negative_log_likelihood(self):
        def loss(A, Y):  # noqa: N803 - as it is written there
            return -np.log((Y * A).sum(axis=1)).sum()

        def gradient(A, Y):  # noqa: N803
            return -Y / (Y * A).sum(axis=1, keepdims=True)

        shapes = {"A": ("n", "t"), "Y": ("n", "t")}
        assert prove(loss, gradient, **shapes).proved
        assert prove(loss, lambda A, Y: -Y / A, **shapes).refuted  # noqa: N803

    def test_srelu_with_learnt_thresholds(self):
        def forward(x, al, tl, ar, tr):
            low, high = x <= tl, x >= tr
            out = np.where(low, tl + al * (x - tl), np.where(high, tr + ar * (x - tr), x))
            return out, (x, low, high, al, tl, ar, tr)

        def backward(dout, cache):
            x, low, high, al, tl, ar, tr = cache
            high = high & ~low
            dx = dout * np.where(low, al, np.where(high, ar, 1))
            dal = (dout * low * (x - tl)).sum()
            dtl = (dout * low * (1 - al)).sum()
            dar = (dout * high * (x - tr)).sum()
            dtr = (dout * high * (1 - ar)).sum()
            return dx, dal, dtl, dar, dtr

        shapes = {"x": ("n", "d"), "al": (), "tl": (), "ar": (), "tr": ()}
        assert prove_vjp(forward, backward, **shapes).proved

        def wrong(dout, cache):
            dx, dal, _, dar, dtr = backward(dout, cache)
            return dx, dal, (dout * cache[1]).sum(), dar, dtr

        report = prove_vjp(forward, wrong, **shapes)
        assert [part.kind for part in report] == ["proved"] * 2 + ["refuted"] + ["proved"] * 2


class TestClip:
    @staticmethod
    def sigmoid(z):
        return 1 / (1 + np.exp(-np.clip(z, -250, 250)))

    @staticmethod
    def slope(z):
        a = 1 / (1 + np.exp(-z))
        return a * (1 - a)

    def test_a_clip_is_what_it_is(self):
        report = prove_slope(self.sigmoid, self.slope, z=("n",))
        assert report.refuted
        assert "right where nothing is clipped: assume 'inside clip'" in str(report)

    def test_where_nothing_is_clipped_its_bounds_are_conditions(self):
        report = prove_slope(self.sigmoid, self.slope, z=("n",), assume=["inside clip"])
        assert report.proved
        assert "250 + z[i] > 0 and 250 − z[i] > 0" in str(report)
        wrong = prove_slope(
            self.sigmoid, lambda z: self.slope(z) * 2, z=(2,), assume=["inside clip"]
        )
        assert wrong.refuted

    def test_numbers_are_drawn_where_the_conditions_hold(self):
        def loss(p, y):
            q = np.clip(p, 1e-12, 1 - 1e-12)
            return -(y * np.log(q) + (1 - y) * np.log(1 - q)).sum()

        def gradient(p, y):
            return (p - y) / (p * (1 - p))

        shapes = {"p": ("n", "d"), "y": ("n", "d")}
        assert prove(loss, gradient, **shapes, assume=["inside clip"]).proved

    def test_one_bound_is_enough(self):
        assert prove_slope(lambda z: np.clip(z, 0, None), lambda z: 1.0 * (z > 0), z=("n",)).proved
        assert prove_slope(lambda z: z.clip(max=1), lambda z: 1.0 * (z > 0), z=("n",)).refuted


class Inner:
    def __init__(self, n, m):
        self.W = np.random.randn(n, m)
        self.b = np.zeros(m)

    def forward(self, x):
        self.x, self.a = x, np.tanh(x @ self.W + self.b)
        return self.a

    def backward(self, dout):
        dz = dout * (1 - self.a**2)
        self.dW, self.db = self.x.T @ dz, dz.sum(axis=0)
        return dz @ self.W.T


class Outer:
    def __init__(self, d, h, t):
        self.first, self.second = Inner(d, h), Inner(h, t)
        self.layers = [self.first, self.second]

    def forward(self, x):
        self.x = x
        return self.second.forward(self.first.forward(x))

    def backward(self, dout):
        return self.first.backward(self.second.backward(dout))


class Forgetful(Outer):
    def backward(self, dout):
        a = np.tanh(self.x @ self.first.W)  # without b, which is 0 when it is made
        return (self.second.backward(dout) * (1 - a**2)) @ self.first.W.T


class TestAdversary:
    """What a fresh reader got out of it: proved of code, and wrong (26 Nov 2026)."""

    def test_weights_inside_other_objects_are_free(self):
        shapes = {"d": "d", "h": "h", "t": "t", "x": ("n", "d")}
        report = prove_vjp(Outer, **shapes)
        assert {part.wrt for part in report} == {"x", *(f"{k}_{w}" for k in ("first", "second")
                                                      for w in "Wb")}  # fmt: skip
        assert report.proved
        assert prove_vjp(Forgetful, **shapes)["x"].kind == "refuted"

    def test_an_object_stays_what_it_is(self):
        layer = Outer(2, 3, 2)
        weights = layer.first.W.copy()
        assert prove_vjp(layer, x=(2, 2)).proved
        assert type(layer.first.W) is np.ndarray
        assert (weights == layer.first.W).all()

    def test_weights_that_are_views_of_others_are_refused(self):
        class Tied(Inner):
            def __init__(self, n):
                super().__init__(n, n)
                self.Wt = self.W.T

        with pytest.raises(CodeError, match="may be a view of others"):
            prove_vjp(Tied, n="d", x=("n", "d"))

    def test_a_dict_that_is_written_to_is_not_the_callers(self):
        def forward(x, state):
            state["mean"] = state.get("mean", 0) + x.mean()
            return 1 * x

        state: dict[str, object] = {}
        assert prove_vjp(forward, lambda dout: dout, x=("n",), state=state).proved
        assert state == {}

    def test_code_that_numpy_does_not_run_is_not_proved(self):
        def loss(x):
            if not is_traced(x):
                raise ValueError("no numbers")
            return x.sum()

        report = prove(loss, lambda x: 1 + 0 * x, x=("n",))
        assert report.undecided
        assert (
            "in NumPy the functions do not run everywhere: at n = 2: ValueError: no numbers"
            in str(report)
        )

    def test_the_names_of_a_script_are_not_the_inputs(self):
        report = prove_vjp(
            lambda value, code: value * code,
            lambda dout, value, code: (dout * code, dout * value),
            value=("n",), code=("n",),
        )  # fmt: skip
        assert report.proved

    def test_a_small_gradient_is_looked_at_beside_itself(self):
        from gradcheck_sym.code.numeric import SecondOpinion
        from gradcheck_sym.code.running import ran_gradient

        def loss(w):
            return 1e-6 * (w**2).sum()

        right = ran_gradient(loss, lambda w: 2e-6 * w, {"w": ("n",)})
        wrong = ran_gradient(loss, lambda w: 3e-6 * w, {"w": ("n",)})
        assert not SecondOpinion(right, frozenset()).on("w").contradicts
        assert SecondOpinion(wrong, frozenset()).on("w").contradicts

    def test_random_masks_are_the_same_in_both(self):
        def forward(x):
            mask = (np.random.rand(*x.shape) < 0.5) / 0.5
            return x * mask, mask

        shapes = {"x": ("n", "d")}
        assert prove_vjp(forward, lambda dout, mask: dout * mask, **shapes).proved
        assert prove_vjp(forward, lambda dout, mask: dout, **shapes).refuted

    def test_parameters_have_roles_by_their_names(self):
        def forward(x):
            return np.maximum(x, 0), x

        assert prove_vjp(forward, lambda cache, dout: dout * (cache > 0), x=("n",)).proved
        assert prove_vjp(forward, lambda x, dout: dout * (x > 0), x=("n",)).proved

        def two(h, c):
            return h * c, c * 2, h

        with pytest.raises(CodeError, match="looks like the gradient by another output"):
            prove_vjp(two, lambda dnext_h, dnext_c, cache: dnext_h, h=("n",), c=("n",))

    def test_what_is_traced_is_what_numpy_computes_also_far_from_zero(self):
        def sign(x):  # what no trace can know of: that numbers are treated in another way
            return 1.0 if is_traced(x) else 2.0

        def forward(x):
            return np.where(x > 60, sign(x) * x, x), x

        def as_traced(dout, x):
            return dout

        def as_computed(dout, x):
            return dout * np.where(x > 60, 2, 1)

        shapes = {"x": ("n", "d")}
        (proved_alone,) = prove_vjp(forward, as_traced, **shapes)
        assert proved_alone.kind == "undecided"
        assert "run in NumPy" in proved_alone.verdict.reason
        (refuted_alone,) = prove_vjp(forward, as_computed, **shapes)
        assert refuted_alone.kind == "undecided"
        assert "compute something else" in refuted_alone.verdict.reason

    def test_a_refutation_that_a_difference_quotient_contradicts_is_none(self):
        def forward(x):  # linear, so that at 0 the two have one value
            return (1.0 if is_traced(x) else 2.0) * x, None

        report = prove_vjp(forward, lambda dout: 2 * dout, x=("n",))
        assert report.undecided
        assert "compute something else" in str(report)

    def test_conditions_that_leave_out_where_it_is_wrong(self):
        """min(r a, clip(r) a): the two are one for 0.8 < r < 1.2, where a mask < is 0."""

        def forward(r, a):
            one, other = r * a, np.clip(r, 0.8, 1.2) * a
            return np.minimum(one, other), (a, one, other)

        def strict(dout, cache):
            a, one, other = cache
            return {"r": dout * a * (one < other)}

        def right(dout, cache):
            a, one, other = cache
            return {"r": dout * a * (one <= other)}

        def rectified(x):
            h = np.maximum(x, 0)
            return np.maximum(h, x), (x, h)

        def lost(dout, cache):
            x, h = cache
            return dout * (x > h) + dout * (h > x) * (x > 0)

        shapes = {"r": ("n",), "a": ("n",)}
        report = prove_vjp(forward, right, **shapes)
        assert report.proved
        assert report["r"].leaves_out
        assert "this leaves out more than single points" in str(report)
        for report in (prove_vjp(forward, strict, **shapes), prove_vjp(rectified, lost, x=("n",))):
            assert report.refuted

    @pytest.mark.parametrize("sizes", [("n", "d"), (4, 5)])
    def test_numbers_are_looked_at_where_conditions_hold(self, sizes):
        """Random numbers fulfil none of them, a witness does."""

        def loss(x, y, z):
            found = -np.log(x - 1).sum() - np.log(y - 1).sum() - np.log(z - 1).sum()
            return found if is_traced(x) else found / len(x)

        def right(x, y, z):
            return -np.log(x - 1).sum() - np.log(y - 1).sum() - np.log(z - 1).sum()

        def gradient(x, y, z):
            return -1 / (x - 1), -1 / (y - 1), -1 / (z - 1)

        report = prove(loss, gradient, x=sizes, y=sizes, z=sizes)
        assert {part.kind for part in report} == {"undecided"}
        assert "they treat numbers in another way" in str(report)
        report = prove(right, gradient, x=sizes, y=sizes, z=sizes)
        assert report.proved
        assert "not compared" not in str(report)

    def test_near_a_witness_what_is_assumed_holds(self):
        def loss(x, y):
            e = np.exp(x - 6)
            return -(y * np.log(e / e.sum(axis=1, keepdims=True))).sum() - np.log(x - 5).sum()

        def gradient(x, y):
            e = np.exp(x - 6)
            return {"x": e / e.sum(axis=1, keepdims=True) - y - 1 / (x - 5)}

        shapes = {"x": ("n", "t"), "y": ("n", "t")}
        report = prove(loss, gradient, assume=["y.sum(axis=1) == 1"], **shapes)
        assert report.proved
        assert report["x"].compared

    def test_sizes_that_stand_in_the_code_are_tried(self):
        def forward(x):
            rare = not is_traced(x) and x.shape == (8,)
            return (2.0 if rare else 1.0) * x, None

        report = prove_vjp(forward, lambda dout: dout, x=("n",))
        assert not report.proved

    def test_floats_that_lose_their_digits_are_no_contradiction(self):
        def forward(z):
            s = 1 / (1 + np.exp(-z))
            return np.log(1 - s), s

        assert prove_vjp(forward, lambda dout, s: -dout * s, z=("n", "d")).proved

    def test_a_maximum_has_its_value_where_it_is_compared(self):
        from gradcheck_sym.code.numeric import SecondOpinion
        from gradcheck_sym.code.running import ran_vjp

        def softmax(x):
            e = np.exp(x - x.max(axis=1, keepdims=True))
            p = e / e.sum(axis=1, keepdims=True)
            return p, e

        ran = ran_vjp(softmax, lambda dout, e: dout * e, {"x": ("n", "d")})
        here = SecondOpinion(ran, frozenset())
        assert ran.trace.shifts
        assert not here.on("x").otherwise  # what is returned reads the maximum
        wrong = ran_vjp(softmax, lambda dout, e: dout * e, {"x": ("n", "d")})
        wrong.trace.shifted[wrong.trace.shifts[0].name] = (wrong.inputs["x"], (0,))
        assert SecondOpinion(wrong, frozenset()).on("x").otherwise

    def test_what_forward_caches_is_not_the_input_of_that_name(self):
        def relu_squared(x):
            x = np.maximum(x, 0)
            return x**2, x

        def gate(x, w):
            x = np.tanh(x)
            return x * w, (x, w)

        def half(x):
            x = x / 2
            return x**2, x

        def unnamed(x):
            return x**2, x / 2

        def softplus(x):
            out = np.exp(x)
            return np.log1p(out), out

        def twice(dout, x):
            return 2 * x * dout

        def product(x, w):
            h = np.tanh(x * w)
            return 2 * h, (x, w, h)

        def chained(dout, x, w, h):
            d = 2 * dout * (1 - h**2)
            return d * w, d * x

        shape = {"x": ("n",)}
        assert prove_vjp(product, chained, w=("n",), **shape).proved
        assert prove_vjp(relu_squared, twice, **shape).proved
        assert prove_vjp(softplus, lambda dout, out: dout * out / (1 + out), **shape).proved
        assert prove_vjp(half, twice, **shape).refuted
        slopes = prove_vjp(gate, lambda dout, x, w: (dout * w * (1 - x**2), dout * x), **shape,
                           w=("n",))  # fmt: skip
        assert slopes.proved
        with pytest.raises(CodeError, match="call it cache"):
            prove_vjp(unnamed, twice, **shape)
        with pytest.raises(CodeError, match="beside"):
            prove_vjp(product, lambda dout, x, *rest: (dout, dout), w=("n",), **shape)

    def test_an_order_that_may_be_another_is_refused(self):
        def loss(x, w):
            return (x * x * w).sum()

        shapes = {"x": ("n",), "w": ("n",)}
        with pytest.raises(CodeError, match="another order"):
            prove(loss, lambda w, x: (x * x, 2 * x * w), **shapes)
        assert prove(loss, lambda w, x: {"w": x * x, "x": 2 * x * w}, **shapes).proved

        def three(x):
            out, c, h = x * x, x**3, x + 1
            return out, c, h

        with pytest.raises(CodeError, match="return h before"):
            prove_vjp(three, lambda dout, dh: dout + dh, x=("n",))

        def steps(z):
            a = np.tanh(z)
            return a, 1 - a**2

        def backward(da, dz):
            return da * dz

        with pytest.raises(CodeError, match="dz looks like the gradient by another output"):
            prove_vjp(steps, backward, z=("n",))

    def test_a_generator_that_drew_before_draws_what_is_not_known(self):
        class Noise:
            def __init__(self, d):
                self.first, self.second = np.random.default_rng(0), np.random.default_rng(0)
                self.W = self.second.normal(size=(d,))

            def forward(self, x):
                self.first.random(x.shape)
                self.a, self.b = self.first.random(x.shape), self.second.random(x.shape)
                return x * self.a

            def right(self, dout):
                return dout * self.a

            def backward(self, dout):
                return dout * self.b

        class Right(Noise):
            backward = Noise.right

        assert not prove_vjp(Noise, d="d", x=("d",)).proved
        assert prove_vjp(Right, d="d", x=("d",)).proved

    def test_inside_clip_is_no_condition_that_a_maximum_breaks(self):
        def forward(x):
            z = np.clip(x - x.max(axis=1, keepdims=True), -50, -1)
            return z, z

        report = prove_vjp(forward, lambda dout, z: dout, x=("n", "d"), assume=["inside clip"])
        assert not report.proved

    def test_what_forward_writes_over_is_no_weight(self):
        class Dense:
            def __init__(self, d, t):
                self.W = np.zeros((d, t))
                self.z = np.zeros((1, t))

            def forward(self, x):
                self.x, self.z = x, x @ self.W
                return np.tanh(self.z)

            def backward(self, dout):
                self.dz = dout * (1 - np.tanh(self.z) ** 2)
                self.dW = self.x.T @ self.dz
                return self.dz @ self.W.T

        report = prove_vjp(Dense, d="d", t="t", x=(1, "d"))
        assert {part.wrt: part.kind for part in report} == {"x": "proved", "W": "proved"}

    def test_several_outputs_are_weighted_each(self):
        def both(h, c):
            next_h, next_c = h * c, c * c
            return next_h, next_c, (h, c)

        def backward(dnext_h, dnext_c, cache):
            h, c = cache
            return dnext_h * c, dnext_h * h + 2 * dnext_c * c

        def forgets_one(dnext_h, dnext_c, cache):
            h, c = cache
            return dnext_h * c, dnext_h * h

        shapes = {"h": ("n",), "c": ("n",)}
        assert prove_vjp(both, backward, **shapes).proved
        report = prove_vjp(both, forgets_one, **shapes)
        assert {part.wrt: part.kind for part in report} == {"h": "proved", "c": "refuted"}
        assert "0 is returned there, though next_c[1] depends on c[1]" in str(report)

        def turned(dnext_c, dnext_h, cache):
            return backward(dnext_h, dnext_c, cache)

        def crossed(dnext_c, dnext_h, cache):
            return backward(dnext_c, dnext_h, cache)

        assert prove_vjp(both, turned, **shapes).proved
        assert prove_vjp(both, crossed, **shapes).refuted

        def alone(h, c):
            next_h, next_c = h * c, c * c
            return next_h + next_c, (h, c)

        with pytest.raises(CodeError, match="dnext_h and dnext_c are gradients by which outputs"):
            prove_vjp(alone, backward, **shapes)

    def test_weights_are_found_however_deep_and_whatever_leads_back(self):
        class Box:
            def __init__(self, inner, outer):
                self.inner, self.outer = inner, outer

        class Deep:
            def __init__(self, d):
                inner = Inner(d, d)
                for _ in range(9):
                    inner = Box(inner, self)
                self.box = inner

            def innermost(self):
                found = self.box
                while isinstance(found, Box):
                    found = found.inner
                return found

            def forward(self, x):
                return self.innermost().forward(x)

            def backward(self, dout):  # right for b = 0 alone
                own = self.innermost()
                return (dout * (1 - np.tanh(own.x @ own.W) ** 2)) @ own.W.T

        assert prove_vjp(Deep, d="d", x=("n", "d"))["x"].kind == "refuted"

    def test_weights_in_slots_are_free(self):
        class Slotted:
            __slots__ = ("b",)

            def __init__(self, d):
                self.b = np.zeros(d)

            def forward(self, x):
                return x * self.b

            def backward(self, dout):
                return 0 * dout

        assert prove_vjp(Slotted, d="d", x=("n", "d"))["x"].kind == "refuted"

    def test_a_layer_with_a_maximum_is_refuted_at_small_sizes(self):
        class Softmax:
            def __init__(self, d):
                self.W = np.random.randn(d, d)

            def forward(self, x):
                z = x @ self.W
                e = np.exp(z - z.max(axis=1, keepdims=True))
                self.p = e / e.sum(axis=1, keepdims=True)
                return self.p

            def backward(self, dout):
                return (dout * self.p * (1 - self.p)) @ self.W.T

        assert prove_vjp(Softmax, d="d", x=("n", "d"))["x"].kind == "refuted"

    def test_a_proof_that_nothing_was_compared_with_says_so(self):
        def loss(x):
            return np.log(x - 5).sum() + (0 if is_traced(x) else np.nan)

        report = prove(loss, lambda x: 1 / (x - 5), x=("n",))
        assert report.proved
        assert not report["x"].compared
        assert "not compared with NumPy" in str(report)


def test_a_function_that_returns_both_is_found_by_its_name_and_asks_for_labels(tmp_path, capsys):
    (tmp_path / "own.py").write_text(
        "import numpy as np\n"
        "def softmax_ce(scores, labels):\n"
        "    n = scores.shape[0]\n"
        "    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)\n"
        "    d = p.copy()\n"
        "    d[np.arange(n), labels] -= 1\n"
        "    return -np.log(p[np.arange(n), labels]).mean(), d / n\n"
    )
    asked = ["--code", f"{tmp_path}/own.py:softmax_ce", "--shape", "scores=n,t"]
    assert cli.run(asked) == 2
    assert "--labels labels=n,t" in capsys.readouterr().err
    assert cli.run([*asked, "--labels", "labels=n,t"]) == 0
    assert cli.run([*asked, "--shape", "label=n,t"]) == 2
    assert "there are labels, scores" in capsys.readouterr().err


DATACLASS = """from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass
class Cache:
    x: np.ndarray
    scale: float = 1.0


def square_forward(x):
    return x**2, Cache(x)


def square_backward(dout, cache):
    return dout * cache.x * cache.scale
"""


def test_a_file_with_a_dataclass_is_reproduced(tmp_path):
    """Dataclasses look up their annotations in the module of that name."""
    path, script = tmp_path / "layer.py", tmp_path / "again.py"
    path.write_text(DATACLASS)
    asked = ["--code", str(path), "--shape", "x=n", "--reproduce", str(script)]
    assert cli.run(asked) == 1
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "returned 1.0" in done.stdout
