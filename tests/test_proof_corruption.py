"""The checker against proofs and statements that were made wrong at random."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from types import SimpleNamespace

import pytest

from gradcheck_sym.checker.check import check
from gradcheck_sym.proofs.read import read_proof
from tests.numeric import lies
from tests.proof_corruption import KINDS, corrupted, tried
from tests.proved import documents

SEEDS = 400


@pytest.mark.parametrize("block", range(8))
def test_what_is_accepted_is_true(block):
    """Each corrupted proof or statement is refused, or what it proves holds at random points."""
    for seed in range(block, SEEDS, 8):
        found = tried(seed)
        assert found.answer != "false", (seed, found.part, found.kind, found.why)


def test_corruptions_are_of_all_kinds_and_most_are_rejected():
    """Else the test above would say little."""
    random = Random(0)
    document = next(iter(documents().values()))
    assert {corrupted(document, "proof", random)[0] for _ in range(400)} >= set(KINDS) - {
        "witness",
        "relation",
    }
    answers = [tried(seed).answer for seed in range(1_000, 1_100)]
    assert answers.count("rejected") > 30


@pytest.mark.parametrize("name", documents())
def test_the_numbers_tell_a_false_claim(name):
    """Twice the gradient is no gradient at any point."""
    statement, proof = read_proof(documents()[name])
    wrong = replace(statement, claim=2 * statement.claim)
    conditions = check(statement, proof).conditions
    false = SimpleNamespace(statement=wrong, conditions=conditions)
    assert lies(false, proof.witness, Random(1), points=12)


@pytest.mark.parametrize("kind", ["relu → relu", "leaky_relu"])
def test_the_numbers_tell_that_a_condition_is_missing(kind):
    """On the border of a case there is no derivative, and a point on it is found."""
    name = next(name for name in documents() if name.startswith(kind))
    statement, proof = read_proof(documents()[name])
    assert check(statement, proof).conditions
    assert lies(SimpleNamespace(statement=statement, conditions=()), None, Random(1), points=200)
