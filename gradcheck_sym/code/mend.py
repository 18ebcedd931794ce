"""The change to one line of the user's function that makes a gradient right.

Each change is looked at in NumPy first, where difference quotients of the loss say what is right.
What agrees there is run on free arrays, and is said only if it is proved.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any

from gradcheck_sym.code.called import Called, Entry, quietly
from gradcheck_sym.code.changed import Changed, changes, in_place, together
from gradcheck_sym.code.digits import Quotient
from gradcheck_sym.code.here import Here
from gradcheck_sym.code.run import Run
from gradcheck_sym.deadline import OutOfTime, has_timer

POINTS, MOST_POINTS = 2, 8
MOST_PROOFS = 3  # that are sought for one gradient

Conditions = tuple[Any, ...]
IsRight = Callable[[Changed, Collection[str]], Conditions | None]  # where it is, if it is proved
Seen = list[tuple[Called, Mapping[str, Mapping[Entry, Quotient]]]]


@dataclass(frozen=True)
class Mend:
    """What is wrong in a line, and what the line is when it is right."""

    line: int
    sentence: str
    statement: str
    conditions: Conditions = ()


@dataclass(frozen=True)
class _Fitting:
    """A change, what it makes right in NumPy, and for which of these a proof was sought."""

    changed: Changed
    met: set[str]
    tried: set[str] = field(default_factory=set)

    @property
    def mend(self) -> Mend:
        """What is said of it."""
        changed = self.changed
        said = f"line {changed.line} {changed.sentence}"
        return Mend(changed.line, said, changed.statement)


class Mends:
    """The changes that make wrong gradients right, and no right one wrong; looked for once.

    `wrong` are those that are seen to be wrong in NumPy.
    """

    def __init__(self, run: Run, points: Iterator[Here]) -> None:
        self._run, self._function = run, run.script.checked
        self._seen: Seen = []
        self._said: dict[str, Changed] = {}
        for here in islice(points, MOST_POINTS):
            if len(self._seen) < POINTS and here.drawn.usual:
                self._see(here.called)
        self._begin()

    def of(self, wrt: str, here: Here | None, is_right: IsRight) -> Mend | None:
        """The change that makes the gradient by `wrt` right, and as many others as one can.

        `here` is a point at which it is wrong, if one is known. `is_right` decides it by a proof:
        it runs the functions anew, as they are then. May raise `OutOfTime`; what was found by then
        is kept.
        """
        if not has_timer():
            return None  # a change may make a loop that never ends
        if here and wrt not in self.wrong:
            self._see(here.called)
            self._begin()
        with self._left_as_it_was():
            return self._sought(wrt, is_right)

    def together(self, one: str, other: str) -> Changed | None:
        """What was said of two gradients, all of it done, if NumPy shows both to be right then."""
        first, second = self._said.get(one), self._said.get(other)
        if first is None or second is None:
            return None
        both = first if first == second else together(self._function, first, second)
        if both is None:
            return None
        with self._left_as_it_was(), in_place(self._function, both):
            return both if self._right | {one, other} <= self._now_right() else None

    def done_by(self, both: Changed) -> set[str]:
        """The gradients of which all that was said is done by a change."""
        return {wrt for wrt, one in self._said.items() if {*one.edits} <= {*both.edits}}

    def say(self, both: Changed, names: Iterable[str]) -> None:
        """Let this be what is said of these gradients."""
        self._said |= dict.fromkeys(names, both)

    def is_returned_for(self, one: str, other: str) -> bool:
        """Whether what is returned for one is the gradient by the other, as NumPy shows."""
        return bool(self._seen) and bool(tried(partial(self._is_for, one, other)))

    def _is_for(self, one: str, other: str) -> bool:
        return all(
            quotient.is_near(float(called.returned(called.ran, one)[place]))
            for called, wanted in self._seen
            for place, quotient in wanted[other].items()
        )

    @contextmanager
    def _left_as_it_was(self) -> Iterator[None]:
        """What the function leaves behind is its own again afterwards."""
        try:
            yield
        finally:
            for called, _ in self._seen[:1]:
                tried(called.run_anew)

    def _sought(self, wrt: str, is_right: IsRight) -> Mend | None:
        for _ in range(MOST_PROOFS):
            self._look()
            fitting = [one for one in self._found if wrt in one.met and wrt not in one.tried]
            if not fitting:
                break
            best = max(fitting, key=lambda one: len(one.met))
            best.tried.add(wrt)
            with in_place(self._function, best.changed):
                conditions = is_right(best.changed, best.met)
                if conditions is not None:
                    self._said[wrt] = best.changed
                    return replace(best.mend, conditions=conditions)
        return None

    def _begin(self) -> None:
        self._right = self._now_right() if self._seen else set(self._run.claims)
        self.wrong = self._run.claims.keys() - self._right
        self._found: list[_Fitting] = []
        self._untried: Iterator[Changed] = iter(())
        if self.wrong and not self._run.is_random:
            self._untried = changes(self._function, self._seen[0][0].run_anew)

    def _see(self, called: Called) -> None:
        """What is right at a point, by difference quotients."""
        names = self._run.claims
        wanted = tried(lambda: {name: called.quotients(name) for name in names})
        self._seen += [(called, wanted)] if wanted else []

    def _look(self) -> None:
        """Try the changes, up to the next that makes all right."""
        if any(one.met == self.wrong and not one.tried for one in self._found):
            return
        for changed in self._untried:
            with in_place(self._function, changed):
                now = self._now_right()
            met = now & self.wrong
            if met and self._right <= now:
                self._found.append(_Fitting(changed, met))
                if met == self.wrong:
                    return

    def _now_right(self) -> set[str]:
        """What the functions, as they are now, return rightly."""
        found = set(self._run.claims)
        for called, wanted in self._seen:
            if found:
                found &= tried(partial(called.right, wanted)) or set()
        return found


def tried(function: Callable[[], Any]) -> Any:
    """What a function of NumPy gives, or nothing where it does not run."""
    try:
        with quietly():
            return function()
    except OutOfTime:
        raise
    except (Exception, SystemExit):
        return None
