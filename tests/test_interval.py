"""The value of a term at a point: exact, or an interval that holds it."""

from decimal import Decimal, getcontext
from fractions import Fraction
from time import perf_counter

import mpmath
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.term.terms import (
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
    Term,
    Where,
    add,
    apply,
    mul,
)
from gradcheck_sym.values import interval
from gradcheck_sym.values.evaluator import Evaluator, Point, TooDear
from gradcheck_sym.values.interval import (
    Arithmetic,
    Interval,
    Undefined,
    apart,
    ends,
    is_positive,
)

I_, J, K = Letter("i", "n"), Letter("j", 3), Letter("k", "n")
P = Letter("p", "n")
SIZES = {"n": 2}
DEFINED = {
    "z": Definition((K,), Sum(J, Entry("x", (K, J)) * Entry("w", (J,)))),
    "a": Definition((K,), apply("inv", 1 + apply("exp", -Entry("z", (K,))))),
}
DIGITS = 60
FUNCTIONS = ("inv", "exp", "log", "sqrt", "sin", "cos", "erf")


def rationals():
    return st.sampled_from([Fraction(v) for v in ("0", "1", "1/2", "-1", "1/3", "-2/7", "3", "10")])


def points():
    names = st.sampled_from(["x", "w", "c"])
    keys = st.sampled_from(
        [("c",), ("w", 1), ("w", 3), ("w", 4), ("x", 1, 1), ("x", 2, 3), ("x", 2, 2)]
    )
    return st.builds(Point, st.dictionaries(keys, rationals()), st.dictionaries(names, rationals()))


def terms(letters: tuple[Letter, ...]):
    of_n = [x for x in letters if x.size == "n"]
    of_3 = [x for x in letters if x.size == 3]
    leaves = st.one_of(
        st.builds(Num, rationals()),
        st.sampled_from([Pi(), SizeOf("n"), Entry("c")]),
        st.builds(Entry, st.just("w"), st.tuples(st.sampled_from([*of_3, 1, 3]))),
        st.builds(
            Entry, st.just("x"), st.tuples(st.sampled_from([*of_n, 2]), st.sampled_from([*of_3, 2]))
        ),
        st.builds(Entry, st.sampled_from("za"), st.tuples(st.sampled_from([*of_n, 1]))),
        st.builds(Delta, st.sampled_from([*letters, 1]), st.sampled_from([*letters, 2])),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(add, inner, inner),
            st.builds(mul, inner, inner),
            st.builds(mul, inner, inner, inner),
            st.builds(lambda u: u * u, inner),
            st.builds(apply, st.sampled_from(FUNCTIONS), inner),
            st.builds(Sum, st.sampled_from([I_, J]), inner),
            st.builds(Where, inner, inner, inner),
        ),
        max_leaves=12,
    )


def reference(term: Term, point: Point, letters) -> mpmath.mpf:
    """The same value, by floating point with many digits, and by no other shortcuts."""

    def number(index):
        return letters[index] if isinstance(index, Letter) else index

    def of(part, more=None):
        return reference(part, point, {**letters, **(more or {})})

    match term:
        case Num(value):
            return mpmath.mpf(value.numerator) / value.denominator
        case Pi():
            return +mpmath.pi
        case SizeOf(name):
            return mpmath.mpf(SIZES[name])
        case Delta(left, right):
            return mpmath.mpf(number(left) == number(right))
        case Entry(name, indices) if name in DEFINED:
            numbers = dict(zip(DEFINED[name].letters, map(number, indices), strict=True))
            return reference(DEFINED[name].value, point, numbers)
        case Entry(name, indices):
            key = (name, *map(number, indices))
            value = Fraction(point.values.get(key, point.everywhere.get(name, 0)))
            return mpmath.mpf(value.numerator) / value.denominator
        case Add(parts):
            return mpmath.fsum(map(of, parts))
        case Mul(parts):
            return mpmath.fprod(map(of, parts))
        case Sum(index, body):
            size = SIZES.get(index.size, index.size)
            return mpmath.fsum(of(body, {index: k}) for k in range(1, size + 1))
        case Where(u, yes, no):
            value = of(u)
            assume(value == 0 or abs(value) > mpmath.mpf(10) ** -20)
            return of(yes) if value > 0 else of(no)
        case Apply("inv", u):
            return 1 / of(u) if of(u) else mpmath.mpf(0)
        case Apply("log", u):
            return mpmath.log(of(u)) if of(u) > 0 else mpmath.mpf(0)
        case Apply("sqrt", u):
            return mpmath.sqrt(max(of(u), 0))
        case Apply(name, u):
            value = of(u)
            assume(name not in ("sin", "cos") or abs(value) < 10**6)  # else its digits are lost
            return getattr(mpmath, name)(value)
    raise AssertionError(term)


def as_mpf(end) -> mpmath.mpf:
    return (
        mpmath.mpf(str(end))
        if isinstance(end, Decimal)
        else mpmath.mpf(end.numerator) / end.denominator
    )


@settings(max_examples=600, deadline=None)
@given(terms((I_, J, P)), points(), st.sampled_from([4, 17, 40]))
def test_the_interval_holds_the_value(term, point, precision):
    letters = {P: 2, I_: 1, J: 3}
    evaluator = Evaluator(DEFINED, point, SIZES, precision)
    try:
        low, high = ends(evaluator.value(term, letters))
    except ArithmeticError:
        assume(False)
    assert low <= high
    with mpmath.workdps(DIGITS):
        expected = reference(term, point, letters)
        slack = mpmath.mpf(10) ** -50 * (1 + abs(expected))
        assert as_mpf(low) - slack <= expected <= as_mpf(high) + slack


decimals = st.decimals(-12, 12, places=6) | st.decimals("1e-30", "1e-5", allow_nan=False)


@settings(max_examples=300, deadline=None)
@given(decimals, decimals, st.sampled_from(FUNCTIONS), st.integers(2, 60))
def test_functions_are_enclosed_tightly(one, other, name, precision):
    """On [low, high], at both ends and between them; at a number within a few units."""
    arithmetic = Arithmetic(precision)
    low, high = (arithmetic.interval(Fraction(x)) for x in sorted((one, other)))
    u = Interval(low.low, high.high)
    function = {"inv": lambda x: 1 / x}.get(name) or getattr(mpmath, name)
    try:
        found = arithmetic.function(name, u)
    except Undefined:
        assert u.low <= 0
        return
    with mpmath.workdps(DIGITS + 40):
        least, most = map(as_mpf, ends(found))
        for x in (as_mpf(u.low), as_mpf(u.high), (as_mpf(u.low) + as_mpf(u.high)) / 2):
            slack = mpmath.mpf(10) ** -(DIGITS + 20) * (1 + abs(function(x)))
            assert least - slack <= function(x) <= most + slack
        if one > 0:
            least, most = map(as_mpf, ends(arithmetic.function(name, Fraction(one))))
            assert most - least <= mpmath.mpf(10) ** (4 - precision) * max(abs(least), abs(most))


def test_the_digits_of_pi():
    """The constant is π cut off, so that π lies between it and the next number."""
    with mpmath.workdps(300):
        low, high = mpmath.mpf(interval.DIGITS_OF_PI), mpmath.pi
        gap = mpmath.mpf(10) ** -(len(interval.DIGITS_OF_PI) - 2)
        assert low < high < low + gap
        for precision in (1, 3, 40, 146, 147, 148, 149, 150, 280):
            least, most = Arithmetic(precision).pi
            assert as_mpf(least) < mpmath.pi < as_mpf(most)


@pytest.mark.parametrize("x", ["1e-40", "0.1", "1", "3.3", "9", "10.9", "10.96", "40", "1e9"])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_error_function(x, sign):
    low, high = Arithmetic(40).function("erf", sign * Fraction(x))
    with mpmath.workdps(200):
        value = mpmath.erf(sign * mpmath.mpf(x))
        assert as_mpf(low) <= value <= as_mpf(high)
        assert as_mpf(high) - as_mpf(low) <= mpmath.mpf(10) ** -36 * abs(value)
        assert -1 <= low <= high <= 1


@pytest.mark.parametrize("precision", [1, 2, 3])
def test_few_digits_hold_the_error_function_as_well(precision):
    for k in range(1, 300):
        low, high = Arithmetic(precision).function("erf", Fraction(k, 100))
        assert as_mpf(low) < mpmath.erf(mpmath.mpf(k) / 100) < as_mpf(high)


@pytest.mark.parametrize(
    ("precision", "x", "low", "high"),
    [
        (1, "0.03", "0.01", "0.2"),
        (3, "1.33", "0.906", "0.985"),
        (5, "2.3247", "0.99802", "0.99993"),
        (6, "2.66298", "0.999704", "0.999989"),
    ],
)
def test_the_error_function_takes_no_term_that_the_digits_do_not_tell(precision, x, low, high):
    """Each further one would widen the interval: it is rounded outward."""
    least, most = Arithmetic(precision).function("erf", Fraction(x))
    assert Decimal(low) <= least < most <= Decimal(high)


@pytest.mark.parametrize(("precision", "x"), [(1, "2"), (2, "2.5"), (5, "3.9"), (12, "6.01")])
def test_beyond_its_digits_the_error_function_is_1_but_for_the_last(precision, x):
    low, high = Arithmetic(precision).function("erf", Fraction(x))
    assert (low, high) == (1 - Decimal(10) ** -precision, 1)


def test_rational_arithmetic_is_exact():
    x = Entry("x", (P, J))
    evaluator = Evaluator({}, Point(everywhere={"x": Fraction(1, 3)}), {"n": 7})
    assert evaluator.value(Sum(J, x) / SizeOf("n"), {P: 1}) == Fraction(1, 7)
    assert evaluator.value(apply("sqrt", x * x + Fraction(1, 3)), {P: 1, J: 1}) == Fraction(2, 3)
    for name, u, known in (
        ("exp", 0, 1),
        ("erf", 0, 0),
        ("log", 1, 0),
        ("sin", 0, 0),
        ("cos", 0, 1),
    ):
        assert evaluator.value(apply(name, u)) == known


def test_a_rational_that_grows_becomes_an_interval():
    """Squaring many times does not fill the memory."""
    value = Num(Fraction(10, 3))
    for _ in range(15):
        value = value * value
    low, high = Evaluator({}, Point(), {}, 60).value(value)
    assert 0 < low < high < low * Decimal("1.000001")


@pytest.mark.parametrize("factor", [Fraction(2), Fraction(1, 2)])
def test_a_rational_stays_exact_up_to_the_limit(factor):
    """A bit for the 1 above or below: 600 bits are exact, 601 are not."""
    arithmetic = Arithmetic(9)
    longest = factor**598
    assert arithmetic.add(longest, 0) == longest == arithmetic.mul(factor, factor**597)
    assert isinstance(arithmetic.add(longest * factor, 0), Interval)
    assert isinstance(arithmetic.mul(factor, longest), Interval)


@pytest.mark.parametrize(
    "term",
    [
        apply("inv", Entry("c")),
        apply("inv", apply("exp", Num(1)) - apply("exp", Num(1))),
        apply("log", Entry("c")),
        apply("log", Num(-1)),
        apply("log", apply("exp", Num(1)) - apply("exp", Num(1))),
        apply("sqrt", Num(-1)),
        apply("sqrt", apply("exp", Num(1)) - apply("exp", Num(1))),
        Sum(I_, apply("inv", Entry("x", (I_, 1)))),
    ],
)
def test_what_may_not_be_defined_has_no_value(term):
    with pytest.raises(Undefined):
        Evaluator({}, Point(), SIZES).value(term)


def test_an_exponential_out_of_reach_is_an_error_and_a_small_one_is_not():
    with pytest.raises(ArithmeticError):
        Evaluator({}, Point(), {}).value(apply("exp", Num(10**7)))
    low, high = Evaluator({}, Point(), {}).value(apply("exp", Num(-(10**7))))
    assert low == 0 < high < Decimal("1e-999000")


def test_an_unknown_function_has_no_value():
    with pytest.raises(LookupError):
        Arithmetic(5).function("tan", 1)


def test_nothing_times_an_interval_is_exactly_0():
    arithmetic = Arithmetic(5)
    wide = Interval(Decimal(-1), Decimal(3))
    assert arithmetic.mul(0, wide) == 0 == arithmetic.mul(wide, 0)


def test_a_factor_that_is_zero_ends_a_product():
    evaluator = Evaluator({}, Point(), SIZES)
    assert evaluator.value(apply("log", Num(-1)) * Entry("c")) == 0


def test_both_branches_count_where_the_border_is_not_decided():
    nothing = apply("exp", Num(1)) - apply("exp", Num(1))
    evaluator = Evaluator({}, Point(), SIZES)
    low, high = evaluator.value(Where(nothing, Num(5), Num(-5)))
    assert (low, high) == (-5, 5)
    assert evaluator.value(Where(Num(1), Num(5), apply("inv", Num(0)))) == 5
    assert evaluator.value(Where(Num(0), apply("inv", Num(0)), Num(-5))) == -5
    with pytest.raises(Undefined):
        evaluator.value(Where(nothing, apply("inv", Num(0)), Num(-5)))


def test_a_sum_ends_at_its_bound_though_the_point_goes_further():
    """An input beyond the sum's range is not in the sum, and δ does not reach beyond it."""
    point = Point({("w", 1): 1, ("w", 4): 10, ("v", 4): 10})
    evaluator = Evaluator({}, point, SIZES)
    assert evaluator.value(Sum(J, Entry("w", (J,)))) == 1
    assert evaluator.value(Sum(J, Delta(J, 4) * Entry("v", (J,)))) == 0
    assert evaluator.value(Sum(J, Delta(J, J))) == 3


def test_one_entry_that_differs_is_seen_through_the_names():
    """What is evaluated once for all values of an index does not depend on it."""
    everywhere = {"x": 1, "w": 1}
    same = Evaluator(DEFINED, Point({}, everywhere), SIZES)
    other = Evaluator(DEFINED, Point({("x", 2, 1): 5}, everywhere), SIZES)
    assert [same.value(Entry("z", (k,))) for k in (1, 2)] == [3, 3]
    assert [other.value(Entry("z", (k,))) for k in (1, 2)] == [3, 7]
    assert other.value(Sum(I_, Entry("z", (I_,)))) == 10
    assert same.varies(Entry("a", (P,))) == ()
    assert other.varies(Entry("a", (P,))) == (P,)


def test_an_index_out_of_a_definition_s_range_is_an_error():
    with pytest.raises(LookupError):
        Evaluator(DEFINED, Point(), SIZES).value(Entry("z", (3,)))


def test_a_large_network_at_a_point_of_equal_entries_takes_no_time():
    i, k, m = Letter("i", 64), Letter("k", 512), Letter("l", 784)
    defined = {
        "z": Definition((i, k), Sum(m, Entry("X", (i, m)) * Entry("W", (m, k)))),
        "a": Definition((i, k), apply("inv", 1 + apply("exp", -Entry("z", (i, k))))),
    }
    point = Point(everywhere={"X": Fraction(1, 2), "W": Fraction(1, 1024)})
    start = perf_counter()
    low, high = Evaluator(defined, point, {}, most_work=30).value(
        Sum(i, Sum(k, Entry("a", (i, k))))
    )
    assert perf_counter() - start < 1
    assert 64 * 512 / 2 < low <= high < 64 * 512


def test_too_much_work_is_refused():
    huge = Letter("h", 10**9)
    with pytest.raises(TooDear):
        Evaluator({}, Point({("x", 1): 1}, {"x": 2}), {}, most_work=1000).value(
            Sum(huge, Entry("x", (huge,)))
        )


def test_shared_terms_are_evaluated_once():
    value = Entry("c")
    for _ in range(50):
        value = value + value * Fraction(1, 4) + value
    assert not isinstance(Evaluator({}, Point(), {}, most_work=1000).value(value), Interval)


def test_the_decimal_context_of_the_caller_does_not_matter():
    getcontext().prec, kept = 3, getcontext().prec
    try:
        low, high = Arithmetic(40).function("erf", Fraction(-1, 3))
    finally:
        getcontext().prec = kept
    with mpmath.workdps(60):
        assert as_mpf(low) < mpmath.erf(-mpmath.mpf(1) / 3) < as_mpf(high)
    assert high - low < Decimal("1e-36")


def test_signs_and_distances():
    between = Interval(Decimal(-1), Decimal(1))
    assert [is_positive(v) for v in (1, 0, -1, between)] == [True, False, False, None]
    assert is_positive(Interval(Decimal(-1), Decimal(0))) is False
    assert apart(between, 2)
    assert apart(2, between)
    assert apart(Fraction(-4, 3), between)
    assert apart(between, Fraction(-4, 3))
    assert not apart(between, 1)
    assert not apart(Fraction(1, 3), Fraction(1, 3))


@given(*[st.integers(-3, 3)] * 4)
@example(-1, 2, 1, 3)
@example(1, 3, -1, 2)
@example(-2, 1, -1, 3)
def test_wide_intervals_are_multiplied_and_added_end_by_end(a, b, c, d):
    arithmetic = Arithmetic(5)
    (a, b), (c, d) = sorted((a, b)), sorted((c, d))
    one, other = Interval(Decimal(a), Decimal(b)), Interval(Decimal(c), Decimal(d))
    products = [x * y for x in (a, b) for y in (c, d)]
    assert arithmetic.mul(one, other) == (min(products), max(products))
    assert arithmetic.add(one, other) == (a + c, b + d)
    assert arithmetic.hull(one, other) == (min(a, c), max(b, d))


def test_a_root_is_exact_if_it_is_a_fraction():
    arithmetic = Arithmetic(3)
    assert arithmetic.function("sqrt", Fraction(9, 16)) == Fraction(3, 4)
    for square in (Fraction(3, 4), Fraction(4, 3)):
        low, high = arithmetic.function("sqrt", square)
        assert 0 < Fraction(low) ** 2 < square < Fraction(high) ** 2


def test_a_third_lies_between_two_decimals_wherever_it_comes_from():
    arithmetic = Arithmetic(3)
    third = arithmetic.interval(Fraction(1, 3))
    more, twice = ((Decimal(a), Decimal(b)) for a, b in (("1.33", "1.34"), ("0.666", "0.668")))
    assert third == (Decimal("0.333"), Decimal("0.334"))
    assert arithmetic.function("inv", Interval(Decimal(3), Decimal(3))) == third
    assert arithmetic.add(third, 1) == more == arithmetic.add(1, third)
    assert arithmetic.mul(third, 2) == twice == arithmetic.mul(2, third)


def test_the_root_of_zero_is_zero():
    assert Arithmetic(20).function("sqrt", 0) == 0
    assert Arithmetic(20).function("sqrt", Interval(Decimal(0), Decimal(4))).low == 0
