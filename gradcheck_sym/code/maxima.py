"""The values that maxima and triangles have at a point, where free arrays stand for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import TypeAlias

from gradcheck_sym.array import Input, Let
from gradcheck_sym.array.entries import Entries
from gradcheck_sym.array.graph import names
from gradcheck_sym.array.shape import letters, sizes
from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.code.drawn import Drawn
from gradcheck_sym.code.questions import defined
from gradcheck_sym.code.run import Run
from gradcheck_sym.refuter.floats import Floats
from gradcheck_sym.refuter.inputs import Derived, Key, Values
from gradcheck_sym.sizes import Size
from gradcheck_sym.term.terms import Letter, Term
from gradcheck_sym.values.evaluator import Evaluator, Point
from gradcheck_sym.values.interval import ends

DIGITS = 20
Numbers: TypeAlias = Mapping[str, int]  # for the names of sizes


def evaluator_with_maxima(
    run: Run, definitions: Mapping[str, Definition], drawn: Drawn, digits: int = DIGITS
) -> Evaluator:
    """The values of what was traced at a point of floats, maxima up to some digits."""
    point = drawn.point(run)
    found = _stand_ins(run, definitions, point, drawn.sizes, digits)
    values = {**point.values, **{key: (low + high) / 2 for key, (low, high) in found.items()}}
    return Evaluator(definitions, replace(point, values=values), drawn.sizes, digits)


def floats_with_maxima(run: Run, definitions: Mapping[str, Definition], drawn: Drawn) -> Floats:
    """The same in floats. Raises ArithmeticError where numbers overflow."""
    values = {key: float(value) for key, value in drawn.point(run).values.items()}
    values |= {key: float(value) for key, value in _triangles(run, drawn.sizes)}
    floats = Floats(
        definitions, drawn.sizes, lambda name, place, _: values.get((name, *place), 0.0)
    )
    for shift in run.trace.shifts:
        for key, term, at in _candidates(run, shift, drawn.sizes):
            value = floats.value(term, at)
            values[key] = max(values.get(key, value), value)
    return floats


def derived(run: Run) -> Derived | None:
    """What stands for maxima and triangles at a point, or None where it is not known exactly.

    None if nothing does.
    """
    trace = run.trace
    if not trace.shifts and not trace.triangles:
        return None
    entries = Entries()
    sources = (source for source, _ in trace.shifted.values())
    every = names(run.loss, *run.claims.values(), *sources)
    definitions = {n: defined(a, entries) for n, a in every.items() if isinstance(a, Let)}

    def values(point: Point, there: Numbers) -> Values | None:
        try:
            found = _stand_ins(run, definitions, point, there)
        except (ArithmeticError, LookupError):
            return None
        exact = all(low == high for low, high in found.values())
        return {key: low for key, (low, _) in found.items()} if exact else None

    return values


def _stand_ins(
    run: Run,
    definitions: Mapping[str, Definition],
    point: Point,
    there: Numbers,
    digits: int = DIGITS,
) -> dict[Key, tuple[Fraction, Fraction]]:
    """Between which numbers each of them is; one maximum may be of what reads another one."""
    found = {key: (value, value) for key, value in _triangles(run, there)}
    for shift in run.trace.shifts:
        middles = {key: (low + high) / 2 for key, (low, high) in found.items()}
        known = replace(point, values={**point.values, **middles})
        evaluator = Evaluator(definitions, known, there, digits)
        for key, term, at in _candidates(run, shift, there):
            low, high = (Fraction(end) for end in ends(evaluator.value(term, at)))
            before = found.get(key, (low, high))
            found[key] = max(before[0], low), max(before[1], high)
    return found


def _candidates(
    run: Run, shift: Input, there: Numbers
) -> Iterator[tuple[Key, Term, dict[Letter, int]]]:
    """The entries of the array that stands for a maximum, and of what each is the largest."""
    source, axes = run.trace.shifted[shift.name]
    places = letters(source.shape)
    term = Entries().at(source, source.places(places))
    for numbers in product(*(_range(x.size, there) for x in places)):
        key: Key = (shift.name, *(k for place, k in enumerate(numbers) if place not in axes))
        yield key, term, dict(zip(places, numbers, strict=True))


def _triangles(run: Run, there: Numbers) -> Iterator[tuple[Key, Fraction]]:
    for one in run.trace.triangles:
        rows, columns = (_range(size, there) for size in sizes(one.array.shape))
        for row, column in product(rows, columns):
            yield (one.array.name, row, column), Fraction(one.holds(row, column))


def _range(size: Size, there: Numbers) -> range:
    return range(1, (there[size] if isinstance(size, str) else size) + 1)
