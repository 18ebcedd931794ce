"""Arrays of an object that are no weights: taken as they are made, where that is assumed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.array.graph import names, ordered
from gradcheck_sym.code.diagnosis import NOTATION
from gradcheck_sym.code.methods import is_layer
from gradcheck_sym.code.places import fit
from gradcheck_sym.code.report import Part
from gradcheck_sym.code.run import Run
from gradcheck_sym.code.slots import Slot, slots
from gradcheck_sym.code.weights import Weight
from gradcheck_sym.errors import AssumptionError
from gradcheck_sym.term.terms import Num
from gradcheck_sym.trace.context import Trace
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.users import is_array, kind_of
from gradcheck_sym.trace.view import View

ASSUMED = re.compile(r"self((?:\.\w+|\[[^\]]+\])+) as it is")
MOST_ENTRIES, MOST_SHOWN = 9, 3  # of an array; arrays
_places: ContextVar[frozenset[str]] = ContextVar("places", default=frozenset())


@contextmanager
def as_they_are(places: Collection[str]) -> Iterator[None]:
    """Objects that are made here keep the arrays in these places as they are."""
    token = _places.set(_places.get() | frozenset(places))
    try:
        yield
    finally:
        _places.reset(token)


def places_of(texts: Iterable[str]) -> set[str]:
    """The places that hypotheses such as "self.K as it is" speak of."""
    return {found[1] for text in texts if (found := ASSUMED.fullmatch(text.strip()))}


def text_of(place: str) -> str:
    """The hypothesis on a place.

    >>> text_of(".K"), places_of([text_of(".layers[0].K"), "eps > 0"])
    ('self.K as it is', {'.layers[0].K'})
    """
    return f"self{place} as it is"


def kept(layer: Any, trace: Trace) -> dict[str, Any]:
    """The arrays that are taken as they are, by their places; raises `AssumptionError`."""
    there = {slot.place: slot for slot in slots(layer)}
    found: dict[str, Any] = {}
    for place in sorted(_places.get()):
        slot = there.get(place)
        if slot is None or not _is_of_numbers(slot.value):
            raise AssumptionError(
                f"--assume {text_of(place)!r}: self{place} is no array of numbers in the object"
            )
        places = [other for other in there.values() if other.value is slot.value]
        if isinstance(slot.value, Traced):
            _made_anew(slot.value, places, trace)
        found |= {other.place: other.now for other in places}
    return found


def _made_anew(value: Traced, places: Sequence[Slot], trace: Trace) -> None:
    """Put another such array where it is, since what was made with an object is hidden then."""
    if isinstance(value, View):
        said = f"self{places[0].place} may be a view of another array: make it with .copy()"
        raise AssumptionError(f"--assume {text_of(places[0].place)!r}: {said}")
    for one in names(value.array).values():
        one.name = trace.fresh(one.name)
    new = value.copy("K")
    for place in places:
        place.fill(new)


def refuse_learnt(layer: Any, places: Collection[str], computed: Sequence[Slot]) -> None:
    """Raise `AssumptionError` where an array that is taken as it is has a gradient there.

    `computed` is what properties of the object give.
    """
    every = slots(layer)
    for learnt in (slot for slot in every if slot.place in places):
        for one in (*every, *computed):
            if one.array is not None and one.place not in places and fit(one, learnt) is not None:
                raise AssumptionError(
                    f"--assume {text_of(learnt.place)!r}: self{one.place} may be the gradient by "
                    "it, which would not be checked"
                )


def refuse_without_object(places: Collection[str], run: Run) -> None:
    """Raise `AssumptionError` for places where no object is."""
    if places and not is_layer(run.script.functions[0]):
        raise AssumptionError(f"--assume {text_of(min(places))!r}: that is said of objects alone")


def free_arrays(run: Run) -> dict[str, str]:
    """The places of free arrays that no gradient is by, and that are numbers in the object.

    With what each is there, if that is short.
    """
    read = names(run.loss, *run.claims.values())
    weights: Mapping[str, Weight] = run.weights if isinstance(run.weights, Mapping) else {}
    found = {
        weight.place: _shown(weight)
        for name, weight in weights.items()
        if name in read and name not in run.claims and _is_known(weight)
    }
    return found if len(found) <= MOST_SHOWN else {}


def it_is_right(arrays: Mapping[str, str], conditions: Sequence[Any]) -> str:
    """That a gradient is right with the numbers that arrays have, which was proved."""
    where = " and ".join(map(NOTATION.formula, conditions))
    by = f"proved, provided that {where}" if where else "proved"
    each = " and ".join(f"self{place} is {shown or 'left'}" for place, shown in arrays.items())
    return f"it is right if {each} as in the object ({by}): assume {_texts(arrays)}"


def told_free(run: Run, parts: Sequence[Part]) -> list[str]:
    """That arrays were taken for any numbers, where that is not told with a refuted gradient."""
    there = free_arrays(run) if any(part.kind == "refuted" for part in parts) else {}
    if any(_texts(there) in (part.diagnosis or "") for part in parts):
        return []
    return [
        f"self{place}{f', which is {shown} in the object,' * bool(shown)} was taken for any "
        f"numbers: to keep it as it is, assume {text_of(place)!r}"
        for place, shown in there.items()
    ]


def _texts(arrays: Iterable[str]) -> str:
    return " and ".join(repr(text_of(place)) for place in arrays)


def _is_of_numbers(value: object) -> bool:
    """Whether this is an array in which nothing is free."""
    if isinstance(value, Traced):
        return _has_numbers(value.array)
    return is_array(value) and kind_of(value) == "f"


def _is_known(weight: Weight) -> bool:
    is_traced = isinstance(weight.slot.value, Traced)
    return _has_numbers(weight.was) if is_traced else not weight.number_type


def _has_numbers(array: Array) -> bool:
    return not any(isinstance(part, Input) for part in ordered(array))


def _shown(weight: Weight) -> str:
    """The numbers of an array, if they are few."""
    import numpy as np

    value = weight.slot.value
    shape = [axis.size for axis in weight.was.shape if isinstance(axis.size, int)]
    if len(shape) < weight.was.ndim or np.prod(shape) > MOST_ENTRIES:
        return ""
    if isinstance(value, Traced):
        terms = (weight.was.entry(*(k + 1 for k in place)) for place in np.ndindex(*shape))
        numbers = [float(term.value) for term in terms if isinstance(term, Num)]
        if len(numbers) < np.prod(shape):
            return ""
        value = np.reshape(numbers, shape)
    return _listed(np.asarray(value).tolist())


def _listed(value: Any) -> str:
    return f"[{', '.join(map(_listed, value))}]" if isinstance(value, list) else f"{value:.6g}"
