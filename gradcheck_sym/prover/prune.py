"""A proof without the lemmas that it does not use, the others numbered anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

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

Renumber = Callable[[int], int]


def pruned(
    lemmas: list[Lemma], slopes: list[Slope], reasons: Reasons, before: Mapping[int, int]
) -> Proof:
    """The proof of the last slope from the lemmas, in order, that it needs.

    `before` has for some of them one that tells the same in the way that people say it first.
    """
    needed: set[int] = set()
    pending = [number for slope in slopes for number in _uses(slope.by, slope.reasons)]
    pending += _uses(Identity(), reasons)
    while pending:
        number = pending.pop()
        if number not in needed:
            needed.add(number)
            pending += _uses(lemmas[number].by, ())
            pending += [before[number]] if number in before else []
    new = {old: number for number, old in enumerate(sorted(needed))}
    kept = [replace(lemmas[k], by=_argument(lemmas[k].by, new.__getitem__)) for k in sorted(needed)]
    moved = [
        replace(
            s, by=_argument(s.by, new.__getitem__), reasons=_reasons(s.reasons, new.__getitem__)
        )
        for s in slopes
    ]
    return Proof((*kept, *moved), _reasons(reasons, new.__getitem__))


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
