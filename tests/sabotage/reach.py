"""Which functions a claim comes through, so that a mutant is asked what it may change alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from random import Random
from time import perf_counter
from types import FrameType
from typing import Any, NamedTuple

from tests.sabotage.mutants import ROOT, Mutant


class Reached(NamedTuple):
    """The functions that the work of a claim calls, by file and name, and how long it takes."""

    functions: frozenset[tuple[str, str]]
    seconds: float


def reached(work: Callable[[], Any], folders: Sequence[str]) -> Reached:
    """What the work calls in these folders."""
    roots = tuple(str(ROOT / folder) + "/" for folder in folders)
    found: set[tuple[str, str]] = set()

    def called(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(roots):
            found.add((code.co_filename, _plain(code.co_qualname)))

    started = perf_counter()
    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(None)
    names = frozenset((file.removeprefix(f"{ROOT}/"), name) for file, name in found)
    return Reached(names, perf_counter() - started)


def _plain(name: str) -> str:
    """A qualified name without what a lambda or a comprehension adds."""
    parts = (part for part in name.split(".") if not part.startswith("<"))
    return ".".join(parts)


def chosen(mutant: Mutant, reach: Sequence[Reached], seconds: float, random: Random) -> list[int]:
    """Claims that come through what a mutant changes, in no order, for about so many seconds."""
    place = mutant.file, mutant.where
    through = [k for k, r in enumerate(reach) if _comes_through(place, r.functions)]
    random.shuffle(through)
    found: list[int] = []
    for k in through:
        if seconds > 0:
            found.append(k)
            seconds -= reach[k].seconds
    return found


def _comes_through(place: tuple[str, str], functions: frozenset[tuple[str, str]]) -> bool:
    """Whether the function is called; a module or a class counts if anything in it is."""
    file, where = place
    return place in functions or any(
        other == file and (not where or name.startswith(f"{where}.")) for other, name in functions
    )
