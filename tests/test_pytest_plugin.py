"""The plugin of pytest: what a test that fails on a report shows."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

QUESTIONS = """
from functools import cache
from gradcheck_sym import Network, check, formula, prove_vjp

def forward(x, w):
    return x @ w, (x, w)

def backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout / len(x)

@cache
def affine():
    return prove_vjp(forward, backward, x=("n", "d"), w=("d", "t"))

@cache
def half():
    network = Network(1, 1, 1)
    return check(network, formula("A_h.T @ (A_out - Y) / 2", network))
"""
ASSERTIONS = {
    "a_name": ("report = half()", "assert report.proved"),
    "a_call": ("", "assert half().proved"),
    "a_report": ("", "assert half()"),
    "a_verdict": ("", "assert half().verdict == 'proved'"),
    "a_message": ("report = half()", "assert report.proved, 'mine'"),
    "its_text": ("report = half()", "assert report.proved, report"),
    "two_lines": ("report = half()", "assert (report.undecided\n            or report.proved)"),
    "a_method": ("", "half().raise_if_not_proved()"),
    "a_name_of_code": ("report = affine()", "assert report.proved"),
    "an_item": ("report = affine()", "assert report['x'].proved and report['w'].proved"),
    "an_item_of_a_call": ("", "assert affine()['w'].proved"),
    "code_itself": ("", "assert affine()"),
}
RIGHT = {
    "passes": ("", "assert affine()['x'].proved"),
    "another": ("report = half()", "assert 1 == 2"),
    "refuted": ("report = half()", "assert report.refuted"),
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """What pytest prints of each test, by its name; one run for all."""
    folder = tmp_path_factory.mktemp("tests")
    tests = "".join(
        f"\ndef test_{name}():\n    {first or 'pass'}\n    {then}\n"
        for name, (first, then) in {**ASSERTIONS, **RIGHT}.items()
    )
    (folder / "test_mine.py").write_text(QUESTIONS + tests)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_mine.py"]
    env = os.environ | {"COLUMNS": "200", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        command, capture_output=True, check=False, cwd=folder, encoding="utf-8", env=env
    )
    assert done.returncode == 1
    assert f"{len(ASSERTIONS) + 1} failed, {len(RIGHT) - 1} passed" in done.stdout
    failures, _, summary = done.stdout.partition("short test summary")
    parts = failures.split("\n____")[1:]
    return {part.split()[1]: part for part in parts} | {"summary": summary}


@pytest.mark.parametrize("name", ASSERTIONS)
def test_a_test_that_fails_on_a_report_shows_what_is_wrong_what_is_right_and_a_point(shown, name):
    said = [line.removeprefix("E").strip() for line in shown[f"test_{name}"].splitlines()]
    if "affine" in "".join(ASSERTIONS[name]):
        whole = "what is returned is 1/n × the gradient; line "
        assert any(whole in line and line.endswith("[GS101]") for line in said)
        assert "∂L/∂w[1,1] = 1, and 1/2 is returned" in said
    else:
        right = "the claim is 1/2 × the derivative; right is A_h.T @ (A_out - Y) (proved) [GS101]"
        assert said.count(right) == 1
        assert "w_out[1,1]: at all inputs 0: the derivative is 1/4, the claim 1/8" in said
    assert not any("Fraction(" in line for line in said)
    assert not any("asserted.py" in line for line in said)  # the line of the test, not of ours
    assert ("mine" in said) == (name == "a_message")


@pytest.mark.parametrize("name", ["a_name", "a_verdict", "a_name_of_code", "an_item"])
def test_the_summary_says_the_verdict(shown, name):
    summary = shown["summary"]
    (line,) = (one for one in summary.splitlines() if f"::test_{name} " in one)
    assert "refuted: " in line


def test_a_test_that_fails_on_something_else_is_left_alone(shown):
    assert "derivative" not in shown["test_another"].partition("assert 1 == 2")[2]


def test_a_report_in_another_tests_way_is_not_shown(pytester):
    """A helper's report is, where the helper asserts it; assertions without source are left."""
    pytester.makepyfile(
        QUESTIONS
        + "def helper(found):\n    assert found.proved\n\n"
        + "def test_helper():\n    helper(half())\n\n"
        + "def test_no_source():\n    exec('assert half().proved')\n\n"
        + "def test_no_text():\n    raise AssertionError\n"
    )
    out = pytester.runpytest_inprocess("-p", "no:cacheprovider").stdout.str()
    assert out.count("E       the claim is 1/2 × the derivative") == 1
    assert "3 failed" in out


def test_pytest_starts_without_what_proofs_need(tmp_path):
    (tmp_path / "test_none.py").write_text("import sys\ndef test_none(): print(*sys.modules)\n")
    command = [sys.executable, "-m", "pytest", "-q", "-s", "test_none.py"]
    done = subprocess.run(command, capture_output=True, check=True, text=True, cwd=tmp_path)
    loaded = set(done.stdout.split())
    ours = {name for name in loaded if name.startswith("gradcheck_sym")}
    assert ours == {"gradcheck_sym", "gradcheck_sym.version", "gradcheck_sym.pytest_plugin"}
    assert not {"sympy", "mpmath", "numpy", "click", "rich"} & loaded


def test_a_question_that_cannot_be_taken_shows_the_line_of_the_test_and_none_of_ours(pytester):
    pytester.makepyfile(
        QUESTIONS
        + "from gradcheck_sym import Network, check\n"
        + "def test_shape():\n    check(Network(2, 3, 2), 'A_h @ delta_out')\n\n"
        + "def test_name():\n    affine()['dW']\n"
    )
    out = pytester.runpytest_inprocess("-p", "no:cacheprovider").stdout.str()
    assert "2 failed" in out
    assert "GradcheckError" in out or "FormulaError" in out
    assert "no gradient by dW was checked; there are" in out
    ours = [line for line in out.splitlines() if "gradcheck_sym/" in line and ".py:" in line]
    assert not ours
