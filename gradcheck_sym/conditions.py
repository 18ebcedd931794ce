"""Conditions in the form in which people state them: case by case and factor by factor.

|u| > 0 is u ≠ 0, and u²/v ≠ 0 is u ≠ 0 and v ≠ 0. Nothing is lost and nothing is added: what is
left out is shown by the rules of signs, or by another condition as it is shown. Where something
cancels, a·y/a > 0, the condition on it (a ≠ 0) is one by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import gcd, lcm

from gradcheck_sym.checker.obligations import Guard, Obligation, Signs
from gradcheck_sym.checker.polynomial import scale
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Statement, free_letters
from gradcheck_sym.domain import needs
from gradcheck_sym.prover.quotients import content
from gradcheck_sym.prover.roots import square_root
from gradcheck_sym.prover.workbench import Workbench
from gradcheck_sym.shown.names import distinct
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.term.functions import Relation
from gradcheck_sym.term.terms import Apply, Entry, Letter, Num, Term, Where, add, mul
from gradcheck_sym.term.walks import rebuilt, substitute, walk

MOST_CASES = 6  # nested in each other
Part = tuple[Term, Relation]


def plain(conditions: Sequence[Obligation], statement: Statement) -> tuple[Obligation, ...]:
    """Obligations that together say the same as the conditions of a theorem, as they are shown."""
    cases = _Conditions(statement)
    opened = [(needed, cases.opened(needed)) for needed in conditions]
    for needed, leaves in opened:
        cases.known |= set().union(*map(cases.says, (needed, *leaves)))
    found, said = {}, {}
    for needed, leaves in opened:
        parts = [part for leaf in leaves for part in cases.parts(leaf)]
        whole = len(parts) > 1 and all(len(p.guards) > len(needed.guards) for p in parts)
        for place, part in enumerate(cases.cancelled(needed) if whole else parts):
            key = cases.key(part)
            found[key] = part
            same = parts if whole and not place else [part]
            said[key] = set().union(*map(cases.says, same), {key})
    kept = dict(found)
    for key, part in found.items():
        wanted = cases.wanted(part)
        if any(wanted & said[other] for other in kept if other != key):
            del kept[key]
    return tuple(part if cases.losses(part) else tidy(part) for part in kept.values())


def tidy(needed: Obligation) -> Obligation:
    """The obligation with its terms as they are shown, in the same letters; much may cancel."""
    guards = tuple((_tidy(u), holds) for u, holds in needed.guards)
    return Obligation(_tidy(needed.u), needed.relation, guards)


def _tidy(u: Term) -> Term:
    own = distinct(free_letters(u), ())
    named = {x: Letter(name, x.size) for x, name in own.items()}
    shown = tidied(substitute(u, named), {x: x.name for x in named.values()})
    return substitute(shown, {new: x for x, new in named.items()})


class _Conditions:
    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._ring = Ring()
        self._bench = Workbench(self._ring)
        self._signs = Signs(self._ring, statement.positive)
        self.known: set[object] = set()  # what all conditions say

    def opened(self, needed: Obligation) -> tuple[Obligation, ...]:
        """Obligations that together say the same, case by case."""
        for u, holds in needed.guards:
            needed = replace(needed, u=self._settled(needed.u, u, holds))
        return tuple(self._open(needed, MOST_CASES))

    def parts(self, leaf: Obligation) -> list[Obligation]:
        """The same factor by factor, as far as it is not sure to hold."""
        if self._signs.holds(leaf):
            return []
        whole, *lost = self.cancelled(leaf)
        if self.losses(whole):
            return [leaf]
        parts = [replace(whole, u=u, relation=sign) for u, sign in self._parts(whole)]
        found = [self._simple(part) for part in parts if not self._signs.holds(part)]
        return found + [part for x in lost for part in self.parts(x)]

    def cancelled(self, needed: Obligation) -> tuple[Obligation, ...]:
        """The obligation with what cancels gone, and what is lost by that.

        It is left as it is where the conditions do not say what would be lost.
        """
        lost = self.losses(needed)
        if not lost or not all(self.wanted(part) & self.known for part in lost):
            return (needed,)
        return tidy(needed), *lost

    def losses(self, needed: Obligation) -> list[Obligation]:
        """What its terms need to be meant, and do not need as they are shown."""
        terms = needed.u, *(u for u, _ in needed.guards)
        return [part for u in terms for part in self._lost(needed, u)]

    def _lost(self, needed: Obligation, u: Term) -> list[Obligation]:
        guards = needed.guards if u is needed.u else ()
        before, after = (
            [replace(x, guards=(*guards, *x.guards)) for x in needs(term)] for term in (u, _tidy(u))
        )
        if not before:
            return []
        one, other = (
            [replace(x, u=v, relation=sign) for x in side for v, sign in self._parts(x)]
            for side in (before, after)
        )
        there = set().union(*map(self.says, other))
        return [x for x in one if not (self.wanted(x) & there or self._signs.holds(x))]

    def _open(self, needed: Obligation, depth: int) -> list[Obligation]:
        if not all(self._may_hold(needed.guards, k) for k in range(len(needed.guards))):
            return []
        indicator = self._indicator(needed.u) if depth else None
        if indicator is None:
            return [needed]
        above, below = (
            self._open(
                Obligation(
                    self._settled(needed.u, indicator, holds),
                    needed.relation,
                    (*needed.guards, (indicator, holds)),
                ),
                depth - 1,
            )
            for holds in (True, False)
        )
        return above + below

    def _may_hold(self, guards: tuple[Guard, ...], k: int) -> bool:
        """Whether the others do not exclude a guard."""
        u, holds = guards[k]
        others = (*guards[:k], *guards[k + 1 :])
        refuted = Obligation(-u, "≥", others) if holds else Obligation(u, ">", others)
        return not self._signs.holds(refuted)

    def _indicator(self, u: Term) -> Term | None:
        """What an indicator in the term speaks of, if that is of no index that is bound there."""
        free = free_letters(u)
        found = (part.u for part in walk(u) if isinstance(part, Where))
        return next((v for v in found if free_letters(v) <= free), None)

    def _settled(self, value: Term, u: Term, holds: bool) -> Term:
        """The term where [u > 0] holds, or not."""

        def settle(part: Term) -> Term:
            if isinstance(part, Where) and self._ring.equal(part.u, u):
                return settle(part.yes if holds else part.no)
            return rebuilt(part, settle)

        return settle(value)

    def _parts(self, needed: Obligation) -> tuple[Part, ...]:
        """What a value needs to be as it has to be, factor by factor if that is not to be 0."""
        nowhere_below = self._signs.holds(replace(needed, relation="≥"))
        if needed.relation == "≠" or (needed.relation == ">" and nowhere_below):
            return self._factors(needed.u)
        return ((needed.u, needed.relation),)

    def _factors(self, u: Term) -> tuple[Part, ...]:
        """Factors of u, or what they are the inverses of: u ≠ 0 if none of them is 0."""
        poly = self._ring.normal(u)
        poly = square_root(self._bench, poly) or poly
        common = content(self._bench, poly)
        if any(sizes for sizes, _ in poly) or not common:
            return self._not_zero(self._bench.poly_term(poly, 0))
        found = [self._bench.power_of(key, 1, 0) for key in common]
        rest = []
        for (_, powers), coefficient in poly.items():
            signed = self._bench.signed(powers)
            left = {key: signed.get(key, 0) - common.get(key, 0) for key in {**signed, **common}}
            rest.append(mul(Num(coefficient), self._bench.signed_term(left, 0)))
        found += [add(*rest)] if len(rest) > 1 else []
        return tuple(part for factor in found for part in self._not_zero(factor))

    def _not_zero(self, u: Term) -> tuple[Part, ...]:
        """That u ≠ 0; said of what a name stands for, if that is one over something."""
        match u:
            case Apply("sqrt", argument):
                return self._parts(Obligation(argument, ">"))
            case Entry(name, indices) if name in self._statement.definitions:
                value = self._statement.definitions[name].at(indices)
                found = list(self._ring.normal(value))
                kinds = {self._bench.kind(number) for _, powers in found for number, _ in powers}
                if len(found) == 1 and kinds == {"inv"}:
                    return self._factors(value)
        return ((u, "≠"),)

    def _simple(self, needed: Obligation) -> Obligation:
        """The same without cases outside of which it holds anyway, or at whose edge it fails."""
        for k, (u, holds) in enumerate(needed.guards):
            others = (*needed.guards[:k], *needed.guards[k + 1 :])
            if self._signs.holds(replace(needed, guards=(*others, (u, not holds)))):
                return self._simple(replace(needed, guards=others))
        never = needed.relation != "≥" and not self._ring.normal(needed.u)
        match needed.guards:
            case [(u, False)] if never:  # that case has not to be
                return Obligation(u, ">")
            case [(u, True)] if never:
                return Obligation(-u, "≥")
            case [(u, False)] if needed.relation != "≥" and self._ring.equal(needed.u, -u):
                return Obligation(u, "≠")
            case [(u, False)] if needed.relation == "≠" and self._ring.equal(needed.u, u):
                return Obligation(u, "≠")
        return needed

    # What follows from what --------------------------------------------------------------

    def key(self, needed: Obligation) -> object:
        """Equal for obligations that say the same of other letters, or of a positive multiple."""
        guards = (self._ring.normal(u) for u, _ in needed.guards)
        kinds = tuple(holds for _, holds in needed.guards)
        u = self._ring.normal(needed.u)
        values = [Fraction(c) for c in u.values()]
        common = Fraction(
            gcd(*(c.numerator for c in values)), lcm(*(c.denominator for c in values))
        )
        bare = scale(u, 1 / common) if common else u
        return self._ring.shape(bare, *guards), kinds, needed.relation

    def wanted(self, needed: Obligation) -> set[object]:
        """What would suffice: the same with these cases, or in all."""
        return {self.key(needed), self.key(replace(needed, guards=()))}

    def says(self, needed: Obligation) -> set[object]:
        """What an obligation says, and what follows."""
        u = self._ring.normal(needed.u)
        found = [(needed.u, needed.relation)]
        if needed.relation != "≥":
            found += [(needed.u, "≠"), (-needed.u, "≠")]
        if needed.relation == ">":
            found.append((needed.u, "≥"))
            if len(u) == 1 and not any(sizes for sizes, _ in u):
                atoms = [n for _, factors in u for n, _ in factors]
                found += [(self._bench.atom_term(n, 0), "≠") for n in atoms]
        return {self.key(replace(needed, u=v, relation=sign)) for v, sign in found}
