"""Regions that the conditions of a proof leave out, and whether the claim is wrong in one.

u ≠ 0 reads as if single points were left out, and leaves out all points of a region in which u is
0. Where it is 0 at points at random, exact arithmetic has to agree, and a difference quotient of J
is compared with the claim. That is evidence for nothing: it makes a proof doubtful, or names a
point to look at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, takewhile
from math import prod

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Definition, Statement, size_names
from gradcheck_sym.refuter.inputs import Derived, Values, number_of, reached_from
from gradcheck_sym.refuter.lines import Cases, lines
from gradcheck_sym.refuter.looked import Looking, There
from gradcheck_sym.refuter.region import may_be_regions
from gradcheck_sym.refuter.resized import resized
from gradcheck_sym.term.terms import Apply, Where
from gradcheck_sym.term.walks import walk

SIZES = ((1,), (2,), (3, 2), (2, 3, 1), (5,))  # for sizes that are names, in turn
MOST_INPUTS = 2_000
MOST_WORK, LITTLE_WORK = 250_000, 40_000  # terms; the latter where cases show no region
MOST_COMPARED, MOST_ALIKE = 200, 3  # points in regions, and those in the same cases
ENOUGH = 24  # points outside of them
SIMPLER = (10, 100, 10_000, 1_000_000)  # denominators


@dataclass(frozen=True)
class Seen:
    """The conditions that are 0 in a region, and a point in one at which the claim looks wrong."""

    regions: tuple[Obligation, ...] = ()
    wrong: Values | None = None


def left_out(
    statement: Statement, conditions: Sequence[Obligation], derived: Derived | None = None
) -> Seen:
    """What is seen of regions that conditions of a theorem about a statement leave out.

    >>> from gradcheck_sym.term.terms import ONE, ZERO, Entry
    >>> w = Entry("w")
    >>> u = Where(w, w, ZERO) - w
    >>> wrong = Statement({}, Where(u, w, 2 * w), "w", (), ONE)
    >>> len(left_out(wrong, [Obligation(u, "≠")]).wrong), left_out(wrong, [Obligation(w, "≠")])
    (1, Seen(regions=(), wrong=None))
    """
    borders = [needed for needed in conditions if needed.relation == "≠"]
    if not borders or (
        not size_names(statement, conditions)
        and not statement.hypotheses
        and all(_is_a_polynomial(border, statement.definitions) for border in borders)
    ):
        return Seen()  # which is 0 in no region
    if derived is not None:
        return _LeftOut(statement, conditions, {}, derived).seen()
    told = resized(statement, conditions)
    found = _LeftOut(told.statement, told.conditions, told.sizes).seen()
    own = dict(zip(map(id, told.conditions), conditions, strict=True))
    return Seen(tuple(own[id(needed)] for needed in found.regions), found.wrong)


class _LeftOut:
    def __init__(
        self,
        statement: Statement,
        conditions: Sequence[Obligation],
        numbers: Mapping[str, int],
        derived: Derived | None = None,
    ) -> None:
        """`numbers` are those that sizes stood for; at others the statement may not hold."""
        self._wrt, self._numbers = statement.wrt, numbers
        self._looking = Looking(statement, conditions, derived)
        self._names = sorted(size_names(statement, conditions))
        certain = not statement.hypotheses and not may_be_regions(conditions, statement.definitions)
        self._most_work = LITTLE_WORK if certain else MOST_WORK

    def seen(self) -> Seen:
        """Regions at one choice of sizes after the other, each with its share of work."""
        regions: dict[Obligation, None] = {}
        every = list(self._sizes())
        share = self._most_work // max(len(every), 1)
        for seed, sizes in enumerate(every):
            for there in islice(self._inside(sizes, seed, share), MOST_COMPARED):
                if min(sizes.values(), default=2) > 1:  # at 1 a softmax is a constant
                    regions |= dict.fromkeys(needed for needed, _ in there.zero)
                if self._looking.is_wrong(there) and self._holds_at(sizes, seed):
                    return Seen(tuple(regions), self._simple(there).values)
        return Seen(tuple(regions))

    def _inside(self, sizes: Mapping[str, int], seed: int, work: int) -> Iterator[There]:
        """Points of regions, few of them in the same cases."""
        seen = Counter[object]()
        for there in self._points(sizes, seed, work):
            cases = frozenset((case, value > 0) for case, value in there.met.cases.items())
            if seen[cases] < MOST_ALIKE and (sure := self._surely(there)):
                seen[cases] += 1
                yield sure

    def _surely(self, there: There | None) -> There | None:
        """The point with the conditions that surely fail there, if it is one that counts."""
        if there is None or not there.zero or not self._looking.is_admitted(there):
            return None
        zero = self._looking.surely_zero(there)
        return replace(there, zero=zero) if zero else None

    def _points(self, sizes: Mapping[str, int], seed: int, work: int) -> Iterator[There]:
        """Points on lines, while there is work left."""
        most = self._looking.work + work
        look = partial(self._looking.at, sizes)
        ways = lines(self._looking.shapes, self._wrt, sizes, seed)
        found = (there for line in ways for there in line.looked_at(look, _cases))
        return takewhile(lambda _: self._looking.work < most, found)

    def _holds_at(self, sizes: Mapping[str, int], seed: int) -> bool:
        """Whether the claim is right at these sizes where conditions hold.

        That is not sure of others than the numbers that were asked for: 1/n stays a number.
        """
        if all(sizes[name] == number for name, number in self._numbers.items()):
            return True
        points = [there for there in self._points(sizes, seed, MOST_WORK) if not there.zero]
        apart = points[:: len(points) // ENOUGH + 1]  # those of one line are near one another
        some = list(filter(self._looking.is_admitted, apart))
        return bool(some) and not any(map(self._looking.is_wrong, some))

    def _simple(self, wrong: There) -> There:
        """The same, with numbers that exact arithmetic bears, if it is as wrong with these."""
        for most in SIMPLER:
            values = {key: value.limit_denominator(most) for key, value in wrong.values.items()}
            there = self._surely(self._looking.at(wrong.sizes, values))
            if there and self._looking.is_wrong(there):
                return there
        return wrong

    def _sizes(self) -> Iterator[dict[str, int]]:
        """Numbers for all sizes, none larger than those that were asked for; these last."""
        chosen = [
            {name: numbers[k % len(numbers)] for k, name in enumerate(self._names)}
            for numbers in (*SIZES, *((k,) for k in self._looking.compared))
        ]
        largest = self._numbers
        found = [{n: min(k, largest.get(n, k)) for n, k in sizes.items()} for sizes in chosen]
        if largest:
            found.append({name: largest.get(name, 2) for name in self._names})
        for k, sizes in enumerate(found):
            counts = (
                prod(number_of(s, sizes) for s in shape) for shape in self._looking.shapes.values()
            )
            if sizes not in found[:k] and sum(counts) <= MOST_INPUTS:
                yield sizes


def _cases(there: There) -> Cases:
    return there.met.cases


def _is_a_polynomial(border: Obligation, definitions: Mapping[str, Definition]) -> bool:
    reached = reached_from(border.terms, definitions).values()
    parts = walk(*border.terms, *(definition.value for definition in reached))
    return not any(isinstance(part, Where | Apply) for part in parts)
