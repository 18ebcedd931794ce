"""Which points, and which numbers for sizes and indices, a search tries, and in what order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice, product
from random import Random

from gradcheck_sym.kernel.context import Context
from gradcheck_sym.kernel.interval import Entry, Numbers, Point
from gradcheck_sym.kernel.polynomial import Index

SIMPLE = tuple(map(Fraction, ("1", "1/2", "-1", "2", "-2", "3", "10", "-10", "100", "-100")))
ALONE = tuple(map(Fraction, (1, -1, 10, -10, 100, -100)))  # for one input, the others zero
SMALL = (1, 2, 3)  # numbers for a size that is a name, in every combination
FIRST_COMBINATIONS = 6
LARGER = (5, 8)  # for all such sizes alike
FIRST_ALONE, AT_RANDOM = 4, 5


def proposed_points(inputs: list[Entry]) -> Iterator[Point]:
    """A few inputs alone, the first of each array, all of them, and then all of that at random.

    Away from the kinks of a whole network all inputs have to be other than zero.
    """
    first = list({entry[0]: entry for entry in reversed(inputs)}.values())
    random = Random(0)
    alone = ({entry: value} for value in ALONE for entry in inputs)
    yield from islice(alone, FIRST_ALONE)
    for entries in (first, inputs):
        yield dict.fromkeys(entries, Fraction(1))
        for _ in range(AT_RANDOM):
            yield {entry: random.choice(SIMPLE[:6]) for entry in entries}
    for name in dict.fromkeys(entry[0] for entry in inputs):
        yield {entry: Fraction(1, 2) for entry in inputs if entry[0] == name}
    while inputs:
        yield from islice(alone, 1)
        some = random.sample(inputs, random.randint(1, len(inputs)))
        yield {entry: random.choice(SIMPLE) for entry in some}
        yield {entry: random.choice(SIMPLE[:6]) for entry in inputs}


def choices(context: Context, at: Mapping[str, Index]) -> Iterator[tuple[Numbers, Numbers]]:
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
