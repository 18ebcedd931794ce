"""The free arrays that terms speak of: their shapes, and the entries that a value depends on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, islice, product
from typing import TypeAlias

from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.term.terms import Delta, Entry, Index, Letter, Mul, Size, Sum, Term
from gradcheck_sym.term.walks import children, entries
from gradcheck_sym.values.evaluator import Point

MOST_NUMBERS = 100_000  # for one index
MOST_READ = 2_000  # inputs that are looked through for other arrays

Key: TypeAlias = tuple[str | int, ...]  # ("X", 1, 2)
Values: TypeAlias = dict[Key, Fraction]
# the inputs that follow from others at a point, or None where they are not known
Derived: TypeAlias = Callable[[Point, Mapping[str, int]], Values | None]
Shapes: TypeAlias = dict[str, tuple[Size, ...]]


def reached_from(
    terms: Sequence[Term], definitions: Mapping[str, Definition]
) -> dict[str, Definition]:
    """The definitions that terms speak of, directly or through names."""
    reached: dict[str, Definition] = {}
    pending = list(terms)
    while pending:
        for entry in entries(pending.pop()):
            if entry.name in definitions and entry.name not in reached:
                reached[entry.name] = definitions[entry.name]
                pending.append(definitions[entry.name].value)
    return {name: definition for name, definition in definitions.items() if name in reached}


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
    return ((name, *places) for places in numbers_up_to(number_of(s, sizes) for s in shape))


def numbers_up_to(counts: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """All tuples of numbers from 1, none beyond what is ever looked at.

    >>> list(numbers_up_to([2, 1]))
    [(1, 1), (2, 1)]
    """
    return product(*(range(1, min(count, MOST_NUMBERS) + 1) for count in counts))


def number_of(size: Size, sizes: Mapping[str, int]) -> int:
    """The number that a size is, or that its name stands for."""
    return sizes[size] if isinstance(size, str) else size


def power_of_two(size: int) -> int:
    """The least power of 2 that is not below: its inverse is a short decimal."""
    return 1 << (size - 1).bit_length()


def some_of_each(read: Iterator[Key], most: int) -> list[Key]:
    """The first inputs, all if there are at most so many, else not all of one array.

    >>> some_of_each(iter([("x", 1), ("x", 2), ("x", 3), ("x", 4), ("c",)]), 4)
    [('x', 1), ('c',)]
    """
    first = list(islice(read, most))
    later = list(islice(read, MOST_READ))
    if not later:
        return first
    kept: dict[str | int, list[Key]] = {}
    for key in (*first, *later):
        of_one = kept.setdefault(key[0], [])
        if len(of_one) < most // 3:
            of_one.append(key)
    wanted = set(chain.from_iterable(kept.values()))
    return [key for key in (*first, *later) if key in wanted][:most]


class Reader:
    """Walks terms and definitions to the inputs, those that stand in the terms first."""

    def __init__(self, definitions: Mapping[str, Definition], sizes: Mapping[str, int]) -> None:
        self._definitions, self._sizes = definitions, sizes
        self._seen: set[Key] = set()
        self._walked: set[tuple[int, tuple[int, ...]]] = set()
        self._free: dict[int, tuple[Term, tuple[Letter, ...]]] = {}
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
        if not isinstance(term, Entry):  # one that is shared has nothing more the second time
            here = id(term), tuple(letters[x] for x in self._letters(term))
            if here in self._walked:
                return
            self._walked.add(here)
        match term:
            case Sum(index, body):
                for number in range(1, number_of(index.size, self._sizes) + 1):
                    yield from self._read(body, {**letters, index: number})
            case Entry(name, indices):
                yield from self._entry((name, *(_number(x, letters) for x in indices)))
            case Mul(factors) if any(_is_zero(factor, letters) for factor in factors):
                return
            case _:
                for child in {id(child): child for child in children(term)}.values():
                    yield from self._read(child, letters)

    def _letters(self, term: Term) -> tuple[Letter, ...]:
        """The free letters of a term, which is kept, so that no other has its id."""
        if id(term) not in self._free:
            match term:
                case Entry(_, places):
                    found = [x for x in places if isinstance(x, Letter)]
                case Delta(left, right):
                    found = [x for x in (left, right) if isinstance(x, Letter)]
                case Sum(index, body):
                    found = [x for x in self._letters(body) if x != index]
                case _:
                    found = list(chain.from_iterable(map(self._letters, children(term))))
            self._free[id(term)] = term, tuple(dict.fromkeys(found))
        return self._free[id(term)][1]

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
