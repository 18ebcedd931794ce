"""What is claimed of a network's gradient."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck_sym.array import Array
from gradcheck_sym.errors import ArrayError


@dataclass(frozen=True)
class Claim:
    """A formula for ∂J/∂(wrt): the text for people, and the array of that shape that it means.

    Raises `ArrayError` for what is neither.
    """

    text: str
    array: Array
    wrt: str = "W_out"

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise ArrayError(f"a claim begins with its text, not with {self.text!r}")
        if not isinstance(self.array, Array):
            mend = "make it of network.arrays, or give check() the text alone"
            kind = type(self.array).__name__
            raise ArrayError(f"the claim {self.text}: a {kind} is no array of formulas; {mend}")
