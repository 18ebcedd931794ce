"""Sums of quotients as one quotient, with signs as people say them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import reduce
from itertools import permutations
from math import gcd, lcm, prod

from gradcheck_sym.shown.alike import alike
from gradcheck_sym.shown.fraction import negative, operations
from gradcheck_sym.shown.products import (
    Linear,
    Powers,
    Product,
    added,
    factor,
    joined,
    linear,
    multiplied,
    scaled,
    total,
)
from gradcheck_sym.term.terms import Add, Apply, Num, Sum, Term, Where
from gradcheck_sym.term.walks import walk

MOST_TERMS = 300  # of a numerator that is multiplied out
MOST_EXPANDED = 8  # the largest power that is multiplied out, and the largest that is looked for


def quotient(term: Term) -> Term:
    """A tidy term over one denominator, whose sums start with a plus sign."""
    below = _denominator(linear(term))
    if not below.powers:
        return term
    return joined([_factor(_times(linear(term), below)), *_inverses(below)]).term


def simplest(term: Term) -> Term:
    """A tidy term, or one product or quotient that says the same in no more signs."""
    rational = not any(
        isinstance(x, Sum | Where) or (isinstance(x, Apply) and x.function != "inv")
        for x in walk(term)
    )
    if not rational:
        return term
    below = _denominator(linear(term))
    together = _times(linear(term), below)
    if sum(map(_terms, together)) > MOST_TERMS:
        return term
    above = _expanded(together)
    if not above:
        return total(above)
    common = _content(above)
    inside = _times(above, common.to_the(-1))
    found = joined([common, _power(inside), *_inverses(below)]).term
    return found if operations(found) <= operations(term) else term


def is_turned(term: Term) -> bool:
    """Whether −term is what people say: 1 − a for a − 1, z for −z."""
    if not isinstance(term, Add):
        return negative(term)
    numbers = [part for part in term.terms if isinstance(part, Num)]
    return negative((numbers or term.terms)[0])


def _denominator(parts: Linear) -> Product:
    """What all the terms may be multiplied by to be no quotients."""
    powers: Powers = {}
    for part in parts:
        for name, (base, exponent) in part.powers.items():
            known = powers[name][1] if name in powers else 0
            if exponent < 0 and not (isinstance(base, Apply) and base.function == "exp"):
                powers[name] = base, max(known, -exponent)
    return Product(1, powers)


def _times(parts: Linear, by: Product) -> Linear:
    return added(multiplied([[part], [by]]) for part in parts)


def _inverses(below: Product) -> Linear:
    """One over each factor, sums turned so that they start with a plus sign."""
    found = []
    for base, exponent in below.powers.values():
        turned = isinstance(base, Add) and exponent.denominator == 1
        part = _factor(linear(base)) if turned else factor(base)
        powers = {name: (inner, -exponent) for name, (inner, _) in part.powers.items()}
        sign = part.coefficient ** int(exponent) if turned else 1
        found.append(Product(sign, powers))
    return found


def _factor(parts: Linear) -> Product:
    """A sum of products as one product; a sum in it starts with a plus sign."""
    if len(parts) == 1:
        return parts[0]
    sign = -1 if is_turned(total(parts)) else 1
    return scaled(factor(total([scaled(part, sign) for part in parts])), sign)


def _terms(part: Product) -> int:
    """How many terms there are at most once a product is multiplied out."""
    bases = (p for p in part.powers.values() if isinstance(p[0], Add))
    return prod(len(linear(base)) ** max(0, int(exponent)) for base, exponent in bases)


def _expanded(parts: Linear) -> Linear:
    """The terms with sums in them multiplied out."""
    found = []
    for part in parts:
        rest, wide = dict(part.powers), list[Linear]()
        for name, (base, exponent) in part.powers.items():
            if isinstance(base, Add) and exponent in range(1, MOST_EXPANDED):
                del rest[name]
                wide += [linear(base)] * int(exponent)
        done: Linear = [replace(part, powers=rest)]
        for factors in wide:
            done = added(multiplied([[x], [y]]) for x in done for y in factors)
        found.append(done)
    return added(found)


def _content(parts: Linear) -> Product:
    """The largest product that divides all terms."""
    numbers = [part.coefficient for part in parts]
    above = reduce(gcd, (abs(x.numerator) for x in numbers))
    size = Fraction(above, reduce(lcm, (x.denominator for x in numbers)))
    shared = {
        name: (base, min(part.powers.get(name, (base, 0))[1] for part in parts))
        for name, (base, _) in parts[0].powers.items()
    }
    return Product(size, {name: power for name, power in shared.items() if power[1] > 0})


def _power(parts: Linear) -> Product:
    """A sum of products as a power of the sum of two, if it is one, else as a factor."""
    degree = len(parts) - 1
    if 2 <= degree < MOST_EXPANDED:
        roots = [root for part in parts if (root := _root(part, degree))]
        for one, other in permutations(roots, 2):
            for sign in (1, -1):
                base = total([one, scaled(other, sign)])
                power = factor(base, degree)
                if not is_turned(base) and alike(total(_expanded([power])), total(parts)):
                    return power
    return _factor(parts)


def _root(part: Product, degree: int) -> Product | None:
    """The product of which a product is that power, if its number is 1 or −1."""
    whole = all(exponent % degree == 0 for _, exponent in part.powers.values())
    if abs(part.coefficient) != 1 or not whole:
        return None
    return Product(1, {name: (base, e // degree) for name, (base, e) in part.powers.items()})
