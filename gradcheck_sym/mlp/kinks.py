"""What happens where an activation or a loss has a kink: stated, not averaged."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from gradcheck_sym.array.shape import letters
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.witness import Place
from gradcheck_sym.domain import needs
from gradcheck_sym.language import ScalarFunction, scalar_function
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.refuter.region import may_be_regions
from gradcheck_sym.relation import Relation
from gradcheck_sym.rules import ACTIVATIONS, LOSSES, known_rule
from gradcheck_sym.shown.order import reading
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.steps import Kink
from gradcheck_sym.term.terms import ZERO, Entry, Num, Term, Where, negative
from gradcheck_sym.term.walks import entries, rebuilt, walk
from gradcheck_sym.values.evaluator import Evaluator, Point
from gradcheck_sym.values.interval import apart, is_positive


def kinks(
    network: Network, conditions: Iterable[Relation], regions: Iterable[Relation] = ()
) -> Iterator[Kink]:
    """The kinks that these conditions leave out, through the network, the loss's last.

    Of the conditions, `regions` are known to leave out more than single points; the last are those
    that are no kink of a function.
    """
    ring = Ring()
    left_out = {_zeros(ring, condition.left) for condition in conditions}
    spread = {_zeros(ring, condition.left): condition.left for condition in regions}
    found = [(_zeros(ring, kink.where), kink) for kink in _all(network)]
    for zeros, kink in found:
        if zeros in left_out:
            yield replace(kink, spread=zeros in spread)
    told = {zeros for zeros, _ in found}
    for zeros, u in spread.items():
        if zeros not in told:
            yield Kink(None, u, ZERO, ZERO, ZERO, "region", spread=True)


def _zeros(ring: Ring, term: Term) -> Hashable:
    """Where a term is 0, whatever the indices are: multiples are one border."""

    def bare(part: Term) -> Term:
        return Entry(part.name) if isinstance(part, Entry) else rebuilt(part, bare)

    form = ring.normal(bare(term))
    first = Fraction(form[min(form, key=repr)]) if form else 1
    return frozenset((monomial, c / first) for monomial, c in form.items())


def _all(network: Network) -> Iterator[Kink]:
    for layer in network.structure:
        if not layer.total:
            function = scalar_function(known_rule(layer.activation, ACTIVATIONS), "z")
            yield from _of(layer.activation, function, network, (layer.before,))
    loss = scalar_function(known_rule(network.loss, LOSSES), "ya")
    yield from _of(network.loss, loss, network, ("Y", "A_out"))


def _of(
    what: str, function: ScalarFunction, network: Network, arrays: tuple[str, ...]
) -> Iterator[Kink]:
    """The kinks of a function by its last scalar, in the names of the arrays."""
    places = letters(network.arrays[arrays[0]].shape)
    entry = [Entry(name, places) for name in arrays]

    def shown(value: Term) -> Term:
        return tidied(ScalarFunction(function.names, value).at(*entry))

    for u in _borders(function):
        border = _Border(function, u)
        region = may_be_regions([Obligation(u, "≠")], {})
        if not region and (border.meets or not border.meant):
            continue  # its slopes are not those of one border, or there are none
        below, above, there = map(shown, border.slopes)
        kind = "region" if region else border.kind
        yield Kink(what, shown(u), below, above, there, kind, rises=_rise(function, u) > 0)


def _borders(function: ScalarFunction) -> Iterator[Term]:
    """What is compared with 0 and depends on the last scalar; multiples are one border."""
    ring, seen = Ring(), list[Term]()
    found = (part.u for part in walk(function.value) if isinstance(part, Where))
    moving = [u for u in found if _reads(u, function.names[-1])]
    texts = {id(u): reading(tidied(u)) for u in moving}
    for u in sorted(moving, key=lambda u: (len(texts[id(u)]), texts[id(u)])):
        if not any(_direction(ring, u, v) for v in seen):
            seen.append(u)
            # turned round if it falls, so that below is where the scalar is less
            yield negative(u) if _rise(function, u) < 0 else u


def _rise(function: ScalarFunction, u: Term) -> int:
    """1 if what is compared rises with the scalar, −1 if it falls, 0 where that is not seen."""
    rise = tidied(ScalarFunction(function.names, u).slope(function.names[-1]))
    return (rise.value > 0) - (rise.value < 0) if isinstance(rise, Num) else 0


def _reads(value: Term, name: str) -> bool:
    return any(entry.name == name for entry in entries(value))


@dataclass
class _Border:
    """A function where u = 0: its slopes below and above, and what kind of place it is."""

    function: ScalarFunction
    u: Term

    def __post_init__(self) -> None:
        self.ring = Ring()
        by = self.function.names[-1]
        slope = self.function.slope(by)
        self.slopes = tuple(self._side(slope, side) for side in (False, True, None))
        self.kind = "unknown"
        self.meets = False  # whether another border may lie at the same place
        self.meant = True  # whether values and slopes are, there
        rise = ScalarFunction(self.function.names, self.u).slope(by)
        moves = bool(self.ring.normal(rise))
        if moves and not _reads(rise, by) and not _has_cases(self.u):
            zero = {name: Entry(name) for name in self.function.names} | {by: ZERO}
            at = ScalarFunction(self.function.names, self.u).at(*zero.values())
            self.root = -at / rise
            values = [self._side(self.function.value, side) for side in (False, True, None)]
            self.meant = all(map(self._is_meant, (*values, *self.slopes)))
            self.slopes = tuple(map(self._here, self.slopes))
            self.kind = self._kind(*map(self._here, values))
        else:  # where that is, and whether another one is there, is not seen
            self.meets = any(map(self._has_borders, (self.function.value, *self.slopes)))

    def _kind(self, below: Term, above: Term, there: Term) -> str:
        """What the values below, above and at the border, and the slopes, make of it."""
        pairs = [(below, above), (below, there)]
        if not all(self.ring.equal(*pair) for pair in pairs):
            return "jump" if any(_surely_differ(*pair) for pair in pairs) else "unknown"
        both = self.slopes[:2]
        if self.ring.equal(*both):
            return "smooth"
        return "kink" if _surely_differ(*both) else "unknown"

    def _side(self, value: Term, above: bool | None) -> Term:
        """The value where u > 0, where u < 0, or for None where u = 0."""

        def settle(part: Term) -> Term:
            direction = _direction(self.ring, part.u, self.u) if isinstance(part, Where) else 0
            if direction and isinstance(part, Where):
                holds = above is not None and above is (direction > 0)
                return settle(part.yes if holds else part.no)
            return rebuilt(part, settle)

        return settle(value)

    def _has_borders(self, value: Term) -> bool:
        """Whether it has other borders than this one."""
        by = self.function.names[-1]
        found = (x.u for x in walk(value) if isinstance(x, Where) and _reads(x.u, by))
        return any(not _direction(self.ring, u, self.u) for u in found)

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
        return ScalarFunction(self.function.names, value).at(*scalars, self.root)

    def _here(self, value: Term) -> Term:
        """The value where u = 0, with the cases decided that can be."""
        return self._decided(self._at_border(value))

    def _decided(self, value: Term) -> Term:
        if isinstance(value, Where):
            u = self._decided(value.u)  # in which another border may be at the same place
            side = _side_of_zero(u)
            self.meets = self.meets or side is None
            if side is not None and not any(entries(u)):
                return self._decided(value.yes if side else value.no)
        return rebuilt(value, self._decided)


def _side_of_zero(u: Term) -> bool | None:
    """Whether a term is positive where all scalars have one simple value; None if it may be 0."""
    try:
        value = Evaluator({}, _simple(u), {}).value(u)
    except (ArithmeticError, LookupError):
        return None
    return is_positive(value) if apart(value, 0) else None


def _direction(ring: Ring, u: Term, v: Term) -> int:
    """1 if u is a positive multiple of v, −1 if it is a negative one, else 0."""
    one, other = ring.normal(u), ring.normal(v)
    if not one or one.keys() != other.keys():
        return 0
    ratios = {Fraction(one[key]) / Fraction(other[key]) for key in one}
    return (1 if ratios.pop() > 0 else -1) if len(ratios) == 1 else 0


def _has_cases(value: Term) -> bool:
    return any(isinstance(part, Where) for part in walk(value))


def _surely_differ(left: Term, right: Term) -> bool:
    """Whether two values differ where all scalars have one simple value."""
    evaluator = Evaluator({}, _simple(left, right), {})
    try:
        return apart(evaluator.value(left), evaluator.value(right))
    except (ArithmeticError, LookupError):
        return False


def _simple(*terms: Term) -> Point:
    names = {entry.name for entry in entries(*terms)}
    return Point(everywhere=dict.fromkeys(names, Fraction(3, 7)))
