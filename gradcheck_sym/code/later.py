"""Values that backward alone takes: of what is known otherwise there are none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any

from gradcheck_sym.code.inputs import name_of
from gradcheck_sym.code.roles import Roles, roles_of
from gradcheck_sym.code.upstream import SURELY, upstream_names
from gradcheck_sym.errors import CodeError

KEPT, THE_CACHE = "what forward keeps or returns", "the cache that forward returns"
BY_THE_OUTPUT = "the gradient by the output"


def known(function: str, name: str, what: str) -> CodeError:
    """What is raised for a value of a parameter that is known without it."""
    return CodeError(f"{function}: {name} is {what}: give it no value")


def refuse_known(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    found: Roles,
    later: Collection[str],
    inputs: Mapping[str, Any],
    result: Any,
) -> None:
    """Raise `CodeError` for a value of what is given to backward without it."""
    takes = [role == "cache" or role[0] == "cache" for role in found.parameters.values()]
    for name in later:
        if found.parameters[name] != ("input", name):
            raise known(name_of(backward), name, KEPT)
        what = _known(forward, backward, name, inputs, result)
        if what is not None and not (what == THE_CACHE and any(takes)):
            raise known(name_of(backward), name, what)


def _known(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    name: str,
    inputs: Mapping[str, Any],
    result: Any,
) -> str | None:
    """What a parameter is without the value; None if only its place would tell."""
    others = {one: value for one, value in inputs.items() if one != name}
    with suppress(CodeError):
        names = upstream_names(forward, backward, [*others])
        if name in names and SURELY.fullmatch(name):
            return BY_THE_OUTPUT
        role = roles_of(forward, backward, names, result, others).parameters.get(name)
        is_output = isinstance(role, tuple) and role[0] == "out"
        return KEPT if is_output else THE_CACHE if role == "cache" else None
    return None
