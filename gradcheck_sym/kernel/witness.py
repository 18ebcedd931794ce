"""The search for a point at which two expressions differ, and for a small one.

What served before comes first, then the proposals of `points.py`; what is found is made smaller,
as Hypothesis shrinks an example.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from itertools import chain, islice
from typing import Any, NamedTuple

import sympy

from gradcheck_sym.cases import if_positive, if_zero, off_edge
from gradcheck_sym.kernel.admissible import admitted, obeys, required, satisfied
from gradcheck_sym.kernel.bounds import separate, show_both
from gradcheck_sym.kernel.context import Context, Domain
from gradcheck_sym.kernel.inputs import Reader
from gradcheck_sym.kernel.interval import (
    Entry,
    Numbers,
    Point,
)
from gradcheck_sym.kernel.memory import Memory, Pattern
from gradcheck_sym.kernel.normal_form import Unsupported
from gradcheck_sym.kernel.points import SIMPLE, choices, proposed_points
from gradcheck_sym.kernel.polynomial import Index
from gradcheck_sym.verdict import Counterexample

PRECISIONS = (64, 256)  # bits
MOST_INPUTS = 300
KINKS = (sympy.Abs, sympy.Heaviside, sympy.Max, sympy.Min, if_positive, if_zero, off_edge)
MOST_LOOKED_AT = 1_000_000  # inputs, for those that the hypotheses speak of


class Tries(NamedTuple):
    """How many points for one choice of sizes, and in all, with so many bits at most."""

    at_once: int
    in_all: int
    precision: int


FEW_TRIES = Tries(8, 24, PRECISIONS[0])
QUICK_TRIES = Tries(36, 300, PRECISIONS[0])
THOROUGH_TRIES = Tries(200, 2000, PRECISIONS[-1])


class Search:
    """Points for the entries of one equation."""

    def __init__(
        self,
        left: sympy.Expr,
        right: sympy.Expr,
        context: Context,
        domain: Domain | None = None,
        memory: Memory | None = None,
    ) -> None:
        """`domain` is all that has to hold at a point for the sides to be defined there, if known.

        Derivatives do not exist at kinks either.
        """
        self._left, self._right, self._context = left, right, context
        self._domain = domain or ()
        values = (left, right, *(known.value for known in context.definitions.values()))
        self._everywhere = domain == () and not any(map(_has_kinks, values))
        self.memory = memory or Memory()
        self._concerned: tuple[Numbers, Numbers, list[Entry]] = {}, {}, []

    def find(self, at: Mapping[str, Index], tries: Tries) -> Counterexample | None:
        """A counterexample where `at` numbers the indices, or None."""
        found = next(self._separating(at, tries), None)
        return self._counterexample(found, at) if found else None

    def separates(self, at: Mapping[str, Index]) -> bool:
        """Whether one of a few points separates the sides."""
        with suppress(Unsupported):
            return any(True for _ in self._separating(at, QUICK_TRIES))
        return False

    def _separating(self, at: Mapping[str, Index], tries: Tries) -> Iterator[_Found]:
        tried = 0
        for sizes, indices in choices(self._context, at):
            most = tries.at_once + len(self.memory.kept) + len(self.memory.found)
            for proposed, kept in islice(self._points(sizes, indices), most):
                point = self._admitted(proposed, sizes, indices)
                values = self._differ(point, sizes, indices, tries.precision)
                if values and self._obeys(point, sizes):
                    yield _Found(point, sizes, indices, values, kept)
                tried += 1
            if tried > tries.in_all:
                break

    def _counterexample(self, found: _Found, at: Mapping[str, Index]) -> Counterexample:
        point, sizes, indices, values, served = found
        if served is None:
            if point not in self.memory.found:
                self.memory.found.appendleft(point)
            served = point = self._shrunk(point, sizes, indices)
            if pattern := self._pattern(point, sizes, indices):
                self.memory.keep(pattern)
            values = self._differ(point, sizes, indices) or values
        self.memory.keep(served)
        named = {name: number for name, number in indices.items() if name not in at}
        return Counterexample(
            {_show(entry): value for entry, value in sorted(point.items())},
            *show_both(*values),
            sizes=dict(sizes),
            indices=named,
        )

    def _pattern(self, point: Point, sizes: Numbers, indices: Numbers) -> Pattern:
        """The pattern of a point; an empty one if it has inputs that are not looked at."""
        inputs = islice(self._inputs(sizes, indices), MOST_INPUTS)
        found = tuple((rank, point[e]) for rank, e in enumerate(inputs) if e in point)
        return found if len(found) == len(point) else ()

    def _placed(self, pattern: Pattern, sizes: Numbers, indices: Numbers) -> Point:
        last = max((rank for rank, _ in pattern), default=-1)
        inputs = list(islice(self._inputs(sizes, indices), last + 1))
        return {inputs[rank]: value for rank, value in pattern if rank < len(inputs)}

    def _points(
        self, sizes: Numbers, indices: Numbers
    ) -> Iterator[tuple[Point, Point | Pattern | None]]:
        """Points to try, those that were kept with what they were kept as."""
        for kept in self.memory.kept:
            yield self._placed(kept, sizes, indices) if isinstance(kept, tuple) else kept, kept
        yield from ((point, None) for point in tuple(self.memory.found))
        inputs = list(islice(self._inputs(sizes, indices), MOST_INPUTS))
        yield from ((point, None) for point in proposed_points(inputs))

    def _admitted(self, point: Point, sizes: Numbers, indices: Numbers) -> Point:
        """The nearest point that the hypotheses allow."""
        assumed = self._context.hypotheses
        if not assumed.names:
            return point
        if (sizes, indices) != self._concerned[:2]:
            inputs = list(islice(self._inputs(sizes, indices), MOST_LOOKED_AT))
            if len(inputs) == MOST_LOOKED_AT:
                raise Unsupported("the hypotheses may speak of more inputs than are looked at")
            entries = [entry for entry in inputs if entry[0] in assumed.names]
            self._concerned = sizes, indices, entries
        return admitted(point, assumed, self._concerned[2], sizes)

    def _obeys(self, point: Point, sizes: Numbers) -> bool:
        """Whether there is a point that the hypotheses allow; a row may have none."""
        return obeys(point, self._context.hypotheses, self._concerned[2], sizes)

    def _inputs(self, sizes: Numbers, indices: Numbers) -> Iterator[Entry]:
        """The inputs that the two sides depend on, and what is required of them."""
        needed = required(self._domain, sizes)
        sides = ((side, indices) for side in (self._left, self._right))
        return Reader(self._context, sizes).read(chain(sides, needed))

    def _differ(
        self, point: Point, sizes: Numbers, indices: Numbers, most: int = PRECISIONS[-1]
    ) -> tuple[Any, Any] | None:
        """The values of the two sides if arithmetic with at most so many bits separates them."""
        for precision in (bits for bits in PRECISIONS if bits <= most):
            evaluator = self.memory.evaluator(
                self._context, point, sizes, precision, self._everywhere
            )
            try:
                values = [evaluator.value(side, indices) for side in (self._left, self._right)]
                if separate(*values):
                    right = satisfied(self._domain, evaluator, sizes)
                    return (values[0], values[1]) if right else None
            except (ArithmeticError, ValueError):
                return None
            if all(isinstance(value, Fraction) for value in values):
                return None
        return None

    def _shrunk(self, point: Point, sizes: Numbers, indices: Numbers) -> Point:
        """The point with as few inputs that are not zero, and as simple ones, as still serve.

        Whole blocks of inputs go first, then smaller ones, as in delta debugging.
        """

        def serves(proposed: Point) -> Point | None:
            smaller = self._admitted(proposed, sizes, indices)
            differs = smaller != point and self._differ(smaller, sizes, indices)
            return smaller if differs and self._obeys(smaller, sizes) else None

        size = len(point)
        while size:
            for block in list(_blocks(list(point), size)):
                without = {key: value for key, value in point.items() if key not in block}
                if len(without) < len(point):  # some of it may have gone with another one
                    point = serves(without) or point
            size //= 2
        for entry, value in list(point.items()):
            simpler = SIMPLE[: SIMPLE.index(value)] if value in SIMPLE else SIMPLE
            proposed = ({**point, entry: v} for v in simpler if point.get(entry) == value)
            point = next(filter(None, map(serves, proposed)), point)
        return point


class _Found(NamedTuple):
    """A point that separates the sides, their values there, and what it was kept as if it was."""

    point: Point
    sizes: Numbers
    indices: Numbers
    values: tuple[Any, Any]
    kept: Point | Pattern | None


def _has_kinks(value: sympy.Expr) -> bool:
    roots = (power.exp for power in value.atoms(sympy.Pow))
    return value.has(*KINKS) or not all(exponent.is_Integer for exponent in roots)


def _blocks(entries: list[Entry], size: int) -> Iterator[set[Entry]]:
    for start in range(0, len(entries), size):
        yield set(entries[start : start + size])


def _show(entry: Entry) -> str:
    name, *indices = entry
    return f"{name}[{','.join(map(str, indices))}]" if indices else str(name)
