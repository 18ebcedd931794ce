"""The verdicts on all entries of a gradient: one for all of them where they differ in nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeAlias, overload

from gradcheck_sym.answer import Answers
from gradcheck_sym.refuter.symmetry import Symmetry
from gradcheck_sym.term.terms import Letter
from gradcheck_sym.verdict import Proved, Refuted, Verdict

Progress: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True)
class OneForAll(Sequence[Verdict]):
    """So many verdicts, all like the first one; each is made when it is asked for."""

    first: Verdict
    total: int
    moved: Callable[[int], Verdict]

    def __len__(self) -> int:
        return self.total

    @overload
    def __getitem__(self, key: int) -> Verdict: ...
    @overload
    def __getitem__(self, key: slice) -> Sequence[Verdict]: ...
    def __getitem__(self, key: int | slice) -> Verdict | Sequence[Verdict]:
        if isinstance(key, slice):
            return [self[place] for place in range(self.total)[key]]
        return self.moved(range(self.total)[key])


def verdicts(answers: Answers, progress: Progress) -> Sequence[Verdict]:
    """The verdict on each entry, row by row; an index over a size that is a name stays a name."""
    letters = answers.question.free_letters
    total = prod(x.size for x in letters if isinstance(x.size, int))
    if general := answers.general:
        progress(total, total)
        return OneForAll(general, total, lambda _: general)
    found = [answers.entry(numbers_at(letters, 0))]
    if one := answers.thorough:
        progress(total, total)
        return OneForAll(one, total, lambda _: one)
    symmetry = Symmetry(answers.question.statement)
    if symmetry.holds and not isinstance(found[0], Proved):
        progress(total, total)
        return OneForAll(found[0], total, lambda k: _moved(found[0], symmetry, letters, k))
    for place in range(1, total):
        progress(place, total)
        found.append(answers.entry(numbers_at(letters, place)))
    progress(total, total)
    return found


def _moved(first: Verdict, symmetry: Symmetry, letters: Sequence[Letter], place: int) -> Verdict:
    if isinstance(first, Refuted):
        at = numbers_at(letters, place)
        return Refuted(symmetry.moved(first.counterexample, at))
    return first


def numbers_at(letters: Sequence[Letter], place: int) -> Mapping[str, int]:
    """The numbers of the indices at a place, counted row by row; one over a name has none."""
    found: dict[str, int] = {}
    for letter in reversed(letters):
        if isinstance(letter.size, int):
            place, number = divmod(place, letter.size)
            found[letter.name] = number + 1
    return dict(reversed(found.items()))
