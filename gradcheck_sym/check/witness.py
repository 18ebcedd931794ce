"""Whether the conditions of a theorem hold at a point."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck_sym.check.obligations import Obligation
from gradcheck_sym.check.proof import Witness
from gradcheck_sym.check.statement import Statement


def holds_at(witness: Witness, statement: Statement, conditions: Sequence[Obligation]) -> bool:
    """Whether all conditions and hypotheses hold there."""
    raise NotImplementedError
