"""What the user's functions claim, as questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gradcheck_sym.array import Array, Input, Let
from gradcheck_sym.array.entries import Entries
from gradcheck_sym.array.graph import names
from gradcheck_sym.array.shape import letters, sizes
from gradcheck_sym.array.table import OPERATIONS
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Definition, Hypothesis, Statement
from gradcheck_sym.code.draws import bits
from gradcheck_sym.code.run import Run
from gradcheck_sym.domain import distinct, needs
from gradcheck_sym.hypotheses import Assumption, equations, positive
from gradcheck_sym.question import Question
from gradcheck_sym.term.terms import ONE, ZERO, Entry, Sum


def questions(run: Run, assumed: Sequence[Assumption] = ()) -> Mapping[str, Question]:
    """For each input whose gradient is claimed in its shape, whether it is that."""
    return {
        name: question(run, run.inputs[name], claim, assumed)
        for name, claim in run.claims.items()
        if sizes(claim.shape) == sizes(run.inputs[name].shape)
    }


def question(
    run: Run,
    wrt: Input,
    claim: Array,
    assumed: Sequence[Assumption],
    needed: Sequence[Obligation] = (),
) -> Question:
    """Whether ∂loss/∂wrt is the claim; names that the loss does not read are abbreviations."""
    entries, named = Entries(), names(run.loss, claim)
    definitions = {
        name: defined(array, entries) for name, array in named.items() if isinstance(array, Let)
    }
    places = letters(wrt.shape)
    values = entries.at(run.loss, ()), entries.at(claim, claim.places(places))
    read = [definition.value for definition in definitions.values()]
    statement = Statement(
        definitions,
        loss=values[0],
        wrt=wrt.name,
        letters=places,
        claim=values[1],
        hypotheses=(*_hypotheses(run, assumed), *bits(run, named)),
        positive=positive(assumed),
        needs=distinct(
            (
                *needs(*read, *values),
                *_within_bounds(run, entries),
                *_positive(run, entries),
                *needed,
            )
        ),
    )
    return Question(statement, frozenset(definitions) - names(run.loss).keys())


def _within_bounds(run: Run, entries: Entries) -> Iterator[Obligation]:
    """That no clip acts, where that is assumed."""
    for clip in run.trace.clips if run.trace.inside_clip else ():
        places = letters(clip.array.shape)
        for left, right in ((clip.array, clip.low), (clip.high, clip.array)):
            if left is not None and right is not None:
                above: Array = OPERATIONS["subtract"](left, right)
                yield Obligation(entries.at(above, above.places(places)), ">")


def _positive(run: Run, entries: Entries) -> Iterator[Obligation]:
    """That what has to be positive is so."""
    for array in run.trace.needed:
        yield Obligation(entries.at(array, array.places(letters(array.shape))), ">")


def independence(run: Run, shift: Input, assumed: Sequence[Assumption]) -> Question:
    """Whether the loss does not depend on an array that stands for a maximum."""
    from gradcheck_sym.array import Constant

    zero: Array = Constant(ZERO)
    for axis in reversed(shift.shape):
        zero = zero.expand(0, axis)
    return question(run, shift, zero, assumed)


def _hypotheses(run: Run, assumed: Sequence[Assumption]) -> tuple[Hypothesis, ...]:
    """What is known of one-hot rows, and what is assumed."""
    found = [*equations(assumed, run.inputs)]
    for name in run.labels:
        i, j = letters(run.inputs[name].shape)
        h = Entry(name, (i, j))
        found += [Hypothesis((i,), Sum(j, h), ONE), Hypothesis((i, j), h * h, h)]
    return tuple(found)


def defined(array: Let, entries: Entries) -> Definition:
    """What a name stands for, as a term."""
    places = letters(array.shape)
    return Definition(places, entries.at(array.definition, array.definition.places(places)))
