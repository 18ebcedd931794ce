"""How long a term is once it is written."""

from __future__ import annotations

from gradcheck_sym.term.terms import Term
from gradcheck_sym.term.walks import children


def length(value: Term) -> int:
    """How many terms are written in it, what is shared as often as it stands there.

    >>> from gradcheck_sym.term.terms import Entry
    >>> z = Entry("z")
    >>> length((z + z) * (z + z))
    7
    """
    done: dict[int, int] = {}

    def of(part: Term) -> int:
        if id(part) not in done:
            done[id(part)] = 1 + sum(map(of, children(part)))
        return done[id(part)]

    return of(value)
