"""The three answers to "is this difference zero?": `Proved`, `Refuted`, `Undecided`.

A negative answer is a value, never an exception. `Proved` is constructed in `answer.py` alone,
from a theorem of the checker, and a test scans the sources for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from gradcheck_sym.asserted import Kind

if TYPE_CHECKING:
    from gradcheck_sym.checker.check import Theorem
    from gradcheck_sym.checker.obligations import Obligation
    from gradcheck_sym.checker.proof import Proof
    from gradcheck_sym.relation import Relation


@dataclass(frozen=True, eq=False)
class Evidence:
    """Why a claim holds: the theorem that the checker made, and the proof that it replayed.

    Of the theorem's conditions u ≠ 0, and u > 0 of roots, `regions` are those where u is 0 at more
    than single points, as points at random show.
    """

    theorem: Theorem
    proof: Proof
    regions: tuple[Obligation, ...] = ()

    @cached_property
    def lemmas(self) -> tuple[Relation, ...]:
        """The identities that the proof shows on its way, and the signs that it needs."""
        from gradcheck_sym.told import lemmas

        return lemmas(self.theorem, self.proof)

    @cached_property
    def conditions(self) -> tuple[Relation, ...]:
        """What has to hold, beyond real inputs."""
        from gradcheck_sym.told import conditions

        return conditions(self.theorem)

    @cached_property
    def left_out(self) -> tuple[Relation, ...]:
        """The conditions that read as if they left out single points, and leave out more."""
        from gradcheck_sym.told import conditions

        found = conditions(self.theorem, self.regions)
        return tuple(condition for condition in found if condition.sign in ("≠", ">"))


@dataclass(frozen=True, slots=True)
class Bounds:
    """Two decimals or fractions that enclose a real number; equal when it is exact."""

    low: str
    high: str

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def __str__(self) -> str:
        return self.low if self.exact else f"[{self.low}, {self.high}]"


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A point at which the two sides differ, and enclosures of both that do not meet.

    `values` holds the inputs that are not 0, in reading order; the others that the entry depends
    on are 0, and the rest may take any value that the hypotheses allow. `sizes` and `indices` are
    there when a size or an index was a name.
    """

    values: Mapping[str, Fraction]
    left: Bounds
    right: Bounds
    sizes: Mapping[str, int] = field(default_factory=dict)
    indices: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proved:
    """The checker replayed a proof."""

    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Refuted:
    """Exact or interval arithmetic separates the two sides at a point."""

    counterexample: Counterexample


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither a proof nor a counterexample was found."""

    reason: str


WORST_FIRST: tuple[Kind, ...] = ("refuted", "undecided", "proved")


def worst(kinds: Iterable[Kind]) -> Kind:
    """The worst of some verdicts as words: refuted, else undecided, else proved."""
    found = set(kinds)
    return next(kind for kind in WORST_FIRST if kind in found)


Verdict = Proved | Refuted | Undecided
