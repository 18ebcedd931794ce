"""Numbers that stand for sizes that are names, while NumPy moves positions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, islice
from math import isqrt, prod
from typing import Any

from gradcheck_sym.array import UNIT, Axis, Shape
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.sizes import Size
from gradcheck_sym.trace.counts import Count

MOST_POSITIONS = 20_000_000


def _primes(above: int) -> Iterator[int]:
    """Prime numbers, so that none is what a product or a sum of other sizes is."""
    return (n for n in count(above + 1) if all(n % k for k in range(2, isqrt(n) + 1)))


class StandIns:
    """Numbers that stand for the sizes that are names: two for each, one at a time.

    The smaller of two names in the first turn is the larger in the second.
    """

    def __init__(self, shapes: Sequence[Shape], *numbers: int) -> None:
        every = [axis.size for shape in shapes for axis in shape]
        least = max(
            *map(abs, numbers),
            len(shapes) + sum(size for size in every if isinstance(size, int)),
            2,
        )
        names = list(dict.fromkeys(size for size in every if isinstance(size, str)))
        primes = list(islice(_primes(least), 2 * len(names)))
        self._turns = (
            dict(zip(names, primes[1::2], strict=True)),
            dict(zip(names, primes[-2::-2], strict=True)),
        )
        self.numbers = self._turns[0]
        self.axes = {
            axis.size: axis for shape in shapes for axis in shape if isinstance(axis.size, str)
        }
        most = max((prod(self.number(axis.size) for axis in shape) for shape in shapes), default=1)
        if names and most > MOST_POSITIONS:
            raise ArrayError(f"this is too large while {names[0]} is a name: give it a number")

    def turns(self) -> Iterator[None]:
        """One turn after the other; those that names have no part in are one."""
        for numbers in self._turns if self.numbers else self._turns[:1]:
            self.numbers = numbers
            yield
        self.numbers = self._turns[0]

    def number(self, size: Size) -> int:
        """The number of a size."""
        return self.numbers[size] if isinstance(size, str) else size

    def axis(self, number: int) -> Axis:
        """The axis of that number."""
        for name, stands in self.numbers.items():
            if stands == number:
                return self.axes[name]
        return Axis(str(number), number) if number != 1 else UNIT

    def key(self, key: Any) -> Any:
        """The key with numbers for names."""
        match key:
            case tuple():
                return tuple(map(self.key, key))
            case slice(start=start, stop=stop, step=step):
                return slice(*(self.key(part) for part in (start, stop, step)))
            case Count(name):
                if name not in self.numbers:
                    raise ArrayError(f"{name} is no size of this array: give it a number")
                return self.numbers[name]
        return key
