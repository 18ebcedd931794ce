"""A function of one scalar where a border u = 0 of its cases lies: its slopes, and its kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from gradcheck_sym.array.functions import decided
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.witness import Place
from gradcheck_sym.domain import needs
from gradcheck_sym.language import ScalarFunction
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.term.terms import ONE, ZERO, Entry, Num, Term, Where, negative
from gradcheck_sym.term.walks import entries, rebuilt, walk
from gradcheck_sym.values.evaluator import Evaluator, Point
from gradcheck_sym.values.interval import apart, is_positive

MOST_CASES = 4  # of a function, where cases inside of cases are told apart


@dataclass
class Border:
    """A function where u = 0: its slopes below and above, and what kind of place it is."""

    function: ScalarFunction
    u: Term

    def __post_init__(self) -> None:
        self.ring, self._done = Ring(), dict[int, tuple[Term, Term]]()
        by = self.function.names[-1]
        slope = self.function.slope(by)
        self.slopes = tuple(self._side(slope, side) for side in (False, True, None))
        self.kind = "unknown"
        self.meets = False  # whether another border may lie at the same place
        self.meant = True  # whether values and slopes are, there
        self.root: Term | None = None  # the scalar where u is 0
        rise = ScalarFunction(self.function.names, self.u).slope(by)
        moves = bool(self.ring.normal(rise))
        if moves and not reads(rise, by) and not has_cases(self.u):
            zero = {name: Entry(name) for name in self.function.names} | {by: ZERO}
            at = ScalarFunction(self.function.names, self.u).at(*zero.values())
            self.root = -at / rise
            values = [self._side(self.function.value, side) for side in (False, True, None)]
            self.meant = all(map(self._is_meant, (*values, *self.slopes)))
            self.slopes = tuple(map(self._here, self.slopes))
            self.kind = self._kind(*map(self._here, values))
        else:  # where that is, and whether another one is there, is not seen
            self.meets = any(map(self._has_borders, (self.function.value, *self.slopes)))

    def is_in(self, u: Term, above: bool) -> bool:
        """Whether the border lies where another u is positive, or where it is not."""
        return _side_of_zero(self._at_border(u)) is above

    def _kind(self, below: Term, above: Term, there: Term) -> str:
        """What the values below, above and at the border, and the slopes, make of it."""
        both = self.slopes[:2]
        if any(map(has_cases, (below, above, there, *both))):  # which other scalars decide
            return "unknown"
        pairs = [(below, above), (below, there)]
        if not all(self.ring.equal(*pair) for pair in pairs):
            return "jump" if any(_surely_differ(*pair) for pair in pairs) else "unknown"
        if self.ring.equal(*both):
            return "smooth"
        return "kink" if _surely_differ(*both) else "unknown"

    def _side(self, value: Term, above: bool | None) -> Term:
        """The value where u > 0, where u < 0, or for None where u = 0."""

        def settle(part: Term) -> Term:
            sign = direction(self.ring, part.u, self.u) if isinstance(part, Where) else 0
            if sign and isinstance(part, Where):
                holds = above is not None and above is (sign > 0)
                return settle(part.yes if holds else part.no)
            return rebuilt(part, settle)

        return settle(value)

    def _has_borders(self, value: Term) -> bool:
        """Whether it has other borders than this one."""
        by = self.function.names[-1]
        found = (x.u for x in walk(value) if isinstance(x, Where) and reads(x.u, by))
        return any(not direction(self.ring, u, self.u) for u in found)

    def _is_meant(self, value: Term) -> bool:
        """Whether nothing in it is divided by 0 where u = 0, at one simple value of the others."""
        there = self._at_border(value)
        place = Place(Evaluator({}, _simple(there), {}))
        try:
            return all(map(place.satisfies, needs(there)))
        except (ArithmeticError, LookupError):
            return False

    def _at_border(self, value: Term) -> Term:
        scalars = [Entry(name) for name in self.function.names[:-1]]
        assert self.root is not None, "a border with no root was asked for what is there"
        return ScalarFunction(self.function.names, value).at(*scalars, self.root)

    def _here(self, value: Term) -> Term:
        """The value where u = 0, with the cases decided that can be."""
        return self._decided(self._at_border(value))

    def _decided(self, value: Term) -> Term:
        if id(value) not in self._done:
            self._done[id(value)] = value, self._decide(value)
        return self._done[id(value)][1]

    def _decide(self, value: Term) -> Term:
        if not isinstance(value, Where):
            return rebuilt(value, self._decided)
        u = self._decided(value.u)  # in which another border may be at the same place
        side = _side_of_zero(u)
        others = any(entries(u))  # for one of their values both borders may be at one place
        self.meets = self.meets or side is None or others or has_cases(u)
        if side is not None and not others:
            return self._decided(value.yes if side else value.no)
        return Where(u, self._decided(value.yes), self._decided(value.no))


def _side_of_zero(u: Term) -> bool | None:
    """Whether a term is positive where all scalars have one simple value; None if it may be 0."""
    try:
        value = Evaluator({}, _simple(u), {}).value(u)
    except (ArithmeticError, LookupError):
        return None
    return is_positive(value) if apart(value, 0) else None


def direction(ring: Ring, u: Term, v: Term) -> int:
    """1 if u is a positive multiple of v, −1 if it is a negative one, else 0."""
    one, other = ring.normal(u), ring.normal(v)
    if not one or one.keys() != other.keys():
        return 0
    ratios = {Fraction(one[key]) / Fraction(other[key]) for key in one}
    return (1 if ratios.pop() > 0 else -1) if len(ratios) == 1 else 0


def has_cases(value: Term) -> bool:
    """Whether it is told by cases."""
    return any(isinstance(part, Where) for part in walk(value))


def _surely_differ(left: Term, right: Term) -> bool:
    """Whether two values differ for all other scalars: a label may make them equal."""
    difference = tidied(left - right)
    if any(entries(difference)):
        return False
    try:
        return apart(Evaluator({}, Point(), {}).value(difference), 0)
    except (ArithmeticError, LookupError):
        return False


def _simple(*terms: Term) -> Point:
    names = {entry.name for entry in entries(*terms)}
    return Point(everywhere=dict.fromkeys(names, Fraction(3, 7)))


def reads(value: Term, name: str) -> bool:
    """Whether it depends on a scalar."""
    return any(entry.name == name for entry in entries(value))


def rise_of(function: ScalarFunction, u: Term) -> int:
    """1 if what is compared rises with the scalar, −1 if it falls, 0 where that is not seen."""
    rise = tidied(ScalarFunction(function.names, u).slope(function.names[-1]))
    return (rise.value > 0) - (rise.value < 0) if isinstance(rise, Num) else 0


def upright(function: ScalarFunction, u: Term) -> Term:
    """U, turned round if it falls, so that below is where the scalar is less."""
    return negative(u) if rise_of(function, u) < 0 else u


def inside(function: ScalarFunction, u: Term) -> Iterator[Border]:
    """The borders where a u is 0 that is told by cases itself, as in min(1, max(−1, z)).

    None of functions of several scalars, of which the others decide, nor where cases are many.
    """
    cases = {id(part) for part in walk(function.value) if isinstance(part, Where)}
    if len(function.names) > 1 or len(cases) > MOST_CASES:
        return
    flat = ScalarFunction(function.names, told_apart(function.value))
    for reached, leaf in _leaves(told_apart(Where(u, ONE, ZERO)), ()):
        if not reads(leaf, function.names[-1]):
            continue
        border = Border(flat, upright(function, leaf))
        if border.root is not None and all(border.is_in(*case) for case in reached):
            yield border


def _leaves(
    value: Term, cases: tuple[tuple[Term, bool], ...]
) -> Iterator[tuple[tuple[tuple[Term, bool], ...], Term]]:
    """What decides between 1 and 0 in the end, and the cases in which it does."""
    match value:
        case Where(u, Num(), Num()):
            yield cases, u
        case Where(u, yes, no):
            yield from _leaves(yes, (*cases, (u, True)))
            yield from _leaves(no, (*cases, (u, False)))


def told_apart(value: Term) -> Term:
    """The same with no cases in what is compared with 0: they are decided before.

    >>> z, one = Entry("z"), Num(1)
    >>> found = told_apart(Where(Where(z, z, -one), z, one))
    >>> found.u.name, found.yes.u.name, found.no is one
    ('z', 'z', True)
    """
    if isinstance(value, Where) and has_cases(value.u):
        inner = next(p for p in walk(value.u) if isinstance(p, Where) and not has_cases(p.u))

        def side(branch: Term) -> Term:
            u = tidied(_replaced(value.u, inner, branch))
            return told_apart(decided(u, value.yes, value.no))

        return Where(inner.u, side(inner.yes), side(inner.no))
    return rebuilt(value, told_apart)


def _replaced(value: Term, old: Term, new: Term) -> Term:
    return new if value == old else rebuilt(value, lambda part: _replaced(part, old, new))
