"""The change to one line of the user's function that makes a gradient right.

Each change is looked at in NumPy first, where difference quotients of the loss say what is right.
What agrees there is run on free arrays, and is said only if it is proved.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from gradcheck_sym.code.changed import Changed, changes, in_place
from gradcheck_sym.code.here import Here, Quotient, quietly
from gradcheck_sym.code.run import Run
from gradcheck_sym.deadline import OutOfTime

POINTS, MOST_POINTS = 2, 8
MOST_PROOFS = 3  # that are sought for one gradient

Seen = list[tuple[Here, Mapping[str, Mapping[tuple[int, ...], Quotient]]]]


@dataclass(frozen=True)
class Mend:
    """What is wrong in a line, and what the line is when it is right."""

    sentence: str
    statement: str


class Mends:
    """The changes that make wrong gradients right, and no right one wrong; looked for once."""

    def __init__(self, run: Run, points: Iterator[Here]) -> None:
        self._function, self._seen = run.script.checked, _seen(run, points)
        fits = {name for name in run.claims if self._seen and self._are_right((name,))}
        self._right, self._wrong = fits, run.claims.keys() - fits
        self._untried = changes(self._function) if self._seen and not run.is_random else iter(())
        self._found: list[tuple[Changed, set[str]]] = []

    def of(self, wrt: str, is_right: Callable[[], bool]) -> Mend | None:
        """The change that makes the gradient by `wrt` right, and as many others as one can.

        `is_right` decides it by a proof: it runs the functions anew, as they are then. May raise
        `OutOfTime`, and goes on from there when it is called again.
        """
        self._look()
        fitting = [one for one in self._found if wrt in one[1]]
        for changed, _ in sorted(fitting, key=lambda one: -len(one[1]))[:MOST_PROOFS]:
            with in_place(self._function, changed):
                if is_right():
                    return Mend(f"line {changed.line} {changed.sentence}", changed.statement)
        return None

    def _look(self) -> None:
        """Try the changes, up to the first that makes all right."""
        for changed in self._untried:
            with in_place(self._function, changed):
                met = {name for name in self._wrong if self._are_right((name,))}
                if met and self._are_right(self._right):
                    self._found.append((changed, met))
            if met == self._wrong:
                self._untried = iter(())
                return

    def _are_right(self, names: Collection[str]) -> bool:
        """Whether the functions, as they are now, return what is right."""
        return all(
            _tried(partial(here.returns, {name: wanted[name] for name in names}))
            for here, wanted in self._seen
        )


def _seen(run: Run, points: Iterator[Here]) -> Seen:
    """What is right at a few points, by difference quotients."""
    found: Seen = []
    for here in islice(points, MOST_POINTS):
        if here.drawn.usual and len(found) < POINTS:
            wanted = _tried(partial(_wanted, here, run))
            found += [(here, wanted)] if wanted else []
    return found


def _wanted(here: Here, run: Run) -> Mapping[str, Mapping[tuple[int, ...], Quotient]]:
    return {name: here.quotients(name) for name in run.claims}


def _tried(function: Callable[[], Any]) -> Any:
    """What a function of NumPy gives, or nothing where it does not run."""
    try:
        with quietly():
            return function()
    except OutOfTime:
        raise
    except (Exception, SystemExit):
        return None
