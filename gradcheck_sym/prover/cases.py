"""Cases: which sign tells most apart, and which cases exclude each other."""

from __future__ import annotations

from gradcheck_sym.checker.polynomial import Poly, freeze, scale
from gradcheck_sym.checker.proof import Step
from gradcheck_sym.prover.reduce import Reducer
from gradcheck_sym.prover.workbench import Workbench
from gradcheck_sym.term.terms import ONE, Num, Term

MOST_CASES = 6  # nested in each other


def contradiction(reducer: Reducer) -> tuple[Step, ...]:
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
        zero = None if holds else reducer.known(value, "≥")
        if zero and (nonzero := reducer.knowledge.not_zero(reducer, value)):
            edge = reducer.law("[-u>0] = 1 - [u>0]", u, factor=Num(-1), reasons=nonzero)
            return case, edge, reducer.law("[-u>0] = 0", u, factor=ONE, reasons=zero)
    return ()


def splits(reducer: Reducer, poly: Poly) -> tuple[bool, Term | None]:
    """Whether an indicator speaks of a bound index, and a u whose sign tells others apart."""
    bench, ring = reducer.bench, reducer.ring
    bound, free = _indicators(bench, poly)
    if not free or len(reducer.cases) >= MOST_CASES:
        return bound, None
    known = {(freeze(ring.normal(u)), holds) for u, holds in reducer.cases}
    for inside in sorted(free, key=bench.complexity):
        _, degree = bench.complexity(inside)
        if degree > 1 and len(inside) > 1 and (edge := _edge(reducer)):
            return bound, edge
        for u in _factors(inside):
            if reducer.known(u, ">") or reducer.known(scale(u, -1), ">"):
                continue
            above, below = freeze(u), freeze(scale(u, -1))
            if known.isdisjoint({(above, True), (below, True)}) and not (
                {(above, False), (below, False)} <= known
            ):
                excluded = (above, False) in known
                return bound, bench.poly_term(scale(u, -1) if excluded else u, 0)
    undecided = [u for u in free if not all(reducer.known(part, ">") for part in _factors(u))]
    return bound, bench.poly_term(undecided[0], 0) if undecided else None


def _edge(reducer: Reducer) -> Term | None:
    """A −u > 0 that only a u = 0 would exclude, which is a condition not to be."""
    known = [reducer.ring.normal(u) for u, _ in reducer.cases]
    for (u, holds), value in zip(reducer.cases, known, strict=True):
        below = not holds and scale(value, -1) not in known
        if below and reducer.knowledge.not_zero(reducer, value):
            return -u
    return None


def _factors(inside: Poly) -> list[Poly]:
    """What decides the sign of a product; of anything else, itself."""
    ((sizes, factors), _), *others = inside.items()
    if others or sizes:
        return [inside]
    return [{((), ((number, 1),)): 1} for number, _ in factors]


def _indicators(bench: Workbench, poly: Poly) -> tuple[bool, list[Poly]]:
    """Whether an indicator speaks of a bound index, and what stands in those that do not."""
    free: list[Poly] = []
    bound = False

    def look(inside: Poly) -> None:
        nonlocal bound
        for number in dict.fromkeys(n for _, factors in inside for n, _ in factors):
            kind = bench.kind(number)
            if kind in ("entry", "size", "pi", "delta"):
                continue
            look(bench.argument(number))
            if kind == "positive":
                if any(isinstance(place, tuple) for place in bench.ring.places(number)):
                    bound = True
                elif bench.argument(number) not in free:
                    free.append(bench.argument(number))

    look(poly)
    return bound, free
