"""The law of one-hot rows: entries that are 0 or 1 and sum to 1 along an axis are 1 but once."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck_sym.checker.laws import Equation, Malformed
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Hypothesis, named
from gradcheck_sym.term.terms import Delta, Entry, Index, Num, Sum


def one_hot(hypotheses: Sequence[Hypothesis], number: int, indices: Sequence[Index]) -> Equation:
    """y[…,j] y[…,k] = δ_jk y[…,j], where Σ_j y[…,j] = 1 is the hypothesis of that number.

    The indices are those of y[…,j], and k. Raises `Malformed`.
    """
    match hypotheses[number]:
        case Hypothesis(_, Sum(index, Entry(name, letters)), Num(1)):
            *places, other = indices
            axis = letters.index(index)
            second = (*places[:axis], other, *places[axis + 1 :])
            named(letters, places)
            named(letters, second)
            if any(_has_two_values(one, name, letters) for one in hypotheses):
                first = Entry(name, tuple(places))
                return Equation(first * Entry(name, second), Delta(places[axis], other) * first)
    raise Malformed("these are no one-hot rows")


def _has_two_values(hypothesis: Hypothesis, name: str, letters: Sequence[Index]) -> bool:
    """Whether it says y² = y of every entry of the array, whose axes are those of the letters."""
    y = Entry(name, hypothesis.letters)
    sizes = [getattr(letter, "size", None) for letter in letters]
    own = [letter.size for letter in hypothesis.letters]
    zero = hypothesis.left - hypothesis.right - (y * y - y)
    return sizes == own and not Ring().normal(zero)
