"""The search for an argument that two terms are equal.

First by the rules alone, names kept; then over a common denominator, by cases, and under the
sums; only then with names unfolded, from the last to the first. What a step leaves is what the
next one begins with, so an indicator is split before the names inside it are lost.
"""

from __future__ import annotations

from gradcheck_sym.checker.obligations import Guard
from gradcheck_sym.checker.polynomial import Poly, TooLarge, freeze, scale
from gradcheck_sym.checker.proof import Argument, Cancel, Cases, Identity, Lemma, Step
from gradcheck_sym.checker.statement import free_letters
from gradcheck_sym.prover.common import cleared, inverses
from gradcheck_sym.prover.knowledge import Knowledge
from gradcheck_sym.prover.reduce import Reduced, Reducer, scaled
from gradcheck_sym.term.terms import ONE, ZERO, Letter, Num, Sum, Term, add
from gradcheck_sym.term.walks import walk

MOST_CASES = 6  # nested in each other
MOST_CLEARED = 8
MOST_NUMERATOR = 3_000  # terms
MOST_NESTED = 3  # lemmas for what stands under sums

Steps = tuple[Step, ...]


def rest(knowledge: Knowledge, poly: Poly, steps: Steps, *, quick: bool) -> Argument | None:
    """Why what these steps have left is 0, or None if nothing was found.

    A `quick` search keeps all names.
    """
    kept = levels(knowledge)
    search = _Search(knowledge, kept[:2] if quick else kept, MOST_NESTED)
    return search.rest(poly, steps, (), 0)


def levels(knowledge: Knowledge) -> list[frozenset[str]]:
    """Which names are kept, from all to none.

    Abbreviations unfold first, then those of no use for an identity.
    """
    definitions = knowledge.statement.definitions
    kept = [name for name in definitions if name in knowledge.names]
    found = list(dict.fromkeys([frozenset(definitions), frozenset(kept)]))
    useful = {
        name
        for name in kept
        if name in knowledge.useful
        or any(isinstance(part, Sum) for part in walk(definitions[name].value))
    }
    for name in [name for name in reversed(kept) if name not in useful]:
        kept.remove(name)
        found.append(frozenset(kept))
    for name in reversed(list(kept)):
        kept.remove(name)
        found.append(frozenset(kept))
    return found


def contradiction(reducer: Reducer) -> Steps:
    """The steps that show 1 = 0, if one of the cases is excluded by the others."""
    values = [reducer.ring.normal(u) for u, holds in reducer.cases if not holds]
    places = [place for place, (_, holds) in enumerate(reducer.cases) if not holds]
    for place, value in zip(places, values, strict=True):
        u, opposite = reducer.cases[place][0], scale(value, -1)
        if opposite in values and (nonzero := reducer.knowledge.not_zero(reducer, value)):
            both = place, places[values.index(opposite)]
            edge = reducer.law("[-u>0] = 1 - [u>0]", u, factor=Num(-1), reasons=nonzero)
            return (edge, *(Step("case", (k,), ONE) for k in both))
    for place, (u, holds) in enumerate(reducer.cases):
        case = Step("case", (place,), ONE if not holds else Num(-1))
        value = reducer.ring.normal(u)
        if holds and (shown := reducer.known(scale(value, -1), "≥")):
            return case, reducer.law("[-u>0] = 0", -u, factor=ONE, reasons=shown)
        if not holds and (shown := reducer.known(value, ">")):
            return case, reducer.law("[u>0] = 1", u, factor=Num(-1), reasons=shown)
    return ()


class _Search:
    def __init__(self, knowledge: Knowledge, kept: list[frozenset[str]], nested: int) -> None:
        self.knowledge, self.kept, self.nested = knowledge, kept, nested

    def rest(
        self, poly: Poly, steps: Steps, cases: tuple[Guard, ...], level: int
    ) -> Argument | None:
        """Why the polynomial that these steps have left is 0, where the cases hold."""
        if level == len(self.kept):
            return self._under_sums(poly, steps)
        opaque = self.kept[level]
        reducer = self.knowledge.reducer(opaque, cases)
        if excluded := contradiction(reducer):
            value = self.knowledge.bench.poly_term(poly, 0)
            return Identity((*steps, *(scaled(step, value) for step in excluded)))
        try:
            found = self.knowledge.reducer(opaque, cases, strict=True).reduce(poly)
            bound, split = self._splits(found.poly, reducer)
            if split is None or not opaque <= self.knowledge.names:
                more = reducer.reduce(found.poly)
                found = Reduced(more.poly, (*found.steps, *more.steps))
        except TooLarge:
            return None
        steps, poly = (*steps, *found.steps), found.poly
        if not poly:
            return Identity(steps)
        if not opaque <= self.knowledge.names:  # abbreviations are only compared
            return self.rest(poly, steps, cases, level + 1)
        if split:
            above = self.rest(poly, steps, (*cases, (split, True)), level)
            below = self.rest(poly, steps, (*cases, (split, False)), level) if above else None
            return Cases(split, above, below) if above and below else None
        if direct := self._over_common_denominator(reducer, poly, steps):
            return direct
        if bound and (inner := self._under_sums(poly, steps)):
            return inner
        return self.rest(poly, steps, cases, level + 1)

    def _splits(self, poly: Poly, reducer: Reducer) -> tuple[bool, Term | None]:
        """Whether an indicator speaks of a bound index, and a u whose sign tells others apart."""
        bound, free = self._indicators(poly)
        if not free or len(reducer.cases) >= MOST_CASES:
            return bound, None
        bench, ring = self.knowledge.bench, self.knowledge.bench.ring
        known = {(freeze(ring.normal(u)), holds) for u, holds in reducer.cases}
        for inside in sorted(free, key=bench.complexity):
            _, degree = bench.complexity(inside)
            if degree > 1 and len(inside) > 1 and (edge := self._edge(reducer)):
                return bound, edge
            for u in self._factors(inside):
                above, below = freeze(u), freeze(scale(u, -1))
                if known.isdisjoint({(above, True), (below, True)}) and not (
                    {(above, False), (below, False)} <= known
                ):
                    excluded = (above, False) in known
                    return bound, bench.poly_term(scale(u, -1) if excluded else u, 0)
        return bound, bench.poly_term(free[0], 0)

    def _edge(self, reducer: Reducer) -> Term | None:
        """A −u > 0 that only a u = 0 would exclude, which is a condition not to be."""
        ring = self.knowledge.bench.ring
        known = [ring.normal(u) for u, _ in reducer.cases]
        for (u, holds), value in zip(reducer.cases, known, strict=True):
            below = not holds and scale(value, -1) not in known
            if below and self.knowledge.not_zero(reducer, value):
                return -u
        return None

    def _factors(self, inside: Poly) -> list[Poly]:
        """What decides the sign of a product; of anything else, itself."""
        ((sizes, factors), _), *others = inside.items()
        if others or sizes:
            return [inside]
        return [{((), ((number, 1),)): 1} for number, _ in factors]

    def _indicators(self, poly: Poly) -> tuple[bool, list[Poly]]:
        """Whether an indicator speaks of a bound index, and what stands in those that do not."""
        bench = self.knowledge.bench
        free: list[Poly] = []
        bound = False

        def look(inside: Poly, depth: int) -> None:
            nonlocal bound
            for number in dict.fromkeys(n for _, factors in inside for n, _ in factors):
                kind = bench.kind(number)
                if kind in ("entry", "size", "pi", "delta"):
                    continue
                look(bench.argument(number), depth + 1)
                if kind == "positive":
                    if any(isinstance(place, tuple) for place in bench.ring.places(number)):
                        bound = True
                    elif bench.argument(number) not in free:
                        free.append(bench.argument(number))

        look(poly, 0)
        return bound, free

    def _over_common_denominator(
        self, reducer: Reducer, poly: Poly, steps: Steps
    ) -> Argument | None:
        divisors = []
        for _ in range(MOST_CLEARED):
            numbers = inverses(reducer, poly)
            if not numbers or len(poly) > MOST_NUMERATOR:
                return None
            try:
                found = cleared(reducer, poly, numbers[0])
            except TooLarge:
                return None
            divisors += [(found.divisor, found.reason)] * found.power
            for _ in range(found.power):
                steps = tuple(scaled(step, found.divisor) for step in steps)
            steps, poly = (*steps, *found.steps), found.numerator
            if not poly:
                by: Argument = Identity(steps)
                for divisor, reason in reversed(divisors):
                    by = Cancel(divisor, reason, by)
                return by
        return None

    def _under_sums(self, poly: Poly, steps: Steps) -> Argument | None:
        """Each group of terms under equal sums is 0 because what stands under them is."""
        bench = self.knowledge.bench
        if not self.nested or not all(sizes for sizes, _ in poly):
            return None
        groups: dict[tuple[Letter, ...], list[Term]] = {}
        for monomial, coefficient in poly.items():
            scale, opened = bench.opened(monomial, 0)
            value = bench.product(opened.powers, 0, coefficient * scale)
            groups.setdefault(opened.letters, []).append(value)
        more = []
        inner = _Search(self.knowledge, self.kept, self.nested - 1)
        for letters, terms in groups.items():
            body = add(*terms)
            by = inner.rest(bench.ring.normal(body), (), (), 0)
            if by is None:
                return None
            free = tuple(sorted(free_letters(body), key=lambda x: (x.name, str(x.size))))
            number = self.knowledge.lemma(Lemma(free, body, ZERO, by))
            more.append(Step("lemma", (number, *free), ONE, letters))
        return Identity((*steps, *more))
