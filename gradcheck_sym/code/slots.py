"""The places inside an object that hold a value: attributes, keys and numbers, however deep."""

from __future__ import annotations

import sys
import sysconfig
from collections import UserDict, UserList, deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from numbers import Number
from types import FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.errors import ArrayError, CodeError
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.users import is_users

SEVERAL: Any = (dict, list, tuple, deque)
PLAIN = (
    UserDict,
    UserList,
    SimpleNamespace,
    partial,
    MethodType,
)  # Python's classes that hold things
INSTALLED = tuple(sysconfig.get_path(name) for name in ("purelib", "platlib"))


@dataclass(frozen=True)
class Slot:
    """A place that holds a value: `place` is how it is written after the object.

    `path` has the attributes, keys and numbers that lead there.
    """

    name: str
    place: str
    path: tuple[Any, ...]
    value: Any
    holder: Any  # the object, dict or list

    def fill(self, value: Any) -> None:
        """Put another value there; raises `CodeError` where that is not possible."""
        try:
            if isinstance(self.holder, SEVERAL):
                self.holder.__setitem__(self.path[-1], value)
            else:
                setattr(self.holder, self.name, value)
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            raise CodeError(f"the weights in {self.place} cannot be given values: {said}") from None
        if self.now is not value:
            raise CodeError(f"the weights in {self.place} are not kept as they are given")

    @property
    def array(self) -> Array | None:
        """The traced array that was there, if it is one of which it is known what it is."""
        try:
            return self.value.array if isinstance(self.value, Traced) else None
        except ArrayError:
            return None

    @property
    def now(self) -> Any:
        """What is there now."""
        if isinstance(self.holder, SEVERAL):
            return self.holder[self.path[-1]]
        return getattr(self.holder, self.name)


def slots(layer: Any) -> list[Slot]:
    """All places in an object, outer ones first, each once whatever ways lead to it."""
    found: list[Slot] = []
    met: set[int] = set()
    pending: list[tuple[Any, str, tuple[Any, ...], str]] = [(layer, "", (), "w")]
    while pending:
        holder, place, path, table = pending.pop(0)
        if id(holder) in met:
            continue
        met.add(id(holder))
        for name, there, step, value in _items(holder, place, table):
            found.append(Slot(name, there, (*path, step), value, holder))
            if holds_others(value):
                pending.append((value, there, (*path, step), name))
    return found


def _items(holder: Any, place: str, table: str) -> Iterator[tuple[str, str, Any, Any]]:
    """The names, places, keys and values in a dict, a list or an object."""
    match holder:
        case dict():
            for key, value in holder.items():
                yield str(key), f"{place}[{key!r}]", key, value
        case list() | tuple() | deque():
            for number, value in enumerate(holder):
                yield table, f"{place}[{number}]", number, value
        case partial():
            for name in ("func", "args", "keywords"):
                yield name, f"{place}.{name}", name, getattr(holder, name)
        case MethodType():
            yield "__self__", f"{place}.__self__", "__self__", holder.__self__
        case _:
            for name in dict.fromkeys(_attributes(holder)):
                if hasattr(holder, name):
                    yield name, f"{place}.{name}", name, getattr(holder, name)


def _attributes(holder: Any) -> Iterator[str]:
    """The attributes of an object, and arrays and numbers that its class has."""
    yield from getattr(holder, "__dict__", {})
    for kind in type(holder).__mro__:
        yield from getattr(kind, "__slots__", ())
        yield from (name for name, value in vars(kind).items() if _is_value(name, value))


def is_number(value: object) -> bool:
    """Whether a value is a number that a proof takes as it is, or a truth."""
    return isinstance(value, Number) and not isinstance(value, Traced)


def _is_value(name: str, value: object) -> bool:
    """Whether a class has an array or a number there."""
    is_array = hasattr(value, "dtype") and hasattr(value, "shape")
    return is_array or (is_number(value) and not name.startswith("__"))


def holds_others(value: Any) -> bool:
    """Whether to look inside: what Python's own classes and NumPy's hold is not looked at."""
    if isinstance(value, (*SEVERAL, *PLAIN)):
        return True
    if isinstance(value, type | ModuleType | FunctionType | Traced):
        return False
    return looked_into(type(value))


def looked_into(kind: type) -> bool:
    """Whether a class is the user's, or that of a package which was installed."""
    name = kind.__module__
    file = getattr(sys.modules.get(name), "__file__", None) or "<unknown>"
    return is_users(file) or (file.startswith(INSTALLED) and name.partition(".")[0] != "numpy")
