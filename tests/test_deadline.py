"""How long a search may take: what is over the limit is undecided, and says so."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from time import process_time

import pytest

from gradcheck_sym import Network, check, formula
from gradcheck_sym.cli import run
from gradcheck_sym.deadline import OutOfTime, deadline

ALL = "(X.sum() + W_h.sum() + W_out.sum() + Y.sum())"
HEAVY = f"A_h.T @ delta_out + {ALL}**20 - {ALL}**20"


def spin(seconds):
    """Work for so long."""
    until = process_time() + seconds
    while process_time() < until:
        pass


def test_a_block_ends_when_its_time_is_over():
    with pytest.raises(OutOfTime), deadline(0.05):
        spin(5)


def test_nothing_is_raised_inside_what_python_calls_around_garbage_collection():
    """It would be passed over with a warning, which pytest takes for a failure here."""
    gc.callbacks.append(callback := lambda *_: spin(0.1))
    try:
        with pytest.raises(OutOfTime), deadline(0.05):
            _collect_and_spin()
    finally:
        gc.callbacks.remove(callback)


def _collect_and_spin():
    gc.collect()
    spin(5)


def test_a_block_that_is_done_in_time_is_left_alone():
    with deadline(5):
        spin(0.01)
    spin(0.05)


@pytest.mark.parametrize(("outer", "inner"), [(0.05, 5), (5, 0.05)])
def test_of_nested_limits_the_first_counts(outer, inner):
    with pytest.raises(OutOfTime), deadline(outer), deadline(inner):
        spin(10)


def test_an_outer_limit_goes_on_after_an_inner_one():
    with pytest.raises(OutOfTime), deadline(0.2):
        _within_another()


def _within_another():
    with deadline(5):
        spin(0.02)
    spin(10)


def test_there_is_no_limit_in_another_thread_or_without_seconds():
    ended = []

    def work():
        with deadline(0.01):
            spin(0.05)
        ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    with deadline(None):
        spin(0.02)
    assert ended


def test_a_claim_that_takes_longer_is_undecided_and_names_the_option():
    network = Network(2, 2, 2)
    report = check(network, formula(HEAVY, network), timeout=0.5)
    assert report.verdict == "undecided"
    reasons = {entry.verdict.reason for entry in report.entries}
    assert reasons == {"no answer within 0.5 seconds of work; a longer --timeout may help"}
    assert report.entries[0].derivative.expr != 0


def test_a_timeout_of_nothing_is_no_timeout(capsys):
    assert run(["2", "2", "2", "--timeout", "0"]) == 2
    assert "--timeout" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["inf", "1e9", "1e12", "1e300"])
def test_any_long_time_will_do(seconds, capsys):
    assert run(["1", "1", "--claim", "X.T @ delta_out + 1", "--timeout", seconds]) == 1
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("seconds", ["nan", "-inf", "-1"])
def test_what_is_no_time_is_bad_input(seconds, capsys):
    assert run(["2", "2", "2", "--timeout", seconds]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("seconds", [float("inf"), 1e300])
def test_a_limit_that_no_timer_takes_is_a_long_one(seconds):
    with deadline(seconds), deadline(seconds):
        pass


def test_an_entry_that_took_too_long_leaves_the_others_twice_the_time():
    network = Network(60, 60, 60, n=2, output="identity", loss="mse")
    claim = formula("A_h.T @ (2*(A_out - Y)) + np.eye(60)", network)
    started = process_time()
    report = check(network, claim, timeout=0.2)  # a proof of one entry takes several times that
    assert report.counts["proved"] == 0
    assert process_time() - started < 10


SLOW = "abs(abs(abs(abs(abs(a-y)-1)-1)-1)-1)"


@pytest.mark.parametrize("options", [{"output": "identity", "loss": SLOW}])
def test_a_derivative_that_takes_too_long_to_be_shown_is_shown_by_its_name(options):
    report = check(Network(1, 1, **options), timeout=0.2)
    assert report.verdict == "undecided"
    assert report.entries[0].derivative.term.name == "dJ_dW_out"


def test_a_hypothesis_that_takes_too_long_is_bad_input(capsys):
    terms = "+".join(f"np.exp({k}*Y)" for k in range(1, 8))
    assume = f"(({terms}+0).sum(axis=1))**6 == 1"
    assert run(["2", "2", "2", "--assume", assume, "--timeout", "0.5"]) == 2
    assert "takes too long" in capsys.readouterr().err


def test_formulas_that_take_too_long_to_be_written_down_are_bad_input(capsys):
    nested = "z"
    for k in range(10):  # the derivative has two cases for each
        nested = f"abs({nested} - {k})"
    assert run(["1", "1", "1", "--hidden", nested, "--timeout", "0.2"]) == 2
    assert "raise --timeout" in capsys.readouterr().err


STUBBORN = """
import time
def f_forward(x):
    while True:
        try:
            time.sleep(0.05)
        except BaseException:
            pass
    return x, x
def f_backward(dout, x):
    return dout
"""


def test_code_that_catches_the_end_of_its_time_ends_the_process(tmp_path):
    path = tmp_path / "stubborn.py"
    path.write_text(STUBBORN)
    asked = ["--code", str(path), "--shape", "x=n", "--timeout", "0.5"]
    command = [sys.executable, "-m", "gradcheck_sym", *asked]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "no end within 0.5 seconds, and the code catches what ends it" in done.stderr


class Slow:
    def __del__(self):
        spin(0.3)


def test_nothing_is_said_of_an_end_that_an_object_passes_over_as_it_dies(capsys):
    with pytest.raises(OutOfTime), deadline(0.05):
        spin(5 * bool(Slow()))
    assert capsys.readouterr().err == ""


# Derivations ------------------------------------------------------------------------------------

NESTED = "abs(abs(abs(abs(abs(z-1)-1)-1)-1)-1)"
TOO_LONG = "he derivation takes too long to be written down; a longer --timeout may help"


def test_a_derivation_keeps_to_the_limit():
    started = process_time()
    network = Network("m", "d", "t", n="n", hidden=NESTED)
    report = check(network, wrt="W_h", steps=True, timeout=0.3)
    assert process_time() - started < 10
    assert report.derivation is None
    assert report.too_long


@pytest.mark.parametrize("format_", ["table", "latex", "markdown", "html"])
def test_a_derivation_that_takes_too_long_is_said_to(format_, capsys, monkeypatch):
    monkeypatch.setattr("gradcheck_sym.mlp.derivation.derive", lambda *_, **__: spin(10))
    asked = ["2", "2", "2", "--timeout", "0.5", "--format", format_]
    assert run([*asked, "--steps"]) == 0
    assert TOO_LONG in capsys.readouterr().out
    assert run(asked) == 0
    assert TOO_LONG not in capsys.readouterr().out


def test_error_terms_that_take_long_leave_time_for_the_derivation(monkeypatch):
    monkeypatch.setattr("gradcheck_sym.mlp.chain_rule.proved", lambda _: spin(10))
    network = Network(2, 2, 4, output="softmax", loss="ce")
    derivation = check(network, steps=True, timeout=2).derivation
    assert [column.verdict for column in derivation.columns] == ["undecided"] * 4
