"""The sign of what a name stands for, where the name is no longer kept.

While names are kept, a variance is a sum of squares, and its sign is seen. Written out in the
entries of x it is Σ x² − (Σ x)²/n, which has none by its terms; but it is what the name is.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING

from gradcheck_sym.checker.polynomial import Poly
from gradcheck_sym.checker.proof import Step
from gradcheck_sym.prover.reduce import Reducer, scaled
from gradcheck_sym.term.terms import Entry, Index, Letter, Num, Term
from gradcheck_sym.term.walks import substitute

if TYPE_CHECKING:
    from gradcheck_sym.prover.knowledge import Knowledge

MOST_LETTERS = 4


def recognised(
    knowledge: Knowledge, reducer: Reducer, poly: Poly, signed: dict[str, int]
) -> tuple[Term, tuple[Step, ...]] | None:
    """What a name is known to be, if the polynomial is a positive multiple of it; and the steps.

    `signed` gives, for names, the number of a lemma whose right side has the sign that is asked
    for. Raises `TooLarge`.
    """
    for name, number in signed.items():
        for places in _places(knowledge, name, reducer.ring.letters(poly)):
            unfolded = reducer.reduce(reducer.ring.normal(Entry(name, places)))
            ratio = _ratio(poly, unfolded.poly)
            if ratio is None:
                continue
            lemma = knowledge.lemmas[number]
            letters = dict(zip(lemma.letters, places, strict=True))
            steps = tuple(scaled(step, Num(-ratio)) for step in unfolded.steps)
            known = Step("lemma", (number, *places), Num(ratio))
            return Num(ratio) * substitute(lemma.right, letters), (known, *steps)
    return None


def _places(
    knowledge: Knowledge, name: str, own: tuple[Letter, ...]
) -> Iterator[tuple[Index, ...]]:
    """The entries of a name that speak of these letters, each of its sizes 1 as the number."""
    letters = knowledge.statement.definitions[name].letters
    wanted = [x.size for x in letters if x.size != 1]
    if len(own) != len(wanted) or len(own) > MOST_LETTERS:
        return
    for order in permutations(own):
        if [x.size for x in order] == wanted:
            left = iter(order)
            yield tuple(1 if x.size == 1 else next(left) for x in letters)


def _ratio(poly: Poly, other: Poly) -> Fraction | None:
    """The positive number that one polynomial is the other's multiple by, if there is one."""
    if not poly or poly.keys() != other.keys():
        return None
    ratios = {Fraction(poly[key]) / Fraction(other[key]) for key in poly}
    ratio = ratios.pop()
    return ratio if not ratios and ratio > 0 else None
