"""A point that separates two terms, as it was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from gradcheck_sym.refuter.inputs import Key, Values
from gradcheck_sym.refuter.memory import Pattern
from gradcheck_sym.term.terms import Letter
from gradcheck_sym.values.interval import Value

Sizes: TypeAlias = dict[str, int]
Numbers: TypeAlias = dict[Letter, int]
Kept: TypeAlias = Values | Pattern
Points: TypeAlias = Callable[[Sizes, Numbers], Iterator[tuple[Values, Kept | None]]]


class Found(NamedTuple):
    """The point, the values of both sides there, and what it was kept as if it was."""

    point: Values
    sizes: Sizes
    numbers: Numbers
    values: tuple[Value, Value]
    kept: Kept | None


def shown_key(key: Key) -> str:
    """How an entry is called.

    >>> shown_key(("X", 1, 2)), shown_key(("lam",))
    ('X[1,2]', 'lam')
    """
    name, *indices = key
    return f"{name}[{','.join(map(str, indices))}]" if indices else str(name)
