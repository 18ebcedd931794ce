"""The inputs that expressions depend on, through the names in them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import sympy

from gradcheck_sym.kernel.context import Context
from gradcheck_sym.kernel.interval import Entry, Numbers, number_of, outermost


class Reader:
    """Walks expressions and definitions to the inputs, those that stand in the sides first."""

    def __init__(self, context: Context, sizes: Numbers) -> None:
        self._context, self._sizes = context, sizes
        self._seen: set[Entry] = set()
        self._named: deque[tuple[sympy.Expr, Numbers]] = deque()

    def read(self, sides: Iterable[tuple[sympy.Expr, Numbers]]) -> Iterator[Entry]:
        """The inputs in expressions with numbers for their indices, each once."""
        for side, indices in sides:
            yield from self._read(side, indices)
        while self._named:
            yield from self._read(*self._named.popleft())

    def _read(self, expr: sympy.Expr, indices: Numbers) -> Iterator[Entry]:
        numbers = {**self._sizes, **indices}
        if isinstance(expr, sympy.Sum):
            index, high, body = outermost(expr)
            for number in range(1, number_of(high, self._sizes) + 1):
                yield from self._read(body, {**indices, index.name: number})
        elif isinstance(expr, sympy.Indexed):
            places = (number_of(index, numbers) for index in expr.indices)
            yield from self._entry((expr.base.name, *places))
        elif isinstance(expr, sympy.Symbol):
            if expr.name not in numbers:
                yield from self._entry((expr.name,))
        else:
            for argument in expr.args:
                yield from self._read(argument, indices)

    def _entry(self, entry: Entry) -> Iterator[Entry]:
        if entry in self._seen:
            return
        self._seen.add(entry)
        definition = self._context.definitions.get(entry[0])
        if definition is None:
            yield entry
            return
        names = (symbol.name for symbol in definition.indices)
        self._named.append((definition.value, dict(zip(names, entry[1:], strict=True))))
