"""Floats at one given point, which have no values where a function has none, and know the cases."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.refuter.floats import Floats, Numbers, number_at
from gradcheck_sym.refuter.inputs import Key, Values
from gradcheck_sym.term.functions import FUNCTIONS
from gradcheck_sym.term.terms import Add, Apply, Entry, Mul, Sum, Term, Where

LOST = 1e-12  # of a sum's largest term: where less is left, it is taken for 0
NEVER_ZERO = 1e-3  # what is larger is not looked through
FLAT = {"exp": 100, "erf": 10}  # beyond, 1 - tanh is too small to be told from 0

NO_VALUE = (ArithmeticError, RecursionError)  # the latter for what is made of too many names


class Met(Floats):
    """The values at a point, and those that decide its cases, in `cases`; `work` counts terms.

    >>> from gradcheck_sym.term.terms import Entry
    >>> x = Entry("x")
    >>> there = Met({}, {}, {("x",): 2})
    >>> there.value(Where(x, 3 * x, x), {}), list(there.cases.values())
    (6.0, [2.0])
    """

    def __init__(
        self, definitions: Mapping[str, Definition], sizes: Mapping[str, int], values: Values
    ) -> None:
        super().__init__(definitions, sizes, lambda name, place, _: given.get((name, *place), 0.0))
        given: dict[Key, float] = {key: float(value) for key, value in values.items()}
        self.cases: dict[tuple[int, ...], float] = {}
        self.work = 0

    def value(self, term: Term, at: Numbers) -> float:
        """The value where the free letters are these numbers; raises one of `NO_VALUE`."""
        self.work += 1
        if isinstance(term, Where):
            decides = self._known_value(term.u, at)
            self.cases[id(term), *at.values()] = decides
            return self.value(term.yes if decides > 0 else term.no, at)
        if isinstance(term, Apply):
            self._refuse(term, at)
        return super().value(term, at)

    def _refuse(self, term: Apply, at: Numbers) -> None:
        """Raise ArithmeticError where a function has no value, or is all but a constant."""
        relation, most = FUNCTIONS[term.function].domain, FLAT.get(term.function)
        if relation and not _is(self._known_value(term.argument, at), relation):
            raise ZeroDivisionError(f"{term.function} has no value there")
        if most and abs(self.value(term.argument, at)) > most:
            raise OverflowError(f"{term.function} is too near to a bound")

    def holds(self, needed: Obligation, at: Numbers) -> bool:
        """Whether an obligation does, for these numbers for its letters."""
        for u, above in needed.guards:
            if _is(self._known_value(u, at), ">") != above:
                return True
        return _is(self._known_value(needed.u, at), needed.relation)

    def is_zero(self, term: Term, at: Numbers) -> bool:
        """Whether a term is, as far as floats tell."""
        return not self._known_value(term, at)

    def _known_value(self, term: Term, at: Numbers) -> float:
        """The value, 0 where no more than rounding may be left of it."""
        value = self.value(term, at)
        if not isfinite(value):
            raise OverflowError("too large for a float")
        return 0.0 if abs(value) < NEVER_ZERO and self._cancels(term, at) else value

    def _cancels(self, term: Term, at: Numbers) -> bool:
        """Whether its terms cancel but for their last digits, here or in what it is made of."""
        match term:
            case Add(terms):
                return _is_lost([self.value(one, at) for one in terms])
            case Sum(index, body):
                there = range(1, self.count(index.size) + 1)
                return _is_lost([self.value(body, {**at, index: k}) for k in there])
            case Mul(factors):
                return any(self._cancels(factor, at) for factor in factors)
            case Apply("sqrt", argument):
                return self._cancels(argument, at)
            case Where(u, yes, no):
                return self._cancels(yes if self._known_value(u, at) > 0 else no, at)
            case Entry(name, indices) if name in self._definitions:
                known = self._definitions[name]
                places = (number_at(index, at) for index in indices)
                return self._cancels(known.value, dict(zip(known.letters, places, strict=True)))
        return self.value(term, at) == 0


def _is_lost(terms: list[float]) -> bool:
    return abs(sum(terms)) <= LOST * max(map(abs, terms), default=0.0)


def _is(value: float, relation: str) -> bool:
    return value != 0 if relation == "≠" else value > 0 if relation == ">" else value >= 0
