"""Proofs and statements made to deceive the checker, each of which it once took."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from gradcheck_sym.checker import monomials
from gradcheck_sym.checker.chain import chain
from gradcheck_sym.checker.check import Rejected, Replayed, Theorem, conclude, replay
from gradcheck_sym.checker.laws import Malformed
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.proof import (
    Because,
    Cancel,
    Cases,
    Identity,
    Lemma,
    Proof,
    Slope,
    Step,
    Witness,
)
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Definition, Hypothesis, Statement
from gradcheck_sym.term.terms import (
    ONE,
    ZERO,
    Entry,
    Letter,
    Num,
    Sum,
    Where,
    add,
    apply,
    size_term,
)

X = Entry("x")


ALIKE = Step("f(u) = f(v)", (Entry("□"), X, X), ZERO, (), (Because(None, None),))


@pytest.mark.parametrize(
    "by",
    [
        None,
        (),
        Because(None, Identity()),
        Cases(X, None, Identity()),
        Cases(X, Identity(), None),
        Cancel(Num(2), None, None),
        Identity((ALIKE,)),
    ],
)
def test_an_argument_that_is_none_shows_nothing(by):
    statement = Statement({}, X, "x", (), ONE)
    with pytest.raises(Rejected, match="no argument"):
        replay(statement, Proof((Slope("x", (), ONE, by),)))
    with pytest.raises(Rejected, match="no argument"):
        replay(statement, Proof((Lemma((), X, X, by), Slope("x", (), ONE, Identity()))))


@pytest.mark.parametrize("index", [3, 0, -1, True + 2, Letter("j", 3), Letter("j", "n")])
def test_a_hypothesis_says_nothing_of_indices_beyond_its_range(index):
    i = Letter("i", 2)
    assumed = Hypothesis((i,), Entry("y", (i,)), ONE)
    sums = (index,) if isinstance(index, Letter) else ()
    value = add(*[Sum(index, Entry("y", (index,)))] if sums else [Entry("y", (index,))])
    claim = size_term(index.size) if sums else ONE
    statement = Statement({}, X * value, "x", (), claim, (assumed,))
    step = Step("hypothesis", (0, index), ONE, sums)
    with pytest.raises(Rejected, match="out of its range"):
        replay(statement, Proof((Slope("x", (), claim, Identity((step,))),)))


def test_a_definition_says_nothing_of_indices_beyond_its_range():
    i = Letter("i", 2)
    definitions = {"A": Definition((i,), Entry("y", (i,)))}
    step = Step("definition", ("A", 3), ONE)
    lemma = Lemma((), Entry("A", (3,)), Entry("y", (3,)), Identity((step,)))
    with pytest.raises(Rejected, match="out of its range"):
        replay(Statement(definitions, X, "x", (), ONE), Proof((lemma,)))


A3, AK = Entry("A", (3,)), Entry("A", (Letter("k", 3),))
FREE = Entry("y", (Letter("i", 2),))


@pytest.mark.parametrize(
    "statement",
    [
        lambda d: Statement(d, A3, "x", (), ZERO),
        lambda d: Statement(d, Sum(AK.indices[0], AK), "x", (), ZERO),
        lambda d: Statement(d, X, "x", (), A3),
        lambda d: Statement({**d, "B": Definition((), A3)}, X, "x", (), ONE),
        lambda d: Statement(d, X, "x", (), ONE, (Hypothesis((), A3, ONE),)),
        lambda d: Statement(d, X, "x", (), ONE, (Hypothesis((), ONE, A3),)),
        lambda d: Statement(d, X, "x", (), ONE, needs=(Obligation(A3, ">"),)),
        lambda d: Statement(d, X, "x", (), ONE, needs=(Obligation(X, ">", ((A3, True),)),)),
    ],
)
def test_a_statement_reads_names_within_their_ranges(statement):
    """Else the chain rule misses what a loss reads beyond the range, and proves 0 of it."""
    i = Letter("i", 2)
    with pytest.raises(Malformed, match="out of its range"):
        statement({"A": Definition((i,), Entry("x", (i,)))})


@pytest.mark.parametrize("sides", [(FREE, ONE), (ONE, FREE)])
def test_a_hypothesis_speaks_of_its_own_letters_alone(sides):
    with pytest.raises(Malformed, match="of no range"):
        Statement({}, X, "x", (), ONE, (Hypothesis((), *sides),))


def test_a_statement_does_not_change_with_the_mapping_that_it_was_made_of():
    definitions = {"A": Definition((), X)}
    statement = Statement(definitions, Entry("A"), "x", (), ONE)
    definitions["A"] = Definition((), 2 * Entry("A"))
    assert statement.definition("A").value is X


@pytest.mark.parametrize("through", ["the loss", "a definition"])
def test_a_sum_inside_a_case_has_an_index_of_its_own(through):
    """Else "x_i > 0 where u_i > 0" is all that Σ_i where(u_i, Σ_k ln x_k, 0) needs."""
    i, p = Letter("i", "n"), Letter("p", "n")
    body = Where(Entry("u", (i,)), Sum(i, apply("log", Entry("x", (i,)))), ZERO)
    definitions, loss = {}, Sum(i, body)
    if through == "a definition":
        definitions, loss = {"A": Definition((i,), body)}, Sum(i, Entry("A", (i,)))
    statement = Statement(definitions, loss, "x", (p,), ZERO)
    slope = Slope("A", (p,), ONE, Identity())
    with pytest.raises(ValueError, match="index of a case"):
        chain(statement, {"A": slope}, "x", (p,))


def test_a_size_named_by_a_numeral_is_not_that_number():
    """The binders of a sum were put in order by what their sizes look like."""
    a, b = Letter("a", 2), Letter("b", "2")
    z_a, z_b = Entry("z", (a,)), Entry("z", (b,))
    one, other = (Sum(a, Sum(b, apply("exp", u))) for u in (z_a + 2 * z_b, 2 * z_a + z_b))
    assert not Ring().equal(one, other)
    assert Ring().equal(one, Sum(b, Sum(a, apply("exp", 2 * z_b + z_a))))


@pytest.mark.parametrize("name", ["entry", "delta", "size", "pi", "positive", "cosh", ""])
def test_the_kinds_of_atoms_are_no_functions(name):
    """An atom ("entry", u) had no indices, and ("size", u) was positive."""
    i = Letter("i", 3)
    with pytest.raises(TypeError, match="no term"):
        Ring().normal(Sum(i, apply(name, Entry("y", (i,)))))


@pytest.mark.parametrize("relation", ["", "<", "=", "≤", None])
def test_what_is_needed_has_one_of_three_relations(relation):
    """Any other was taken as shown."""
    statement = Statement({}, X, "x", (), ONE, needs=(Obligation(X, relation),))
    with pytest.raises(Rejected, match="no relation"):
        replay(statement, Proof((Slope("x", (), ONE, Identity()),)))


def test_the_checker_alone_makes_theorems():
    """`dataclasses.replace` carried the key along, to other claims and fewer conditions."""
    statement = Statement({}, X * apply("log", X), "x", (), apply("log", X) + X * apply("inv", X))
    replayed = replay(statement, Proof((Slope("x", (), statement.claim, Identity()),)))
    assert len(replayed.conditions) == 1
    theorem = conclude(replayed, Witness({}, {"x": Fraction(2)}, {}))
    with pytest.raises(Rejected, match="no point"):
        conclude(replayed, None)
    for made in (replayed, theorem):
        with pytest.raises(TypeError):
            replace(made, conditions=())
        with pytest.raises(TypeError):
            replace(made, statement=replace(statement, claim=ZERO))
    with pytest.raises(TypeError):
        Replayed(statement, Proof(()), (), (), 0)
    with pytest.raises(TypeError):
        Theorem(statement, (), (), 0, 0)
    with pytest.raises(TypeError):
        conclude(theorem, None)


def test_signs_that_are_asked_for_in_many_cases_come_to_an_end(monkeypatch):
    """Each was counted once, whatever was added to and taken from it on the way."""
    monkeypatch.setattr(monomials, "MOST_WORK", 20_000)
    names = [Entry(f"x{k}") for k in range(12)]
    value = total = add(*names)
    steps = []
    for k in range(12):
        value = apply("inv", add(Num(k + 2), value, total))
        steps.append(Step("[u>0] = 1", (value,), ZERO))
    by = Identity(tuple(steps))
    for name in names:
        by = Cases(name - 1, by, Identity())
    claim = Statement({}, X, "x", (), ONE)
    with pytest.raises(Rejected, match="too many terms"):
        replay(claim, Proof((Lemma((), ONE, ONE, by), Slope("x", (), ONE, Identity()))))
