"""The search for proofs: the checker takes what it hands over, in every run."""

from __future__ import annotations

import pytest

from gradcheck_sym.checker.replaying import Replay
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.prover.knowledge import Knowledge
from gradcheck_sym.term.terms import ONE, Entry, Letter, apply

EMPTY = Statement({}, Entry("w"), "w", (), ONE)


@pytest.mark.parametrize("before", range(12))
def test_the_lemma_of_a_sign_is_used_at_its_own_letters(before):
    """Which letter of a term comes first depends on what the ring has seen before."""
    knowledge, replay = Knowledge(EMPTY), Replay(EMPTY)
    ring = knowledge.bench.ring
    for k in range(before):
        ring.normal(Entry(f"x{k}"))
    i, j = Letter("i", "n"), Letter("j", "t")
    u = apply("exp", 2 * Entry("z", (i,))) + apply("exp", 2 * Entry("y", (j,)))
    (because,) = knowledge.sign(knowledge.reducer(frozenset()), ring.normal(u), ">")
    for lemma in knowledge.lemmas:
        replay.take(lemma)
    replay.show(u, because.value, because.by, ())
