"""What is claimed of a network's gradient."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck_sym.array import Array


@dataclass(frozen=True)
class Claim:
    """A formula for ∂J/∂(wrt): the text for people, and the array of that shape that it means."""

    text: str
    array: Array
    wrt: str = "W_out"
