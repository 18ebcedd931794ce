"""Whether the conditions of a theorem hold together with its hypotheses, at a point that is given.

Without one the theorem might speak of nothing. Whatever intervals do not tell, or what takes too
much work, counts as failing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.proof import Witness
from gradcheck_sym.checker.statement import Hypothesis, Statement, free_letters, size_names
from gradcheck_sym.term.terms import Entry, Letter, Term
from gradcheck_sym.values.evaluator import Evaluator, Point, TooDear
from gradcheck_sym.values.interval import Interval, Undefined, ends, is_positive

LEAST_SIZE = 2  # of a size that is a name: at 1, what is said of two indices says nothing
MOST_PLACES = 500_000  # values of indices that are looked at
FAILS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def holds_at(witness: Witness, statement: Statement, conditions: Sequence[Obligation]) -> bool:
    """Whether all that a theorem assumes holds at the witness, and its two sides are meant there.

    That is: the hypotheses exactly, and the conditions and what the statement needs as far as
    intervals tell, for all values of their letters.
    """
    try:
        if not _is_sound(witness) or not size_names(statement, conditions) <= witness.sizes.keys():
            return False
        point = Point(witness.values, witness.everywhere)
        place = Place(Evaluator(statement.definitions, point, witness.sizes))
        return (
            all(place.is_exact(hypothesis) for hypothesis in statement.hypotheses)
            and all(is_positive(place.evaluator.value(Entry(name))) for name in statement.positive)
            and all(place.satisfies(needed) for needed in (*conditions, *statement.needs))
            and place.is_meant(statement.loss)
            and place.is_meant(statement.claim)
        )
    except FAILS:
        return False


def _is_sound(witness: Witness) -> bool:
    values = (*witness.everywhere.values(), *witness.values.values())
    return all(type(size) is int and size >= LEAST_SIZE for size in witness.sizes.values()) and all(
        type(value) in (int, Fraction) for value in values
    )


class Place:
    """What holds at an evaluator's point, for all values of letters but those that are `given`."""

    def __init__(self, evaluator: Evaluator, given: Mapping[Letter, int] | None = None) -> None:
        self.evaluator, self._given, self._places_left = evaluator, given or {}, MOST_PLACES

    def is_exact(self, hypothesis: Hypothesis) -> bool:
        """Whether both sides of the equation are exact, and equal."""
        sides = hypothesis.left, hypothesis.right
        for numbers in self.places(*sides):
            left, right = (self.evaluator.value(side, numbers) for side in sides)
            if isinstance(left, Interval) or left != right:
                return False
        return True

    def satisfies(self, needed: Obligation) -> bool:
        """Whether the obligation holds wherever its guards do; raises if a guard is not decided."""
        return all(self.satisfies_at(needed, x) for x in self.places(*needed.terms))

    def is_meant(self, term: Term) -> bool:
        """Whether the term has a value; raises ArithmeticError if it may have none."""
        return all(ends(self.evaluator.value(term, x)) for x in self.places(term))

    def places(self, *terms: Term) -> Iterator[dict[Letter, int]]:
        """Numbers for the free letters, all of those that the values may depend on here."""
        found = dict.fromkeys(x for term in terms for x in self.evaluator.varies(term))
        varying = [letter for letter in found if letter not in self._given]
        fixed = {**dict.fromkeys(frozenset().union(*map(free_letters, terms)), 1), **self._given}
        counts = [self.evaluator.size(letter.size) for letter in varying]
        self._places_left -= prod(counts)
        if self._places_left < 0:  # before `product` makes lists of them
            raise TooDear("too many values of indices to look at")
        for numbers in product(*(range(1, count + 1) for count in counts)):
            yield {**fixed, **dict(zip(varying, numbers, strict=True))}

    def satisfies_at(self, needed: Obligation, numbers: Mapping[Letter, int]) -> bool:
        """The same for these numbers for its letters."""
        for u, above in needed.guards:
            holds = is_positive(self.evaluator.value(u, numbers))
            if holds is None:
                raise Undefined("a guard that may hold or not")
            if holds != above:
                return True
        low, high = ends(self.evaluator.value(needed.u, numbers))
        match needed.relation:
            case "≠":
                return low > 0 or high < 0
            case ">":
                return low > 0
            case "≥":
                return low >= 0
        raise ValueError(f"no relation {needed.relation}")
