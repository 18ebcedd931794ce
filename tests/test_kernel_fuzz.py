"""Random equations against the kernel: what is equal is proved, what is not never is."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

from gradcheck_sym.kernel.bounds import ends
from gradcheck_sym.kernel.instance import Instances
from gradcheck_sym.kernel.interval import Evaluator
from gradcheck_sym.kernel.normal_form import NormalForms
from gradcheck_sym.kernel.to_sympy import to_sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Rational, exp

from gradcheck_sym.verdict import Proved, Refuted
from tests.strategies import (
    CASES,
    FREE,
    IDENTITIES,
    MORE_IDENTITIES,
    MP,
    SLIPS,
    TINY,
    Pen,
    Point,
    Question,
    Reading,
    Undefined,
    close,
    holds,
    named,
    questions,
    redistributions,
    sigmoid,
    sign_questions,
    worlds,
)


def assert_right(question, verdict):
    """Whatever the verdict is, it is right."""
    if isinstance(verdict, Proved):
        assert not question.differs()
        assert_evidence(question, verdict.evidence)
    elif isinstance(verdict, Refuted):
        assert_confirmed(question, verdict.counterexample)


def assert_evidence(question, evidence):
    """Lemmas are true, and where a side is not defined a condition fails."""
    for reading, numbers in question.readings(4, small=True):
        most = max(reading.sizes.values())
        assert all(holds(lemma, reading, numbers, most) for lemma in evidence.lemmas)
        try:
            for side in (question.left, question.right):
                reading.value(side, numbers)
        except Undefined:
            assert not all(holds(c, reading, numbers, most) for c in evidence.conditions)


def assert_confirmed(question, counterexample):
    """The enclosures do not meet, and hold the values that a second evaluator finds."""
    bounds = counterexample.left, counterexample.right
    (low, high), (lower, higher) = ends = [(Fraction(b.low), Fraction(b.high)) for b in bounds]
    assert low <= high
    assert lower <= higher
    assert high < lower or higher < low
    world, numbers = question.world, {**counterexample.indices, **question.at}
    sizes = {"n": world.n, "m": world.m, **counterexample.sizes}
    assert 1 <= numbers["p"] <= sizes["n"]
    assert 1 <= numbers["q"] <= sizes["m"]
    reading = Reading(world.context, Point(counterexample.values), sizes)
    for side, (least, most) in zip((question.left, question.right), ends, strict=True):
        assert encloses(least, most, reading.value(side, numbers))


def encloses(low, high, value):
    low, high = (MP.mpf(end.numerator) / end.denominator for end in (low, high))
    slack = TINY * (1 + abs(value))
    return low - slack <= value <= high + slack


@given(questions(rules=IDENTITIES))
@settings(max_examples=150)
def test_an_expression_equals_itself_rewritten(question):
    """Identities are proved."""
    verdict = question.verdict()
    assert_right(question, verdict)
    assert isinstance(verdict, Proved)


@given(questions(among=worlds(symbolic=False), extra="δ", rules=MORE_IDENTITIES))
@settings(max_examples=80)
def test_with_numbers_for_sizes_deltas_and_conditional_identities_are_proved_too(question):
    """Where all sizes are numbers nothing is undecided."""
    verdict = question.verdict()
    assert_right(question, verdict)
    assert isinstance(verdict, Proved)


@given(questions(extra="/ δ log", rules=MORE_IDENTITIES, slips=SLIPS))
@settings(max_examples=200)
def test_a_verdict_on_what_nearly_is_an_identity_is_right(question):
    """Proved, refuted or undecided: a second evaluator agrees."""
    assert_right(question, question.verdict())


@given(questions(worlds(symbolic=False), "/ abs max √ ? log", rules=CASES, slips=SLIPS))
@settings(max_examples=150)
def test_a_verdict_on_case_distinctions_is_right(question):
    """Absolute values, maxima, roots and cases, rewritten and then perhaps wrong."""
    assert_right(question, question.verdict())


@given(sign_questions())
@settings(max_examples=150)
def test_no_sign_is_taken_for_granted(question):
    """|u| = u only where u is surely positive; what is divided by is stated."""
    assert_right(question, question.verdict())


@given(questions(extra="/ δ log"))
@settings(max_examples=60)
def test_a_verdict_on_any_two_expressions_is_right(question):
    """Two small expressions that have nothing to do with one another."""
    assert_right(question, question.verdict())


@given(redistributions())
@settings(max_examples=150)
def test_factors_that_move_from_one_sum_to_another_are_not_captured(question):
    """Σ f g Σ h is not Σ f Σ g h, not in a denominator nor in an exponential either."""
    assert_right(question, question.verdict())


@st.composite
def remainders(draw, world):
    """An expression that is not zero, though it may be small."""
    pen = Pen(draw, world, FREE)
    term = pen.choose(
        [
            lambda: pen.entry() * pen.entry(),
            lambda: exp(pen.linear()),
            lambda: named("X", 1, 1) - named("X", 1, 2),
            lambda: named("W", 1, 1) * pen.entry() - named("W", 2, 1) * pen.entry(),
            lambda: sigmoid(pen.entry()) - Rational(1, 2),
            lambda: pen.expression(1),
        ]
    )()
    return term * pen.choose([1, -1, Rational(1, 2000), Rational(-2, 3)])


@given(questions(rules=IDENTITIES), st.data())
@settings(max_examples=100)
def test_with_a_remainder_that_is_not_zero_nothing_is_proved(question, data):
    """A proof would be wrong, however small the remainder is."""
    remainder = data.draw(remainders(question.world))
    question = Question(question.left + remainder, question.right, question.world, question.at)
    assume(question.differs())
    verdict = question.verdict()
    assert not isinstance(verdict, Proved)
    assert_right(question, verdict)


@given(questions(extra="/ δ log", rules=MORE_IDENTITIES), st.data())
@settings(max_examples=150)
def test_a_normal_form_has_the_value_of_its_expression(question, data):
    """Whichever names unfold, and with numbers for the indices or not."""
    names = st.sampled_from(question.world.defined)
    forms = NormalForms(question.world.context, frozenset(data.draw(st.sets(names))))
    (instance,) = Instances(forms, forms.of(question.right)).at(question.at)
    for reading, numbers in question.readings():
        with suppress(Undefined):
            value = reading.value(question.right, numbers)
            assert close(reading.value(to_sympy(instance), numbers), value)


@given(questions(extra="/ δ log", rules=IDENTITIES))
@settings(max_examples=60)
def test_a_normal_form_written_out_has_the_same_normal_form(question):
    """`to_sympy` loses nothing."""
    names = question.world.context.definitions.keys()
    form = NormalForms(question.world.context, names).of(question.right)
    assert NormalForms(question.world.context, names).of(to_sympy(form)) == form


@given(questions(extra="/ δ log", rules=MORE_IDENTITIES), st.sampled_from([64, 256]))
@settings(max_examples=60)
def test_interval_arithmetic_encloses_the_value(question, precision):
    """At random points, to 40 digits."""
    for reading, numbers in question.readings(1):
        with suppress(Undefined):
            value = reading.value(question.right, numbers)
            point, context = reading.point.entries(), question.world.context
            evaluator = Evaluator(context, point, reading.sizes, precision)
            assert encloses(*ends(evaluator.value(question.right, numbers)), value)
