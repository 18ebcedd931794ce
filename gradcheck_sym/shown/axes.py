"""Letters for the axes of arrays, as the definitions of a statement have them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gradcheck_sym.checker.statement import Definition, Statement, free_letters
from gradcheck_sym.shown.names import LETTERS, OTHERS, POOLED, scalars
from gradcheck_sym.sizes import ARRAY
from gradcheck_sym.term.terms import Entry, Letter, Size, Sum, Term
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
        self._told = True
        self._ranges: dict[str, Size] = {}  # that are told, of the entry's letters
        self._see_all(definitions)

    @classmethod
    def of(cls, statement: Statement) -> Axes:
        """The letters of all that a network's statement speaks of.

        Users' arrays have letters by the order of their axes alone: there it is what is defined.
        """
        found = cls({})
        for name, definition in statement.definitions.items():
            found._see(Entry(name, definition.letters))
        rows = [statement.letters, *(x.letters for x in statement.definitions.values())]
        first = [x for row in rows for x in row[:1] if isinstance(x, Letter)]
        told = all(x.name in LETTERS[:4] for x in first)
        found._told = told and bool(re.fullmatch(ARRAY, statement.wrt))
        if found._told:
            named = [x for x in statement.letters if isinstance(x, Letter)]
            found._ranges = {x.name: x.size for x in named if isinstance(x.size, str)}
            found._see(Entry(statement.wrt, statement.letters))
            found._see_all(statement.definitions)
            for entry in entries(statement.loss, statement.claim):
                found._see(entry)
        return found

    def _see_all(self, definitions: Mapping[str, Definition]) -> None:
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
        """The term with the pooled letters of its sums named by the axes that they run along."""
        return self._along(term, whole=False)

    def all_along(self, term: Term) -> Term:
        """The same for all letters of its sums, whatever they are called; some may be alike."""
        return self._along(term, whole=True) if self._told else term

    def _along(self, term: Term, *, whole: bool) -> Term:
        def along(part: Term) -> Term:
            return self._along(part, whole=whole)

        if not (isinstance(term, Sum) and (whole or POOLED.fullmatch(term.index.name))):
            return rebuilt(term, along)
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
        return Sum(letter, along(substitute(term.body, {term.index: letter})))

    def named(self, *terms: Term) -> dict[Letter, str]:
        """Names for the free letters: by their axes, of arrays of most axes first.

        A second index of an axis gets a letter that no axis has, and so does one of another range
        than is told of its letter.
        """
        free = frozenset().union(*map(free_letters, terms))
        places = [
            ((entry.name, k) not in self._names, -len(entry.indices), entry.name, k, index)
            for entry in reversed(list(entries(*terms)))
            for k, index in enumerate(entry.indices)
            if index in free
        ]
        found: dict[Letter, str] = {}
        axes = frozenset(self._names.values())
        for *_, name, k, letter in sorted(places, key=lambda place: place[:4]):
            taken = {*found.values(), *scalars(*terms)}
            own = self._names.get((name, k))
            told = self._ranges.get(own or "", letter.size)
            spare = (x for x in OTHERS if x not in axes)
            others = spare if own and self._told else (*LETTERS[k:], *LETTERS)
            names = filter(None, (own if told == letter.size else None, *others))
            found.setdefault(letter, next(x for x in names if x not in taken))
        return found
