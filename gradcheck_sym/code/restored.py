"""What a trace leaves in the user's modules is taken out again: it means nothing later.

Functions keep things: in globals that are made when they are first needed, in caches, in
attributes of classes. What they keep of a trace are no numbers.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import CellType, FunctionType, SimpleNamespace
from typing import Any

from gradcheck_sym.code.looked_up import globals_of
from gradcheck_sym.code.slots import looked_into
from gradcheck_sym.trace.counts import Count
from gradcheck_sym.trace.labelled import Labelled
from gradcheck_sym.trace.replaced import namespaces
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.users import is_users

OURS = (Traced, Count, Labelled)
MOST, DEEPEST = 1_000, 3  # places in one list or dict that are looked at, and levels of such


@contextmanager
def restored(*functions: Callable[..., Any], everything: bool = False) -> Iterator[None]:
    """Let the user's globals, and what they hold, be without traced arrays afterwards.

    Or let `everything` be as it was in those that the functions look at.
    """
    names = globals_of(*functions) if everything else namespaces(functions[0])
    roots = [*names, {str(k): one for k, one in enumerate(functions)}]
    before = [(holder, _held(holder)) for names in roots for holder in _in(names)]
    caches = _caches(held for _, held in before)
    called = [_calls(cache) for cache in caches]
    modules = set(sys.modules)
    try:
        yield
    finally:
        for name in sys.modules.keys() - modules:  # what it made as it was imported is of a trace
            if is_users(getattr(sys.modules[name], "__file__", None) or "<frozen"):
                del sys.modules[name]
        for holder, held in before:
            _restore(holder, held, everything=everything)
        for cache, calls in zip(caches, called, strict=True):
            if _calls(cache) != calls:
                cache.cache_clear()


def _in(names: dict[str, Any]) -> Iterator[Any]:
    """The dict, and the lists, dicts, objects and classes of the user's in it."""
    met: set[int] = set()
    pending: list[tuple[Any, int]] = [(names, 0)]
    empty: set[type] = set()  # the types of numbers, texts, modules: most values, looked at once
    while pending:
        holder, depth = pending.pop()
        if id(holder) in met:
            continue
        met.add(id(holder))
        yield holder
        if depth < DEEPEST:
            values = (v for v in _held(holder).values() if type(v) not in empty)
            pending += [(v, depth + 1) for v in values if _may_hold(v, empty)]


def _may_hold(value: Any, empty: set[type]) -> bool:
    """Whether it may hold something; a type of which nothing does is put to those."""
    if isinstance(value, dict | list | deque):
        return len(value) <= MOST
    if isinstance(value, FunctionType):
        return is_users(value.__code__.co_filename)
    if isinstance(value, CellType):
        return True
    if isinstance(value, type):
        return looked_into(value)
    if isinstance(value, SimpleNamespace):
        return True
    if not looked_into(type(value)):
        empty.add(type(value))
        return False
    return isinstance(getattr(value, "__dict__", None), dict)


def _held(holder: Any) -> dict[Any, Any]:
    """What is in a dict, a list, an object, a class, a function or a variable, by its place."""
    match holder:
        case dict():
            return dict(holder)
        case list() | deque():
            return dict(enumerate(holder))
        case CellType():
            try:
                return {"cell_contents": holder.cell_contents}
            except ValueError:  # it is empty
                return {}
        case FunctionType():
            defaults = (*(holder.__defaults__ or ()), *(holder.__kwdefaults__ or {}).values())
            own = (*defaults, *(holder.__closure__ or ()))
            return {**vars(holder), **dict(enumerate(own))}
    return dict(vars(holder))


def _restore(holder: Any, held: dict[Any, Any], *, everything: bool) -> None:
    """Put back what was there, where something of a trace, or anything else, is now."""
    # of a function its attributes: defaults stay, and variables are looked at by themselves
    now = dict(vars(holder)) if isinstance(holder, FunctionType) else _held(holder)
    for place, value in reversed(now.items()):
        same = place in held and held[place] is value
        if same or not (everything or _is_ours(value)):
            continue
        if isinstance(holder, type | CellType):
            setattr(holder, place, held[place]) if place in held else delattr(holder, place)
            continue
        there = holder if isinstance(holder, dict | list | deque) else vars(holder)
        if place in held:
            there[place] = held[place]
        else:
            del there[place]


def _is_ours(value: Any, depth: int = 0) -> bool:
    """Whether something is of a trace, or holds such things."""
    if isinstance(value, OURS):
        return True
    if depth < DEEPEST and isinstance(value, tuple | list | dict | deque) and len(value) <= MOST:
        inner = value.values() if isinstance(value, dict) else value
        return any(_is_ours(one, depth + 1) for one in inner)
    return False


def _caches(places: Iterable[dict[Any, Any]]) -> list[Any]:
    """The functions with a cache among what is held."""
    kinds: dict[type, bool] = {}
    found = []
    for held in places:
        for value in held.values():
            kind = type(value)
            if kind not in kinds:
                kinds[kind] = hasattr(kind, "cache_info")
            if kinds[kind]:
                found.append(value)
    return found


def _calls(cache: Any) -> int:
    """How often a function with a cache did not find what it was asked for."""
    return int(type(cache).cache_info(cache).misses)
