"""Gradients by what an object learns, among what backward returns: by names, or kept as such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcheck_sym.array import Input
from gradcheck_sym.array.shape import sizes
from gradcheck_sym.code.returned import SPELLED, SURE, Returned, is_called_after
from gradcheck_sym.code.slots import Slot
from gradcheck_sym.code.source import Name
from gradcheck_sym.errors import CodeError


def names_of_learned(
    returned: Any,
    called: Sequence[Name],
    weights: Sequence[str],
    kept: Sequence[tuple[str, Slot]],
) -> Sequence[Name]:
    """The variables that are returned, or dW where the array that an object keeps for W is.

    `called` are the names that stand in the function, `kept` the weights with
    the places of gradients by them.
    """
    parts = list(returned) if isinstance(returned, tuple | list) else [returned]
    owners = [{name for name, slot in kept if slot.value is part} for part in parts]
    if not any(len(own) == 1 for own in owners):
        return called
    known = called if len(called) == len(parts) else (None,) * len(parts)
    return [
        name if len(own) != 1 or is_called_after(name, weights, SURE) else f"d{next(iter(own))}"
        for name, own in zip(known, owners, strict=True)
    ]


def has_learned(
    returned: Any, called: Sequence[Name], inputs: Sequence[str], weights: Sequence[str]
) -> bool:
    """Whether gradients by weights are among what is returned, as its names or its keys say.

    What is called after an input is by that.
    """
    fields = getattr(returned, "_fields", None)
    by_key = isinstance(returned, dict) or fields
    there = list(fields or returned) if by_key else called
    spelled = SPELLED if by_key else SURE
    return any(
        is_called_after(name, weights, spelled) and not is_called_after(name, inputs, spelled)
        for name in there
    )


def refuse_other_shapes(
    found: Returned,
    called: Sequence[Name],
    inputs: Mapping[str, Input],
    weights: Mapping[str, Input],
    function: str,
) -> None:
    """Raise `CodeError` for what has no names, and the shapes of weights, not those of inputs."""
    there = {sizes(weight.shape) for weight in weights.values()}
    if any(is_called_after(name, [*inputs], SPELLED) for name in called) or not found.arrays:
        return
    for name, array in found.arrays.items():
        shape = sizes(array.shape)
        if name not in inputs or shape == sizes(inputs[name].shape) or shape not in there:
            return
    raise CodeError(
        f"{function} returns what has the shape of a weight, and not that of "
        f"{', '.join(found.arrays)}: by which of {', '.join(weights)} is it the gradient? Return a "
        "dict, or variables as dw for w"
    )
