"""A cache that is a dict, and goes to **options by its keys: backward(dout, **cache)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from gradcheck_sym.code.inputs import name_of, parameters
from gradcheck_sym.code.upstream import CACHE
from gradcheck_sym.errors import CodeError


def keys_taken(backward: Callable[..., Any], cache: Any) -> tuple[str, ...]:
    """The keys of a cache, where backward takes it so; raises `CodeError` for what are no names.

    >>> def backward(dout, **cache): ...
    >>> keys_taken(backward, {"x": 1, "w": 2}), keys_taken(backward, (1, 2))
    (('x', 'w'), ())
    """
    every = inspect.signature(backward).parameters.values()
    takes_any = any(one.kind is one.VAR_KEYWORD for one in every)
    whole = any(CACHE.fullmatch(name) for name in parameters(backward))
    if not takes_any or whole or not isinstance(cache, dict):
        return ()
    for key in cache:
        if not isinstance(key, str):
            raise CodeError(
                f"{name_of(backward)} takes the cache as **{_options(backward)}, and its key "
                f"{key!r} is no name: call it cache, without the stars"
            )
    return tuple(cache)


def _options(backward: Callable[..., Any]) -> str:
    every = inspect.signature(backward).parameters.values()
    return next(one.name for one in every if one.kind is one.VAR_KEYWORD)
