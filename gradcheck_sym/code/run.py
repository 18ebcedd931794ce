"""What was found out by running a forward and a backward function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.code.script import Script
from gradcheck_sym.trace.context import Trace


@dataclass(frozen=True)
class Run:
    """The loss, and what is claimed to be its gradient by some of the inputs.

    `labels` are the inputs that are one-hot rows, `constants` are passed as they were given,
    `upstream` is the free array that the output is weighted with, if there is one. `script`
    does the same in NumPy.
    """

    loss: Array
    claims: dict[str, Array]
    inputs: dict[str, Input]
    labels: tuple[str, ...]
    constants: Mapping[str, Any]
    upstream: Input | None
    trace: Trace
    script: Script

    @property
    def arrays(self) -> dict[str, Input]:
        """All that has values: the inputs, and the upstream gradient if there is one."""
        more = {} if self.upstream is None else {self.upstream.name: self.upstream}
        return {**self.inputs, **more}
