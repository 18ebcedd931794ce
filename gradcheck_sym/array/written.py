"""Arrays as people read them: the name, the shape, and the general entry."""

from __future__ import annotations

from gradcheck_sym.array.arrays import Array, Input, Let
from gradcheck_sym.array.shape import letters, show
from gradcheck_sym.checker.polynomial import TooLarge
from gradcheck_sym.proofs.letters import beside
from gradcheck_sym.proofs.told import formula
from gradcheck_sym.term.terms import Entry

LONGEST = 300  # characters of an entry


def written(array: Array) -> str:
    """The array in a line; an entry that is long is left out.

    >>> from gradcheck_sym.array.shape import Axis
    >>> x = Input("X", (Axis("n", "n"), Axis("m", 3)))
    >>> x, Let("Y", 2 * x.T)
    (X (n × m=3), Y (m=3 × n): Y[l,i] = 2 · X[i,l])
    """
    name = array.name if isinstance(array, Input | Let) else ""
    title = f"{name} {show(array.shape)}".strip() if array.shape else name
    if isinstance(array, Input):
        return title
    value, places = array.definition if isinstance(array, Let) else array, letters(array.shape)
    try:
        entry = value.entry(*array.places(places))
        names = beside(entry).and_of(places)
        right = formula(entry, names)
    except (TooLarge, RecursionError):
        names, right = beside().and_of(places), "…"
    if len(right) > LONGEST:
        right = f"{right[:LONGEST]} …"
    left = (
        formula(Entry(name, array.places(places)), names)
        if name
        else "each entry"
        if array.shape
        else "a number"
    )
    return f"{title}: {left} = {right}" if array.shape else f"{left} = {right}"
