"""The parts of a derivation, as data: what `--steps` shows, computed in `derivation.py`.

An index is a number or a name, a value a term as it is shown; `None` among entries, nodes or
rows stands for an ellipsis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gradcheck_sym.asserted import Kind
from gradcheck_sym.relation import Relation
from gradcheck_sym.term.terms import Term

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of a named array: A_h[1, 2]; J is a place without indices."""

    name: str
    index: tuple[int | str, ...] = ()

    @property
    def expr(self) -> sympy.Expr:
        """The place as an expression of SymPy."""
        from gradcheck_sym.to_sympy import entry

        return entry(self.name, self.index)


@dataclass(frozen=True, slots=True)
class Kink:
    """Where an activation or a loss has a kink: `where` = 0, in the names of the network.

    A region may be of no function, and has no slopes then.

    Its slope is `below` where `where` is negative and `above` where it is positive, which is where
    the scalar is less and more if `where` surely `rises` with it; `there` is what the slope as it
    is written gives where it is 0. `kind` says what is sure to be there: a
    "kink", a "jump", a derivative after all ("smooth"), points that are not single ones ("region"),
    or nothing ("unknown"). Where it is known that `where` is 0 at more than single points, it is
    `spread`.
    """

    what: str | None
    where: Term
    below: Term
    above: Term
    there: Term
    kind: str = "kink"
    spread: bool = False
    rises: bool = True


@dataclass(frozen=True, slots=True)
class Stage:
    """One row on the way of an example: its entries, and what leads to them (None: the start)."""

    entries: tuple[Place | None, ...]
    via: str | None


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the tree of how the weights reach the loss, and what it is made from."""

    place: Place
    children: tuple[Node | None, ...]


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of the chain rule, ∂top/∂bottom, as it was found."""

    top: Place
    bottom: Place
    value: Term


@dataclass(frozen=True, slots=True)
class Column:
    """The chain rule for the weights of one output.

    `normal` is the normal form of the product of the factors. `error` is the
    normal form of the product of all factors but the last; `verdict` says whether it is the entry
    `delta` of delta_out by its definition: "proved", "refuted" or "undecided". `penalty` is what
    J has of the weight besides, by the L2 penalty, and 0 where it has none.
    """

    factors: tuple[Factor, ...]
    normal: Term
    delta: Place
    error: Term
    verdict: Kind
    penalty: Term


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the proof that the checker replayed.

    `left` is a term, (top, bottom) for a derivative ∂top/∂bottom, or a place for J by it;
    `middle` what the chain rule gives before the laws are used. `laws` are those that were used,
    as relations, `lemmas` the numbers of earlier lines, `names` those that were unfolded.
    """

    number: int
    left: Term | Place | tuple[Place, Place]
    right: Term
    middle: tuple[Term, ...] = ()
    laws: tuple[Relation, ...] = ()
    lemmas: tuple[int, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix written out: its name, its shape, and its rows of entries."""

    name: str
    transposed: bool
    shape: tuple[int | str, int | str]
    rows: tuple[tuple[Term | None, ...] | None, ...]


@dataclass(frozen=True, slots=True)
class Derivation:
    """The source's own derivation, from the input to (A_h)ᵀ δ_out.

    `claimed` is whether the claim speaks of δ; else δ is the textbook's, and no part of the claim.
    """

    example: int | str  # which example: 1, or the letter i for any
    journey: tuple[Stage, ...]
    tree: Node
    columns: tuple[Column | None, ...]
    errors: Matrix
    left: Matrix
    right: Matrix
    product: Matrix
    claimed: bool
    proof: tuple[Line, ...] = ()
