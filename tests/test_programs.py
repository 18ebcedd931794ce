"""Random programs: what is traced is what NumPy computes, and so is its derivative."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from gradcheck_sym.array import Axis, Input
from gradcheck_sym.array.entries import Entries
from gradcheck_sym.array.graph import names
from gradcheck_sym.array.shape import letters, sizes
from gradcheck_sym.audit import STEP, TOLERANCE
from gradcheck_sym.checker.statement import Definition, Statement
from gradcheck_sym.errors import CodeError, GradcheckError
from gradcheck_sym.refuter.derivative import derivative
from gradcheck_sym.term.terms import ZERO, Num, add, mul
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.running import run
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.values.evaluator import Evaluator, Point
from gradcheck_sym.values.interval import ends
from tests.programs import REFUSED, SHAPES, inputs, program

COUNT = 200


def traced(text):
    space = {"np": np}
    exec(text, space)
    trace = Trace()
    free = {
        name: Input(name, tuple(Axis(str(size), size) for size in shape))
        for name, shape in zip("abcde", SHAPES, strict=True)
    }
    result = run(trace, space["forward"], given={n: Traced(a) for n, a in free.items()})
    return result, free


def as_point(values):
    return {
        (name, *(k + 1 for k in place)): Fraction(float(array[place]))
        for name, array in values.items()
        for place in np.ndindex(array.shape)
    }


def definitions_of(array):
    entries = Entries()
    found = {}
    for name, one in names(array).items():
        if not isinstance(one, Input):
            places = letters(one.shape)
            inner = one.definition
            found[name] = Definition(places, entries.at(inner, inner.places(places)))
    return found


@pytest.mark.parametrize("seed", range(COUNT))
def test_a_random_program_is_traced_as_numpy_computes_it(seed):
    text = program(seed)
    space = {"np": np}
    exec(text, space)
    values = inputs(seed)
    expected = np.asarray(space["forward"](**{n: np.copy(a) for n, a in values.items()}))
    try:
        result, free = traced(text)
    except CodeError as error:  # one line is enough, and some things are refused for a reason
        assert any(known in str(error) for known in REFUSED)  # noqa: PT017 - it may trace as well
        return
    array = result.array
    assert sizes(array.shape) == expected.shape
    definitions = definitions_of(array)
    point = as_point(values)
    evaluator = Evaluator(definitions, Point(values=point), {})
    terms = []
    for place in np.ndindex(expected.shape):
        term = array.entry(*(k + 1 for k in place))
        low, high = (float(end) for end in ends(evaluator.value(term)))
        assert low == pytest.approx(expected[place], rel=1e-9, abs=1e-9), text
        assert high == pytest.approx(expected[place], rel=1e-9, abs=1e-9), text
        terms.append(mul(Num(len(terms) + 1), term))
    loss = add(*terms)
    for name, input_ in free.items():
        places = tuple(1 for _ in input_.shape)
        statement = Statement(definitions, loss, name, places, ZERO)
        slope = derivative(statement)
        found = Evaluator(slope.definitions, Point(values=point), {}, 120).value(slope.value)
        sides = []
        for step in (STEP, -STEP):
            moved = {**point, (name, *places): point[name, *places] + step}
            there = Evaluator(definitions, Point(values=moved), {}, 120)
            sides.append(Fraction(ends(there.value(loss))[0]))
        quotient = (sides[0] - sides[1]) / (2 * STEP)
        assert abs(Fraction(ends(found)[0]) - quotient) <= TOLERANCE * max(1, abs(quotient)), text


def test_most_programs_are_traced_and_none_is_trivial():
    refused = 0
    for seed in range(0, COUNT, 4):
        assert program(seed).count("\n") > 4
        try:
            traced(program(seed))
        except CodeError:
            refused += 1
    assert refused < COUNT // 4 // 5


def test_a_wrong_meaning_is_noticed(monkeypatch):
    """`flip` that does nothing: the check can fail."""
    from gradcheck_sym.trace import functions

    monkeypatch.setitem(functions.FUNCTIONS, "flip", lambda a, axis=None: a)
    monkeypatch.setitem(functions.FUNCTIONS, "roll", lambda a, *_, **__: a)
    wrong = 0
    for seed in range(COUNT):
        text = program(seed)
        if "np.flip" in text or "np.roll" in text:
            try:
                test_a_random_program_is_traced_as_numpy_computes_it(seed)
            except (AssertionError, GradcheckError):
                wrong += 1
    assert wrong
