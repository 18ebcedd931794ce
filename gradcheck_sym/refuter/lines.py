"""Points at random on lines, one between any two borders of cases that lie on a line.

A condition is decided by cases; between two of their borders it may be 0 throughout. Where these
lie is seen by the values that decide the cases, which are often linear along a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise, product
from random import Random
from typing import TypeVar

from gradcheck_sym.refuter.inputs import Shapes, Values, keys

SCALES = (1, 8, 64, 2)  # of the numbers drawn
SIGNS, ALIKE, ALONE = (False, True), (False, True), (False, True)
GRID = tuple(Fraction(k, 2) for k in range(-2, 5))  # from one point to another, and beyond
FINEST = 8  # halvings between two of these
FARTHEST, MOST_ROOTS = 10**7, 60
WHOLE = 1_000_000_007  # a denominator, so that no sum is 0 and no two numbers are one by chance

Cases = Mapping[tuple[int, ...], float]
There = TypeVar("There")


def lines(shapes: Shapes, wrt: str, sizes: Mapping[str, int], seed: int) -> Iterator[Line]:
    """Lines of several kinds: numbers of either sign or positive, alike in each array or not.

    On some of them one array alone changes, `wrt` or another one.
    """
    random = Random(seed)
    kinds = list(product(SCALES, SIGNS, ALIKE, ALONE))
    random.shuffle(kinds)  # since there may not be work for all
    for scale, positive, alike, alone in kinds:
        start, step = (_drawn(shapes, sizes, random, scale, positive, alike) for _ in range(2))
        if alone:
            moved = random.choice([wrt, *sorted(shapes)])
            step = {key: value for key, value in step.items() if key[0] == moved}
        yield Line(start, step)


def _drawn(
    shapes: Shapes,
    sizes: Mapping[str, int],
    random: Random,
    scale: int,
    positive: bool,
    alike: bool,
) -> Values:
    found: Values = {}
    for name, shape in shapes.items():
        whole = random.randint(-WHOLE, WHOLE)
        for key in keys(name, shape, sizes):
            own = random.randint(-WHOLE, WHOLE)
            own = whole + own // 64 if alike else own
            found[key] = Fraction(scale * (abs(own) if positive else own), WHOLE)
    return found


class Line:
    """The points start + t · step."""

    def __init__(self, start: Values, step: Values) -> None:
        self.start, self.step = start, step

    def at(self, t: Fraction) -> Values:
        """One point."""
        return self.start | {key: self.start[key] + t * by for key, by in self.step.items()}

    def looked_at(
        self, look: Callable[[Values], There | None], cases: Callable[[There], Cases]
    ) -> Iterator[There]:
        """What `look` finds at the points, some of which it may not find anything at."""
        known: dict[Fraction, There] = {}

        def there(t: Fraction) -> Iterator[There]:
            if t not in known and (found := look(self.at(t))) is not None:
                known[t] = found
                yield found

        for t in GRID:
            yield from there(t)
        first, last = GRID[0], GRID[-1]
        if first in known and last in known:
            roots = _roots(first, cases(known[first]), last, cases(known[last]))
            for t in _beside(roots):
                yield from there(t)
        pending = [(*pair, FINEST) for pair in pairwise(sorted(known))]
        while pending:
            low, high, halvings = pending.pop()
            if halvings and _apart(cases(known[low]), cases(known[high])) > 1:
                middle = (low + high) / 2
                yield from there(middle)
                if middle in known:
                    pending += [(low, middle, halvings - 1), (middle, high, halvings - 1)]


def _apart(one: Cases, other: Cases) -> int:
    """How many cases differ."""
    every = one.keys() | other.keys()
    return sum(_holds(one, case) is not _holds(other, case) for case in every)


def _holds(cases: Cases, case: tuple[int, ...]) -> bool | None:
    return cases[case] > 0 if case in cases else None


def _roots(s: Fraction, first: Cases, t: Fraction, second: Cases) -> list[Fraction]:
    """Where what decides a case is 0, if it is linear, told by its values at s and t."""
    roots = set[Fraction]()
    for case in first.keys() & second.keys():
        one, other = first[case], second[case]
        if one != other and abs(one) < FARTHEST * abs(one - other):
            roots.add(s + (t - s) * Fraction(one / (one - other)))
    return sorted(sorted(roots, key=abs)[:MOST_ROOTS])


def _beside(roots: list[Fraction]) -> Iterator[Fraction]:
    """Points between them, and a little beyond the first and the last."""
    yield from ((low + high) / 2 for low, high in pairwise(roots))
    for end in roots[:1] + roots[-1:]:
        yield from (end + abs(end) / 32, end - abs(end) / 32)
