"""A theorem told to people: its lemmas and its conditions as SymPy's relations.

A condition is told case by case where an indicator [u > 0] stands in it, and factor by factor:
|u| > 0 is told as u ≠ 0, and u²/v ≠ 0 as u ≠ 0 and v ≠ 0. That loses nothing and adds nothing:
what is left out is shown by the rules of signs.
"""

from __future__ import annotations

import sympy

from gradcheck_sym.cases import if_positive
from gradcheck_sym.checker.check import Theorem
from gradcheck_sym.checker.obligations import Guard, Obligation, Signs
from gradcheck_sym.checker.proof import Lemma, Proof
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.checker.statement import Statement, free_letters
from gradcheck_sym.prover.quotients import content
from gradcheck_sym.prover.roots import square_root
from gradcheck_sym.prover.workbench import Workbench
from gradcheck_sym.term.terms import (
    Apply,
    Entry,
    Letter,
    Num,
    Sum,
    Term,
    Where,
    add,
    entries,
    mul,
    rebuilt,
    walk,
)
from gradcheck_sym.to_sympy import LETTERS, RELATIONS, to_sympy

MOST_CASES = 6  # nested in each other


def lemmas(theorem: Theorem, proof: Proof) -> tuple[sympy.Rel, ...]:
    """The identities that the proof shows on its way, and the signs that it needs."""
    found = [_identity(part) for part in proof.parts if isinstance(part, Lemma) and _says(part)]
    signs = [_relation(fact, theorem.statement) for fact in theorem.facts]
    known = {side for sign in signs if sign.rel_op == ">" for side in (sign.lhs, -sign.lhs)}
    found += [sign for sign in signs if sign.rel_op == ">" or sign.lhs not in known]
    return tuple(dict.fromkeys(found))


def conditions(theorem: Theorem) -> tuple[sympy.Rel, ...]:
    """What has to hold, beyond real inputs."""
    cases = Cases(theorem.statement)
    told = (case for needed in theorem.conditions for case in cases.told(needed))
    found = dict.fromkeys(_relation(case, theorem.statement) for case in told)
    return tuple(relation for relation in found if not _stronger(relation) & found.keys())


def _stronger(relation: sympy.Rel) -> set[sympy.Rel]:
    """The other relations that imply this one."""
    u = relation.lhs
    match relation.rel_op:
        case ">=":
            return {sympy.Gt(u, 0, evaluate=False)}
        case "!=":
            return {sympy.Gt(side, 0, evaluate=False) for side in (u, -u)}
    return set()


class Cases:
    """Obligations in the cases that stand in them."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._ring = Ring()
        self._bench = Workbench(self._ring)
        self._signs = Signs(self._ring, statement.positive)

    def told(self, needed: Obligation) -> tuple[Obligation, ...]:
        """Obligations that together say the same, as far as they are not sure to hold."""
        return tuple(self._open(needed, MOST_CASES))

    def _open(self, needed: Obligation, depth: int) -> list[Obligation]:
        if not all(self._may_hold(needed.guards, k) for k in range(len(needed.guards))):
            return []
        indicator = self._indicator(needed.u) if depth else None
        if indicator is None:
            factors = self._factors(needed.u) if needed.relation == "≠" else (needed.u,)
            parts = (Obligation(u, needed.relation, needed.guards) for u in factors)
            return [self._at_edge(part) for part in parts if not self._signs.holds(part)]
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
        return [needed] if above and below else above + below

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

    def _factors(self, u: Term) -> tuple[Term, ...]:
        """Factors of u, or what they are the inverses of: u ≠ 0 if none of them is 0."""
        poly = self._ring.normal(u)
        poly = square_root(self._bench, poly) or poly
        common = content(self._bench, poly)
        if any(sizes for sizes, _ in poly) or not common:
            return self._unfolded(u) or (self._bench.poly_term(poly, 0),)
        found = [self._bench.power_of(key, 1, 0) for key in common]
        rest = []
        for (_, powers), coefficient in poly.items():
            signed = self._bench.signed(powers)
            left = {key: signed.get(key, 0) - common.get(key, 0) for key in {**signed, **common}}
            rest.append(mul(Num(coefficient), self._bench.signed_term(left, 0)))
        found += [add(*rest)] if len(rest) > 1 else []
        return tuple(part for factor in found for part in self._unfolded(factor) or (factor,))

    def _unfolded(self, u: Term) -> tuple[Term, ...]:
        """The factors of what a name stands for, if that is one over something."""
        if not (isinstance(u, Entry) and u.name in self._statement.definitions):
            return ()
        value = self._statement.definitions[u.name].at(u.indices)
        found = list(self._ring.normal(value))
        kinds = {self._bench.kind(number) for _, powers in found for number, _ in powers}
        return self._factors(value) if len(found) == 1 and kinds == {"inv"} else ()

    def _at_edge(self, needed: Obligation) -> Obligation:
        """−u > 0 where u > 0 does not hold is u ≠ 0."""
        match needed.guards:
            case [(u, False)] if needed.relation in self._edges(needed.u, u):
                return Obligation(u, "≠")
        return needed

    def _edges(self, u: Term, guard: Term) -> str:
        """The relations of u that say no more than that the guard is not 0."""
        below = ">≠" if self._ring.equal(u, -guard) else ""
        return below or ("≠" if self._ring.equal(u, guard) else "")


def _says(lemma: Lemma) -> bool:
    """Whether a lemma is an identity between names, not a step of the derivative or of a sign."""
    return isinstance(lemma.left, Apply | Sum)


def _identity(lemma: Lemma) -> sympy.Rel:
    names = {letter: letter.name for letter in lemma.letters}
    left, right = (to_sympy(side, names) for side in (lemma.left, lemma.right))
    above, below = sympy.together(right).as_numer_denom()
    value = -above / -below if above.could_extract_minus_sign() else above / below
    return sympy.Eq(left, value, evaluate=False)


def _relation(needed: Obligation, statement: Statement) -> sympy.Rel:
    """The obligation as a relation; what is needed in one case alone is 1 in the other."""
    terms = needed.u, *(u for u, _ in needed.guards)
    names = _names(terms, statement)
    value, *guards = (to_sympy(term, names) for term in terms)
    if needed.relation == "≠" and value.could_extract_minus_sign():
        value = -value
    for u, (_, holds) in zip(reversed(guards), reversed(needed.guards), strict=True):
        value = if_positive(u, *((value, sympy.S.One) if holds else (sympy.S.One, value)))
    return RELATIONS[needed.relation](value, 0, evaluate=False)


def _names(terms: tuple[Term, ...], statement: Statement) -> dict[Letter, str]:
    """Names for the free letters: as the first array that they stand at has them."""
    free = frozenset().union(*map(free_letters, terms))
    places = [
        (entry.name not in statement.definitions, entry.name, k, index)
        for entry in entries(*terms)
        for k, index in enumerate(entry.indices)
        if index in free
    ]
    found: dict[Letter, str] = {}
    for _, name, k, letter in sorted(places, key=lambda place: place[:3]):
        own = statement.definitions[name].letters[k].name if name in statement.definitions else ""
        unused = (x for x in (own, *LETTERS[k:], *LETTERS) if x and x not in found.values())
        found.setdefault(letter, next(unused))
    return found
