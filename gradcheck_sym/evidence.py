"""From a proof that was found to the checker's word on it, and to what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from gradcheck_sym.checker.check import Rejected, conclude, replay
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.proof import Proof
from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.conditions import plain
from gradcheck_sym.domain import cannot_hold
from gradcheck_sym.refuter.inputs import Derived, Values
from gradcheck_sym.refuter.left_out import left_out
from gradcheck_sym.refuter.witnesses import find_witness
from gradcheck_sym.term.terms import Apply
from gradcheck_sym.term.walks import entries, walk
from gradcheck_sym.verdict import Evidence

NOWHERE = "a proof was found, but no point at which all that it needs holds: defined nowhere?"
CANNOT = (
    "defined nowhere: it divides by something that is 0 everywhere, or takes the logarithm of that"
)
LEFT_OUT = (
    "a proof was found, but its conditions leave out more than single points, and at some of these "
    "the two sides differ"
)

STRICT = ("sqrt", "log")  # functions that need u > 0, where u may be 0 in a region
TOO_DEEP = "no answer: too deep a formula for Python's stack"


def checked(statement: Statement, proof: Proof) -> Evidence | str:
    """The proof with a witness, if it rests on conditions, and the theorem; or why there is none.

    >>> from gradcheck_sym.checker.proof import Identity, Slope
    >>> from gradcheck_sym.term.terms import ONE, Entry
    >>> last = Slope("x", (), ONE, Identity())
    >>> checked(Statement({}, Entry("x"), "x", (), ONE), Proof((last,))).theorem.conditions
    ()
    """
    try:
        replayed = replay(statement, proof)
        if replayed.rests_on_something:
            witness = find_witness(replayed.statement, replayed.conditions)
            if witness is None:
                return NOWHERE
            proof = replace(proof, witness=witness)
        return Evidence(conclude(replayed, proof.witness), proof)
    except Rejected as error:
        if cannot_hold(statement.needs):
            return CANNOT
        return f"the checker refuses the proof that was found: {error}"


def looked_at(found: Evidence, derived: Derived | None = None) -> Evidence | Values:
    """The evidence with the regions that it leaves out, or a point in one where it looks wrong."""
    statement, conditions = found.theorem.statement, found.theorem.conditions
    positive = any(isinstance(x, Apply) and x.function in STRICT for x in walk(*statement.terms))
    signs = ("≠", ">") if positive else ("≠",)
    parts = [part for part in plain(conditions, statement) if part.relation in signs]
    shown = [part for part in parts if any(entries(*part.terms))]  # n ≠ 1 says it of all points
    needed = [x for x in conditions if not _reads_as_points(x, statement)]
    if positive:
        needed = list(chain.from_iterable(map(_opened, needed)))
    seen = left_out(statement, (*needed, *map(_border, shown)), derived)
    if seen.wrong is not None:
        return seen.wrong
    return replace(found, regions=tuple(x for x in shown if _border(x) in seen.regions))


def _border(needed: Obligation) -> Obligation:
    """That it is not 0."""
    return needed if needed.relation == "≠" else replace(needed, relation="≠")


def _opened(needed: Obligation) -> tuple[Obligation, ...]:
    """The condition u > 0 as u ≥ 0 and u ≠ 0: at 0, where a root has no slope, J may have one."""
    if needed.relation != ">":
        return (needed,)
    return replace(needed, relation="≥"), _border(needed)


def _reads_as_points(needed: Obligation, statement: Statement) -> bool:
    """Whether u > 0 is shown as some u ≠ 0, since it is nowhere below: a² > 0, or |a| > 0."""
    return needed.relation == ">" and all(x.relation == "≠" for x in plain([needed], statement))
