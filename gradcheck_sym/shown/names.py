"""Names for the letters of what is shown: a letter follows its axis, and none is captured."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gradcheck_sym.checker.statement import free_letters
from gradcheck_sym.term.terms import Delta, Entry, Index, Letter, Sum, Term
from gradcheck_sym.term.walks import entries, named_sizes, rebuilt, substitute, walk

POOLED = re.compile(r"r\d+")  # what a prover calls an index, which says nothing of its axis
LETTERS = (*"ijklrsuvwgh", *(f"i{k}" for k in range(1, 100)))
OTHERS = LETTERS[
    4:
]  # for letters whose own name is taken: i, j, k, l say which axis they run along


def letters_of(term: Term) -> list[Letter]:
    """The free letters of a term, by name, and those of one name as they stand in it."""
    free = free_letters(term)
    places = (place for part in walk(term) for place in _places(part))
    there = dict.fromkeys(x for x in places if isinstance(x, Letter) and x in free)
    return sorted(there, key=lambda x: x.name)


def _places(part: Term) -> tuple[Index, ...]:
    match part:
        case Entry(_, indices):
            return indices
        case Delta(left, right):
            return left, right
    return ()


def distinct(letters: Iterable[Letter], taken: Iterable[str]) -> dict[Letter, str]:
    """A name for each: its own, which follows its axis, if it has one that is not taken."""
    used, found = set(taken), dict[Letter, str]()
    waiting = list(letters)
    for letter in waiting:
        if letter.name not in used and not POOLED.fullmatch(letter.name):
            found[letter] = letter.name
            used.add(letter.name)
    for letter in waiting:
        if letter not in found:
            names = LETTERS if POOLED.fullmatch(letter.name) else OTHERS
            found[letter] = next(name for name in names if name not in used)
            used.add(found[letter])
    return found


def scalars(*terms: Term) -> frozenset[str]:
    """The names of numbers in terms, sizes with them, which no index is called."""
    named = {entry.name for entry in entries(*terms) if not entry.indices}
    return frozenset(named | named_sizes(terms))


def unclashed(term: Term, taken: frozenset[str] | None = None) -> Term:
    """The term with other names for the letters of its sums, where one around has theirs.

    >>> j, other = Letter("j", 2), Letter("j", 3)
    >>> unclashed(Entry("b", (j,)) * Sum(other, Entry("w", (j, other)))).factors[1].index
    r
    """
    if taken is None:
        taken = frozenset(x.name for x in free_letters(term)) | scalars(term)
    names = taken
    if not isinstance(term, Sum):
        return rebuilt(term, lambda part: unclashed(part, names))
    (name,) = distinct([term.index], names).values()
    index = term.index if name == term.index.name else Letter(name, term.index.size)
    body = substitute(term.body, {term.index: index})
    return Sum(index, unclashed(body, names | {name}))


def index_shown(index: Index) -> int | str:
    """An index by its own name: the only one of an axis of size 1 is 1."""
    if isinstance(index, int):
        return index
    return 1 if index.size == 1 else index.name
