"""The search for points: where conditions hold together, and where a claim fails."""

from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import mpmath
import pytest
from hypothesis import given, settings

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Definition, Hypothesis, Statement
from gradcheck_sym.checker.witness import Place, holds_at
from gradcheck_sym.refuter import (
    assumed,
)
from gradcheck_sym.refuter.assumed import Assumed
from gradcheck_sym.refuter.bounds import show_both
from gradcheck_sym.refuter.inputs import Reader, shapes
from gradcheck_sym.refuter.memory import Memory
from gradcheck_sym.refuter.places import as_point
from gradcheck_sym.refuter.points import FEW_TRIES, QUICK_TRIES, THOROUGH_TRIES
from gradcheck_sym.refuter.search import Search
from gradcheck_sym.refuter.witnesses import find_witness
from gradcheck_sym.term.terms import (
    ONE,
    ZERO,
    Delta,
    Entry,
    Letter,
    Size,
    Sum,
    Term,
    Where,
    apply,
    size_term,
)
from gradcheck_sym.term.walks import substitute
from gradcheck_sym.values.evaluator import Evaluator, Point
from gradcheck_sym.values.interval import Interval, apart, ends
from gradcheck_sym.verdict import Bounds
from tests.separating import find_point
from tests.test_interval import DEFINED, I_, J, reference, terms
from tests.test_interval import P as X_P


def sigmoid(u: Term) -> Term:
    return apply("inv", 1 + apply("exp", -u))


def relu(u: Term) -> Term:
    return Where(u, u, ZERO)


def network(widths, n, hidden=relu, output=sigmoid) -> dict[str, Definition]:
    """Z_1 = X W_1 + b_1, A_1 = hidden(Z_1), … as definitions."""
    defined, source = {}, "X"
    for layer, (wide, high) in enumerate(pairwise(widths), start=1):
        i, k, m = Letter("i", n), Letter("k", high), Letter("m", wide)
        total = Sum(m, Entry(source, (i, m)) * Entry(f"W_{layer}", (m, k)))
        defined[f"Z_{layer}"] = Definition((i, k), total + Entry(f"b_{layer}", (k,)))
        i, k = Letter("i", n), Letter("k", high)
        phi = hidden if layer < len(widths) - 1 else output
        source = f"A_{layer}"
        defined[source] = Definition((i, k), phi(Entry(f"Z_{layer}", (i, k))))
    return defined


def at(name: str, *sizes: Size) -> Entry:
    return Entry(name, tuple(Letter(f"i{k}", size) for k, size in enumerate(sizes)))


def bce(n, t) -> Term:
    i, j = Letter("i", n), Letter("j", t)
    a, y = Entry("A_2", (i, j)), Entry("Y", (i, j))
    return -Sum(i, Sum(j, y * apply("log", a) + (1 - y) * apply("log", 1 - a)))


def rows(n, t) -> Hypothesis:
    i, j = Letter("i", n), Letter("j", t)
    return Hypothesis((i,), Sum(j, Entry("Y", (i, j))), ONE)


def binary(n, t) -> Hypothesis:
    y = at("Y", n, t)
    return Hypothesis(y.indices, y * y, y)


def signs(n, t) -> Hypothesis:
    y = at("Y", n, t)
    return Hypothesis(y.indices, 1 - y**2, ZERO)


SMALL, NAMED, LARGE = (4, 3, 5, 3), ("m", "d", "t", "n"), (784, 512, 10, 64)
every_size = pytest.mark.parametrize("dims", [SMALL, NAMED, LARGE])


def found(conditions, dims, output=sigmoid, loss=None, **more):
    *widths, n = dims
    defined = network(widths, n, output=output)
    statement = Statement(defined, loss or bce(n, widths[-1]), "c", (), ONE, **more)
    witness = find_witness(statement, conditions)
    assert witness is None or holds_at(witness, statement, conditions)
    return witness


@every_size
def test_a_point_away_from_all_kinks(dims):
    """No unit of the hidden layer is at its kink, for any example."""
    assert found([Obligation(at("Z_1", dims[3], dims[1]), "≠")], dims)


@every_size
@pytest.mark.parametrize(
    "hypotheses", [(), (rows,), (binary,), (rows, binary), (signs,)], ids=lambda hs: str(len(hs))
)
def test_outputs_between_0_and_1_without_a_sigmoid(dims, hypotheses):
    n, t = dims[3], dims[2]
    a = at("A_2", n, t)
    needs = (Obligation(a, ">"), Obligation(1 - a, ">"))
    conditions = [Obligation(at("Z_1", n, dims[1]), "≠")]
    assumed_here = tuple(h(n, t) for h in hypotheses)
    more = {"needs": needs, "hypotheses": assumed_here, "positive": frozenset({"lam"})}
    assert found(conditions, dims, output=lambda u: u, **more)


@every_size
def test_targets_other_than_0_and_1(dims):
    y = at("Y", dims[3], dims[2])
    assert found([Obligation(y, "≠"), Obligation(1 - y, "≠")], dims)
    y = at("Y", 3, 5)
    assert not found(
        [Obligation(y, "≠"), Obligation(1 - y, "≠")], SMALL, hypotheses=(binary(3, 5),)
    )


@every_size
def test_different_signs_and_different_rows(dims):
    n = dims[3]
    one, other = Entry("Z_1", (1, 1)), Entry("Z_1", (2, 1))
    loss = Entry("c")
    plain = {"output": lambda u: u, "loss": loss}
    assert found([Obligation(one, ">"), Obligation(-other, ">")], dims, **plain)
    i, m = Letter("i", n), Letter("m", n)
    z = Entry("Z_1", (i, 1))
    variance = Sum(i, (z - Sum(m, Entry("Z_1", (m, 1))) / size_term(n)) ** 2)
    assert found([Obligation(variance, ">")], dims, **plain)
    rows_differ = z - Entry("Z_1", (m, 1)) + Delta(i, m)
    assert found([Obligation(rows_differ, "≠")], dims, **plain)


def test_conditions_that_contradict_each_other_have_no_point():
    c = Entry("c")
    assert not found([Obligation(c, ">"), Obligation(-c, ">")], NAMED)
    assert not found([Obligation(c, ">")], NAMED, hypotheses=(Hypothesis((), c * c, -c - 10),))


def test_the_kinds_of_hypotheses_are_recognised_however_they_are_written():
    y = at("Y", "n", "t")
    i, j = Letter("i", "n"), Letter("j", "t")
    columns = Hypothesis((j,), 2 - Sum(i, Entry("Y", (i, j))), ONE)
    assert assumed.assumed([rows("n", "t"), binary("n", "t")]) == Assumed({"Y": 1}, {"Y"})
    assert assumed.assumed([signs("n", "t"), columns]) == Assumed({"Y": 0}, set(), {"Y"})
    other = [Hypothesis(y.indices, y * y * y, y), Hypothesis(y.indices, y, ONE)]
    assert assumed.assumed(other) == Assumed()


def test_the_shapes_of_free_arrays_are_read_off_their_indices():
    defined = network((4, "d", 2), "n")
    assert shapes(defined, Entry("v", (3,)), Entry("v", (5,)), bce("n", 2)) == {
        "X": ("n", 4),
        "Y": ("n", 2),
        **{"W_1": (4, "d"), "b_1": ("d",), "W_2": ("d", 2), "b_2": (2,)},
        "v": (5,),
    }


def test_inputs_are_read_in_order_and_those_that_delta_hides_are_not():
    defined = network((1, 1), 2)
    i, p = Letter("i", 2), Letter("p", 2)
    term = Sum(i, Delta(i, p) * Entry("A_1", (i, 1)) * Entry("c")) + Entry("v", (p,))
    read = list(Reader(defined, {}).read([(term, {p: 2})]))
    assert read == [("c",), ("v", 2), ("X", 2, 1), ("W_1", 1, 1), ("b_1", 1)]


def test_what_is_shared_is_read_once_for_each_number_of_its_letters():
    shared = Sum(I_, Entry("x", (I_, J))) + Entry("y", (J,))
    for _ in range(60):
        shared = shared * Entry("a") + shared * Entry("b")
    read = list(Reader({}, {"n": 2}).read([(shared, {J: 1}), (shared, {J: 3})]))
    of_first = {("x", 1, 1), ("x", 2, 1), ("y", 1), ("a",), ("b",)}
    assert set(read[:5]) == of_first
    assert set(read[5:]) == {("x", 1, 3), ("x", 2, 3), ("y", 3)}


def test_half_of_what_is_assumed_is_made_to_hold():
    known = assumed.assumed([rows(2, 3), binary(2, 3)], frozenset({"lam"}))
    point = {("Y", 1, 2): Fraction(3), ("Y", 1, 3): Fraction(1), ("W", 1): Fraction(2)}
    arrays = {"Y": (2, 3), "lam": (), "W": (2,)}
    assert known.admitted(point, arrays, {}) == {
        ("W", 1): 2,
        ("Y", 1, 2): 1,
        ("Y", 2, 3): 1,
        ("lam",): 1,
    }


# Where a claim fails ---------------------------------------------------------------------------

c, u, v, w = (Entry(name) for name in "cuvw")
EXP, LOG, SQRT = ((lambda t, name=name: apply(name, t)) for name in ("exp", "log", "sqrt"))
P = Letter("p", "n")


def x(index) -> Entry:
    return Entry("x", (index,))


def over(index: Letter, body: Term) -> Sum:
    return Sum(index, body)


def test_zeros_are_tried_first():
    point = find_point(EXP(u) + c, c + 2, (), {})
    assert point.values == {}
    assert (point.left, point.right) == (Bounds("1", "1"), Bounds("2", "2"))


def test_then_one_input_that_is_one():
    assert find_point(u * w + v, u * w, (), {}).values == {"v": 1}


@pytest.mark.parametrize(
    ("left", "right", "inputs"),
    [
        (u * v * c, -u * v * c, 3),
        (over(P, x(P) * x(1)), over(P, x(P) ** 2), 2),
        (EXP(u * v) + c, EXP(v) * u + c, 0),
        (EXP(u * v) * u, EXP(v) * u, 2),
    ],
)
def test_a_point_has_no_input_that_is_needless(left, right, inputs):
    assert len(find_point(left, right, (), {}).values) <= inputs


def test_the_smallest_sizes_that_show_a_difference_are_found():
    """n (n − 1) (n − 2) is zero for n = 1 and 2."""
    n = size_term("n")
    assert find_point(n * (n - 1) * (n - 2), ZERO, (), {}).sizes == {"n": 3}
    assert find_point(over(P, x(P)), x(1), (), {}).sizes == {"n": 2}


def test_a_free_index_gets_a_number_within_its_range():
    point = find_point(x(P), x(1), (P,), {})
    assert point.indices == {"p": 2}
    assert point.sizes == {"n": 2}
    looking = Search(x(P), x(1), (P,), {})
    assert looking.find({P: 1}, THOROUGH_TRIES) is None
    found = looking.find({P: 3}, THOROUGH_TRIES)
    assert (found.indices, found.values) == ({}, {"x[3]": 1})


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (EXP(u + v), EXP(u) * EXP(v)),
        (over(P, x(P) + u), over(P, x(P)) + size_term("n") * u),
        (over(P, x(P)) ** 2, over(P, over(Q_ := Letter("q", "n"), x(P) * x(Q_)))),
        (u / u, ONE),
        (EXP(LOG(u)), u),
        (SQRT(u) ** 2, u),
        (u * (c + 1) / u, c + 1),
        (over(P, x(P) * (c + 1) / x(P)), size_term("n") * (c + 1)),
        (Where(u, v, ZERO) / u, Where(u, v / u, ZERO)),
    ],
)
def test_what_is_equal_where_it_is_meant_has_no_point(left, right):
    """0 · (1/0) is no value to compare with."""
    assert find_point(left, right, (), {}) is None


def test_a_point_is_where_all_that_is_needed_holds():
    kinked = Where(u * v, u, -u)
    point = find_point(kinked, u + c, (), {}, needs=[Obligation(u * v, "≠")])
    assert point.values["u"] * point.values["v"] != 0
    never = [Obligation(u, ">"), Obligation(-u, ">")]
    assert find_point(u, v, (), {}, needs=never) is None
    guarded = [Obligation(c, ">", ((u, True),)), Obligation(-c, ">", ((u, False),))]
    values = find_point(u * c, ZERO, (), {}, needs=guarded).values
    assert (values["u"] > 0) == (values["c"] > 0)


def test_a_point_keeps_to_the_hypotheses():
    """y² − y + Σ y differs from 1 only where y is not as assumed."""
    i, j, k = Letter("i", "n"), Letter("j", "t"), Letter("k", "t")
    y = Entry("Y", (i, j))
    side = y * y - y + over(k, Entry("Y", (i, k)))
    both = [rows("n", "t"), binary("n", "t")]
    assert find_point(side, ONE, (i, j), {}, both) is None
    assert find_point(side, ONE, (i, j), {}, both[:1])
    assert find_point(side, ONE, (i, j), {}, both[1:])
    point = find_point(side + c, ONE, (i, j), {}, both)
    size = point.sizes["n"]
    assert sorted(point.values.values()) == [1] * (size + 1)
    assert find_point(y * y, ONE, (i, j), {}, [signs("n", "t")]) is None
    assert set(find_point(y, ONE, (i, j), {}, [signs("n", "t")]).values.values()) == {-1}
    assert find_point(u, c, (), {}, positive=frozenset({"u"})).values["u"] > 0


@pytest.mark.parametrize("border", [20, -20, 7, Fraction(41, 2)])
def test_an_error_beyond_a_border_is_found(border):
    """The numbers that a formula compares with are tried."""
    assert find_point(Where(u - border, v, ZERO), Where(u - border, 2 * v, ZERO), (), {})
    product = u * w - border
    assert find_point(Where(product, v, ZERO), Where(product, 2 * v, ZERO), (), {})


def test_an_error_between_two_borders_is_found():
    inside = Where(u - 20, Where(Fraction(81, 4) - u, ONE, ZERO), ZERO)
    assert find_point(inside, ZERO, (), {}).values == {"u": Fraction(161, 8)}


def test_a_difference_that_few_digits_do_not_show_is_found():
    near = 1 + Fraction(1, 10**30)
    point = find_point(EXP(u) * near, EXP(u), (), {})
    assert point.values == {}
    point = find_point(EXP(u) * u * near, EXP(u) * u, (), {})
    assert point.values == {"u": 1}
    assert Decimal(point.left.low) > Decimal(point.right.high)


# The network of the source: sigmoid and cross-entropy, or relu -----------------------------------


def gradients(dims, hidden):
    """The slopes by name, and ∂J/∂W_2 and ∂J/∂W_1 as they follow from them; what these need."""
    *(m, d, t), n = dims
    defined = network((m, d, t), n, hidden)
    i, j, k = Letter("i", n), Letter("j", t), Letter("k", d)
    a, y = Entry("A_2", (i, j)), Entry("Y", (i, j))
    slope = (-y / a + (1 - y) / (1 - a)) * a * (1 - a)
    defined["slope_Z_2"] = Definition((i, j), slope)
    back = Sum(j, Entry("slope_Z_2", (i, j)) * Entry("W_2", (k, j)))
    z, h = Entry("Z_1", (i, k)), Entry("A_1", (i, k))
    phi = h * (1 - h) if hidden is sigmoid else Where(z, ONE, ZERO)
    defined["slope_Z_1"] = Definition((i, k), back * phi)
    p, q, r = Letter("p", d), Letter("q", t), Letter("r", m)
    outer = Sum(i, Entry("A_1", (i, p)) * Entry("slope_Z_2", (i, q)))
    inner = Sum(i, Entry("X", (i, r)) * Entry("slope_Z_1", (i, k)))
    away = () if hidden is sigmoid else (Obligation(at("Z_1", n, d), "≠"),)
    return defined, {"W_2": ((p, q), outer, ()), "W_1": ((r, k), inner, away)}


def claims(dims, hidden):
    """What the source claims."""
    *(m, d, t), n = dims
    i, j, k = Letter("i", n), Letter("j", t), Letter("k", d)
    p, q, r = Letter("p", d), Letter("q", t), Letter("r", m)
    delta = Entry("A_2", (i, q)) - Entry("Y", (i, q))
    delta_j = Entry("A_2", (i, j)) - Entry("Y", (i, j))
    z, h = Entry("Z_1", (i, k)), Entry("A_1", (i, k))
    phi = h * (1 - h) if hidden is sigmoid else Where(z, ONE, ZERO)
    back = Sum(j, delta_j * Entry("W_2", (k, j))) * phi
    return {
        "W_2": ((p, q), Sum(i, Entry("A_1", (i, p)) * delta)),
        "W_1": ((r, k), Sum(i, Entry("X", (i, r)) * back)),
    }


WRONG = {
    "sign": lambda g: -g,
    "factor": lambda g: 2 * g,
    "term": lambda g: g + Fraction(1, 1000),
    "root": lambda g: apply("sqrt", g * g),
}


@every_size
@pytest.mark.parametrize("hidden", [sigmoid, relu])
@pytest.mark.parametrize("wrt", ["W_2", "W_1"])
@pytest.mark.parametrize("error", WRONG)
def test_an_error_in_a_gradient_is_found(dims, hidden, wrt, error):
    defined, derived = gradients(dims, hidden)
    letters, left, needs = derived[wrt]
    own, right = claims(dims, hidden)[wrt]
    right = substitute(right, dict(zip(own, letters, strict=True)))
    point = find_point(left, WRONG[error](right), letters, defined, needs=needs)
    assert point.indices.keys() == {letter.name for letter in letters}
    if dims != LARGE:
        recheck(point, left, WRONG[error](right), letters, defined, needs)
    elif needs:
        assert point.values.keys() & {"X", "W_1"} == {"X", "W_1"}
    else:
        assert len(point.values) <= 4 or error == "root"


@pytest.mark.parametrize("hidden", [sigmoid, relu])
@pytest.mark.parametrize("wrt", ["W_2", "W_1"])
def test_no_error_is_found_where_there_is_none(hidden, wrt):
    defined, derived = gradients((2, 2, 2, 2), hidden)
    letters, left, needs = derived[wrt]
    own, right = claims((2, 2, 2, 2), hidden)[wrt]
    right = substitute(right, dict(zip(own, letters, strict=True)))
    looking = Search(left, right, letters, defined, needs=needs)
    assert looking.find({}, QUICK_TRIES) is None


def recheck(point, left, right, letters, defined, needs) -> None:
    """The two numbers again, from what is shown, in another precision."""
    values = {}
    for shown, value in point.values.items():
        name, _, places = shown.rstrip("]").partition("[")
        values[name, *(int(k) for k in places.split(",") if k)] = value
    evaluator = Evaluator(defined, Point(values), point.sizes, 55)
    numbers = {letter: point.indices[letter.name] for letter in letters}
    place = Place(evaluator)
    assert all(map(place.satisfies, needs))
    sides = [evaluator.value(side, numbers) for side in (left, right)]
    assert apart(*sides)
    for shown, side in zip((point.left, point.right), sides, strict=True):
        low, high = ends(side)
        assert Fraction(shown.low) <= high
        assert low <= Fraction(shown.high)
    assert Fraction(point.left.high) < Fraction(point.right.low) or (
        Fraction(point.right.high) < Fraction(point.left.low)
    )


def test_each_entry_is_found_fast_once_one_is():
    """What served one entry serves the next, in one memory."""
    defined, derived = gradients(SMALL, sigmoid)
    (r, k), left, _ = derived["W_1"]
    memory = Memory()
    looking = Search(left, -left, (r, k), defined, memory=memory)
    for number in range(1, 5):
        for unit in range(1, 4):
            point = looking.find({r: number, k: unit}, QUICK_TRIES)
            assert len(point.values) == 2
            assert f"X[1,{number}]" in point.values
    assert len(memory.found) <= 4
    other = Search(u, -u, (), {}, memory=memory)
    assert other.find({}, QUICK_TRIES).values == {"u": 1}


def test_what_served_at_one_size_is_cut_for_a_smaller():
    """No value is shown for an entry that is not there."""
    memory = Memory()
    memory.keep({("x", 3): Fraction(1), ("x", 1): Fraction(1), ("gone",): Fraction(1)})
    point = Search(over(P, x(P)), ZERO, (), {}, memory=memory).find({}, QUICK_TRIES)
    assert point.sizes == {"n": 1}
    assert point.values == {"x[1]": 1}


def test_sizes_with_many_names_are_all_alike():
    total = sum((size_term(f"n{k}") for k in range(30)), start=ZERO)
    assert set(find_point(total, 30 + ZERO, (), {}).sizes.values()) == {2}
    some = Letter("s", "n1")
    assert find_point(Sum(some, Entry("x", (some,))), Entry("x", (1,)), (), {}).sizes == {"n1": 2}


def test_a_search_ends():
    """A sum that is too long to evaluate and an exponential out of reach are no points."""
    long = Letter("h", 10**12)
    find_point(over(long, EXP(x(long))), over(long, EXP(x(long))) * EXP(c), (), {})
    tower = EXP(EXP(EXP(EXP(EXP(u * u)))))
    assert find_point(tower, -tower, (), {}) is None
    assert find_point(over(long, LOG(x(long))), ZERO, (), {}) is None


@pytest.mark.parametrize("low", ["1e-700000", "0.1", "123456789", "-5"])
def test_shown_bounds_enclose_and_stay_apart(low):
    with localcontext(prec=50):
        low = Decimal(low)
        left = Interval(low, low + abs(low) * Decimal("1e-30"))
        right = Interval(low + abs(low) * Decimal("2e-30"), low + abs(low) * Decimal("3e-30"))
    one, other = show_both(left, right)
    assert Decimal(one.low) <= left.low <= left.high <= Decimal(one.high)
    assert Decimal(other.low) <= right.low <= right.high <= Decimal(other.high)
    assert Decimal(one.high) < Decimal(other.low)
    assert show_both(Fraction(1, 3), 1) == (Bounds("1/3", "1/3"), Bounds("1", "1"))


@settings(max_examples=150, deadline=None)
@given(terms((I_, J, X_P)), terms((I_, J, X_P)))
def test_a_point_of_random_terms_shows_what_another_evaluation_shows(left, right):
    sizes, letters = {"n": 2}, {X_P: 2, I_: 1, J: 3}
    looking = Search(left, right, [*letters], DEFINED)
    found = next(looking._separating(letters, FEW_TRIES), None)
    if found is None or found.sizes != sizes:
        return
    point = as_point(found.point, {"x": ("n", 3), "w": (3,), "c": ()})
    with mpmath.workdps(60):
        one, other = (reference(side, point, letters) for side in (left, right))
        assert abs(one - other) > mpmath.mpf(10) ** -45 * abs(one)


def test_what_is_remembered_later_is_looked_at():
    near = u * u * u - u * v - Fraction(73, 10)
    search = Search(Where(1 - 1_000_000 * near * near, ONE, ZERO), ZERO, (), {})
    assert search.find({}, QUICK_TRIES) is None
    search.memory.remember({("u",): Fraction(2), ("v",): Fraction(7, 20)})
    assert search.find({}, QUICK_TRIES)


def test_a_point_without_zeros_is_among_the_first():
    i, j = Letter("i", "n"), Letter("j", "n")

    def apart(name):
        return Entry(name, (i,)) - Entry(name, (j,))

    left = Sum(i, Sum(j, apart("x") * apart("v") * Entry("y", (i,)) * Entry("w", (j,))))
    point = Search(left, ZERO, (), {}).find({}, FEW_TRIES)
    assert point.sizes == {"n": 2}
    assert len(point.values) == 4
