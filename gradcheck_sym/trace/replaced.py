"""Other functions for those that users' code calls, by whatever names, for a while."""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import update_wrapper
from types import FunctionType, MappingProxyType, ModuleType
from typing import Any
from unittest import mock

from gradcheck_sym.trace.users import is_users

Functions = Mapping[str, Any]
Places = Sequence[tuple[dict[str, Any], Sequence[str]]]  # global names, and some of their keys
NONE: Functions = MappingProxyType({})


class Replacement:
    """A function that is called instead of another: equal to it, so that tables have both.

    Whoever asks which function it is by `is` is told that it is another.
    """

    def __init__(self, real: Callable[..., Any], function: Callable[..., Any]) -> None:
        update_wrapper(self, real)
        self._function = function

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self._function(*args, **options)

    def __eq__(self, other: object) -> bool:
        return _real(self) is _real(other)

    def __hash__(self) -> int:
        return hash(_real(self))

    def __repr__(self) -> str:
        return repr(_real(self))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["__wrapped__"], name)

    def __copy__(self) -> Replacement:
        """The same, as a copy of a function is."""
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Replacement:
        """The same."""
        del memo
        return self


Replacement.__name__ = "function"


def _real(value: object) -> object:
    while isinstance(value, Replacement):
        value = value.__dict__["__wrapped__"]
    return value


def replacements(module: ModuleType, functions: Functions) -> dict[str, Any]:
    """These functions, each equal to the module's own; types and numbers as they are."""
    return {
        name: Replacement(getattr(module, name), one) if isinstance(one, FunctionType) else one
        for name, one in functions.items()
    }


class Instead(ModuleType):
    """A module to the user's code: what is replaced, and else what the module has."""

    def __init__(self, real: ModuleType, ours: Functions) -> None:
        super().__init__(real.__name__, real.__doc__)
        self.__dict__.update(ours)
        self.__dict__["_real"] = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_real"], name)


@contextmanager
def replaced(
    function: Callable[..., Any],
    ours: Mapping[ModuleType, Functions],
    everywhere: ModuleType,
    builtins: Functions = NONE,
    places: Places | None = None,
) -> Iterator[None]:
    """Let the modules' functions be ours, in the user's modules and in that of the function.

    In `everywhere` they are replaced themselves, so that imports inside functions find them, too.
    `places` are where they stand, if that was looked for before.
    """
    own = {getattr(module, name): f for module, named in ours.items() for name, f in named.items()}
    own |= {module: Instead(module, named) for module, named in ours.items()}
    found = places_of(function, own) if places is None else places
    with ExitStack() as stack:
        for name, one in ours[everywhere].items():
            stack.enter_context(mock.patch.object(everywhere, name, one))
        for names, keys in found:
            new = {k: v for k, v in builtins.items() if k not in names}
            there = ((key, names.get(key)) for key in keys)
            new |= {key: own[value] for key, value in there if _is_one(value, own)}
            stack.enter_context(_put(names, new))
        yield


def places_of(function: Callable[..., Any], wanted: Container[Any]) -> Places:
    """The global names of the user's modules, and which of them stand for what is wanted.

    That takes a look at all of them, of which a process that runs tests has many.
    """
    every = namespaces(function)
    return [
        (names, [key for key, value in list(names.items()) if _is_one(value, wanted)])
        for names in every
    ]


@contextmanager
def _put(names: dict[str, Any], new: Functions) -> Iterator[None]:
    """These values for the while; what the code itself binds meanwhile stays."""
    before = {key: names[key] for key in new if key in names}
    names.update(new)
    try:
        yield
    finally:
        for key, value in new.items():
            if names.get(key) is not value:
                continue
            if key in before:
                names[key] = before[key]
            else:
                del names[key]


def _is_one(value: object, ours: Container[Any]) -> bool:
    try:
        return (callable(value) or isinstance(value, ModuleType)) and value in ours
    except TypeError:  # not hashable
        return False


def namespaces(function: Callable[..., Any]) -> list[dict[str, Any]]:
    """The global names of the user's modules."""
    inner = getattr(function, "__func__", getattr(function, "__init__", function))
    own = getattr(function, "__globals__", getattr(inner, "__globals__", None))
    found = [own] if own is not None else []
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and is_users(file) and vars(module) is not own:
            found.append(vars(module))
    return found
