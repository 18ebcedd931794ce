"""Names for the letters of a formula, none of which is an array's, a size's or another letter's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gradcheck_sym.term.terms import Letter, Term
from gradcheck_sym.term.walks import entries, named_sizes


@dataclass(frozen=True)
class Letters:
    """The name of each letter; what is `taken` by something else is none of them.

    >>> i, another = Letter("i", "n"), Letter("i", "m")
    >>> names = Letters(frozenset({"i_2"})).and_of([i, another])
    >>> names[i], names[another]
    ('i', 'i_3')
    """

    taken: frozenset[str]
    names: dict[Letter, str] = field(default_factory=dict)

    def __getitem__(self, letter: Letter) -> str:
        return self.names[letter]

    def and_of(self, letters: Iterable[Letter]) -> Letters:
        """With names for these as well; inside a sum, a letter may have got another before."""
        taken, found = {*self.taken, *self.names.values()}, dict[Letter, str]()
        for letter in letters:
            found[letter] = next(name for name in _numbered(letter.name) if name not in taken)
            taken.add(found[letter])
        return Letters(self.taken, self.names | found)

    def ranges(self, letters: Iterable[Letter]) -> str:
        """How far each of them runs, behind a comma."""
        ranges = ", ".join(f"{self[x]} ≤ {x.size}" for x in letters)
        return f",  {ranges}" if ranges else ""


def beside(*terms: Term) -> Letters:
    """No names yet, and none that these terms speak of."""
    return Letters(
        frozenset({"J", *(entry.name for entry in entries(*terms)), *named_sizes(terms)})
    )


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 1
    while True:
        number += 1
        yield f"{name}_{number}"
