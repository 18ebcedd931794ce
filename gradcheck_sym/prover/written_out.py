"""Sums over few indices, written out: for terms that name some of their entries by numbers."""

from __future__ import annotations

from dataclasses import replace

from gradcheck_sym.checker.proof import Step
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


def last_of_row(reducer: Reducer, here: Opened) -> Found:
    """y_t = 1 − y_1 − … − y_(t−1), where the t entries of a row sum to 1."""
    for number, exponent in here.powers.items():
        kind, *parts = reducer.ring.atoms[number]
        if kind != "entry" or exponent > 1:
            continue
        name, *places = parts
        for known in reducer.knowledge.row_sums_of(name, reducer.opaque):
            if places[known.axis] == known.size and known.size in range(2, MOST_TERMS + 1):
                rest, arguments = here.rest(number), places[: known.axis] + places[known.axis + 1 :]
                step = Step(known.law, (known.number, *arguments), rest)
                total = reducer.knowledge.equation(step, reducer.cases).left
                return step, reducer.law("Σ written out", total, factor=-rest)
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
