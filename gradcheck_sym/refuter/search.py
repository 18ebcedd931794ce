"""The search for a point at which two terms differ, and for a small one.

What served before comes first, then the proposals of `points.py`; what is found is made smaller,
as Hypothesis shrinks an example.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Definition, Hypothesis
from gradcheck_sym.refuter.assumed import assumed
from gradcheck_sym.refuter.bounds import is_visible, show_both
from gradcheck_sym.refuter.found import Found, Kept, Numbers, Points, Sizes, shown_key
from gradcheck_sym.refuter.inputs import (
    Derived,
    Key,
    Reader,
    Values,
    reached_from,
    shapes,
    some_of_each,
)
from gradcheck_sym.refuter.memory import Memory, Pattern
from gradcheck_sym.refuter.needs import Needs, domain, unsure
from gradcheck_sym.refuter.places import as_point, followed, within
from gradcheck_sym.refuter.points import (
    PRECISIONS,
    THOROUGH_TRIES,
    Tries,
    borders,
    choices,
    full_point,
    proposed_points,
    whole_arrays,
)
from gradcheck_sym.refuter.shrink import shrunk
from gradcheck_sym.term.terms import Letter, Term
from gradcheck_sym.term.walks import named_sizes
from gradcheck_sym.values.interval import Interval, Value, apart
from gradcheck_sym.verdict import Counterexample

MOST_INPUTS = 300
MOST_READ = 200  # choices of sizes and indices of which it is remembered what they read
FIRST_SPARSE = 10  # points with few inputs, where there are more inputs than that
WIDE, MOST_CHOICES = 4, 120  # points at each choice of sizes, and how many choices
WORK_AT_ONCE = 200_000  # terms that are evaluated for one point


class Search:
    """Points for the entries of one equation."""

    def __init__(
        self,
        left: Term,
        right: Term,
        letters: Sequence[Letter],
        definitions: Mapping[str, Definition],
        hypotheses: Sequence[Hypothesis] = (),
        needs: Sequence[Obligation] = (),
        positive: frozenset[str] = frozenset(),
        memory: Memory | None = None,
        derived: Derived | None = None,
        kinks: Sequence[Obligation] = (),
    ) -> None:
        """`letters` are the free indices, and `needs` what has to hold for the sides to be meant.

        `kinks` are the borders of cases that a derivative is to be away from.
        `derived` gives the inputs that follow from others, or None where they are not known.

        What the functions in the sides need is known here.
        """
        self._sides, self._letters, self._definitions = (left, right), letters, definitions
        self.memory, self._derived = memory or Memory(), derived
        asked = [left, right, *chain.from_iterable(o.terms for o in (*needs, *kinks))]
        reached = reached_from(asked, definitions)
        terms = [*asked, *(definition.value for definition in reached.values())]
        self._shapes = shapes(reached, *asked)
        self._positive = sorted(positive & self._shapes.keys())
        self._hypotheses = [
            h for h in hypotheses if shapes({}, h.left, h.right).keys() & self._shapes
        ]
        assumed_of = chain.from_iterable((h.left, h.right) for h in self._hypotheses)
        self._shapes = shapes(reached, *asked, *assumed_of)
        self._assumed = assumed(self._hypotheses, frozenset(self._positive), (*needs, *kinks))
        borders_of_cases = unsure(kinks, positive)
        every = [*borders_of_cases, *unsure(needs, positive), *domain(terms, positive)]
        self._every = every
        self._needs = Needs(
            *(every, letters, self._hypotheses, self._positive, borders_of_cases, definitions),
            single=self._assumed.single,
        )
        ranges = [letters, *(definition.letters for definition in reached.values())]
        for hypothesis in self._hypotheses:
            ranges.append(hypothesis.letters)
            terms += [hypothesis.left, hypothesis.right]
        self._names = sorted(named_sizes(terms, chain.from_iterable(ranges)))
        self._borders = borders(*terms, definitions=definitions)
        self._work_left = 0
        self._in_vain: set[tuple[frozenset[tuple[Letter, int]], Tries, int]] = set()
        self._read: dict[tuple[frozenset[tuple[object, int]], ...], list[Key]] = {}

    @property
    def has_borders(self) -> bool:
        """Whether points have to be away from the borders of cases, where simple ones often are."""
        return any(needed.relation == "≠" for needed in self._every)

    def find(self, at: Mapping[Letter, int], tries: Tries) -> Counterexample | None:
        """A counterexample where `at` numbers the letters, or None."""
        asked = frozenset(at.items()), tries, self.memory.version
        if asked in self._in_vain:
            return None
        if found := next(self._separating(at, tries), None):
            return self._counterexample(found, at)
        self._in_vain.add(asked)
        return None

    def _separating(self, at: Mapping[Letter, int], tries: Tries) -> Iterator[Found]:
        """Few points at many sizes first, since there may be none at the first of them.

        Where simple ones do not tell, as where a transpose is missing, one that has no zeros may.
        """
        if self._names and tries.at_once > WIDE:
            few = tries._replace(at_once=WIDE, in_all=WIDE * MOST_CHOICES)
            every = choices(self._names, self._letters, at, MOST_CHOICES)
            yield from self._tried(every, few, self._few)
        yield from self._tried(choices(self._names, self._letters, at), tries, self._points)

    def _tried(
        self, chosen: Iterable[tuple[Sizes, Numbers]], tries: Tries, points: Points
    ) -> Iterator[Found]:
        tried, self._work_left = 0, tries.work
        for sizes, numbers in chosen:
            most = tries.at_once + self.memory.known
            for proposed, kept in islice(points(sizes, numbers), most):
                point = self._admitted(proposed, sizes)
                if point is not None and (
                    values := self._differ(point, sizes, numbers, tries.precision)
                ):
                    yield Found(point, sizes, numbers, values, kept)
                tried += 1
                if self._work_left < 0:
                    return
            if tried > tries.in_all:
                return

    def _counterexample(self, found: Found, at: Mapping[Letter, int]) -> Counterexample:
        point, sizes, numbers, values, served = found
        self._work_left = THOROUGH_TRIES.work
        if served is None:
            if point not in self.memory.found:
                self.memory.remember(point)
            served = point = shrunk(point, partial(self._smaller, found))
            if pattern := self._pattern(point, sizes, numbers):
                self.memory.keep(pattern)
            values = self._differ(point, sizes, numbers) or values
        self.memory.keep(served)
        return Counterexample(
            {shown_key(key): value for key, value in sorted(point.items())},
            *show_both(*values),
            sizes=dict(sizes),
            indices={x.name: number for x, number in numbers.items() if x not in at},
        )

    def _pattern(self, point: Values, sizes: Sizes, numbers: Numbers) -> Pattern:
        """The pattern of a point; an empty one if it has inputs that are not looked at."""
        inputs = enumerate(self._inputs(sizes, numbers))
        found = tuple((rank, point[key]) for rank, key in inputs if key in point)
        return found if len(found) == len(point) else ()

    def _placed(self, pattern: Pattern, sizes: Sizes, numbers: Numbers) -> Values:
        inputs = self._inputs(sizes, numbers)
        return {inputs[rank]: value for rank, value in pattern if rank < len(inputs)}

    def _points(self, sizes: Sizes, numbers: Numbers) -> Iterator[tuple[Values, Kept | None]]:
        """Points to try, those that were kept with what they were kept as."""
        for kept in self.memory.kept:
            placed = self._placed(kept, sizes, numbers) if isinstance(kept, tuple) else kept
            yield within(placed, self._shapes, sizes), kept
        for found in tuple(self.memory.found):
            yield within(found, self._shapes, sizes), None
        inputs = self._inputs(sizes, numbers)
        sparse = proposed_points(inputs, self._borders)
        if len(inputs) < MOST_INPUTS or not self._needs:
            yield from ((point, None) for point in sparse)
            return
        yield from ((point, None) for point in islice(sparse, FIRST_SPARSE))
        for some, every in zip(sparse, whole_arrays(self._shapes, inputs, sizes), strict=False):
            yield every, None
            yield some, None

    def _few(self, sizes: Sizes, numbers: Numbers) -> Iterator[tuple[Values, Kept | None]]:
        """What was kept, simple points and one without zeros."""
        simple = WIDE - 1 + self.memory.known
        yield from islice(self._points(sizes, numbers), simple)
        yield full_point(self._inputs(sizes, numbers)), None

    def _admitted(self, point: Values, sizes: Sizes) -> Values | None:
        """The nearest point that the hypotheses allow, and at which what follows is known."""
        if self._assumed.names:
            point = self._assumed.admitted(point, self._shapes, sizes)
        if self._derived is None:
            return point
        return followed(self._derived, point, self._shapes, sizes)

    def _inputs(self, sizes: Sizes, numbers: Numbers) -> list[Key]:
        """The inputs that the two sides depend on, and what is needed of them, up to a number."""
        asked = frozenset(sizes.items()), frozenset(numbers.items())
        if asked not in self._read:
            if len(self._read) >= MOST_READ:
                self._read.clear()
            sides = ((side, numbers) for side in self._sides)
            terms = chain(sides, self._needs.terms(sizes, numbers))
            read = Reader(self._definitions, sizes).read(terms)
            found = self._assumed.whole_rows(read, self._shapes, sizes)
            self._read[asked] = some_of_each(found, MOST_INPUTS)
        return self._read[asked]

    def _differ(
        self, point: Values, sizes: Sizes, numbers: Numbers, most: int = PRECISIONS[-1]
    ) -> tuple[Value, Value] | None:
        """The values of the two sides if arithmetic with at most so many digits separates them."""
        at = as_point(point, self._shapes)
        for precision in (digits for digits in PRECISIONS if digits <= most):
            evaluator = self.memory.evaluator(self._definitions, at, sizes, precision)
            evaluator.work_left = WORK_AT_ONCE
            try:
                left, right = (evaluator.value(side, numbers) for side in self._sides)
                if apart(left, right):
                    return (left, right) if self._needs.hold(evaluator, numbers) else None
            except (ArithmeticError, LookupError, RecursionError):
                return None
            finally:
                self._work_left -= WORK_AT_ONCE - evaluator.work_left
            if not isinstance(left, Interval) and not isinstance(right, Interval):
                return None
        return None

    def _smaller(self, found: Found, proposed: Values, point: Values) -> Values | None:
        """The nearest point to the proposed one that is allowed, if it serves and is another."""
        smaller = self._admitted(proposed, found.sizes)
        if smaller is None or smaller == point or self._work_left < 0:
            return None
        values = self._differ(smaller, found.sizes, found.numbers)
        # floats have to show what is found where they do
        shown = values and (all(map(is_visible, values)) or not all(map(is_visible, found.values)))
        return smaller if shown else None
