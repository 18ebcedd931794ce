from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from gradcheck_sym.checker.chain import between, chain, readers
from gradcheck_sym.checker.check import Rejected, check, conclude, replay
from gradcheck_sym.checker.laws import HOLE, LAWS, Malformed
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
from gradcheck_sym.checker.statement import Definition, Hypothesis, Statement, named
from gradcheck_sym.term.terms import (
    ONE,
    ZERO,
    Delta,
    Entry,
    Letter,
    Num,
    SizeOf,
    Sum,
    Where,
    apply,
    indicator,
)
from tests.check.source import proof, statement

X, A, B = Entry("x"), Entry("a"), Entry("b")
Q, R, M, TWO = Letter("q", "n"), Letter("r", "n"), Letter("m", "m"), Letter("k", 2)
TRIVIAL = Statement({}, X, "x", (), ONE)
LAST = Slope("x", (), ONE, Identity())


def y(index):
    return Entry("y", (index,))


def takes(*parts, of=TRIVIAL):
    """Replay parts before what proves the trivial statement."""
    return replay(of, Proof((*parts, LAST)))


def lemma(left, right, *steps, letters=(), by=None):
    return Lemma(letters, left, right, by or Identity(steps))


def rejected(*parts, of=TRIVIAL, match=None):
    with pytest.raises(Rejected, match=match):
        takes(*parts, of=of)


# The theorem of the source -------------------------------------------------------------------


@pytest.mark.parametrize(
    "sizes", [("m", "d", "t", "n"), (2, 2, 2, 1), (1, 1, 1, 1), ("m", 3, 1, 2)]
)
def test_the_theorem_of_the_source(sizes):
    claimed = statement(*sizes)
    theorem = check(claimed, proof(claimed))
    assert theorem.statement is claimed
    assert theorem.conditions == ()
    assert (theorem.parts, theorem.steps) == (4, 13)
    assert len(theorem.facts) == 4


SOURCE = statement()
I_N = Letter("i", "n")
A_H = Entry("A_h", (I_N, SOURCE.letters[0]))
A_OUT, LABEL = (Entry(name, (I_N, SOURCE.letters[1])) for name in ("A_out", "Y"))
ERROR = A_OUT - LABEL
AT_ONE = Delta(SOURCE.letters[0], 1) * Delta(SOURCE.letters[1], 1)
WRONG = {
    "sign": lambda s: -s.claim,
    "twice": lambda s: 2 * s.claim,
    "0.05 %": lambda s: s.claim * Fraction(2001, 2000),
    "mean": lambda s: s.claim * apply("inv", SizeOf("n")),
    "no sum": lambda _: Sum(I_N, A_H * ERROR * Delta(I_N, 1)),
    "left out": lambda _: Sum(I_N, A_H * ERROR * (1 - Delta(I_N, 1))),
    "a + y": lambda _: Sum(I_N, A_H * (A_OUT + LABEL)),
    "a alone": lambda _: Sum(I_N, A_H * A_OUT),
    "squared": lambda _: Sum(I_N, A_H * ERROR * ERROR),
    "a column": lambda _: Sum(I_N, A_H * (Entry("A_out", (I_N, 1)) - Entry("Y", (I_N, 1)))),
    "an entry off": lambda s: s.claim + AT_ONE * X,
    "0.05 % of one": lambda s: s.claim * (1 + AT_ONE * Fraction(1, 2000)),
    "X for A_h": lambda _: Sum(I_N, Entry("X", (I_N, 1)) * ERROR),
    "zero": lambda _: ZERO,
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_claim_is_rejected(name):
    claimed = replace(SOURCE, claim=WRONG[name](SOURCE))
    whole = proof(SOURCE)
    *parts, last = whole.parts
    forged = replace(whole, parts=(*parts, replace(last, value=claimed.claim)))
    with pytest.raises(Rejected, match="the sides differ"):
        replay(claimed, forged)
    with pytest.raises(Rejected, match="not the claim"):
        replay(claimed, whole)


def variations(of):
    """The proof with one part of it left out or changed."""
    right = proof(of)
    first, slope_a, slope_z, last = right.parts
    yield "no lemma", (slope_a, slope_z, last)
    yield "no slope by a", (first, slope_z, last)
    yield "no slope by z", (first, slope_a, last)
    yield "no last slope", (first, slope_a, slope_z)
    yield "nothing", ()
    yield "other order", (first, slope_z, slope_a, last)
    yield "the lemma last", (slope_a, slope_z, last, first)
    for place, step in enumerate(slope_z.by.steps):
        others = (*slope_z.by.steps[:place], *slope_z.by.steps[place + 1 :])
        yield f"no step {place}", (first, slope_a, replace(slope_z, by=Identity(others)), last)
        twice = replace(step, factor=2 * step.factor)
        steps = (*slope_z.by.steps[:place], twice, *slope_z.by.steps[place + 1 :])
        yield f"step {place} twice", (first, slope_a, replace(slope_z, by=Identity(steps)), last)
    for place in range(2):
        steps = first.by.steps[place : place + 1]
        yield (
            f"half of the lemma {place}",
            (replace(first, by=Identity(steps)), slope_a, slope_z, last),
        )
    i, j = first.letters
    yield "other range", (replace(first, letters=(i, Letter("j", "d"))), slope_a, slope_z, last)
    yield "slope of one entry", (first, replace(slope_a, places=(i, i)), slope_z, last)
    short = replace(slope_z, places=(1, j))
    yield "slope of a row", (first, slope_a, short, last)
    for place, part in ((1, slope_a), (2, slope_z)):
        wrong = replace(part, value=-part.value)
        parts = [*right.parts]
        parts[place] = wrong
        yield f"wrong sign {place}", tuple(parts)


VARIATIONS = dict(variations(SOURCE))


@pytest.mark.parametrize("name", VARIATIONS)
def test_a_proof_with_a_hole_is_rejected(name):
    with pytest.raises(Rejected):
        replay(SOURCE, Proof(VARIATIONS[name]))


def test_without_reasons_there_are_conditions():
    claimed = statement()
    whole = proof(claimed)
    first, slope_a, slope_z, last = whole.parts
    replayed = replay(claimed, Proof((first, replace(slope_a, reasons=()), slope_z, last)))
    assert [o.relation for o in replayed.conditions] == [">", ">"]
    assert replayed.rests_on_something
    replayed = replay(
        claimed, Proof((first, replace(slope_a, reasons=slope_a.reasons[:1]), slope_z, last))
    )
    assert [o.relation for o in replayed.conditions] == [">"]
    with pytest.raises(Rejected, match="no point"):
        conclude(replayed, None)
    assert not replay(claimed, whole).rests_on_something


# Steps ---------------------------------------------------------------------------------------


def test_a_lemma_needs_its_steps():
    takes(lemma(X + A, A + X))
    rejected(lemma(X, A), match="part 1, a lemma: the sides differ")
    takes(lemma(A * apply("inv", A) * 2, 2 * ONE, Step("u/u = 1", (A,), Num(2))))
    rejected(lemma(A * apply("inv", A), Num(2), Step("u/u = 1", (A,), ONE)))
    assert takes(lemma(A * apply("inv", A), ONE, Step("u/u = 1", (A,), ONE))).steps == 1


@pytest.mark.parametrize(
    "step",
    [
        Step("no law", (), ONE),
        Step("case", (0,), ONE),
        Step("lemma", (0,), ONE),
        Step("lemma", (-1,), ONE),
        Step("hypothesis", (0,), ONE),
        Step("definition", ("a",), ONE),
        Step("definition", (1,), ONE),
        Step("definition", (), ONE),
        Step("u/u = 1", (), ONE),
        Step("u/u = 1", (A, B), ONE),
        Step("lemma", ("0",), ONE),
        Step("", (), ONE),
    ],
)
def test_a_step_that_speaks_of_nothing(step):
    rejected(lemma(ZERO, ZERO, replace(step, factor=ZERO)))
    rejected(lemma(ZERO, ZERO, step))
    if step.law not in LAWS and step.arguments == ():
        rejected(lemma(ZERO, ZERO, step), match=f"no law {step.law}")


def test_lemmas_are_used_at_indices_within_their_ranges():
    squares = Lemma(
        (TWO,), y(TWO) * y(TWO) * apply("inv", y(TWO) * y(TWO)), ONE, Identity((_one(y(TWO)),))
    )

    def used(*indices, sums=()):
        left = y(indices[0]) * y(indices[0]) * apply("inv", y(indices[0]) * y(indices[0]))
        step = Step("lemma", (0, *indices), ONE, sums)
        one = ONE
        for letter in sums:
            left, one = Sum(letter, left), Sum(letter, one)
        free = tuple(i for i in indices if isinstance(i, Letter) and i not in sums)
        return Lemma(free, left, one, Identity((step,)))

    for index in (1, 2, TWO, Letter("other", 2)):
        takes(squares, used(index))
    takes(squares, used(TWO, sums=(TWO,)))
    for index in (3, 0, Letter("k", 3), Q):
        rejected(squares, used(index), match="out of its range")
    for indices in ((1, 1), ()):
        step = Step("lemma", (0, *indices), ZERO)
        rejected(squares, lemma(ZERO, ZERO, step))
    rejected(used(1), squares)
    twice = Lemma((TWO, TWO), ZERO, ZERO, Identity())
    rejected(twice, lemma(ZERO, ZERO, Step("lemma", (0, 1, 1), ZERO)), match="twice")
    assert len(takes(squares).conditions) == 1


def _one(u):
    return Step("u/u = 1", (u * u,), ONE)


def test_each_letter_of_a_lemma_has_a_range():
    takes(Lemma((Q,), y(Q), y(Q), Identity()))
    rejected(Lemma((), y(Q), y(Q), Identity()), match="no range")
    rejected(Lemma((Q,), y(Q), y(Q) + 0 * y(R), Identity()), match="no range")
    rejected(Lemma((Q,), y(Q) + 0 * y(R), y(Q), Identity()), match="no range")
    takes(Lemma((), Sum(Q, y(Q)), Sum(R, y(R)), Identity()))


def test_a_step_is_summed():
    step = Step("u/u = 1", (y(Q) * y(Q) + 1,), y(Q), (Q,))
    u = y(Q) * y(Q) + 1
    found = takes(lemma(Sum(Q, y(Q) * u * apply("inv", u)), Sum(Q, y(Q)), step))
    assert found.conditions == ()
    rejected(lemma(Sum(Q, y(Q) * u * apply("inv", u)), y(1), step))


# Cases ---------------------------------------------------------------------------------------

BY_CASE = Step("case", (0,), ONE)


def test_cases():
    assumed = Step("case", (0,), ONE)
    h = indicator(A)
    both = Cases(A, Identity((Step("case", (0,), h),)), Identity((Step("case", (0,), h - 1),)))
    rejected(lemma(h, ONE, by=Cases(A, Identity((assumed,)), Identity((assumed,)))))
    rejected(lemma(h, ZERO, by=Cases(A, Identity((assumed,)), Identity((assumed,)))))
    takes(lemma(h * h * B, h * B, by=both))
    root = apply("sqrt", A * A)
    size = Where(A, A, -A)
    up = Step("√(uu) = |u|", (A,), ONE)
    above, below = Step("case", (0,), A - (2 * A)), Step("case", (0,), ZERO)
    assert takes(lemma(root, size, up)).conditions == ()
    assert takes(lemma(root, size, by=Cases(A, Identity((up,)), Identity((up,))))).steps == 2
    rejected(lemma(root, A, by=Cases(A, Identity((up, above)), Identity((up, below)))))


def test_only_the_case_at_hand_is_assumed():
    one = Identity((Step("[u>0] = 1", (A,), ONE),))
    found = takes(lemma(indicator(A), ONE, by=Cases(A, one, one)))
    assert [(o.relation, o.guards) for o in found.conditions] == [(">", ((A, False),))]
    found = takes(lemma(indicator(A), ONE, by=Cases(B, one, one)))
    assert [o.guards for o in found.conditions] == [((B, True),), ((B, False),)]
    inner = Cases(B, Identity((Step("case", (0,), ONE),)), Identity((Step("case", (0,), ONE),)))
    rejected(lemma(indicator(A), ONE, by=Cases(A, inner, inner)))
    found = takes(lemma(indicator(A), ONE, by=Cases(A, inner, one)))
    assert len(found.conditions) == 1
    rejected(lemma(indicator(B), ONE, by=Cases(A, inner, one)))
    assert takes(lemma(indicator(-A), ZERO, Step("[-u>0] = 0", (A,), ONE))).conditions


def test_a_case_of_one_index_is_not_used_for_all():
    """[y_q > 0] = 1 where y_q > 0, for this q; not Σ_q [y_q > 0] = n."""
    h = indicator(y(Q))
    summed = Step("case", (0,), ONE, (Q,))
    single = Step("case", (0,), ONE)
    takes(
        Lemma((Q,), h, h, Cases(y(Q), Identity((single, replace(single, factor=-ONE))), Identity()))
    )
    rejected(
        lemma(Sum(Q, h), SizeOf("n"), by=Cases(y(Q), Identity((summed,)), Identity())),
        match="more than its index",
    )
    other = Step("u/u = 1", (y(R) * y(R) + 1,), ZERO, (R,))
    takes(Lemma((Q,), h, h, Cases(y(Q), Identity((other,)), Identity())))
    inner = Cases(A, Identity((summed,)), Identity())
    rejected(lemma(ZERO, ZERO, by=Cases(y(Q), inner, inner)), match="more than its index")


def test_a_case_does_not_reach_into_a_lemma_or_the_next_part():
    proved = lemma(indicator(A), indicator(A), by=Cases(A, Identity(), Identity()))
    rejected(proved, lemma(indicator(A), ONE, BY_CASE))


# Reasons -------------------------------------------------------------------------------------


def with_reason(reason, u=A, factor=ONE):
    left = factor * u * apply("inv", u)
    return lemma(left, factor, Step("u/u = 1", (u,), factor, (), (reason,)))


E_A = apply("exp", A)


def test_reasons():
    assert takes(with_reason(None)).conditions[0].u is A
    u = (A + 1) * (A - 1) - A * A + 1 + E_A
    assert takes(with_reason(Because(E_A, Identity()), u)).conditions == ()
    rejected(with_reason(Because(E_A, Identity()), A), match="sides differ")
    rejected(with_reason(Because(ONE, Identity()), A), match="sides differ")
    assert len(takes(with_reason(Because(A + 0, Identity()), A)).conditions) == 1
    assert len(takes(with_reason(Because(None, Identity()), A)).conditions) == 1
    unseen = apply("log", E_A)
    by_log = Because(A, Identity((Step("ln e^u = u", (A,), ONE),)))
    found = takes(with_reason(by_log, unseen))
    assert [o.u for o in found.conditions] == [unseen]


def test_what_was_shown_is_told_once():
    log = apply("log", apply("exp", E_A))
    reason = Because(E_A, Identity((Step("ln e^u = u", (E_A,), ONE),)))
    one = with_reason(reason, log)
    found = takes(one, one)
    assert [(o.u, o.relation) for o in found.facts] == [(log, "≠")]
    assert found.conditions == ()


def test_equalities_have_to_be_shown():
    def alike(*reasons, u=A * A - B * B, v=(A + B) * (A - B)):
        step = Step("f(u) = f(v)", (apply("log", HOLE), u, v), ONE, (), reasons)
        return lemma(apply("log", u), apply("log", v), step)

    takes(alike(Because(None, Identity())))
    rejected(alike(), match="not shown")
    rejected(alike(None), match="not shown")
    rejected(alike(Because(None, Identity()), v=A + B), match="sides differ")
    rejected(alike(Because(A + B, Identity()), v=A + B), match="sides differ")


def test_the_reasons_of_equalities_and_their_cases():
    u = indicator(A)
    case = Because(None, Identity((Step("case", (0,), ONE),)))
    step = Step("f(u) = f(v)", (apply("exp", HOLE), u, ONE), ONE, (), (case,))
    none = Step("f(u) = f(v)", (apply("exp", HOLE), u, ZERO), ONE, (), (case,))
    left, right = apply("exp", u), Where(A, apply("exp", ONE), ONE)
    by_case = Step("case", (0,), ONE - apply("exp", ONE))
    takes(lemma(left, right, by=Cases(A, Identity((step, by_case)), Identity((none, by_case)))))
    rejected(lemma(left, right, by=Cases(A, Identity((none, by_case)), Identity((none, by_case)))))
    rejected(lemma(left, apply("exp", ONE), step))


# Cancel --------------------------------------------------------------------------------------


def test_cancel():
    found = takes(lemma(ONE, A * apply("inv", A), by=Cancel(A, None, Identity((_inverse(),)))))
    assert [(o.u, o.relation) for o in found.conditions] == [(A, "≠")]
    rejected(lemma(ONE, Num(2), by=Cancel(ZERO, None, Identity())), match="that is 0")
    rejected(lemma(ONE, Num(2), by=Cancel(A - A, None, Identity())), match="that is 0")
    rejected(lemma(ONE, Num(2), by=Cancel(ONE, None, Identity())), match="sides differ")
    assert takes(lemma(A, A, by=Cancel(E_A, None, Identity()))).conditions == ()


def _inverse():
    return Step("u/u = 1", (A,), -A)


def test_cancel_by_a_zero_under_a_case_is_a_condition_that_cannot_hold():
    """Where 0 > 0 the equation may be anything; the condition says so."""
    zero = Cancel(ZERO, None, Identity())
    found = takes(lemma(ONE, Num(2), by=Cases(A, zero, zero)))
    assert {(o.u, o.relation, o.guards[0][1]) for o in found.conditions} == {
        (ZERO, "≠", True),
        (ZERO, "≠", False),
    }
    with pytest.raises(Rejected, match="no point"):
        conclude(found, Witness({}, {"a": Fraction(1)}, {}))


# Conditions ----------------------------------------------------------------------------------


def conditions(*needs, reasons=()):
    of = Statement({}, X, "x", (), ONE, needs=needs)
    found = replay(of, Proof((LAST,), reasons))
    return [(o.u, o.relation, o.guards) for o in found.conditions]


def need(u, relation, *guards):
    return Obligation(u, relation, guards)


def test_a_condition_is_told_once_and_the_stronger_alone():
    plus, minus = (A, ">", ()), (A, "≠", ())
    assert conditions(need(A, ">"), need(A, ">")) == [plus]
    assert conditions(need(A, "≠"), need(A + 0, "≠"))[0][1:] == ("≠", ())
    assert len(conditions(need(A, "≠"), need(-A, "≠"))) == 1
    assert conditions(need(A, ">"), need(A, "≠")) == [plus]
    assert conditions(need(A, "≠"), need(A, ">")) == [plus]
    assert conditions(need(-A, "≠"), need(A, ">")) == [plus]
    assert conditions(need(A, ">"), need(-A, "≠")) == [plus]
    assert conditions(need(A, ">"), need(A, "≥")) == [plus]
    assert conditions(need(A, "≥"), need(A, ">")) == [plus]
    assert conditions(need(A, "≥"), need(A + 0, "≥")) == [(A, "≥", ())]
    assert conditions(need(A, ">"), need(A + 0, ">")) == [plus]
    assert conditions(need(A, "≥"), need(A, "≠")) == [(A, "≥", ()), minus]
    assert len(conditions(need(A, ">"), need(-A, ">"))) == 2
    assert len(conditions(need(A, ">"), need(-A, "≥"))) == 2
    assert len(conditions(need(-A, "≥"), need(A, ">"))) == 2
    assert len(conditions(need(A, ">"), need(B, ">"))) == 2
    assert len(conditions(need(A, ">"), need(2 * A, ">"))) == 2
    assert len(conditions(need(y(Q), ">"), need(y(R), ">"))) == 1
    assert len(conditions(need(y(Q), ">"), need(y(M), ">"))) == 2
    assert len(conditions(need(y(Q), ">"), need(y(1), ">"))) == 2
    assert len(conditions(need(y(Q) - y(R), "≠"), need(y(Q) - y(1), "≠"))) == 2
    assert len(conditions(need(A, ">", (B, True)), need(A, ">", (B, False)))) == 2
    assert len(conditions(need(A, ">", (B, True)), need(A, ">"))) == 2
    assert len(conditions(need(A, ">"), need(A, "≠", (B, True)))) == 2
    assert len(conditions(need(A, ">", (B, True)), need(A, "≠", (B, True)))) == 1
    assert (
        len(
            conditions(
                need(y(Q), ">", (Entry("b", (Q,)), True)), need(y(Q), ">", (Entry("b", (R,)), True))
            )
        )
        == 2
    )


def test_what_is_seen_is_no_condition():
    assert conditions(need(E_A, ">"), need(A * A, "≥"), need(-E_A, "≠"), need(ZERO, "≥")) == []
    assert conditions(need(A, ">", (A, True))) == []
    log = apply("log", E_A * apply("exp", E_A))
    assert len(conditions(need(log, ">"))) == 1
    assert conditions(
        need(A, ">"),
        need(apply("log", apply("exp", E_A)), ">"),
        reasons=(None, Because(E_A, Identity((Step("ln e^u = u", (E_A,), ONE),)))),
    ) == [(A, ">", ())]


@pytest.mark.parametrize("relation", ["≠", ">"])
def test_what_is_zero_is_refused(relation):
    of = Statement({}, X, "x", (), ONE, needs=(need(A - A, relation),))
    with pytest.raises(Rejected, match="what the statement needs"):
        replay(of, Proof((LAST,)))


def test_conclude_asks_for_a_point():
    of = Statement({}, X, "x", (), ONE, needs=(need(A, ">"),))
    replayed = replay(of, Proof((LAST,)))
    assert replayed.rests_on_something
    for witness in (None, Witness({}, {"a": Fraction(-1)}, {}), Witness({}, {}, {}), "a"):
        with pytest.raises(Rejected, match="no point"):
            conclude(replayed, witness)
    assert conclude(replayed, Witness({}, {"a": Fraction(1)}, {})).conditions == replayed.conditions
    point = Witness({}, {"a": Fraction(1)}, {})
    assert check(of, Proof((LAST,), witness=point)).parts == 1
    with pytest.raises(Rejected):
        check(of, Proof((LAST,)))
    assert not replay(TRIVIAL, Proof((LAST,))).rests_on_something
    assert replay(replace(TRIVIAL, positive=frozenset("a")), Proof((LAST,))).rests_on_something
    assumed = replace(TRIVIAL, hypotheses=(Hypothesis((), A, ONE),))
    replayed = replay(assumed, Proof((LAST,)))
    assert replayed.rests_on_something
    with pytest.raises(Rejected):
        conclude(replayed, Witness({}, {"a": Fraction(2)}, {}))
    assert conclude(replayed, Witness({}, {"a": Fraction(1)}, {}))


# Hypotheses, definitions and statements ------------------------------------------------------


def test_hypotheses():
    i, j = Letter("i", "n"), Letter("j", "t")
    label = Entry("Y", (i, j))
    of = Statement({}, X, "x", (), ONE, (Hypothesis((i,), Sum(j, label), ONE),))
    u, k = Letter("u", "n"), Letter("k", "t")
    row = Lemma((u,), Sum(k, Entry("Y", (u, k))), ONE, Identity((Step("hypothesis", (0, u), ONE),)))
    takes(row, of=of)
    takes(replace(row, letters=(u,), by=Identity((Step("hypothesis", (-1, u), ONE),))), of=of)
    rejected(replace(row, right=Num(2)), of=of)
    for arguments in ((1, u), (0,), (0, u, u), (0, k), (0, 2)):
        rejected(replace(row, by=Identity((Step("hypothesis", arguments, ZERO),))), of=of)


def test_definitions():
    of = Statement({"A": Definition((Q,), y(Q) * y(Q))}, X, "x", (), ONE)
    a = Entry("A", (R,))
    first = Lemma((R,), a, y(R) * y(R), Identity((Step("definition", ("A", R), ONE),)))
    takes(first, of=of)
    rejected(replace(first, right=y(R)), of=of)
    for arguments in (("A",), ("A", R, R), ("A", M), ("A", 2), ("B", R), (0, R)):
        rejected(replace(first, by=Identity((Step("definition", arguments, ZERO),))), of=of)


DEFINED = {"A": Definition((Q,), X * y(Q)), "B": Definition((R,), Entry("A", (R,)) * X)}


@pytest.mark.parametrize(
    "make",
    [
        lambda: Statement({"x": Definition((), ONE)}, X, "x", (), ONE),
        lambda: Statement({}, X, HOLE.name, (), ONE),
        lambda: Statement({"A": Definition((), Entry("A"))}, X, "x", (), ONE),
        lambda: Statement(dict(reversed(DEFINED.items())), X, "x", (), ONE),
        lambda: Statement({"A": Definition((Q, Q), ONE)}, X, "x", (), ONE),
        lambda: Statement({"A": Definition((), y(Q))}, X, "x", (), ONE),
        lambda: Statement({}, y(Q), "x", (), ONE),
        lambda: Statement({}, y(1), "y", (Q,), y(R)),
        lambda: Statement({}, y(1), "y", (1,), y(Q)),
        lambda: Statement({}, Entry("w", (1, 1)), "w", (Q, Q), ONE),
        lambda: Statement(DEFINED, Entry("A", (1,)), "x", (), Entry("A", (2,))),
        lambda: Statement(DEFINED, Entry("A", (1,)), "x", (), Sum(M, Entry("B", (M,)))),
    ],
)
def test_a_statement_that_is_none(make):
    with pytest.raises(Malformed):
        make()


def test_what_a_witness_raises_is_no_witness(monkeypatch):
    def refuses(*_):
        raise ValueError

    monkeypatch.setattr("gradcheck_sym.checker.check.holds_at", refuses)
    of = Statement({}, X, "x", (), ONE, needs=(need(A, ">"),))
    with pytest.raises(Rejected, match="no point"):
        conclude(replay(of, Proof((LAST,))), Witness({}, {"a": Fraction(1)}, {}))


def test_a_statement():
    at_one = Statement({}, Entry("w", (1, 1)), "w", (1, 1), ONE)
    assert replay(at_one, Proof((Slope("w", (1, 1), ONE, Identity()),)))
    found = Statement(DEFINED, Sum(Q, Entry("B", (Q,))), "x", (), ONE)
    assert found.definition("A") is DEFINED["A"]
    with pytest.raises(Malformed, match="no definition"):
        found.definition("C")
    assert named((Q, TWO), (1, 2)) == {Q: 1, TWO: 2}
    for letters, indices in (
        ((Q,), (2,)),
        ((TWO,), (3,)),
        ((1,), (1,)),
        ((Q, Q), (1, 1)),
        ((Q,), (M,)),
    ):
        with pytest.raises(Malformed):
            named(letters, indices)
    with pytest.raises(ValueError, match="zip"):
        named((Q,), ())


# The chain rule ------------------------------------------------------------------------------


def test_the_chain_rule_goes_through_every_reader():
    of = Statement(DEFINED, Sum(Q, Entry("B", (Q,)) + X), "x", (), ONE)
    i = Letter("i", "n")
    assert readers(of, "x") == ["A", "B"]
    assert readers(of, "A") == ["B"]
    assert readers(of, "B") == []
    by_b = Slope("B", (i,), ONE, Identity())
    by_a = Slope("A", (i,), X, Identity())
    value = SizeOf("n") + Sum(Q, Entry("A", (Q,))) + X * Sum(Q, y(Q))
    last = Slope("x", (), value, Identity())
    claimed = replace(of, claim=value)
    assert check(claimed, Proof((by_b, by_a, last))).parts == 3
    for parts in ((by_b, last), (by_a, by_b, last), (by_b, replace(by_a, value=ONE), last)):
        with pytest.raises(Rejected):
            replay(claimed, Proof(parts))
    with pytest.raises(Malformed, match="not there"):
        chain(of, {"B": by_b}, "x", ())
    with pytest.raises(Malformed, match="one of a definition's"):
        chain(replace(of, loss=Entry("B", (1,))), {"B": by_b, "A": by_a}, "y", (Q,))
    direct, through = chain(of, {"B": by_b}, "A", (i,))
    assert (direct.user, through.user) == (None, "B")


def test_a_name_that_the_loss_does_not_depend_on_is_no_reader():
    of = Statement(
        {**DEFINED, "C": Definition((), X)}, Sum(Q, Entry("A", (Q,))), "x", (), Sum(Q, y(Q))
    )
    assert readers(of, "x") == ["A"]
    by_a = Slope("A", (Letter("i", "n"),), ONE, Identity())
    assert replay(of, Proof((by_a, Slope("x", (), of.claim, Identity()))))


def test_what_lies_between_comes_last_first():
    branches = {
        "A": Definition((), X),
        "B": Definition((), Entry("A") * A),
        "C": Definition((), Entry("A") + X),
        "D": Definition((), Entry("B") * Entry("C")),
        "E": Definition((), X),
        "F": Definition((), A),
    }
    of = Statement(branches, Entry("D") * Entry("F"), "x", (), ONE)
    assert between(of) == ["D", "C", "B", "A"]
    assert between(replace(of, wrt="a")) == ["F", "D", "B"]
    assert between(replace(of, wrt="z")) == []


def test_slopes_have_the_ranges_of_their_names():
    of = Statement(DEFINED, Sum(Q, Entry("A", (Q,))), "x", (), Sum(Q, y(Q)))
    last = Slope("x", (), of.claim, Identity())
    assert replay(of, Proof((Slope("A", (Letter("i", "n"),), ONE, Identity()), last)))
    for places in ((Letter("i", "m"),), (1,), (), (Q, R)):
        with pytest.raises(Rejected, match="other ranges"):
            replay(of, Proof((Slope("A", places, ONE, Identity()), last)))
    with pytest.raises(Rejected):
        replay(of, Proof((Slope("A", (1, Letter("i", "n")), ONE, Identity()), last)))
    rejected(Slope("z", (), y(Q), Identity()), match="no range")
    rejected(Slope("z", (R,), ZERO * y(Q), Identity()), match="no range")
    takes(Slope("z", (R,), ZERO, Identity()))


def test_the_last_slope_is_that_of_the_statement():
    w = Entry("w", (Q,))
    i = Letter("i", "n")
    of = Statement({}, Sum(Q, w * w), "w", (i,), 2 * Entry("w", (i,)))
    right = Slope("w", (i,), Entry("w", (i,)) * 2, Identity())
    assert replay(of, Proof((right,)))
    other = Letter("i", "n")
    for part in (
        Slope("w", (other,), 2 * Entry("w", (other,)), Identity()),
        Slope("w", (1,), 2 * Entry("w", (1,)), Identity()),
        Slope("z", (i,), ZERO, Identity()),
        lemma(ONE, ONE),
    ):
        with pytest.raises(Rejected, match="the conclusion"):
            replay(of, Proof((part,)))
    with pytest.raises(Rejected, match="slope by w is not there"):
        replay(of, Proof(()))
    with pytest.raises(Rejected, match="not the claim"):
        replay(replace(of, claim=Entry("w", (i,))), Proof((right,)))


def test_a_slope_at_one_index_is_not_that_at_each():
    of = Statement({}, 3 * Entry("w", (1,)), "w", (Letter("i", "n"),), Num(3))
    at_one = Slope("w", (1,), Num(3), Identity())
    with pytest.raises(Rejected, match="not the claim"):
        replay(of, Proof((at_one,)))
    assert replay(replace(of, letters=(1,)), Proof((at_one,)))


def test_a_slope_under_conditions():
    of = Statement({}, Where(X, X * X, A), "x", (), Where(X, 2 * X, ZERO))
    found = replay(of, Proof((Slope("x", (), of.claim, Identity()),)))
    assert [(o.u, o.relation) for o in found.conditions] == [(X, "≠")]
    through = Statement({"u": Definition((), X)}, Where(Entry("u"), A, B), "x", (), ZERO)
    parts = (Slope("u", (), ZERO, Identity()), Slope("x", (), ZERO, Identity()))
    found = replay(through, Proof(parts))
    assert [o.relation for o in found.conditions] == ["≠"]
    with pytest.raises(Rejected, match="slope by u"):
        replay(through, Proof(parts[1:]))


def test_all_laws_can_be_used():
    """Each in a lemma; its factor matters."""
    for name in LAWS:
        match name:
            case "Σ written out":
                law, arguments = LAWS[name](Sum(TWO, y(TWO))), (Sum(TWO, y(TWO)),)
            case "by cases":
                law, arguments = LAWS[name](A, apply("exp", HOLE)), (A, apply("exp", HOLE))
            case "f(u) = f(v)":
                continue
            case "e^(ku) = (e^u)^k":
                law, arguments = LAWS[name](A, 2), (A, 2)
            case _:
                count = LAWS[name].__code__.co_argcount
                arguments = (A, B)[:count]
                law = LAWS[name](*arguments)
        found = takes(lemma(B * law.left, B * law.right, Step(name, arguments, B)))
        assert len(found.conditions) == len(law.needs)
        if name != "Σ written out":
            rejected(lemma(B * law.left, B * law.right, Step(name, arguments, 2 * B)))
            rejected(lemma(B * law.left, B * law.right))
