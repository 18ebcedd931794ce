"""What has to hold at a point that counts: what is assumed, and what is needed for a meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from gradcheck_sym.checker.obligations import Guard, Obligation, Signs
from gradcheck_sym.checker.polynomial import TooLarge
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Definition, Hypothesis, free_letters
from gradcheck_sym.checker.witness import Place
from gradcheck_sym.refuter.inputs import number_of, numbers_up_to
from gradcheck_sym.refuter.memory import MOST_EVALUATORS
from gradcheck_sym.refuter.region import is_zero_around
from gradcheck_sym.term.functions import FUNCTIONS
from gradcheck_sym.term.terms import Apply, Entry, Letter, Term, Where
from gradcheck_sym.term.walks import children
from gradcheck_sym.values.evaluator import Evaluator, Numbers
from gradcheck_sym.values.interval import is_positive


class Needs:
    """Hypotheses, names that are positive, and obligations; those that speak of the entry apart.

    An obligation with one of the equation's own letters is looked at for the entry in question
    alone, and any other for all values of its letters. Of those that are `kinks`, borders of cases,
    what is 0 all around a point is no border there. Arrays in `single` have single values alone.
    """

    def __init__(
        self,
        needs: Sequence[Obligation],
        letters: Sequence[Letter],
        hypotheses: Sequence[Hypothesis],
        positive: Sequence[str],
        kinks: Sequence[Obligation] = (),
        definitions: Mapping[str, Definition] | None = None,
        single: Set[str] = frozenset(),
    ) -> None:
        self._hypotheses, self._positive = hypotheses, positive
        self._kinks, self._definitions = set(map(id, kinks)), definitions or {}
        self._single = single
        self._of_entry = [needed for needed in needs if _free(needed) & {*letters}]
        self._general = [needed for needed in needs if not _free(needed) & {*letters}]
        self._held: dict[Evaluator, bool] = {}

    def __bool__(self) -> bool:
        return bool(self._of_entry or self._general)

    def terms(self, sizes: Mapping[str, int], numbers: Numbers) -> Iterator[tuple[Term, Numbers]]:
        """The terms whose signs matter, with numbers for their letters."""
        for needed in (*self._of_entry, *self._general):
            free = sorted(_free(needed) - numbers.keys(), key=lambda letter: letter.name)
            for places in numbers_up_to(number_of(letter.size, sizes) for letter in free):
                at = {**numbers, **dict(zip(free, places, strict=True))}
                yield from ((term, at) for term in needed.terms)

    def hold(self, evaluator: Evaluator, numbers: Numbers) -> bool:
        """Whether all of it holds at the evaluator's point; raises where a guard does not tell."""
        if evaluator not in self._held:
            place = Place(evaluator)
            if len(self._held) > MOST_EVALUATORS:
                self._held.clear()
            self._held[evaluator] = (
                all(is_positive(evaluator.value(Entry(name))) for name in self._positive)
                and all(map(place.is_exact, self._hypotheses))
                and all(self._satisfied(place, needed) for needed in self._general)
            )
        of_entry = Place(evaluator, numbers)
        return self._held[evaluator] and all(
            self._satisfied(of_entry, needed) for needed in self._of_entry
        )

    def _satisfied(self, place: Place, needed: Obligation) -> bool:
        if id(needed) not in self._kinks:
            return place.satisfies(needed)
        return all(
            place.satisfies_at(needed, at)
            or is_zero_around(needed.u, place.evaluator, self._definitions, at, self._single)
            for at in place.places(*needed.terms)
        )


def _free(needed: Obligation) -> frozenset[Letter]:
    return frozenset().union(*map(free_letters, needed.terms))


def domain(terms: Iterable[Term], positive: frozenset[str] = frozenset()) -> list[Obligation]:
    """The obligations of functions in the terms, each guarded by the cases that it stands in.

    >>> u = Num(2)
    >>> domain([apply("inv", 1 + apply("exp", u))]), len(domain([apply("log", Entry("u"))]))
    ([], 1)
    """
    seen = set[tuple[object, ...]]()
    return unsure((needed for term in terms for needed in _domain(term, (), seen)), positive)


def unsure(needs: Iterable[Obligation], positive: frozenset[str] = frozenset()) -> list[Obligation]:
    """Those that do not hold everywhere, as far as the rules of signs tell."""
    signs = Signs(Ring(), positive)
    return [needed for needed in needs if not _sure(signs, needed)]


def _domain(
    term: Term, guards: tuple[Guard, ...], seen: set[tuple[object, ...]]
) -> Iterator[Obligation]:
    key = (id(term), guards)
    if key in seen:
        return
    seen.add(key)
    if isinstance(term, Where):
        yield from _domain(term.u, guards, seen)
        yield from _domain(term.yes, (*guards, (term.u, True)), seen)
        yield from _domain(term.no, (*guards, (term.u, False)), seen)
        return
    if isinstance(term, Apply) and (relation := FUNCTIONS[term.function].domain):
        yield Obligation(term.argument, relation, guards)
    for child in children(term):
        yield from _domain(child, guards, seen)


def _sure(signs: Signs, needed: Obligation) -> bool:
    try:
        return signs.holds(needed)
    except (TooLarge, ArithmeticError, RecursionError):
        return False
