"""Numbers for all inputs and sizes: of usual magnitude, and where the code decides something.

Case distinctions change at numbers that stand in what was traced, and code may ask for a size that
stands in its text. So the numbers are drawn on both sides of the former, and the sizes among the
latter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random
from types import CodeType
from typing import Any

from gradcheck_sym.array import Input
from gradcheck_sym.array.shape import sizes
from gradcheck_sym.checker.proof import Witness
from gradcheck_sym.code.looked_up import codes_of
from gradcheck_sym.code.run import Run
from gradcheck_sym.hypotheses import Assumption
from gradcheck_sym.refuter.points import borders
from gradcheck_sym.sizes import Size
from gradcheck_sym.term.terms import Term
from gradcheck_sym.values.evaluator import Point
from gradcheck_sym.verdict import Counterexample

SIZES = ((2, 3, 4), (4, 3, 2), (3, 2, 4), (1, 2, 3), (2, 1, 1), (3, 3, 3), (7, 5, 6), (5, 8, 7))
USUAL = ((-1.5, 1.5), (0.05, 0.95))  # between which numbers are drawn
WIDE = (12.0, 100.0, 1000.0, 100_000.0)
LARGEST_SIZE, LARGEST_NUMBER = 9, 1e6  # of those that stand in the code
MOST_BORDERS = 6
NEAR = (0.0, 0.3, 0.03, 1.0, 0.1)  # how far from a witness


@dataclass(frozen=True)
class Drawn:
    """One point; `usual` ones are no larger than what difference quotients tell well."""

    sizes: dict[str, int]
    arrays: dict[str, Any]
    usual: bool
    seed: int = 0  # of what the functions draw at random themselves

    def zeros(self, arrays: Sequence[Input]) -> dict[str, Any]:
        """Such arrays, of zeros."""
        import numpy as np

        return {array.name: np.zeros(_lengths(array, self.sizes)) for array in arrays}

    def point(self, run: Run) -> Point:
        """The same for the checker's arithmetic, labels as one-hot rows."""
        import numpy as np

        values: dict[tuple[Any, ...], Fraction] = {}
        for name, array in self.arrays.items():
            if name in run.labels:
                rows = enumerate(array)
                values |= {(name, row + 1, int(k) + 1): Fraction(1) for row, k in rows}
            else:
                values |= {
                    (name, *(k + 1 for k in place)): Fraction(float(array[place]))
                    for place in np.ndindex(array.shape)
                }
        return Point(values)


def draws(run: Run, assumed: Sequence[Assumption], *terms: Term) -> Iterator[Drawn]:
    """The usual ones first; `terms` are what was traced."""
    names = dict.fromkeys([*run.sizes, *_size_names(run)])
    written = _in_the_code(run)
    small = sorted({n for k in written if 1 < k < LARGEST_SIZE and k % 1 == 0 for n in (k, k + 1)})
    listed = [*SIZES, *((int(k),) * len(names) for k in small)] if names else [()]
    edges = [float(abs(c)) for c in borders(*terms)][:MOST_BORDERS]
    large = [k for k in written if k > LARGEST_SIZE]
    edges += [*large[:MOST_BORDERS], *large[-MOST_BORDERS:]]
    far = [(-2 * c - 1, 2 * c + 1) for c in dict.fromkeys([*edges, *WIDE])]
    if not names:  # there is one point for each, which may be on one side alone
        far += [ends for low, high in far for ends in ((high / 2, high), (low, low / 2))]
    ranges = [(True, low, high) for low, high in USUAL] + [(False, *ends) for ends in far]
    # diagonally, since the time may not be enough for all
    places = sorted(product(range(len(ranges)), range(len(listed))), key=lambda p: (sum(p), p))
    for seed, (first, second) in enumerate(places):
        (usual, low, high), numbers = ranges[first], listed[second]
        here = {name: numbers[k % len(numbers)] for k, name in enumerate(names)}
        random = Random(seed)
        whole = not usual and seed % 2 == 1  # so that some entries are equal
        arrays = _arrays(run, assumed, here, random, (low, high), whole=whole)
        yield Drawn(here, arrays, usual, seed)


def drawn_at(run: Run, point: Counterexample) -> Drawn:
    """The point of a counterexample; what it does not tell is 0, and a size 1."""
    import numpy as np

    here = {name: point.sizes.get(name, 1) for name in [*run.sizes, *_size_names(run)]}
    arrays: dict[str, Any] = {}
    for name, array in run.arrays.items():
        found = np.full(_lengths(array, here), float(point.values.get(name, 0)))
        for key, value in point.values.items():
            own, _, index = key.rstrip("]").partition("[")
            if own == name and index:
                found[tuple(int(k) - 1 for k in index.split(","))] = float(value)
        arrays[name] = found.argmax(axis=1) if name in run.labels else found
    return Drawn(here, arrays, usual=True)


def drawn_near(run: Run, assumed: Sequence[Assumption], witness: Witness, seed: int) -> Drawn:
    """The witness of a theorem for seed 0, and points near it for others.

    Labels, and arrays of which something is assumed, are as they are there.
    """
    import numpy as np

    random, far = np.random.default_rng(seed), NEAR[seed % len(NEAR)]
    fixed = {*run.labels, *(one.name for one in assumed)}
    here = {name: witness.sizes.get(name, 2) for name in [*run.sizes, *_size_names(run)]}
    arrays: dict[str, Any] = {}
    for name, array in run.arrays.items():
        found = np.full(_lengths(array, here), float(witness.everywhere.get(name, 0)))
        for (own, *place), value in witness.values.items():
            if own == name:
                found[tuple(k - 1 for k in place)] = float(value)
        if name not in fixed:
            found += far * random.uniform(-1, 1, found.shape)
        arrays[name] = found.argmax(axis=1) if name in run.labels else found
    return Drawn(here, arrays, usual=True, seed=seed)


def _lengths(array: Input, here: dict[str, int]) -> list[int]:
    return [_number(size, here) for size in sizes(array.shape)]


def _arrays(
    run: Run,
    assumed: Sequence[Assumption],
    here: dict[str, int],
    random: Random,
    ends: tuple[float, float],
    *,
    whole: bool,
) -> dict[str, Any]:
    import numpy as np

    found: dict[str, Any] = {}
    for name, array in run.arrays.items():
        shape = _lengths(array, here)
        if name in run.labels:
            rows, classes = shape
            found[name] = np.array([random.randrange(classes) for _ in range(rows)], dtype=int)
            continue
        values = [random.uniform(*ends) for _ in range(int(np.prod(shape)))]
        found[name] = np.array([round(v) if whole else v for v in values], dtype=float)
        found[name] = found[name].reshape(shape)
        found[name] = _as_assumed(found[name], [one for one in assumed if one.name == name])
    return found


def _as_assumed(array: Any, assumed: Sequence[Assumption]) -> Any:
    """An array near this one of which that holds."""
    import numpy as np

    axes = {one.kind: one.axis for one in assumed}
    if "signs" in axes:
        array = np.where(array < 0, -1.0, 1.0)
    if "binary" in axes:
        array = np.where(array > 0, 1.0, 0.0)
    if "positive" in axes:
        array = np.abs(array) + 0.1
    if "row_sums" not in axes:
        return array
    axis = axes["row_sums"]
    if "binary" in axes:
        one = np.zeros_like(array)
        np.put_along_axis(one, np.expand_dims(array.argmax(axis=axis), axis), 1.0, axis=axis)
        return one
    return array + (1 - array.sum(axis=axis, keepdims=True)) / array.shape[axis]


def _number(size: Size, here: dict[str, int]) -> int:
    return here[size] if isinstance(size, str) else size


def _size_names(run: Run) -> Iterator[str]:
    for array in run.arrays.values():
        yield from (size for size in sizes(array.shape) if isinstance(size, str))


def _in_the_code(run: Run) -> list[float]:
    """The numbers that stand in the text of the user's functions, and that they look up."""
    found: set[float] = set()
    pending: list[Any] = [*codes_of(*run.script.functions), *run.told.values()]
    while pending:
        match pending.pop():
            case CodeType() as code:
                pending += code.co_consts
            case tuple() | frozenset() as several:
                pending += several
            case bool():
                continue
            case int(number) | float(number) if abs(number) <= LARGEST_NUMBER:
                found.add(abs(float(number)))
    return sorted(found)
