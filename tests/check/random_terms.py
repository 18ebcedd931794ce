"""Random terms with all that is hard: shared letters, equal indices, sums inside functions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from gradcheck_sym.term.terms import (
    Apply,
    Delta,
    Entry,
    Index,
    Letter,
    Num,
    Pi,
    SizeOf,
    Sum,
    Term,
    Where,
    add,
    mul,
)
from tests.check.values import Point

SIZES = {"n": 2, "m": 3}
LEAVES = ("number", "size", "entry", "entry", "delta")
KINDS = (*LEAVES, "delta", "add", "mul", "mul", "sum", "sum", "sum", "function", "where")
FUNCTIONS = ("inv", "exp", "sqrt", "log")


class Terms:
    """Terms over arrays c, x[·] and y[·,·], with some free letters."""

    def __init__(self, random: Random, functions: tuple[str, ...] = FUNCTIONS) -> None:
        self.random, self.functions = random, functions
        self.letters = [Letter(f"f{k}", size) for k, size in enumerate(("n", "m", 2, 1, 3))]
        self.shared = [Letter(f"s{k}", size) for k, size in enumerate(("n", "m", 2))]

    def index(self, scope: list[Letter]) -> Index:
        return self.random.choice([*scope, *scope, self.random.randint(1, 2)])

    def term(self, depth: int, scope: list[Letter] | None = None) -> Term:
        """A term of at most this depth, that speaks of the letters in scope."""
        random = self.random
        scope = self.letters if scope is None else scope
        kind = random.choice(KINDS if depth else LEAVES)
        match kind:
            case "number":
                return random.choice([Num(random.randint(-2, 3)), Num(Fraction(1, 2)), Pi()])
            case "size":
                return SizeOf(random.choice(list(SIZES)))
            case "entry":
                arity = random.randint(0, 2)
                return Entry("cxy"[arity], tuple(self.index(scope) for _ in range(arity)))
            case "delta":
                return Delta(self.index(scope), self.index(scope))
            case "add" | "mul":
                terms = [self.term(depth - 1, scope) for _ in range(random.randint(0, 3))]
                return add(*terms) if kind == "add" else mul(*terms)
            case "sum":
                letter = Letter("b", random.choice(["n", "m", 2, 3, 1]))
                if random.random() < 0.3:
                    letter = random.choice(self.shared)
                return Sum(letter, self.term(depth - 1, [*scope[-3:], letter, letter]))
            case "function":
                return Apply(random.choice(self.functions), self.term(depth - 1, scope))
        return Where(*(self.term(depth - 1, scope) for _ in range(3)))

    def point(self) -> Point:
        """A point with small rational entries, many of them alike, and letters in range."""
        entry = some_entries(self.random.randint(0, 10**6))
        point = Point(entry, SIZES)
        return point.at({x: self.random.randint(1, point.size(x.size)) for x in self.letters})


def some_entries(seed: int, low: int = -4, high: int = 4) -> Callable[..., Fraction]:
    """A number for each entry, always the same."""

    def entry(*places: object) -> Fraction:
        random = Random(f"{seed} {places}")
        return Fraction(random.randint(low, high), random.choice([1, 2, 3]))

    return entry
