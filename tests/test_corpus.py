"""The corpus under the prover: every right formula is proved, every wrong one refuted."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gradcheck_sym import Network, check
from gradcheck_sym.mlp.formula import formula
from gradcheck_sym.render.reproduction import reproduction
from tests.corpus import NAMED_SIZES, RIGHT, WRONG, Formula

pytestmark = pytest.mark.usefixtures("verdicts_alone")

KNOWN = {**dict.fromkeys(RIGHT, "proved"), **dict.fromkeys(WRONG, "refuted")}
SMALL = [text for text in KNOWN if text.fits(m=2, d=2, t=2, n=1)]
ALL_SIZES = [text for text in KNOWN if text.needs in NAMED_SIZES]
# at 4-3-5 n = 3 a sample; the whole takes some minutes (tests/corpus_report.py)
SAMPLE = [text for text in KNOWN if text.fits(m=4, d=3, t=5, n=3)][::9]


def verdict(text, sizes):
    *layers, n = sizes
    network = Network(*layers, n=n)
    return check(network, formula(text.text, network))


@pytest.mark.parametrize("text", SMALL[::2], ids=lambda text: text.text)
def test_each_formula_at_2_2_2(text):
    assert verdict(text, (2, 2, 2, 1)).verdict == KNOWN[text]


@pytest.mark.parametrize("text", ALL_SIZES[::5], ids=lambda text: text.text)
def test_each_fifth_formula_at_all_sizes(text):
    assert verdict(text, NAMED_SIZES[text.needs]).verdict == KNOWN[text]


@pytest.mark.parametrize("text", SAMPLE, ids=lambda text: text.text)
def test_a_sample_at_4_3_5_with_three_examples(text):
    assert verdict(text, (4, 3, 5, 3)).verdict == KNOWN[text]


@pytest.mark.parametrize("text", [t for t in WRONG if t in SMALL][::8], ids=lambda text: text.text)
def test_the_line_of_numpy_prints_the_two_numbers_of_the_point(text):
    reproduces(verdict(text, (2, 2, 2, 1)))


@pytest.mark.parametrize("name", ["N", "step", "batch"])
def test_the_line_of_numpy_knows_a_size_by_its_users_name(name):
    text = Formula(f"A_h.T @ delta_out / {name}", "a mean")
    reproduces(verdict(text, ("m", "d", "t", name)))


def reproduces(report):
    """The line of NumPy prints the derivative and the claim at the point."""
    entry = next(entry for entry in report.entries if entry.kind == "refuted")
    line = reproduction(report, entry)
    done = subprocess.run([sys.executable, "-c", line], check=True, capture_output=True, text=True)
    point = entry.verdict.counterexample
    for printed, bounds in zip(done.stdout.split(), (point.left, point.right), strict=True):
        low, high = (eval_fraction(text) for text in (bounds.low, bounds.high))
        assert low - 1e-9 <= float(printed) <= high + 1e-9


def eval_fraction(text):
    above, _, below = text.partition("/")
    return float(above) / float(below or 1)
