"""Entries of two values, where y² = y or y² = 1 is assumed: F(y) = y F(1) + (1 − y) F(0)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gradcheck_sym.checker.laws import HOLE, filled
from gradcheck_sym.checker.proof import Cancel, Cases, Identity, Lemma, Step
from gradcheck_sym.prover.reduce import Found, Reducer, function_of
from gradcheck_sym.prover.workbench import Opened, atoms_of
from gradcheck_sym.term.terms import ONE, Entry, Num, Term, indicator
from gradcheck_sym.term.walks import rebuilt

if TYPE_CHECKING:
    from gradcheck_sym.prover.knowledge import Knowledge


def is_sign(knowledge: Knowledge, name: str) -> bool:
    """Whether the values of an array are −1 and 1, and not 0 and 1."""
    right = knowledge.statement.hypotheses[knowledge.squares[name]].right
    return bool(knowledge.bench.ring.equal(right, ONE))


def value_lemma(knowledge: Knowledge, name: str) -> int:
    """The lemma [y > 0] = y, where y² = y, or (1 + y)/2, where y² = 1."""
    if name not in knowledge.value_lemmas:
        knowledge.value_lemmas[name] = knowledge.lemma(_value_lemma(knowledge, name))
    return knowledge.value_lemmas[name]


def _value_lemma(knowledge: Knowledge, name: str) -> Lemma:
    """Where y > 0, y (1 − y) = 0 gives y = 1; elsewhere 1 − y is positive, and it gives y = 0."""
    number = knowledge.squares[name]
    letters = knowledge.statement.hypotheses[number].letters
    y = Entry(name, letters)
    if is_sign(knowledge, name):
        value, above, half = (1 + y) * Num(Fraction(1, 2)), 1 + y, Fraction(1, 2)
    else:
        value, above, half = y, y, Fraction(1)

    def side(factor: Term, scale: Fraction) -> Cancel:
        square = Step("hypothesis", (number, *letters), Num(scale))
        return Cancel(factor, None, Identity((Step("case", (0,), factor), square)))

    return Lemma(letters, indicator(y), value, Cases(y, side(above, -half), side(1 - y, half)))


def two_valued(reducer: Reducer, here: Opened) -> Found:
    """y² = y, or y² = 1, where that is assumed."""
    for number, exponent in here.powers.items():
        kind, *parts = reducer.ring.atoms[number]
        if kind == "entry" and exponent > 1 and parts[0] in reducer.knowledge.squares:
            law = reducer.knowledge.squares[parts[0]]
            return Step("hypothesis", (law, *parts[1:]), here.rest(number, number))
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
            return Step("lemma", (value_lemma(knowledge, y.name), *y.indices), rest)
        hole = 2 * HOLE - 1 if is_sign(knowledge, y.name) else HOLE
        value = _replaced(u, y, hole)
        split = filled(value, indicator(y))
        steps = reducer.equal_steps(reducer.ring.difference(u, split), depth)
        if steps is not None:
            function = filled(function_of(kind), value)
            cases = reducer.law("by cases", y, function, factor=rest)
            return (reducer.alike(kind, u, split, steps, rest), cases) if steps else cases
    return None


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
