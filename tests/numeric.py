"""Whether a theorem is true at random points, with 50 digits; shares nothing with the checker."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

from mpmath import mp, mpf

from gradcheck_sym.checker.check import Theorem
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.proof import Witness
from gradcheck_sym.checker.statement import Statement
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
from gradcheck_sym.term.walks import children

DIGITS, MANY = 50, 500
CLOSE = mpf(10) ** -12
Letters = dict[Letter, int]


class Undefined(Exception):
    """A function is not meant here."""


class Point:
    """Random values for all that is free, made up when they are asked for."""

    def __init__(self, statement: Statement, random: Random, kind: str) -> None:
        self.statement, self.random, self.kind = statement, random, kind
        self.sizes: dict[str, int] = {}
        self.values: dict[tuple, mpf] = {}
        self.default: dict[str, mpf] = {}
        self.known: dict[tuple, mpf] = {}
        self.place: dict[Index, int] = {}

    def size(self, size: Size) -> int:
        """A size as a number, from 1 to 3 for a name."""
        if isinstance(size, int):
            return size
        return self.sizes.setdefault(size, self.random.randint(1, 3))

    def free(self, key: tuple) -> mpf:
        """The value of a free entry."""
        if key not in self.values:
            self.values[key] = self.default.get(key[0], self._drawn(key))
        return self.values[key]

    def _drawn(self, key: tuple) -> mpf:
        if key[0] in self.statement.positive:
            return mpf(self.random.randint(1, 9)) / 4
        if self.kind == "real":
            return mpf(self.random.randint(-(10**6), 10**6)) / 700_001
        if self.kind == "sparse":
            return mpf(self.random.choice([0, 0, 0, 1, -1]))
        return mpf(self.random.choice([-2, -1, 0, 1, 2]))

    def at(self, index: Index, letters: Letters) -> int:
        return letters[index] if isinstance(index, Letter) else index

    def value(self, term: Term, letters: Letters) -> mpf:
        """The value of a term; raises `Undefined`."""
        match term:
            case Num(number):
                return mpf(number.numerator) / number.denominator
            case Pi():
                return +mp.pi
            case SizeOf(name):
                return mpf(self.size(name))
            case Entry(name, indices):
                return self.entry((name, *(self.at(x, letters) for x in indices)))
            case Add(terms):
                return sum((self.value(t, letters) for t in terms), mpf(0))
            case Mul(factors):
                result = mpf(1)
                for factor in factors:
                    result *= self.value(factor, letters)
                return result
            case Sum(index, body):
                every = range(1, self.size(index.size) + 1)
                return sum((self.value(body, {**letters, index: k}) for k in every), mpf(0))
            case Delta(left, right):
                return mpf(self.at(left, letters) == self.at(right, letters))
            case Where(u, yes, no):
                return self.value(yes if self.value(u, letters) > 0 else no, letters)
            case Apply(function, argument):
                return _applied(function, self.value(argument, letters))
        raise TypeError(term)

    def entry(self, key: tuple) -> mpf:
        name, *indices = key
        if name not in self.statement.definitions:
            return self.free(key)
        if key not in self.known:
            definition = self.statement.definitions[name]
            letters = dict(zip(definition.letters, indices, strict=True))
            self.known[key] = self.value(definition.value, letters)
        return self.known[key]

    def loss(self, key: tuple, moved: mpf) -> mpf:
        """J with this entry moved."""
        old = self.free(key)
        self.values[key], self.known = old + moved, {}
        try:
            return self.value(self.statement.loss, {})
        finally:
            self.values[key], self.known = old, {}


def _applied(function: str, u: mpf) -> mpf:
    if (function == "inv" and u == 0) or (function == "log" and u <= 0):
        raise Undefined
    if function == "sqrt" and u < 0:
        raise Undefined
    return 1 / u if function == "inv" else getattr(mp, function)(u)


def free_letters(*terms: Term) -> set[Letter]:
    """The letters that no sum binds."""
    found: set[Letter] = set()
    for term in terms:
        match term:
            case Entry(_, indices):
                found |= {x for x in indices if isinstance(x, Letter)}
            case Delta(left, right):
                found |= {x for x in (left, right) if isinstance(x, Letter)}
            case Sum(index, body):
                found |= free_letters(body) - {index}
            case _:
                found |= free_letters(*children(term))
    return found


def every(point: Point, letters: set[Letter]) -> Iterator[Letters]:
    """All numbers for letters."""
    listed = list(letters)
    for numbers in product(*(range(1, point.size(x.size) + 1) for x in listed)):
        yield dict(zip(listed, numbers, strict=True))


def holds(point: Point, needed: Obligation) -> bool:
    """Whether an obligation holds for all values of its letters; what rounding may make is 0."""
    tiny = mpf(10) ** (-3 * mp.dps // 4)
    terms = (needed.u, *(u for u, _ in needed.guards))
    for numbers in every(point, free_letters(*terms)):
        if any((point.value(u, numbers) > tiny) != yes for u, yes in needed.guards):
            continue
        u = point.value(needed.u, numbers)
        if not {"≠": abs(u) > tiny, ">": u > tiny, "≥": u >= 0}[needed.relation]:
            return False
    return True


def assumed(point: Point) -> bool:
    """Whether the hypotheses hold."""
    for hypothesis in point.statement.hypotheses:
        sides = hypothesis.left, hypothesis.right
        for numbers in every(point, free_letters(*sides)):
            left, right = (point.value(side, numbers) for side in sides)
            if abs(left - right) > CLOSE**3:
                return False
    return True


def drawn(theorem: Theorem, witness: Witness | None, random: Random) -> Point:
    """A point: reals, small integers or many zeros, or near the witness."""
    statement = theorem.statement
    point = Point(statement, random, random.choice(["real", "real", "integer", "sparse"]))
    if witness and random.random() < 0.25:
        point.sizes = dict(witness.sizes)
        point.default = {name: _real(x) for name, x in witness.everywhere.items()}
        point.values = {key: _real(x) for key, x in witness.values.items()}
        if random.random() < 0.5:
            point.default.pop(statement.wrt, None)
    for hypothesis in statement.hypotheses:
        match hypothesis.left:
            case Sum(index, Entry(name, indices)) if indices and indices[-1] is index:
                size = point.size(index.size)
                hot = random.random() < 0.5
                for i in range(1, 4):
                    row = [mpf(random.randint(-5, 5)) / 4 for _ in range(size - 1)]
                    row = [mpf(0)] * (size - 1) if hot else row
                    row.append(1 - sum(row, mpf(0)))
                    random.shuffle(row)
                    for j, y in enumerate(row, start=1):
                        point.values[name, i, j] = y
    return point


def _real(x: object) -> mpf:
    return mpf(x.numerator) / x.denominator


def lies(theorem: Theorem, witness: Witness | None, random: Random, points: int) -> str | None:
    """A point at which the theorem is false, "" if none was met, None if nothing was looked at."""
    looked_at = 0
    with mp.workdps(DIGITS):
        for _ in range(points * 10):
            point = drawn(theorem, witness, random)
            try:
                found = _false_at(theorem, point, random)
                if found:
                    with mp.workdps(MANY):  # where two numbers nearly cancel, 50 are too few
                        found = _false_at(theorem, point, random)
            except (Undefined, OverflowError):
                continue
            if found is None:
                continue
            if found:
                return found
            looked_at += 1
            if looked_at == points:
                break
    return "" if looked_at else None


def _false_at(theorem: Theorem, point: Point, random: Random) -> str | None:
    """Where the slope is not what is claimed; None if something assumed does not hold here."""
    statement, point.known = theorem.statement, {}
    if not assumed(point) or not all(holds(point, x) for x in theorem.conditions):
        return None
    if not point.place:
        for x in statement.letters:
            point.place[x] = random.randint(1, point.size(x.size)) if isinstance(x, Letter) else x
    letters = {x: k for x, k in point.place.items() if isinstance(x, Letter)}
    key = (statement.wrt, *(point.at(x, letters) for x in statement.letters))
    claim = point.value(statement.claim, letters)
    here = point.loss(key, mpf(0))
    small = mpf(10) ** (-2 * mp.dps // 5)
    for step in (small, -small):
        slope = (point.loss(key, step) - here) / step
        if not abs(slope - claim) <= CLOSE * (1 + abs(slope) + abs(claim)):
            values = {str(k): mp.nstr(v, 6) for k, v in point.values.items()}
            return f"{key}: {mp.nstr(slope, 15)} is not {mp.nstr(claim, 15)} at {values}"
    return ""
