"""A theorem with conditions comes with a point where they hold, and a wrong one is refused."""

from decimal import Decimal
from fractions import Fraction

import pytest

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.proof import Witness
from gradcheck_sym.checker.statement import Definition, Hypothesis, Statement, size_names
from gradcheck_sym.checker.witness import Place, holds_at
from gradcheck_sym.term.terms import ONE, Delta, Entry, Letter, Num, SizeOf, Sum, Where, apply
from gradcheck_sym.values.evaluator import Evaluator, Point

HALF = Fraction(1, 2)
P, Q, R = Letter("p", "n"), Letter("q", 3), Letter("r", "n")
S = Letter("s", "m")
c, x = Entry("c"), Entry("x", (P,))


def statement(loss=c, claim=ONE, definitions=None, wrt="c", letters=(), **more):
    return Statement(definitions or {}, loss, wrt, letters, claim, **more)


def holds(conditions=(), sizes=None, everywhere=None, values=None, **more):
    witness = Witness({"n": 2, **(sizes or {})}, everywhere or {}, values or {})
    return holds_at(witness, statement(**more), conditions)


@pytest.mark.parametrize(
    ("relation", "value", "expected"),
    [
        *[("≠", 1, True), ("≠", -1, True), ("≠", 0, False)],
        *[(">", 1, True), (">", -1, False), (">", 0, False)],
        *[("≥", 1, True), ("≥", -1, False), ("≥", 0, True)],
        *[("", 1, False), ("=", 1, False)],
    ],
)
def test_a_condition_holds_or_does_not(relation, value, expected):
    assert holds([Obligation(c, relation)], values={("c",): value}) is expected


def test_a_condition_has_to_hold_for_all_values_of_its_letters():
    condition = [Obligation(x, "≠")]
    assert holds(condition, everywhere={"x": HALF})
    assert not holds(condition, values={("x", 1): HALF})
    assert not holds(condition, values={("x", 2): HALF})
    assert not holds(condition, everywhere={"x": HALF}, values={("x", 2): Fraction(0)})
    assert holds(condition, values={("x", 1): HALF, ("x", 2): -HALF})
    different = [Obligation(x - Entry("x", (R,)), "≠")]
    assert not holds(different, values={("x", 1): HALF, ("x", 2): -HALF})


def test_a_condition_does_not_matter_where_its_guards_do_not_hold():
    above, below = Obligation(c, ">", ((x, True),)), Obligation(c, ">", ((x, False),))
    assert not holds([above], everywhere={"x": 1})
    assert holds([above], everywhere={"x": -1})
    assert not holds([above], values={("x", 2): 1})
    assert holds([below], everywhere={"x": 1})
    assert not holds([below], everywhere={"x": 0})
    assert holds([above, below], everywhere={"c": 1})


def test_a_guard_is_not_looked_at_where_an_earlier_one_fails():
    logarithm = apply("log", x)
    guarded = Obligation(c, ">", ((x, True), (logarithm, True)))
    assert holds([guarded], everywhere={"x": -1})
    assert not holds([Obligation(c, ">", ((logarithm, True),))], everywhere={"x": -1})


def test_what_intervals_do_not_tell_fails():
    nothing = apply("exp", c) - apply("exp", c)
    point = {"values": {("c",): 1}}
    for relation in "≠>≥":
        assert not holds([Obligation(nothing, relation)], **point)
        assert not holds([Obligation(c, relation, ((nothing, True),))], **point)
        assert not holds([Obligation(c, relation, ((nothing, False),))], **point)


ROWS = Hypothesis((P,), Sum(Q, Entry("y", (P, Q))), ONE)
BINARY = Hypothesis((P, Q), Entry("y", (P, Q)) * Entry("y", (P, Q)), Entry("y", (P, Q)))


def test_hypotheses_hold_exactly():
    third, near = Fraction(1, 3), Fraction(1, 3) + Fraction(1, 10**60)
    assert holds(hypotheses=(ROWS,), everywhere={"y": third})
    assert not holds(hypotheses=(ROWS,), everywhere={"y": near})
    assert not holds(hypotheses=(ROWS, BINARY), everywhere={"y": third})
    one_hot = {("y", 1, 3): 1, ("y", 2, 1): 1}
    assert holds(hypotheses=(ROWS, BINARY), values=one_hot)
    assert not holds(hypotheses=(ROWS, BINARY), values={("y", 1, 3): 1})
    assert not holds(hypotheses=(ROWS, BINARY), values=one_hot, sizes={"n": 3})


def test_a_hypothesis_that_is_only_enclosed_fails():
    close = Hypothesis((), apply("exp", apply("log", c)), c)
    assert not holds(hypotheses=(close,), values={("c",): 2})
    number = apply("exp", Num(1))
    assert not holds(hypotheses=(Hypothesis((), number, number),))  # two intervals that are alike


def test_names_that_are_positive_are():
    assert holds(positive=frozenset({"lam"}), values={("lam",): HALF})
    assert holds(positive=frozenset({"lam"}), everywhere={"lam": HALF})
    assert not holds(positive=frozenset({"lam"}), values={("lam",): -HALF})
    assert not holds(positive=frozenset({"lam"}))


def test_the_loss_and_the_claim_are_meant_there():
    logarithm = Sum(P, apply("log", x))
    assert holds(loss=logarithm, everywhere={"x": HALF})
    assert not holds(loss=logarithm, values={("x", 1): HALF})
    letters = {"wrt": "w", "letters": (P,), "claim": apply("inv", x)}
    assert holds(everywhere={"x": HALF}, **letters)
    assert not holds(values={("x", 1): HALF}, **letters)


def test_what_the_statement_needs_holds_though_a_product_with_zero_has_a_value():
    loss = c * apply("log", x_1 := Entry("x", (1,)))
    assert holds(loss=loss)
    assert not holds(loss=loss, needs=(Obligation(x_1, ">"),))
    assert holds(loss=loss, needs=(Obligation(x_1, ">"),), everywhere={"x": 1})


def test_names_are_followed():
    definitions = {"z": Definition((P,), x - 1), "h": Definition((R,), 2 * Entry("z", (R,)))}
    condition = [Obligation(Entry("h", (Letter("k", "n"),)), "≠")]
    assert holds(condition, everywhere={"x": HALF}, definitions=definitions)
    assert not holds(condition, everywhere={"x": 1}, definitions=definitions)
    values = {("h", 1): 1, ("h", 2): 1, ("z", 1): 1, ("z", 2): 1}
    assert not holds(condition, everywhere={"x": 1}, values=values, definitions=definitions)


@pytest.mark.parametrize("size", [0, 1, -3, True, 2.0, "2", Fraction(2), None])
def test_sizes_are_whole_numbers_from_two(size):
    assert not holds(sizes={"n": size}, loss=Sum(P, x))


@pytest.mark.parametrize("value", [0.5, True, "1", None, Decimal(1), float("nan"), 1j])
def test_values_are_rational(value):
    assert not holds(everywhere={"c": value})
    assert not holds(values={("c",): value})


@pytest.mark.parametrize(
    "more",
    [
        {"loss": Sum(Letter("i", "m"), Num(1))},
        {"loss": SizeOf("m")},
        {"claim": Delta(1, S), "letters": (S,)},
        {"definitions": {"unused": Definition((Letter("i", "m"),), ONE)}},
        {"definitions": {"unused": Definition((), Sum(Letter("i", "m"), ONE))}},
        {"hypotheses": (Hypothesis((), Sum(Letter("i", "m"), ONE), SizeOf("m")),)},
        {"conditions": [Obligation(Delta(S, Letter("i", "m")) + 1, ">")]},
        {"hypotheses": (Hypothesis((Letter("i", "m"),), ONE, ONE),)},
        {"conditions": [Obligation(ONE, ">", ((Entry("x", (Letter("i", "m"),)) + 1, True),))]},
    ],
)
def test_every_size_that_is_a_name_has_a_number(more):
    """Though it may not be looked at."""
    assert not holds(**more)
    assert holds(**more, sizes={"m": 2})
    conditions = more.pop("conditions", ())
    assert size_names(statement(**more), conditions) == {"m"}


def test_an_entry_by_numbers_and_an_index_of_one_value():
    assert holds(loss=Entry("w", (1, 2)), wrt="w", letters=(1, 2))
    one, other = Letter("i", 1), Letter("j", 1)
    definitions = {"z": Definition((one,), c)}
    condition = [Obligation(Entry("z", (other,)), "≠")]
    assert holds(condition, values={("c",): 1}, definitions=definitions)


def test_what_is_said_of_one_index_is_looked_at_there_alone():
    evaluator = Evaluator({}, Point({("x", 1): 1, ("y", 2): 1}), {"n": 2})
    both = x + Entry("y", (R,)) * 0
    assert Place(evaluator, {P: 1}).satisfies(Obligation(both, "≠"))
    assert not Place(evaluator, {P: 2}).satisfies(Obligation(both, "≠"))
    assert not Place(evaluator).satisfies(Obligation(both, "≠"))
    assert not Place(evaluator, {R: 1}).satisfies(Obligation(both, "≠"))
    assert [place[P] for place in Place(evaluator, {P: 2}).places(both)] == [2, 2]


def test_what_takes_too_much_work_fails():
    long = Letter("i", 10**9)
    entry = Entry("x", (long,))
    assert not holds([Obligation(entry + 1, "≠")], values={("x", 1): 1})
    assert not holds(loss=Sum(long, entry * entry + 1), values={("x", 1): 1})
    assert holds([Obligation(entry + 1, "≠")], everywhere={"x": 1})


def test_nonsense_is_refused_and_not_raised():
    assert not holds_at(None, statement(), ())
    assert not holds_at(Witness({}, {}, {("c", "1"): "x"}), statement(), ())
    assert not holds([Obligation(None, "≠")])
    assert not holds([Obligation(Entry("z", (1, 2)), "≠")], definitions={"z": Definition((P,), x)})
    deep = c
    for _ in range(5000):
        deep = Where(deep, ONE, c)
    assert not holds([Obligation(deep + 1, "≠")])
