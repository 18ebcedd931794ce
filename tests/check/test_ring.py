from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from gradcheck_sym.checker import monomials as module
from gradcheck_sym.checker.polynomial import TooLarge, freeze, within
from gradcheck_sym.checker.ring import Ring
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
    apply,
    indicator,
    mul,
    power,
    sums,
)
from gradcheck_sym.term.walks import substitute
from tests.check.random_terms import Terms
from tests.check.values import close

L, J, K = (Letter(name, "n") for name in "ijk")
M, P, Z = Letter("m", "m"), Letter("p", "m"), Letter("o", "l")
A, B, C = Letter("a", 2), Letter("b", 3), Letter("c", 3)
U = Letter("u", 1)


def x(*indices):
    return Entry("x", indices)


def y(*indices):
    return Entry("y", indices)


def f(value):
    return apply("exp", value)


def several(*letters):
    return lambda body: sums(letters, body)


SEVEN = tuple(Letter(f"q{k}", "n") for k in range(7))
EQUAL = {
    "rational numbers": (Num(Fraction(1, 2)) + Num(Fraction(1, 3)), Num(Fraction(5, 6))),
    "products distribute": ((x() + 1) * (x() - 1), x() * x() - 1),
    "a sum of nothing": (Add(()), ZERO),
    "a product of nothing": (Mul(()), ONE),
    "sums are linear": (Sum(L, 2 * x(L) + y(L)), 2 * Sum(J, x(J)) + Sum(K, y(K))),
    "a constant is taken out": (Sum(L, x(J) * y(L)), x(J) * Sum(K, y(K))),
    "Σ over nothing is its size": (Sum(L, x(J)), SizeOf("n") * x(J)),
    "or a number": (Sum(A, x(J)), 2 * x(J)),
    "a product of sums": (
        Sum(L, x(L)) * Sum(L, y(L)),
        Sum(L, Sum(J, x(L) * y(J))),
    ),
    "a product of sums over other sizes": (
        Sum(L, x(L)) * Sum(M, y(M)),
        Sum(M, Sum(L, x(L) * y(M))),
    ),
    "a sum times two sums": (
        Sum(L, x(L)) * Sum(M, Sum(B, y(M, B))),
        several(B, L, M)(x(L) * y(M, B)),
    ),
    "two sums times a sum": (
        Sum(M, Sum(B, y(M, B))) * Sum(L, x(L)),
        several(B, L, M)(x(L) * y(M, B)),
    ),
    "two sums times three": (
        Sum(M, Sum(L, x(M, L))) * several(M, L, B)(y(L, M, B)),
        several(M, L, B)(y(L, M, B)) * Sum(L, Sum(M, x(M, L))),
    ),
    "two sums over other sizes": (
        Sum(A, x(A)) + Sum(B, x(B)) + Sum(L, x(L)),
        Sum(L, x(L)) + Sum(B, x(B)) + Sum(A, x(A)),
    ),
    "the order of sums": (Sum(L, Sum(M, x(L, M))), Sum(M, Sum(L, x(L, M)))),
    "sums of one size": (Sum(L, Sum(J, x(L, J) * y(J))), Sum(L, Sum(J, x(J, L) * y(L)))),
    "under a function": (Sum(L, f(Sum(J, x(L, J)))), Sum(K, f(Sum(L, x(K, L))))),
    "two levels under functions": (
        Sum(L, f(Sum(J, x(L, J) * f(Sum(K, x(L, K) * y(J, K)))))),
        Sum(J, f(Sum(K, x(J, K) * f(Sum(L, x(J, L) * y(K, L)))))),
    ),
    "δ is symmetric": (Delta(L, J), Delta(J, L)),
    "δ of equals": (Delta(L, L), ONE),
    "δ of other numbers": (Delta(1, 2), ZERO),
    "δ² = δ": (Delta(L, J) * Delta(L, J) * x(L), Delta(L, J) * x(J)),
    "δ puts an index for another": (Delta(L, J) * f(x(L, J)), Delta(L, J) * f(x(J, L))),
    "δ inside a function": (
        Delta(L, J) * f(Sum(K, x(L, K))),
        Delta(L, J) * f(Sum(K, x(J, K))),
    ),
    "δ is contracted": (Sum(L, Delta(L, J) * x(L, J)), x(J, J)),
    "with 1": (Sum(L, Delta(L, 1) * x(L)), x(1)),
    "with a number in range": (Sum(B, Delta(3, B) * x(B)), x(3)),
    "with a bound one": (Sum(L, Sum(J, Delta(L, J) * x(L, J))), Sum(K, x(K, K))),
    "with a bound one before others": (
        several(L, M, J)(Delta(L, J) * x(L, M) * y(J)),
        several(M, K)(x(K, M) * y(K)),
    ),
    "inside": (
        Sum(L, f(Sum(J, Delta(L, J) * x(J) * y(L)))),
        Sum(L, f(x(L) * y(L))),
    ),
    "two δ": (Sum(L, Sum(J, Delta(L, J) * Delta(J, K) * x(L, J))), x(K, K)),
    "three equal indices": (
        Delta(L, J) * Delta(J, K) * x(L, J, K),
        Delta(L, K) * Delta(L, J) * x(K, K, L),
    ),
    "δ that comes into range": (
        Delta(L, P) * several(M, J, B)(Delta(J, P) * x(J, B) * y(B, M)),
        Delta(L, P) * several(M, B)(x(L, B) * y(B, M)),
    ),
    "before two other sums": (
        Delta(L, P) * several(M, J, B, C)(Delta(J, P) * x(J, B) * y(B, C, M)),
        Delta(L, P) * several(C, M, B)(x(L, B) * y(B, C, M)),
    ),
    "and before two under a function": (
        Delta(L, P) * f(several(M, J, B, C)(Delta(J, P) * x(J, B) * f(y(B, C, M)))),
        Delta(L, P) * f(several(C, M, B)(x(L, B) * f(y(B, C, M)))),
    ),
    "after two other sums": (
        Delta(L, P) * several(Z, M, J, B)(Delta(J, P) * x(J, B) * y(B, M, Z)),
        Delta(L, P) * several(M, B, Z)(x(L, B) * y(B, M, Z)),
    ),
    "after which another one does": (
        Delta(L, P) * several(J, B, K)(Delta(J, P) * Delta(K, P) * x(J, B) * y(K)),
        Delta(L, P) * Sum(B, x(L, B) * y(L)),
    ),
    "and makes a function a number": (
        Delta(L, P) * several(J, B)(Delta(J, P) * x(J, B) * apply("inv", 2 + x(J) - x(L))),
        Delta(L, P) * Sum(B, x(L, B)) / 2,
    ),
    "or 0": (
        Delta(L, P) * several(J, B)(Delta(J, P) * x(J, B) * apply("inv", x(J) - x(L))),
        ZERO,
    ),
    "δ that is used up": (Sum(L, Delta(L, J)), ONE),
    "δ(i,1) δ(i,2) = 0": (Delta(L, 1) * Delta(L, 2), ZERO),
    "δ makes a function a number": (Delta(L, J) * apply("inv", x(L) - x(J)), ZERO),
    "and another": (Delta(L, J) * apply("inv", 2 + x(L) - x(J)), Delta(L, J) / 2),
    "an index of one value is 1": (Sum(U, x(U)), x(1)),
    "free too": (x(U, U), x(1, 1)),
    "in δ": (Delta(U, L) * x(L), Delta(1, L) * x(1)),
    "1/number": (apply("inv", Num(4)), Num(Fraction(1, 4))),
    "1/0": (apply("inv", ZERO), ZERO),
    "e^0": (apply("exp", x() - x()), ONE),
    "[1 > 0]": (indicator(Num(1)), ONE),
    "[0 > 0]": (indicator(ZERO), ZERO),
    "[-1 > 0]": (indicator(Num(-1)), ZERO),
    "h² = h": (indicator(x()) * indicator(x()), indicator(x())),
    "where": (Where(x(), y(), y(1)) - y(1), indicator(x()) * (y() - y(1))),
    "the cases of where": (Where(x(), y(), y()), y()),
    "nested where": (Where(x(), Where(x(), y(), ONE), ZERO), indicator(x()) * y()),
    "arguments in normal form": (f((x() + 1) * (x() + 1)), f(x() * x() + 2 * x() + 1)),
    "seven binders": (
        sums(SEVEN, mul(*(x(q) for q in SEVEN))),
        sums(SEVEN, mul(*(x(q) for q in reversed(SEVEN)))),
    ),
    "seven binders of other arrays": (
        sums(SEVEN, mul(*(Entry(f"x{k}", (q,)) for k, q in enumerate(SEVEN)))),
        sums(SEVEN, mul(*(Entry(f"x{6 - k}", (q,)) for k, q in enumerate(SEVEN)))),
    ),
    "seven binders of other powers": (
        sums(SEVEN, mul(*(power(x(q), k + 1) for k, q in enumerate(SEVEN)))),
        sums(SEVEN, mul(*(power(x(q), 7 - k) for k, q in enumerate(SEVEN)))),
    ),
    "a path of seven": (
        sums(SEVEN, mul(*(x(SEVEN[k], SEVEN[k + 1]) for k in range(6)))),
        sums(SEVEN, mul(*(x(SEVEN[3 * k % 7], SEVEN[3 * (k + 1) % 7]) for k in range(6)))),
    ),
    "a cycle of six": (
        sums(SEVEN[:6], mul(*(x(SEVEN[k], SEVEN[(k + 1) % 6]) for k in range(6)))),
        sums(SEVEN[:6], mul(*(x(SEVEN[5 * k % 6], SEVEN[5 * (k + 1) % 6]) for k in range(6)))),
    ),
    "powers": (power(x() + 1, 3), x() * x() * x() + 3 * x() * x() + 3 * x() + 1),
    "shadowed": (Sum(L, x(L) * Sum(L, y(L))), Sum(L, x(L)) * Sum(J, y(J))),
    "shared": (Sum(L, x(L)) * Sum(L, x(L)), Sum(L, Sum(J, x(L) * x(J)))),
    "sizes that are equal to a number": (Sum(A, Sum(B, ONE)), Num(6)),
}
DIFFERENT = {
    "Σ x² and (Σ x)²": (Sum(L, x(L) * x(L)), Sum(L, x(L)) * Sum(L, x(L))),
    "the index of another sum": (Sum(L, x(L) * Sum(J, y(J))), Sum(L, x(L) * y(L))),
    "captured by a sum": (Sum(L, x(L) * y(J)), Sum(J, x(J) * y(J))),
    "captured inside a function": (
        Sum(L, f(Sum(J, x(L) * y(J)))),
        Sum(L, f(Sum(J, x(J) * y(J)))),
    ),
    "captured two levels in": (
        Sum(L, f(Sum(J, f(Sum(K, x(L, K)))))),
        Sum(L, f(Sum(J, f(Sum(K, x(J, K)))))),
    ),
    "Σ_i f(Σ_j) and Σ_j f(Σ_i)": (
        Sum(L, f(Sum(J, x(L, J)))),
        Sum(J, f(Sum(L, x(L, J)))),
    ),
    "transposed": (x(L, J), x(J, L)),
    "a trace": (Sum(L, Sum(J, x(L, J))), Sum(L, x(L, L))),
    "other sizes": (Sum(L, x(L)), Sum(M, x(M))),
    "a number for a size": (Sum(A, x(A)), Sum(B, x(B))),
    "the sizes of two sums": (Sum(A, Sum(B, x(A, B))), Sum(A, Sum(B, x(B, A)))),
    "δ over another range": (Sum(M, Delta(M, J) * x(M)), x(J)),
    "bound over another range": (
        Sum(L, Sum(M, Delta(L, M) * x(M))),
        Sum(M, x(M)),
    ),
    "δ with a number beyond": (Sum(A, Delta(A, 3) * x(A)), x(3)),
    "δ with 0": (Sum(A, Delta(A, 0) * x(A)), x(0)),
    "δ with 2 over a name": (Sum(L, Delta(L, 2) * x(L)), x(2)),
    "δ of letters": (Delta(L, J), ONE),
    "δ with an index outside a function": (
        Sum(M, f(Sum(J, Delta(J, M) * x(J)))),
        Sum(M, f(x(M))),
    ),
    "a power": (x() * x(), x()),
    "a sign": (-x(), x()),
    "functions": (apply("exp", x()), apply("log", x())),
    "arguments": (f(x()), f(y())),
    "coefficients": (2 * x(), 3 * x()),
    "inside": (f(2 * x()), f(3 * x())),
    "names": (x(L), y(L)),
    "sizes": (SizeOf("n"), SizeOf("m")),
    "a size and an array": (SizeOf("x"), x()),
    "numbers of indices": (x(1), x(1, 1)),
    "indices": (x(1), x(2)),
    "letters": (x(L), x(J)),
    "π": (Pi(), Num(Fraction(355, 113))),
    "[u > 0] and [-u > 0]": (indicator(x()), indicator(-x())),
    "x/x": (x() * apply("inv", x()), ONE),
    "e^1": (apply("exp", ONE), ONE),
    "ln 1": (apply("log", ONE), ONE),
    "where": (Where(x(), y(), ZERO), Where(x(), ZERO, y())),
    "an exponent inside": (f(x() * x()), f(x())),
    "a sum of one": (Sum(U, x(U)), x()),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal_by_the_ring(name):
    left, right = EQUAL[name]
    assert Ring().equal(left, right)
    assert Ring().equal(right, left)
    assert Ring().equal(substitute(left, {}), right)
    for around in (f, lambda t: Sum(J, f(t) * t), lambda t: Sum(L, t)):
        assert Ring().equal(around(left), around(right))
    ring = Ring()
    assert freeze(ring.normal(left)) == freeze(ring.normal(right))


@pytest.mark.parametrize("name", DIFFERENT)
def test_not_equal_by_the_ring(name):
    left, right = DIFFERENT[name]
    assert not Ring().equal(left, right)
    assert not Ring().equal(right, left)
    assert not Ring().equal(f(left), f(right))
    ring = Ring()
    assert freeze(ring.normal(left)) != freeze(ring.normal(right))


@pytest.mark.parametrize("seed", range(200))
def test_the_normal_form_has_the_value_of_the_term(seed):
    """And so has the term at other indices, and the form with its letters renamed."""
    random = Random(seed)
    terms = Terms(random)
    point, term = terms.point(), terms.term(random.randint(2, 6))
    ring = Ring()
    poly = ring.normal(term)
    assert close(point.value(term), point.poly_value(ring, poly))
    one, other = random.sample(terms.letters, 2)
    there = point.at({one: point.letters[other]})
    moved = substitute(term, {one: other})
    assert close(there.value(term), point.value(moved))
    assert close(there.value(term), point.poly_value(ring, ring.normal(moved)))


@pytest.mark.parametrize(
    "term",
    [
        Num(0.5),
        Num("1"),
        Num(1j),
        x(1.0),
        x("i"),
        x(None),
        Delta(1.0, 1),
        Delta(1, "i"),
        Apply("cosh", ONE),
        3,
        None,
        "x",
        Add((ONE, 2)),
        f(Num(0.0)),
        Sum(1, x(1)),
    ],
)
def test_what_is_no_term_is_refused(term):
    with pytest.raises((TypeError, AttributeError)):
        Ring().normal(term)


def test_a_delta_is_symmetric_whatever_was_met_before():
    ring = Ring()
    for letter in (L, J, K, M):
        for number in range(4):
            assert ring.equal(Delta(letter, number), Delta(number, letter))
            assert ring.equal(Sum(B, Delta(B, letter)), Sum(B, Delta(letter, B)))


def test_a_delta_is_one_whatever_letters_were_met_before():
    ring = Ring()
    letters = tuple(Letter(name, "n") for name in "abc")
    for letter in letters:
        ring.normal(Delta(letter, 5))
    for middle in letters:
        first, last = (x for x in letters if x is not middle)
        one, other = (Sum(i, f(Delta(i, middle) * x())) for i in (first, last))
        assert ring.equal(one, other)
        one, other = (Sum(i, f(f(Delta(i, middle) * x()))) for i in (first, last))
        assert ring.equal(one, other)


def test_true_is_one():
    assert Ring().equal(Num(True) + Num(True), Num(2))


def test_a_normal_form_that_is_too_large_is_given_up(monkeypatch):
    monkeypatch.setattr(module, "MOST_WORK", 12)
    wide = x(1) + x(2) + x(3)
    with pytest.raises(TooLarge):
        Ring().normal(wide * wide * wide)
    assert Ring().normal(wide * wide)
    ring = Ring()
    assert ring.normal(wide * wide)
    with pytest.raises(TooLarge):
        ring.normal(wide * (wide + 0))
    monkeypatch.setattr(module, "MOST_WORK", 8)  # three by three are 9
    with pytest.raises(TooLarge):
        Ring().normal(wide * wide)


def test_the_orders_of_equal_binders_count_as_work(monkeypatch):
    monkeypatch.setattr(module, "MOST_WORK", 720)

    def product(*names):
        letters = [Letter("a", "n") for _ in names]
        return mul(*(Sum(a, Entry(x, (a,))) for a, x in zip(letters, names, strict=True)))

    assert Ring().normal(product(*"uvwxyz"))
    assert Ring().normal(product(*"xxxx"))
    with pytest.raises(TooLarge):
        Ring().normal(product(*"xxxxxx"))
    monkeypatch.setattr(module, "MOST_WORK", 604)  # four products, 120 orders of five factors
    assert Ring().normal(product(*"xxxxx"))
    monkeypatch.setattr(module, "MOST_WORK", 603)
    with pytest.raises(TooLarge):
        Ring().normal(product(*"xxxxx"))


def test_a_term_that_went_away_leaves_no_form_behind():
    """Forms are remembered by the identity of terms, which is used again once they are gone."""
    ring = Ring()
    for k in range(300):
        assert ring.normal(x() + k) == ring.add([ring.normal(x()), ring.normal(Num(k))])


def test_opened():
    ring = Ring()
    ((monomial, coefficient),) = ring.normal(Sum(L, Sum(M, 3 * x(L, M) * y(M)))).items()
    letters = tuple(Letter("z", size) for size in monomial[0])
    scale, factors = ring.opened(monomial, letters)
    found = {ring.atoms[number]: exponent for number, exponent in factors}
    by_size = {letter.size: letter for letter in letters}
    n, m = by_size["n"], by_size["m"]
    assert found == {("entry", "x", n, m): 1, ("entry", "y", m): 1}
    assert (scale, coefficient) == (1, 3)


def test_places_and_mentions():
    ring = Ring()
    ((monomial, _),) = ring.normal(f(Sum(M, x(L, M) * Delta(J, M) * y(2)) + x(1))).items()
    ((_, ((number, _),)),) = [monomial]
    assert sorted(map(str, ring.places(number))) == ["1", "2", "i", "j"]
    assert ring.mentions(number, L)
    assert not ring.mentions(number, K)
    assert ring.function_atom("exp", dict(ring.atoms[number][1])) == number


def test_shape_forgets_the_names_of_letters_alone():
    ring = Ring()

    def shape(*terms):
        return ring.shape(*map(ring.normal, terms))

    assert shape(x(L, J), y(L)) == shape(x(J, K), y(J))
    assert shape(x(L, J)) != shape(x(L, L))
    assert shape(x(L), y(L)) != shape(x(L), y(J))
    assert shape(x(L)) != shape(x(M))
    assert shape(x(L)) != shape(2 * x(L))
    assert shape(f(x(L))) == shape(f(x(J)))
    assert shape(Delta(L, J) * x(L)) == shape(Delta(J, K) * x(K))
    assert shape(Sum(L, x(L))) == shape(Sum(J, x(J)))
    assert shape(x(1)) != shape(x(L))
    assert len(ring.letters(ring.normal(x(L, J) + f(x(K))), ring.normal(x(L)))) == 3


def test_letters_inside_a_function_are_met_in_the_order_in_which_they_stand():
    """Not in that of a set, which differs from run to run."""
    for _ in range(8):
        met = tuple(Letter(name, "n") for name in "abcdef")
        ring = Ring()
        assert ring.letters(ring.normal(f(f(x(*met)) + y(*met[::-1])))) == met


def test_shape_does_not_tell_which_atom_or_letter_was_met_first():
    ring = Ring()
    last, first = Letter("z", "n"), Letter("a", "n")
    for met in (x(J), x(K), y(K), x(last), x(first)):  # numbered in this order
        ring.normal(met)
    assert ring.shape(ring.normal(x(L) * y(J))) == ring.shape(ring.normal(y(K) * x(first)))
    one, other = x(J) * x(K) * x(K), x(last) * x(first) * x(first)
    assert ring.shape(ring.normal(one)) == ring.shape(ring.normal(other))


def test_shape_keeps_the_sizes_of_letters():
    """Whatever names sizes have: those of the letters that shape puts are no user's."""
    ring = Ring()
    own = Letter("p", "i1")
    beyond = Sum(own, Delta(L, own) * x(own))
    assert ring.shape(ring.normal(beyond)) != ring.shape(ring.normal(x(L)))


@pytest.mark.parametrize(
    ("index", "size", "inside"),
    [
        (1, "n", True),
        (2, "n", False),
        (0, "n", False),
        (0, 3, False),
        (-1, 3, False),
        (1, 3, True),
        (3, 3, True),
        (4, 3, False),
        (L, "n", True),
        (L, "m", False),
        (L, 3, False),
        (B, 3, True),
        (B, 2, False),
        (A, 3, False),
    ],
)
def test_within(index, size, inside):
    assert within(index, size) is inside
