"""THE KERNEL: are these two expressions equal? → Verdict.

Equal normal forms, or a difference that vanishes over a common denominator, prove it. Names
are kept first, which is fast and needs few lemmas; if that does not decide, they unfold
from the last to the first. A point at which exact or interval arithmetic separates the two
sides refutes it. Nothing else decides: no `simplify`, no `equals`, no sampling of floats.

To believe a `Proved` one reads this file and what it imports from this folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

import sympy

from gradcheck_sym.cases import plain
from gradcheck_sym.kernel.algebra import NotDefined
from gradcheck_sym.kernel.conditions import Vacuous, Witnesses
from gradcheck_sym.kernel.context import Context, Domain, Hypotheses, Requirement
from gradcheck_sym.kernel.facts import Facts, always, facts, needed, note
from gradcheck_sym.kernel.instance import Instances
from gradcheck_sym.kernel.meetings import Needed, meetings, refuse_meetings
from gradcheck_sym.kernel.memory import Memory
from gradcheck_sym.kernel.normal_form import NormalForms, Unsupported
from gradcheck_sym.kernel.notes import Notes
from gradcheck_sym.kernel.polynomial import Numbers, Poly, TooLarge, add
from gradcheck_sym.kernel.quotient import vanishes
from gradcheck_sym.kernel.to_sympy import to_sympy
from gradcheck_sym.kernel.unfolding import opacities
from gradcheck_sym.kernel.witness import FEW_TRIES, QUICK_TRIES, THOROUGH_TRIES, Search, Tries
from gradcheck_sym.verdict import Counterexample, Evidence, Proved, Refuted, Undecided, Verdict

MOST_TOO_LARGE = 2  # levels; with more names unfolded, normal forms are hardly smaller


class Equation:
    """left = right, for every value of the inputs, with free indices as in the context."""

    def __init__(
        self,
        left: sympy.Expr,
        right: sympy.Expr,
        context: Context,
        domain: Domain | None = None,
        memory: Memory | None = None,
    ) -> None:
        """`domain` is where the sides are defined as they were written, if that is known."""
        self.left, self.right, self.context = left, right, context
        self._levels = [_Level(self, opaque) for opaque in opacities(context)]
        self.domain = None if domain is None else tuple(self._levels[0].unsure(domain))
        self._search = Search(left, right, context, self.domain, memory)
        self._served: Evidence | None = None
        self.witnesses = Witnesses(context)
        self.too_large = 0  # levels, so far

    def under(self, hypotheses: Hypotheses) -> Equation:
        """The same equation under other hypotheses."""
        context = replace(self.context, hypotheses=hypotheses)
        return Equation(self.left, self.right, context, self.domain, self._search.memory)

    def instead(self, left: sympy.Expr) -> Equation:
        """Another left side for the same right side, defined where the old one is."""
        return Equation(left, self.right, self.context, self.domain, self._search.memory)

    def decide(self, at: Numbers) -> Verdict:
        """The verdict where the indices that `at` names are these numbers."""
        if self._served:
            return Proved(self._served)
        quick, *thorough = self._attempts(at)
        if self._levels[0].is_dear and (point := self._point(at, FEW_TRIES)):
            return Refuted(point)
        reason, vacuous = "the normal forms differ, but no point was found where the sides do", ""
        for attempts, tries in (([quick], QUICK_TRIES), (thorough, THOROUGH_TRIES)):
            for attempt in attempts:
                try:
                    if evidence := attempt():
                        return Proved(evidence)
                except Vacuous as error:
                    vacuous = str(error)
                    if not self.witnesses.exist(self.domain or ()):
                        return Undecided(vacuous)
                except (Unsupported, NotDefined, TooLarge) as error:
                    reason = str(error)
            if not vacuous and (point := self._point(at, tries)):
                return Refuted(point)
        return Undecided(vacuous or reason)

    def holds(self, at: Numbers) -> bool:
        """Whether `decide` would prove it, without the pains of a good counterexample."""
        if self._served:
            return True
        if self._levels[0].is_dear and self._search.separates(at):
            return False
        for number, attempt in enumerate(self._attempts(at)):
            with suppress(Unsupported, NotDefined, TooLarge):
                if attempt():
                    return True
                if number == 0 and self._search.separates(at):
                    return False
        return False

    def _attempts(self, at: Numbers) -> list[Callable[[], Evidence | None]]:
        names_kept, *unfolded = self._levels
        return [
            partial(names_kept.proof, at, quick=True),
            partial(names_kept.proof, at),
            *(partial(self._in_general, level) for level in unfolded),
            *(partial(level.proof, at) for level in unfolded),
        ]

    def _in_general(self, level: _Level) -> Evidence | None:
        """A proof for all values of the indices, which then serves every entry."""
        if not self._differs_somewhere:
            self._served = level.general_proof
        return self._served

    @cached_property
    def _differs_somewhere(self) -> bool:
        """Whether the sides differ where all indices do, so that no general proof can be."""
        ranges = self.context.ranges.items()
        numbers = enumerate(((name, size) for name, size in ranges if size != 1), start=1)
        apart = {name: k for k, (name, size) in numbers if isinstance(size, int) and k <= size}
        return bool(apart) and self._search.separates(apart)

    def point(self, at: Numbers, *, thorough: bool) -> Counterexample | None:
        """A point at which the sides differ, or None."""
        return self._point(at, THOROUGH_TRIES if thorough else QUICK_TRIES)

    def _point(self, at: Numbers, tries: Tries) -> Counterexample | None:
        try:
            return self._search.find(at, tries)
        except Unsupported:
            return None

    def normal_form(self) -> sympy.Expr:
        """The left side in normal form, with the names kept, or as it is where it has none."""
        with suppress(Unsupported, NotDefined, TooLarge):
            return to_sympy(self._levels[0].left)
        return self.left

    def difference(self) -> sympy.Expr:
        """The difference left − right in normal form, with the names kept, for general indices."""
        with suppress(Unsupported, NotDefined, TooLarge):
            left, right = self._levels[0].general
            return to_sympy(add(left, right, -1))
        return plain(self.left - self.right)


class _Level:
    """The two sides with some names kept and the others unfolded."""

    def __init__(self, equation: Equation, opaque: Set[str]) -> None:
        self._equation, self.opaque = equation, opaque

    @cached_property
    def _forms(self) -> NormalForms:
        return NormalForms(self._equation.context, self.opaque)

    def unsure(self, domain: Domain) -> Iterator[Requirement]:
        """What is required that does not hold anyway."""
        for requirement in domain:
            try:
                holds = always(self._forms, requirement)
            except (Unsupported, NotDefined, TooLarge):
                holds = False
            if not holds:
                yield requirement

    @cached_property
    def left(self) -> Poly:
        """The normal form of the left side, for general indices."""
        return self._forms.of(self._equation.left)

    @property
    def general(self) -> tuple[Poly, Poly]:
        """The normal forms of the two sides, for general indices."""
        if isinstance(self._general, Exception):
            raise self._general
        return self._general

    @cached_property
    def _general(self) -> tuple[Poly, Poly] | Exception:
        """Those, or why there are none, which takes long to find."""
        equation, forms = self._equation, self._forms
        if equation.too_large >= MOST_TOO_LARGE:
            return TooLarge("the normal form takes too many terms")
        try:
            left = self.left
            for requirement in equation.domain or ():
                note(forms, requirement)
            return left, forms.of(equation.right)
        except (Unsupported, NotDefined, TooLarge) as error:
            equation.too_large += isinstance(error, TooLarge)
            return error.with_traceback(None)

    @cached_property
    def is_dear(self) -> bool:
        """Whether an instance is more than tuples of its factors, so that a point comes first."""
        try:
            left, right = self.general
            return left != right and not self._instances.are_plain
        except (Unsupported, NotDefined, TooLarge):
            return True

    @cached_property
    def _notes(self) -> Notes:
        """The notes on the general normal forms, before an instance adds its own."""
        _ = self.general
        return self._forms.notes

    @cached_property
    def _instances(self) -> Instances:
        _ = self._notes
        return Instances(self._forms, *self.general)

    def proof(self, at: Numbers, quick: bool = False) -> Evidence | None:
        """The evidence that the sides are equal at these numbers; `quick` compares normal forms."""
        left, right = self.general
        if left == right:
            return self._evidence(left, at, {})
        left, right = self._instances.at(at)
        if left == right or (not quick and vanishes(add(left, right, -1))):
            return self._evidence(left, at, self._forms.notes.used)
        return None

    @cached_property
    def general_proof(self) -> Evidence | None:
        """The evidence that the sides are equal for all values of the free indices."""
        left, right = self.general
        if left == right or vanishes(add(left, right, -1)):
            return self._evidence(left, {}, {})
        return None

    def _evidence(self, left: Poly, at: Numbers, used: dict[str, Any]) -> Evidence:
        """The general facts, and the identities that an instance used itself.

        Raises `NotDefined` where what is needed fails once indices are equal, or are not.
        """
        refuse_meetings(self._meetings, at)
        known = used.keys() <= self._notes.used.keys()
        found = self._facts if known else facts(self._forms, replace(self._notes, used=used))
        self._equation.witnesses.refuse_vacuous(found.required, at)
        return Evidence(len(left), found.lemmas, found.conditions)

    @cached_property
    def _facts(self) -> Facts:
        return facts(self._forms, self._notes)

    @cached_property
    def _meetings(self) -> list[Needed]:
        return meetings((p, sign) for p, sign, _ in needed(self._forms, self._notes))
