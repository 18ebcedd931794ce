"""The checker can say no: wrong claims are refuted, where they are wrong and nowhere else."""

from __future__ import annotations

import re
from fractions import Fraction

import mpmath
import pytest

from gradcheck_sym import Network, Proved, Refuted, check
from tests.planted import PLANTED

pytestmark = pytest.mark.usefixtures("verdicts_alone")

NETWORKS = [Network(2, 2, 2), Network(2, 2, 2, n=2), Network(4, 3, 5, n=3)]
CASES = [
    pytest.param(
        network, planted, id=f"{network.m}-{network.d}-{network.t} n={network.n} {planted.name}"
    )
    for network in NETWORKS
    for planted in PLANTED
    if planted.fits(network)
]


def forward(network, values):
    """The rows of A_h, A_out, delta_out and Y at a point, with 50 digits, independently."""
    point = {tuple(re.findall(r"\w+", name)): v for name, v in values.items()}

    def matrix(name, rows, columns):
        return mpmath.matrix(
            [
                [mpmath.mpf(f.numerator) / f.denominator for f in row]
                for row in (
                    [point.get((name, str(r), str(c)), Fraction(0)) for c in range(1, columns + 1)]
                    for r in range(1, rows + 1)
                )
            ]
        )

    def sigmoid(z):
        return z.apply(lambda x: 1 / (1 + mpmath.exp(-x)))

    m, d, t, n = network.m, network.d, network.t, network.n
    a_h = sigmoid(matrix("X", n, m) * matrix("W_h", m, d))
    a_out = sigmoid(a_h * matrix("W_out", d, t))
    y = matrix("Y", n, t)
    return [x.tolist() for x in (a_h, a_out, a_out - y, y)]


@pytest.mark.parametrize(("network", "planted"), CASES)
def test_a_wrong_claim_is_refuted_in_the_wrong_entries_and_in_no_other(network, planted):
    report = check(network, planted.claim(network))
    for entry in report.entries:
        expected = Refuted if planted.wrong(*entry.index) else Proved
        assert isinstance(entry.verdict, expected), entry.index


@pytest.mark.parametrize(("network", "planted"), CASES)
def test_the_two_sides_differ_at_the_point_as_an_independent_forward_pass_confirms(
    network, planted
):
    report = check(network, planted.claim(network))
    with mpmath.workdps(50):
        for entry in report.entries:
            if isinstance(entry.verdict, Refuted):
                point = entry.verdict.counterexample
                k, j = (index - 1 for index in entry.index)
                a, o, d, y = forward(network, point.values)
                derivative = sum(row[k] * error[j] for row, error in zip(a, d, strict=True))
                claimed = planted.value(a, o, d, y, k, j)
                for value, bounds in ((derivative, point.left), (claimed, point.right)):
                    low, high = (Fraction(text) for text in (bounds.low, bounds.high))
                    slack = Fraction(1, 10**40)
                    assert low - slack <= Fraction(str(value)) <= high + slack
                left, right = point.left, point.right
                assert Fraction(left.high) < Fraction(right.low) or Fraction(right.high) < Fraction(
                    left.low
                )


def test_a_claim_of_the_wrong_shape_is_an_error_that_names_both_shapes():
    from gradcheck_sym import Claim, GradcheckError

    network = Network(4, 3, 5, n=3)
    claim = Claim("A_h", network.arrays["A_h"])
    with pytest.raises(GradcheckError, match=r"\(n=3 × d=3\).*\(d=3 × t=5\)"):
        check(network, claim)


def test_points_are_small_zeros_first():
    """A flipped sign needs no input at all that is not zero."""
    flipped = next(planted for planted in PLANTED if planted.name == "sign flipped")
    network = Network(2, 2, 2)
    report = check(network, flipped.claim(network))
    assert all(not entry.verdict.counterexample.values for entry in report.entries)
