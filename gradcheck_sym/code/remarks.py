"""What stands below the verdicts of a report on code: what was taken for what, and what was not."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from gradcheck_sym.array import Constant
from gradcheck_sym.array.graph import ordered
from gradcheck_sym.code.as_it_is import told_free
from gradcheck_sym.code.constants import sizes_told
from gradcheck_sym.code.report import Part
from gradcheck_sym.code.run import Run
from gradcheck_sym.term.terms import Num

MUCH = 10_000  # what people subtract from scores that are not to count


def remarks(run: Run, parts: Sequence[Part]) -> tuple[str, ...]:
    """What a reader might take for checked, and is not."""
    found = [*([sized] if (sized := sizes_told(run.told)) else []), *run.readings]
    if left := [n for n in run.inputs if n not in run.claims and n not in run.labels]:
        found.append(f"no gradient by {', '.join(left)} is returned, so none is checked")
    if (largest := _largest(run)) >= MUCH:
        found.append(
            f"{largest} is a number like others: to leave entries out of a softmax, write -np.inf"
        )
    known = list(map(id, run.told.values()))
    others = [x for x in run.trace.brought.values() if not {id(x), id(x.base)} & {*known}]
    shapes = dict.fromkeys(array.shape for array in others)
    brought = (f"an array of the shape {shape} that the code brings along" for shape in shapes)
    kept = (f"self{place}, which forward makes once," for place in run.kept)
    found += told_free(run, parts)
    return (*found, *(f"{one} is taken as it is" for one in (*brought, *kept)))


def _largest(run: Run) -> Fraction:
    """The largest number in what forward computes, or its negative."""
    values = (array.value for array in ordered(run.loss) if isinstance(array, Constant))
    numbers = (abs(Fraction(value.value)) for value in values if isinstance(value, Num))
    return max(numbers, default=Fraction(0))
