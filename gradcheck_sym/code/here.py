"""The user's functions in NumPy at one point: what they return, the trace, quotients."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import nan
from random import Random
from typing import Any

from gradcheck_sym.checker.check import Theorem
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.statement import Definition
from gradcheck_sym.checker.witness import Place
from gradcheck_sym.code.called import Called, quietly
from gradcheck_sym.code.digits import DOUBLE
from gradcheck_sym.code.drawn import Drawn
from gradcheck_sym.code.maxima import evaluator_with_maxima, floats_with_maxima
from gradcheck_sym.code.run import Run
from gradcheck_sym.deadline import wall_clock
from gradcheck_sym.refuter.floats import Floats
from gradcheck_sym.term.terms import Letter, Term
from gradcheck_sym.values.evaluator import PRECISION, Evaluator
from gradcheck_sym.values.interval import ends
from gradcheck_sym.verdict import Counterexample

SHAKEN = 1e-12  # by which inputs are moved, to see how many digits a function keeps
SMALLER = (1e-7, 1e-8, 1e-9)  # steps, of difference quotients
SHOWS = 1e-3  # how near such a quotient has to come
LONGEST = 2.0  # seconds on the clock for these
MOST_TRACED = 4  # entries of the gradient that are compared with the trace


@dataclass(frozen=True)
class Traced:
    """What was traced, as terms; a claim with the letters of its entries."""

    definitions: Mapping[str, Definition]
    loss: Term
    claims: Mapping[str, tuple[Sequence[Letter], Term]]


class Here:
    """The user's functions at one point."""

    def __init__(self, run: Run, drawn: Drawn, traced: Traced) -> None:
        self._run, self.drawn, self._traced = run, drawn, traced
        self.called = Called(run, drawn)

    @property
    def where(self) -> str:
        """The sizes, for people."""
        told = ", ".join(f"{name} = {size}" for name, size in self.drawn.sizes.items())
        return f"at {told}: " if told else ""

    def unmet(self, theorem: Theorem) -> list[Obligation] | None:
        """The conditions of a theorem that do not hold here; None where that is not known."""
        if self._known is None or not theorem.conditions:
            return []
        known = theorem.statement.definitions
        try:
            evaluator = evaluator_with_maxima(self._run, known, self._known, PRECISION)
            return [x for x in theorem.conditions if not Place(evaluator).satisfies(x)]
        except (ArithmeticError, LookupError):
            return None

    def differences(self, wrt: str) -> Iterator[tuple[float, float, float]]:
        """Difference quotients, what is returned, and how far the two may be apart."""
        for place in self.called.places(wrt):
            yield from self.difference(wrt, place)

    def difference(self, wrt: str, place: tuple[int, ...]) -> Iterator[tuple[float, float, float]]:
        """The same for one entry, if both numbers are finite.

        The quotient is that by a smaller step where the usual one goes over a border or a wave.
        """
        import numpy as np

        quotient = self.called.quotient(wrt, place)
        found = float(self.called.returned(self._ran, wrt)[place])
        if not (np.isfinite(quotient.value) and np.isfinite(found)):
            return
        if not quotient.is_near(found) and self.called.digits is DOUBLE:
            smaller = (self.called.quotient(wrt, place, step) for step in SMALLER)
            quotient = next((one for one in smaller if one.is_near(found)), quotient)
        yield quotient.value, found, quotient.most(found)

    def step(self, wrt: str, point: Counterexample) -> float:
        """With which a difference quotient shows the derivative, where a border may be near."""
        usual = self.called.digits.step
        place, wanted = self.place(wrt, point), float(Fraction(point.left.low))
        with contextlib.suppress(Exception), quietly(), wall_clock(LONGEST):
            for step in (usual, *SMALLER):
                found = self.called.quotient(wrt, place, step).value
                if abs(found - wanted) <= SHOWS * abs(wanted) + SHOWS:
                    return step
        return usual

    def place(self, wrt: str, point: Counterexample) -> tuple[int, ...]:
        """The entry that a counterexample is about; an index of an axis of size 1 is not told."""
        told = iter(point.indices.values())
        shape = self.drawn.arrays[wrt].shape
        if len(point.indices) == len(shape):
            return tuple(number - 1 for number in told)
        return tuple(0 if size == 1 else next(told) - 1 for size in shape)

    def is_otherwise(self, wrt: str) -> bool:
        """Whether the loss, or an entry that is returned, is another than was traced.

        What overflows says nothing: a proof is about real numbers.
        """
        if self._known is None:
            return True
        one, other = (self.called.returned(here, wrt) for here in (self._ran, self._shaken))
        places, claim = self._traced.claims[wrt]
        if self._loss_is_another:
            return True
        return not self.called.overflowed and any(
            self._is_another(
                claim,
                {x: k + 1 for x, k in zip(places, place, strict=True)},
                float(one[place]),
                float(other[place]),
            )
            for place in self.called.places(wrt)[:MOST_TRACED]
        )

    @cached_property
    def _loss_is_another(self) -> bool:
        """The loss, and the loss of one output's entry alone, beside which no other is large."""
        looked_at = [self]
        if self._run.upstreams:
            alone = replace(self.drawn, arrays=self._of_one_output)
            looked_at.append(Here(self._run, alone, self._traced))
        return any(
            here._is_another(here._traced.loss, {}, *map(here.called.value, here._both))
            and not here.called.overflowed
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

        digits = self.called.digits
        tolerance = digits.traced * abs(found) + digits.least
        if not np.isfinite(found) or not abs(found - nearby) < tolerance / 10:
            return False
        by_floats = self._in_floats(term, at)
        if abs(by_floats - found) < tolerance / 2:
            return False
        with contextlib.suppress(ArithmeticError, LookupError):
            low, high = map(float, ends(self._evaluator.value(term, at)))
            another = found < low - tolerance or found > high + tolerance
            return another and not abs(by_floats - low) >= abs(found - low) / 10
        return False

    def _in_floats(self, term: Term, at: Mapping[Letter, int]) -> float:
        """What floats make of what was traced: of 1 − tanh² at 20 they keep no digit.

        No number where that is not known.
        """
        try:
            return self._floats.value(term, dict(at))
        except (ArithmeticError, LookupError):
            return nan

    @cached_property
    def _floats(self) -> Floats:
        known = self._known or self.drawn
        return floats_with_maxima(self._run, self._traced.definitions, known)

    @cached_property
    def _evaluator(self) -> Evaluator:
        known = self._known or self.drawn
        return evaluator_with_maxima(self._run, self._traced.definitions, known)

    @cached_property
    def _known(self) -> Drawn | None:
        """The point with what is drawn there at random, if that is known."""
        if not self._run.is_random:
            return self.drawn
        random = self.called.random
        return None if random is None else replace(self.drawn, arrays=self.drawn.arrays | random)

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

    @cached_property
    def _ran(self) -> dict[str, Any]:
        return self.called.ran

    @cached_property
    def _shaken(self) -> dict[str, Any]:
        return self.called.executed(self._moved)
