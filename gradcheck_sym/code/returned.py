"""What a backward function returns: which gradient is whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.errors import CodeError
from gradcheck_sym.trace.calls import array_held

SPELLED = ("{}", "d{}", "grad_{}", "{}_grad", "d_{}", "D{}", "{}grad", "d{}_", "delta_{}")


@dataclass(frozen=True)
class Returned:
    """The arrays by the inputs that they are gradients of, and where each was returned."""

    arrays: dict[str, Array]
    places: dict[str, str]


def returned_for(returned: Any, inputs: Sequence[str], function: str) -> Returned:
    """By names in a dict, by order in a tuple, else for the first input; raises `CodeError`."""
    if returned is None:
        raise CodeError(f"{function} returns nothing; return the gradients")
    if isinstance(returned, dict):
        there = [key for key, value in returned.items() if value is not None]
        keys = _inputs_of(there, inputs, function)
        return Returned(
            {name: array_held(returned[key]) for key, name in keys.items()},
            {name: f"[{key!r}]" for key, name in keys.items()},
        )
    if not isinstance(returned, tuple | list):
        return Returned({inputs[0]: array_held(returned)}, {inputs[0]: ""})
    if not returned or len(returned) > len(inputs):
        raise CodeError(
            f"{function} returns {len(returned)} gradients for {len(inputs)} inputs "
            f"({', '.join(inputs)})"
        )
    places = [k for k, value in enumerate(returned) if value is not None]
    return Returned(
        {inputs[k]: array_held(returned[k]) for k in places},
        {inputs[k]: f"[{k}]" for k in places},
    )


def refuse_another_order(
    returned: Any, inputs: Sequence[str], own: Sequence[str], function: str
) -> None:
    """Raise `CodeError` for gradients in a tuple, of which the order may be one or another.

    `own` are the inputs that the function takes itself, in its order.
    """
    there = [name for name in inputs if name in own]
    several = isinstance(returned, tuple | list) and len(returned) > 1
    if several and [name for name in own if name in there] != there:
        raise CodeError(
            f"{function} takes {', '.join(own)} in another order than forward, and returns "
            "gradients by their order: return a dict"
        )


def _inputs_of(keys: Sequence[object], inputs: Sequence[str], function: str) -> dict[object, str]:
    """Which input each key means; raises `CodeError` where two mean one, or one may mean two."""
    meant = {
        key: [name for name in inputs if key in [spelled.format(name) for spelled in SPELLED]]
        for key in keys
    }
    if unknown := [key for key, names in meant.items() if not names]:
        raise CodeError(f"{function} returns {unknown[0]!r}; the inputs are {', '.join(inputs)}")
    ways = [_spelled(spelling, keys, inputs) for spelling in SPELLED]
    for key, names in meant.items():
        if len(names) > 1:  # as all are spelled, if that is one way
            found = [way for way in ways if way is not None]
            if len(found) == 1:
                return found[0]
            raise CodeError(f"{function} returns {key!r}, which may be by {' or by '.join(names)}")
    chosen = {key: names[0] for key, names in meant.items()}
    if len(set(chosen.values())) < len(chosen):
        twice = next(name for name in inputs if list(chosen.values()).count(name) > 1)
        both = " and ".join(repr(key) for key, name in chosen.items() if name == twice)
        raise CodeError(f"{function} returns {both}, two gradients by {twice}")
    return chosen


def _spelled(
    spelling: str, keys: Sequence[object], inputs: Sequence[str]
) -> dict[object, str] | None:
    """Which input each key means if all are spelled in one way."""
    named: dict[object, str] = {spelling.format(name): name for name in inputs}
    return {key: named[key] for key in keys} if all(key in named for key in keys) else None
