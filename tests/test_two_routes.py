"""Two routes to the derivative agree: reverse mode, and sympy.diff on J written out in full."""

from __future__ import annotations

from itertools import product

import pytest

from gradcheck_sym import Network, Proved, check
from gradcheck_sym.errors import CostError, Disagreement
from gradcheck_sym.verdict import Bounds, Counterexample, Refuted


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_audit_agrees_entry_by_entry_for_all_sizes_up_to_three(n):
    for m, d, t in product((1, 2, 3), repeat=3):
        report = check(Network(m, d, t, n=n), audit=True)
        assert len(report.entries) == d * t
        for entry in report.entries:
            assert isinstance(entry.verdict, Proved)
            assert isinstance(entry.audit, Proved)


def test_a_disagreement_of_the_two_routes_is_loud(monkeypatch):
    """It is a bug in this tool, and never a verdict."""
    point = Counterexample({}, Bounds("0", "0"), Bounds("1", "1"))
    monkeypatch.setattr("gradcheck_sym.audit.Audit.decide", lambda *_: Refuted(point))
    with pytest.raises(Disagreement, match="Proved in reverse mode, Refuted in the audit"):
        check(Network(2, 2, 2), audit=True)


def test_a_wrong_rule_of_the_gradient_is_seen_by_the_audit(monkeypatch):
    """Planted: an adjoint too large by 0.05 %."""
    import sympy

    from gradcheck_sym import gradient

    right = gradient.RULES[gradient.MatMul]
    wrong = {
        **gradient.RULES,
        gradient.MatMul: lambda a, g, k: right(a, g, k) * sympy.Rational(2001, 2000),
    }
    monkeypatch.setattr("gradcheck_sym.gradient.RULES", wrong)
    assert check(Network(2, 2, 2)).verdict == "refuted"
    with pytest.raises(Disagreement):
        check(Network(2, 2, 2), audit=True)


def test_an_audit_that_would_not_fit_is_refused_with_its_cost():
    with pytest.raises(CostError, match="--audit would write J out"):
        check(Network(100, 100, 10, n=32), audit=True)
