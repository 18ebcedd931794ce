"""The entries of a gradient: their formulas, their verdicts, and where they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, overload

from gradcheck_sym.everywhere import OneForAll, numbers_at
from gradcheck_sym.steps import Place
from gradcheck_sym.verdict import Proved, Refuted, Undecided, Verdict

if TYPE_CHECKING:
    import sympy

    from gradcheck_sym.term.terms import Letter

WRITTEN_OUT = 3  # a sum over at most so many examples is shown term by term,
MOST_TERMS = 8  # unless the entry would have more than so many terms

KINDS: dict[type, str] = {Proved: "proved", Refuted: "refuted", Undecided: "undecided"}


def kind_of(verdict: Verdict) -> str:
    """The verdict as a word: proved, refuted or undecided."""
    return KINDS[type(verdict)]


def written_out(expr: sympy.Expr) -> sympy.Expr:
    """The expression with short sums of numeric bounds written out term by term.

    `Sum.doit` does the same, and takes ten times as long.
    """
    import sympy

    if not isinstance(expr, sympy.Sum):
        return expr.func(*map(written_out, expr.args)) if expr.has(sympy.Sum) else expr
    *inner, (index, _, high) = expr.limits
    if not (high.is_Integer and high <= WRITTEN_OUT):
        return expr
    body = sympy.Sum(expr.function, *inner) if inner else expr.function
    terms = (body.xreplace({index: sympy.Integer(k)}) for k in range(1, int(high) + 1))
    return sympy.Add(*map(written_out, terms))


def terms(expr: sympy.Expr) -> int:
    """How many terms the expression has once sums with numeric bounds are written out."""
    import sympy

    match expr:
        case sympy.Add():
            return sum(map(terms, expr.args))
        case sympy.Mul():
            return prod(map(terms, expr.args))
        case sympy.Sum():
            bounds = (int(high) for _, _, high in expr.limits if high.is_Integer)
            return prod(bounds) * terms(expr.function)
    return 1


@dataclass(frozen=True, slots=True)
class Formula:
    """One entry of an array: its general expression, and where to read it.

    Entries of one array share the general expression, so thousands of them stay small.
    """

    general: sympy.Expr
    at: Mapping[sympy.Symbol, int]

    @property
    def expr(self) -> sympy.Expr:
        """The expression of this entry; short sums with numeric bounds are written out."""
        import sympy

        expr = self.general.xreplace({name: sympy.Integer(k) for name, k in self.at.items()})
        return expr if terms(expr) > MOST_TERMS else written_out(expr)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the gradient. `difference` is derivative − claim in normal form."""

    place: Place
    derivative: Formula
    claim: Formula
    difference: Formula
    verdict: Verdict

    @property
    def index(self) -> tuple[int | str, ...]:
        """Its row and column, numbers from 1 or names."""
        return tuple(int(k) if k.is_Integer else str(k) for k in self.place.index)

    @property
    def numbers(self) -> Mapping[str, int]:
        """The numbers that stand for the names of its row and column."""
        return {name.name: number for name, number in self.claim.at.items()}

    @property
    def kind(self) -> str:
        """The verdict as a word: proved, refuted or undecided."""
        return kind_of(self.verdict)


@dataclass(frozen=True)
class Grid(Sequence[Entry]):
    """The entries of a gradient, row by row: each is made when it is asked for.

    They share their general expressions; `places` says which of them these are, `verdicts` has
    one for each entry of the whole.
    """

    wrt: str
    letters: tuple[Letter, ...]
    derivative: sympy.Expr
    claim: sympy.Expr
    difference: Callable[[], sympy.Expr]
    verdicts: Sequence[Verdict]
    places: Sequence[int]

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, key: int) -> Entry: ...
    @overload
    def __getitem__(self, key: slice) -> Grid: ...
    def __getitem__(self, key: int | slice) -> Entry | Grid:
        if isinstance(key, slice):
            return replace(self, places=self.places[key])
        return self._entry(self.places[key])

    def _entry(self, place: int) -> Entry:
        import sympy

        from gradcheck_sym.to_sympy import index_symbol

        verdict = self.verdicts[place]
        numbers = numbers_at(self.letters, place)
        at = {sympy.Symbol(name): k for name, k in numbers.items()}
        index = (numbers.get(letter.name, letter) for letter in self.letters)
        left = sympy.S.Zero if isinstance(verdict, Proved) else self.difference()
        return Entry(
            place=Place(self.wrt, tuple(map(index_symbol, index))),
            derivative=Formula(self.derivative, at),
            claim=Formula(self.claim, at),
            difference=Formula(left, at),
            verdict=verdict,
        )

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many of them are proved, refuted and undecided, as far as there are any."""
        if isinstance(self.verdicts, OneForAll):
            return {kind_of(self.verdicts.first): len(self)} if len(self) else {}
        return Counter(kind_of(self.verdicts[place]) for place in self.places)

    @property
    def not_proved(self) -> Grid:
        """Those that are not proved."""
        verdicts = self.verdicts
        if isinstance(verdicts, OneForAll):
            return self[:0] if isinstance(verdicts.first, Proved) else self
        return replace(self, places=[k for k in self.places if type(verdicts[k]) is not Proved])

    @property
    def distinct(self) -> tuple[Verdict, ...]:
        """Each verdict once; one of them may serve many entries."""
        if isinstance(self.verdicts, OneForAll):
            return (self.verdicts.first,)
        return tuple({id(self.verdicts[k]): self.verdicts[k] for k in self.places}.values())
