"""Case distinctions as people call them: max, min, the absolute value, u = 0."""

from __future__ import annotations

from gradcheck_sym.shown.alike import alike
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.term.terms import ZERO, Num, Term, Where


def as_function(case: Where) -> tuple[str, tuple[Term, ...]] | None:
    """The max, min or abs that a case distinction is: its name and its arguments, numbers first.

    >>> from gradcheck_sym.term.terms import Entry
    >>> u, v = Entry("u"), Entry("v")
    >>> as_function(Where(u - v, u, v))[0], as_function(Where(u, u, -u))[0]
    ('max', 'abs')
    """
    u, yes, no = case.u, case.yes, case.no
    if alike(u, yes) and _equal(no, -yes):
        return "abs", (u,)
    arguments = (no, yes) if isinstance(no, Num) else (yes, no)
    if _equal(u, yes - no):
        return "max", arguments
    return ("min", arguments) if _equal(u, no - yes) else None


def compared(case: Where) -> tuple[str, Term, Term, Term]:
    """The sign of the comparison of u with 0, u, what it is there, and what it is elsewhere."""
    match case:
        case Where(u, elsewhere, Where(v, other, there)):
            if alike(elsewhere, other) and _equal(u, ZERO - v):
                return "=", u, there, elsewhere
    return ">", case.u, case.yes, case.no


def is_indicator(yes: Term, no: Term) -> bool:
    """Whether two branches are 1 and 0."""
    return isinstance(yes, Num) and isinstance(no, Num) and (yes.value, no.value) == (1, 0)


def _equal(left: Term, right: Term) -> bool:
    return alike(tidied(left), tidied(right))
