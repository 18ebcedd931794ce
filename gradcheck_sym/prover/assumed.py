"""Conditions that the theorem will have anyway, so that a step may rest on one of them again."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.polynomial import Frozen, Poly, TooLarge, scale
from gradcheck_sym.prover.reduce import Reducer
from gradcheck_sym.term.functions import Relation
from gradcheck_sym.term.walks import substitute

if TYPE_CHECKING:
    from gradcheck_sym.prover.knowledge import Knowledge

Said = tuple[Frozen, Relation]  # of a polynomial but for its letters and a positive number


class Assumed:
    """The conditions so far, as they are and as cases leave them."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge, self._ring = knowledge, knowledge.bench.ring
        self._conditions: dict[Said, Obligation] = {}
        self._in_cases: dict[object, set[Said]] = {}

    def add(self, needed: Obligation) -> None:
        """The theorem will have this among its conditions."""
        if not needed.guards:
            said = self._said(self._ring.normal(needed.u), needed.relation)
            self._conditions.setdefault(said, needed)

    def covers(self, reducer: Reducer, poly: Poly, relation: Relation) -> bool:
        """Whether this, or more, is a condition anyway, or what is left of one in these cases."""
        wanted = {self._said(poly, ">"), self._said(poly, relation)}
        if relation == "≠":
            opposite = scale(poly, -1)
            wanted |= {self._said(opposite, ">"), self._said(opposite, "≠")}
        if not wanted.isdisjoint(self._conditions):
            return True
        return bool(reducer.cases) and not wanted.isdisjoint(self._left(reducer, poly))

    def _left(self, reducer: Reducer, poly: Poly) -> set[Said]:
        """What is left of the conditions in some cases, with the letters of a polynomial."""
        ring = self._ring
        letters = self._knowledge.bench.closed_letters(poly)
        key = reducer.opaque, reducer.cases, letters
        if key not in self._in_cases:
            found = self._in_cases[key] = set()  # what is there while the others are looked for
            careful = self._knowledge.reducer(reducer.opaque, reducer.cases, strict=True)
            for needed in self._conditions.values():
                own = ring.letters(ring.normal(needed.u))
                if [x.size for x in own] == [x.size for x in letters]:
                    here = substitute(needed.u, dict(zip(own, letters, strict=True)))
                    with suppress(TooLarge):
                        left = careful.reduce(ring.normal(here)).poly
                        found.add(self._said(left, needed.relation))
        return self._in_cases[key]

    def _said(self, poly: Poly, relation: Relation) -> Said:
        (shape,) = self._ring.shape(poly)
        if shape:
            shape = tuple((m, c / abs(Fraction(shape[0][1]))) for m, c in shape)
        return shape, relation
