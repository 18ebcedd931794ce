from __future__ import annotations

from fractions import Fraction

import pytest

from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import free_letters
from gradcheck_sym.term.terms import (
    ONE,
    ZERO,
    Add,
    Apply,
    Delta,
    Entry,
    Letter,
    Mul,
    Num,
    Pi,
    SizeOf,
    Sum,
    Where,
    add,
    apply,
    indicator,
    mul,
    negative,
    power,
    size_term,
    sums,
    term,
)
from gradcheck_sym.term.walks import children, entries, rebuilt, substitute, walk
from tests.check.values import Point

Q, R, M = Letter("q", "n"), Letter("r", "n"), Letter("m", "m")
A, B = Entry("a"), Entry("b")
POINT = Point(lambda name, *_: {"a": 6, "b": 4}[name], {"n": 5})


@pytest.mark.parametrize(
    ("made", "worth"),
    [
        (A + B, 10),
        (A + 1, 7),
        (1 + A, 7),
        (A - B, 2),
        (A - 1, 5),
        (1 - A, -5),
        (A * B, 24),
        (2 * A, 12),
        (A * Fraction(1, 2), 3),
        (A / B, Fraction(3, 2)),
        (A / 2, 3),
        (3 / A, Fraction(1, 2)),
        (A**3, 216),
        (A**1, 6),
        (A**0, 1),
        (A**-2, Fraction(1, 36)),
        (-A, -6),
        (-Num(3), -3),
        (negative(Num(3)), -3),
        (add(A), 6),
        (add(), 0),
        (mul(), 1),
        (mul(A), 6),
        (power(A, 2), 36),
        (power(A, -1), Fraction(1, 6)),
        (term(3), 3),
        (term(A), 6),
        (size_term("n"), 5),
        (size_term(3), 3),
        (indicator(A), 1),
        (indicator(-A), 0),
        (Where(A, B, ONE), 4),
        (ZERO, 0),
        (ONE, 1),
        (apply("inv", 2), Fraction(1, 2)),
    ],
)
def test_a_term_is_worth_what_it_says(made, worth):
    assert POINT.value(made) == worth


def test_nothing_is_simplified():
    assert isinstance(A + 0, Add)
    assert isinstance(A * 1, Mul)
    assert (A + B) + A is not (A + B) + A
    assert Entry("a") != A
    assert add(A) is A
    assert mul(A) is A
    assert term(A) is A


@pytest.mark.parametrize("size", [0, -1])
def test_sizes_are_at_least_one(size):
    with pytest.raises(ValueError, match="at least 1"):
        Letter("i", size)
    assert repr(Letter("i", 1)) == "i"


def test_sums_are_nested_the_first_outermost():
    found = sums((Q, M), A)
    assert isinstance(found, Sum)
    assert found.index is Q
    assert found.body.index is M
    assert sums((), A) is A


def test_children_and_walk():
    where = Where(A, B, apply("exp", A))
    assert children(where) == (A, B, where.no)
    assert children(Sum(Q, A)) == (A,)
    assert children(apply("exp", A)) == (A,)
    assert children(A + B) == (A, B)
    assert children(A * B) == (A, B)
    for leaf in (A, ONE, Pi(), SizeOf("n"), Delta(1, Q)):
        assert children(leaf) == ()
        assert rebuilt(leaf, lambda _: ZERO) is leaf
    assert set(walk(where)) == {where, A, B, where.no}
    assert len(list(walk(A * A, A + A))) == 3
    assert list(entries(where, B + Entry("c"))).count(A) == 1
    assert {e.name for e in entries(where, Sum(Q, Entry("c")))} == {"a", "b", "c"}


@pytest.mark.parametrize(
    "value", [A + B, A * B, Sum(Q, A), apply("log", A), Where(A, B, A * A)], ids=str
)
def test_rebuilt(value):
    assert rebuilt(value, lambda child: child) is value
    other = rebuilt(value, lambda child: mul(child, 3))
    assert type(other) is type(value)
    assert [c.factors[0] for c in children(other)] == list(children(value))


def x(*indices):
    return Entry("x", indices)


@pytest.mark.parametrize(
    ("value", "indices", "expected"),
    [
        (x(Q), {Q: 1}, x(1)),
        (x(Q, R), {Q: R, R: Q}, x(R, Q)),
        (x(Q, R), {Q: R}, x(R, R)),
        (x(M), {Q: R}, x(M)),
        (x(2), {Q: 1}, x(2)),
        (Delta(Q, R) * x(Q), {Q: 1}, Delta(1, R) * x(1)),
        (Delta(Q, R), {R: 2}, Delta(Q, 2)),
        (Sum(Q, x(Q, R)), {R: 1}, Sum(Q, x(Q, 1))),
        (Sum(Q, x(Q, R)), {Q: 1}, Sum(Q, x(Q, R))),
        (Sum(R, x(Q, R)), {Q: R}, Sum(M_ := Letter("k", "n"), x(R, M_))),
        (
            Sum(R, apply("exp", Sum(Q, x(Q, R, M)))),
            {M: 1},
            Sum(R, apply("exp", Sum(Q, x(Q, R, 1)))),
        ),
        (Where(x(Q), x(Q), x(R)), {Q: 3}, Where(x(3), x(3), x(R))),
        (apply("exp", x(Q)), {Q: 3}, apply("exp", x(3))),
        (Sum(Q, x(Q) * Sum(Q, x(Q, R))), {R: 1}, Sum(Q, x(Q)) * 0 + Sum(Q, x(Q)) * Sum(Q, x(Q, 1))),
    ],
)
def test_substitute(value, indices, expected):
    assert Ring().equal(substitute(value, indices), expected)


def test_sums_that_are_copied_get_letters_of_their_own():
    value = Sum(Q, x(Q, R))
    again = substitute(value, {})
    assert again.index is not Q
    assert (again.index.name, again.index.size) == ("q", "n")
    assert free_letters(again) == {R}


def test_what_is_shared_is_shared_again():
    part = x(Q) + 1
    again = substitute(part * part, {Q: 1})
    assert again.factors[0] is again.factors[1]
    deep = A
    for _ in range(200):
        deep = deep + deep
    assert free_letters(substitute(deep, {Q: 1})) == set()


def test_free_letters():
    assert free_letters(Sum(Q, x(Q, R, 1)) + Delta(M, 1) + apply("exp", Delta(1, R))) == {R, M}
    assert free_letters(Sum(Q, x(Q)) + x(Q)) == {Q}
    assert free_letters(Where(x(Q), x(R), x(M))) == {Q, R, M}
    assert free_letters(Sum(Q, Sum(R, x(Q, R)))) == set()
    assert free_letters(Apply("exp", ONE)) == set()
