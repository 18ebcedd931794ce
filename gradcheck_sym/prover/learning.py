"""What the definitions of names say of exponentials and of sums of rows.

v = α + β/(γ + δ e^{gz}) gives e^{gz} = (β/(v − α) − γ)/δ, and v = c e^{gz}/w gives e^{gz} = v w/c;
a name s = Σ_j e^{z_j} with v_j = e^{z_j}/s gives Σ_j v_j = 1. No activation is known by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import UnionType
from typing import TYPE_CHECKING

from gradcheck_sym.checker.polynomial import Poly, TooLarge
from gradcheck_sym.checker.proof import Identity, Lemma
from gradcheck_sym.checker.statement import Definition, Statement
from gradcheck_sym.prover.common import as_quotient
from gradcheck_sym.prover.reduce import NotKnown, Reducer
from gradcheck_sym.term.terms import (
    ONE,
    Apply,
    Entry,
    Index,
    Letter,
    Num,
    Size,
    Sum,
    Term,
    Where,
    apply,
    mul,
)
from gradcheck_sym.term.walks import walk

if TYPE_CHECKING:
    from gradcheck_sym.prover.knowledge import Knowledge

Found = tuple[str, Fraction, Entry, Term, frozenset[str]]


@dataclass(frozen=True)
class Exponential:
    """e^(exponent · argument[at]) is a value in the name, by the lemma of that number.

    The lemma has the `letters`; in `at` there may be numbers as well, where a column is picked.
    """

    exponent: Fraction
    lemma: int
    names: frozenset[str]
    letters: tuple[Letter, ...]
    at: tuple[Index, ...]

    def arguments(self, indices: Sequence[Index]) -> tuple[Index, ...] | None:
        """What the letters are where the argument has these indices; None if it never has.

        >>> i = Letter("i", 3)
        >>> picked = Exponential(Fraction(1), 0, frozenset(), (i,), (i, 2))
        >>> picked.arguments((3, 2)), picked.arguments((3, 1))
        ((3,), None)
        """
        found: dict[Letter, Index] = {x: 1 for x in self.letters if x.size == 1}
        for mine, index in zip(self.at, indices, strict=True):
            if mine != index and (
                not isinstance(mine, Letter) or found.setdefault(mine, index) != index
            ):
                return None
            if isinstance(mine, Letter):
                found[mine] = index
        return tuple(found[x] for x in self.letters)


@dataclass(frozen=True)
class RowSum:
    """Σ over the index of an axis = 1, by a hypothesis or a lemma of that number."""

    law: str
    number: int
    axis: int
    size: Size
    names: frozenset[str]


def defined_by(statement: Statement, kind: UnionType | type) -> frozenset[str]:
    """The names in whose definitions such terms stand."""
    return frozenset(
        name
        for name, definition in statement.definitions.items()
        if any(isinstance(part, kind) for part in walk(definition.value))
    )


def reading(statement: Statement, names: frozenset[str]) -> frozenset[str]:
    """These names, and those that are made of them without a sum: u = var + ε of var."""
    found = set(names)
    for name, definition in statement.definitions.items():
        parts = list(walk(definition.value))
        read = any(isinstance(part, Entry) and part.name in found for part in parts)
        if read and not any(isinstance(part, Sum) for part in parts):
            found.add(name)
    return frozenset(found)


def learn(knowledge: Knowledge, name: str) -> None:
    """Add the lemmas that the definition of a name gives to what is known."""
    _Learner(knowledge).learn(name)


class _Learner:
    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def learn(self, name: str) -> None:
        """The lemmas that a definition gives."""
        known = self.knowledge.statement.definitions[name]
        parts = list(walk(known.value))
        if not any(isinstance(p, Apply) and p.function == "exp" for p in parts):
            return
        if any(isinstance(p, Where) for p in parts):
            return
        reducer = Reducer(self.knowledge, self.knowledge.names)
        try:
            form = reducer.reduce(self.knowledge.bench.ring.normal(known.value)).poly
            if found := self._of_quotient(known, name, form) or self._of_product(known, name, form):
                self._learn_exponential(known, name, *found)
        except TooLarge:
            return

    def _exponent(self, factors: tuple[tuple[int, int], ...]) -> tuple[str, Fraction, Entry] | None:
        """The z and the g of a product that is e^(g z)."""
        bench = self.knowledge.bench
        if len(factors) != 1 or bench.kind(factors[0][0]) != "exp":
            return None
        match list(bench.argument(factors[0][0]).items()):
            case [(((), ((inner, 1),)), g)] if bench.kind(inner) == "entry":
                z = bench.atom_term(inner, 0)
                assert isinstance(z, Entry)
                return z.name, Fraction(g) * factors[0][1], z
        return None

    def _of_quotient(self, known: Definition, name: str, form: Poly) -> Found | None:
        bench = self.knowledge.bench
        offset = form.get(((), ()), 0)
        match [(m, c) for m, c in form.items() if m != ((), ())]:
            case [(((), ((number, 1),)), beta)] if bench.kind(number) == "inv":
                divisor = bench.argument(number)
            case _:
                return None
        gamma = divisor.get(((), ()), 0)
        match [(m, c) for m, c in divisor.items() if m != ((), ())]:
            case [(((), factors), delta)] if found := self._exponent(factors):
                v = Entry(name, known.letters)
                value = Num(beta) * apply("inv", v - Num(offset)) - Num(gamma)
                return (*found, Num(1 / Fraction(delta)) * value, frozenset({name}))
        return None

    def _of_product(self, known: Definition, name: str, form: Poly) -> Found | None:
        bench = self.knowledge.bench
        match list(form.items()):
            case [(((), factors), coefficient)]:
                pass
            case _:
                return None
        powers = tuple(f for f in factors if bench.kind(f[0]) == "exp")
        others = [f for f in factors if f not in powers]
        found = self._exponent(powers)
        names: set[str] = {name}
        above: list[Term] = []
        for number, exponent in others:
            key, sign = bench.generator(number)
            if key < 0 or sign > 0 or bench.kind(key) != "entry":
                return None
            names.add(bench.ring.atoms[key][1])
            above += [bench.atom_term(key, 0)] * exponent
        if found is None:
            return None
        v = Entry(name, known.letters)
        return (*found, mul(Num(1 / Fraction(coefficient)), v, *above), frozenset(names))

    def _learn_exponential(
        self,
        known: Definition,
        name: str,
        argument: str,
        exponent: Fraction,
        z: Entry,
        value: Term,
        names: frozenset[str],
    ) -> None:
        if any(letter.size != 1 and letter not in z.indices for letter in known.letters):
            return
        left = Apply("exp", Num(exponent) * z)
        reducer = Reducer(self.knowledge, self.knowledge.names - {name}, strict=True)
        found = reducer.reduce(self.knowledge.bench.ring.difference(left, value))
        if found.poly:
            return
        number = self.knowledge.lemma(Lemma(known.letters, left, value, Identity(found.steps)))
        if first := self._first_said(known, name, z, exponent):
            self.knowledge.before[number] = self.knowledge.lemma(first)
        self.knowledge.exponentials.setdefault(argument, []).append(
            Exponential(exponent, number, names, known.letters, z.indices)
        )
        sums = [n for n in names if isinstance(self.knowledge.statement.definitions[n].value, Sum)]
        if sums:
            self._learn_row_sum(known, name, names)

    def _first_said(
        self, known: Definition, name: str, z: Entry, exponent: Fraction
    ) -> Lemma | None:
        """How e^-z · v = 1 − v is said, for a v that is a sigmoid of z."""
        v = Entry(name, known.letters)
        left = Apply("exp", Num(-exponent) * z) * v
        reducer = Reducer(self.knowledge, self.knowledge.names - {name}, strict=True)
        found = reducer.reduce(self.knowledge.bench.ring.difference(left, 1 - v))
        return None if found.poly else Lemma(known.letters, left, 1 - v, Identity(found.steps))

    def _learn_row_sum(self, known: Definition, name: str, names: frozenset[str]) -> None:
        """That the entries along some axis sum to 1; the last one is the usual one."""
        reducer = Reducer(self.knowledge, self.knowledge.names - names, strict=True)
        for axis, index in reversed(list(enumerate(known.letters))):
            left = Sum(index, Entry(name, known.letters))
            try:
                found = reducer.reduce(self.knowledge.bench.ring.difference(left, ONE))
                value, steps, _ = as_quotient(reducer, found.poly)
            except (TooLarge, NotKnown):
                continue
            if self.knowledge.bench.ring.normal(value):
                continue
            others = tuple(letter for letter in known.letters if letter is not index)
            by = Identity((*found.steps, *steps))
            number = self.knowledge.lemma(Lemma(others, left, ONE, by))
            self.knowledge.row_sums[name] = [RowSum("lemma", number, axis, index.size, names)]
            return
