"""What each parameter of a backward function is: the upstream gradient, the cache, or an input."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcheck_sym.array import Input
from gradcheck_sym.code.inputs import name_of, parameters
from gradcheck_sym.errors import CodeError

UPSTREAM = "dout"
GRADIENT = re.compile(r"d[A-Za-z_]\w*|D[A-Z]\w*|g|grad\w*|delta\w*|up\w*|err\w*|v|ct")


@dataclass(frozen=True)
class Roles:
    """The role of each parameter: "upstream", "cache", ("cache", k), or ("input", name)."""

    upstream: str
    parameters: Mapping[str, Any]
    rest: bool  # whether *args take the cache

    def arguments(self, parts: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """What is passed, by position and by name."""
        named = {name: _part(role, parts) for name, role in self.parameters.items()}
        if self.rest:
            cache = parts["cache"]
            return [*named.values(), *(cache if isinstance(cache, tuple) else (cache,))], {}
        return [], named

    def written(self, upstream: Input) -> tuple[str, ...]:
        """The same as it is written in a script."""
        texts = {name: _text(role, upstream) for name, role in self.parameters.items()}
        if self.rest:
            return (*texts.values(), "*(_cache if isinstance(_cache, tuple) else (_cache,))")
        return tuple(f"{name}={text}" for name, text in texts.items())


def _part(role: Any, parts: Mapping[str, Any]) -> Any:
    match role:
        case ("cache", int(place)):
            return parts["cache"][place]
        case ("input", str(name)):
            return parts["input"][name]
    return parts[role]


def _text(role: Any, upstream: Input) -> str:
    match role:
        case "upstream":
            return f"deepcopy({upstream.name})"
        case ("cache", int(place)):
            return f"_cache[{place}]"
        case ("input", str(name)):
            return f"_inputs[{name!r}]"
    return f"_{role}"


def roles_of(
    backward: Callable[..., Any], outputs: int, cache: Any, inputs: Sequence[str]
) -> Roles:
    """The roles of a backward function's parameters; raises `CodeError` where one has none.

    `outputs` says how many values forward returns, the first of which is the output.
    """
    every = inspect.signature(backward).parameters.values()
    rest = any(one.kind is one.VAR_POSITIONAL for one in every)
    wanted = parameters(backward)
    upstream = _upstream(backward, list(wanted), inputs)
    unknown = [
        name
        for name, one in wanted.items()
        if name not in (upstream, "out", *inputs) and one.default is one.empty
    ]
    gradients = [name for name in unknown if GRADIENT.fullmatch(name)]
    if gradients and outputs > 2:
        raise CodeError(
            f"{name_of(backward)} takes {upstream} and {gradients[0]}, gradients of several "
            "outputs: give functions with one output"
        )
    several = len(unknown) > 1 and isinstance(cache, tuple) and len(cache) == len(unknown)
    roles: dict[str, Any] = {}
    for name, one in wanted.items():
        if name == upstream:
            roles[name] = "upstream"
        elif name in inputs:
            roles[name] = ("input", name)
        elif name == "out":
            roles[name] = "out"
        elif several and name in unknown:
            roles[name] = ("cache", unknown.index(name))
        elif unknown[:1] == [name] and cache is not None:
            roles[name] = "cache"
        elif one.default is one.empty:
            raise CodeError(
                f"{name_of(backward)}: what {name} is, is not known; "
                "it is the cache that forward returns second, or an input by its name"
            )
    return Roles(upstream, roles, rest)


def _upstream(backward: Callable[..., Any], wanted: Sequence[str], inputs: Sequence[str]) -> str:
    """The parameter that is the upstream gradient: the first, unless another one looks like it."""
    plain = [name for name in wanted if name not in (*inputs, "cache", "out")]
    for name in plain:
        if GRADIENT.fullmatch(name):
            return name
    if plain and plain[0] == wanted[0]:
        return plain[0]
    raise CodeError(
        f"{name_of(backward)}: which parameter is the gradient by the output? Call it {UPSTREAM}"
    )
