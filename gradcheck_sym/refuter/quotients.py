"""Difference quotients of J beside what is claimed: in floats, which are quick, then in decimals.

Floats may have no digits left, as of ln(1 − a) where a is almost 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import isclose

from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.refuter.floats import Numbers
from gradcheck_sym.refuter.inputs import Key, Values, shapes
from gradcheck_sym.refuter.met import NO_VALUE, Met
from gradcheck_sym.refuter.places import as_point
from gradcheck_sym.term.terms import Letter, Term, Where
from gradcheck_sym.values.evaluator import Evaluator
from gradcheck_sym.values.interval import Value, ends, is_positive

STEPS, ROUNDED = (Fraction(1, 1 << 22), Fraction(1, 1 << 26)), 2.0**-48
RELATIVE = 1e-3
DIGITS, STEP, TOLERANCE = 120, Fraction(1, 10**40), Fraction(1, 10**20)


class Quotients:
    """Those of a statement's loss at one point; `work` counts the terms that are evaluated."""

    def __init__(self, statement: Statement, values: Values, sizes: Mapping[str, int]) -> None:
        self._statement, self._values, self._sizes = statement, values, sizes
        self.work = 0

    def agree(self, at: Numbers) -> bool:
        """Whether quotients by an entry are what is claimed there, as far as floats are to tell.

        >>> from gradcheck_sym.term.terms import ONE, Entry
        >>> told = Statement({}, 3 * Entry("w"), "w", (), 2 * ONE)
        >>> Quotients(told, {}, {}).agree({}), surely_differ(told, {}, {}, {})
        (False, True)
        """
        try:
            claimed = self._value(self._statement.claim, at, {})
            return all(
                lost <= RELATIVE * abs(claimed) and isclose(found, claimed, rel_tol=RELATIVE)
                for found, lost in self._quotients(_entry(self._statement, at))
            )
        except NO_VALUE:
            return False

    def _quotients(self, key: Key) -> Iterator[tuple[float, float]]:
        """To either side, by two steps, and what rounding may add."""
        own, loss = self._values.get(key, Fraction(0)), self._statement.loss
        here = self._value(loss, {}, {})
        for step in STEPS:
            for side in (step, -step):
                moved = self._value(loss, {}, {key: own + side})
                yield (moved - here) / float(side), ROUNDED * abs(here) / float(step)

    def _value(self, term: Term, at: Numbers, moved: Values) -> float:
        met = Met(self._statement.definitions, self._sizes, self._values | moved)
        try:
            return met.value(term, at)
        finally:
            self.work += met.work


def surely_differ(
    statement: Statement, values: Values, sizes: Mapping[str, int], at: Numbers
) -> bool:
    """Whether the quotient by an entry, with many digits, is not what is claimed there."""
    arrays = shapes(statement.definitions, *statement.terms)
    key = _entry(statement, at)
    own = values.get(key, Fraction(0))

    def value(term: Term, by: Fraction) -> tuple[Fraction, Fraction]:
        point = as_point(values | {key: own + by}, arrays)
        there = _Decided(statement.definitions, point, sizes, DIGITS)
        low, high = ends(there.value(term, at))
        return Fraction(low), Fraction(high)

    try:
        claimed = value(statement.claim, Fraction(0))
        above, below = (value(statement.loss, side) for side in (STEP, -STEP))
    except (*NO_VALUE, LookupError):
        return False
    quotient = [(x - y) / (2 * STEP) for x, y in zip(above, below[::-1], strict=True)]
    least = TOLERANCE * max(map(abs, (*quotient, *claimed)))
    known = max(quotient[1] - quotient[0], claimed[1] - claimed[0]) < least
    return known and (claimed[1] + least < quotient[0] or quotient[1] + least < claimed[0])


class _Decided(Evaluator):
    """What is 0 as far as is seen is not > 0."""

    def _found_value(self, term: Term, letters: Mapping[Letter, int]) -> Value:
        if isinstance(term, Where):
            above = is_positive(self._value(term.u, letters))
            return self._value(term.yes if above else term.no, letters)
        return super()._found_value(term, letters)


def _entry(statement: Statement, at: Numbers) -> Key:
    place = (at[x] if isinstance(x, Letter) else x for x in statement.letters)
    return (statement.wrt, *place)
