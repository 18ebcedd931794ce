"""One point as floats see it: which conditions u ≠ 0 fail there, and whether the claim is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from random import Random

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Statement, free_letters
from gradcheck_sym.refuter.assumed import assumed
from gradcheck_sym.refuter.floats import Numbers
from gradcheck_sym.refuter.inputs import Derived, Values, number_of, numbers_up_to, shapes
from gradcheck_sym.refuter.met import NO_VALUE, Met
from gradcheck_sym.refuter.places import as_point, followed
from gradcheck_sym.refuter.quotients import Quotients, surely_differ
from gradcheck_sym.term.terms import Index, Letter, Num, Size, SizeOf, Where
from gradcheck_sym.term.walks import walk
from gradcheck_sym.values.evaluator import Evaluator
from gradcheck_sym.values.interval import ends

MOST_PLACES = 12  # of a condition, at one point, and of the claim
MOST_DOUBTED, ALWAYS = 40, 8  # quotients that are looked at with many digits
DIGITS, MOST_EXACT = 120, 500_000
LARGEST, MOST_SIZES = 12, 2  # of sizes that are compared with numbers


@dataclass(frozen=True)
class There:
    """A point, and which conditions u ≠ 0 fail there, for which numbers of their letters."""

    values: Values
    sizes: Mapping[str, int]
    met: Met
    zero: Sequence[tuple[Obligation, Numbers]]


class Looking:
    """Looks at points for one statement and its conditions; `work` counts terms."""

    def __init__(
        self,
        statement: Statement,
        conditions: Sequence[Obligation],
        derived: Derived | None,
    ) -> None:
        self._statement, self._derived, self.work = statement, derived, 0
        self._borders = [x for x in conditions if x.relation == "≠"]
        self._others = [x for x in conditions if x.relation != "≠"]
        self.shapes = shapes(statement.definitions, *statement.terms)
        self.shapes.setdefault(statement.wrt, tuple(map(_size, statement.letters)))
        self._assumed = assumed(statement.hypotheses, statement.positive, self._others)
        self._letters = [x for x in statement.letters if isinstance(x, Letter)]
        self._random, self._doubts_left = Random(0), MOST_DOUBTED

    @property
    def compared(self) -> list[int]:
        """Numbers that sizes are compared with in cases, and their successors."""
        cases = [part.u for part in walk(*self._statement.terms) if isinstance(part, Where)]
        of_sizes = [u for u in cases if any(isinstance(part, SizeOf) for part in walk(u))]
        told = {abs(Fraction(x.value)) for x in walk(*of_sizes) if isinstance(x, Num)}
        whole = sorted(int(k) for k in told if k % 1 == 0 and 2 < k <= LARGEST)[:MOST_SIZES]
        return list(dict.fromkeys(n for k in whole for n in (k, k + 1)))

    def at(self, sizes: Mapping[str, int], values: Values) -> There | None:
        """The nearest point that hypotheses allow, if conditions have values there."""
        values = self._assumed.admitted(values, self.shapes, sizes)
        if self._derived is not None:
            more = followed(self._derived, values, self.shapes, sizes)
            if more is None:
                return None
            values = more
        met = Met(self._statement.definitions, sizes, values)
        try:
            zero = [
                (needed, at)
                for needed in self._borders
                for at in self._some(_letters(needed), sizes)
                if not met.holds(needed, at)
            ]
            if zero:  # the claim may have cases of its own there
                for at in self._some(self._letters, sizes):
                    with suppress(*NO_VALUE):
                        met.value(self._statement.claim, at)
        except NO_VALUE:
            return None
        finally:
            self.work += met.work
        return There(values, sizes, met, zero)

    def is_admitted(self, there: There) -> bool:
        """Whether what is assumed, and what is needed otherwise, holds."""
        known = [(h.left - h.right, h.letters) for h in self._statement.hypotheses]
        try:
            return all(
                there.met.holds(needed, at)
                for needed in self._others
                for at in _all(_letters(needed), there.sizes)
            ) and all(
                there.met.is_zero(term, at)
                for term, letters in known
                for at in _all(letters, there.sizes)
            )
        except NO_VALUE:
            return False

    def surely_zero(self, there: There) -> list[tuple[Obligation, Numbers]]:
        """What is 0 there not in floats alone, where a number may be too small for them."""
        definitions = self._statement.definitions
        point = as_point(there.values, self.shapes)
        exact = Evaluator(definitions, point, there.sizes, DIGITS)
        exact.work_left = MOST_EXACT
        found = []
        for needed, at in there.zero:
            try:
                low, high = ends(exact.value(needed.u, at))
            except (*NO_VALUE, LookupError):
                continue
            if low < 0 < high or low == high == 0:  # what is too small for decimals is [0, …]
                found.append((needed, at))
        return found

    def is_wrong(self, there: There) -> bool:
        """Whether some quotient of J is surely not what is claimed."""
        quotients = Quotients(self._statement, there.values, there.sizes)
        for at in self._some(self._letters, there.sizes):
            first = self._doubts_left > MOST_DOUBTED - ALWAYS  # whatever floats say of it
            if not self._doubts_left or (not first and quotients.agree(at)):
                continue
            self._doubts_left -= 1
            if surely_differ(self._statement, there.values, there.sizes, at):
                return True
        self.work += quotients.work
        return False

    def _some(self, letters: Sequence[Letter], sizes: Mapping[str, int]) -> list[Numbers]:
        """Numbers for letters: all of them, or some at random."""
        counts = [number_of(letter.size, sizes) for letter in letters]
        if prod(counts) <= MOST_PLACES:
            return list(_all(letters, sizes))
        draw = self._random.randint
        return [
            {x: draw(1, count) for x, count in zip(letters, counts, strict=True)}
            for _ in range(MOST_PLACES)
        ]


def _size(index: Index) -> Size:
    return index.size if isinstance(index, Letter) else index


def _all(letters: Sequence[Letter], sizes: Mapping[str, int]) -> Iterator[Numbers]:
    """All numbers for letters."""
    for numbers in numbers_up_to(number_of(letter.size, sizes) for letter in letters):
        yield dict(zip(letters, numbers, strict=True))


def _letters(needed: Obligation) -> list[Letter]:
    """The free letters of an obligation."""
    free = frozenset().union(*map(free_letters, needed.terms))
    return sorted(free, key=lambda letter: letter.name)
