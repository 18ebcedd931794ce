"""The values of terms in floats, at a point at random: quick, and evidence for nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from random import Random

from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Index,
    Letter,
    Mul,
    Num,
    Pi,
    Size,
    SizeOf,
    Sum,
    Term,
    Where,
)

FUNCTIONS: dict[str, Callable[[float], float]] = {
    "inv": lambda u: 1 / u if u else 0.0,
    "exp": math.exp,
    "log": lambda u: math.log(u) if u > 0 else 0.0,
    "sqrt": lambda u: math.sqrt(u) if u > 0 else 0.0,
    "sin": math.sin,
    "cos": math.cos,
    "erf": math.erf,
}

Numbers = dict[Letter, int]  # for letters
Free = Callable[[str, tuple[int, ...], Random], float]


def normal(_: str, __: tuple[int, ...], random: Random) -> float:
    """A number of either sign, for an entry of a free array."""
    return random.gauss(0, 1)


class Floats:
    """One point: the values of free entries are drawn as they are met, by their names alone."""

    def __init__(
        self,
        definitions: Mapping[str, Definition],
        sizes: Mapping[str, int],
        free: Free = normal,
        seed: int = 1,
    ) -> None:
        self._definitions, self._sizes, self._free, self._seed = definitions, sizes, free, seed
        self._known: dict[tuple[str, tuple[int, ...]], float] = {}

    def count(self, size: Size) -> int:
        """A size as a number."""
        return size if isinstance(size, int) else self._sizes[size]

    def value(self, term: Term, at: Numbers) -> float:
        """The value where the free letters are these numbers; raises `OverflowError`."""
        match term:
            case Num(value):
                return float(value)
            case Entry(name, indices):
                return self._entry(name, tuple(number_at(x, at) for x in indices))
            case Add(terms):
                return sum(self.value(one, at) for one in terms)
            case Mul(factors):
                return self._product(factors, at)
            case Sum(index, body):
                there = range(1, self.count(index.size) + 1)
                return sum(self.value(body, {**at, index: k}) for k in there)
            case Apply(function, argument):
                return FUNCTIONS[function](self.value(argument, at))
            case Where(u, yes, no):
                return self.value(yes if self.value(u, at) > 0 else no, at)
            case Delta(left, right):
                return float(number_at(left, at) == number_at(right, at))
            case SizeOf(name):
                return float(self._sizes[name])
            case Pi():
                return math.pi
        raise TypeError(f"no such term: {term!r}")

    def _product(self, factors: tuple[Term, ...], at: Numbers) -> float:
        found = 1.0
        for factor in factors:
            found *= self.value(factor, at)
            if not found:
                break
        return found

    def _entry(self, name: str, place: tuple[int, ...]) -> float:
        key = name, place
        if key not in self._known:
            if name in self._definitions:
                definition = self._definitions[name]
                letters = dict(zip(definition.letters, place, strict=True))
                self._known[key] = self.value(definition.value, letters)
            else:
                random = Random(f"{self._seed} {name} {place}")
                self._known[key] = self._free(name, place, random)
        return self._known[key]


def number_at(index: Index, at: Numbers) -> int:
    """The number that an index is, or that stands for its letter."""
    return index if isinstance(index, int) else at[index]


def near(one: float, other: float) -> bool:
    """Whether two values look equal."""
    return math.isclose(one, other, rel_tol=1e-7, abs_tol=1e-9)
