"""What is found for one parameter serves the next, and changes nothing of what is said of it."""

from __future__ import annotations

import pytest

from gradcheck_sym import Network, check
from gradcheck_sym.argument import check_all
from gradcheck_sym.prover.slopes import Slopes

NETWORKS = {
    "sigmoid": Network("m", "d", "c", "t", n="n"),
    "kinks and a bias": Network(3, 2, 2, n=2, hidden="relu", bias=True),
    "a penalty": Network("m", "d", "t", n="n", hidden="elu", output="softmax", loss="mse", l2=True),
    "a mean": Network("m", "d", "t", n="n", hidden="gelu", output="tanh", loss="hinge", mean=True),
}


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_the_order_of_the_parameters_changes_no_verdict_and_no_condition(network):
    alone = {wrt: check(network, wrt=wrt) for wrt in network.parameters}
    for order in (network.parameters, network.parameters[::-1]):
        for report in check_all(network, [(wrt, None) for wrt in order]):
            assert report.verdict == "proved"
            assert set(report.conditions) == set(alone[report.wrt].conditions)


def test_each_slope_is_found_once_for_all_parameters(monkeypatch):
    found: list[str] = []
    add = Slopes._add

    def counted(self, name, places):
        found.append(name)
        add(self, name, places)

    monkeypatch.setattr(Slopes, "_add", counted)
    network = Network("m", "d", "c", "t", n="n")
    reports = check_all(network, [(wrt, None) for wrt in network.parameters])
    assert all(report.verdict == "proved" for report in reports)
    assert sorted(found) == ["A_1", "A_2", "A_out", "Z_1", "Z_2", "Z_out"]


def test_a_condition_of_one_claim_is_none_of_the_next():
    """The first claim divides by X; the second has nothing to do with it."""
    from gradcheck_sym import formula

    network = Network(2, 2, 2)
    dividing = formula("A_h.T @ delta_out * (X.sum() / X.sum())", network)
    first, second = check_all(network, [("W_out", dividing), ("W_out", None)])
    assert first.verdict == second.verdict == "proved"
    assert first.conditions
    assert not second.conditions
