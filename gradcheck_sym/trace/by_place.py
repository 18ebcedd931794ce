"""Which parameters of a function are passed by their places: it takes them by no names."""

from __future__ import annotations

from collections.abc import Callable, Collection
from inspect import Parameter, signature
from typing import Any

from gradcheck_sym.errors import CodeError

NAMED = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
PLACED = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


def by_place(function: Callable[..., Any]) -> list[str]:
    """These parameters, in their order.

    A decorator's function has the parameters of the one that it wraps, and may take them as *args.

    >>> by_place(lambda x, /, w: x)
    ['x']
    """
    told = list(signature(function).parameters.values())
    placed = [one.name for one in told if one.kind in PLACED]
    count = sum(one.kind is one.POSITIONAL_ONLY for one in told)
    try:
        own = list(signature(function, follow_wrapped=False).parameters.values())
    except (TypeError, ValueError):
        return placed[:count]
    named = {one.name for one in own if one.kind in NAMED}
    kinds = {one.kind for one in own}  # with *args, people call it by places, also beside **options
    takes_any = Parameter.VAR_KEYWORD in kinds and Parameter.VAR_POSITIONAL not in kinds
    first = [one.name for one in own if one.kind in PLACED]
    for place, name in enumerate(placed):
        others = place < len(first) and name != first[place]
        if others or not (takes_any or name in named):
            count = max(count, place + 1)  # so are those before it
    return placed[:count]


def given_by_place(function: Callable[..., Any], given: Collection[str]) -> list[str]:
    """Those that are given; raises `CodeError` where one before them is not."""
    own = by_place(function)
    found = [name for name in own if name in given]
    if found != own[: len(found)]:
        left, later = next((x, y) for x, y in zip(own, found, strict=False) if x != y)
        name = getattr(function, "__name__", "the function")
        raise CodeError(f"{name} takes {later} by its place, which is after {left}: give both")
    return found
