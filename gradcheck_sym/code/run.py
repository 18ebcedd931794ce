"""What was found out by running a forward and a backward function."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck_sym.array import Array, Input
from gradcheck_sym.code.script import Script
from gradcheck_sym.trace.context import Trace


@dataclass(frozen=True)
class Run:
    """The loss, and what is claimed to be its gradient by some of the inputs.

    `labels` are the inputs that are one-hot rows, `upstream` is the free array that the output
    is weighted with, if there is one. `script` does the same in NumPy.
    """

    loss: Array
    claims: dict[str, Array]
    inputs: dict[str, Input]
    labels: tuple[str, ...]
    upstream: Input | None
    trace: Trace
    script: Script
