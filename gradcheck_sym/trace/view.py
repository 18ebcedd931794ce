"""Views: what a base is at some indices, and a write to them is a write to it."""

from __future__ import annotations

from collections.abc import Callable

from gradcheck_sym.array import Let
from gradcheck_sym.array.listed import Listed
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.context import current, runs
from gradcheck_sym.trace.naming import named
from gradcheck_sym.trace.traced import Held, Traced
from gradcheck_sym.trace.unread import UNKNOWN


class View(Traced):
    """What a base is at some indices, whatever the base becomes.

    One that is not `sure` may be a copy: what was not written to can be read alone.
    """

    def __init__(
        self,
        base: Traced,
        look: Callable[[Held], Held],
        change: Callable[[Held, Held], Held],
        *,
        rowwise: bool = False,
        sure: bool = True,
    ) -> None:
        self._base, self._look, self._change, self._sure = base, look, change, sure
        self._of: Held | None = base.held
        self._then = base.writes
        self._alone = False
        super().__init__(look(base.held), rowwise=rowwise, whole=base.whole, scalar=False)

    @property
    def writes(self) -> int:
        """How often what it is of was written to."""
        return self._own_writes if self._alone else self._base.writes

    @writes.setter
    def writes(self, number: int) -> None:
        self._own_writes = number

    @property
    def held(self) -> Held:
        """What the base is there now."""
        if self._alone:
            return super().held
        if not self._sure and self._base.writes != self._then:
            raise ArrayError(UNKNOWN)
        base = self._base.held
        if self._of is not base:
            self._of = base
            self._held = self._look(base)
        return self._held

    def assign(self, value: Held) -> None:
        if self._sure and not self._alone:
            super().assign(value)
            self._base.assign(self._change(self._base.held, self._held))
            return
        super().assign(value)
        if not self._alone:
            self._alone = True
            self._base.spoil()

    def spoil(self) -> None:
        """A write may have reached this, and with it what it is of."""
        super().spoil()
        if not self._alone:
            self._base.spoil()

    def call_it(self, name: str) -> None:
        """A view has the name of its base, and one of its own where its entries are listed."""
        if self._alone or self._base.spoilt or not runs():
            return
        known = len(current().lets)
        self._base.call_it(name)
        if len(current().lets) > known and isinstance(whole := self._base.named, Let):
            current().bases.append(whole)
        if isinstance(self.held, Listed):
            self._held = named(self.held, name)
