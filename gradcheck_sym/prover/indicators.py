"""Rules for [u > 0]: what the case says, what a sign says, scaling, and u against −u."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from gradcheck_sym.checker.laws import HOLE, filled
from gradcheck_sym.checker.polynomial import Poly, scale
from gradcheck_sym.checker.proof import Step
from gradcheck_sym.prover.quotients import content, divided, leading
from gradcheck_sym.prover.reduce import Found, Reducer, function_of
from gradcheck_sym.prover.workbench import Opened
from gradcheck_sym.term.terms import Entry, Num, Term, indicator, mul
from gradcheck_sym.term.walks import rebuilt


def indicator_rule(reducer: Reducer, here: Opened) -> Found:
    """What is known of an indicator."""
    bench = reducer.bench
    for number in here.powers:
        if bench.kind(number) == "positive" and (step := _indicator(reducer, here, number)):
            return step
    return None


def _indicator(reducer: Reducer, here: Opened, number: int) -> Found:
    bench, rest, depth = reducer.bench, here.rest(number), here.depth + 1
    inside = bench.argument(number)
    for place, (u, _) in enumerate(reducer.cases):
        if reducer.ring.normal(u) == inside:
            return Step("case", (place,), rest)
    u = bench.poly_term(inside, depth)
    opposite = scale(inside, -1)
    if shown := reducer.known(inside, ">"):
        return reducer.law("[u>0] = 1", u, factor=rest, reasons=shown)
    if shown := reducer.known(opposite, "≥"):
        return reducer.law("[-u>0] = 0", -u, factor=rest, reasons=shown)
    if (unit := _positive_factor(reducer, inside, depth)) is not None:
        return _scaled(reducer, here, number, *unit)
    nonzero = reducer.knowledge.not_zero(reducer, opposite)
    if nonzero and reducer.known(inside, "≥"):
        flipped = bench.poly_term(opposite, depth)
        return reducer.law("[-u>0] = 1 - [u>0]", flipped, factor=rest, reasons=nonzero)
    lead = inside[leading(bench, inside)]
    if lead < 0 and nonzero:
        flipped = bench.poly_term(opposite, depth)
        return reducer.law("[-u>0] = 1 - [u>0]", flipped, factor=rest, reasons=nonzero)
    partner = bench.number("positive", opposite)
    if partner in here.powers and partner != number:
        return reducer.law("[u>0][-u>0] = 0", u, factor=here.rest(number, partner))
    return None


def _positive_factor(reducer: Reducer, inside: Poly, depth: int) -> tuple[Term, Term] | None:
    """A factor that is known to be positive, and the other one; None if there is none but 1."""
    bench, ring = reducer.bench, reducer.ring
    for u, holds in reducer.cases:
        case = ring.normal(u)
        if holds and len(case) > 1 and (other := divided(bench, inside, case)):
            return bench.poly_term(case, depth), bench.poly_term(other, depth)
    for number in atoms_of(inside) if len(inside) > 1 else ():
        bound = any(isinstance(place, tuple) for place in ring.places(number))
        if bench.kind(number) == "inv" and not bound:
            power: Poly = {((), ((number, 1),)): 1}
            sign = 1 if reducer.known(power, ">") else -1
            if sign > 0 or reducer.known(scale(power, -1), ">"):
                divisor = bench.poly_term(bench.argument(number), depth)
                value = mul(Num(sign), divisor, bench.poly_term(inside, depth))
                other = reducer.reduce(ring.normal(value), depth).poly
                unit = mul(Num(sign), bench.atom_term(number, depth))
                return unit, bench.poly_term(other, depth)
    lead = abs(Fraction(inside[leading(bench, inside)]))
    common: dict[int, int] = {}
    sign = 1
    for key, e in content(bench, inside).items():
        power = ring.normal(bench.power_of(key, 1, depth))
        above = reducer.known(power, ">")
        more = {**common, key: e}
        if not (above or reducer.known(scale(power, -1), ">")):
            continue
        flips = sign * (1 if above or e % 2 == 0 else -1)
        product = ring.normal(mul(Num(flips), bench.signed_term(more, depth)))
        if not common or reducer.known(product, ">"):  # else one is taken out after the other
            common, sign = more, flips
    if lead == 1 and not common:
        return None
    unit = mul(Num(sign * lead), bench.signed_term(common, depth))
    upside = bench.signed_term({key: -e for key, e in common.items()}, depth)
    value = mul(Num(sign / lead), upside, bench.poly_term(inside, depth))
    return unit, bench.poly_term(reducer.reduce(ring.normal(value), depth).poly, depth)


def _scaled(reducer: Reducer, here: Opened, number: int, unit: Term, inner: Term) -> Found:
    """[cu > 0] = [u > 0], where c is known to be positive."""
    bench, depth = reducer.bench, here.depth + 1
    u = bench.poly_term(bench.argument(number), depth)
    steps = reducer.equal_steps(reducer.ring.difference(u, mul(unit, inner)), depth)
    if steps is None:
        return None
    law = reducer.law("[cu>0] = [u>0]", inner, unit, factor=here.rest(number))
    if not steps:
        return law
    return reducer.alike("positive", u, mul(unit, inner), steps, here.rest(number)), law


def sign_of_name(reducer: Reducer, here: Opened) -> Found:
    """The sign of a name that is defined by cases is that of what it stands for."""
    bench, knowledge = reducer.bench, reducer.knowledge
    for number in here.powers if knowledge.in_cases else ():
        if bench.kind(number) != "positive":
            continue
        inside = bench.argument(number)
        atoms = (reducer.ring.atoms[n] for n in atoms_of(inside))
        named = any(atom[0] == "entry" and atom[1] in knowledge.in_cases for atom in atoms)
        if named and len(inside) == 1:  # a sum may well be what a condition speaks of
            unfolded = knowledge.reducer(reducer.opaque - knowledge.in_cases, reducer.cases)
            found = unfolded.reduce(inside, here.depth + 1)
            if found.steps:
                u, value = (bench.poly_term(p, here.depth + 1) for p in (inside, found.poly))
                return reducer.alike("positive", u, value, found.steps, here.rest(number))
    return None


def excluded(reducer: Reducer, here: Opened) -> Found:
    """The law u [−u > 0] = u − u [u > 0], where the leading term of u stands beside [−u > 0]."""
    bench = reducer.bench
    for number in here.powers:
        if bench.kind(number) != "positive":
            continue
        u = scale(bench.argument(number), -1)
        lead = leading(bench, u)
        if u[lead] < 0 or lead[0] or not lead[1] or any(sizes for sizes, _ in u):
            continue
        if all(here.powers.get(n, 0) >= e for n, e in lead[1]):
            left = dict(here.powers)
            for n, e in ((number, 1), *lead[1]):
                left[n] -= e
            factor = mul(Num(-1 / Fraction(u[lead])), bench.product(left, here.depth))
            return reducer.law("u[u=0] = 0", bench.poly_term(u, here.depth + 1), factor=factor)
    return None


def two_valued(reducer: Reducer, here: Opened) -> Found:
    """y² = y, or y² = 1, where that is assumed."""
    for number, exponent in here.powers.items():
        kind, *parts = reducer.ring.atoms[number]
        if kind == "entry" and exponent > 1 and parts[0] in reducer.knowledge.squares:
            law = reducer.knowledge.squares[parts[0]]
            return Step("hypothesis", (law, *parts[1:]), here.rest(number, number))
    return None


def one_of_a_row(reducer: Reducer, here: Opened) -> Found:
    """y[…,j] y[…,k] = δ_jk y[…,j], where y² = y and Σ_j y[…,j] = 1 are assumed."""
    knowledge = reducer.knowledge
    ours = [n for n in here.powers if reducer.bench.kind(n) == "entry"] if knowledge.one_hot else []
    for one, other in combinations(ours, 2):
        name, *places = reducer.ring.atoms[one][1:]
        number, axis = knowledge.one_hot.get(name, (0, 0))
        beside, *others = reducer.ring.atoms[other][1:]
        if name in knowledge.one_hot and beside == name:
            last = others[axis]
            if [*others[:axis], places[axis], *others[axis + 1 :]] == places:
                return Step("one-hot", (number, *places, last), here.rest(one, other))
    return None


def by_values(reducer: Reducer, here: Opened) -> Found:
    """F(y) = y F(1) + (1 − y) F(0), where y² = y is assumed, and the like where y² = 1."""
    bench, knowledge = reducer.bench, reducer.knowledge
    for number in here.powers if knowledge.squares else ():
        kind = bench.kind(number)
        if kind in ("entry", "size", "pi", "delta"):
            continue
        inside = bench.argument(number)
        y = next((y for n in atoms_of(inside) if (y := _two_valued_entry(reducer, n))), None)
        if y is None:
            continue
        depth, rest = here.depth + 1, here.rest(number)
        u = bench.poly_term(inside, depth)
        if kind == "positive" and reducer.ring.equal(u, y):
            return Step("lemma", (knowledge.value_lemma(y.name), *y.indices), rest)
        hole = 2 * HOLE - 1 if knowledge.is_sign(y.name) else HOLE
        value = _replaced(u, y, hole)
        split = filled(value, indicator(y))
        steps = reducer.equal_steps(reducer.ring.difference(u, split), depth)
        if steps is not None:
            function = filled(function_of(kind), value)
            cases = reducer.law("by cases", y, function, factor=rest)
            return (reducer.alike(kind, u, split, steps, rest), cases) if steps else cases
    return None


def atoms_of(poly: Poly) -> list[int]:
    """The atoms in a polynomial, each once."""
    return list(dict.fromkeys(number for _, factors in poly for number, _ in factors))


def _two_valued_entry(reducer: Reducer, number: int) -> Entry | None:
    """The entry that an atom is, if it has two values and speaks of no index that is bound."""
    kind, *parts = reducer.ring.atoms[number]
    if kind != "entry" or parts[0] not in reducer.knowledge.squares:
        return None
    if any(isinstance(place, tuple) for place in parts[1:]):
        return None
    return Entry(parts[0], tuple(parts[1:]))


def _replaced(value: Term, y: Entry, by: Term) -> Term:
    """The term with another in place of an entry."""

    def put(part: Term) -> Term:
        same = isinstance(part, Entry) and (part.name, part.indices) == (y.name, y.indices)
        return by if same else rebuilt(part, put)

    return put(value)


def row_sum(reducer: Reducer, here: Opened) -> Found:
    """Σ_j y[…,j] = 1, where that is assumed, or shown for a name that is kept."""
    for number, exponent in here.powers.items():
        kind, *parts = reducer.ring.atoms[number]
        if kind != "entry" or len(parts) < 2:
            continue
        name, *places = parts
        for known in reducer.knowledge.row_sums_of(name, reducer.opaque):
            index, arguments = places[known.axis], places[: known.axis] + places[known.axis + 1 :]
            if known.size == 1:
                return Step(known.law, (known.number, *arguments), here.rest(number))
            if exponent > 1 or index not in here.letters or index.size != known.size:
                continue
            others = [n for n in here.powers if n != number]
            if index not in arguments and all(reducer.bench.free(n, [index]) for n in others):
                return Step(known.law, (known.number, *arguments), here.rest(number), (index,))
    return None
