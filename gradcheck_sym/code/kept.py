"""What an object keeps from one call of forward to the next.

Arrays that are made once, as a mask, have the values they were made with. What depends on earlier
calls, as where the first one sets a scale, is no function of the inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from copy import deepcopy
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.array.graph import alike, names, ordered, same
from gradcheck_sym.code.inputs import Inputs, name_of
from gradcheck_sym.code.slots import slots
from gradcheck_sym.errors import CodeError, GradcheckError
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.running import run

Weighted = Callable[[Any, Trace], Array]  # what forward returns, and the trace → the loss


class Again:
    """An object as it was before forward ran; it runs twice, first with other inputs."""

    def __init__(self, layer: Any, inputs: Inputs, trace: Trace) -> None:
        self._inputs, self._taken = inputs, set(trace.taken)
        self._name = name_of(type(layer))
        try:
            self._layer = deepcopy(layer)
        except TypeError:  # what it holds cannot be copied
            self._layer = None

    def kept(
        self, layer: Any, free: Collection[Input], loss: Array, weighted: Weighted
    ) -> Sequence[str]:
        """The places of arrays that `layer` made in its one run, and would not make again.

        Raises `CodeError` where forward computes another loss the second time.
        """
        places = [
            slot.place
            for slot in slots(layer)
            if (array := slot.array) is not None
            and not any(part is one for part in ordered(array) for one in free)
        ]
        copied = self._layer
        if copied is None:
            return places
        try:
            run(Trace(self._taken.copy()), copied.forward, given=self._others())
            before = {slot.place: slot.value for slot in slots(copied)}
            trace = Trace(self._taken.copy())
            again = weighted(run(trace, copied.forward, given=self._inputs.values()), trace)
        except GradcheckError as error:
            raise CodeError(f"{self._name}.forward, when it is called again: {error}") from None
        if not _alike(loss, again):
            raise CodeError(
                f"{self._name}.forward computes something else when it is called again: "
                "give an object of which forward was called before"
            )
        return [
            slot.place
            for slot in slots(copied)
            if slot.place in places and slot.value is before[slot.place]
        ]

    def _others(self) -> dict[str, Any]:
        """Inputs of the same shapes, which are called otherwise."""
        others = {k: Input(f"{k}_earlier", x.shape) for k, x in self._inputs.arrays.items()}
        return Inputs(others, self._inputs.labels, self._inputs.constants).values()


def _alike(one: Array, other: Array) -> bool:
    """Whether two losses are the same, in names that mean the same."""
    try:
        left, right = names(one), names(other)
    except GradcheckError:  # one name stands for two arrays
        return False
    known = left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    return known and alike(one.entry(), other.entry())
