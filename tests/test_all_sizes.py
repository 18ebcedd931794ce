"""One proof for every size: the same model, derivative and claim at symbolic sizes."""

from __future__ import annotations

from itertools import product

import pytest
import sympy

from gradcheck_sym import Claim, Network, Proved, Refuted, check
from gradcheck_sym.array import Array
from gradcheck_sym.array.entries import Plan
from gradcheck_sym.mlp.network import Network as NetworkClass
from gradcheck_sym.mlp.textbook import names
from gradcheck_sym.term.terms import Delta, Letter, Sum
from gradcheck_sym.verdict import Undecided
from tests.planted import PLANTED

GENERAL = Network("m", "d", "t", n="n")
SQUARE = Network("m", "d", "d", n="n")


def symbols(*names):
    return [sympy.Symbol(name) for name in names]


def test_one_row_proves_the_claim_for_all_sizes():
    report = check(GENERAL)
    (entry,) = report.entries
    assert entry.index == ("k", "j")
    assert isinstance(entry.verdict, Proved)
    assert not report.conditions


@pytest.mark.parametrize(
    ("network", "rows"),
    [
        (Network(2, 2, 2, n="n"), [(1, 1), (1, 2), (2, 1), (2, 2)]),
        (Network(2, "d", 2, n=3), [("k", 1), ("k", 2)]),
        (Network("m", 3, "t"), [(1, "j"), (2, "j"), (3, "j")]),
        (Network("m", "m", "t"), [("k", "j")]),
        (Network("n", "n", "n", n="n"), [("k", "j")]),
    ],
)
def test_numbers_and_names_mix(network, rows):
    report = check(network)
    assert [entry.index for entry in report.entries] == rows
    assert report.verdict == "proved"


@pytest.mark.parametrize(("m", "d", "t"), list(product((1, 2, 3), repeat=3))[1::3])
def test_the_general_derivative_at_numbers_is_the_concrete_one(m, d, t):
    """For every size up to 3-3-3 and n ≤ 3, entry by entry."""
    general = check(GENERAL).entries[0].derivative.expr
    for n in (1, 2, 3):
        sizes = dict(zip(symbols("m", "d", "t", "n"), (m, d, t, n), strict=True))
        for entry in check(Network(m, d, t, n=n)).entries:
            at = {**sizes, **dict(zip(symbols("k", "j"), entry.index, strict=True))}
            there = general.xreplace(at).doit()
            assert sympy.expand(there - entry.derivative.expr) == 0
            assert entry.derivative.expr != 0


# the others speak of the second entry, or of the last one, which a size that is a name may not have
AT_NAMES = [p for p in PLANTED if "left out" not in p.name and "coefficient" not in p.name]


@pytest.mark.parametrize("planted", AT_NAMES, ids=lambda planted: planted.name)
def test_a_wrong_claim_is_refuted_at_small_sizes_that_the_point_names(planted):
    network = SQUARE if planted.needs_square else GENERAL
    (entry,) = check(network, planted.claim(network)).entries
    assert isinstance(entry.verdict, Refuted)
    point = entry.verdict.counterexample
    assert set(point.sizes) == {*network.sizes.values()}
    assert set(point.indices) == {"k", "j"}
    assert planted.wrong(point.indices["k"], point.indices["j"])
    sizes = [point.sizes[name] for name in network.sizes.values()]
    numbers = NetworkClass(*sizes[:3], n=sizes[3])
    concrete = check(numbers, planted.claim(numbers))
    found = next(e for e in concrete.entries if e.index == tuple(point.indices.values()))
    assert isinstance(found.verdict, Refuted)


def test_the_same_name_twice_means_equal_sizes():
    """The transposed claim has the right shape only then."""
    transposed = PLANTED[0].claim(SQUARE)
    assert check(SQUARE, transposed).verdict == "refuted"


@pytest.mark.parametrize(("least", "verdict"), [(50, Undecided)])
def test_a_claim_that_fails_only_from_some_size_on_is_not_proved(least, verdict):
    """Planted: wrong only where n is large, for 50 beyond the sizes that the search tries."""

    class Late(Array):
        def plan(self, indices):
            i = Letter("i", "n")
            return Plan([(right, indices)], lambda terms: terms[0] + Sum(i, Delta(i, least)))

    right = GENERAL.arrays["A_h"].T @ names(GENERAL)["delta_out"]
    claim = Late(right.shape)
    (entry,) = check(GENERAL, Claim("late", claim)).entries
    assert isinstance(entry.verdict, verdict)


def test_a_claim_that_is_wrong_at_no_first_size_is_refuted():
    """With rows of Y that sum to 1, t = 1 says nothing, and neither does n = 1."""
    network = Network("m", "d", "t", n="n", output="softmax", loss="ce")
    claim = "A_h.T @ (A_out - Y) / n"
    report = check(network, claim, assume=["Y.sum(axis=1) == 1"])
    assert report.verdict == "refuted"
    sizes = report.entries[0].verdict.counterexample.sizes
    assert (sizes["n"], sizes["t"]) == (2, 2)
