from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from gradcheck_sym.checker.obligations import Obligation, Signs
from gradcheck_sym.checker.polynomial import TooLarge, scale
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.term.terms import (
    ONE,
    ZERO,
    Delta,
    Entry,
    Letter,
    Num,
    Pi,
    SizeOf,
    Sum,
    Where,
    add,
    apply,
    indicator,
)
from tests.check.random_terms import Terms

Q, R = Letter("q", "n"), Letter("r", "n")
A, B, Y = Entry("a"), Entry("b"), Entry("y", (Q,))
LAM, LAM_1 = Entry("lam"), Entry("lam", (1,))
N = SizeOf("n")
E_A, E_Y = apply("exp", A), apply("exp", Y)
SIN, COS, SIN_Y = apply("sin", A), apply("cos", B), apply("sin", Y)
H = indicator(A)


def inv(u):
    return apply("inv", u)


def sqrt(u):
    return apply("sqrt", u)


POSITIVE = [
    ONE,
    Num(Fraction(1, 3)),
    Pi(),
    N,
    N * N * Pi(),
    E_A,
    1 + E_A,
    E_A * E_A / 2,
    E_A * apply("exp", B) + A * A,
    1 + A * A,
    inv(E_A),
    inv(1 + A * A),
    sqrt(1 + A * A),
    inv(inv(N)),
    Sum(Q, E_Y),
    Sum(Q, Y * Y) + 1,
    inv(Sum(Q, E_Y)) * E_A,
    sqrt(Sum(R, E_Y * apply("exp", Entry("y", (R,))))),
    LAM,
    LAM * LAM,
    LAM * E_A + A * A * A * A,
    1 + H,
    1 + Delta(Q, R),
    1 + sqrt(A),
    1 + inv(A * A),
    1 + LAM * inv(sqrt(A)),
    1 + A * A * A * A * sqrt(B),
    2 + SIN,
    2 - SIN,
    Fraction(3, 2) - COS * SIN,
    4 + SIN - 2 * COS * COS + A * A,
    2 - SIN * SIN,
    2 + SIN + SIN * SIN,
    LAM * (2 + COS),
    Fraction(4, 3) + SIN + SIN * SIN / 2,
    apply("log", Num(Fraction(3, 2))),
    apply("log", Num(2)) * E_A,
    2 + SIN * COS * COS,
    Sum(Q, Y * Y) * (1 + SIN) + 1,
    Sum(Q, Y * Y * (2 + SIN_Y)) + E_A * (1 - SIN) + LAM,
    E_A * E_A * (3 - 2 * SIN) + A * A * (1 + COS),
]
AT_LEAST_ZERO = [
    ZERO,
    A * A,
    A * A * B * B,
    H,
    H * H * H,
    sqrt(A),
    Delta(Q, R),
    Delta(Q, R) * H,
    A * A * H * E_A,
    Sum(Q, Y * Y),
    inv(A * A),
    inv(sqrt(A)),
    inv(H),
    inv(A * A) * inv(A * A),
    sqrt(A) * sqrt(B),
    LAM * H,
    Sum(Q, H * Y * Y),
    1 + SIN,
    1 - COS,
    1 - SIN * SIN,
    A * A * (1 + SIN * COS),
    SIN * SIN,
    H * (1 - COS),
    Sum(Q, Y * Y * (1 + SIN_Y)),
    3 + SIN - 2 * COS * COS + A * A,
]
NOT_ZERO = [
    -E_A,
    -1 - A * A,
    Num(-2),
    -N,
    inv(-1 - A * A),
    inv(-E_A) * E_A,
    inv(inv(-N)) * inv(-1 - A * A),
    -2 * LAM * inv(-LAM - 1),
    apply("log", Num(Fraction(1, 2))),
    -apply("log", Num(Fraction(1, 2))) * E_A,
]
UNKNOWN = [
    A,
    -A,
    Y,
    A * B,
    A * A * A,
    1 - A * A,
    1 - H,
    E_A - 1,
    E_A - apply("exp", B),
    1 + A,
    1 - E_A,
    A * E_A,
    inv(A),
    inv(A * A * A) * 2,
    1 + inv(A),
    apply("log", A),
    apply("log", ONE),
    apply("log", ZERO),
    apply("log", Num(-2)),
    apply("log", 1 + E_A),
    1 + apply("log", A),
    apply("erf", A),
    1 + apply("erf", A),
    sqrt(A) * A,
    sqrt(A) - 1,
    Sum(Q, Y),
    1 + Sum(Q, Y * Entry("y", (1,))),
    Sum(Q, E_Y * Y),
    LAM_1,
    Entry("mu"),
    LAM - 1,
    LAM * Entry("mu"),
    H - 1,
    Delta(Q, R) - 1,
    N - 1,
    N - 2,
    Sum(Q, inv(-E_Y) + 2),
    A * inv(-E_A),
    inv(A) * inv(B),
    SIN,
    SIN + Fraction(1, 2),
    1 + 2 * SIN,
    1 + SIN + COS,
    2 + A * SIN,
    A * SIN + A + 1,
    A * (2 + SIN),
    1 - A * COS - A,
    Sum(Q, Y * SIN_Y) + 1,
    Sum(Q, Y * SIN + Y) + 1,
    2 + SIN * inv(A),
    1 + SIN * sqrt(A),
    SIN * SIN * A + 1,
    2 * SIN * SIN - 1,
    Sum(Q, 2 + SIN_Y),
    Sum(Q, (1 + Y) * (1 + SIN_Y)) + 1,
    apply("exp", SIN) - 1,
    apply("log", 2 + SIN) * 2,
]


def holds(u, relation, *guards):
    return Signs(Ring(), frozenset({"lam"})).holds(Obligation(u, relation, guards))


def signs(u, *guards):
    """Which relations are seen."""
    return "".join(r for r in "≠>≥" if holds(u, r, *guards))


@pytest.mark.parametrize("u", POSITIVE)
def test_positive(u):
    assert signs(u) == "≠>≥"
    assert signs(-u) == "≠"
    assert signs(inv(u)) == "≠>≥"
    assert signs(sqrt(u)) == "≠>≥"


@pytest.mark.parametrize("u", AT_LEAST_ZERO)
def test_at_least_zero(u):
    assert signs(u) == "≥"
    assert signs(-u - 1) == "≠"
    assert signs(u + 1) == "≠>≥"
    assert "≥" not in signs(Num(-1) * u - A)


@pytest.mark.parametrize("u", NOT_ZERO)
def test_not_zero(u):
    assert signs(u) == "≠"


@pytest.mark.parametrize("u", UNKNOWN)
def test_unknown(u):
    assert signs(u) == ""


def test_what_is_known_of_a_sine_counts_beside_its_bounds():
    assert holds(SIN, ">", (SIN, True))
    assert holds(SIN * 2, "≥", (SIN, True))
    assert holds(-SIN, "≥", (SIN, False))
    assert not holds(SIN, ">", (SIN, False))


def test_a_product_under_a_sum_may_be_zero():
    """Each of its terms is other than 0, and their sum may be none the less."""
    assert signs(Sum(Q, inv(1 - Y) * E_Y)) == ""
    assert signs(inv(-Sum(Q, E_Y))) == "≠"
    assert signs(Sum(Q, inv(-E_Y) * E_Y)) == ""


def test_names_that_are_positive_are_scalars():
    assert Signs(Ring()).holds(Obligation(LAM, ">")) is False
    assert holds(LAM_1, ">") is False


@pytest.mark.parametrize(
    ("u", "guards", "expected"),
    [
        (A, [(A, True)], "≠>≥"),
        (A, [(A, False)], ""),
        (-A, [(A, False)], "≥"),
        (-A, [(A, True)], "≠"),
        (-A / 2, [(A, True)], "≠"),
        (-A / 2 + B * B, [(A, True)], ""),
        (1 - A / 2, [(A, True)], ""),
        (A, [(2 * A, True)], "≠>≥"),
        (A, [(A / 3, True)], "≠>≥"),
        (A - B, [(3 * A - 3 * B, True)], "≠>≥"),
        (1 - A, [(A, False)], "≠>≥"),
        (A + 1, [(A, True)], "≠>≥"),
        (A - 1, [(A, True)], ""),
        (2 * A, [(A, True)], "≠>≥"),
        (A / 2 + B * B, [(A, True)], "≠>≥"),
        (B * B - A, [(A, False)], "≥"),
        (A + B, [(A, True)], ""),
        (A - B, [(A, True)], ""),
        (A + B, [(B, True), (A, True)], "≠>≥"),
        (A - B, [(A - B, True)], "≠>≥"),
        (B - A, [(A - B, True)], "≠"),
        (2 * A - 2 * B + 1, [(A - B, True)], "≠>≥"),
        (A - B - 1, [(A - B, True)], ""),
        (A - 1, [(A - 2, True)], "≠>≥"),
        (A - 3, [(A - 2, True)], ""),
        (A - 2, [(A - 2, False)], ""),
        (3 - A, [(A - 2, False)], "≠>≥"),
        (2 - A, [(A - 2, False)], "≥"),
        (sqrt(A), [(A, True)], "≠>≥"),
        (inv(A), [(A, True)], "≠>≥"),
        (inv(-A), [(A, True)], "≠"),
        (inv(-A), [(A, False)], "≥"),
        (A * B, [(A, True), (B, True)], ""),
        (A * inv(A), [(A, True)], ""),
        (Y, [(Y, True)], "≠>≥"),
        (Entry("y", (R,)), [(Y, True)], ""),
        (Sum(Q, Y), [(Y, True)], ""),
        (Sum(Q, Y), [(Sum(R, Entry("y", (R,))), True)], "≠>≥"),
        (A, [(ONE, True)], ""),
        (E_A, [(A, False)], "≠>≥"),
    ],
)
def test_under_cases(u, guards, expected):
    """A fact serves for what is at least a positive multiple of it, in the same letters."""
    assert signs(u, *guards) == expected


def test_cases_do_not_outlast_their_obligation():
    known = Signs(Ring())
    assert known.holds(Obligation(A, ">", ((A, True),)))
    assert not known.holds(Obligation(A, ">"))
    inner = known.under([(A, True)])
    assert inner.holds(Obligation(A, ">"))
    assert inner.holds(Obligation(A + 1, ">", ((B, True),)))
    assert len(inner.under([(B, False)]).facts) == 2


def test_there_is_an_end_to_the_signs_that_are_asked_for(monkeypatch):
    monkeypatch.setattr("gradcheck_sym.checker.obligations.MOST_KNOWN", 6)
    atoms = [apply("exp", Entry(f"x_{k}")) for k in range(9)]
    assert Signs(Ring()).holds(Obligation(add(*atoms[:2]), ">"))
    with pytest.raises(TooLarge, match="too many signs"):
        Signs(Ring()).holds(Obligation(add(*atoms), ">"))


C, D = Entry("c"), Entry("d")
CHAIN = [(A - B, True), (C - B, False), (D - C, False)]  # a > b ≥ c ≥ d


@pytest.mark.parametrize(
    ("u", "guards", "expected"),
    [
        (A - D, CHAIN, "≠>≥"),
        (A - D, CHAIN[::-1], "≠>≥"),
        (B - D, CHAIN, "≥"),
        (2 * A - B - D, CHAIN, "≠>≥"),
        (D - A, CHAIN, "≠"),
        (D - B, CHAIN, ""),
        (A - D, CHAIN[:2], ""),
        (A - D, CHAIN[1:], ""),
        (A + D, CHAIN, ""),
        (A - 2 * D, CHAIN, ""),
        (A - B, [(B - A, True)], "≠"),
        (2 * A - C, [(A - B, True), (A - C, True)], ""),
    ],
)
def test_several_facts_add_up(u, guards, expected):
    """Each serves once, and one that is strict makes the sum strict."""
    assert signs(u, *guards) == expected


def test_a_fact_that_was_used_is_no_fact_for_what_it_leaves():
    """Of A − 1/A > 0 and A, 1/A is left, whose sign is that of A."""
    assert not holds(A, ">", (A - inv(A), True))
    assert holds(A, ">", (A - inv(A), True), (A, True))


def test_many_facts_that_do_not_add_up_come_to_an_end():
    """There are 12! orders of them, and each leaves six terms."""
    random = Random(1)

    def dense():
        names = (Entry(name) for name in "abcdef")
        return add(*(random.choice([-3, -2, -1, 1, 2, 3]) * name for name in names))

    assert not holds(dense(), "≥", *((dense(), False) for _ in range(12)))


@pytest.mark.parametrize("seed", range(60))
def test_sums_of_several_facts_are_so(seed):
    """At a random point that meets three random facts."""
    random = Random(seed)
    names = [Entry(name) for name in "abcd"]
    for _ in range(20):
        values = [random.randint(-2, 2) for _ in names]
        guards = []
        for _ in range(3):
            weights = [random.randint(-1, 1) for _ in names]
            number = sum(w * v for w, v in zip(weights, values, strict=True))
            u = add(*(w * name for w, name in zip(weights, names, strict=True)))
            guards.append((u, number > 0))
        weights = [random.randint(-2, 2) for _ in names]
        u = add(*(w * name for w, name in zip(weights, names, strict=True)))
        number = sum(w * v for w, v in zip(weights, values, strict=True))
        for relation, so in (("≠", number != 0), (">", number > 0), ("≥", number >= 0)):
            assert so or not holds(u, relation, *guards), (u, relation, guards)


@pytest.mark.parametrize("seed", range(250))
def test_what_is_seen_of_a_sign_is_so(seed):
    """At a random point, for a sum of a random term with squares, under a random case."""
    random = Random(seed)
    terms = Terms(random)
    point, case = terms.point(), terms.term(1)
    u = terms.term(2)
    for value in (u, u * u, u * u + case, apply("inv", u * u) * 2 + case, Where(case, u, ONE)):
        for yes in (True, False):
            if (point.value(case) > 0) != yes:
                continue
            number = point.value(value)
            for relation, so in (("≠", number != 0), (">", number > 0), ("≥", number >= 0)):
                found = holds(value, relation, (case, yes))
                assert so or not found, (value, relation)


def test_scale():
    ring = Ring()
    assert scale(ring.normal(A + 2), 3) == ring.normal(3 * A + 6)
    assert scale(ring.normal(A + 2), 0) == {}
