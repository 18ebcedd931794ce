"""Sums at a point: each index within its range, once, whatever makes most terms 0."""

from fractions import Fraction

import pytest

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.proof import Witness
from gradcheck_sym.checker.statement import Definition, Statement
from gradcheck_sym.checker.witness import holds_at
from gradcheck_sym.term.terms import ONE, Delta, Entry, Letter, Sum, Term, apply
from gradcheck_sym.values import evaluator as module
from gradcheck_sym.values.evaluator import Evaluator, Point, TooDear

P, Q = Letter("p", "n"), Letter("q", "n")
X_P, Y_P, Z_P = (Entry(name, (P,)) for name in "xyz")
ALL = {("x", k): Fraction(10) ** k for k in range(5)}


def value(term, values=ALL, n=3, letters=None, **everywhere):
    return Evaluator({}, Point(values, everywhere), {"n": n}).value(term, letters)


@pytest.mark.parametrize("k", range(-1, 6))
def test_a_delta_picks_one_term_if_its_index_is_in_range(k):
    expected = 10**k if 1 <= k <= 3 else 0
    for term in (Sum(P, Delta(P, k) * X_P), Sum(P, Delta(k, P) * X_P)):
        assert value(term) == expected
    for delta in (Delta(P, Q), Delta(Q, P)):
        assert value(Sum(P, delta * X_P), letters={Q: k}) == expected


def test_a_sum_takes_no_entry_beyond_its_range():
    assert value(Sum(P, X_P)) == 1110
    assert value(Sum(P, X_P), n=4) == 11110
    assert value(Sum(P, X_P * X_P), n=2) == 10100
    assert value(Sum(P, X_P), x=Fraction(7), n=5) == 11117


def test_a_factor_without_the_index_does_not_choose_the_terms():
    assert value(Sum(P, Entry("x", (2,)) * X_P)) == 111000
    assert value(Sum(P, Entry("x", (2,)) * Y_P), y=Fraction(1)) == 300
    assert value(Sum(P, Entry("x", (0,)) * (X_P + 1))) == 1113
    assert value(Sum(P, Sum(Q, X_P * Entry("x", (Q,))))) == 1110**2


def test_what_does_not_vary_is_counted():
    assert value(Sum(P, Y_P), y=Fraction(1, 3)) == 1
    assert value(Sum(P, ONE), n=5) == 5
    defined = Evaluator({"z": Definition((Q,), Entry("y", (Q,)))}, Point({}, {"y": 2}), {"n": 3})
    assert defined.value(Sum(P, Z_P)) == 6


def test_a_name_has_no_entry_beyond_its_range():
    defined = Evaluator({"z": Definition((Q,), Entry("x", (Q,)))}, Point(ALL), {"n": 3})
    assert defined.value(Entry("z", (3,))) == 1000
    for k in (0, 4, -1):
        with pytest.raises(LookupError):
            defined.value(Entry("z", (k,)))
    single = Letter("s", 1)
    fixed = Evaluator({"z": Definition((single,), ONE)}, Point(), {})
    assert fixed.value(Sum(single, Entry("z", (single,)))) == 1


def test_what_is_no_term_has_no_value():
    class Strange(Term):
        pass

    with pytest.raises(TypeError):
        value(Strange())
    of = Statement({}, Strange(), "x", (), ONE, needs=(Obligation(Entry("x"), ">"),))
    assert not holds_at(Witness({}, {"x": 1}, {}), of, ())


def test_values_are_remembered_as_far_as_there_is_room(monkeypatch):
    term = apply("exp", Sum(P, X_P * X_P))
    once = Evaluator({}, Point(ALL), {"n": 3}, most_work=10)
    assert all(once.value(term) == once.value(term) for _ in range(20))
    with pytest.raises(TooDear):
        once.value(Sum(P, apply("exp", X_P + 1)))
    monkeypatch.setattr(module, "MOST_REMEMBERED", 2)
    small = Evaluator({}, Point(ALL), {"n": 3}, most_work=60)
    total = Sum(P, X_P * (X_P + 1) * (X_P + 2))
    assert small.value(total) == sum(10**k * (10**k + 1) * (10**k + 2) for k in (1, 2, 3))
    assert len(small._remembered) <= 2


def test_a_value_may_take_all_the_work_that_there_is_and_no_more():
    total = Sum(P, X_P * X_P)
    ample = Evaluator({}, Point(ALL), {"n": 3}, most_work=100)
    known, steps = ample.value(total), 100 - ample.work_left
    assert Evaluator({}, Point(ALL), {"n": 3}, most_work=steps).value(total) == known
    with pytest.raises(TooDear):
        Evaluator({}, Point(ALL), {"n": 3}, most_work=steps - 1).value(total)
