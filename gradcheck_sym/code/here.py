"""The user's functions in NumPy at one point: what they return, the trace, quotients."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random
from types import SimpleNamespace
from typing import Any, NamedTuple

from gradcheck_sym.checker.check import Theorem
from gradcheck_sym.checker.evaluator import PRECISION, Evaluator
from gradcheck_sym.checker.interval import ends
from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.checker.witness import Place
from gradcheck_sym.code.drawn import Drawn
from gradcheck_sym.code.maxima import evaluator_with_maxima
from gradcheck_sym.code.run import Run
from gradcheck_sym.term.terms import Letter, Term
from gradcheck_sym.verdict import Counterexample

STEP = 1e-5
RELATIVE = 1e-4  # how far the two may be from one another, of the larger one,
OF_LOSS = 1e-8  # and beside that of the loss, whose digits a difference quotient loses
TRACED = 1e-5  # how far what is returned may be from what was traced
SHAKEN = 1e-12  # by which inputs are moved, to see how many digits a function keeps
MOST_ENTRIES = 12  # of the gradient that are looked at, at each point
MOST_TRACED = 4  # of these that are compared with the trace


@dataclass(frozen=True)
class Traced:
    """What was traced, as terms; a claim with the letters of its entries."""

    definitions: Mapping[str, Definition]
    loss: Term
    claims: Mapping[str, tuple[Sequence[Letter], Term]]


class Quotient(NamedTuple):
    """A difference quotient of the loss, and how large the loss is."""

    value: float
    of: float

    def most(self, found: float) -> float:
        """How far it may be from what is returned."""
        return RELATIVE * max(abs(self.value), abs(found)) + OF_LOSS * self.of + 1e-9


class Here:
    """The user's functions at one point."""

    def __init__(self, run: Run, drawn: Drawn, traced: Traced) -> None:
        self._run, self.drawn, self._traced = run, drawn, traced

    @property
    def where(self) -> str:
        """The sizes, for people."""
        told = ", ".join(f"{name} = {size}" for name, size in self.drawn.sizes.items())
        return f"at {told}: " if told else ""

    def admits(self, theorem: Theorem) -> bool:
        """Whether the conditions of a theorem hold here.

        Of what is drawn at random that is not known: there quotients are taken anyhow, since where
        there is none they are no numbers, or differ at a point among many.
        """
        if self._run.is_random:
            return True
        try:
            evaluator = evaluator_with_maxima(
                self._run, theorem.statement.definitions, self.drawn, PRECISION
            )
            return all(map(Place(evaluator).satisfies, theorem.conditions))
        except (ArithmeticError, LookupError):
            return False

    def differences(self, wrt: str) -> Iterator[tuple[float, float, float]]:
        """Difference quotients, what is returned, and how far the two may be apart."""
        for place in self._places(wrt):
            yield from self.difference(wrt, place)

    def difference(self, wrt: str, place: tuple[int, ...]) -> Iterator[tuple[float, float, float]]:
        """The same for one entry, if both numbers are finite."""
        import numpy as np

        quotient = self._quotient(wrt, place)
        found = float(self._returned(self._ran, wrt)[place])
        if np.isfinite(quotient.value) and np.isfinite(found):
            yield quotient.value, found, quotient.most(found)

    def quotients(self, wrt: str) -> dict[tuple[int, ...], Quotient]:
        """The difference quotients by the entries that are looked at."""
        return {place: self._quotient(wrt, place) for place in self._places(wrt)}

    def returns(self, wanted: Mapping[str, Mapping[tuple[int, ...], Quotient]]) -> bool:
        """Whether the functions, run anew, return these, and have the loss that they had."""
        there = self._executed(self.drawn.arrays)
        if self._value(self.drawn.arrays, there) != self._loss:
            return False
        for wrt, quotients in wanted.items():
            found = self._returned(there, wrt)
            if not all(abs(q.value - found[p]) <= q.most(found[p]) for p, q in quotients.items()):
                return False
        return True

    def _quotient(self, wrt: str, place: tuple[int, ...]) -> Quotient:
        import numpy as np

        values = []
        for step in (STEP, -STEP):
            moved = {name: np.copy(array) for name, array in self.drawn.arrays.items()}
            moved[wrt][place] += step
            values.append(self._value(moved))
        return Quotient((values[0] - values[1]) / (2 * STEP), max(map(abs, values)))

    def place(self, wrt: str, point: Counterexample) -> tuple[int, ...]:
        """The entry that a counterexample is about; an index of an axis of size 1 is not told."""
        told = iter(point.indices.values())
        shape = self.drawn.arrays[wrt].shape
        if len(point.indices) == len(shape):
            return tuple(number - 1 for number in told)
        return tuple(0 if size == 1 else next(told) - 1 for size in shape)

    def is_otherwise(self, wrt: str) -> bool:
        """Whether the loss, or an entry that is returned, is another than was traced."""
        if self._run.is_random:  # which is drawn anew
            return False
        one, other = (self._returned(here, wrt) for here in (self._ran, self._shaken))
        places, claim = self._traced.claims[wrt]
        return self._loss_is_another or any(
            self._is_another(
                claim,
                {x: k + 1 for x, k in zip(places, place, strict=True)},
                float(one[place]),
                float(other[place]),
            )
            for place in self._places(wrt)[:MOST_TRACED]
        )

    @cached_property
    def _loss_is_another(self) -> bool:
        """The loss, and the loss of one output's entry alone, beside which no other is large."""
        looked_at = [self]
        if self._run.upstreams:
            alone = replace(self.drawn, arrays=self._of_one_output)
            looked_at.append(Here(self._run, alone, self._traced))
        return any(
            here._is_another(here._traced.loss, {}, *map(here._value, here._both))
            for here in looked_at
        )

    @property
    def _both(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return self.drawn.arrays, self._moved

    @property
    def _of_one_output(self) -> dict[str, Any]:
        """The arrays, where but one entry of the gradients by outputs is 0."""
        import numpy as np

        found = dict(self.drawn.arrays)
        random = Random(sum(self.drawn.sizes.values()))
        chosen = random.choice(self._run.upstreams).name
        for upstream in self._run.upstreams:
            own = np.zeros_like(found[upstream.name])
            if upstream.name == chosen:
                own[random.choice(list(np.ndindex(own.shape)))] = 1.0
            found[upstream.name] = own
        return found

    def _is_another(
        self, term: Term, at: Mapping[Letter, int], found: float, nearby: float
    ) -> bool:
        """Whether a term surely has another value, where floats keep digits enough to tell."""
        import numpy as np

        tolerance = TRACED * abs(found) + 1e-7
        if not np.isfinite(found) or not abs(found - nearby) < tolerance / 10:
            return False
        with contextlib.suppress(ArithmeticError, LookupError):
            low, high = map(float, ends(self._evaluator.value(term, at)))
            return found < low - tolerance or found > high + tolerance
        return False

    @cached_property
    def _evaluator(self) -> Evaluator:
        return evaluator_with_maxima(self._run, self._traced.definitions, self.drawn)

    @cached_property
    def _moved(self) -> dict[str, Any]:
        """The arrays, each number in its last digits another."""
        import numpy as np

        random = np.random.default_rng(0)
        return {
            name: array
            if name in self._run.labels
            else array * (1 + SHAKEN * random.uniform(-1, 1, array.shape))
            for name, array in self.drawn.arrays.items()
        }

    def _places(self, wrt: str) -> list[tuple[int, ...]]:
        import numpy as np

        every = list(np.ndindex(self.drawn.arrays[wrt].shape))
        return Random(len(every)).sample(every, min(len(every), MOST_ENTRIES))

    def _value(self, arrays: dict[str, Any], there: dict[str, Any] | None = None) -> float:
        run = self._run
        given = {**arrays, **deepcopy(dict(run.constants))}
        inputs = [*run.inputs, *run.constants]
        return float((there or self._ran)["_value"](*(given[name] for name in inputs)))

    @cached_property
    def _loss(self) -> float:
        return self._value(self.drawn.arrays)

    def _returned(self, here: dict[str, Any], wrt: str) -> Any:
        import numpy as np

        returned = np.asarray(eval(self._run.script.place(wrt), here))
        if returned.shape != self.drawn.arrays[wrt].shape:
            raise ValueError(f"what is returned has the shape {returned.shape}")
        return returned

    @cached_property
    def _ran(self) -> dict[str, Any]:
        return self._executed(self.drawn.arrays)

    @cached_property
    def _shaken(self) -> dict[str, Any]:
        return self._executed(self._moved)

    def _executed(self, arrays: dict[str, Any]) -> dict[str, Any]:
        """The script's names, after it was run with these arrays."""
        import numpy as np

        run = self._run
        functions = {f"f{k}": f for k, f in enumerate(run.script.functions)}
        here: dict[str, Any] = {
            **{"np": np, "deepcopy": deepcopy, **self.drawn.sizes, **run.constants},
            **{name: np.copy(array) for name, array in arrays.items()},
            "_user": SimpleNamespace(**functions),
        }
        # the same lines as in the script that is shown: what is run is what a reader can run
        names = [f"_user.{name}" for name in functions]
        lines = run.script.lines([*run.inputs, *run.constants], names)
        exec(compile("\n".join(lines), "<script>", "exec"), here)
        return here


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Nothing is said or printed."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
