"""The chain rule: ∂loss/∂v[p] = direct + Σ_u Σ_indices ∂loss/∂u[indices] · ∂u[indices]/∂v[p].

The sum is over the names u whose definitions read v, with the names that they read kept as they
are; it is exact where all these derivatives exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradcheck_sym.checker.derivative import derivative
from gradcheck_sym.checker.laws import Malformed
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.proof import Slope
from gradcheck_sym.checker.statement import Statement, named
from gradcheck_sym.term.terms import ONE, Index, Letter, Term, mul, sums
from gradcheck_sym.term.walks import entries, substitute


@dataclass(frozen=True)
class Link:
    """One way on which the loss depends on a name: through `user`, or directly.

    It adds Σ over the letters of outer · inner, outer = ∂loss/∂user, inner = ∂user/∂name.
    """

    user: str | None
    letters: tuple[Letter, ...]
    outer: Term
    inner: Term
    needs: tuple[Obligation, ...]

    @property
    def value(self) -> Term:
        """What it adds to the slope."""
        return sums(self.letters, mul(self.outer, self.inner))


def readers(statement: Statement, name: str) -> list[str]:
    """The names that read this one and that the loss depends on."""
    read = {user: {e.name for e in entries(d.value)} for user, d in statement.definitions.items()}
    pending = {e.name for e in entries(statement.loss)}
    reached: set[str] = set()
    while pending:
        found = pending.pop()
        if found in read and found not in reached:
            reached.add(found)
            pending |= read[found]
    return [user for user in read if user in reached and name in read[user]]


def between(statement: Statement) -> list[str]:
    """The names on the way from the parameter to the loss, the last first."""
    found: set[str] = set()
    pending = [statement.wrt]
    while pending:
        new = [name for name in readers(statement, pending.pop()) if name not in found]
        found.update(new)
        pending += new
    return [name for name in reversed(list(statement.definitions)) if name in found]


def chain(
    statement: Statement, slopes: Mapping[str, Slope], name: str, places: tuple[Index, ...]
) -> tuple[Link, ...]:
    """The ways on which the loss depends on name[places]; their sum is the slope.

    Raises `Malformed` where the slope by a name that reads this one is missing.
    """
    links = [Link(None, (), ONE, *derivative(statement.loss, name, places))]
    for user in readers(statement, name):
        definition = statement.definitions[user]
        if user not in slopes:
            raise Malformed(f"the slope by {user}, which reads {name}, is not there")
        if set(definition.letters).intersection(places):
            raise Malformed("an index of the slope is one of a definition's")
        known = slopes[user]
        outer = substitute(known.value, named(known.places, definition.letters))
        inner = derivative(definition.value, name, places)
        links.append(Link(user, definition.letters, outer, *inner))
    return tuple(links)
