"""Sines and cosines through the whole: proofs, conditions, counterexamples, and how they look."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction

import pytest

from gradcheck_sym import Network, Proved, Refuted, check, formula, prove_slope
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Definition, Statement
from gradcheck_sym.cli import run
from gradcheck_sym.prover.angles import angles, measured
from gradcheck_sym.prover.equation import rest
from gradcheck_sym.prover.knowledge import Knowledge
from gradcheck_sym.term.terms import ONE, ZERO, Entry, Letter, Num, Sum, apply

np = pytest.importorskip("numpy")

X, Y, Z = Entry("x"), Entry("y"), Entry("z")
I_, J = Letter("i", "n"), Letter("j", "n")


def sin(u):
    return apply("sin", u)


def cos(u):
    return apply("cos", u)


def statement(*values):
    """A statement in which these stand."""
    defined = {"z": Definition((), 2 * X + Y)}
    return Statement(defined, X + sum(values, ZERO), "x", (), ONE)


def equal(left, right):
    """Whether the rules alone show it."""
    knowledge = Knowledge(statement(left, right))
    poly = knowledge.bench.ring.difference(left, right)
    return not knowledge.reducer(knowledge.names).reduce(poly).poly


EQUAL = [
    (sin(ZERO), ZERO),
    (cos(X - X), ONE),
    (sin(ZERO) * cos(ZERO) + cos(ZERO) * cos(ZERO), ONE),
    (sin(Y - X), -sin(X - Y)),
    (cos(Y - X), cos(X - Y)),
    (cos(X) ** 2, 1 - sin(X) ** 2),
    (cos(X) ** 5 + cos(X) ** 3 * sin(X) ** 2, cos(X) ** 3),
    (Sum(I_, cos(Entry("u", (I_,))) ** 2 + sin(Entry("u", (I_,))) ** 2), Sum(J, ONE)),
    (sin(2 * X), 2 * sin(X) * cos(X)),
    (cos(2 * X), 2 * cos(X) ** 2 - 1),
    (cos(4 * X), 8 * cos(X) ** 4 - 8 * cos(X) ** 2 + 1),
    (sin(3 * X) + sin(-X), 2 * cos(2 * X) * sin(X)),
    (sin(X / 2) * cos(X / 2), sin(X) / 2),
    (sin(30 * X) ** 2 + cos(30 * X) ** 2, ONE),
    (sin(X + Y), sin(X) * cos(Y) + cos(X) * sin(Y)),
    (sin(X - Y) * sin(X + Y), sin(X) ** 2 - sin(Y) ** 2),
    (cos(X + Y) + cos(X - Y), 2 * cos(X) * cos(Y)),
    (sin(2 * X + 2 * Y), 2 * sin(X + Y) * cos(X + Y)),
    (cos(sin(-X)), cos(sin(X))),
]
NOT_EQUAL = [
    (sin(-X), sin(X)),
    (cos(-X), -cos(X)),
    (sin(2 * X), 2 * sin(X)),
    (cos(X) ** 2, 1 + sin(X) ** 2),
    (cos(X + Y), cos(X) * cos(Y) + sin(X) * sin(Y)),
    (cos(ZERO), ZERO),
    (sin(X), cos(X)),
    (cos(X) ** 2 + sin(Y) ** 2, ONE),
]


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_what_is_equal_is_shown_by_the_rules_alone(left, right):
    assert equal(left, right)


@pytest.mark.parametrize(("left", "right"), NOT_EQUAL)
def test_what_is_not_equal_is_not(left, right):
    assert not equal(left, right)


def test_angles_are_taken_apart_only_where_their_parts_stand_too():
    """sin 30z is one thing; of sin x and sin 9x neither is written in the other."""

    def steps(*values):
        knowledge = Knowledge(statement(*values))
        poly = knowledge.bench.ring.normal(values[0])
        return knowledge.reducer(knowledge.names).reduce(poly).steps

    assert not steps(sin(30 * X))
    assert not steps(cos(30 * X), sin(30 * X))
    assert not steps(sin(9 * X), sin(X))
    assert not steps(cos(X + Y))
    assert not steps(cos(X + Y), sin(X + Y), X * Y)
    assert steps(sin(2 * X), cos(X))
    assert steps(sin(X + Y), cos(Y))


def test_the_unit_of_angles_looks_through_names_and_leaves_signs_out():
    ring = Ring()
    found = angles(ring, statement(sin(6 * X + 3 * Y), cos(-2 * Z)), frozenset())
    assert found[measured(ring, ring.normal(2 * X + Y))[0]] == 2
    assert found[measured(ring, ring.normal(Z))[0]] == 2
    found = angles(ring, statement(sin(X / 2), cos(X / 3)), frozenset())
    assert found[measured(ring, ring.normal(-X))[0]] == Fraction(1, 6)
    assert measured(ring, ring.normal(ZERO)) == ((), 0)
    assert angles(ring, statement(apply("exp", X)), frozenset()) == {}


def test_a_proof_of_an_equation_goes_through_the_checker():
    knowledge = Knowledge(statement(sin(2 * X), cos(X)))
    poly = knowledge.bench.ring.difference(sin(2 * X), 2 * sin(X) * cos(X))
    assert rest(knowledge, poly, (), quick=True)
    assert knowledge.signs.is_positive(knowledge.bench.ring.normal(2 + sin(X)))


def verdict_of(hidden, claim, sizes=("m", "d", "t"), n="n"):
    network = Network(*sizes, n=n, hidden=hidden)
    report = check(network, formula(claim, network, "W_h"))
    return report, report.entries[0].verdict


def test_a_denominator_that_a_sine_cannot_reach_needs_no_condition():
    claim = "X.T @ ((delta_out @ W_out.T) * -A_h**2 * np.cos(Z_h))"
    report, found = verdict_of("1/(2 + sin(z))", claim)
    assert isinstance(found, Proved)
    assert not report.conditions
    report, found = verdict_of("1/(1 + sin(z))", claim)
    assert isinstance(found, Proved)
    assert [str(condition.expr) for condition in report.conditions] == ["Ne(sin(Z_h[i, k]) + 1, 0)"]


@pytest.mark.parametrize(
    ("hidden", "slope", "diagnosis"),
    [
        ("cos(z)", "np.sin(Z_h)", "the claim is -1 × the derivative"),
        ("sin(30*z)", "np.cos(30*Z_h)", "the claim is 1/30 × the derivative"),
        ("sin(z)**2", "np.sin(Z_h)*np.cos(Z_h)", "the claim is 1/2 × the derivative"),
    ],
)
def test_what_a_wrong_slope_is_instead(hidden, slope, diagnosis, capsys):
    claim = f"W_h: X.T @ ((delta_out @ W_out.T) * {slope})"
    assert run(["2", "2", "2", "--hidden", hidden, "--claim", claim]) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert diagnosis in shown


def test_a_counterexample_is_small_and_its_script_shows_it(tmp_path):
    claim = "W_h: X.T @ ((delta_out @ W_out.T) * (1 + np.sin(Z_h)))"
    assert run(["2", "2", "2", "--hidden", "z - cos(z)", "--claim", claim, "-q"]) == 0
    wrong = claim.replace("1 + np.sin", "1 - np.sin")
    script = tmp_path / "shown.py"
    asked = ["2", "2", "2", "--hidden", "z - cos(z)", "--claim", wrong]
    assert run([*asked, "--reproduce", str(script)]) == 1
    printed: list[float] = []
    exec(script.read_text("utf-8"), {"print": lambda *values: printed.extend(values)})
    assert abs(printed[0] - printed[1]) > 0.01
    _, found = verdict_of("z - cos(z)", wrong.removeprefix("W_h: "), (2, 2, 2), 1)
    assert isinstance(found, Refuted)
    assert len(found.counterexample.values) <= 3
    assert set(map(abs, found.counterexample.values.values())) == {1}


def test_a_proof_is_written_and_replayed(tmp_path, capsys):
    path = tmp_path / "proof.json"
    command = ["m", "d", "t", "--n", "n", "--hidden", "z + sin(z)**2", "--claim"]
    command += ["W_h: X.T @ ((delta_out @ W_out.T) * (1 + np.sin(2*Z_h)))"]
    assert run([*command, "--format", "json", "-o", str(path)]) == 0
    assert run(["--replay", str(path)]) == 0
    assert "sin(" in capsys.readouterr().out
    (claim,) = json.loads(path.read_text())["claims"]
    slope = next(d for d in claim["definitions"] if d["name"] == "delta_h")
    assert slope["value"].startswith("(2*sin(Z_h[i, k])*cos(Z_h[i, k]) + 1)*")


def test_how_they_look(capsys):
    command = ["2", "2", "2", "--hidden", "sin(z)*cos(z)", "--wrt", "W_h", "--steps"]
    assert run(command) == 0
    shown = capsys.readouterr().out
    assert "sin(z_h[1,k])" in shown
    assert "sin(z_h[1,k])^2 + cos(z_h[1,k])^2 = 1" in shown
    assert run([*command, "--format", "latex"]) == 0
    latex = capsys.readouterr().out
    assert r"\sin{\left(" in latex
    assert r"\cos{\left(" in latex


def test_a_size_is_not_called_as_a_function_is(capsys):
    for name in ("sin", "cos", "tan"):
        assert run(["2", "2", "2", "--n", name]) == 2
        assert "has a meaning here" in " ".join(capsys.readouterr().err.split())


def sine(z):
    return np.sin(z)


def cosine(z):
    return np.cos(z)


def tangent(z):
    return np.tan(z)


def test_slopes_of_the_users_own():
    assert prove_slope(sine, cosine, z=("n",)).proved
    assert prove_slope(lambda z: np.cos(z) ** 2, lambda z: -np.sin(2 * z), z=("n",)).proved
    assert prove_slope(cosine, sine, z=("n",)).refuted
    assert prove_slope(tangent, lambda z: 1 / np.cos(z) ** 2, z=("n",)).proved
    assert prove_slope(tangent, lambda z: 1 - np.tan(z) ** 2, z=("n",)).refuted


ROTARY = """
import numpy as np


def rotary_forward(x: "Float[Array, 'n']", cos: "Float[Array, 'n']", sin: "Float[Array, 'n']"):
    return x * cos + np.sin(sin), (x, cos, sin)


def rotary_backward(dout, cache):
    x, cos, sin = cache
    return dout * cos, dout * x, dout * np.cos(sin)
"""


def test_variables_may_be_called_cos_and_sin(tmp_path, capsys):
    """As in a rotary embedding, whose tables are given; also in the proof that is written."""
    code, proof = tmp_path / "rotary.py", tmp_path / "proof.json"
    code.write_text(ROTARY)
    assert run(["--code", f"{code}:rotary", "--format", "json", "-o", str(proof)]) == 0
    assert run(["--replay", str(proof)]) == 0
    assert "cos(sin[" in capsys.readouterr().out


def test_numbers_are_kept_as_they_are_written():
    """np.sin(1) is the sine of 1, and no decimal."""
    report = prove_slope(
        lambda z: np.sin(1.0) ** 2 * z, lambda z: 1 - np.cos(-1.0) ** 2 + 0 * z, z=("n",)
    )
    assert report.proved


def test_neither_numpy_nor_sympy_is_imported_for_them():
    code = (
        "import gradcheck_sym.values.circular, sys;"
        "print({'sympy', 'numpy', 'mpmath'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


def test_a_number_is_no_angle_that_stands_alone():
    assert equal(sin(X + 1), sin(X + 1))
    assert equal(cos(Num(2)) ** 2 + sin(Num(-2)) ** 2, ONE)
