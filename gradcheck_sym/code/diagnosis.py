"""What is returned instead of the gradient, where that can be proved for all entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from gradcheck_sym.answer import Answers, proved
from gradcheck_sym.array.graph import names
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.code.run import Run
from gradcheck_sym.contracted import contracted
from gradcheck_sym.hypotheses import Assumption, equations, natural
from gradcheck_sym.question import Question
from gradcheck_sym.refuter.derivative import derivative
from gradcheck_sym.refuter.likely import Likely
from gradcheck_sym.render.notation import Notation
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.term.terms import Entry, Index, Letter, Num, SizeOf, Term
from gradcheck_sym.term.walks import entries, substitute
from gradcheck_sym.told import conditions, in_given_names

MOST_SHOWN = 90  # characters
NOTATION = Notation(unicode=True, as_they_are=True)
NUMBERS = [Fraction(c) for c in ("-1", "2", "1/2", "-2", "-1/2", "3", "1/3", "4", "1/4")]


def diagnose(asked: Question, sizes: Sequence[str]) -> str | None:
    """One sentence on what the claim is instead of the derivative, proved for all entries."""
    statement = asked.statement
    found = derivative(statement)
    likely = Likely(statement, found.definitions)
    for name, factor in _factors(sizes):
        if likely.equal(found.value * factor, statement.claim) and proved(
            asked.claiming(statement.claim / factor)
        ):
            return f"what is returned is {name} × the gradient"
    transposed = _transposed(statement.claim, statement.letters)
    if transposed is None or not likely.equal(found.value, transposed):
        return None
    if proved(asked.claiming(transposed)):
        return "what is returned is the gradient transposed"
    return None


def unassumed(answers: Answers, run: Run, assumed: Sequence[Assumption]) -> str | None:
    """A further hypothesis on an input under which the gradient is right, if that is proved.

    What gradients are asked for is learnt, and is as it is; the others are data.
    """
    known = {(one.name, one.kind) for one in assumed}
    for name in names(run.loss, *run.claims.values()):
        if name not in run.inputs or name in run.labels or name in run.claims:
            continue
        for one in natural(name, run.inputs[name].ndim):
            two_values = {(name, kind) for kind in ("binary", "signs")} & known
            if (name, one.kind) in known or (two_values and one.kind in ("binary", "signs")):
                continue
            statement = answers.question.statement
            further = replace(
                answers.question,
                statement=replace(
                    statement,
                    hypotheses=(*statement.hypotheses, *equations((one,), run.inputs)),
                ),
            )
            found = derivative(further.statement)
            likely = Likely(further.statement, found.definitions)
            if likely.equal(found.value, statement.claim) and (theorem := proved(further)):
                where = " and ".join(map(NOTATION.formula, conditions(theorem)))
                by = f"proved, provided that {where}" if where else "proved"
                return f"it is right if {one.sentence} ({by}): assume {one.text!r}"
    return None


def missing(answers: Answers) -> str | None:
    """The term that is missing, or too many, if it is short and that is proved."""
    asked = answers.question
    claim = asked.statement.claim
    left = answers.difference()
    if any(entry.name in asked.always for entry in entries(left)):
        return None  # it would be told by what is returned
    ring = Ring()
    parts = ring.normal(left)
    others = parts.keys() - ring.normal(answers.derivative()).keys()
    if others and len(others) < len(parts):
        return None  # the gradient minus what is returned, which says nothing
    told = in_given_names([contracted(left)], asked.statement)
    if told is None:
        return None
    letters = {letter: letter.name for letter in asked.free_letters}
    shown = NOTATION.formula(tidied(told[0], letters))
    if len(shown) > MOST_SHOWN or not proved(asked.claiming(claim + left)):
        return None
    if shown.startswith("−") and " + " not in shown and " − " not in shown:
        return f"what is returned has {shown[1:]} too many"
    return f"what is returned lacks the term {shown}"


def _factors(sizes: Sequence[str]) -> Iterator[tuple[str, Term]]:
    """Factors that people forget, or write once too often."""
    for number in NUMBERS:
        yield str(number), Num(number)
    for one in sizes:
        yield one, SizeOf(one)
        yield f"1/{one}", 1 / SizeOf(one)
    for one, other in product(sizes, repeat=2):
        if one < other:
            yield f"1/({one}·{other})", 1 / (SizeOf(one) * SizeOf(other))
            yield f"{one}·{other}", SizeOf(one) * SizeOf(other)
        if one != other:
            yield f"{one}/{other}", SizeOf(one) / SizeOf(other)
    for one in sizes:
        yield f"2/{one}", 2 / SizeOf(one)
        yield f"1/(2·{one})", 1 / (2 * SizeOf(one))


def _transposed(claim: Term, letters: tuple[Index, ...]) -> Term | None:
    match letters:
        case (Letter() as one, Letter() as other) if one.size == other.size:
            return substitute(claim, {one: other, other: one})
    return None


def right_so_far(answers: Answers) -> dict[str, str]:
    """The variables of the backward function that are gradients, by the variable they are of."""
    always = answers.question.always
    slopes = answers.prover.slopes.found.values()
    return {
        slope.value.name: slope.name
        for slope in slopes
        if isinstance(slope.value, Entry)
        and slope.value.name in always
        and slope.value.indices == slope.places
    }
