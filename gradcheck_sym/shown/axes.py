"""Letters for the axes of arrays, as the definitions of a statement have them."""

from __future__ import annotations

from collections.abc import Mapping

from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.shown.names import POOLED
from gradcheck_sym.term.terms import Entry, Letter, Sum, Term
from gradcheck_sym.term.walks import entries, rebuilt, substitute


class Axes:
    """The letter of each axis: a defined array's own, an input's where it is first used.

    >>> j, pooled = Letter("j", 2), Letter("r0", 2)
    >>> delta = {"delta": Definition((j,), Entry("y", (j,)))}
    >>> Axes(delta).along(Sum(pooled, Entry("y", (pooled,)))).index.name
    'j'
    """

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self._names: dict[tuple[str, int], str] = {}
        for name, definition in definitions.items():
            self._see(Entry(name, definition.letters))
        for definition in definitions.values():
            for entry in entries(definition.value):
                self._see(entry)

    def _see(self, entry: Entry) -> None:
        for place, index in enumerate(entry.indices):
            if isinstance(index, Letter) and not POOLED.fullmatch(index.name):
                self._names.setdefault((entry.name, place), index.name)

    def along(self, term: Term) -> Term:
        """The term with the letters of its sums named by the axes that they run along."""
        if not (isinstance(term, Sum) and POOLED.fullmatch(term.index.name)):
            return rebuilt(term, self.along)
        name = next(
            (
                self._names[entry.name, place]
                for entry in entries(term.body)
                for place, index in enumerate(entry.indices)
                if index is term.index and (entry.name, place) in self._names
            ),
            term.index.name,
        )
        letter = Letter(name, term.index.size)
        return Sum(letter, self.along(substitute(term.body, {term.index: letter})))
