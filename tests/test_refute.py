"""The search for points: where conditions hold together, and where a claim fails."""

import doctest
from fractions import Fraction
from itertools import pairwise

import pytest

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Definition, Hypothesis, Statement
from gradcheck_sym.checker.witness import holds_at
from gradcheck_sym.refuter import assumed, inputs, witnesses
from gradcheck_sym.refuter.assumed import Assumed
from gradcheck_sym.refuter.inputs import Reader, shapes
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


@pytest.mark.parametrize("module", [assumed, inputs, witnesses])
def test_the_examples_in_the_docstrings(module):
    names = {"Sum": Sum, "Entry": Entry, "Letter": Letter, "Fraction": Fraction}
    assert not doctest.testmod(module, extraglobs=names).failed
