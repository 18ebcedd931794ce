"""The one walk over the graph of arrays, and which names it speaks of.

An entry is written with a name alone, so a name may mean one thing: two arrays of one name are
taken for one another if their sizes are the same and, of `Let`s, the definitions are the same
terms but for the letters of indices, in names that mean the same. Else they do not mix.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gradcheck_sym.array.arrays import Array, Input, Let
from gradcheck_sym.array.shape import letters, show, sizes
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.term.terms import Apply, Delta, Entry, Index, Letter, Num, SizeOf, Sum, Term
from gradcheck_sym.term.walks import children


def ordered(*roots: Array, into: Callable[[Array], bool] = lambda _: True) -> list[Array]:
    """Every array that these are made of, each once and after its operands.

    The operands of one for which `into` is false are left out.
    """
    found: dict[int, Array] = {}
    pending: list[Array] = list(reversed(roots))
    opened: set[int] = set()
    while pending:
        array = pending[-1]
        if id(array) in found or id(array) in opened:
            found.setdefault(id(array), array)
            pending.pop()
            continue
        opened.add(id(array))
        if into(array):
            pending += [a for a in reversed(array.operands) if id(a) not in found]
    return list(found.values())


def names(*roots: Array) -> dict[str, Input | Let]:
    """The named arrays, each after those that it is defined by.

    Raises `ArrayError` where one name stands for two arrays that are not the same.
    """
    found: dict[str, Input | Let] = {}
    for array in ordered(*roots):
        if isinstance(array, Input | Let):
            known = found.setdefault(array.name, array)
            if not same(known, array):
                raise ArrayError(
                    f"two different arrays are called {array.name}, of the shapes "
                    f"{show(known.shape)} and {show(array.shape)}: they belong to two networks, "
                    "or one of them needs another name"
                )
    return found


def same(one: Array, other: Array) -> bool:
    """Whether two named arrays, whose definitions speak of the same names, are the same."""
    if one is other:
        return True
    if type(one) is not type(other) or sizes(one.shape) != sizes(other.shape):
        return False
    if isinstance(one, Let) and isinstance(other, Let):
        places = letters(one.shape)
        return alike(one.definition.entry(*places), other.definition.entry(*places))
    return True


def alike(one: Term, other: Term) -> bool:
    """Whether two terms are the same but for the letters of their sums."""
    return _Alike().check(one, other, ())


Bound = tuple[tuple[Letter, Letter], ...]


class _Alike:
    def __init__(self) -> None:
        self._seen: set[tuple[int, int, Bound]] = set()

    def check(self, one: Term, other: Term, bound: Bound) -> bool:
        key = id(one), id(other), bound
        if key in self._seen:
            return True
        if not self._heads(one, other, bound):
            return False
        if isinstance(one, Sum) and isinstance(other, Sum):
            bound = (*bound, (one.index, other.index))
        pairs = zip(children(one), children(other), strict=True)
        if not all(self.check(left, right, bound) for left, right in pairs):
            return False
        self._seen.add(key)
        return True

    def _heads(self, one: Term, other: Term, bound: Bound) -> bool:
        if type(one) is not type(other) or len(children(one)) != len(children(other)):
            return False
        match one, other:
            case (Num(a), Num(b)) | (SizeOf(a), SizeOf(b)) | (Apply(a), Apply(b)):
                return a == b
            case Sum(i), Sum(j):
                return i.size == j.size
            case Entry(a, i), Entry(b, j):
                return a == b and _same_indices(i, j, bound)
            case Delta(i, j), Delta(k, m):
                return _same_indices((i, j), (k, m), bound)
        return True


def _same_indices(one: Sequence[Index], other: Sequence[Index], bound: Bound) -> bool:
    return len(one) == len(other) and all(
        (left, right) in bound
        or (left == right and not any(left is a or right is b for a, b in bound))
        for left, right in zip(one, other, strict=True)
    )
