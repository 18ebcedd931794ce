"""The entries of a gradient: their formulas, their verdicts, and where they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, overload

from gradcheck_sym.asserted import Kind
from gradcheck_sym.checker.statement import free_letters
from gradcheck_sym.everywhere import OneForAll, numbers_at
from gradcheck_sym.shown.names import index_shown
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.steps import Place
from gradcheck_sym.term.terms import ZERO, Add, Letter, Mul, Sum, Term, add
from gradcheck_sym.term.walks import rebuilt, substitute
from gradcheck_sym.verdict import Proved, Refuted, Undecided, Verdict

if TYPE_CHECKING:
    import sympy

WRITTEN_OUT = 3  # a sum over at most so many examples is shown term by term,
MOST_TERMS = 8  # unless the entry would have more than so many terms

KINDS: dict[type, Kind] = {Proved: "proved", Refuted: "refuted", Undecided: "undecided"}


def kind_of(verdict: Verdict) -> Kind:
    """The verdict as a word: proved, refuted or undecided."""
    return KINDS[type(verdict)]


def written_out(term: Term) -> Term:
    """The term with short sums of numeric bounds written out term by term."""
    match term:
        case Sum(index, body) if isinstance(index.size, int) and index.size <= WRITTEN_OUT:
            numbers = range(1, index.size + 1)
            return add(*(written_out(substitute(body, {index: k})) for k in numbers))
        case Sum():
            return term
    return rebuilt(term, written_out)


def terms(term: Term) -> int:
    """How many terms there are once sums with numeric bounds are written out."""
    match term:
        case Add(parts):
            return sum(map(terms, parts))
        case Mul(factors):
            return prod(map(terms, factors))
        case Sum(index, body):
            return terms(body) * (index.size if isinstance(index.size, int) else 1)
    return 1


@dataclass(frozen=True, slots=True)
class Formula:
    """One entry of an array: its general term, and the numbers of its indices by their names.

    Entries of one array share the general term, so thousands of them stay small.
    """

    general: Term
    at: Mapping[str, int]

    @property
    def term(self) -> Term:
        """The term of this entry; short sums with numeric bounds are written out."""
        if not self.at:
            return tidied(self.general)
        numbers = {x: self.at[x.name] for x in free_letters(self.general) if x.name in self.at}
        found = substitute(self.general, numbers)
        return tidied(found if terms(found) > MOST_TERMS else written_out(found))

    @property
    def expr(self) -> sympy.Expr:
        """The same as an expression of SymPy."""
        from gradcheck_sym.to_sympy import to_sympy

        return to_sympy(self.term)


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
        return self.place.index

    @property
    def numbers(self) -> Mapping[str, int]:
        """The numbers that stand for the names of its row and column."""
        return self.claim.at

    @property
    def kind(self) -> Kind:
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
    derivative: Term
    claim: Term
    difference: Callable[[], Term]
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

    @property
    def general(self) -> Entry:
        """Any of them, where all have one verdict: at letters, with the verdict of the first."""
        first = self[0]
        none: Mapping[str, int] = {}
        return replace(
            first,
            place=Place(self.wrt, tuple(map(index_shown, self.letters))),
            derivative=Formula(self.derivative, none),
            claim=Formula(self.claim, none),
            difference=Formula(first.difference.general, none),
        )

    def _entry(self, place: int) -> Entry:
        verdict = self.verdicts[place]
        at = numbers_at(self.letters, place)
        index = (at.get(letter.name, letter) for letter in self.letters)
        left = ZERO if isinstance(verdict, Proved) else self.difference()
        return Entry(
            place=Place(self.wrt, tuple(map(index_shown, index))),
            derivative=Formula(self.derivative, at),
            claim=Formula(self.claim, at),
            difference=Formula(left, at),
            verdict=verdict,
        )

    @property
    def kinds(self) -> Mapping[Kind, int]:
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
