"""Over a common denominator: D^k · poly = numerator, with the steps that show it."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.polynomial import Poly, accumulate
from gradcheck_sym.checker.proof import Because, Step
from gradcheck_sym.prover.reduce import Reducer, scaled
from gradcheck_sym.term.terms import Apply, Num, Term, add, mul


@dataclass(frozen=True)
class Cleared:
    """divisor^power · poly − numerator = Σ steps; `reason` says why the divisor is not 0."""

    divisor: Term
    power: int
    numerator: Poly
    steps: tuple[Step, ...]
    reason: Because | None


def cleared(reducer: Reducer, poly: Poly, number: int) -> Cleared:
    """The polynomial times a power of what this inverse is the inverse of, after all rules."""
    bench, ring = reducer.bench, reducer.ring
    depth = bench.base(poly)
    divisor = bench.poly_term(bench.argument(number), depth + 1)
    inverse = bench.atom_term(number, depth)
    parts: dict[int, Poly] = {}
    for (sizes, factors), coefficient in poly.items():
        exponent = dict(factors).get(number, 0)
        left = tuple(f for f in factors if f[0] != number)
        accumulate(parts.setdefault(exponent, {}), (sizes, left), coefficient)
    power = max(parts)
    reason = reducer.reason(Obligation(divisor, "≠"))
    steps, total = [], []
    for exponent, part in parts.items():
        value = mul(bench.poly_term(part, depth), Num(1), *[divisor] * (power - exponent))
        total.append(ring.normal(value))
        if exponent:
            once = mul(Num(1), divisor, inverse)
            times = add(Num(1), *(mul(*[once] * j) for j in range(1, exponent)))
            steps.append(Step("u/u = 1", (divisor,), mul(value, times), (), (reason,)))
    reduced = reducer.reduce(ring.add(total))
    return Cleared(divisor, power, reduced.poly, (*steps, *reduced.steps), reason)


def inverses(reducer: Reducer, poly: Poly) -> list[int]:
    """The inverses in a polynomial that speak of no index bound around them."""
    bench = reducer.bench
    found = (n for monomial in poly for n, _ in bench.closed(monomial))
    return [n for n in dict.fromkeys(found) if bench.kind(n) == "inv"]


def as_quotient(reducer: Reducer, poly: Poly) -> tuple[Term, tuple[Step, ...], Poly]:
    """A value equal to the polynomial, numerator · Π 1/D^k; the steps; and the numerator."""
    depth = reducer.bench.base(poly)
    below: Term = Num(1)
    steps: list[Step] = []
    for _ in range(8):
        numbers = inverses(reducer, poly)
        if not numbers:
            break
        number = numbers[0]
        found = cleared(reducer, poly, number)
        inverse = Apply("inv", found.divisor)
        once = mul(found.divisor, inverse)
        times = add(Num(1), *(mul(*[once] * j) for j in range(1, found.power)))
        here = mul(Num(-1), reducer.bench.poly_term(poly, depth), times, below)
        steps.append(Step("u/u = 1", (found.divisor,), here, (), (found.reason,)))
        below = mul(below, *[inverse] * found.power)
        steps += [scaled(step, below) for step in found.steps]
        poly = found.numerator
    return mul(reducer.bench.poly_term(poly, depth), below), tuple(steps), poly
