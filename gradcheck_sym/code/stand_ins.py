"""Whether a proof rests on what free arrays stand for: maxima, and the zeros and ones of triangles.

A proof for any numbers instead of them holds for the real ones as well, unless it has conditions
that no real ones meet: x ≠ max x holds for no maximum.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from gradcheck_sym.checker.check import Theorem
from gradcheck_sym.code.maxima import derived
from gradcheck_sym.code.run import Run
from gradcheck_sym.deadline import OutOfTime, deadline
from gradcheck_sym.refuter.witnesses import find_witness
from gradcheck_sym.term.terms import ZERO
from gradcheck_sym.term.walks import entries
from gradcheck_sym.verdict import Evidence

SECONDS = 3.0  # to find a point at which conditions hold


def stand_ins(run: Run) -> set[str]:
    """The names of these arrays."""
    trace = run.trace
    return {x.name for x in (*trace.shifts, *(one.array for one in trace.triangles))}


def rests_on_stand_ins(run: Run, proofs: Sequence[Evidence]) -> bool:
    """Whether a condition speaks of what they stand for."""
    free = stand_ins(run)
    return any(not free.isdisjoint(_told(proof.theorem)) for proof in proofs)


def can_hold(run: Run, proofs: Sequence[Evidence]) -> bool:
    """Whether the conditions of each proof hold somewhere, for real maxima and triangles."""
    known = derived(run)
    theorems = [proof.theorem for proof in proofs if proof.conditions]
    with suppress(OutOfTime), deadline(SECONDS):
        return all(find_witness(t.statement, t.conditions, known) for t in theorems)
    return False


def _told(theorem: Theorem) -> set[str]:
    """The names that conditions speak of, also by way of other names."""
    needed = [u for c in theorem.conditions for u in (c.u, *(u for u, _ in c.guards))]
    names: set[str] = set()
    pending = [entry.name for entry in entries(*needed)]
    definitions = theorem.statement.definitions
    while pending:
        if (name := pending.pop()) not in names:
            names.add(name)
            within = definitions[name].value if name in definitions else ZERO
            pending += [entry.name for entry in entries(within)]
    return names
