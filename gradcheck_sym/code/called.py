"""The user's functions called in NumPy at one point: what they return, and difference quotients."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from math import isfinite
from random import Random
from types import CodeType, SimpleNamespace
from typing import Any, TypeAlias

from gradcheck_sym.code.copied import copied
from gradcheck_sym.code.digits import Quotient, digits_of
from gradcheck_sym.code.drawn import Drawn
from gradcheck_sym.code.lines import SCRIPT, Line, lines_run
from gradcheck_sym.code.passing import in_script, size_in_script
from gradcheck_sym.code.recorded import Record, recording, values
from gradcheck_sym.code.restored import restored
from gradcheck_sym.code.run import Run
from gradcheck_sym.code.script import SEED
from gradcheck_sym.trace.guard import guarded

MOST_ENTRIES = 12  # of the gradient that are looked at, at each point

Entry: TypeAlias = tuple[int, ...]


class Called:
    """The functions of a run at a point."""

    def __init__(self, run: Run, drawn: Drawn) -> None:
        self._run, self._drawn, self.digits = run, drawn, digits_of(run.trace)
        self.lines: set[Line] = set()  # of the user's that were run, the first time
        self._valued = False
        self.overflowed = False  # a number was too large for a float, and what follows is none

    def places(self, wrt: str) -> list[Entry]:
        """The entries that are looked at."""
        import numpy as np

        every = list(np.ndindex(self._drawn.arrays[wrt].shape))
        return Random(len(every)).sample(every, min(len(every), MOST_ENTRIES))

    def quotient(self, wrt: str, place: Entry, by: float | None = None) -> Quotient:
        """The difference quotient by an entry."""
        import numpy as np

        by = by or self.digits.step
        values = []
        for step in (by, -by):
            moved = {name: np.copy(array) for name, array in self._drawn.arrays.items()}
            moved[wrt][place] += step
            values.append(self.value(moved))
        value = (values[0] - values[1]) / (2 * by)
        return Quotient(value, max(map(abs, values)), self.digits)

    def quotients(self, wrt: str) -> dict[Entry, Quotient]:
        """Those by the entries that are looked at, where they are numbers."""
        found = {place: self.quotient(wrt, place) for place in self.places(wrt)}
        return {place: quotient for place, quotient in found.items() if isfinite(quotient.value)}

    def right(self, wanted: Mapping[str, Mapping[Entry, Quotient]]) -> set[str]:
        """What the functions, run anew, return rightly.

        Nothing if the loss is another, or something that they leave behind and nobody checks.
        """
        there = self.executed(self._drawn.arrays)
        if self.value(self._drawn.arrays, there) != self._loss or self._left(there) != self._before:
            return set()
        return {wrt for wrt, quotients in wanted.items() if self._is_right(there, wrt, quotients)}

    def _is_right(
        self, there: dict[str, Any], wrt: str, quotients: Mapping[Entry, Quotient]
    ) -> bool:
        try:
            found = self.returned(there, wrt)
        except (ValueError, TypeError, LookupError):
            return False
        return all(quotient.is_near(float(found[place])) for place, quotient in quotients.items())

    def value(self, arrays: dict[str, Any], there: dict[str, Any] | None = None) -> float:
        """The loss at these inputs."""
        there = there or self.ran  # which has a record of its own
        watching = nullcontext() if self._valued else lines_run(self.lines)
        self._valued = True
        with self._recording(), self._undone(), self._noticing(), watching, guarded():
            return self._value(arrays, there)

    def _value(self, arrays: dict[str, Any], there: dict[str, Any]) -> float:
        run = self._run
        given = {**self._given(arrays), **copied(dict(run.constants))}
        return float(there["_value"](*(given[name] for name in [*run.inputs, *run.constants])))

    @cached_property
    def random(self) -> dict[str, Any] | None:
        """The values of what is drawn; None if that is not what was traced, or has none."""
        run = self._run
        kept = list(self.ran["_recorded"])
        if run.script.runs_apart:
            with self._recording() as of_the_loss, guarded():
                self._value(self._drawn.arrays, self.ran)
            kept = [*of_the_loss, *kept]
        found = values(run.trace.calls, kept)
        return None if found is None else found | self._drawn.zeros(run.empty)

    def _given(self, arrays: Mapping[str, Any]) -> dict[str, Any]:
        """Copies; at every other point numbers are no arrays, as people pass them."""
        import numpy as np

        found = {name: np.copy(array) for name, array in arrays.items()}
        if self._drawn.seed % 2:
            kept = self._run.weights
            return {n: x if x.ndim or n in kept else x[()] for n, x in found.items()}
        return found

    def _undone(self) -> AbstractContextManager[None]:
        """What the functions keep is as before afterwards, where they keep something."""
        keeps, functions = self._run.may_keep, self._run.script.functions
        return restored(*functions, everything=True) if keeps else nullcontext()

    def _recording(self) -> AbstractContextManager[Record]:
        """What is drawn is kept, where something is."""
        run, (function, *_) = self._run, self._run.script.functions
        if not run.trace.calls:
            return nullcontext(Record())
        return recording(function, self._drawn.seed, run.drawing)

    def _noticing(self) -> AbstractContextManager[object]:
        """What overflows is noticed."""
        import numpy as np

        def notice(*_: object) -> None:
            self.overflowed = True

        return np.errstate(over="call", call=notice)

    @cached_property
    def _before(self) -> dict[str, Any]:
        return self._left(self.ran)

    def _left(self, there: dict[str, Any]) -> dict[str, Any]:
        """What is left in the arrays that are given, and in attributes that are no gradients."""
        import numpy as np

        upstreams = [upstream.name for upstream in self._run.upstreams]
        found = {name: there[in_script(name)].tolist() for name in upstreams}
        checked = {self._run.script.place(wrt) for wrt in self._run.claims}
        for name, value in getattr(there.get("_layer"), "__dict__", {}).items():
            if isinstance(value, np.ndarray) and f"_layer.{name}" not in checked:
                found[f".{name}"] = value.tolist()
        return found

    @cached_property
    def _loss(self) -> float:
        return self.value(self._drawn.arrays)

    def returned(self, there: dict[str, Any], wrt: str) -> Any:
        """The gradient that was returned; raises `ValueError` for another shape than that."""
        import numpy as np

        returned = np.asarray(eval(self._run.script.place(wrt), there))
        if returned.shape != self._drawn.arrays[wrt].shape:
            raise ValueError(f"what is returned has the shape {returned.shape}")
        return returned

    def run_anew(self) -> None:
        """Call the functions here."""
        self.executed(self._drawn.arrays)

    @cached_property
    def ran(self) -> dict[str, Any]:
        """What there is after the functions were called here."""
        return self.executed(self._drawn.arrays, watching=lines_run(self.lines))

    def executed(
        self, arrays: dict[str, Any], watching: AbstractContextManager[None] | None = None
    ) -> dict[str, Any]:
        """The script's names, after it was run with these arrays, and watched, if it is to be."""
        import numpy as np

        run = self._run
        functions = {f"f{k}": f for k, f in enumerate(run.script.functions)}
        here: dict[str, Any] = {
            **{"np": np, "deepcopy": copied},
            **{size_in_script(n, run.arrays): size for n, size in self._drawn.sizes.items()},
            **{in_script(n): x for n, x in run.constants.items()},
            **run.made_with,
            **{in_script(n): x for n, x in self._given(arrays).items()},
            "_user": SimpleNamespace(**functions),
        }
        watching = watching or nullcontext()
        with (
            self._recording() as here["_recorded"],
            self._undone(),
            self._noticing(),
            watching,
            guarded(),
        ):
            exec(self._script, here)
        return here

    @cached_property
    def _script(self) -> CodeType:
        """The same lines as in the script that is shown: what is run is what a reader can run."""
        run = self._run
        names = [f"_user.f{k}" for k, _ in enumerate(run.script.functions)]
        lines = run.script.lines([*run.inputs, *run.constants], names)
        text = "\n".join(lines).replace(SEED, f"np.random.seed({self._drawn.seed})")
        return compile(text, SCRIPT, "exec")


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Nothing is said, printed or logged, and NumPy's own random numbers go on as before."""
    import numpy as np

    before, drawn = logging.root.manager.disable, np.random.get_state()
    nowhere = io.StringIO()
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        warnings.simplefilter("ignore")
        logging.disable()
        try:
            yield
        finally:
            logging.disable(before)
            np.random.set_state(drawn)
