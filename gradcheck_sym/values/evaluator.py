"""The value of a term at a point.

What does not depend on an index is evaluated once for all of its values: at a point that gives
an array one value in all its entries, a sum over i of these is a multiple.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Index,
    Letter,
    Mul,
    Num,
    Number,
    Pi,
    Size,
    SizeOf,
    Sum,
    Term,
    Where,
)
from gradcheck_sym.term.walks import children
from gradcheck_sym.values.interval import Arithmetic, Value, is_positive

PRECISION = 40  # digits
MOST_WORK = 400_000  # terms that are evaluated
MOST_REMEMBERED = 100_000  # values
CHEAP = (Num, Delta, SizeOf, Pi)

Numbers: TypeAlias = Mapping[Letter, int]


class TooDear(ArithmeticError):
    """A value takes more work than we are ready to do."""


@dataclass(frozen=True)
class Point:
    """`values` gives an entry's value, by name and indices, `everywhere` that of others, else 0."""

    values: Mapping[tuple[Any, ...], Number] = field(default_factory=dict)
    everywhere: Mapping[str, Number] = field(default_factory=dict)


class Defined(Protocol):
    """name[letters] stands for the value."""

    @property
    def letters(self) -> tuple[Letter, ...]: ...
    @property
    def value(self) -> Term: ...


class Evaluator:
    """Values at one point, for one choice of numbers for the names of sizes.

    A product that has a factor which is exactly 0 is 0, whatever the others are. Values raise
    `Undefined`, `TooDear` or another ArithmeticError, and LookupError for an index without range.

    >>> x, i = Entry("x"), Letter("i", "n")
    >>> Evaluator({}, Point({("x",): Fraction(1, 3)}), {"n": 6}).value(Sum(i, x))
    Fraction(2, 1)
    """

    def __init__(
        self,
        definitions: Mapping[str, Defined],
        point: Point,
        sizes: Mapping[str, int],
        precision: int = PRECISION,
        most_work: int = MOST_WORK,
    ) -> None:
        self._definitions, self._point, self._sizes = definitions, point, sizes
        self._arithmetic = Arithmetic(precision)
        self.work_left = most_work
        self._support: dict[str, set[tuple[int, ...]]] = {}
        for name, *places in point.values:
            self._support.setdefault(name, set()).add(tuple(places))
        self._varies: dict[int, tuple[Term, tuple[Letter, ...]]] = {}
        self._remembered: dict[tuple[int, ...], Value] = {}

    def value(self, term: Term, letters: Numbers | None = None) -> Value:
        """The value of a term, with these numbers for its free letters."""
        return self._value(term, letters or {})

    def size(self, size: Size) -> int:
        """The number of values of an index."""
        return self._sizes[size] if isinstance(size, str) else size

    def varies(self, term: Term) -> tuple[Letter, ...]:
        """The free letters that the value may depend on, here."""
        known = self._varies.get(id(term))
        if known is None:  # the term is kept, so that its id stays its own
            known = self._varies[id(term)] = term, tuple(dict.fromkeys(self._found_varying(term)))
        return known[1]

    def _found_varying(self, term: Term) -> Iterable[Letter]:
        match term:
            case Entry(name, indices) if name in self._definitions:
                definition = self._definitions[name]
                varying = self.varies(definition.value)
                pairs = zip(definition.letters, indices, strict=True)
                return [x for own, x in pairs if own in varying and isinstance(x, Letter)]
            case Entry(name, indices):
                return [x for x in indices if isinstance(x, Letter) and name in self._support]
            case Delta(left, right):
                return [x for x in (left, right) if isinstance(x, Letter)]
            case Sum(index, body):
                return [x for x in self.varies(body) if x is not index]
        return [x for child in children(term) for x in self.varies(child)]

    def _value(self, term: Term, letters: Numbers) -> Value:
        match term:
            case Entry(name, indices) if name not in self._definitions:
                places = tuple(_number(x, letters) for x in indices)
                default = self._point.everywhere.get(name, 0)
                return self._point.values.get((name, *places), default)
            case Num(number):
                return number
            case Delta(left, right):
                return int(_number(left, letters) == _number(right, letters))
            case SizeOf(name):
                return self._sizes[name]
            case Pi():
                return self._arithmetic.pi
        key = (id(term), *(letters[x] for x in self.varies(term)))
        value = self._remembered.get(key)
        if value is None:
            self._spend()
            value = self._found_value(term, letters)
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = value
        return value

    def _found_value(self, term: Term, letters: Numbers) -> Value:
        match term:
            case Entry(name, indices):
                return self._named(self._definitions[name], indices, letters)
            case Add(terms):
                return self._arithmetic.sum(self._value(t, letters) for t in terms)
            case Mul(factors):
                return self._product(factors, letters)
            case Sum(index, body):
                return self._total(index, body, letters)
            case Apply(function, argument):
                return self._arithmetic.function(function, self._value(argument, letters))
            case Where(u, yes, no):
                holds = is_positive(self._value(u, letters))
                if holds is not None:
                    return self._value(yes if holds else no, letters)
                return self._arithmetic.hull(self._value(yes, letters), self._value(no, letters))
        raise TypeError(f"no term: {term!r}")

    def _named(self, definition: Defined, indices: tuple[Index, ...], letters: Numbers) -> Value:
        numbers = [_number(x, letters) for x in indices]
        for letter, number in zip(definition.letters, numbers, strict=True):
            if not 1 <= number <= self.size(letter.size):
                raise LookupError(f"{letter.name} = {number} is out of its range")
        return self._value(definition.value, dict(zip(definition.letters, numbers, strict=True)))

    def _product(self, factors: tuple[Term, ...], letters: Numbers) -> Value:
        product: Value = 1
        for factor in sorted(factors, key=self._is_dear):
            product = self._arithmetic.mul(product, self._value(factor, letters))
            if product == 0:
                break
        return product

    def _is_dear(self, term: Term) -> bool:
        if isinstance(term, Entry):
            return term.name in self._definitions
        return not isinstance(term, CHEAP)

    def _total(self, index: Letter, body: Term, letters: Numbers) -> Value:
        size, inner = self.size(index.size), {**letters, index: 1}
        if index not in self.varies(body):
            return self._arithmetic.mul(size, self._value(body, inner))
        return self._arithmetic.sum(self._terms(index, body, inner, size))

    def _terms(
        self, index: Letter, body: Term, inner: dict[Letter, int], size: int
    ) -> Iterator[Value]:
        for number in self._not_zero(index, body, inner, size):
            self._spend()
            inner[index] = number
            yield self._value(body, inner)

    def _not_zero(self, index: Letter, body: Term, letters: Numbers, size: int) -> Iterable[int]:
        """The numbers for an index for which no δ and no input makes the body 0."""
        for factor in body.factors if isinstance(body, Mul) else (body,):
            match factor:
                case Delta(left, right) if (left is index) != (right is index):
                    other = _number(right if left is index else left, letters)
                    return [other] if 1 <= other <= size else []
                case Entry(name, indices) if index in indices and self._is_sparse(name):
                    axis = indices.index(index)
                    found = {places[axis] for places in self._support.get(name, ())}
                    return sorted(number for number in found if 1 <= number <= size)
        return range(1, size + 1)

    def _is_sparse(self, name: str) -> bool:
        return name not in self._definitions and name not in self._point.everywhere

    def _spend(self) -> None:
        self.work_left -= 1
        if self.work_left < 0:
            raise TooDear("a value takes too many steps")


def _number(index: Index, letters: Numbers) -> int:
    return letters[index] if isinstance(index, Letter) else index
