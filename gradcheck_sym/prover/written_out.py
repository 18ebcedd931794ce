"""Sums over few indices, written out: for terms that name some of their entries by numbers."""

from __future__ import annotations

from dataclasses import replace

from gradcheck_sym.checker.statement import Statement
from gradcheck_sym.prover.reduce import Found, Reducer
from gradcheck_sym.prover.workbench import Opened
from gradcheck_sym.term.terms import ONE, Delta, Entry, Sum
from gradcheck_sym.term.walks import walk

MOST_TERMS = 64  # of one sum


def written_out(reducer: Reducer, here: Opened) -> Found:
    """Σ_r f(r) = f(1) + … + f(N), where N is a number."""
    for letter in here.letters:
        if isinstance(letter.size, int) and letter.size <= MOST_TERMS:
            total = Sum(letter, here.bench.product(here.powers, here.depth))
            return replace(reducer.law("Σ written out", total, factor=ONE), sums=(letter,))
    return None


def names_entries_by_numbers(statement: Statement) -> bool:
    """Whether some entries are listed, so that a sum may stand beside its own terms.

    An axis of one entry has the number 1 everywhere, which lists nothing.
    """
    values = (definition.value for definition in statement.definitions.values())
    return any(
        any(isinstance(place, int) and place > 1 for place in _places(part))
        for term in (statement.loss, statement.claim, *values)
        for part in walk(term)
    )


def _places(part: object) -> tuple[object, ...]:
    match part:
        case Entry(_, indices):
            return indices
        case Delta(left, right):
            return (left, right)
    return ()
