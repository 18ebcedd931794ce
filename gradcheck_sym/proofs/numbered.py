"""Terms as text, shared parts written once: a term is numbered, and its text speaks of numbers.

    (A_h[i,k] + (-1 * inv((1 + exp(Z[i])))))     sum(i, x[i])     where(x[], 1, 0)     #7

Every sum and product has its brackets, so that a text has one reading; `lam[]` is a scalar,
`size(n)` a size as a number, `#7` the seventh term of the table. Letters have keys: the first
index i is `i`, the next `i.2`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import TypeAlias

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

Pattern: TypeAlias = tuple[str | int, ...]  # text, with the numbers of other terms in it


class Terms:
    """Terms numbered from 0, equal ones once, each after its parts."""

    def __init__(self) -> None:
        self.patterns: list[Pattern] = []
        self.letters: dict[str, Size] = {}
        self._numbers: dict[Pattern, int] = {}
        self._done: dict[int, tuple[Term, int]] = {}  # the terms stay alive, so ids stay theirs
        self._keys: dict[Letter, str] = {}

    def number(self, value: Term) -> int:
        """The number of a term, which is new if no equal one was met.

        >>> terms = Terms()
        >>> terms.number(Entry("x") + 1), terms.number(Entry("x") + 1)
        (2, 2)
        """
        pending = [value]
        while pending:
            part = pending[-1]
            missing = [child for child in children(part) if id(child) not in self._done]
            if missing:
                pending += reversed(missing)
                continue
            pending.pop()
            if id(part) not in self._done:
                self._done[id(part)] = part, self._number(self._pattern(part))
        return self._done[id(value)][1]

    def key(self, index: Index) -> str | int:
        """A number as it is, a letter as its key.

        >>> terms = Terms()
        >>> i, j, other = Letter("i", "n"), Letter("j", 2), Letter("i", "n")
        >>> [terms.key(index) for index in (i, j, other, i, 7)]
        ['i', 'j', 'i.2', 'i', 7]
        """
        if not isinstance(index, Letter):
            return int(index)
        if index not in self._keys:
            name = key = re.sub(r"\W", "_", index.name) or "i"
            number = 1
            while key in self.letters:
                number += 1
                key = f"{name}.{number}"
            self._keys[index] = key
            self.letters[key] = index.size
        return self._keys[index]

    def keys(self, indices: Iterable[Index]) -> list[str | int]:
        """The keys of some indices."""
        return [self.key(index) for index in indices]

    def parts(self, number: int) -> Iterable[int]:
        """The terms that a term is directly made of, as often as they stand there."""
        return (part for part in self.patterns[number] if isinstance(part, int))

    def _number(self, pattern: Pattern) -> int:
        number = self._numbers.setdefault(pattern, len(self.patterns))
        if number == len(self.patterns):
            self.patterns.append(pattern)
        return number

    def _pattern(self, value: Term) -> Pattern:
        match value:
            case Num(number):
                return (str(Fraction(number)),)
            case Pi():
                return ("pi",)
            case SizeOf(name):
                return (f"size({name})",)
            case Entry(name, indices):
                return (f"{name}[{','.join(map(str, self.keys(indices)))}]",)
            case Delta(left, right):
                return (f"delta({self.key(left)},{self.key(right)})",)
            case Sum(index, body):
                return (f"sum({self.key(index)}, ", self._of(body), ")")
            case Apply(function, argument):
                return (f"{function}(", self._of(argument), ")")
            case Where(u, yes, no):
                return ("where(", self._of(u), ", ", self._of(yes), ", ", self._of(no), ")")
            case Add(terms):
                return self._operation("+", terms)
            case Mul(factors):
                return self._operation("*", factors)
        raise TypeError(f"no term: {value!r}")

    def _operation(self, sign: str, operands: tuple[Term, ...]) -> Pattern:
        """(a + b + c); for less than two (+ a) and (+)."""
        if len(operands) < 2:
            return (f"({sign}", *(part for x in operands for part in (" ", self._of(x))), ")")
        rest = (part for x in operands[1:] for part in (f" {sign} ", self._of(x)))
        return ("(", self._of(operands[0]), *rest, ")")

    def _of(self, child: Term) -> int:
        return self._done[id(child)][1]


class Table:
    """The texts of terms; those that are long and used twice stand in `texts`."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._text: dict[int, str] = {}
        self._tabled: dict[int, str] = {}
        self.texts: list[str] = []

    def add(self, roots: Iterable[int], least: int) -> list[str]:
        """Give these terms texts; returns what is new in the table: `least` signs are long."""
        uses: dict[int, int] = {}
        pending = list(roots)
        for number in pending:  # grows while it is walked
            uses[number] = uses.get(number, 0) + 1
            if uses[number] == 1 and number not in self._tabled:
                pending += self._terms.parts(number)
        before = len(self.texts)
        self._text = dict(self._tabled)
        for number in sorted(uses):
            if number not in self._tabled:
                pattern = self._terms.patterns[number]
                text = "".join(self._text[x] if isinstance(x, int) else x for x in pattern)
                if uses[number] > 1 and len(text) >= least:
                    self.texts.append(text)
                    text = self._tabled[number] = f"#{len(self.texts)}"
                self._text[number] = text
        return self.texts[before:]

    def __getitem__(self, number: int) -> str:
        return self._text[number]
