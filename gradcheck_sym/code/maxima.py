"""The values that maxima and triangles have at a point, where free arrays stand for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from gradcheck_sym.array.entries import Entries
from gradcheck_sym.array.shape import letters, sizes
from gradcheck_sym.checker.evaluator import Evaluator
from gradcheck_sym.checker.interval import ends
from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.code.drawn import Drawn
from gradcheck_sym.code.run import Run
from gradcheck_sym.term.terms import Letter

DIGITS = 20


def evaluator_with_maxima(
    run: Run, definitions: Mapping[str, Definition], drawn: Drawn, digits: int = DIGITS
) -> Evaluator:
    """The values of what was traced; one maximum may be of what reads another one."""
    point = drawn.point(run)
    values = {**point.values, **dict(_triangles(run, drawn))}
    point = replace(point, values=values)
    evaluator = Evaluator(definitions, point, drawn.sizes, digits)
    for shift in run.trace.shifts:
        source, axes = run.trace.shifted[shift.name]
        places = letters(source.shape)
        term = Entries().at(source, source.places(places))
        found: dict[tuple[Any, ...], Fraction] = {}
        for numbers in product(*(range(1, evaluator.size(x.size) + 1) for x in places)):
            at: dict[Letter, int] = dict(zip(places, numbers, strict=True))
            low, high = ends(evaluator.value(term, at))
            key = (shift.name, *(k for place, k in enumerate(numbers) if place not in axes))
            middle = (Fraction(low) + Fraction(high)) / 2
            found[key] = max(found.get(key, middle), middle)
        values |= found
        evaluator = Evaluator(definitions, replace(point, values=values), drawn.sizes, digits)
    return evaluator


def _triangles(run: Run, drawn: Drawn) -> Iterator[tuple[tuple[Any, ...], Fraction]]:
    for one in run.trace.triangles:
        rows, columns = (
            range(1, (drawn.sizes[size] if isinstance(size, str) else size) + 1)
            for size in sizes(one.array.shape)
        )
        for row, column in product(rows, columns):
            yield (one.array.name, row, column), Fraction(one.holds(row, column))
