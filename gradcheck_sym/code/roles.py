"""What each parameter of a backward function is: the upstream gradient, the cache, or an input."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gradcheck_sym.array import Input
from gradcheck_sym.code.by_key import keys_taken
from gradcheck_sym.code.either import Either, qualified
from gradcheck_sym.code.inputs import as_value, name_of, parameters, positional
from gradcheck_sym.code.optional import given_instead, has_default, is_given, is_left, keeps_default
from gradcheck_sym.code.passing import copy
from gradcheck_sym.code.source import returned_names, variables
from gradcheck_sym.code.upstream import CACHE, GRADIENT, WORDS
from gradcheck_sym.errors import CodeError

MAY_BE = re.compile(GRADIENT.pattern + r"|g\w{0,4}")  # the gradient by another output


@dataclass(frozen=True)
class Roles:
    """The role of each parameter.

    That is ("upstream", k), ("out", k), "cache", ("cache", k), or ("input", name).
    """

    parameters: Mapping[str, Any]
    rest: bool  # whether *args take the cache
    by_place: tuple[str, ...]  # of these, those that have no names
    told: tuple[str, ...] = ()  # what is said of inputs, and what is returned beside them
    by_key: tuple[str, ...] = ()  # of a cache that is a dict, those that **options take
    left: tuple[str, ...] = ()  # those that keep None, though something is known of them
    optional: Mapping[str, int | None] = field(default_factory=dict)  # as runs have it

    def arguments(self, parts: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """What is passed, by position and by name."""
        named = {name: _part(role, parts) for name, role in self.parameters.items()}
        if self.rest:
            cache = parts["cache"]
            return [*named.values(), *(cache if isinstance(cache, tuple) else (cache,))], {}
        return [], named | {key: parts["cache"][key] for key in self.by_key}

    def written(self, upstreams: Sequence[Input]) -> tuple[str, ...]:
        """The same as it is written in a script."""
        texts = {name: _text(role, upstreams) for name, role in self.parameters.items()}
        if self.rest:
            return (*texts.values(), "*(_cache if isinstance(_cache, tuple) else (_cache,))")
        args = [texts.pop(name) for name in self.by_place]
        rest = f"**{{key: _cache[key] for key in {list(self.by_key)}}}"
        return (*args, *(f"{name}={x}" for name, x in texts.items()), *([rest] * bool(self.by_key)))

    @property
    def readings(self) -> tuple[str, ...]:
        """That parts of the cache go by their names, where backward(dout, *cache) is otherwise."""
        places = {
            name: role[1]
            for name, role in self.parameters.items()
            if isinstance(role, tuple) and role[0] == "cache" and isinstance(role[1], int)
        }
        if list(places.values()) == sorted(places.values()):
            return self.told
        moved = f"{', '.join(places)} are parts of the cache by their names, not in its order"
        return (moved, *self.told)


def _part(role: Any, parts: Mapping[str, Any]) -> Any:
    match role:
        case (str(kind), place):
            return parts[kind][place]
    return parts[role]


def _text(role: Any, upstreams: Sequence[Input]) -> str:
    match role:
        case ("upstream", int(place)):
            return copy(upstreams[place].name)
        case ("cache", place):
            return f"_cache[{place!r}]"
        case ("out", int(place)):
            return f"_results[{place}]"
        case ("input", str(name)):
            return f"_inputs[{name!r}]"
    return f"_{role}"


def roles_of(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    upstreams: Sequence[str],
    result: Any,
    inputs: Mapping[str, Any],
    *,
    keeps: bool = False,
) -> Roles:
    """The roles of a backward function's parameters; raises `CodeError` where one has none.

    `result` is what forward returns, `upstreams` are the gradients by its outputs, `inputs` what is
    passed for them. An object that `keeps` what backward needs may return more than it takes.
    """
    every = inspect.signature(backward).parameters.values()
    rest = any(one.kind is one.VAR_POSITIONAL for one in every)
    either = Either(forward, backward, upstreams, result, inputs, keeps)
    cache, cached, keys = either.cache, either.cached, keys_taken(backward, either.cache)
    own, outputs = variables(forward), returned_names(forward)[: max(len(upstreams), 1)]
    caches = () if rest or keys else either.caches
    every_one = parameters(backward)

    def is_passed(name: str) -> bool:
        if name in upstreams or name in caches:
            return not is_left(name)
        return name in keys or not keeps_default(name, forward, backward, inputs)

    wanted = {name: one for name, one in every_one.items() if is_passed(name)}
    unknown = [
        name
        for name, one in wanted.items()
        if name not in (*upstreams, *inputs, *outputs, *keys)
        and not _is_the_output(name, own)
        and one.default is one.empty
    ]
    _refuse_not_given(forward, backward, unknown)
    if isinstance(result, tuple) and len(result) > 1:
        _refuse_gradients(backward, upstreams, [name for name in unknown if name not in own])
    if cache is not None and not rest and not keys:
        unknown = unknown or _given_the_cache(wanted, upstreams, (*inputs, *parameters(forward)))
    several = len(unknown) > 1 and isinstance(cache, tuple) and len(cache) == len(unknown)
    returns_none = isinstance(result, tuple) and len(result) > max(len(upstreams), 1)
    roles: dict[str, Any] = {}
    parts = [name for name in wanted if name not in upstreams and cached.get(name) is not None]
    for name, one in wanted.items():
        if name in upstreams:
            roles[name] = ("upstream", upstreams.index(name))
        elif name in keys:
            roles[name] = ("cache", name)
        elif either.is_cached(name):  # an input of that name is another, if forward has changed it
            place = cached[name]
            roles[name] = "cache" if place is None else ("cache", place)
        elif name in inputs and either.is_whole(name):
            roles[name] = "cache"
        elif name in inputs:
            either.refuse_returned(name)
            roles[name] = ("input", name)
        elif name in outputs:
            roles[name] = ("out", outputs.index(name))
        elif _is_the_output(name, own):
            roles[name] = ("out", 0)
        elif several and name in unknown:
            roles[name] = ("cache", unknown.index(name))
        elif unknown == [name] and (cache is not None or returns_none) and not parts:
            roles[name] = "cache"
        elif one.default is one.empty:
            raise CodeError(
                f"{qualified(backward)}: what {name} is, is not known; "
                "it is the cache that forward returns second, an input by its name, or a value "
                f"that you give: {as_value(name)}"
            )
    if rest and len(roles) > len(upstreams):
        raise CodeError(
            f"{qualified(backward)} takes {list(roles)[-1]} beside *args: name all that it takes"
        )
    if not (rest or keys or any(map(is_left, caches))) and (not keeps or either.by_order):
        either.refuse_untaken(roles)
    told = () if rest or keys else either.readings(roles)
    replaced = [name for name in roles if name in caches or is_given(name)]
    told += given_instead(qualified(backward), replaced)
    return Roles(
        roles,
        rest,
        positional(backward, roles),
        told,
        tuple(key for key in keys if key not in roles),
        tuple(
            name
            for name in _left_none(every_one, wanted)
            if name in (*inputs, *outputs, *cached, "out") or (cache is not None and not rest)
        ),
        {
            **dict.fromkeys((*caches, *(_repeated(roles, forward, every_one) if keeps else ()))),
            **{n: int(not k) for k, n in enumerate(upstreams) if every_one[n].default is None},
        },
    )


def _left_none(every: Mapping[str, inspect.Parameter], passed: Collection[str]) -> list[str]:
    """The parameters that keep the default None."""
    return [name for name, one in every.items() if name not in passed and one.default is None]


def _repeated(
    roles: Mapping[str, Any], forward: Callable[..., Any], every: Mapping[str, inspect.Parameter]
) -> list[str]:
    """The inputs that may be None in forward, and again in backward."""
    passed = [name for name, role in roles.items() if role == ("input", name)]
    return [n for n in passed if every[n].default is None and has_default(forward, n)]


def _is_the_output(name: str, own: Sequence[str]) -> bool:
    """Whether a parameter is what forward returns first, and no variable of its own."""
    return name == "out" and name not in own


def _given_the_cache(
    wanted: Mapping[str, inspect.Parameter], upstreams: Sequence[str], inputs: Sequence[str]
) -> list[str]:
    """The parameter in place of whose default the cache is passed, as in backward(dout, cache)."""
    plain = [n for n, p in wanted.items() if n not in (*upstreams, "out") and p.default is None]
    called = [name for name in plain if CACHE.fullmatch(name)]
    return called or (plain if not any(name in inputs for name in plain) else [])


def _refuse_gradients(
    backward: Callable[..., Any], upstreams: Sequence[str], unknown: Sequence[str]
) -> None:
    """Raise `CodeError` where another parameter may be the gradient by a further output."""
    order = list(parameters(backward))
    after = order[order.index(upstreams[0]) :] if upstreams else []
    may_be = [name for name in unknown if name in after and MAY_BE.fullmatch(name)]
    if gradients := [name for name in may_be if not WORDS.fullmatch(name)]:
        raise CodeError(
            f"{qualified(backward)}: {gradients[0]} looks like the gradient by another output, "
            f"beside {upstreams[0]}; call it after the variable that forward returns: dh for h"
        )


def _refuse_not_given(
    forward: Callable[..., Any], backward: Callable[..., Any], unknown: Sequence[str]
) -> None:
    """Raise `CodeError` for parameters of backward that forward has a default for, and no value."""
    defaults = {name for name, one in parameters(forward).items() if one.default is not one.empty}
    if missing := [name for name in unknown if name in defaults]:
        raise CodeError(
            f"{name_of(backward)} takes {missing[0]}, as {name_of(forward)} does: give its value"
        )
