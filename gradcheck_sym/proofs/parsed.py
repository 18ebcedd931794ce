"""The texts of `numbered.py` read back, sign by sign as they were written, within bounds.

A term carries how deep it is and how large it would be with nothing shared: what works on terms
may take that long, so a short text of a huge term is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gradcheck_sym.checker.laws import HOLE
from gradcheck_sym.proofs.damaged import Damaged, Json, array_name, rational, seen, size_name, whole
from gradcheck_sym.term.functions import FUNCTIONS
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
    SizeOf,
    Sum,
    Term,
    Where,
)

MOST_DEPTH = 150
MOST_WEIGHT = 200_000  # nodes, were nothing shared; a number counts its bits
MOST_FACTORS = 200  # of one product: its derivative is as many products
TOKEN = re.compile(r" *(-?[0-9]+(?:/[0-9]+)?|#[0-9]+|□|[^\W\d]\w*(?:\.[0-9]+)?|[()\[\],+*])")
ARITY = {"where": 3, "sum": 1, **dict.fromkeys(FUNCTIONS, 1)}


class Weighed(NamedTuple):
    """A term, its depth, and its size were nothing shared."""

    term: Term
    depth: int
    weight: int


@dataclass
class Scope:
    """What a text may speak of: letters by their keys, the terms so far; `hole` allows □."""

    letters: Mapping[str, Letter] = field(default_factory=dict)
    table: Sequence[Weighed] = ()
    hole: bool = False

    def index(self, document: Json) -> Index:
        """A number from 1, or the letter of a key."""
        if not isinstance(document, str):
            return whole(document)
        if document not in self.letters:
            raise Damaged(f"there is no letter {seen(document)}")
        return self.letters[document]

    def letter(self, document: Json) -> Letter:
        """The letter of a key."""
        index = self.index(document)
        if not isinstance(index, Letter):
            raise Damaged(f"{index} stands where a letter belongs")
        return index


def parsed(document: Json, scope: Scope) -> Weighed:
    """The term of a text. Raises `Damaged`.

    >>> parsed("(1 + (-1 * x[]))", Scope()).term
    Add(terms=(Num(value=1), Mul(factors=(Num(value=-1), Entry(name='x', indices=())))))
    """
    if not isinstance(document, str):
        raise Damaged(f"{seen(document)} stands where a term belongs, as text")
    return _Parser(document, scope).term()


@dataclass
class _Open:
    """A bracket that is open: what stands before it, and the terms in it so far."""

    head: str = ""  # "sum", "where" or a function
    sign: str = ""  # + or *, once it is known
    prefixed: bool = False  # (+ a), a sum of less than two
    index: Letter | None = None
    inside: list[Weighed] = field(default_factory=list)

    def closed(self) -> Weighed:
        terms = [x.term for x in self.inside]
        depth = 1 + max((x.depth for x in self.inside), default=0)
        weight = 1 + sum(x.weight for x in self.inside)
        long = self.sign == "*" and len(terms) > MOST_FACTORS
        if depth > MOST_DEPTH or weight > MOST_WEIGHT or long:
            raise Damaged("a term that is too large to be checked here")
        return Weighed(self._made(terms), depth, weight)

    def _made(self, terms: list[Term]) -> Term:
        if self.index is not None:
            return Sum(self.index, terms[0])
        if self.head == "where":
            return Where(terms[0], terms[1], terms[2])
        if self.head:
            return Apply(self.head, terms[0])
        return Add(tuple(terms)) if self.sign == "+" else Mul(tuple(terms))


class _Parser:
    def __init__(self, text: str, scope: Scope) -> None:
        self.scope = scope
        self.tokens = list(_tokens(text))
        self.at = 0
        self.open: list[_Open] = []  # our own stack: no depth of a text is too much for Python

    def peek(self) -> str:
        """The token that comes next; nothing at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def next(self, *expected: str) -> str:
        """The next token, one of those expected, if any are named."""
        token = self.peek()
        if not token or (expected and token not in expected):
            wanted = " or ".join(expected) or "a term"
            raise Damaged(f"{seen(token) or 'the end'} stands where {wanted} belongs")
        self.at += 1
        return token

    def term(self) -> Weighed:
        """The whole text as one term."""
        while True:
            found = self._operand()
            while found is not None and self.open:
                self.open[-1].inside.append(found)
                found = self._closed() if self._ends(self.open[-1]) else None
            if found is not None:
                if self.peek():
                    raise Damaged(f"{seen(self.peek())} stands after the end of a term")
                return found

    def _closed(self) -> Weighed:
        return self.open.pop().closed()

    def _ends(self, bracket: _Open) -> bool:
        """Whether the bracket ends here; else what separates its parts is passed."""
        count = len(bracket.inside)
        if bracket.head:
            return self.next(")" if count == ARITY[bracket.head] else ",") == ")"
        if bracket.prefixed:
            return self.next(")") == ")"
        bracket.sign = bracket.sign or self.next("+", "*")
        if count == 1:
            return False
        return self.next(bracket.sign, ")") == ")"

    def _operand(self) -> Weighed | None:
        """A term without parts; or a bracket opens, and there is none yet."""
        token = self.next()
        if token == "(":
            return self._bracket()
        if token[0] == "#":
            number = int(token[1:10])
            if not 1 <= number <= len(self.scope.table) or f"#{number}" != token:
                raise Damaged(f"there is no term {seen(token)} so far")
            return self.scope.table[number - 1]
        if token[0] in "-0123456789":
            value = rational(token)
            bits = value.numerator.bit_length() + value.denominator.bit_length()
            return Weighed(Num(value), 1, bits)
        if token == "pi":
            return Weighed(Pi(), 1, 1)
        if self.peek() == "[":
            array = token if self.scope.hole and token == HOLE.name else array_name(token)
            return Weighed(Entry(array, self._indices("[", "]")), 1, 1)
        if token == "size":
            self.next("(")
            size = size_name(self.next())
            self.next(")")
            return Weighed(SizeOf(size), 1, 1)
        if token == "delta":
            places = self._indices("(", ")")
            if len(places) != 2:
                raise Damaged(f"delta of {len(places)} indices")
            return Weighed(Delta(*places), 1, 1)
        if token not in ARITY:
            raise Damaged(f"{seen(token)} is no function, and no entry without its brackets [ ]")
        self.next("(")
        self.open.append(_Open(token, index=self._bound() if token == "sum" else None))
        return None

    def _bracket(self) -> Weighed | None:
        sign = self.next() if self.peek() in ("+", "*") else ""
        bracket = _Open(sign=sign, prefixed=bool(sign))
        if sign and self.peek() == ")":
            self.next()
            return bracket.closed()
        self.open.append(bracket)
        return None

    def _bound(self) -> Letter:
        letter = self.scope.letter(self.next())
        self.next(",")
        return letter

    def _indices(self, opening: str, closing: str) -> tuple[Index, ...]:
        self.next(opening)
        if self.peek() == closing:
            self.next()
            return ()
        found = []
        while True:
            token = self.next()
            found.append(self.scope.index(rational(token) if token[0].isdecimal() else token))
            if self.next(",", closing) == closing:
                return tuple(found)


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text):
        token = TOKEN.match(text, at)
        if not token:
            raise Damaged(f"{seen(text[at:])} is no part of a term")
        found.append(token[1])
        at = token.end()
    return found
