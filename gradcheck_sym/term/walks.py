"""Walks through terms: what they are made of, and the same with other indices.

`substitute` makes new letters for the sums that it copies, so nothing is captured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Index,
    Letter,
    Mul,
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
    """The term with each of its children replaced; the term itself if it has none."""
    match value:
        case Add(terms):
            return Add(tuple(map(child, terms)))
        case Mul(factors):
            return Mul(tuple(map(child, factors)))
        case Sum(index, body):
            return Sum(index, child(body))
        case Apply(function, argument):
            return Apply(function, child(argument))
        case Where(u, yes, no):
            return Where(child(u), child(yes), child(no))
    return value


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
            return Entry(name, tuple(renamed(place, indices) for place in places))
        case Delta(left, right):
            return Delta(renamed(left, indices), renamed(right, indices))
        case Sum(index, body):
            fresh = Letter(index.name, index.size)
            return Sum(fresh, substitute(body, {**indices, index: fresh}))
    return rebuilt(old, new)


def renamed(index: Index, indices: Mapping[Letter, Index]) -> Index:
    """The index, or what stands for it."""
    return indices.get(index, index) if isinstance(index, Letter) else index
