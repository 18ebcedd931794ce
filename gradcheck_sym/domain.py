"""What has to hold for a term to be meant as NumPy would compute it, read off as it is written.

Inside where(u, x, y) what x needs, it needs where u > 0, and y where it is not. A mask beside
other factors guards nothing: NumPy's 0 · (1/0) is not 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import prod

from gradcheck_sym.checker.obligations import Guard, Obligation
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import free_letters
from gradcheck_sym.term.functions import FUNCTIONS, Relation
from gradcheck_sym.term.terms import Apply, Letter, Mul, Num, Size, SizeOf, Term, Where
from gradcheck_sym.term.walks import children, entries, substitute


def needs(*values: Term) -> tuple[Obligation, ...]:
    """The obligations, the inner ones first, in the letters of the terms and of their sums.

    >>> from gradcheck_sym.term.terms import Entry, Letter
    >>> x = Entry("x")
    >>> [(str(need.u.name), need.relation, need.guards) for need in needs(1 / x)]
    [('x', '≠', ())]
    """
    found = _Needs()
    for value in values:
        found.read(value, ())
    return tuple(found.obligations)


def cannot_hold(needed: Iterable[Obligation]) -> bool:
    """Whether something that is 0 everywhere has to be other than 0."""
    strict = (x.u for x in needed if x.relation != "≥" and not x.guards)
    return not all(map(Ring().normal, strict))


def distinct(obligations: Iterable[Obligation]) -> tuple[Obligation, ...]:
    """The obligations without those that another one implies, whatever their letters are."""
    ring, found = Ring(), list(obligations)
    if sum(monomials(needed.u) for needed in found) > MOST_MONOMIALS:
        return tuple(found)  # as they are: to compare them would take long
    forms = [_form(ring, needed) for needed in found]
    kept: list[Obligation] = []
    for needed, (u, guards) in zip(found, forms, strict=True):
        stronger = (
            (other, IMPLIED[other.relation].find(needed.relation))
            for other, (v, held) in zip(found, forms, strict=True)
            if other is not needed and u == v and held <= guards
        )
        if not any(
            rank > 0 or (rank == 0 and any(other is k for k in kept)) for other, rank in stronger
        ):
            kept.append(needed)
    return tuple(kept)


MOST_MONOMIALS = 1_000


def monomials(value: Term) -> int:
    """How many monomials a term has at most once it is multiplied out, also inside functions."""
    done: dict[int, int] = {}

    def of(part: Term) -> int:
        if id(part) not in done:
            below = list(map(of, children(part)))
            done[id(part)] = prod(below) if isinstance(part, Mul) else max(1, sum(below))
        return done[id(part)]

    return of(value)


IMPLIED: dict[Relation, str] = {">": ">≥≠", "≥": "≥", "≠": "≠", "": ""}  # itself, and the weaker


def _form(ring: Ring, needed: Obligation) -> tuple[object, frozenset[object]]:
    """The normal forms of a need and of its guards, in letters that are numbered."""
    terms = [needed.u, *(u for u, _ in needed.guards)]
    free = dict.fromkeys(x for term in terms for x in _letters(term))
    named = {x: _numbered(x.size, k) for k, x in enumerate(free)}
    u, *guards = (frozenset(ring.normal(substitute(term, named)).items()) for term in terms)
    holds = (yes for _, yes in needed.guards)
    return u, frozenset(zip(guards, holds, strict=True))


@cache
def _numbered(size: Size, place: int) -> Letter:
    return Letter(f"r{place}", size)


def _letters(term: Term) -> list[Letter]:
    """The free letters in the order in which they are met."""
    free = free_letters(term)
    met = (x for entry in entries(term) for x in entry.indices if isinstance(x, Letter))
    return [x for x in dict.fromkeys(met) if x in free]


class _Needs:
    def __init__(self) -> None:
        self.obligations: list[Obligation] = []
        self._partial: dict[int, bool] = {}
        self._read: dict[int, list[set[tuple[int, bool]]]] = {}

    def read(self, value: Term, guards: tuple[Guard, ...]) -> None:
        """Note what a part needs that matters only where the guards hold."""
        here = {(id(u), holds) for u, holds in guards}
        seen = self._read.setdefault(id(value), [])
        if not self.partial(value) or any(known <= here for known in seen):
            return
        seen.append(here)
        match value:
            case Where(u, yes, no):
                self.read(u, guards)
                for branch, holds in ((yes, True), (no, False)):
                    if (id(u), not holds) not in here:
                        known = (id(u), holds) in here
                        self.read(branch, guards if known else (*guards, (u, holds)))
            case Apply("inv", Apply("sqrt", u)):
                self.read(u, guards)
                self._need(u, ">", guards)
            case Apply(function, u):
                self.read(u, guards)
                self._need(u, FUNCTIONS[function].domain, guards)
            case _:
                self._read_all(children(value), guards)

    def _read_all(self, values: Iterable[Term], guards: tuple[Guard, ...]) -> None:
        for value in values:
            self.read(value, guards)

    def _need(self, u: Term, relation: Relation, guards: tuple[Guard, ...]) -> None:
        if relation and not _surely(u, relation):
            self.obligations.append(Obligation(u, relation, guards))

    def partial(self, value: Term) -> bool:
        """Whether something in the term is not meant everywhere."""
        if id(value) not in self._partial:
            own = (
                isinstance(value, Apply)
                and bool(relation := FUNCTIONS[value.function].domain)
                and not _surely(value.argument, relation)
            )
            self._partial[id(value)] = own or any(map(self.partial, children(value)))
        return self._partial[id(value)]


def _surely(u: Term, relation: Relation) -> bool:
    match u:
        case SizeOf():
            return True
        case Num(value):
            return {"≠": value != 0, ">": value > 0, "≥": value >= 0, "": True}[relation]
    return False
