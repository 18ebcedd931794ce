"""What a report is in a condition: proved, or an error that says why not."""

from __future__ import annotations

from typing import Literal, TypeAlias

from gradcheck_sym.errors import NotProved

Kind: TypeAlias = Literal["proved", "refuted", "undecided"]


class Asserted:
    """A report with a verdict, which prints as its answer."""

    @property
    def verdict(self) -> Kind:
        """proved, refuted or undecided."""
        raise NotImplementedError

    @property
    def proved(self) -> bool:
        """Whether all is proved."""
        return self.verdict == "proved"

    @property
    def refuted(self) -> bool:
        """Whether something is refuted."""
        return self.verdict == "refuted"

    @property
    def undecided(self) -> bool:
        """Whether nothing is refuted, and something is neither proved nor refuted."""
        return self.verdict == "undecided"

    def raise_if_not_proved(self) -> None:
        """Raise `NotProved`, which says all that is known, unless all is proved."""
        __tracebackhide__ = True  # pytest shows the line of the test
        if not self.proved:
            raise NotProved(str(self))

    def __bool__(self) -> bool:
        """True, or `NotProved`: a report that is forgotten in a condition is never a pass."""
        __tracebackhide__ = True
        self.raise_if_not_proved()
        return True
