"""The kernel, module by module, and where a wrong proof would come from."""

from __future__ import annotations

import ast
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest
import sympy
from gradcheck_sym.kernel.algebra import Algebra, NotDefined
from gradcheck_sym.kernel.bounds import ends, separate, show_both
from gradcheck_sym.kernel.context import Context, Definition, Requirement
from gradcheck_sym.kernel.decide import Equation
from gradcheck_sym.kernel.instance import Instances
from gradcheck_sym.kernel.interval import Evaluator
from gradcheck_sym.kernel.normal_form import NormalForms
from gradcheck_sym.kernel.polynomial import (
    accumulate,
    add,
    binders,
    constant,
    freeze,
    generator,
    height,
    mentions,
    product_of,
    reindex,
    scale,
)
from gradcheck_sym.kernel.quotient import numerator, vanishes
from gradcheck_sym.kernel.signs import sign
from gradcheck_sym.kernel.to_sympy import to_sympy
from gradcheck_sym.kernel.witness import THOROUGH_TRIES, Search
from hypothesis import given
from hypothesis import strategies as st
from mpmath.ctx_iv import MPIntervalContext
from mpmath.ctx_mp import MPContext
from sympy import Abs, Integer, KroneckerDelta, Max, Rational, Sum, Symbol, exp, log, sqrt, tanh

import gradcheck_sym
from gradcheck_sym.verdict import Proved, Refuted, Undecided
from tests.strategies import (
    BOUND,
    FREE_INDICES,
    SHOWN,
    Question,
    World,
    if_positive,
    if_zero,
    named,
    sigmoid,
)
from tests.test_kernel_fuzz import assert_right

I_, J_, K_, L_ = BOUND
P, Q = FREE_INDICES
n, m = sympy.symbols("n m")
X, W, Y, U, V, Z, A, T, D, B, F, H, R, S = (partial(named, name) for name in "XWYUVZATDBFHRS")
c = named("c")
ANY = World("n", "m")  # names for both sizes


def over(index, body, size=n):
    """Σ of the body over an index from 1 to n, or to another size."""
    return Sum(body, (index, 1, size))


def form(expr, opaque=(), context=ANY.context):
    return NormalForms(context, frozenset(opaque)).of(expr)


# What is equal, and what is not --------------------------------------------------------------

EQUAL = {
    "a product of sums is a double sum": (
        over(I_, U(I_)) * over(I_, V(I_), m),
        Sum(U(I_) * V(J_), (I_, 1, n), (J_, 1, m)),
    ),
    "the order of sums does not matter": (
        over(I_, over(J_, X(I_, J_) * U(I_), m)),
        over(J_, over(I_, X(I_, J_) * U(I_)), m),
    ),
    "a square of a sum": (over(I_, U(I_)) ** 2, Sum(U(I_) * U(J_), (I_, 1, n), (J_, 1, n))),
    "an inner sum may hide an outer letter": (
        over(I_, U(I_) * over(I_, Y(I_, I_))),
        over(J_, U(J_)) * over(K_, Y(K_, K_)),
    ),
    "names of bound indices do not matter, inside functions either": (
        over(I_, exp(over(J_, Y(I_, J_) * U(J_)))),
        over(J_, exp(over(I_, Y(J_, I_) * U(I_)))),
    ),
    "sums inside exponentials inside sums": (
        over(I_, exp(over(J_, Y(I_, J_) + U(J_)))),
        exp(over(I_, U(I_))) * over(J_, exp(over(I_, Y(J_, I_)))),
    ),
    "a sum that does not mention its index": (over(I_, U(P)), n * U(P)),
    "a sum of a constant over both sizes": (Sum(c, (I_, 1, n), (J_, 1, m)), m * n * c),
    "a sum over one term": (over(I_, U(I_), 1), U(1)),
    "a sum over two terms": (over(I_, U(I_) ** 2, 2), U(1) ** 2 + U(2) ** 2),
    "a delta picks a term": (over(I_, KroneckerDelta(I_, P) * U(I_)), U(P)),
    "a delta picks the first term": (over(I_, KroneckerDelta(I_, 1) * U(I_)), U(1)),
    "a delta picks a number within a number": (
        over(I_, KroneckerDelta(I_, 2) * U(I_), 3),
        U(2),
    ),
    "a delta beyond the range picks nothing": (
        over(I_, KroneckerDelta(I_, 3) * U(I_), 2),
        Integer(0),
    ),
    "a delta between two bound indices": (
        Sum(KroneckerDelta(I_, J_) * Y(I_, J_), (I_, 1, n), (J_, 1, n)),
        over(I_, Y(I_, I_)),
    ),
    "a delta is idempotent": (
        (1 + KroneckerDelta(P, Q)) ** 2,
        1 + 3 * KroneckerDelta(P, Q),
    ),
    "an exponential of a sum": (exp(2 * c + U(1)), exp(c) ** 2 * exp(U(1))),
    "negative and fractional exponents": (
        (exp(c / 2) + exp(-c / 2)) ** 2,
        exp(c) + 2 + exp(-c),
    ),
    "an exponential of zero": (exp(c * (U(1) + 1) - c * U(1) - c), Integer(1)),
    "zero times a denominator that is never zero": (
        (over(I_, U(I_)) - over(J_, U(J_))) / (1 + exp(c)),
        Integer(0),
    ),
    "a difference of sums with one body": (over(I_, U(I_)) - over(J_, U(J_)), Integer(0)),
    "a sigmoid of the negative": (1 - sigmoid(c), sigmoid(-c)),
    "a tanh is a sigmoid": (tanh(c), 2 * sigmoid(2 * c) - 1),
    "denominators that share a generator": (
        1 / (1 + exp(c)) / (2 + exp(c)),
        1 / (1 + exp(c)) - 1 / (2 + exp(c)),
    ),
    "a quotient of quotients": (1 / (1 / U(1) + 1 / U(2)), U(1) * U(2) / (U(1) + U(2))),
    "a denominator that is a sum": (
        U(1) / over(I_, exp(U(I_))) + c / over(J_, exp(U(J_))),
        (U(1) + c) / over(K_, exp(U(K_))),
    ),
    "a quotient under a sum": (
        over(I_, U(I_) / (1 + exp(U(I_)))),
        over(J_, U(J_) - U(J_) / (1 + exp(-U(J_)))),
    ),
    "an absolute value of what is positive": (Abs(exp(c) + 1, evaluate=False), exp(c) + 1),
    "a root of a square": (sqrt(c**2), Abs(c)),
}

RELATED = {
    "a name is its definition": ("Z", Z(P, 1), over(J_, X(P, J_) * W(J_, 1), m)),
    "a sigmoid's exponential": ("ZA", exp(Z(P, 1)), A(P, 1) / (1 - A(P, 1))),
    "to any integer power": ("ZA", exp(-2 * Z(P, 1)), (1 / A(P, 1) - 1) ** 2),
    "of transposed indices": ("ZT", exp(Z(P, 1)), T(1, P) / (1 - T(1, P))),
    "of repeated indices": ("ZD", exp(Z(P, P)), D(P) / (1 - D(P))),
    "of a fractional multiple": ("BF", exp(3 * B(P) / 2), F(P) / (1 - F(P))),
    "of a tanh": ("BH", exp(2 * B(P)), (1 + H(P)) / (1 - H(P))),
    "under a sum, where the definition has its own sums": (
        "ZA",
        over(K_, exp(Z(K_, P)) * (1 - A(K_, P))),
        over(I_, A(I_, P)),
    ),
}

DIFFERENT = {
    "a product of sums is not a sum of products": (
        over(I_, U(I_)) * over(I_, U(I_)),
        over(I_, U(I_) ** 2),
    ),
    "nor is it in denominators": (
        1 / (over(I_, U(I_)) * over(I_, U(I_) * Y(I_, 1))),
        1 / (over(I_, U(I_) ** 2) * over(I_, Y(I_, 1))),
    ),
    "nor in a denominator's denominator": (
        1 / (1 / over(I_, U(I_)) ** 2 + c / over(I_, U(I_)) ** 2),
        over(I_, U(I_) ** 2) / (1 + c),
    ),
    "nor where a number of terms is summed": (
        1 / (1 / over(I_, U(I_), 2) ** 2 + c / over(I_, U(I_), 2) ** 2),
        over(I_, U(I_) ** 2, 2) / (1 + c),
    ),
    "nor in an exponential": (
        exp(over(I_, U(I_)) * over(J_, Y(J_, 1))),
        exp(over(I_, U(I_) * Y(I_, 1))),
    ),
    "nor under another sum": (
        over(K_, U(K_) * over(I_, U(I_)) * over(I_, Y(I_, K_))),
        over(K_, U(K_) * over(I_, U(I_) * Y(I_, K_))),
    ),
    "nor where the sign of a sum is asked for": (
        if_positive(-over(I_, U(I_)), over(I_, U(I_) * Y(I_, 1)), 0),
        over(I_, U(I_) * Y(I_, 1)) - if_positive(over(I_, U(I_)), over(I_, U(I_) * Y(I_, 1)), 0),
    ),
    "a sum in an exponential is not the exponential's sum": (
        over(I_, exp(over(J_, Y(I_, J_)))),
        over(I_, exp(over(J_, Y(J_, J_)))),
    ),
    "sums over different sizes": (
        over(I_, X(I_, 1)) * over(J_, U(J_), m),
        over(I_, X(I_, 1), m) * over(J_, U(J_)),
    ),
    "a delta of indices of different sizes": (
        Sum(KroneckerDelta(I_, J_) * U(I_) * V(J_), (I_, 1, n), (J_, 1, m)),
        over(I_, U(I_) * V(I_)),
    ),
    "a delta of a free index of another size": (over(I_, KroneckerDelta(I_, Q) * U(I_)), U(Q)),
    "a delta of a number that may exceed the size": (
        over(I_, KroneckerDelta(I_, 2) * U(I_)),
        U(2),
    ),
    "a count forgotten": (over(I_, c), c),
    "a letter's own sum is not the outer one's": (
        over(I_, U(I_) * over(I_, Y(I_, I_))),
        over(I_, U(I_) * Y(I_, I_)),
    ),
    "transposed indices": (over(I_, Y(I_, P) * U(I_)), over(I_, Y(P, I_) * U(I_))),
    "an exponent's sign": (exp(c / 2), exp(-c / 2)),
    "an exponent's half": (exp(c / 2) ** 2, exp(c / 2)),
    "the thousandth part": (exp(c) * U(1), exp(c) * U(1) * Rational(1001, 1000)),
    "an absolute value of a reciprocal": (Abs(1 / c, evaluate=False), 1 / c),
    "a maximum of a reciprocal": (Max(1 / c, 0), 1 / c),
    "the sign of a sum of reciprocals": (if_positive(over(I_, 1 / U(I_)), c, 0), c),
    "a case left out": (if_positive(-c, U(1), 0), U(1) - if_positive(c, U(1), 0)),
    "a root of a square is not its base": (sqrt(c**2), c),
    "a case of zero": (if_zero(c, U(1), 0), Integer(0)),
}

UNRELATED = {
    "transposed": ("ZT", exp(Z(P, 1)), T(P, 1) / (1 - T(P, 1))),
    "repeated": ("ZD", exp(Z(P, 1)), D(P) / (1 - D(P))),
    "half": ("ZA", exp(Z(P, 1) / 2), A(P, 1) / (1 - A(P, 1))),
    "two thirds": ("BF", exp(B(P)), F(P) / (1 - F(P))),
    "twice": ("BH", exp(B(P)), (1 + H(P)) / (1 - H(P))),
    "of another entry": ("ZA", exp(Z(P, 1)), A(1, P) / (1 - A(1, P))),
    "of the other of two": ("ZTA", exp(Z(P, 1)), T(P, 1) / (1 - A(P, 1))),
}


def cases(table, world=None):
    return [
        pytest.param(*([world] if world else [World("n", "m", claim[0])]), *claim[-2:], id=name)
        for name, claim in table.items()
    ]


@pytest.mark.parametrize(("world", "left", "right"), [*cases(EQUAL, ANY), *cases(RELATED)])
def test_what_is_equal_is_proved(world, left, right):
    question = Question(left, right, world, {})
    assert not question.differs()
    verdict = question.verdict()
    assert isinstance(verdict, Proved)
    assert_right(question, verdict)


@pytest.mark.parametrize(("world", "left", "right"), [*cases(DIFFERENT, ANY), *cases(UNRELATED)])
def test_what_differs_is_refuted(world, left, right):
    question = Question(left, right, world, {})
    assert question.differs()
    verdict = question.verdict()
    assert isinstance(verdict, Refuted)
    assert_right(question, verdict)


HALF = Definition((), sigmoid(Symbol("z") / 2))
AFFINE = [  # v, and e^u in it
    (2 + 3 / (1 + 5 * exp(2 * U(1))), 2),
    (1 / (1 + exp(-U(1) / 2)), Rational(1, 2)),
    (exp(U(1)) / (3 + exp(U(1))), 1),
]


@pytest.mark.parametrize("factor", [1, 2, -1, Rational(1, 2), Rational(3, 2), Rational(-5, 2)])
@pytest.mark.parametrize("activation", [sigmoid, tanh, lambda z: 2 + 3 / (1 + 5 * exp(z))])
def test_an_activation_of_a_multiple_is_not_taken_for_one_of_its_argument(factor, activation):
    """The identity e^{g z} = … that a definition gives holds for that g alone."""
    total = Definition((I_,), over(J_, Y(I_, J_) * U(J_), 2))
    wrong = Definition((I_,), activation(factor * B(I_)))
    right = activation(factor * over(J_, Y(1, J_) * U(J_), 2))
    context = Context({"B": total, "G": wrong})
    assert isinstance(Equation(named("G", 1), right, context).decide({}), Proved)
    for other in {1, 2, Rational(1, 2), Rational(3, 2)} - {abs(factor)}:
        question = activation(other * B(1)), named("G", 1)
        assert isinstance(Equation(*question, context).decide({}), Refuted)


def test_a_product_with_a_name_that_may_be_zero_gives_no_identity():
    """Planted: v = u e^z, where e^z = v/u is false at u = 0, and u ≠ 0 would go unsaid."""
    z = Definition((), over(I_, U(I_) * Y(I_, 1), 2))
    product = Definition((), Symbol("u") * exp(Symbol("z")))
    quotient = Definition((), exp(Symbol("z")) / (1 + exp(V(1))))
    total = Definition((), over(I_, V(I_), 2))
    context = Context({"z": z, "u": total, "v": product, "w": quotient})
    forms = NormalForms(context, frozenset(context.definitions))
    assert "v" not in {known.generator for known in forms.relations.values()}
    evidence = Equation(Symbol("v") / Symbol("u"), exp(Symbol("z")), context).decide({}).evidence
    assert evidence.conditions


# What the kernel does not take on ------------------------------------------------------------

OUTSIDE = {  # none of these is true
    "an index as a value": (over(I_, I_, 2), 2 * over(I_, I_, 1)),
    "a bound that is an index": (
        over(I_, over(J_, U(J_), I_), 2),
        2 * over(I_, over(J_, U(J_), I_), 1),
    ),
    "the index 0": (over(I_, KroneckerDelta(I_, 0) * U(I_), 3), U(0)),
    "a sum over nothing": (over(I_, KroneckerDelta(I_, 1) * U(I_), 0), U(1)),
    "an index that is a sum": (over(I_, U(I_ + 1), 2), U(2)),
    "a sum from 0": (Sum(U(I_), (I_, 0, 2)), U(1) + U(2)),
    "a size of no context": (over(I_, U(I_), Symbol("r")), U(1)),
    "a function without a rule": (sympy.sin(c) ** 2, sympy.cos(c) ** 2),
}
OUTSIDE_AND_TRUE = {
    "an index as a factor": (over(I_, I_ * U(I_), 2), U(1) + 2 * U(2)),
    "a bound that is an index": (over(I_, over(J_, U(J_), I_), 2), 2 * U(1) + U(2)),
    "an index that is a sum": (over(I_, U(I_ + 1), 2), U(2) + U(3)),
    "a sum from 0": (Sum(U(I_), (I_, 0, 2)), U(0) + U(1) + U(2)),
    "a sum from 2": (Sum(U(I_), (I_, 2, 3)), U(2) + U(3)),
    "a size of no context": (over(I_, 2 * U(I_), Symbol("r")), 2 * over(I_, U(I_), Symbol("r"))),
    "a function without a rule": (sympy.sin(c) ** 2 + sympy.cos(c) ** 2, Integer(1)),
    "an undefined function": (1 / sympy.Function("f")(c), 1 / sympy.Function("f")(c)),
    "the root of zero": (sqrt(over(I_, U(I_)) - over(J_, U(J_))), Integer(0)),
}


@pytest.mark.parametrize(("left", "right"), OUTSIDE.values(), ids=OUTSIDE)
def test_what_is_outside_the_language_is_not_proved(left, right):
    """And nothing is raised."""
    assert not isinstance(Equation(left, right, ANY.context).decide({"p": 1, "q": 1}), Proved)


@pytest.mark.parametrize(("left", "right"), OUTSIDE_AND_TRUE.values(), ids=OUTSIDE_AND_TRUE)
def test_what_is_outside_the_language_but_true_is_not_refuted(left, right):
    """And nothing is raised."""
    assert not isinstance(Equation(left, right, ANY.context).decide({"p": 1, "q": 1}), Refuted)


@pytest.mark.parametrize("name", ["delta", "sum", "exp", "poly", "log", "sqrt", "positive"])
def test_an_array_may_have_the_name_of_an_atom(name):
    """It is an array like any other, and not idempotent, positive or a binder."""
    entry = named(name, 1, 2)
    assert isinstance(Equation(entry * U(1), U(1) * entry, ANY.context).decide({}), Proved)
    assert not isinstance(Equation(entry**2, entry, ANY.context).decide({}), Proved)
    assert not isinstance(Equation(Abs(entry), entry, ANY.context).decide({}), Proved)


difference = over(I_, U(I_)) - over(J_, U(J_))  # identically zero, though SymPy does not see it
ZERO_DENOMINATORS = {
    "a difference of equal sums": (c / difference, c / difference, {}),
    "zero times it": (difference * (c / (exp(c + 1) - exp(c) * exp(1))), Integer(0), {}),
    "where two free indices meet": ((U(P) - U(1)) ** -1 * c, c / (U(P) - U(1)), {"p": 1}),
    "where they meet and the numerator cancels": (
        U(P) / (U(P) - U(1)) - U(1) / (U(P) - U(1)),
        Integer(1),
        {"p": 1},
    ),
    "in one term of a sum": (
        over(I_, U(I_) / (U(I_) - U(1)) - U(1) / (U(I_) - U(1)), 3),
        Integer(3),
        {},
    ),
}


@pytest.mark.parametrize(("left", "right", "at"), ZERO_DENOMINATORS.values(), ids=ZERO_DENOMINATORS)
@pytest.mark.parametrize("defined", ["", "ZA"])
def test_what_divides_by_zero_is_undecided(left, right, at, defined):
    """The expression is defined nowhere, so nothing can be said of it."""
    context = World("n", "m", defined).context
    assert isinstance(Equation(left, right, context).decide(at), Undecided)


def test_a_denominator_that_is_zero_for_some_names_is_found_after_they_unfold():
    """A name in a denominator may stand for zero."""
    zero = Definition((I_,), over(J_, Y(I_, J_) - Y(I_, J_) * U(J_) / U(J_), 2))
    equation = Equation(c / named("N", 1), 2 * c / named("N", 1), Context({"N": zero}))
    assert not isinstance(equation.decide({}), Proved)


# Conditions and lemmas -----------------------------------------------------------------------

EVIDENCE = {
    "a denominator of unknown sign": (ANY, c / U(1)),
    "a sum of unknown sign": (ANY, c / over(I_, U(I_))),
    "a sum of reciprocals": (ANY, c / over(I_, 1 / U(I_))),
    "reciprocals with positive numerators": (ANY, c / over(I_, exp(V(1)) / U(I_))),
    "a difference of exponentials": (ANY, c / (exp(U(1)) - exp(U(2)))),
    "a denominator under a sum": (ANY, over(I_, c / (U(I_) + 1))),
    "a denominator in an exponential": (ANY, exp(1 / U(1))),
    "a positive denominator": (ANY, c / (1 + exp(U(1)))),
    "a negative denominator": (ANY, c / (-1 - exp(U(1)))),
    "one less than a sigmoid": (World("n", "m", "ZA"), c / (1 - A(P, 1))),
    "half less than a sigmoid": (World("n", "m", "ZA"), c / (Rational(1, 2) - A(P, 1))),
    "a tanh": (World("n", "m", "BH"), c / H(P)),
    "one more than a tanh": (World("n", "m", "BH"), exp(-2 * B(P)) / (1 + H(P))),
    "a row's sum": (World("n", "m", "ZRS"), c / R(P) + S(P, 1)),
    "a logarithm": (ANY, log(U(1))),
    "a logarithm of what is positive": (ANY, log(1 + exp(U(1)))),
    "a logarithm of a quotient": (ANY, log(U(1) / (1 + exp(c)))),
    "a root": (ANY, sqrt(U(1))),
    "a root of what is positive": (ANY, sqrt(1 + U(1) ** 2)),
    "an even power": (ANY, c / U(1) ** 2),
    "sizes": (ANY, c / (n + m * exp(U(1)))),
    "a size less another": (ANY, c / (n - m)),
}
STATED = {
    "a denominator of unknown sign": ("Ne(U[1], 0)",),
    "a sum of unknown sign": ("Ne(Sum(U[k], (k, 1, n)), 0)",),
    "a positive denominator": (),
    "a negative denominator": (),
    "one less than a sigmoid": (),
    "one more than a tanh": (),
    "a logarithm of what is positive": (),
}


@pytest.mark.parametrize(("world", "expr"), EVIDENCE.values(), ids=EVIDENCE)
@pytest.mark.parametrize("rest", [Integer(0), U(1) * (c + 1) - U(1) * c])
def test_lemmas_are_true_and_conditions_suffice(world, expr, rest):
    """Wherever all conditions hold, both sides are defined."""
    question = Question(
        expr, expr + rest * over(I_, U(I_) - U(I_) * (1 + c) + c * U(I_)), world, {}
    )
    verdict = question.verdict()
    assert isinstance(verdict, Proved)
    assert_right(question, verdict)


@pytest.mark.parametrize("name", STATED)
def test_a_condition_is_stated_where_a_sign_is_unknown_and_only_there(name):
    world, expr = EVIDENCE[name]
    evidence = Equation(expr, expr, world.context).decide({}).evidence
    assert tuple(map(str, evidence.conditions)) == STATED[name]


@pytest.mark.parametrize(
    ("defined", "expr"),
    [("ZA", exp(Z(P, 1))), ("BH", exp(2 * B(P))), ("BH", exp(-2 * B(1)))],
)
def test_an_identity_is_shown_with_the_indices_that_its_names_have(defined, expr):
    """e^{2b[i]} = (1 + h[i])/(1 − h[i]), not b[i,j]."""
    world = World("n", "m", defined)
    evidence = Equation(expr, expr, world.context).decide({}).evidence
    entries = {entry for lemma in evidence.lemmas for entry in lemma.atoms(sympy.Indexed)}
    places = {name: len(d.indices) for name, d in world.context.definitions.items()}
    assert entries
    assert all(len(entry.indices) == places[entry.base.name] for entry in entries)


def test_an_identity_of_scalars_is_shown_without_indices():
    total = Definition((), over(I_, U(I_) * Y(I_, 1), 2))
    context = Context({"z": total, "a": Definition((), sigmoid(Symbol("z")))})
    left, right = exp(Symbol("z")), Symbol("a") / (1 - Symbol("a"))
    evidence = Equation(left, right, context).decide({}).evidence
    assert not any(lemma.atoms(sympy.Indexed) for lemma in evidence.lemmas)


def test_letters_in_a_condition_are_not_captured_by_its_sums():
    """Three free indices and a sum need four letters."""
    below = over(L_, W(L_, J_) * X(I_, L_) * X(K_, L_), m)
    expr = Sum(1 / below, (I_, 1, n), (J_, 1, n), (K_, 1, n))
    (condition,) = Equation(expr, expr, ANY.context).decide({}).evidence.conditions
    assert len(condition.free_symbols & set(SHOWN)) == 3


def test_the_evidence_does_not_depend_on_what_was_asked_before():
    world = World(2, 2)
    equation = Equation(c / U(P), c / U(P), world.context)
    first = equation.decide({"p": 1, "q": 1})
    assert equation.decide({"p": 2, "q": 1}) == Equation(c / U(P), c / U(P), world.context).decide(
        {"p": 2, "q": 1}
    )
    assert equation.decide({"p": 1, "q": 1}) == first


@pytest.mark.parametrize("expr", [c / difference, sympy.sin(c), over(I_, U(I_), Symbol("r"))])
def test_a_question_asked_twice_has_one_answer(expr):
    equation = Equation(expr, c, ANY.context)
    assert equation.decide({"p": 1, "q": 1}) == equation.decide({"p": 1, "q": 1})


# polynomial.py -------------------------------------------------------------------------------

x, y = ("x", 1), ("y", 1, 2)
delta = ("delta", "p", "q")


def test_equal_atoms_of_a_product_merge_and_those_to_the_power_0_go():
    assert product_of([(y, 2), (x, 1), (y, -1)]) == ((x, 1), (y, 1))
    assert product_of([(x, 1), (x, -1)]) == ()


def test_a_delta_is_its_own_square_and_nothing_else_is():
    assert product_of([(delta, 1), (delta, 1), (x, 1), (x, 1)]) == ((delta, 1), (x, 2))


def test_terms_cancel():
    total = {((x, 1),): 2}
    accumulate(total, ((x, 1),), -2)
    assert total == {}
    assert add({(): 1}, {(): Fraction(1, 2)}, -2) == {}
    assert scale({(): 1}, 0) == constant(0) == {}


def test_a_frozen_polynomial_does_not_depend_on_the_order_of_its_terms():
    terms = [(((x, 1),), 1), (((y, 1),), 2), ((), 3)]
    assert freeze(dict(terms)) == freeze(dict(terms[::-1]))


def test_indices_are_renamed_inside_functions_but_not_where_they_are_bound():
    inner = freeze({((("sum", "i", "n"), 1), (("u", "i", "p"), 1)): 1})
    monomial = ((("exp", inner), 1), (("y", "i", "p"), 1))
    new = freeze({((("sum", "i", "n"), 1), (("u", "i", 3), 1)): 1})
    assert reindex(monomial, {"i": "j", "p": 3}) == ((("exp", new), 1), (("y", "j", 3), 1))


def test_a_renamed_delta_keeps_its_order():
    assert reindex(((("delta", "a", "b"), 1),), {"a": "c"}) == ((("delta", "b", "c"), 1),)


def test_a_monomial_mentions_the_indices_inside_its_functions():
    monomial = ((("exp", freeze(generator(("u", "i")))), 1),)
    assert mentions(monomial, "i")
    assert not mentions(monomial, "j")


def test_the_height_counts_nested_functions():
    inner = ("exp", freeze(generator(x)))
    assert [height(((x, 1),)), height(((inner, 1),))] == [0, 1]
    assert height(((("exp", freeze(generator(inner))), 1),)) == 2


# algebra.py ----------------------------------------------------------------------------------


@pytest.fixture
def algebra():
    return Algebra({"p": "n", "q": "m"})


def summed(algebra, name, size="n", **other):
    index = algebra.fresh(size)
    atoms = [(name, index), *((key, *places) for key, places in other.items())]
    return algebra.total({product_of((atom, 1) for atom in atoms): 1}, index, size)


def test_the_sums_of_a_product_are_renamed_apart(algebra):
    square = algebra.product(summed(algebra, "x"), summed(algebra, "x"))
    ((monomial, coefficient),) = square.items()
    assert len(set(binders(monomial))) == 2
    assert coefficient == 1


def test_equal_sums_look_equal(algebra):
    left = algebra.product(summed(algebra, "x"), summed(algebra, "y", "m"))
    right = algebra.product(summed(algebra, "y", "m"), summed(algebra, "x"))
    assert left == right
    assert left != algebra.product(summed(algebra, "x", "m"), summed(algebra, "y"))


def test_a_delta_is_contracted_within_the_range_alone(algebra):
    def picked(target, size):
        index = algebra.fresh(size)
        body = algebra.product(algebra.delta(index, target), generator(("x", index)))
        return algebra.total(body, index, size)

    assert picked("p", "n") == generator(("x", "p"))
    assert picked(1, "n") == generator(("x", 1))
    assert picked(2, 3) == generator(("x", 2))
    for target, size in (("q", "n"), (2, "n"), (3, 2), ("p", 3)):
        ((monomial, _),) = picked(target, size).items()
        assert binders(monomial)


def test_deltas_of_numbers_are_numbers(algebra):
    assert [algebra.delta(1, 1), algebra.delta("p", "p"), algebra.delta(1, 2)] == [{(): 1}] * 2 + [
        {}
    ]
    assert algebra.delta("p", 1) == algebra.delta(1, "p")


def test_an_exponential_of_a_sum_is_a_product(algebra):
    total = add(generator(x), generator(y, coefficient=Fraction(1, 2)))
    product = algebra.product(
        algebra.exp(generator(x)), algebra.exp(scale(generator(y), Fraction(1, 2)))
    )
    assert algebra.exp(total) == product
    assert algebra.product(algebra.exp(total), algebra.exp(scale(total, -1))) == constant(1)
    assert algebra.exp({}) == constant(1)


@pytest.mark.parametrize(
    "poly",
    [
        add(generator(x), constant(3)),
        add(generator(x, 2), generator(y), Fraction(-1, 2)),
        generator(x, 3, Fraction(2, 7)),
        constant(Fraction(-2, 3)),
    ],
)
def test_a_polynomial_times_its_inverse_is_one(algebra, poly):
    assert algebra.product(poly, algebra.inverse(poly)) == constant(1)
    assert algebra.inverse(algebra.inverse(poly)) == poly
    assert (freeze(poly), ()) in algebra.notes.denominators


def test_the_inverse_of_zero_is_refused(algebra):
    with pytest.raises(NotDefined):
        algebra.inverse({})


def test_a_power_is_a_repeated_product(algebra):
    base = add(generator(x), constant(1))
    cube = algebra.product(base, algebra.product(base, base))
    assert algebra.power(base, 3) == cube
    assert algebra.product(algebra.power(base, -2), cube) == base
    assert algebra.power(base, 0) == constant(1)


# instance.py and quotient.py -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "numbers", "expected"),
    [
        (over(I_, U(I_) * Y(I_, P)), {"n": 2, "p": 1}, U(1) * Y(1, 1) + U(2) * Y(2, 1)),
        (over(I_, U(I_) * U(P)), {"n": 1, "p": 1}, U(1) ** 2),
        (over(I_, exp(over(J_, Y(I_, J_)))), {"n": 1}, exp(Y(1, 1))),
        (n * c, {"n": 3}, 3 * c),
        (over(I_, c / (U(I_) + 1)), {"n": 1}, c / (U(1) + 1)),
        (over(I_, KroneckerDelta(I_, Q) * U(I_)), {"n": 2, "q": 3}, Integer(0)),
        (KroneckerDelta(P, Q) * c, {"p": 2, "q": 2}, c),
        (over(I_, over(J_, U(I_) * V(J_), m)), {"n": 1}, U(1) * over(J_, V(J_), m)),
        (over(I_, sqrt(U(I_) ** 2 + 1)), {"n": 1}, sqrt(U(1) ** 2 + 1)),
    ],
)
def test_numbers_take_the_place_of_names(expr, numbers, expected):
    forms = NormalForms(ANY.context, frozenset())
    assert Instances(forms, forms.of(expr)).at(numbers) == [forms.of(expected)]


def test_a_denominator_that_numbers_make_zero_is_refused():
    forms = NormalForms(ANY.context, frozenset())
    instances = Instances(forms, forms.of(c / (U(P) - U(1))))
    with pytest.raises(NotDefined):
        instances.at({"p": 1})


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (1 / (1 - exp(c)) / (1 + exp(c)) - 1 / (1 - exp(c)) + exp(c) / (1 - exp(c) ** 2), True),
        (1 / (1 - exp(c)) / (1 + exp(c)) - 1 / (1 - exp(c)), False),
        (over(I_, U(I_) / (1 + exp(U(I_)))) - over(I_, U(I_) / (1 + exp(U(I_)))), True),
        (over(I_, U(I_)) - over(I_, U(I_), m), False),
        (over(I_, c / (1 + U(I_))) - c / (1 + U(1)), False),
        (
            1 / (over(I_, U(I_)) * over(I_, U(I_) * Y(I_, 1)))
            - 1 / (over(I_, U(I_) ** 2) * over(I_, Y(I_, 1))),
            False,
        ),
    ],
)
def test_a_quotient_vanishes_if_its_numerator_does(expr, expected):
    assert vanishes(form(expr)) is expected


def test_the_numerator_is_multiplied_out():
    assert numerator(form(1 / U(1) + 1 / U(2))) == form(U(1) + U(2))
    assert vanishes({})


# signs.py ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (1 + exp(c), 1),
        (-2 - exp(c), -1),
        (1 - exp(c), 0),
        (c, 0),
        (c**2, 0),
        (exp(c) * U(1), 0),
        (n * exp(c), 1),
        (n - m, 0),
        (over(I_, exp(U(I_))), 1),
        (over(I_, U(I_)), 0),
        (1 / (1 + exp(c)), 1),
        (1 / (1 - exp(c)), 0),
        (1 / c, 0),
        (exp(c) / U(1), 0),
        (over(I_, 1 / U(I_)), 0),
        (over(I_, exp(c) / U(I_)), 0),
        (1 / c**3, 0),
        (1 / over(I_, U(I_)), 0),
        (Integer(0), 0),
        (exp(-c) / (2 + n * exp(U(1))), 1),
        (KroneckerDelta(P, Q), 0),
        (log(c), 0),
        (1 / log(c), 0),
    ],
)
def test_a_sign_is_known_only_if_all_terms_have_it(expr, expected):
    assert sign(form(expr), frozenset({"n", "m"})) == expected


# to_sympy.py ---------------------------------------------------------------------------------


@pytest.mark.parametrize("expr", [side for claim in EQUAL.values() for side in claim])
def test_a_normal_form_survives_the_way_to_sympy_and_back(expr):
    assert form(to_sympy(form(expr))) == form(expr)


def test_a_bound_index_gets_another_letter_than_a_free_one():
    """`normal_form` is written for general indices, whatever they are called."""
    context = Context(ranges={"i": "n"}, sizes=("n",))
    shown = Equation(over(K_, Y(I_, K_)), Integer(0), context).normal_form()
    assert letters(shown) == {I_}


def letters(expr):
    return expr.free_symbols & set(BOUND)


def test_a_definition_at_an_index_does_not_capture_it():
    definition = Definition((I_,), over(K_, Y(I_, K_)))
    assert letters(definition.at((K_,))) == {K_}


# interval.py and bounds.py -------------------------------------------------------------------

KNOWN = MPContext()
KNOWN.dps = 350
VALUES = {
    exp(Rational(1, 3)): KNOWN.exp(KNOWN.mpf(1) / 3),
    log(Integer(2)): KNOWN.ln(2),
    tanh(Rational(1, 7)): KNOWN.tanh(KNOWN.mpf(1) / 7),
    sqrt(Integer(2)): KNOWN.sqrt(2),
    sigmoid(Rational(-1, 2)): 1 / (1 + KNOWN.exp(KNOWN.mpf(1) / 2)),
    sympy.erf(Rational(1, 3)): KNOWN.erf(KNOWN.mpf(1) / 3),
    sympy.erf(Rational(-5, 2)): KNOWN.erf(KNOWN.mpf(-5) / 2),
    exp(Integer(-40)): KNOWN.exp(-40),
    log(Rational(10**30 + 1, 10**30)): KNOWN.ln(1 + KNOWN.mpf(10) ** -30),
}


def evaluate(expr, point=None, precision=64, sizes=None):
    sizes = {"n": 2, "m": 3} if sizes is None else sizes
    return Evaluator(ANY.context, point or {}, sizes, precision).value(expr, {})


@pytest.mark.parametrize("precision", [10, 53, 64, 200, 1000])
@pytest.mark.parametrize(("expr", "value"), VALUES.items(), ids=map(str, VALUES))
def test_an_interval_holds_the_value(expr, value, precision):
    low, high = ends(evaluate(expr, precision=precision))
    assert KNOWN.mpf(low.numerator) / low.denominator < value
    assert value < KNOWN.mpf(high.numerator) / high.denominator
    assert high - low <= Fraction(1, 2 ** (precision - 6))


def test_rational_arithmetic_is_exact():
    point = {("U", 1): Fraction(1, 3), ("U", 2): Fraction(-2), ("c",): Fraction(5)}
    assert evaluate(over(I_, U(I_) ** 2) / c - n, point) == Fraction(37, 45) - 2
    assert evaluate(sqrt(Rational(4, 9)) + exp(U(3)) + tanh(U(3)) + log(c - 4), point) == Fraction(
        5, 3
    )
    assert evaluate(Max(U(1), U(2)) - Abs(U(2), evaluate=False), point) == Fraction(-5, 3)
    assert evaluate(if_positive(U(2), c, -c) + if_zero(U(3), 1, 0), point) == -4


@pytest.mark.parametrize(
    "expr", [1 / c, c**-3, log(c), log(c - 1), 1 / (exp(U(1)) - exp(U(2))), sqrt(c - 1)]
)
def test_what_is_not_defined_has_no_value(expr):
    with pytest.raises((ZeroDivisionError, ValueError)):
        ends(evaluate(expr))


def test_a_sum_ends_at_its_bound_though_the_point_goes_further():
    """An input beyond the sum's range is not in the sum."""
    point = {("U", 1): Fraction(1), ("U", 3): Fraction(10)}
    assert evaluate(over(I_, U(I_)), point) == 1
    assert evaluate(over(I_, U(I_) * Y(I_, 1)), {**point, ("Y", 3, 1): Fraction(1)}) == 0


def test_a_name_is_evaluated_through_its_definition():
    world = World("n", "m", "ZA")
    point = {("X", 1, 3): Fraction(2), ("W", 3, 1): Fraction(1, 2)}
    evaluator = Evaluator(world.context, point, {"n": 2, "m": 3}, 64)
    assert evaluator.value(Z(1, 1), {}) == 1
    low, high = ends(evaluator.value(A(P, Q), {"p": 1, "q": 1}))
    assert low < Fraction("0.73105857863000487925") < high


fractions = st.fractions(max_denominator=10**12) | st.fractions()


@given(fractions, fractions, st.integers(5, 300), st.integers(0, 60))
def test_shown_bounds_enclose_and_stay_apart(left, gap, precision, shift):
    """Decimals are rounded outward, with as many digits as keep the sides apart."""
    iv = MPIntervalContext()
    iv.prec = precision
    other = left + (abs(gap) + 1) / 2**shift
    sides = [iv.mpf(f.numerator) / iv.mpf(f.denominator) for f in (left, other)]
    if not separate(*sides):
        return
    shown = show_both(*sides)
    for bounds, side in zip(shown, sides, strict=True):
        low, high = ends(side)
        assert Fraction(bounds.low) <= low <= high <= Fraction(bounds.high)
    assert Fraction(shown[0].high) < Fraction(shown[1].low)


@given(fractions, fractions)
def test_exact_values_are_shown_exactly(left, right):
    if left != right:
        shown = show_both(left, right)
        assert [Fraction(b.low) for b in shown] == [left, right]
        assert all(b.exact for b in shown)


def test_intervals_that_touch_are_not_separate():
    iv = MPIntervalContext()
    assert not separate(iv.mpf([1, 2]), iv.mpf([2, 3]))
    assert not separate(Fraction(2), iv.mpf([1, 2]))
    assert separate(iv.mpf([1, 2]), Fraction(3))


def test_an_unbounded_interval_is_refused():
    iv = MPIntervalContext()
    with pytest.raises(ValueError, match="unbounded"):
        ends(iv.mpf([0, "inf"]))


# witness.py ----------------------------------------------------------------------------------


def refutation(left, right, world=ANY, **at):
    question = Question(left, right, world, at)
    verdict = question.verdict()
    assert isinstance(verdict, Refuted)
    assert_right(question, verdict)
    return verdict.counterexample


def test_zeros_are_tried_first():
    found = refutation(exp(U(1)) + c, c + 2)
    assert found.values == {}
    assert (found.left.low, found.right.low) == ("1", "2")


def test_then_one_input_that_is_one():
    assert refutation(U(1) * Y(1, 1) + V(1), U(1) * Y(1, 1)).values == {"V[1]": 1}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (U(1) * V(1) * c, -U(1) * V(1) * c),
        (over(I_, U(I_) * Y(I_, P)), over(I_, U(I_) * Y(P, I_))),
        (exp(U(1) * V(1)) + c, exp(V(1)) * U(1) + c),
    ],
)
def test_a_point_has_no_input_that_is_needless(left, right):
    """With any of its inputs zero the two sides are equal."""
    found = refutation(left, right)
    numbers = {**found.indices}
    for entry in found.values:
        point = {
            (name.split("[")[0], *map(int, name.rstrip("]").split("[")[1].split(",")))
            if "[" in name
            else (name,): value
            for name, value in found.values.items()
            if name != entry
        }
        evaluator = Evaluator(ANY.context, point, found.sizes, 64)
        assert not separate(*(evaluator.value(side, numbers) for side in (left, right)))


def test_the_smallest_sizes_that_show_a_difference_are_found():
    """n (n − 1) (n − 2) is zero for n = 1 and 2."""
    distinct = [1 - KroneckerDelta(a, b) for a, b in ((I_, J_), (J_, K_), (I_, K_))]
    triples = Sum(sympy.Mul(*distinct), (I_, 1, n), (J_, 1, n), (K_, 1, n))
    assert refutation(triples, Integer(0)).sizes["n"] == 3
    assert refutation(over(I_, U(I_)), U(1)).sizes["n"] == 2


def test_a_free_index_gets_a_number_within_its_range():
    found = refutation(U(P), U(1))
    assert found.indices["p"] == found.sizes["n"] == 2


def test_a_point_that_served_a_larger_size_does_not_refute_what_is_equal_at_a_smaller():
    """A sum does not reach the inputs that another entry's point holds."""
    context = Context(ranges={"p": 3, "q": 3})
    unseen = KroneckerDelta(P, Q) * (U(P) - U(Q))  # zero, though not in normal form
    left = over(I_, V(I_), 2) + V(3) + unseen
    verdict = Equation(left, V(1) + V(2) + V(3), context).decide({})
    assert not isinstance(verdict, Refuted)


def test_a_term_with_an_input_that_is_zero_is_left_out_only_where_all_is_defined():
    """0 · (1/0) is not 0; planted: told that all is defined, the search finds a point."""
    zero = Context({"N": Definition((I_,), U(I_))})
    sides = over(I_, U(I_) * (c + 1) / named("N", I_), 2), 2 * c + 2  # equal where they are defined
    assert Search(*sides, zero).find({}, THOROUGH_TRIES) is None
    assert Search(*sides, zero, domain=()).find({}, THOROUGH_TRIES)
    kinked = over(I_, U(I_) * (c + 1) / sqrt(named("N", I_) ** 2), 2), 2 * c + 2
    found = Search(*kinked, zero, domain=()).find({}, THOROUGH_TRIES)
    assert {"U[1]", "U[2]"} <= found.values.keys()


def test_what_is_sure_to_be_defined_is_known():
    """1 + e^u is never zero, u is."""
    for below, known in ((exp(c) + 1, ()), (c, (Requirement(Definition((), c), (), "≠"),))):
        needed = Requirement(Definition((), below), (), "≠")
        assert Equation(c / below, c / below, Context(), (needed,)).domain == known
    assert Equation(c, c, Context()).domain is None


# The sources ---------------------------------------------------------------------------------

SOURCES = sorted(Path(gradcheck_sym.__file__).parent.rglob("*.py"))
FORBIDDEN = {"eval", "exec", "sympify", "parse_expr", "simplify", "equals"}


def calls(path):
    """The names of what is called in a file, as names or as attributes; patterns are no calls."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    yield name


def test_proved_is_constructed_in_the_kernel_alone():
    assert [p.name for p in SOURCES if "Proved" in calls(p)] == ["decide.py"]


def test_proved_is_imported_under_its_own_name():
    """So that the test above sees it."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.alias) and node.name == "Proved":
                assert node.asname in (None, "Proved"), path


def test_nothing_runs_what_it_reads_nor_decides_by_a_heuristic():
    found = {path.name: sorted(FORBIDDEN & set(calls(path))) for path in SOURCES}
    assert not {name: names for name, names in found.items() if names}
