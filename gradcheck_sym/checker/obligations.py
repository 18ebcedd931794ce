"""What a step needs to hold, and the few rules by which a sign is seen.

A polynomial is positive if each of its terms is at least 0 and one is positive; an exponential,
a size, π, ln 2, and a sum or product of positives are positive, squares, roots, δ and [u > 0] are
at least 0. A fact u > 0 serves for what is at least a positive multiple of u. No sine and no cosine
is less than −1 or more than 1. The logarithm of a number is 0 at 1 alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from gradcheck_sym.checker.polynomial import ONE, Frozen, Poly, TooLarge, accumulate, freeze, scale
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.term.functions import Relation
from gradcheck_sym.term.terms import Num, Term

MOST_KNOWN = 100_000  # signs of atoms
MOST_LEFT = 100  # of the ways in which facts may add up

Guard = tuple[Term, bool]  # (u, True): where u > 0; (u, False): where it is not


@dataclass(frozen=True)
class Obligation:
    """u has to be ≠, > or ≥ 0 for all values of its letters, where its guards hold."""

    u: Term
    relation: Relation
    guards: tuple[Guard, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms whose signs decide whether it holds."""
        return (*(u for u, _ in self.guards), self.u)


@dataclass(frozen=True)
class Equal:
    """Two terms have to be equal, which is to be shown."""

    left: Term
    right: Term


@dataclass(frozen=True)
class Signs:
    """What is known of signs: `positive` names scalars that are, `facts` are u > 0 or −u ≥ 0.

    `known` has the signs of atoms that were asked for, for each choice among these facts, which
    the ring keeps, so that no other has the id of one.
    """

    ring: Ring
    positive: frozenset[str] = frozenset()
    facts: tuple[tuple[Poly, bool], ...] = field(default=())
    known: dict[tuple[frozenset[int], int, Relation], bool] = field(
        default_factory=dict, repr=False, compare=False
    )

    def under(self, guards: Sequence[Guard]) -> Signs:
        """The same, where these guards hold as well."""
        new = ((self.ring.normal(u if yes else Num(-1) * u), yes) for u, yes in guards)
        return Signs(self.ring, self.positive, (*self.facts, *new))

    def holds(self, obligation: Obligation) -> bool:
        """Whether the rules show it."""
        known = self.under(obligation.guards) if obligation.guards else self
        return known.holds_poly(self.ring.normal(obligation.u), obligation.relation)

    def holds_poly(self, u: Poly, relation: Relation) -> bool:
        """Whether the rules show it of a polynomial."""
        match relation:
            case ">":
                return self.is_positive(u)
            case "≥":
                return self.is_at_least_zero(u)
            case "≠":
                return self.is_not_zero(u)
        raise ValueError(f"no relation {relation}")

    def is_positive(self, poly: Poly) -> bool:
        """Whether it is > 0."""
        return any(
            others._adds_up(rest) or (strict and others._no_term_below(rest))
            for others, rest, strict in self._without_facts(poly)
        )

    def is_at_least_zero(self, poly: Poly) -> bool:
        """Whether it is ≥ 0."""
        return any(others._no_term_below(rest) for others, rest, _ in self._without_facts(poly))

    def is_not_zero(self, poly: Poly) -> bool:
        """Whether it is ≠ 0."""
        if self.is_positive(poly) or self.is_positive(scale(poly, -1)):
            return True
        if len(poly) != 1:
            return False
        ((sizes, factors),) = poly
        return not sizes and all(self._atom_is(number, "≠") for number, _ in factors)

    def _adds_up(self, poly: Poly) -> bool:
        return self._no_term_below(poly) and any(
            all(self._atom_is(number, ">") for number, _ in factors) for _, factors in poly
        )

    def _no_term_below(self, poly: Poly) -> bool:
        return all(
            coefficient > 0
            and all(e % 2 == 0 or self._atom_is(number, "≥") for number, e in factors)
            for (_, factors), coefficient in poly.items()
        )

    def _below(self, poly: Poly) -> Poly:
        """What is nowhere more: c r sin u is at least −|c| r where r is at least 0."""
        total: Poly = {}
        for (sizes, factors), c in poly.items():
            waves = tuple(f for f in factors if self.ring.atoms[f[0]][0] in ("sin", "cos"))
            rest = tuple(f for f in factors if f not in waves)
            may_fall = c < 0 or any(exponent % 2 for _, exponent in waves)
            if may_fall and self._no_term_below({(sizes, rest): 1}):
                accumulate(total, (sizes, rest), -abs(Fraction(c)))
            else:
                accumulate(total, (sizes, factors), c)
        return total

    def _without_facts(self, poly: Poly) -> Iterator[tuple[Signs, Poly, bool]]:
        """The polynomial, what is nowhere more, and both less positive multiples of facts.

        With each the facts that were not used, and whether a strict one was. What has become
        longer is not gone on with, nor what was there before, so that this comes to an end.
        """
        pending = [(self, least, False) for least in (poly, self._below(poly))]
        seen: set[tuple[Frozen, bool]] = set()
        for others, left, strict in pending:
            if (key := (freeze(left), strict)) in seen or len(seen) == MOST_LEFT:
                continue
            seen.add(key)
            self.ring.spend(len(left) * len(others.facts))
            yield others, left, strict
            if len(left) > len(poly):
                continue
            for place, (fact, above) in enumerate(others.facts):
                less = replace(others, facts=(*others.facts[:place], *others.facts[place + 1 :]))
                shared = [m for m in fact if m != ONE and m in left]
                ratios = {Fraction(left[m]) / Fraction(fact[m]) for m in shared}
                pending += [
                    (less, self.ring.add([left, scale(fact, -ratio)]), strict or above)
                    for ratio in sorted(ratios)
                    if ratio > 0
                ]

    def _atom_is(self, number: int, relation: Relation) -> bool:
        """Whether an atom is >, ≥ or ≠ 0, looked at once: each asks of those that it is made of.

        Raises `TooLarge` where that has no end in sight.
        """
        key = frozenset(id(fact) for fact, _ in self.facts), number, relation
        if key not in self.known:
            if len(self.known) >= MOST_KNOWN:
                raise TooLarge("too many signs are asked for")
            rules = {
                ">": self._atom_is_positive,
                "≥": self._atom_is_at_least_zero,
                "≠": self._atom_is_not_zero,
            }
            self.known[key] = rules[relation](number)
        return self.known[key]

    def _atom_is_positive(self, number: int) -> bool:
        kind, *parts = self.ring.atoms[number]
        match kind:
            case "exp" | "size" | "pi":
                return True
            case "inv" | "sqrt":
                return self.is_positive(dict(parts[0]))
            case "log":
                return _is_number_above(1, dict(parts[0]))
            case "entry":
                return len(parts) == 1 and parts[0] in self.positive
        return False

    def _atom_is_at_least_zero(self, number: int) -> bool:
        kind, *parts = self.ring.atoms[number]
        if kind in ("delta", "positive", "sqrt") or self._atom_is(number, ">"):
            return True
        return kind == "inv" and self.is_at_least_zero(dict(parts[0]))

    def _atom_is_not_zero(self, number: int) -> bool:
        kind, *parts = self.ring.atoms[number]
        match kind:
            case "inv" if self.is_not_zero(dict(parts[0])):
                return True
            case "log" if _is_number_above(0, inner := dict(parts[0])):
                return bool(inner[ONE] != 1)
        return self._atom_is(number, ">")


def _is_number_above(least: int, poly: Poly) -> bool:
    """Whether a polynomial is a number alone, and more than another."""
    return poly.keys() == {ONE} and poly[ONE] > least
