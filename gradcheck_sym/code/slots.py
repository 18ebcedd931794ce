"""The places inside an object that hold a value: attributes, keys and numbers, however deep."""

from __future__ import annotations

import sys
import sysconfig
from argparse import Namespace
from collections import UserDict, UserList, deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import partial
from numbers import Number
from types import FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any

from gradcheck_sym.array import Array
from gradcheck_sym.array.graph import names
from gradcheck_sym.errors import ArrayError, CodeError, raised
from gradcheck_sym.trace.labelled import Labelled
from gradcheck_sym.trace.traced import Traced
from gradcheck_sym.trace.users import is_array, is_users

SEVERAL: Any = (dict, list, tuple, deque)
PLAIN = (
    UserDict,
    UserList,
    Namespace,
    SimpleNamespace,
    partial,
    MethodType,
)  # Python's classes that hold things
OTHERS = ("numpy", "gradcheck_sym")  # installed packages that are not looked into
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
    is_shared: bool = False  # by all objects of a class
    is_computed: bool = False  # by a property, or inside what one gives

    def fill(self, value: Any) -> None:
        """Put another value there; raises `CodeError` where that is not possible."""
        try:
            if isinstance(self.holder, SEVERAL):
                self.holder.__setitem__(self.path[-1], value)
            else:
                setattr(self.holder, self.name, value)
        except Exception as error:
            said = f"the weights in {self.place} cannot be given values: {raised(error)}"
            raise CodeError(said) from None
        if self.now is not value:
            raise CodeError(f"the weights in {self.place} are not kept as they are given")

    @property
    def is_private(self) -> bool:
        """Whether an attribute that leads there begins with _."""
        return any(str(step).startswith("_") for step in self.path)

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


def slots(layer: Any, place: str = "", path: tuple[Any, ...] = (), called: str = "w") -> list[Slot]:
    """All places in an object, outer ones first, each once whatever ways lead to it.

    The object itself is at a `place`, to which a `path` leads, and what is in it, if that is a
    list, is `called` so.
    """
    found: list[Slot] = []
    met: set[int] = set()
    pending: list[tuple[Any, str, tuple[Any, ...], str, bool]] = []
    pending.append((layer, place, path, called, False))
    while pending:
        holder, place, path, table, shared = pending.pop(0)
        if id(holder) in met:
            continue
        met.add(id(holder))
        for name, there, step, value in _items(holder, place, table):
            found.append(Slot(name, there, (*path, step), value, holder, shared))
            if holds_others(value):
                inner = shared or isinstance(value, type) or _is_of_class(holder, name, value)
                pending.append((value, there, (*path, step), name, inner))
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
        case type():
            for name, value in vars(holder).items():
                if _is_value(name, value):
                    yield name, f"{place}.{name}", name, value
        case MethodType():
            yield "__self__", f"{place}.__self__", "__self__", holder.__self__
        case _:
            for name in dict.fromkeys(_attributes(holder)):
                if hasattr(holder, name):
                    yield name, f"{place}.{name}", name, getattr(holder, name)


def _attributes(holder: Any) -> Iterator[str]:
    """The attributes of an object, and arrays and numbers that its class has, also in others."""
    yield from getattr(holder, "__dict__", {})
    for kind in type(holder).__mro__:
        yield from getattr(kind, "__slots__", ())
        yield from (name for name, value in vars(kind).items() if _is_value(name, value))


def is_number(value: object) -> bool:
    """Whether a value is a number that a proof takes as it is, or a truth."""
    return isinstance(value, Number) and not isinstance(value, Traced)


def is_constant(value: object) -> bool:
    """Whether a value is a number that was computed of numbers, such as a root."""
    if not isinstance(value, Traced) or value.scalar is not True or value.named is None:
        return False
    return not value.shape_held and not names(value.array)


def _is_value(name: str, value: object) -> bool:
    """Whether a class has an array or a number there, or what may hold some."""
    if name.startswith("__") or (name.startswith("_") and name.endswith("_")):
        return False
    is_one = isinstance(value, type) and looked_into(value)
    return is_one or any(
        is_kind(value) for is_kind in (is_array, is_number, is_choice, _has_several)
    )


def is_taken(value: object) -> bool:
    """Whether a proof takes a value as it is: a number, a truth, or numbers that are not seen."""
    several = _has_several(value) and not holds_others(value)
    return is_number(value) or is_constant(value) or several


def is_choice(value: object) -> bool:
    """Whether a value may say which way functions go, as "mean" or "sum" does."""
    return isinstance(value, str | Enum) and value != ""


def _has_several(value: object) -> bool:
    """Whether a value is a collection of any kind, but text and what is traced."""
    if isinstance(value, str | bytes | type | Traced | Labelled):
        return False
    return hasattr(type(value), "__len__") and hasattr(type(value), "__iter__")


def _is_of_class(holder: Any, name: str, value: Any) -> bool:
    """Whether an object has a value from its class."""
    own = getattr(holder, "__dict__", {})
    return (
        not isinstance(holder, SEVERAL)
        and own.get(name) is not value
        and any(vars(kind).get(name) is value for kind in type(holder).__mro__)
    )


def holds_others(value: Any) -> bool:
    """Whether to look inside: what Python's own classes and NumPy's hold is not looked at."""
    if isinstance(value, (*SEVERAL, *PLAIN)):
        return True
    if isinstance(value, ModuleType | FunctionType | Traced):
        return False
    return looked_into(value if isinstance(value, type) else type(value))


def looked_into(kind: type) -> bool:
    """Whether a class is the user's, or that of a package which was installed."""
    name = kind.__module__
    if name in sys.builtin_module_names:
        return False
    file = getattr(sys.modules.get(name), "__file__", None) or "<unknown>"
    return is_users(file) or (file.startswith(INSTALLED) and name.partition(".")[0] not in OTHERS)
