"""A small sample of the fuzzing of formulas; the whole is `python -m tests.fuzz_formulas`."""

from __future__ import annotations

from random import Random

import pytest

from tests import fuzz_formulas


def test_random_text_is_a_formula_or_a_clear_error():
    random = Random(1)
    for _ in range(500):
        fuzz_formulas.read(fuzz_formulas.soup(random))


@pytest.mark.parametrize("seed", range(4))
def test_no_proof_is_contradicted_by_fifty_digits(seed):
    random = Random(seed)
    kinds = [fuzz_formulas.verdict(fuzz_formulas.matrix(random, 2)) for _ in range(12)]
    assert {"proved", "refuted"} <= set(kinds)


def test_the_fifty_digits_see_a_wrong_proof():
    """Planted: a claim that is off by 0.05 %, taken for proved."""
    claimed, derivative = fuzz_formulas.evaluated("(A_h.T @ delta_out) * (1 - 1/2000)", Random(0))
    assert abs(claimed - derivative).max() > 1e-6
