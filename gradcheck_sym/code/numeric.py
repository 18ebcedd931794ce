"""The second opinion on code: the user's own functions in NumPy, where a verdict speaks of them.

What they return has to be what was traced, and for a proof what difference quotients say. It
shares nothing with the proof but the functions, and at which points its conditions hold. So it
notices where what was traced is not what NumPy does, or where a function treats numbers in another
way. Floats decide nothing else.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count, islice
from pathlib import Path

from gradcheck_sym.array import Let
from gradcheck_sym.array.entries import Entries
from gradcheck_sym.array.graph import names
from gradcheck_sym.array.shape import letters
from gradcheck_sym.checker.proof import Witness
from gradcheck_sym.code.called import quietly
from gradcheck_sym.code.drawn import drawn_at, drawn_near, draws
from gradcheck_sym.code.here import Here, Traced
from gradcheck_sym.code.lines import Line
from gradcheck_sym.code.questions import defined
from gradcheck_sym.code.run import Run
from gradcheck_sym.deadline import OutOfTime, deadline, wall_clock
from gradcheck_sym.errors import raised
from gradcheck_sym.hypotheses import Assumption
from gradcheck_sym.verdict import Counterexample, Evidence

CONTRADICTED = 2  # points, so that a border of cases nearby is no disagreement
SECONDS = 2.5  # of work
MOST_NEAR = 10  # points near a witness
FEW = 64  # points at which what is drawn at random is looked at for a counterexample
CLEARLY = 10  # times what a quotient may be off, where two numbers are apart
LONGEST = 10.0  # seconds in all, since functions may wait


@dataclass(frozen=True)
class Opinion:
    """How many points agree, and disagree; `failed` is what NumPy raised, and where.

    `refused` is that too, unless it was of the numbers there.
    """

    agree: int
    against: int
    failed: str | None
    refused: str | None = None
    otherwise: int = 0  # points at which something else is returned than was traced
    beyond: int = 0  # points at which it is wrong, and conditions do not hold
    lost: int = 0  # points at which it is wrong, and numbers are too large for a float
    strayed: str | None = None  # a line that is run with numbers alone

    @property
    def seen(self) -> bool:
        """Whether there was anything to compare."""
        return bool(self.agree or self.against)

    @property
    def overflows(self) -> bool:
        """Whether the gradient is wrong wherever there was something to compare, for overflow."""
        return self.lost > 0 and not self.agree

    @property
    def hides(self) -> bool:
        """Whether conditions hold where the gradient is right, and leave out where it is not."""
        return self.beyond >= CONTRADICTED or (self.beyond > 0 and not self.agree)

    @property
    def contradicts(self) -> bool:
        """Whether the functions themselves say that the gradient is wrong."""
        wrong = self.against >= CONTRADICTED or (self.against > 0 and not self.agree)
        return wrong or self.otherwise > 0


class SecondOpinion:
    """What NumPy says of one run: the same points for all inputs, each looked at once."""

    def __init__(self, run: Run, assumed: Sequence[Assumption]) -> None:
        self._run, self._assumed = run, assumed
        entries = Entries()
        arrays = names(run.loss, *run.claims.values())
        definitions = {n: defined(a, entries) for n, a in arrays.items() if isinstance(a, Let)}
        claims = {}
        for name, claim in run.claims.items():
            places = letters(claim.shape)
            claims[name] = places, entries.at(claim, claim.places(places))
        self._traced = Traced(definitions, entries.at(run.loss, ()), claims)
        terms = [definition.value for definition in definitions.values()]
        terms += [self._traced.loss, *(term for _, term in claims.values())]
        self._draws = draws(run, assumed, *terms)
        self._points: list[Here] = []

    def on(self, wrt: str, proofs: Sequence[Evidence] = ()) -> Opinion:
        """Compare what is returned with quotients and with the trace, where conditions hold.

        Quotients are taken also where they do not hold: max(x, 0) − x ≠ 0 reads as a kink is left
        out, and leaves out all x > 0.
        """
        found = self._at(self.points(), wrt, proofs)
        witnesses = [proof.proof.witness for proof in proofs if proof.proof.witness]
        if found.seen or found.otherwise or found.beyond or not witnesses:
            return found
        near = self._at(self._near(witnesses), wrt, proofs)
        failed, refused = near.failed or found.failed, near.refused or found.refused
        return replace(near, failed=failed, refused=refused)

    def _at(self, points: Iterable[Here], wrt: str, proofs: Sequence[Evidence]) -> Opinion:
        """What is seen at these points, as far as there is time."""
        agree = against = otherwise = beyond = lost = 0
        lines = set[Line]()
        failed: str | None = None
        refused: str | None = None
        with contextlib.suppress(OutOfTime), deadline(SECONDS), wall_clock(LONGEST):
            for here in points:
                try:
                    with quietly():
                        unmet = [here.unmet(proof.theorem) for proof in proofs]
                        admitted = all(conditions == [] for conditions in unmet)
                        if not admitted and self._run.trace.inside_clip:
                            continue
                        pairs = list(here.differences(wrt)) if here.drawn.usual else []
                        if pairs:
                            wrong = any(abs(q - found) > most for q, found, most in pairs)
                            agree += admitted and not wrong
                            lost += admitted and wrong and here.called.overflowed
                            wrong = wrong and not here.called.overflowed
                            against += admitted and wrong
                            beyond += wrong and not admitted
                        otherwise += admitted and here.is_otherwise(wrt)
                        lines |= here.called.lines
                except OutOfTime:
                    raise
                except (Exception, SystemExit) as error:
                    failed = f"{here.where}{raised(error)}"
                    if not isinstance(error, ArithmeticError):
                        refused = refused or failed
        strayed = self._strayed(lines)
        return Opinion(agree, against, failed, refused, otherwise, beyond, lost, strayed)

    def _strayed(self, lines: set[Line]) -> str | None:
        """The first line that was run with numbers alone."""
        for file, number in sorted(lines - self._run.trace.ran)[:1]:
            return f"line {number} of {Path(file).name}"
        return None

    def admits(self, wrt: str, point: Counterexample) -> bool:
        """Whether nothing in NumPy speaks against a counterexample.

        Against it speaks that something else is computed there than was traced, or that a
        difference quotient is what is returned, where the two are clearly apart.
        """
        here = self.at(point)
        gap = abs(Fraction(point.left.low) - Fraction(point.right.low))
        try:
            with quietly(), deadline(SECONDS), wall_clock(LONGEST):
                if here.is_otherwise(wrt):
                    return False
                if self._run.is_random:
                    return not any(there.is_otherwise(wrt) for there in self._some())
                pairs = here.difference(wrt, here.place(wrt, point))
                return all(
                    abs(q - found) > most or gap < CLEARLY * most for q, found, most in pairs
                )
        except (Exception, SystemExit):  # they do not run there, or take too long
            return True

    def _near(self, witnesses: Sequence[Witness]) -> Iterator[Here]:
        """Points near those at which conditions hold, where they hold at none that was drawn."""
        for seed in range(MOST_NEAR):
            for witness in witnesses:
                yield Here(
                    self._run, drawn_near(self._run, self._assumed, witness, seed), self._traced
                )

    def _some(self) -> Iterator[Here]:
        """Points at which what is drawn is not that of a counterexample, but is known."""
        return islice(self.points(), FEW)

    def at(self, point: Counterexample) -> Here:
        """The functions at the point of a counterexample."""
        return Here(self._run, drawn_at(self._run, point), self._traced)

    def points(self) -> Iterator[Here]:
        """The points, made when they are asked for."""
        for place in count():
            if place == len(self._points):
                if (drawn := next(self._draws, None)) is None:
                    return
                self._points.append(Here(self._run, drawn, self._traced))
            yield self._points[place]
