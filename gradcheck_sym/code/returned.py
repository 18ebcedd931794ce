"""What a backward function returns: which gradient is whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from gradcheck_sym.array import Array, Input
from gradcheck_sym.array.shape import sizes
from gradcheck_sym.code.nested import flat
from gradcheck_sym.code.source import Name
from gradcheck_sym.code.targets import PREDICTED, SURE_TARGETS, TARGETS
from gradcheck_sym.code.valued import array_returned
from gradcheck_sym.errors import CodeError

OF_LOSS = ("dL_d{}", "dLd{}", "dl_d{}", "dJ_d{}", "dloss_d{}", "dLoss_d{}")
OF_ARRAY = ("d{}", "grad_{}", "{}_grad", "d_{}", "D{}", "{}grad", "d{}_", "grad{}", "{}_gradient")
SURE = (*OF_ARRAY, *OF_LOSS)
SPELLED = ("{}", *SURE, "delta_{}", "g{}", "g_{}")  # the last may be a step, or a sum of squares
NONE: Mapping[str, Input] = MappingProxyType({})


@dataclass(frozen=True)
class Returned:
    """The arrays by the inputs that they are gradients of.

    `keys` are those, or the numbers, under which they were returned; none for one alone.
    `readings` say in which order gradients were taken, where no name tells.
    """

    arrays: dict[str, Array] = field(default_factory=dict)
    keys: dict[str, tuple[int | str, ...]] = field(default_factory=dict)
    readings: tuple[str, ...] = ()

    @property
    def places(self) -> dict[str, str]:
        """Where each is, as it is written behind what is returned."""
        return {name: "".join(f"[{k!r}]" for k in keys) for name, keys in self.keys.items()}


def returned_for(
    returned: Any,
    inputs: Sequence[str],
    function: str,
    called: Sequence[Name],
    ordered: int | None = None,
    shapes: Mapping[str, Input] = NONE,
) -> Returned:
    """By names in a dict; else by what is `called` so: dw for w; else in order.

    `called` are the variables that stand in the order of what is returned, None for others. The
    order says nothing of the inputs after the first `ordered` ones. One alone is by the first
    that has its shape. Raises `CodeError` where it is not known which gradient is whose.
    """
    if returned is None:
        raise CodeError(f"{function} returns nothing; return the gradients")
    fields = getattr(returned, "_fields", ())
    if isinstance(returned, dict) or fields:  # of a named tuple
        returned = dict(zip(fields, returned, strict=True)) if fields else returned
        there = [key for key, value in returned.items() if value is not None]
        keys = _inputs_of(there, inputs, function)
        return Returned(
            {name: array_returned(returned[key], function) for key, name in keys.items()},
            {name: (fields.index(key) if fields else str(key),) for key, name in keys.items()},
        )
    several = isinstance(returned, tuple | list)
    if several and len(returned) > 1 and isinstance(returned[-1], dict):
        return _beside_a_table(returned, inputs, function, called, ordered)
    parts = flat(returned if several else [returned], called, inputs, shapes)
    while len(parts) > len(inputs) and parts[-1].value is None:
        parts.pop()  # for what has no gradient, as torch has it
    values = [one.value for one in parts]
    if not values or len(values) > len(inputs):
        raise CodeError(
            f"{function} returns {len(values)} gradients for {len(inputs)} inputs "
            f"({', '.join(inputs)})"
        )
    known = [one.called for one in parts]
    once = [name if known.count(name) == 1 else None for name in known]
    after = [_called_after(name, inputs) for name in once]
    places = [k for k, value in enumerate(values) if value is not None]
    if after == [None] and values[0] is not None and len(inputs) > 1:
        after = [of_its_shape(array_returned(values[0], function), list(shapes), shapes)]
        once = [None]
    meant = _in_their_order(after, inputs, places, ordered)
    if meant is None:
        raise CodeError(
            f"{function} returns {', '.join(name or 'a gradient' for name in known)}: by which of "
            f"{', '.join(inputs)}? Return a dict, or variables as dw for w"
        )
    return Returned(
        {meant[k]: array_returned(values[k], function) for k in places},
        {meant[k]: parts[k].keys if several else () for k in places},
        read_by(meant) if len(inputs) > 1 and (None in after or once == [None]) else (),
    )


def _beside_a_table(
    returned: Sequence[Any],
    inputs: Sequence[str],
    function: str,
    called: Sequence[Name],
    ordered: int | None,
) -> Returned:
    """Of `return dx, {"W": dW, "b": db}`: the table by its names, the others of what is left."""
    *first, table = returned
    named = returned_for(table, inputs, function, ())
    left = [name for name in inputs if name not in named.arrays]
    others = returned_for(tuple(first), left, function, called[: len(first)], ordered)
    keys = {name: (len(first), *own) for name, own in named.keys.items()}
    return Returned(others.arrays | named.arrays, others.keys | keys, others.readings)


def read_by(meant: Sequence[str]) -> tuple[str, ...]:
    """What is said of gradients that nothing but their order or shapes tells of."""
    several = "s" if len(meant) > 1 else ""
    return (f"what is returned is taken for the gradient{several} by {', '.join(meant)}",)


def of_its_shape(returned: Array, inputs: Sequence[str], shapes: Mapping[str, Input]) -> str | None:
    """The first input of the shape of a gradient; what is a target by its name comes later."""
    fit = [n for n in inputs if n in shapes and sizes(shapes[n].shape) == sizes(returned.shape)]
    predicted = any(PREDICTED.fullmatch(name) for name in fit)
    targets = TARGETS if predicted else SURE_TARGETS
    return next((name for name in fit if not targets.fullmatch(name)), fit[0] if fit else None)


def is_called_after(name: object, inputs: Sequence[str], spelled: Sequence[str]) -> bool:
    """Whether something is called after the gradient by one of these, in one of the ways.

    >>> is_called_after("dw", ["x", "w"], SURE), is_called_after("w", ["w"], SURE)
    (True, False)
    """
    return any(name == way.format(one) for one in inputs for way in spelled)


def _called_after(name: Name, inputs: Sequence[str]) -> str | None:
    """The input that such a variable is the gradient by, if there is one."""
    found = [one for one in inputs if name in [spelled.format(one) for spelled in SPELLED[1:]]]
    return found[0] if len(found) == 1 else None


def _in_their_order(
    meant: Sequence[str | None],
    inputs: Sequence[str],
    places: Sequence[int],
    ordered: int | None,
) -> list[str] | None:
    """The inputs of gradients, of which some are known by their names; None if that is not sure.

    `places` are those of the gradients that are there.

    >>> _in_their_order([None, "w"], ["x", "w", "b"], [0, 1], None)
    ['x', 'w']
    >>> _in_their_order([None, "x"], ["x", "w"], [0, 1], None)
    """
    named = [name for name in meant if name is not None]
    if len(named) == len(meant):
        return named if len(set(named)) == len(named) else None
    first = list(inputs[: len(meant)])
    if any(name not in (None, own) for name, own in zip(meant, first, strict=True)):
        return None
    least = len(inputs) if ordered is None else ordered
    guessed = [k for k in places if meant[k] is None and k >= least]
    only = len(guessed) == 1 and len(meant) == len(inputs)
    return first if not guessed or only else None


def refuse_another_order(
    returned: Any,
    inputs: Sequence[str],
    own: Sequence[str],
    function: str,
    called: Sequence[Name],
) -> None:
    """Raise `CodeError` for gradients in a tuple, of which the order may be one or another.

    `own` are the inputs that the function takes itself, in its order; what is `called` after
    inputs needs none.
    """
    there = [name for name in inputs if name in own]
    several = isinstance(returned, tuple | list) and len(returned) > 1
    named = len(called) > 1 and all(_called_after(name, inputs) for name in called)
    if several and not named and [name for name in own if name in there] != there:
        raise CodeError(
            f"{function} takes {', '.join(own)} in another order than forward, and returns "
            "gradients by their order: return a dict"
        )


def refuse_one_of_others(
    returned: Any,
    inputs: Sequence[str],
    own: Sequence[str],
    function: str,
    called: Sequence[Name],
) -> None:
    """Raise `CodeError` for a gradient without a name by a function that takes a later input."""
    taken = [name for name in inputs if name in own]
    one = not isinstance(returned, dict | tuple | list)
    if (
        one
        and len(taken) == 1
        and taken != inputs[:1]
        and not any(_called_after(name, inputs) for name in called)
    ):
        raise CodeError(
            f"{function} takes {taken[0]} alone: is what it returns the gradient by {inputs[0]} or "
            f"by {taken[0]}? Return a dict, or a variable as d{taken[0]}"
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
