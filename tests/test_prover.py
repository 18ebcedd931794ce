"""The search for proofs: the checker takes what it hands over, in every run."""

from __future__ import annotations

from functools import partial

import pytest

from gradcheck_sym import Network, formula
from gradcheck_sym.answer import proved
from gradcheck_sym.checker.replaying import Replay
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.mlp.question import question
from gradcheck_sym.mlp.textbook import textbook
from gradcheck_sym.prover.aligned import under_sums
from gradcheck_sym.prover.knowledge import Knowledge
from gradcheck_sym.prover.workbench import Workbench
from gradcheck_sym.term.terms import ONE, Entry, Letter, apply, sums
from gradcheck_sym.term.walks import entries

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


EQUAL_SIZES = [  # where the letter of one index may be taken for that of another
    {"hidden": "softplus", "output": "leaky_relu", "loss": "hinge"},
    {"hidden": "relu", "output": "relu", "loss": "hinge"},
    {"hidden": "relu", "output": "silu", "loss": "mse"},
]


@pytest.mark.parametrize("wrt", ["W_h", "W_out"])
@pytest.mark.parametrize("sizes", [(2, 2, 2, 2), ("m", "m", "m", "m")])
@pytest.mark.parametrize("rules", EQUAL_SIZES, ids=lambda rules: "-".join(rules.values()))
def test_equal_sizes_are_as_good_as_different_ones(rules, sizes, wrt):
    """Without one case for each entry: what holds of the general entry is found at once."""
    *layers, n = sizes
    network = Network(*layers, n=n, bias=True, **rules)
    asked = question(network, textbook(network, wrt))
    assert proved(asked) is not None


def test_an_index_is_known_by_where_it_stands():
    """The i of w[i,j] is one letter in all terms under the sums."""
    bench = Workbench(Ring())
    i, j = Letter("i", 2), Letter("j", 2)

    def weighted(value, k):
        return apply("exp", value) * Entry("x", (k,))

    body = weighted(Entry("y", (i,)), i) * Entry("w", (i, j))
    other = weighted(Entry("z", (j,)), i) * Entry("w", (i, j))
    poly = bench.ring.normal(sums((i, j), body) - 2 * sums((j, i), other))
    ((letters, found),) = under_sums(bench, poly, partial(bench.letter, depth=-2)).items()
    places = {e.indices for e in entries(found) if e.name == "w"}
    assert places in ({letters}, {letters[::-1]})
    assert not bench.ring.difference(sums(letters, found), bench.poly_term(poly, 0))


def test_pi_may_stand_in_a_condition_beside_names_that_are_defined_by_cases():
    network = Network("m", "t", n="n", output="relu", loss="half_mse")
    right = "X.T @ ((A_out - Y)*(Z_out > 0))"
    for factor, is_right in (("1, 1", True), ("1, 2", False)):
        claim = formula(f"{right} * np.where(X.sum() > np.pi, {factor})", network, "W_out")
        assert (proved(question(network, claim)) is not None) == is_right
