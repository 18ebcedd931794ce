"""The free arrays that terms speak of: their shapes, and the entries that a value depends on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import TypeAlias

from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.term.terms import (
    Delta,
    Entry,
    Index,
    Letter,
    Mul,
    Size,
    Sum,
    Term,
    children,
    entries,
)

Key: TypeAlias = tuple[str | int, ...]  # ("X", 1, 2)
Shapes: TypeAlias = dict[str, tuple[Size, ...]]


def shapes(definitions: Mapping[str, Definition], *terms: Term) -> Shapes:
    """The shapes of the free arrays in terms and definitions, as far as indices tell them."""
    found: Shapes = {}
    for entry in entries(*terms, *(definition.value for definition in definitions.values())):
        if entry.name not in definitions:
            shape = tuple(x.size if isinstance(x, Letter) else x for x in entry.indices)
            known = found.get(entry.name, shape)
            found[entry.name] = tuple(map(_larger, known, shape))
    return found


def _larger(one: Size, other: Size) -> Size:
    if isinstance(one, int) and isinstance(other, int):
        return max(one, other)
    return one if isinstance(one, str) else other


def keys(name: str, shape: Iterable[Size], sizes: Mapping[str, int]) -> Iterator[Key]:
    """All entries of an array."""
    axes = (range(1, (sizes[s] if isinstance(s, str) else s) + 1) for s in shape)
    return ((name, *places) for places in product(*axes))


class Reader:
    """Walks terms and definitions to the inputs, those that stand in the terms first."""

    def __init__(self, definitions: Mapping[str, Definition], sizes: Mapping[str, int]) -> None:
        self._definitions, self._sizes = definitions, sizes
        self._seen: set[Key] = set()
        self._named: deque[tuple[Term, Mapping[Letter, int]]] = deque()

    def read(self, terms: Iterable[tuple[Term, Mapping[Letter, int]]]) -> Iterator[Key]:
        """The inputs in terms with numbers for their letters, each once.

        >>> i = Letter("i", 2)
        >>> list(Reader({}, {}).read([(Sum(i, Entry("x", (i,))), {})]))
        [('x', 1), ('x', 2)]
        """
        for term, letters in terms:
            yield from self._read(term, letters)
        while self._named:
            yield from self._read(*self._named.popleft())

    def _read(self, term: Term, letters: Mapping[Letter, int]) -> Iterator[Key]:
        match term:
            case Sum(index, body):
                size = index.size
                for number in range(1, (self._sizes[size] if isinstance(size, str) else size) + 1):
                    yield from self._read(body, {**letters, index: number})
            case Entry(name, indices):
                yield from self._entry((name, *(_number(x, letters) for x in indices)))
            case Mul(factors) if any(_is_zero(factor, letters) for factor in factors):
                return
            case _:
                for child in {id(child): child for child in children(term)}.values():
                    yield from self._read(child, letters)

    def _entry(self, key: Key) -> Iterator[Key]:
        if key in self._seen:
            return
        self._seen.add(key)
        name, *places = key
        definition = self._definitions.get(str(name))
        if definition is None:
            yield key
            return
        numbers = zip(definition.letters, map(int, places), strict=True)
        self._named.append((definition.value, dict(numbers)))


def _is_zero(factor: Term, letters: Mapping[Letter, int]) -> bool:
    return isinstance(factor, Delta) and (
        _number(factor.left, letters) != _number(factor.right, letters)
    )


def _number(index: Index, letters: Mapping[Letter, int]) -> int:
    return letters[index] if isinstance(index, Letter) else index
