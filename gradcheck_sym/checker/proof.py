"""A proof, as plain data: lemmas in order, and for each why it holds. Made by anybody."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gradcheck_sym.term.terms import Index, Letter, Term


@dataclass(frozen=True)
class Because:
    """An obligation on u holds: u = `value`, by this argument, and the value's sign is seen.

    For an equality that has to be shown there is the argument alone.
    """

    value: Term | None
    by: Argument


Reasons = tuple[Because | None, ...]  # None: seen at once, or a condition of the theorem


@dataclass(frozen=True)
class Step:
    """Σ over `sums` of factor · (left − right), for an instance of a law.

    The law is a name in `LAWS` with terms, or "definition" with a name and its indices, "lemma"
    or "hypothesis" with a number and indices for its letters, "one-hot" with the number of one that
    says that rows sum to 1, the indices of an entry and one more along the row, or "case" with the
    number of a case that is assumed, the outermost 0.
    """

    law: str
    arguments: tuple[Any, ...]
    factor: Term
    sums: tuple[Letter, ...] = ()
    reasons: Reasons = ()


@dataclass(frozen=True)
class Identity:
    """left − right is the sum of the steps, by the ring alone."""

    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Cases:
    """The equation holds where u > 0, and where it is not."""

    u: Term
    above: Argument
    below: Argument


@dataclass(frozen=True)
class Cancel:
    """factor · left = factor · right, and the factor is not 0."""

    factor: Term
    reason: Because | None
    by: Argument


Argument = Identity | Cases | Cancel


@dataclass(frozen=True)
class Lemma:
    """left = right, for all values of the letters."""

    letters: tuple[Letter, ...]
    left: Term
    right: Term
    by: Argument


@dataclass(frozen=True)
class Slope:
    """∂loss/∂name[places] = value, by the chain rule through the names that read it.

    The slopes of these come before it. `reasons` are for what the derivatives need, in order.
    """

    name: str
    places: tuple[Index, ...]
    value: Term
    by: Argument
    reasons: Reasons = ()


@dataclass(frozen=True)
class Witness:
    """A point at which all conditions and hypotheses hold: numbers for sizes and for entries.

    `values` gives an entry's value, else `everywhere` its array's, else it is 0.
    """

    sizes: dict[str, int]
    everywhere: dict[str, Fraction]
    values: dict[tuple[Any, ...], Fraction]


@dataclass(frozen=True)
class Proof:
    """The lemmas and slopes in order; the last slope is that of the statement.

    `reasons` are for what the statement needs to be meant, in order.
    """

    parts: tuple[Lemma | Slope, ...]
    reasons: Reasons = ()
    witness: Witness | None = None
