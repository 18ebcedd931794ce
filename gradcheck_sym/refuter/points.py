"""Which points, and which numbers for sizes and indices, a search tries, and in what order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, pairwise, product
from random import Random
from typing import NamedTuple

from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.refuter.inputs import (
    Key,
    Shapes,
    Values,
    number_of,
    numbers_up_to,
    power_of_two,
    reached_from,
)
from gradcheck_sym.term.terms import Letter, Num, Term, Where
from gradcheck_sym.term.walks import walk

SIMPLE = tuple(map(Fraction, ("1", "1/2", "-1", "2", "-2", "3", "10", "-10", "100", "-100")))
ALONE = tuple(map(Fraction, (1, -1, 10, -10, 100, -100)))  # for one input, the others zero
SMALL = (1, 2, 3)  # numbers for a size that is a name, in every combination
MOST_NAMES = 6  # of sizes; more of them are all alike
FIRST_COMBINATIONS = 6
LARGER = (5, 8)  # for all such sizes alike
FIRST_ALONE, AT_RANDOM = 4, 5
AT_BORDERS = 3  # points of whole arrays between others
PARTS = (1, 2, 3)  # of a value, where so many are summed up
CHEAP_AT_ONCE = 4  # points of equal entries for one of others
PRECISIONS = (20, 80)  # digits


class Tries(NamedTuple):
    """How many points for one choice of sizes and in all, the most digits, and the most work."""

    at_once: int
    in_all: int
    precision: int
    work: int


FEW_TRIES = Tries(8, 24, PRECISIONS[0], 100_000)
QUICK_TRIES = Tries(36, 300, PRECISIONS[0], 150_000)
THOROUGH_TRIES = Tries(200, 2000, PRECISIONS[-1], 400_000)


def proposed_points(inputs: Sequence[Key], borders: Sequence[Fraction] = ()) -> Iterator[Values]:
    """A few inputs alone, the first of each array, all of them, and then all of that at random.

    Away from the kinks of a whole network all inputs have to be other than zero. `borders` are
    values that the formula itself tells apart, for one input where others are 1.
    """
    first = list({entry[0]: entry for entry in reversed(inputs)}.values())
    random = Random(0)
    alone = ({entry: value} for value in ALONE for entry in inputs)
    yield from islice(alone, FIRST_ALONE)
    for entries in (first, inputs):
        yield dict.fromkeys(entries, Fraction(1))
        for _ in range(AT_RANDOM):
            yield {entry: random.choice(SIMPLE[:6]) for entry in entries}
    for value in borders:
        for entry in first:
            yield {**dict.fromkeys(first, Fraction(1)), entry: value}
    for name in dict.fromkeys(entry[0] for entry in inputs):
        yield {entry: Fraction(1, 2) for entry in inputs if entry[0] == name}
    whole = _whole(inputs, borders)
    while inputs:
        yield from islice(alone, 1)
        yield from islice(whole, AT_BORDERS)
        some = random.sample(inputs, random.randint(1, len(inputs)))
        yield {entry: random.choice(SIMPLE) for entry in some}
        yield {entry: random.choice(SIMPLE[:6]) for entry in inputs}


def full_point(inputs: Iterable[Key]) -> Values:
    """Numbers at random for all inputs, none of them zero."""
    random = Random(1)
    return {entry: Fraction(random.randint(-12, 12) or 5, 8) for entry in inputs}


def _whole(inputs: Sequence[Key], borders: Sequence[Fraction]) -> Iterator[Values]:
    """An array all of whose entries are such a value, or a part of it, beside ones and zeros.

    Where several entries are summed up, no sum is at another border then.
    """
    names = list(dict.fromkeys(entry[0] for entry in inputs))
    for value in borders:
        for name in names:
            own = [entry for entry in inputs if entry[0] == name]
            for part in PARTS:
                yield {**dict.fromkeys(inputs, Fraction(1)), **dict.fromkeys(own, value / part)}
            for other in names:
                beside = [entry for entry in inputs if entry[0] == other != name]
                yield dict.fromkeys(beside, Fraction(1)) | dict.fromkeys(own, value)


def whole_arrays(
    arrays: Shapes, inputs: Sequence[Key], sizes: Mapping[str, int]
) -> Iterator[Values]:
    """One value for all entries of each array, and then others for some entries.

    A key that is a name alone stands for the array. Weights may be made smaller by what they are
    summed over.
    """
    random = Random(0)
    scales = {n: power_of_two(number_of(s[0], sizes)) if s else 1 for n, s in arrays.items()}
    yield {(name,): Fraction(1, scale) for name, scale in scales.items()}
    while True:
        for _ in range(CHEAP_AT_ONCE):
            point: Values = {}
            for name, scale in scales.items():
                point[name,] = random.choice(SIMPLE[:6]) / random.choice((1, scale))
            yield point
        yield {**point, random.choice(inputs): random.choice(SIMPLE)}


def borders(*terms: Term, definitions: Mapping[str, Definition] | None = None) -> list[Fraction]:
    """Values beyond, between and at the numbers in the conditions of case distinctions.

    They may stand in what is defined.

    >>> u = Num(1)
    >>> [str(value) for value in borders(Where(u - 20, u, u))]
    ['21/2', '21', '19', '40', '20', '-21/2', '-21', '-19', '-40', '-20']
    """
    cases = [part.u for part in walk(*terms) if isinstance(part, Where)]
    cases += [known.value for known in reached_from(cases, definitions or {}).values()]
    found = {abs(Fraction(part.value)) for part in walk(*cases) if isinstance(part, Num)} - {0, 1}
    for u in cases:  # where a u + b is 0
        own = [
            abs(Fraction(part.value)) for part in walk(u) if isinstance(part, Num) and part.value
        ]
        if len(own) == 2:
            found |= {max(own) / min(own)} - {1}
    numbers = sorted(found)
    beside = sorted(found | {Fraction(1)}) if found else []
    values = [(one + other) / 2 for one, other in pairwise(beside)]
    values += [v for number in numbers for v in (number + 1, number - 1, 2 * number, number)]
    return list(dict.fromkeys([*values, *(-value for value in values)]))


def choices(
    names: Sequence[str],
    letters: Sequence[Letter],
    at: Mapping[Letter, int],
    first: int = FIRST_COMBINATIONS,
) -> Iterator[tuple[dict[str, int], dict[Letter, int]]]:
    """Numbers for the names of sizes and for letters: so many combinations of small ones first."""
    combinations = [(number,) * len(names) for number in SMALL]
    if len(names) <= MOST_NAMES:
        combinations = sorted(product(SMALL, repeat=len(names)), key=lambda v: (sum(v), v))
    alike = [(number,) * len(names) for number in LARGER] if names else []
    # the larger ones come early, since a thorough search stops before it has tried all
    for values in (
        *combinations[:first],
        *alike,
        *combinations[first:],
    ):
        sizes = dict(zip(names, values, strict=True))
        free = [letter for letter in letters if letter not in at]
        for places in numbers_up_to(number_of(letter.size, sizes) for letter in free):
            yield sizes, {**at, **dict(zip(free, places, strict=True))}
