"""Borders of cases that are regions: max(x, 0) − x is 0 at all x > 0.

Around a point of such a region u > 0 holds nowhere, so that a case distinction by u is its other
case there, and has that one's derivative.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from fractions import Fraction
from itertools import product

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.polynomial import TooLarge
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.refuter.inputs import reached_from
from gradcheck_sym.term.terms import (
    ONE,
    ZERO,
    Add,
    Apply,
    Delta,
    Entry,
    Index,
    Letter,
    Mul,
    Num,
    SizeOf,
    Sum,
    Term,
    Where,
    add,
    apply,
    mul,
)
from gradcheck_sym.term.walks import rebuilt, walk
from gradcheck_sym.values.evaluator import Evaluator, Numbers, TooDear
from gradcheck_sym.values.interval import ends

MOST_PARTS = 2_000
MOST_CASES = 64  # of one term


def is_zero_around(
    u: Term,
    evaluator: Evaluator,
    definitions: Mapping[str, Definition],
    numbers: Numbers,
    single: Set[str] = frozenset(),
) -> bool:
    """Whether a term is 0 at all points near the evaluator's; raises ArithmeticError.

    The entries of arrays in `single` may have single values alone, and so have one near a point.

    >>> from gradcheck_sym.values.evaluator import Point
    >>> x = Entry("x")
    >>> at = Evaluator({}, Point({("x",): 2}), {})
    >>> is_zero_around(Where(x, x, ZERO) - x, at, {}, {}), is_zero_around(x - 2, at, {}, {})
    (True, False)
    """
    return _Around(evaluator, definitions, single).is_zero(u, numbers)


def may_be_regions(needs: Iterable[Obligation], definitions: Mapping[str, Definition]) -> bool:
    """Whether something that has to be ≠ 0 is 0 in some case, or has too many cases to tell.

    >>> x = Entry("x")
    >>> may_be_regions([Obligation(Where(x, x, ZERO) - x, "≠"), Obligation(x, "≠")], {})
    True
    >>> may_be_regions([Obligation(Where(x, x, 2 * x), "≠"), Obligation(x, "≠")], {})
    False
    """
    return any(
        needed.relation == "≠" and _is_zero_in_a_case(needed.u, definitions) for needed in needs
    )


def _is_zero_in_a_case(u: Term, definitions: Mapping[str, Definition]) -> bool:
    reached = reached_from([u], definitions).values()
    terms = (u, *(definition.value for definition in reached))
    if not any(isinstance(part, Where) for part in walk(*terms)):
        return False
    try:
        written = _Written(definitions).of(u)
        cases = list({id(part): None for part in walk(written) if isinstance(part, Where)})
        if 1 << len(cases) > MOST_CASES:
            return True
        choices = product((True, False), repeat=len(cases))
        chosen = (dict(zip(cases, holds, strict=True)) for holds in choices)
        return any(not Ring().normal(_in_case(written, holds)) for holds in chosen)
    except (TooLarge, RecursionError):
        return True


class _Written:
    """Terms with all definitions written out."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self._definitions, self._parts_left = definitions, MOST_PARTS

    def of(self, part: Term) -> Term:
        self._parts_left -= 1
        if self._parts_left < 0:
            raise TooLarge("a condition is too long to be written out")
        if isinstance(part, Entry) and (known := self._definitions.get(part.name)):
            return self.of(known.at(part.indices))
        return rebuilt(part, self.of)


def _in_case(part: Term, holds: Mapping[int, bool]) -> Term:
    """The term where conditions hold, or not, by the ids of what depends on them."""
    if isinstance(part, Where):
        return _in_case(part.yes if holds[id(part)] else part.no, holds)
    return rebuilt(part, lambda child: _in_case(child, holds))


class _Around:
    """Terms as they are near a point: each case distinction is one of its cases."""

    def __init__(
        self, evaluator: Evaluator, definitions: Mapping[str, Definition], single: Set[str]
    ) -> None:
        self._evaluator, self._definitions, self._single = evaluator, definitions, single
        self._parts_left = MOST_PARTS

    def is_zero(self, u: Term, numbers: Numbers) -> bool:
        return not Ring().normal(self._near(u, numbers))

    def _near(self, part: Term, at: Numbers) -> Term:
        self._parts_left -= 1
        if self._parts_left < 0:
            raise TooDear("too much to look at around a point")
        match part:
            case Where(u, yes, no):
                return self._near(yes if self._holds(u, at) else no, at)
            case Sum(index, body):
                every = range(1, self._evaluator.size(index.size) + 1)
                return add(*(self._near(body, {**at, index: k}) for k in every))
            case Entry(name, indices):
                places = tuple(_number(index, at) for index in indices)
                if (known := self._definitions.get(name)) is None:
                    return self._free(Entry(name, places))
                return self._near(known.value, dict(zip(known.letters, places, strict=True)))
            case Delta(left, right):
                return ONE if _number(left, at) == _number(right, at) else ZERO
            case SizeOf(name):
                return Num(self._evaluator.size(name))
            case Add(terms):
                return add(*(self._near(term, at) for term in terms))
            case Mul(factors):
                return mul(*(self._near(factor, at) for factor in factors))
            case Apply(function, argument):
                return apply(function, self._near(argument, at))
        return part

    def _free(self, entry: Entry) -> Term:
        value = self._evaluator.value(entry) if entry.name in self._single else None
        return Num(value) if isinstance(value, Fraction | int) else entry

    def _holds(self, u: Term, at: Numbers) -> bool:
        """Whether u > 0 near the point, or u ≤ 0; raises where it may be either."""
        low, high = ends(self._evaluator.value(u, at))
        if low > 0 or high < 0:
            return low > 0
        if self.is_zero(u, at):
            return False
        raise ArithmeticError("a case that may hold near a point, or not")


def _number(index: Index, at: Mapping[Letter, int]) -> int:
    return at[index] if isinstance(index, Letter) else index
