"""A statement at numbers, as one at names: what is seen at small sizes is seen quickly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Definition, Hypothesis, Statement
from gradcheck_sym.term.terms import Delta, Entry, Index, Letter, Sum, Term
from gradcheck_sym.term.walks import rebuilt

T = TypeVar("T", Index, Letter)


@dataclass(frozen=True)
class Resized:
    """The same with names for sizes, and the numbers that these names stood for."""

    statement: Statement
    conditions: tuple[Obligation, ...]
    sizes: Mapping[str, int] = field(default_factory=dict)


def resized(statement: Statement, conditions: Sequence[Obligation]) -> Resized:
    """Names for all sizes beyond 1; as it is, where an index is a number beyond 1.

    A number that was made of a size, such as 1/n, stays: whether the statement holds at other
    sizes has to be looked at.

    >>> i = Letter("i", 784)
    >>> x = Entry("x", (i,))
    >>> told = Statement({}, Sum(i, x * x), "x", (i,), 2 * x)
    >>> found = resized(told, [Obligation(x, "≠")])
    >>> found.sizes, found.conditions[0].u.indices[0].size
    ({'#784': 784}, '#784')
    """
    names = _Names()
    try:
        found = names.statement(statement)
        needs = tuple(map(names.obligation, conditions))
    except _Fixed:
        return Resized(statement, tuple(conditions))
    return Resized(found, needs, names.sizes)


class _Fixed(Exception):
    """An entry of a number of its own."""


class _Names:
    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}
        self._letters: dict[Letter, Letter] = {}
        self._done: dict[int, tuple[Term, Term]] = {}

    def statement(self, told: Statement) -> Statement:
        """The statement with names."""
        return replace(
            told,
            definitions={
                name: Definition(self._all(known.letters), self.term(known.value))
                for name, known in told.definitions.items()
            },
            loss=self.term(told.loss),
            letters=self._all(told.letters),
            claim=self.term(told.claim),
            hypotheses=tuple(
                Hypothesis(self._all(h.letters), self.term(h.left), self.term(h.right))
                for h in told.hypotheses
            ),
            needs=tuple(map(self.obligation, told.needs)),
        )

    def obligation(self, needed: Obligation) -> Obligation:
        """One that has to hold, with names."""
        guards = tuple((self.term(u), above) for u, above in needed.guards)
        return Obligation(self.term(needed.u), needed.relation, guards)

    def term(self, value: Term) -> Term:
        """A term with names."""
        if id(value) not in self._done:
            self._done[id(value)] = value, self._made(value)
        return self._done[id(value)][1]

    def _made(self, value: Term) -> Term:
        match value:
            case Entry(name, indices):
                return Entry(name, self._all(indices))
            case Delta(left, right):
                return Delta(self._index(left), self._index(right))
            case Sum(index, body):
                return Sum(self._index(index), self.term(body))
        return rebuilt(value, self.term)

    def _all(self, indices: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(map(self._index, indices))

    def _index(self, index: T) -> T:
        if not isinstance(index, Letter):
            if index > 1:
                raise _Fixed
            return index
        if not isinstance(index.size, int) or index.size == 1:
            return index
        self.sizes[name := f"#{index.size}"] = index.size
        return self._letters.setdefault(index, Letter(index.name, name))
