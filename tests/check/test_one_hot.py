"""One-hot rows: y_j y_k = δ_jk y_j follows from y² = y and Σ_j y_j = 1, and from nothing less."""

from itertools import product

import pytest

from gradcheck_sym.checker.check import Rejected, replay
from gradcheck_sym.checker.laws import Malformed
from gradcheck_sym.checker.one_hot import one_hot
from gradcheck_sym.checker.proof import Identity, Lemma, Proof, Slope, Step
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Hypothesis, Statement
from gradcheck_sym.term.terms import ONE, ZERO, Delta, Entry, Letter, Num, Sum, add

ROW, COLUMN = Letter("i", "n"), Letter("j", "t")
Y = Entry("Y", (ROW, COLUMN))
ROWS = Hypothesis((ROW,), Sum(COLUMN, Y), ONE)
BINARY = Hypothesis((ROW, COLUMN), Y * Y, Y)
A, B, C = Letter("a", "n"), Letter("b", "t"), Letter("c", "t")


def equal(equation, left, right):
    ring = Ring()
    return ring.equal(equation.left, left) and ring.equal(equation.right, right)


def test_the_product_of_two_entries_of_a_row():
    found = one_hot((ROWS, BINARY), 0, (A, B, C))
    first, second = Entry("Y", (A, B)), Entry("Y", (A, C))
    assert equal(found, first * second, Delta(B, C) * first)
    at_numbers = one_hot((BINARY, ROWS), 1, (A, B, B))
    assert equal(at_numbers, first * first, first)


def test_the_first_axis_serves_as_well():
    columns, other = Hypothesis((COLUMN,), Sum(ROW, Y), ONE), Letter("d", "n")
    found = one_hot((columns, BINARY), 0, (A, B, other))
    left = Entry("Y", (A, B)) * Entry("Y", (other, B))
    assert equal(found, left, Delta(A, other) * Entry("Y", (A, B)))


NUMBERED = Letter("j", 3)
Z = Entry("Z", (NUMBERED,))
OF_THREE = Hypothesis((), Sum(NUMBERED, Z), ONE), Hypothesis((NUMBERED,), Z * Z, Z)


def test_it_is_true_of_all_one_hot_rows_of_three():
    rows = [row for row in product((0, 1), repeat=3) if sum(row) == 1]
    for j, k in product((1, 2, 3), repeat=2):
        found = one_hot(OF_THREE, 0, (j, k))
        ring = Ring()
        for row in rows:
            value = row[j - 1] * row[k - 1]
            assert value == (row[j - 1] if j == k else 0)
        assert ring.equal(found.left, Entry("Z", (j,)) * Entry("Z", (k,)))
        assert ring.equal(found.right, Entry("Z", (j,)) if j == k else ZERO)


OTHER, X = Letter("j", "m"), Entry("X", (ROW, COLUMN))
FIRST = Entry("Y", (ROW, 1))
NARROW = Entry("Y", (ROW, OTHER))


@pytest.mark.parametrize(
    "hypotheses",
    [
        (ROWS,),
        (ROWS, Hypothesis((ROW, COLUMN), Y * Y, ONE)),  # -1 or 1
        (ROWS, Hypothesis((ROW, COLUMN), Y * Y, 2 * Y)),  # 0 or 2
        (ROWS, Hypothesis((ROW, OTHER), NARROW * NARROW, NARROW)),  # of other columns
        (
            ROWS,
            Hypothesis(
                (ROW, COLUMN),
                Entry("X", (ROW, COLUMN)) * Entry("X", (ROW, COLUMN)),
                Entry("X", (ROW, COLUMN)),
            ),
        ),
        (
            ROWS,
            Hypothesis((ROW,), FIRST * FIRST, FIRST),
        ),
        (Hypothesis((ROW,), Sum(COLUMN, Y), Num(2)), BINARY),
        (Hypothesis((ROW,), Sum(COLUMN, Y * Y), ONE), BINARY),
        (Hypothesis((), Sum(COLUMN, Entry("Y", (1, COLUMN))), ONE), BINARY),
        (BINARY, ROWS),  # the number is that of the first
    ],
)
def test_less_is_not_enough(hypotheses):
    with pytest.raises((Malformed, ValueError)):
        one_hot(hypotheses, 0, (A, B, C))


@pytest.mark.parametrize(
    "indices",
    [(A, B), (A, B, A), (B, A, C), (A, B, 2), (A, 0, C), (A, B, C, C), ()],
)
def test_indices_are_within_their_ranges(indices):
    with pytest.raises((Malformed, ValueError)):
        one_hot((ROWS, BINARY), 0, indices)


@pytest.mark.parametrize("indices", [(4, 1), (1, 4), (0, 1), (1, 0), (Letter("u", 4), 1)])
def test_so_are_numbers(indices):
    with pytest.raises(Malformed):
        one_hot(OF_THREE, 0, indices)


def test_a_proof_rests_on_it():
    x = Entry("x")
    of = Statement({}, x, "x", (), ONE, (ROWS, BINARY))
    u, v, w = Letter("u", "n"), Letter("v", "t"), Letter("w", "t")
    left = Entry("Y", (u, v)) * Sum(w, Entry("Y", (u, w)) * Entry("q", (w,)))
    right = Entry("Y", (u, v)) * Entry("q", (v,))
    step = Step("one-hot", (0, u, v, w), Entry("q", (w,)), (w,))
    last = Slope("x", (), ONE, Identity())
    lemma = Lemma((u, v), left, right, Identity((step,)))
    replay(of, Proof((lemma, last)))
    for wrong in (add(right, right), Entry("Y", (u, v))):
        with pytest.raises(Rejected):
            replay(of, Proof((Lemma((u, v), left, wrong, Identity((step,))), last)))
    with pytest.raises(Rejected):
        replay(Statement({}, x, "x", (), ONE, (ROWS,)), Proof((lemma, last)))
