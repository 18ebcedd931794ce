"""Whether two terms look equal at a point at random: what is worth the search for a proof."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from gradcheck_sym.checker.statement import Definition, Statement, size_names
from gradcheck_sym.refuter.assumed import assumed
from gradcheck_sym.refuter.inputs import keys, number_of, shapes
from gradcheck_sym.refuter.places import as_point
from gradcheck_sym.refuter.points import full_point
from gradcheck_sym.term.terms import Index, Letter, Term
from gradcheck_sym.values.evaluator import Evaluator
from gradcheck_sym.values.interval import apart

SIZES = (3, 2, 4, 5)  # for sizes that are names, so that they differ
MOST_ENTRIES = 3_000  # of all inputs; with more, everything looks likely


class Likely:
    """One point at random, for a statement and definitions of which some may be further ones."""

    def __init__(self, statement: Statement, definitions: Mapping[str, Definition]) -> None:
        names = sorted(size_names(statement))
        self._sizes = sizes = {name: SIZES[k % len(SIZES)] for k, name in enumerate(names)}
        arrays = shapes(statement.definitions, statement.loss, statement.claim)
        counts = (self._count(shape, sizes) for shape in arrays.values())
        self._letters = [x for x in statement.letters if isinstance(x, Letter)]
        self._evaluator: Evaluator | None = None
        if sum(counts) <= MOST_ENTRIES:
            values = full_point(
                key for name, shape in arrays.items() for key in keys(name, shape, sizes)
            )
            known = assumed(statement.hypotheses, statement.positive, statement.needs)
            point = as_point(known.admitted(values, arrays, sizes), arrays)
            self._evaluator = Evaluator(definitions, point, sizes)

    @staticmethod
    def _count(shape: tuple[int | str, ...], sizes: Mapping[str, int]) -> int:
        count = 1
        for size in shape:
            count *= number_of(size, sizes)
        return count

    def equal(self, left: Term, right: Term, at: Mapping[str, int] | None = None) -> bool:
        """False only where the two surely differ at the point, `at` an entry or at the first."""
        return self._equal(left, right, {x: (at or {}).get(x.name, 1) for x in self._letters})

    def equal_at_places(self, left: Term, right: Term, places: Iterable[Index]) -> bool:
        """False only where the two surely differ, for one choice of numbers for the letters."""
        letters = (x for x in places if isinstance(x, Letter))
        numbered = ((x, 1 + k % number_of(x.size, self._sizes)) for k, x in enumerate(letters))
        with suppress(RecursionError):  # what is that deep may still be proved
            return self._equal(left, right, dict(numbered))
        return True

    def _equal(self, left: Term, right: Term, numbers: Mapping[Letter, int]) -> bool:
        if self._evaluator is None:
            return True
        try:
            return not apart(*(self._evaluator.value(side, numbers) for side in (left, right)))
        except (ArithmeticError, LookupError):
            return True


def hunch(statement: Statement) -> Callable[[Term, Term, Iterable[Index]], bool]:
    """Whether two terms look equal, as `Likely` has it; its point is found when it is asked."""
    found: list[Likely] = []

    def looks_equal(left: Term, right: Term, places: Iterable[Index]) -> bool:
        if not found:
            found.append(Likely(statement, statement.definitions))
        return found[0].equal_at_places(left, right, places)

    return looks_equal
