"""Terms without the deltas that a derivative brings, as people write them."""

from __future__ import annotations

from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.term.terms import ONE, Delta, Sum, Term
from gradcheck_sym.term.walks import rebuilt, substitute, walk


def contracted(value: Term) -> Term:
    """The term with f(p) for Σᵢ f(i) δ(i, p), if that is the same by the ring; else as it is.

    >>> from gradcheck_sym.term.terms import Entry, Letter
    >>> i, p = Letter("i", 3), Letter("p", 3)
    >>> contracted(Sum(i, Entry("x", (i,)) * Delta(i, p))).factors[0]
    Entry(name='x', indices=(p,))
    """
    if not any(isinstance(part, Delta) for part in walk(value)):
        return value
    short = _short(value)
    return short if Ring().equal(short, value) else value


def _short(value: Term) -> Term:
    """Right if each term of a sum has a delta of its index, as those of a derivative have."""
    match value:
        case Delta(left, right) if left == right:
            return ONE
        case Sum(index, body):
            deltas = [x for x in walk(body) if isinstance(x, Delta) and index in (x.left, x.right)]
            places = {x.right if x.left is index else x.left for x in deltas}
            if len(places) == 1:
                return _short(substitute(body, {index: places.pop()}))
    return rebuilt(value, _short)
