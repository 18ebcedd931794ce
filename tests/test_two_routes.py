"""Two routes to the derivative agree: the rules of derivatives, and difference quotients of J."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from gradcheck_sym import Network, Proved, check
from gradcheck_sym.errors import Disagreement
from gradcheck_sym.term import functions


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_audit_agrees_entry_by_entry_for_all_sizes_up_to_three(n):
    for m, d, t in product((1, 3), repeat=3):
        report = check(Network(m, d, t, n=n), audit=True)
        assert all(isinstance(entry.verdict, Proved) for entry in report.entries)
        assert report.audit.entries == d * t
        assert report.audit.points > d * t


@pytest.mark.parametrize("output", ["softmax", "log_softmax"])
def test_the_audit_looks_at_points_that_the_hypotheses_allow(output):
    loss = {"softmax": "ce", "log_softmax": "nll"}[output]
    network = Network(2, 2, 3, output=output, loss=loss)
    report = check(network, assume=["Y.sum(axis=1) == 1"], audit=True)
    assert report.verdict == "proved"
    assert report.audit.entries == 6


@pytest.mark.parametrize("name", ["exp", "log", "inv"])
def test_a_wrong_rule_of_derivatives_is_seen_by_the_audit(monkeypatch, name):
    """Planted: a slope too large by 0.05 %, in the trusted table itself."""
    right = functions.FUNCTIONS[name]
    wrong = replace(right, slope=lambda u, f: right.slope(u, f) * 2001 / 2000)
    monkeypatch.setitem(functions.FUNCTIONS, name, wrong)
    with pytest.raises(Disagreement):
        check(Network(2, 2, 2), audit=True)
