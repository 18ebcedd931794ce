"""One verdict for all entries, where they differ in nothing but the numbers of their indices."""

from __future__ import annotations

import pytest

from gradcheck_sym import Claim, Network, Refuted, check, formula
from gradcheck_sym.mlp.question import question
from gradcheck_sym.refuter.symmetry import Symmetry
from gradcheck_sym.render.reproduction import reproduction
from gradcheck_sym.term.terms import Entry
from tests.planted import PLANTED, Entrywise
from tests.test_edges import printed_by

SQUARE = Network(2, 2, 2, n=2)
CLAIMS = {claim.name: claim for claim in PLANTED}
ALIKE = ("sign flipped", "Y - A_out", "A_out in place of delta_out", "1/n")
NOT_ALIKE = (
    *("transposed", "A_out in place of A_h"),  # units and outputs are one axis
    *("one index off", "one coefficient off by 0.05 %"),  # an index is named by its number
)


def symmetry(claim):
    return Symmetry(question(SQUARE, claim).statement)


@pytest.mark.parametrize("name", ALIKE)
def test_entries_that_differ_in_their_numbers_alone_are_alike(name):
    assert symmetry(CLAIMS[name].claim(SQUARE)).holds


@pytest.mark.parametrize("name", NOT_ALIKE)
def test_other_entries_are_not(name):
    assert not symmetry(CLAIMS[name].claim(SQUARE)).holds


def test_an_example_that_is_named_by_its_number_is_no_matter():
    """Examples are summed over; entries differ in units and outputs."""
    assert symmetry(CLAIMS["one example left out"].claim(SQUARE)).holds


def test_a_number_in_a_delta_or_an_entry_is_seen():
    right = formula("A_h.T @ delta_out", SQUARE).array
    odd = Entrywise(right.shape, lambda p, q: Entry("W_out", (2, q)))
    assert not symmetry(Claim("odd", right + odd)).holds


@pytest.mark.parametrize(
    ("sizes", "n", "wrt", "text"),
    [
        ((2, 3, 2), 2, "W_h", "X.T @ (delta_out @ W_out.T)"),
        ((3, 2, 2), 1, "W_out", "A_h.T @ (A_out - Y) * W_out"),
        ((2, 2, 3), 2, "W_out", "A_h.T @ (A_out + Y) + X.sum() * W_out"),
    ],
)
def test_each_point_prints_its_two_numbers(sizes, n, wrt, text):
    """The point of the first entry, moved: NumPy confirms it for every one."""
    network = Network(*sizes, n=n)
    report = check(network, formula(text, network, wrt))
    for entry in report.entries:
        assert isinstance(entry.verdict, Refuted)
        line = reproduction(report, entry)
        derivative, claim = map(float, printed_by({"reproduction": line}))
        point = entry.verdict.counterexample
        for value, bounds in ((derivative, point.left), (claim, point.right)):
            low, high = (float(_number(text)) for text in (bounds.low, bounds.high))
            assert low - 1e-6 <= value <= high + 1e-6
        assert derivative != claim


def _number(text):
    above, _, below = text.partition("/")
    return float(above) / float(below or 1)
