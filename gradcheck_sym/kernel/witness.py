"""The search for a point at which two expressions differ, and for a small one.

Zeros first, then one input that is not zero, then random points of a few simple values;
what is found is made smaller input by input, as Hypothesis shrinks an example.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice, product
from random import Random
from typing import Any

import sympy

from gradcheck_sym.kernel.admissible import admitted, required, satisfied
from gradcheck_sym.kernel.bounds import separate, show_both
from gradcheck_sym.kernel.context import Context, Domain
from gradcheck_sym.kernel.interval import (
    Entry,
    Evaluator,
    Numbers,
    Point,
    number_of,
    outermost,
)
from gradcheck_sym.kernel.polynomial import Index
from gradcheck_sym.verdict import Counterexample

PRECISIONS = (64, 256)  # bits
SIMPLE = tuple(map(Fraction, ("1", "1/2", "-1", "2", "-2", "3", "10", "-10", "100", "-100")))
ALONE = tuple(map(Fraction, (1, -1, 10, -10, 100, -100)))  # for one input, the others zero
SMALL = (1, 2, 3)  # numbers for a size that is a name, in every combination
FIRST_COMBINATIONS = 6
LARGER = (5, 8)  # for all such sizes alike
MOST_INPUTS = 300
FIRST_ALONE, DENSE = 12, 6
Tries = tuple[int, int]  # points for one choice of sizes, and in all
FEW_TRIES = (8, 24)
QUICK_TRIES = (36, 300)
THOROUGH_TRIES = (200, 2000)
KEPT_POINTS = 9
MOST_EVALUATORS = 100


class Memory:
    """The points that served, to be tried on the next entry, and the values at points.

    Equations that speak of the same names can share it.
    """

    def __init__(self) -> None:
        self.points: deque[Point] = deque([{}], maxlen=KEPT_POINTS)
        self._evaluators: dict[tuple[object, ...], Evaluator] = {}

    def keep(self, point: Point) -> None:
        """Remember a point that separated the sides."""
        if point not in self.points:
            self.points.append(point)

    def evaluator(
        self, context: Context, point: Point, sizes: Numbers, precision: int
    ) -> Evaluator:
        """The evaluator at this point, with the values that it has found already."""
        key = (frozenset(point.items()), *sizes.items(), precision)
        if key not in self._evaluators:
            if len(self._evaluators) > MOST_EVALUATORS:
                self._evaluators.clear()
            self._evaluators[key] = Evaluator(context, point, sizes, precision)
        return self._evaluators[key]


class Search:
    """Points for the entries of one equation."""

    def __init__(
        self,
        left: sympy.Expr,
        right: sympy.Expr,
        context: Context,
        domain: Domain = (),
        memory: Memory | None = None,
    ) -> None:
        """`domain` is what has to hold at a point for the sides to be defined there."""
        self._left, self._right, self._context = left, right, context
        self._domain = domain
        self.memory = memory or Memory()

    def find(self, at: Mapping[str, Index], tries: Tries) -> Counterexample | None:
        """A counterexample where `at` numbers the indices, or None."""
        found = next(self._separating(at, *tries), None)
        return self._counterexample(*found, at) if found else None

    def separates(self, at: Mapping[str, Index]) -> bool:
        """Whether one of a few points separates the sides."""
        return any(True for _ in self._separating(at, *QUICK_TRIES))

    def _separating(
        self, at: Mapping[str, Index], at_once: int, in_all: int
    ) -> Iterator[tuple[Point, Numbers, Numbers]]:
        tries = 0
        for sizes, indices in _choices(self._context, at):
            entries = list(islice(self._inputs(sizes, indices), MOST_INPUTS))
            for proposed in islice(self._points(entries), at_once):
                point = admitted(proposed, self._context.hypotheses, entries, sizes)
                if self._differ(point, sizes, indices):
                    yield point, sizes, indices
                tries += 1
            if tries > in_all:
                break

    def _counterexample(
        self, point: Point, sizes: Numbers, indices: Numbers, at: Mapping[str, Index]
    ) -> Counterexample:
        point = self._shrunk(point, sizes, indices)
        self.memory.keep(point)
        left, right = self._differ(point, sizes, indices) or (None, None)
        named = {name: number for name, number in indices.items() if name not in at}
        return Counterexample(
            {_show(entry): value for entry, value in sorted(point.items())},
            *show_both(left, right),
            sizes=dict(sizes),
            indices=named,
        )

    def _points(self, inputs: list[Entry]) -> Iterator[Point]:
        yield from reversed(tuple(self.memory.points))
        random = Random(0)
        alone = ({entry: value} for value in ALONE for entry in inputs)
        yield from islice(alone, FIRST_ALONE)
        yield dict.fromkeys(inputs, Fraction(1))
        for _ in range(DENSE):
            yield {entry: random.choice(SIMPLE[:6]) for entry in inputs}
        for name in dict.fromkeys(entry[0] for entry in inputs):
            yield {entry: Fraction(1, 2) for entry in inputs if entry[0] == name}
        yield from alone
        while inputs:
            some = random.sample(inputs, random.randint(1, len(inputs)))
            yield {entry: random.choice(SIMPLE) for entry in some}

    def _inputs(self, sizes: Numbers, indices: Numbers) -> Iterator[Entry]:
        """The inputs that the two sides depend on, and what is required of them."""
        reader = _Reader(self._context, sizes)
        yield from reader.read(self._left, indices)
        yield from reader.read(self._right, indices)
        for value, places in required(self._domain, sizes):
            yield from reader.read(value, places)

    def _differ(self, point: Point, sizes: Numbers, indices: Numbers) -> tuple[Any, Any] | None:
        """The values of the two sides if arithmetic separates them."""
        for precision in PRECISIONS:
            evaluator = self.memory.evaluator(self._context, point, sizes, precision)
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
        """The point with as few inputs that are not zero, and as simple ones, as still serve."""
        entries = list(self._inputs(sizes, indices))
        for entry in list(point):
            if entry not in point:  # it went with another one
                continue
            without = {key: value for key, value in point.items() if key != entry}
            known = SIMPLE.index(point[entry]) if point[entry] in SIMPLE else len(SIMPLE)
            simpler = ({**point, entry: value} for value in SIMPLE[:known])
            for proposed in (without, *simpler):
                smaller = admitted(proposed, self._context.hypotheses, entries, sizes)
                if smaller != point and self._differ(smaller, sizes, indices):
                    point = smaller
                    break
        return point


class _Reader:
    """Walks expressions and definitions down to the inputs."""

    def __init__(self, context: Context, sizes: Numbers) -> None:
        self._context, self._sizes = context, sizes
        self._seen: set[Entry] = set()

    def read(self, expr: sympy.Expr, indices: Numbers) -> Iterator[Entry]:
        """The inputs in an expression that were not met before."""
        numbers = {**self._sizes, **indices}
        if isinstance(expr, sympy.Sum):
            index, high, body = outermost(expr)
            for number in range(1, number_of(high, self._sizes) + 1):
                yield from self.read(body, {**indices, index.name: number})
        elif isinstance(expr, sympy.Indexed):
            places = (number_of(index, numbers) for index in expr.indices)
            yield from self._entry((expr.base.name, *places))
        elif isinstance(expr, sympy.Symbol):
            if expr.name not in numbers:
                yield from self._entry((expr.name,))
        else:
            for argument in expr.args:
                yield from self.read(argument, indices)

    def _entry(self, entry: Entry) -> Iterator[Entry]:
        if entry in self._seen:
            return
        self._seen.add(entry)
        definition = self._context.definitions.get(entry[0])
        if definition is None:
            yield entry
            return
        names = (symbol.name for symbol in definition.indices)
        yield from self.read(definition.value, dict(zip(names, entry[1:], strict=True)))


def _choices(context: Context, at: Mapping[str, Index]) -> Iterator[tuple[Numbers, Numbers]]:
    """Numbers for the names of sizes and of indices, small ones first."""
    fixed = {name: number for name, number in at.items() if isinstance(number, int)}
    names = context.sizes
    combinations = sorted(product(SMALL, repeat=len(names)), key=lambda v: (sum(v), v))
    alike = [(number,) * len(names) for number in LARGER] if names else []
    # the larger ones come early, since a thorough search stops before it has tried all
    for values in (
        *combinations[:FIRST_COMBINATIONS],
        *alike,
        *combinations[FIRST_COMBINATIONS:],
    ):
        sizes = dict(zip(names, values, strict=True))
        free = {name: size for name, size in context.ranges.items() if name not in fixed}
        ranges = (range(1, int(sizes.get(str(size), size)) + 1) for size in free.values())
        for places in product(*ranges):
            yield sizes, {**fixed, **dict(zip(free, places, strict=True))}


def _show(entry: Entry) -> str:
    name, *indices = entry
    return f"{name}[{','.join(map(str, indices))}]" if indices else str(name)
