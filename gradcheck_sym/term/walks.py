"""Walks through terms: what they are made of, and the same with other indices.

`substitute` makes new letters for the sums that it copies, so nothing is captured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import is_
from typing import TypeAlias

from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Index,
    Letter,
    Mul,
    Size,
    SizeOf,
    Sum,
    Term,
    Where,
)

Rebuild: TypeAlias = Callable[[Term], Term]


def children(value: Term) -> tuple[Term, ...]:
    """The terms that a term is directly made of."""
    match value:
        case Add(terms) | Mul(terms):
            return terms
        case Sum(_, body) | Apply(_, body):
            return (body,)
        case Where(u, yes, no):
            return u, yes, no
    return ()


def walk(*roots: Term) -> Iterator[Term]:
    """Every term inside, each shared one once, those inside others later."""
    pending, seen = list(roots), set()
    while pending:
        found = pending.pop()
        if id(found) not in seen:
            seen.add(id(found))
            yield found
            pending += children(found)


def entries(*roots: Term) -> Iterator[Entry]:
    """The entries that terms speak of."""
    return (found for found in walk(*roots) if isinstance(found, Entry))


def rebuilt(value: Term, child: Rebuild) -> Term:
    """The term with each of its children replaced; the term itself if none is another one."""
    old = children(value)
    new = tuple(map(child, old))
    if all(map(is_, old, new)):
        return value
    match value:
        case Add():
            return Add(new)
        case Mul():
            return Mul(new)
        case Sum(index, _):
            return Sum(index, *new)
        case Apply(function, _):
            return Apply(function, *new)
    return Where(*new)


def substitute(value: Term, indices: Mapping[Letter, Index]) -> Term:
    """The term with other indices for letters, and new letters for its own sums."""
    done: dict[int, Term] = {}

    def new(old: Term) -> Term:
        if id(old) not in done:
            done[id(old)] = _substituted(old, indices, new)
        return done[id(old)]

    return new(value)


def _substituted(old: Term, indices: Mapping[Letter, Index], new: Rebuild) -> Term:
    match old:
        case Entry(name, places):
            new_places = tuple(renamed(place, indices) for place in places)
            return Entry(name, new_places) if new_places != places else old
        case Delta(left, right):
            return Delta(renamed(left, indices), renamed(right, indices))
        case Sum(index, body):
            fresh = Letter(index.name, index.size)
            return Sum(fresh, substitute(body, {**indices, index: fresh}))
    return rebuilt(old, new)


def renamed(index: Index, indices: Mapping[Letter, Index]) -> Index:
    """The index, or what stands for it."""
    return indices.get(index, index) if isinstance(index, Letter) else index


def named_sizes(terms: Iterable[Term], letters: Iterable[Letter] = ()) -> set[str]:
    """The names of sizes in terms, and over which letters run."""
    sizes: set[Size] = {letter.size for letter in letters}
    for part in walk(*terms):
        match part:
            case SizeOf(name):
                sizes.add(name)
            case Sum(index, _):
                sizes.add(index.size)
            case Entry(_, indices):
                sizes.update(x.size for x in indices if isinstance(x, Letter))
            case Delta(left, right):
                sizes.update(x.size for x in (left, right) if isinstance(x, Letter))
    return {size for size in sizes if isinstance(size, str)}
