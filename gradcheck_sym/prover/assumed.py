"""What will be among the conditions of a theorem anyway, so that it costs nothing to need it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.polynomial import Poly, TooLarge, scale
from gradcheck_sym.term.functions import Relation
from gradcheck_sym.term.terms import Term, Where
from gradcheck_sym.term.walks import substitute, walk

if TYPE_CHECKING:
    from gradcheck_sym.prover.knowledge import Knowledge
    from gradcheck_sym.prover.reduce import Reducer


class Assumed:
    """Obligations that nothing shows."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge, self._ring = knowledge, knowledge.bench.ring
        self._found: dict[object, Obligation] = {}
        self._in_cases: dict[object, set[object]] = {}

    def add(self, needed: Obligation) -> None:
        """The theorem will have this among its conditions."""
        if not needed.guards:
            (shape,) = self._ring.shape(self._ring.normal(needed.u))
            self._found.setdefault((shape, needed.relation), needed)

    def holds(self, reducer: Reducer, poly: Poly, relation: Relation) -> bool:
        """Whether this, or more, is a condition, or what is left of one in the cases."""
        (above,), (below,) = (self._ring.shape(scale(poly, sign)) for sign in (1, -1))
        wanted = {(above, ">"), (above, relation)}
        if relation == "≠":
            wanted |= {(below, ">"), (below, "≠")}
        if not wanted.isdisjoint(self._found):
            return True
        return bool(reducer.cases) and not wanted.isdisjoint(self._left_in(reducer, poly))

    def _left_in(self, reducer: Reducer, poly: Poly) -> set[object]:
        """What is left of conditions that distinguish cases, with a polynomial's letters."""
        letters = self._ring.letters(poly)
        key = reducer.cases, letters
        if key not in self._in_cases:
            found = self._in_cases[key] = set()  # what is there while the others are looked for
            careful = self._knowledge.reducer(self._knowledge.names, reducer.cases, strict=True)
            for needed in [o for o in self._found.values() if _has_cases(o.u)]:
                own = self._ring.letters(self._ring.normal(needed.u))
                if [x.size for x in own] == [x.size for x in letters]:
                    here = substitute(needed.u, dict(zip(own, letters, strict=True)))
                    with suppress(TooLarge):
                        left = careful.reduce(self._ring.normal(here)).poly
                        found.add((*self._ring.shape(left), needed.relation))
        return self._in_cases[key]


def _has_cases(value: Term) -> bool:
    return any(isinstance(part, Where) for part in walk(value))
