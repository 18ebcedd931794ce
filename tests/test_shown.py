"""Terms tidied up for people, and how they are printed: right, in reading order, and not undone."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from gradcheck_sym.relation import Relation
from gradcheck_sym.render.notation import Notation
from gradcheck_sym.render.tex import Formulas
from gradcheck_sym.shown.alike import alike
from gradcheck_sym.shown.quotient import is_turned, quotient, simplest
from gradcheck_sym.shown.tidy import tidied
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
    mul,
)
from gradcheck_sym.term.walks import walk
from tests.evaluate import value

ROW, J, K = Letter("i", "n"), Letter("j", 3), Letter("k", 2)
U, V, W = Entry("u"), Entry("v"), Entry("w")
A, B = Entry("A_h", (ROW, K)), Entry("delta_out", (ROW, J))


def shown(term, unicode=True):
    return Notation(unicode).formula(tidied(term))


def exp(u):
    return apply("exp", u)


def sqrt(u):
    return apply("sqrt", u)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (0 * U + V * 1, "v"),
        (U - U, "0"),
        (U + V + U, "2·u + v"),
        (2 * (U - V), "2·u − 2·v"),
        (mul(Num(2), U - V, W), "2·w·(u − v)"),
        (U * U / U / V, "u/v"),
        ((1 + U) * W / (1 + U), "w"),
        (1 / (U * V * V), "1/(u·v^2)"),
        (Num(Fraction(3, 4)) * U, "(3/4)·u"),
        (3 * U / (4 * V), "3·u/(4·v)"),
        (-(U + V) / 2, "−(1/2)·u − (1/2)·v"),
        (exp(U) * exp(U) * exp(-V), "e^(2·u)·e^(−v)"),
        (exp(U) * exp(-U), "1"),
        (1 / exp(U), "e^(−u)"),
        (exp(ZERO) + apply("log", ONE) + apply("erf", ZERO), "1"),
        (apply("sin", ZERO) + apply("cos", ZERO) + apply("sin", U - U), "1"),
        (apply("sin", U) * apply("cos", 2 * U) * apply("sin", U), "cos(2·u)·sin(u)^2"),
        (exp(apply("log", U)), "u"),
        (sqrt(U) * sqrt(U), "u"),
        (sqrt(8 * U * V), "2·sqrt(2)·sqrt(u·v)"),
        (1 / sqrt(Num(2)), "(1/2)·sqrt(2)"),
        (sqrt(2 / Pi()), "sqrt(2)/sqrt(π)"),
        (U / (sqrt(1 + U) * (1 + U)), "u/(1 + u)^(3/2)"),
        (sqrt(U * U), "sqrt(u^2)"),
        (Where(Num(2), U, V), "u"),
        (Where(U, V, V), "v"),
        (indicator(U - V), "[u − v>0]"),
        (1 - indicator(U), "1 − [u>0]"),
        (Where(U, ZERO, ONE), "1 − [u>0]"),
        (Where(U, U, ZERO), "max(0, u)"),
        (Where(U - V, V, U), "min(v, u)"),
        (Where(U, U, -U), "abs(u)"),
        (Where(U, ZERO, Where(-U, ZERO, V)), "where(u = 0, v, 0)"),
        (Where(U, V, 2 * V), "where(u > 0, v, 2·v)"),
        (Delta(1, 1) + Delta(1, 2), "1"),
        (Entry("lam") * SizeOf("n"), "n·λ"),
    ],
)
def test_a_term_is_tidied_up_and_printed(term, expected):
    assert shown(term) == expected


def test_factors_are_read_by_their_first_index_and_terms_as_in_a_dictionary():
    assert shown(B * A) == "a_h[i,k]·δ_out[i,j]"
    assert shown(Entry("W_h", (K, J)) * Entry("X", (ROW, K))) == "x[i,k]·w_h[k,j]"
    assert shown(Entry("X", (10,)) + Entry("X", (2,))) == "x[2] + x[10]"
    assert shown((1 - U) * V + U) == "u + v·(1 − u)"


def test_a_minus_sign_of_all_terms_stands_in_front_of_the_sum():
    assert shown(Sum(ROW, -A - B)) == "−Σᵢ₌₁ⁿ [a_h[i,k] + δ_out[i,j]]"
    assert shown(Sum(ROW, A - B)) == "Σᵢ₌₁ⁿ [a_h[i,k] − δ_out[i,j]]"


def test_a_sum_is_in_brackets_unless_it_is_the_last_factor():
    total = Sum(ROW, A)
    assert shown(U * total) == "u·Σᵢ₌₁ⁿ a_h[i,k]"
    assert shown(total / V) == "(Σᵢ₌₁ⁿ a_h[i,k])/v"
    assert shown(total * Sum(J, Entry("y", (J,)))) == "(Σᵢ₌₁ⁿ a_h[i,k])·Σⱼ₌₁³ y[j]"


def test_no_letter_is_captured():
    twin = Letter("i", "n")
    assert shown(Sum(ROW, Entry("v", (ROW,)) * Sum(twin, Entry("v", (twin,))))) == (
        "Σᵢ₌₁ⁿ v[i]·Σᵣ₌₁ⁿ v[r]"
    )
    assert shown(Entry("X", (ROW, twin))) == "x[i,r]"
    pooled = Letter("r0", "n")
    assert Notation(True).formula(tidied(Entry("X", (pooled,)), {pooled: "k"})) == "x[k]"


def test_no_index_is_called_as_a_size():
    letters = [Letter(f"r{k}", "i1") for k in range(14)]
    chain = mul(*(Entry("x", pair) for pair in pairwise(letters)))
    for letter in letters[1:-1]:
        chain = Sum(letter, chain)
    names = {part.index.name for part in walk(tidied(chain)) if isinstance(part, Sum)}
    assert len(names) == 12
    assert "i1" not in names


def test_the_only_index_of_an_axis_of_size_1_is_1():
    one = Letter("i", 1)
    assert shown(Sum(one, Entry("X", (one, J)))) == "x[1,j]"
    assert shown(Entry("X", (one, J))) == "x[1,j]"


def test_ascii_has_no_sign_that_is_not():
    assert shown(Sum(ROW, -A * Entry("lam")), unicode=False) == "-Sum[i=1..n] lam*a_h[i,k]"
    assert shown(apply("log", Pi()) - B, unicode=False) == "ln(pi) - delta_out[i,j]"
    assert Notation(False).formula(Relation(U, "≠", ZERO)) == "u != 0"


def test_what_is_verbatim_is_as_it_is_written():
    law = Relation((1 + U) * apply("inv", 1 + U), "=", ONE)
    assert Notation(True).formula(law) == "(1 + u)/(1 + u) = 1"
    assert Notation(True).formula(mul(tidied(-V / U), U)) == "(−v/u)·u"
    assert Notation(True).product([U - V, V / U, ONE]) == "(u − v)·(v/u)·1"


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (-U / (U - 1), "u/(1 − u)"),
        (-1 - 1 / (U - 1), "u/(1 − u)"),
        (-V / U + (1 - V) / (1 - U), "(u − v)/(u·(1 − u))"),
        (U - U * U, "u·(1 − u)"),
        (2 * U - 2 * V, "2·(u − v)"),
        (4 * (U - V) * (U - V) * (U - V), "4·(u − v)^3"),
        (U * U + 2 * U * V + V * V, "(u + v)^2"),
        (1 - U * U, "1 − u^2"),
        (U + V, "u + v"),
        (exp(U) - exp(U) * V, "e^u − v·e^u"),
    ],
)
def test_the_simplest_form_is_one_product_or_quotient_where_that_is_no_longer(term, expected):
    assert Notation(True).formula(simplest(tidied(term))) == expected


def test_a_quotient_has_one_denominator_that_starts_with_a_plus_sign():
    assert Notation(True).formula(quotient(tidied(-U / (U - 1)))) == "u/(1 − u)"
    assert Notation(True).formula(quotient(tidied(U / V - 1))) == "(u − v)/v"
    assert is_turned(tidied(U - 1))
    assert not is_turned(tidied(1 - U))


def test_what_reads_the_same_is_alike():
    assert alike(tidied(U * V + W), tidied(W + V * U))
    assert not alike(tidied(U * V + W), tidied(U * V - W))
    assert Relation(tidied(U + V), ">", ZERO) == Relation(tidied(V + U), ">", ZERO)
    assert Relation(U, ">", ZERO) != Relation(U, "≥", ZERO)
    assert len({Relation(U * V, ">", ZERO), Relation(V * U, ">", ZERO)}) == 1


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (A * B, r"a_{k}^{(\mathrm{h})[i]} \, \delta_{j}^{(\mathrm{out})[i]}"),
        (
            A * A / (1 + V),
            r"\frac{\left(a_{k}^{(\mathrm{h})[i]}\right)^{2}}{1 + v}",
        ),
        (-V / (1 + B), r"- \frac{v}{1 + \delta_{j}^{(\mathrm{out})[i]}}"),
        (U / 2 + V, r"v + \frac{u}{2}"),
        (2 * U * (V - 1), r"2 u \, \left(- 1 + v\right)"),
        (
            Sum(ROW, -A - B),
            r"-\sum_{i=1}^{n} \left[ a_{k}^{(\mathrm{h})[i]} "
            r"+ \delta_{j}^{(\mathrm{out})[i]} \right]",
        ),
        (exp(-U) * Pi() * Entry("lam"), r"\pi \, \lambda \, e^{- u}"),
        (Where(U, U, ZERO), r"\max\left(0, u\right)"),
        (Where(U, V, W), r"\begin{cases} v & \text{if } u > 0 \\ w & \text{else} \end{cases}"),
        (sqrt(1 + U), r"\sqrt{1 + u}"),
        (apply("log", U), r"\ln{\left(u \right)}"),
        (SizeOf("n_1") * SizeOf("beta"), r"\beta \, n_{1}"),
    ],
)
def test_a_term_is_printed_as_latex(term, expected):
    assert Formulas(one_example=False).formula(tidied(term)) == expected


# ---------------------------------------------------------------- values


NUMBERS = [Fraction(n, d) for n in (-3, -2, -1, 1, 2, 3) for d in (1, 2, 3)]


def random_term(random: Random, depth: int):
    """A term in u, v and w that has a value wherever these are positive, or nearly so."""
    if depth == 0:
        return random.choice([U, V, W, U, V, Num(random.choice(NUMBERS))])
    parts = [random_term(random, depth - 1) for _ in range(random.choice([2, 2, 3]))]
    match random.randrange(8):
        case 0 | 1:
            return add(*parts)
        case 2 | 3:
            return mul(*parts)
        case 4:
            return parts[0] / (1 + parts[1] * parts[1])
        case 5:
            return random.choice([exp(parts[0] / 4), apply("log", 1 + parts[0] * parts[0])])
        case 6:
            return sqrt(parts[0] * parts[0] + 1) / random.choice([1, sqrt(Num(2)), sqrt(U)])
    return Where(parts[0] - parts[1], parts[0], random.choice([ZERO, ONE, parts[-1]]))


def evaluated(text: str, known: dict[str, float]) -> float:
    """The value of a formula as it is printed, read by Python."""
    text = text.replace("^", "**").replace("ln(", "log(")
    while "[" in text:  # the innermost first
        text = re.sub(r"\[([^\[\]]*)>0\]", r"((\1) > 0)", text)
    names = {
        **{"e": np.e, "log": np.log, "sqrt": np.sqrt, "abs": abs, "max": max, "min": min},
        **{"where": lambda c, x, y: x if c else y},
    }
    text = re.sub(r"(?<![\w.])(\d+)(?![\w.])", r"\1.0", text)
    return float(eval(text.replace(" = 0", " == 0"), {"__builtins__": {}}, {**names, **known}))


@pytest.mark.parametrize("seed", range(300))
def test_a_tidy_term_and_what_is_printed_of_it_have_the_value_of_the_term(seed):
    random = Random(seed)
    term = random_term(random, random.choice([1, 2, 3]))
    tidy = tidied(term)
    again = tidied(tidy)
    short = simplest(tidy)
    known = {name: random.uniform(0.3, 2) for name in "uvw"}
    arrays = {name: np.array(number) for name, number in known.items()}
    expected = value(term, arrays)
    assert value(tidy, arrays) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert value(short, arrays) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert alike(again, tidy)
    for found in (tidy, short):
        text = Notation(False).formula(found)
        assert evaluated(text, known) == pytest.approx(expected, rel=1e-9, abs=1e-9), text
