"""The entry of an array as a term: one walk over the graph, each array once for its indices.

What is shared in the graph is shared in the terms, whose normal forms are found by identity.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gradcheck_sym.array.shape import Indices
from gradcheck_sym.term.terms import Term

if TYPE_CHECKING:
    from gradcheck_sym.array.arrays import Array


@dataclass(frozen=True)
class Plan:
    """Which entries of its operands an entry needs, and what it makes of them."""

    reads: Sequence[tuple[Array, Indices]]
    made: Callable[[Sequence[Term]], Term]


class Entries:
    """The entries that were asked for so far. The arrays live as long as this does."""

    def __init__(self) -> None:
        self._plans: dict[tuple[int, Indices], Plan] = {}
        self._terms: dict[tuple[int, Indices], Term] = {}
        self._kept: list[Array] = []

    def at(self, array: Array, indices: Indices) -> Term:
        """The entry; the depth of the graph is no matter."""
        self._kept.append(array)
        pending = [(array, indices)]
        while pending:
            one, place = pending[-1]
            key = id(one), place
            if key in self._terms:
                pending.pop()
                continue
            if key not in self._plans:
                self._plans[key] = one.plan(place)
            plan = self._plans[key]
            missing = [(a, i) for a, i in plan.reads if (id(a), i) not in self._terms]
            if missing:
                pending += missing
            else:
                self._terms[key] = plan.made([self._terms[id(a), i] for a, i in plan.reads])
                pending.pop()
        return self._terms[id(array), indices]
