"""The chain rule: ∂loss/∂v[p] = direct + Σ_u Σ_indices ∂loss/∂u[indices] · ∂u[indices]/∂v[p].

The sum is over the names u whose definitions read v, with the names that they read kept as they
are; it is exact where all these derivatives exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcheck_sym.check.derivative import derivative
from gradcheck_sym.check.laws import Malformed
from gradcheck_sym.check.obligations import Obligation
from gradcheck_sym.check.proof import Slope
from gradcheck_sym.check.ring import within
from gradcheck_sym.check.statement import Statement
from gradcheck_sym.term.terms import (
    Index,
    Letter,
    Term,
    add,
    entries,
    mul,
    substitute,
    sums,
)


def chain(
    statement: Statement, slopes: Mapping[str, Slope], name: str, places: tuple[Index, ...]
) -> tuple[Term, tuple[Obligation, ...]]:
    """∂loss/∂name[places] in the slopes of the names that read it, and what that needs.

    Raises `Malformed` where one of these is missing.
    """
    direct, needs = derivative(statement.loss, name, places)
    terms = [direct]
    for user, definition in statement.definitions.items():
        if not any(entry.name == name for entry in entries(definition.value)):
            continue
        if user not in slopes:
            raise Malformed(f"the slope by {user}, which reads {name}, is not there")
        letters = definition.letters
        if set(letters).intersection(places):
            raise Malformed("an index of the slope is one of a definition's")
        inner, more = derivative(definition.value, name, places)
        known = slopes[user]
        value = substitute(known.value, named(known.places, letters))
        terms.append(sums(letters, mul(value, inner)))
        needs += more
    return add(*terms), needs


def named(letters: Sequence[Index], indices: Sequence[Index]) -> dict[Letter, Index]:
    """What the letters of a part stand for, each within its range. Raises `Malformed`."""
    found: dict[Letter, Index] = {}
    for letter, index in zip(letters, indices, strict=True):
        if not isinstance(letter, Letter) or not within(index, letter.size):
            raise Malformed("an index is out of its range")
        found[letter] = index
    if len(found) < len(letters):
        raise Malformed("a letter stands twice")
    return found
