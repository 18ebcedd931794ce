"""Entries that differ in nothing but the numbers of their indices: what is so of one is of all.

Where a statement names no index by its number, it says the same after any two indices of an axis
have changed places in all arrays, X[1,2] with X[3,2] as W[1,5] with W[3,5]. So a point at which
the first entry is wrong, with indices exchanged, is one for each other entry, with equal values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.term.terms import Delta, Entry, Letter, Term
from gradcheck_sym.term.walks import walk
from gradcheck_sym.verdict import Counterexample

Axis: TypeAlias = Letter | tuple[str, int]  # a letter, or a place in the indices of an array


class Symmetry:
    """Which axes of the arrays are one, and which of their indices may change places.

    >>> i, j, x = Letter("i", 3), Letter("j", 3), Letter("k", 3)
    >>> a = Entry("a", (i,)) * Entry("b", (i,))
    >>> from gradcheck_sym.term.terms import Sum
    >>> found = Symmetry(Statement({}, Sum(i, a), "a", (x,), Entry("b", (x,)) * 2))
    >>> point = Counterexample({"b[1]": Fraction(1)}, *["0"] * 2)
    >>> found.holds, dict(found.moved(point, {"k": 3}).values)
    (True, {'b[3]': Fraction(1, 1)})
    """

    def __init__(self, statement: Statement) -> None:
        self._parents: dict[Axis, Axis] = {}
        self._named: set[Axis] = set()  # by numbers, in the statement
        self._letters = [x for x in statement.letters if isinstance(x, Letter)]
        for k, index in enumerate(statement.letters):
            self._join((statement.wrt, k), index)
        for name, definition in statement.definitions.items():
            for k, letter in enumerate(definition.letters):
                self._join((name, k), letter)
        for part in walk(*_terms(statement)):
            if isinstance(part, Entry):
                for k, index in enumerate(part.indices):
                    self._join((part.name, k), index)
            elif isinstance(part, Delta):
                for side in (part.left, part.right):
                    self._join(part.left if isinstance(part.left, Letter) else part.right, side)

    def _join(self, axis: Axis | int, index: Axis | int) -> None:
        if isinstance(axis, int):
            return
        if isinstance(index, int):
            self._named.add(axis)
        else:
            self._parents[self._root(axis)] = self._root(index)

    def _root(self, axis: Axis) -> Axis:
        while (parent := self._parents.get(axis, axis)) != axis:
            axis = parent
        return axis

    @property
    def holds(self) -> bool:
        """Whether the statement says the same of every entry."""
        moving = [letter for letter in self._letters if letter.size != 1]
        roots = [self._root(letter) for letter in moving]
        named = {self._root(axis) for axis in self._named}
        return len(set(roots)) == len(roots) and named.isdisjoint(roots)

    def moved(self, point: Counterexample, at: Mapping[str, int]) -> Counterexample:
        """The point for the first entry as one for the entry of these indices."""
        other = {self._root(x): at[x.name] for x in self._letters if x.name in at}
        names = list(dict.fromkeys(key.partition("[")[0] for key in point.values))
        found: dict[tuple[int, tuple[int, ...]], Fraction] = {}
        for key, value in point.values.items():
            name, _, inside = key.rstrip("]").partition("[")
            old = tuple(map(int, inside.split(","))) if inside else ()
            new = (_exchanged(x, other.get(self._root((name, k)), 1)) for k, x in enumerate(old))
            found[names.index(name), tuple(new)] = value
        shown = {_key(names[n], index): value for (n, index), value in sorted(found.items())}
        return replace(point, values=shown)


def _terms(statement: Statement) -> list[Term]:
    """All that the statement speaks of."""
    found = [statement.loss, statement.claim]
    found += [definition.value for definition in statement.definitions.values()]
    for hypothesis in statement.hypotheses:
        found += [hypothesis.left, hypothesis.right]
    for needed in statement.needs:
        found += [needed.u, *(u for u, _ in needed.guards)]
    return found


def _exchanged(index: int, other: int) -> int:
    """The index after 1 and another have changed places."""
    return {1: other, other: 1}.get(index, index)


def _key(name: str, index: tuple[int, ...]) -> str:
    return f"{name}[{','.join(map(str, index))}]" if index else name
