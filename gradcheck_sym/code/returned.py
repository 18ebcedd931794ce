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
        keys = {key: _input_of(key, inputs, function) for key in returned}
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
    there = [k for k, value in enumerate(returned) if value is not None]
    return Returned(
        {inputs[k]: array_held(returned[k]) for k in there}, {inputs[k]: f"[{k}]" for k in there}
    )


def _input_of(key: object, inputs: Sequence[str], function: str) -> str:
    for name in inputs:
        if key in [spelled.format(name) for spelled in SPELLED]:
            return name
    raise CodeError(f"{function} returns {key!r}; the inputs are {', '.join(inputs)}")
