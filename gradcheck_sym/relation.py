"""An equation or a condition, as it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gradcheck_sym.shown.alike import alike, key
from gradcheck_sym.term.terms import Term

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True, eq=False, slots=True)
class Relation:
    """left = right, or another sign between two terms whose letters have the names shown."""

    left: Term
    sign: str  # "=", "≠", ">", "<" or "≥"
    right: Term

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Relation):
            return NotImplemented
        return self.sign == other.sign and all(
            alike(*sides) for sides in ((self.left, other.left), (self.right, other.right))
        )

    def __hash__(self) -> int:
        return hash((key(self.left), self.sign, key(self.right)))

    @property
    def expr(self) -> sympy.Rel:
        """The same in SymPy."""
        from gradcheck_sym.to_sympy import relation

        return relation(self.left, self.sign, self.right)
