"""A proof without the lemmas that it does not use or has twice, the others numbered anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from gradcheck_sym.checker.proof import (
    Argument,
    Because,
    Cancel,
    Cases,
    Identity,
    Lemma,
    Proof,
    Reasons,
    Slope,
    Step,
)
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.term.terms import Letter, Size
from gradcheck_sym.term.walks import substitute

Renumber = Callable[[int], int]


def pruned(
    lemmas: list[Lemma], slopes: list[Slope], reasons: Reasons, before: Mapping[int, int]
) -> Proof:
    """The proof of the last slope from the lemmas, in order, that it needs.

    `before` has for some of them one that tells the same in the way that people say it first.
    """
    first = _first_alike(lemmas).__getitem__
    lemmas = [replace(lemma, by=_argument(lemma.by, first)) for lemma in lemmas]
    slopes = [_slope(slope, first) for slope in slopes]
    reasons = _reasons(reasons, first)
    needed: set[int] = set()
    pending = [number for slope in slopes for number in _uses(slope.by, slope.reasons)]
    pending += _uses(Identity(), reasons)
    while pending:
        number = pending.pop()
        if number not in needed:
            needed.add(number)
            pending += _uses(lemmas[number].by, ())
            pending += [first(before[number])] if number in before else []
    new = {old: number for number, old in enumerate(sorted(needed))}.__getitem__
    kept = [replace(lemmas[k], by=_argument(lemmas[k].by, new)) for k in sorted(needed)]
    return Proof((*kept, *(_slope(slope, new) for slope in slopes)), _reasons(reasons, new))


def _first_alike(lemmas: list[Lemma]) -> list[int]:
    """For each lemma the first that says the same, but for the names of its letters."""
    ring, known, found = Ring(), dict[object, int](), []
    for number, lemma in enumerate(lemmas):
        places = {x: _place(x.size, k) for k, x in enumerate(lemma.letters)}
        sides = (substitute(side, places) for side in (lemma.left, lemma.right))
        key = (*places.values(), *(frozenset(ring.normal(side).items()) for side in sides))
        found.append(known.setdefault(key, number))
    return found


@cache
def _place(size: Size, number: int) -> Letter:
    return Letter(f"r{number}", size)


def _slope(slope: Slope, new: Renumber) -> Slope:
    return replace(slope, by=_argument(slope.by, new), reasons=_reasons(slope.reasons, new))


def _uses(by: Argument, reasons: Reasons) -> Iterator[int]:
    """The numbers of the lemmas that an argument and reasons speak of."""
    for reason in reasons:
        if reason:
            yield from _uses(reason.by, ())
    match by:
        case Identity(steps):
            for step in steps:
                if step.law == "lemma":
                    yield step.arguments[0]
                yield from _uses(Identity(), step.reasons)
        case Cases(_, above, below):
            yield from _uses(above, ())
            yield from _uses(below, ())
        case Cancel(_, reason, rest):
            yield from _uses(rest, (reason,))


def _argument(by: Argument, new: Renumber) -> Argument:
    match by:
        case Identity(steps):
            return Identity(tuple(_step(step, new) for step in steps))
        case Cases(u, above, below):
            return Cases(u, _argument(above, new), _argument(below, new))
        case Cancel(factor, reason, rest):
            return Cancel(factor, _reason(reason, new), _argument(rest, new))


def _step(step: Step, new: Renumber) -> Step:
    reasons = _reasons(step.reasons, new)
    if step.law != "lemma":
        return replace(step, reasons=reasons) if reasons else step
    number, *indices = step.arguments
    return replace(step, arguments=(new(number), *indices), reasons=reasons)


def _reasons(reasons: Reasons, new: Renumber) -> Reasons:
    return tuple(_reason(reason, new) for reason in reasons)


def _reason(reason: Because | None, new: Renumber) -> Because | None:
    return reason and Because(reason.value, _argument(reason.by, new))
