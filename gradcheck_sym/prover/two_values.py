"""What the indicator of an entry with two values is: [y > 0] = y, or (1 + y)/2."""

from __future__ import annotations

from fractions import Fraction

from gradcheck_sym.checker.proof import Cancel, Cases, Identity, Lemma, Step
from gradcheck_sym.term.terms import Entry, Letter, Num, Term, indicator


def indicator_of_two_values(
    name: str, number: int, letters: tuple[Letter, ...], *, signs: bool
) -> Lemma:
    """The lemma, by the hypothesis of that number: y² = 1 if these are `signs`, else y² = y."""
    y = Entry(name, letters)
    if signs:
        value, above, half = (1 + y) * Num(Fraction(1, 2)), 1 + y, Fraction(1, 2)
    else:
        value, above, half = y, y, Fraction(1)

    def side(factor: Term, scale: Fraction) -> Cancel:
        square = Step("hypothesis", (number, *letters), Num(scale))
        return Cancel(factor, None, Identity((Step("case", (0,), factor), square)))

    return Lemma(letters, indicator(y), value, Cases(y, side(above, -half), side(1 - y, half)))
