"""What was found out by running a forward and a backward function."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.array.graph import names
from gradcheck_sym.code.inputs import Inputs
from gradcheck_sym.code.looked_up import may_keep
from gradcheck_sym.code.recorded import drawing_places
from gradcheck_sym.code.script import Script
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.replaced import Places


@dataclass(frozen=True)
class Run:
    """The loss, and what is claimed to be its gradient by some of the inputs.

    `upstreams` are the free arrays that the outputs are weighted with. `script` does the same in
    NumPy, `sizes` are the names of sizes that were given, `told` the defaults and other values
    that the functions took as they are, `kept` the places of arrays that forward makes once,
    `readings` what was taken for what, where no name tells, `weights` the inputs that are an
    object's own arrays, `made_with` values that it is made with, by their names in scripts,
    `optional` parameters of backward that may be left out: gradients by outputs with the number
    that this has to be the same as, and caches.
    """

    loss: Array
    claims: dict[str, Array]
    given: Inputs
    upstreams: Sequence[Input]
    trace: Trace
    script: Script
    sizes: Sequence[str]
    told: Mapping[str, Any] = field(default_factory=dict)
    kept: Sequence[str] = ()
    readings: Sequence[str] = ()
    weights: Collection[str] = ()
    made_with: Mapping[str, Any] = field(default_factory=dict)
    optional: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def inputs(self) -> dict[str, Input]:
        """The free arrays, one-hot rows for labels among them."""
        return self.given.free

    @cached_property
    def is_random(self) -> bool:
        """Whether the loss or a claim reads what is drawn, or what nothing was written to."""
        read = names(self.loss, *self.claims.values())
        return any(array.name in read for array in self.trace.random)

    @cached_property
    def drawing(self) -> Places:
        """Where there are names for what draws random numbers."""
        return drawing_places(self.script.functions[0])

    @cached_property
    def may_keep(self) -> bool:
        """Whether the functions may keep something, as far as one can see."""
        return may_keep(*self.script.functions)

    @property
    def empty(self) -> Sequence[Input]:
        """The arrays that nothing was written to at first: what stands there may not matter."""
        drawn = {draw.array.name for draw in self.trace.draws}
        return [array for array in self.trace.random if array.name not in drawn]

    @property
    def labels(self) -> tuple[str, ...]:
        """The inputs that are labels."""
        return tuple(self.given.labels)

    @property
    def constants(self) -> Mapping[str, Any]:
        """What is passed as it was given."""
        return self.given.known

    @property
    def arrays(self) -> dict[str, Input]:
        """All that has values: the inputs, and the upstream gradients."""
        return {**self.inputs, **{array.name: array for array in self.upstreams}}
