"""What an object keeps from one call of forward to the next.

Arrays that are made once, as a mask, have the values they were made with. What depends on earlier
calls, as where the first one sets a scale, is no function of the inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeAlias

from gradcheck_sym.array import Array, Input, Let
from gradcheck_sym.array.entries import Entries
from gradcheck_sym.array.graph import alike, names, ordered, same
from gradcheck_sym.array.shape import letters, sizes
from gradcheck_sym.code.inputs import Inputs, name_of
from gradcheck_sym.code.questions import defined
from gradcheck_sym.code.returned import Returned
from gradcheck_sym.code.slots import slots
from gradcheck_sym.errors import CodeError, GradcheckError
from gradcheck_sym.refuter.floats import Floats, near
from gradcheck_sym.term.terms import Letter, Term
from gradcheck_sym.trace.calls import array_held
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.running import run

Named: TypeAlias = Mapping[str, Input | Let]
Weighted = Callable[[Any, Trace], Array]  # what forward returns, and the trace → the loss


class Again:
    """An object as it was before forward ran; it runs twice, first with other inputs."""

    def __init__(self, layer: Any, inputs: Inputs, trace: Trace) -> None:
        self._inputs, self._taken = inputs, set(trace.taken)
        self._name = name_of(type(layer))
        self._again: tuple[dict[str, Any], Trace] | None = None  # of the second run of forward
        try:
            self._layer = deepcopy(layer)
        except Exception:  # what it holds cannot be copied
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
            passed = self._inputs.values()
            again = weighted(run(trace, copied.forward, given=passed), trace)
        except GradcheckError as error:
            raise CodeError(f"{self._name}.forward, when it is called again: {error}") from None
        if not _alike(loss, again):
            raise CodeError(
                f"{self._name}.forward computes something else when it is called again: "
                "give an object of which forward was called before"
            )
        self._again = passed, trace
        return [
            slot.place
            for slot in slots(copied)
            if slot.place in places and slot.value is before[slot.place]
        ]

    def refuse_stale(self, found: Returned, backward: Callable[..., Any]) -> None:
        """Raise `CodeError` where backward returns another gradient after the second forward."""
        if self._again is None:
            return
        returned = backward(self._layer, *self._again)
        for name, key in found.keys.items():
            again = array_held(returned if key is None else returned[key])
            if not _alike(found.arrays[name], again):
                raise CodeError(
                    f"{self._name}.backward returns another gradient by {name} after forward "
                    "was called again: what does it keep of the first call?"
                )

    def _others(self) -> dict[str, Any]:
        """Inputs of the same shapes, which are called otherwise."""
        others = {k: Input(f"{k}_earlier", x.shape) for k, x in self._inputs.arrays.items()}
        return Inputs(others, self._inputs.labels, self._inputs.constants).values()


def _alike(one: Array, other: Array) -> bool:
    """Whether two arrays are the same: seen at once, or at a point at random."""
    if sizes(one.shape) != sizes(other.shape):
        return False
    places = letters(one.shape)
    try:
        left, right = names(one), names(other)
    except GradcheckError:  # one name stands for two arrays
        return False
    known = left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    entries = one.entry(*places), other.entry(*places)
    return (known and alike(*entries)) or _look_alike(entries, places, (left, right))


def _look_alike(
    entries: tuple[Term, Term], places: Sequence[Letter], named: tuple[Named, Named]
) -> bool:
    """Whether two terms, each with names of its own, have the same values; what has none may be."""
    arrays = [array for there in named for array in there.values()]
    every = dict.fromkeys(s for array in arrays for s in sizes(array.shape) if isinstance(s, str))
    numbers = {size: 2 + k % 3 for k, size in enumerate(every)}
    points = []
    for there in named:
        own = Entries()
        told = {name: defined(a, own) for name, a in there.items() if isinstance(a, Let)}
        points.append(Floats(told, numbers))
    last = {x: points[0].count(x.size) for x in places}
    for at in (dict.fromkeys(places, 1), last):
        try:
            values = [point.value(term, at) for point, term in zip(points, entries, strict=True)]
        except (ArithmeticError, LookupError):
            continue
        if not near(*values):
            return False
    return True
