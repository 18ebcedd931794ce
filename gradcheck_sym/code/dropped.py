"""Outputs that backward takes no gradient by, and that it is not given either."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from gradcheck_sym.array import Input
from gradcheck_sym.array.graph import names
from gradcheck_sym.code.outputs import outputs_and_cache
from gradcheck_sym.code.roles import Roles
from gradcheck_sym.code.source import returned_names
from gradcheck_sym.code.upstream import CACHE
from gradcheck_sym.errors import GradcheckError
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.users import kind_of


def dropped(
    forward: Callable[..., Any], result: Any, count: int, roles: Roles, free: Collection[str]
) -> tuple[str, ...]:
    """What is said of arrays that forward returns after its outputs, that many.

    Those that depend on what is `free` may be outputs, too, unless backward is given them, or they
    are called a cache.
    """
    if roles.rest or "cache" in roles.parameters.values():
        return ()
    outputs, _ = outputs_and_cache(result, count)
    called = returned_names(forward)
    every = list(result) if isinstance(result, tuple) else [result]
    known = called if len(called) == len(every) else [None] * len(every)
    given = {
        role[1]
        for role in roles.parameters.values()
        if isinstance(role, tuple) and role[0] == "cache"
    }
    left = [
        name or f"output {place + 1}"
        for place, (name, value) in enumerate(zip(known, every, strict=True))
        if place >= len(outputs)
        and place - len(outputs) not in given
        and not CACHE.fullmatch(name or "")
        and _varies(value, free)
    ]
    if not left:
        return ()
    treated, them = ("they are", "them") if left[1:] else ("it is", "it")
    return (
        f"no gradient by {', '.join(left)} is taken: {treated} treated as if nothing depended on "
        f"{them}",
    )


def _varies(value: object, free: Collection[str]) -> bool:
    """Whether it is an array of numbers, and no input, that depends on what may have any value."""
    if not isinstance(value, Traced) or value.named is None or kind_of(value) == "b":
        return False
    try:
        return not isinstance(value.array, Input) and bool(names(value.array).keys() & {*free})
    except GradcheckError:  # one name stands for two arrays
        return True
