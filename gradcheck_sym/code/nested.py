"""Gradients in lists inside of what is returned: `return dx, [dw1, dw2]`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcheck_sym.array import Input
from gradcheck_sym.array.shape import sizes
from gradcheck_sym.code.source import Name
from gradcheck_sym.trace.selected import Selected
from gradcheck_sym.trace.traced import Traced


@dataclass(frozen=True)
class Part:
    """One of the gradients, where it is, and which variable it is."""

    value: Any
    keys: tuple[int, ...]
    called: str | None


def flat(
    returned: Sequence[Any],
    called: Sequence[Name],
    inputs: Sequence[str],
    shapes: Mapping[str, Input],
) -> list[Part]:
    """All of them in order; a list that is an array of the shape of its input is one gradient.

    What is returned stays as it is where that gives more than inputs, and shapes are not known.
    """
    known = len(called) >= len(returned)
    names: Sequence[Name] = called[: len(returned)] if known else (None,) * len(returned)
    found: list[Part] = []
    sure = True
    for k, (value, name) in enumerate(zip(returned, names, strict=True)):
        own = next((shapes[one] for one in inputs[len(found) :][:1] if one in shapes), None)
        whole = own is not None and sizes(own.shape) == _shape(value)
        if not whole and is_several(value):
            sure &= own is not None
            inner = name if isinstance(name, tuple) else ()
            parts = flat(value, inner, inputs[len(found) :], shapes)
            found += [Part(one.value, (k, *one.keys), one.called) for one in parts]
        else:
            found.append(Part(value, (k,), name if isinstance(name, str) else None))
    count = len(found)
    while count > len(inputs) and found[count - 1].value is None:
        count -= 1
    if sure or count <= len(inputs):
        return found
    alone = [name if isinstance(name, str) else None for name in names]
    return [Part(value, (k,), alone[k]) for k, value in enumerate(returned)]


def is_several(value: object) -> bool:
    """Whether a value is a list or a tuple in which there are arrays, at some depth."""
    if not isinstance(value, list | tuple):
        return False
    return any(isinstance(one, Traced) or is_several(one) for one in value)


def _shape(value: object) -> tuple[Any, ...] | None:
    """The shape of the array that lists are, if they are one."""
    if isinstance(value, Selected):
        return None
    if isinstance(value, Traced):
        return sizes(value.array.shape)
    if not isinstance(value, list | tuple):
        return ()
    inner = {_shape(one) for one in value}
    one = next(iter(inner)) if len(inner) == 1 else None
    return None if one is None else (len(value), *one)
