"""The derivative of a term by one entry of an array: one line a constructor.

Names are opaque: what they are defined as is the business of the chain rule. Off the border
u = 0, where(u, x, y) has the derivative where(u, x′, y′), whatever x and y are; u ≠ 0 is an
obligation if u depends on the entry, and none if it does not.
"""

from __future__ import annotations

from gradcheck_sym.checker.obligations import Guard, Obligation
from gradcheck_sym.checker.statement import free_letters
from gradcheck_sym.term.functions import FUNCTIONS, Relation
from gradcheck_sym.term.terms import (
    ONE,
    ZERO,
    Add,
    Apply,
    Delta,
    Entry,
    Index,
    Mul,
    Sum,
    Term,
    Where,
    add,
    mul,
)
from gradcheck_sym.term.walks import children, walk


def derivative(
    value: Term, name: str, places: tuple[Index, ...]
) -> tuple[Term, tuple[Obligation, ...]]:
    """∂value/∂name[places], and what has to hold for it, in the letters of the value's sums.

    Raises ValueError where one of these stands in `places` too, or in a case around its sum.
    """
    if any(isinstance(part, Sum) and part.index in places for part in walk(value)):
        raise ValueError("an index of the slope is one of a sum's")
    found = _Derivative(name, places)
    slope = found.of(value, ())
    return slope, tuple(found.obligations)


class _Derivative:
    def __init__(self, name: str, places: tuple[Index, ...]) -> None:
        self.name, self.places = name, places
        self.obligations: list[Obligation] = []
        self._depends: dict[int, bool] = {}
        self._done: dict[tuple[int, tuple[Guard, ...]], Term] = {}

    def depends(self, value: Term) -> bool:
        """Whether an entry of the array stands in the term."""
        if id(value) not in self._depends:
            own = isinstance(value, Entry) and value.name == self.name
            self._depends[id(value)] = own or any(map(self.depends, children(value)))
        return self._depends[id(value)]

    def of(self, value: Term, guards: tuple[Guard, ...]) -> Term:
        """The derivative of a part, which matters only where the guards hold."""
        if not self.depends(value):
            return ZERO
        key = id(value), guards
        if key not in self._done:
            self._done[key] = self._of(value, guards)
        return self._done[key]

    def _of(self, value: Term, guards: tuple[Guard, ...]) -> Term:
        match value:
            case Entry(_, indices):
                deltas = zip(indices, self.places, strict=True)
                return mul(ONE, *(Delta(index, place) for index, place in deltas))
            case Add(terms):
                return add(*(self.of(t, guards) for t in terms if self.depends(t)))
            case Mul(factors):
                return add(
                    *(
                        mul(*factors[:k], self.of(factor, guards), *factors[k + 1 :])
                        for k, factor in enumerate(factors)
                        if self.depends(factor)
                    )
                )
            case Sum(index, body):
                if any(index in free_letters(u) for u, _ in guards):
                    raise ValueError("a sum has the index of a case that it stands in")
                return Sum(index, self.of(body, guards))
            case Apply(function, argument):
                row = FUNCTIONS[function]
                self._need(argument, row.smooth, guards)
                return mul(row.slope(argument, value), self.of(argument, guards))
            case Where(u, yes, no):
                if self.depends(u):
                    self._need(u, "≠", guards)
                    self.of(u, guards)  # u has to be continuous as well
                above, below = (*guards, (u, True)), (*guards, (u, False))
                return Where(u, self.of(yes, above), self.of(no, below))
        raise TypeError(f"no term: {value!r}")

    def _need(self, u: Term, relation: Relation, guards: tuple[Guard, ...]) -> None:
        if relation:
            self.obligations.append(Obligation(u, relation, guards))
