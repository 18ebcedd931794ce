"""Floats at one given point, which have no values where a function has none, and know the cases."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.refuter.floats import Floats
from gradcheck_sym.refuter.inputs import Key, Values
from gradcheck_sym.term.functions import FUNCTIONS
from gradcheck_sym.term.terms import Apply, Letter, Term, Where

ZERO_UP_TO = 1e-9  # what is not beyond it is 0: floats lose as much where terms cancel


class Met(Floats):
    """The values at a point, and which cases they meet, in `cases`; `work` counts terms.

    >>> from gradcheck_sym.term.terms import Entry
    >>> x = Entry("x")
    >>> there = Met({}, {}, {("x",): 2})
    >>> there.value(Where(x, 3 * x, x), {}), list(there.cases.values())
    (6.0, [True])
    """

    def __init__(
        self, definitions: Mapping[str, Definition], sizes: Mapping[str, int], values: Values
    ) -> None:
        super().__init__(definitions, sizes, lambda name, place, _: given.get((name, *place), 0.0))
        given: dict[Key, float] = {key: float(value) for key, value in values.items()}
        self.cases: dict[tuple[int, ...], bool] = {}
        self.work = 0

    def value(self, term: Term, at: dict[Letter, int]) -> float:
        """The value where the free letters are these numbers; raises ArithmeticError."""
        self.work += 1
        if isinstance(term, Where):
            holds = _is(self.value(term.u, at), ">")
            self.cases[id(term), *at.values()] = holds
            return self.value(term.yes if holds else term.no, at)
        if isinstance(term, Apply):
            relation = FUNCTIONS[term.function].domain
            if relation and not _is(self.value(term.argument, at), relation):
                raise ZeroDivisionError(f"{term.function} has no value there")
        return super().value(term, at)

    def holds(self, needed: Obligation, at: dict[Letter, int]) -> bool:
        """Whether an obligation does, for these numbers for its letters."""
        for u, above in needed.guards:
            if _is(self.value(u, at), ">") != above:
                return True
        return _is(self.value(needed.u, at), needed.relation)

    def is_zero(self, term: Term, at: dict[Letter, int]) -> bool:
        """Whether a term is, as far as floats tell."""
        return not _is(self.value(term, at), "≠")


def _is(value: float, relation: str) -> bool:
    if not isfinite(value):
        raise OverflowError("too large for a float")
    if relation == "≠":
        return abs(value) > ZERO_UP_TO
    return value > ZERO_UP_TO if relation == ">" else value >= -ZERO_UP_TO
