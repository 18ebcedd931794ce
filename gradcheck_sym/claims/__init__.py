"""Where a claimed formula comes from. A claim never sees the derivative it is checked against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradcheck_sym.arrays import Array


@dataclass(frozen=True)
class Claim:
    """A formula for ∂J/∂(wrt): the text for people, and the array of that shape that it means."""

    text: str
    array: Array
    wrt: str = "W_out"
