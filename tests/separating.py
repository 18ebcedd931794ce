"""A point that separates two terms, by a quick search and then by a thorough one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Definition, Hypothesis
from gradcheck_sym.refuter.points import QUICK_TRIES, THOROUGH_TRIES
from gradcheck_sym.refuter.search import Search
from gradcheck_sym.term.terms import Letter, Term
from gradcheck_sym.verdict import Counterexample


def find_point(
    left: Term,
    right: Term,
    letters: Sequence[Letter],
    definitions: Mapping[str, Definition],
    hypotheses: Sequence[Hypothesis] = (),
    needs: Sequence[Obligation] = (),
    positive: frozenset[str] = frozenset(),
) -> Counterexample | None:
    """A small point at which the two sides differ, all `needs` and the hypotheses hold, or None."""
    search = Search(left, right, letters, definitions, hypotheses, needs, positive)
    return search.find({}, QUICK_TRIES) or search.find({}, THOROUGH_TRIES)
