"""What a document is made of: blocks of prose, formulas, trees, matrices and entries.

`document.py` says what is shown; each format says how a block looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gradcheck_sym.grid import Entry, Grid
from gradcheck_sym.relation import Relation
from gradcheck_sym.steps import Matrix, Node, Place, Stage
from gradcheck_sym.term.terms import Term


@dataclass(frozen=True, slots=True)
class Partial:
    """∂top/∂bottom."""

    top: Place
    bottom: Place


@dataclass(frozen=True, slots=True)
class Name:
    """The name of an array: A_h."""

    array: str


@dataclass(frozen=True, slots=True)
class Code:
    """A formula as it was typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Product:
    """A product of terms that are told apart, in the order in which they were found."""

    factors: tuple[Term, ...]


class Hint(str):
    """What to type next, for who sits at a command line; a document leaves it out."""

    __slots__ = ()


Part: TypeAlias = str | Partial | Name | Code | Place | Product | Relation | Term


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Title:
    """A claim with its verdict, whose colour is that of `kind`: what an answer begins with."""

    parts: tuple[Part, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A sentence; `kind` is "" or a verdict, which gives it a colour.

    What follows a `tight` one belongs to it.
    """

    parts: tuple[Part, ...]
    kind: str = ""
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Equation:
    """left = each of `right` in turn; a note says what the last one is.

    `last` is the sign before that one: "=", "≠", or "?=" where it is not known.
    """

    left: Part
    right: tuple[Part, ...]
    note: str = ""
    last: str = "="

    @property
    def signed(self) -> tuple[tuple[str, Part], ...]:
        """Each of the right, with the sign before it."""
        signs = ["="] * (len(self.right) - 1)
        return tuple(zip([*signs, self.last], self.right, strict=True))


@dataclass(frozen=True, slots=True)
class Equations:
    """Equations, one below the other."""

    rows: tuple[Equation, ...]


@dataclass(frozen=True, slots=True)
class Journey:
    """Rows of entries with arrows between them."""

    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree of places."""

    root: Node


@dataclass(frozen=True, slots=True)
class Matrices:
    """Matrices with signs between them: A, "×", B, "=", C."""

    items: tuple[Matrix | Name | str, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """The table: its first rows, the rows that are left out, its last rows.

    The only row may be the general entry, of all these entries. `differ` is whether there are
    differences to be shown.
    """

    first: Sequence[Entry]
    hidden: Grid
    last: Sequence[Entry]
    of: Grid | None = None
    differ: bool = True

    @property
    def rows(self) -> tuple[Entry, ...]:
        """The rows that are shown."""
        return (*self.first, *self.last)


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty line between prose and prose."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A line of code, which is never folded."""

    code: str


Paragraph = Listing | Heading | Title | Prose | Equations | Journey | Tree | Matrices | Entries
Block = Gap | Paragraph
