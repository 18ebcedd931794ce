"""What an object has run before a step, of which that step has to know nothing."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple


class What(Enum):
    """What an object is given before the step: these inputs with other weights, or others."""

    THESE = auto()
    OTHERS = auto()
    OTHER_SIZES = auto()


class Before(NamedTuple):
    """What an object has run before the step: steps, or forward alone."""

    given: tuple[What, ...]
    backward: bool = True

    @property
    def told(self) -> str:
        """When that is, as messages say it."""
        alone = "a forward pass without backward"
        return "a step with other inputs" if self.backward else alone


STEPS = (
    Before((What.OTHER_SIZES, What.OTHERS, What.THESE)),
    Before((What.THESE, What.OTHER_SIZES)),
    Before((What.OTHERS,)),  # one alone, where every second step is another
)
FORWARD_ALONE = (Before((What.OTHER_SIZES, What.OTHERS), backward=False),)
