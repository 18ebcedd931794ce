"""Values as a script has them: in Python that reads them back, or the wish that a reader does."""

from __future__ import annotations

import builtins
import json
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from keyword import iskeyword
from math import isfinite
from typing import Any

from gradcheck_sym.code.constants import told
from gradcheck_sym.trace.users import is_users

MOST_WRITTEN = 10_000  # entries of an array
IN_BRACKETS: Mapping[type, tuple[str, str]] = {
    **{list: ("[", "]"), set: ("{", "}")},
    **{
        frozenset: ("frozenset([", "])"),
        deque: ("importlib.import_module('collections').deque([", "])"),
    },
}
OPENED, SIMPLE = "biufcUS", "biufc"  # NumPy's letters for entries that are written


class _NotWritten(Exception):
    """There are no words in Python for a value."""


def assigned(name: str, value: Any, own: Mapping[str, Any]) -> str:
    """A line that gives the name the value, or says what is to be put there.

    `own` are the global names of the user's file, which the script calls `_code`.

    >>> assigned("k", {"inf": [float("inf")], 1: (2,)}, {})
    "k = {'inf': [float('inf')], 1: (2,)}"
    >>> assigned("k", object(), {})
    'raise SystemExit("write here k = ..., which was <object object>")'
    """
    found = literal(value, own)
    if found is not None:
        return f"{name} = {found}"
    said = f"write here {name} = ..., which was {told({'': value})['']}"
    return f"raise SystemExit({json.dumps(said)})"


def literal(value: Any, own: Mapping[str, Any]) -> str | None:
    """The value as Python reads it back; None where there is no way."""
    with suppress(_NotWritten, RecursionError):
        return _written(value, own)
    return None


def _written(value: Any, own: Mapping[str, Any]) -> str:
    kind = type(value)
    if kind is int:
        return repr(value) if abs(value) < 1 << 64 else hex(value)
    if kind is float:
        return repr(value) if isfinite(value) else f"float({str(value)!r})"
    if kind is complex:
        return f"complex({_written(value.real, own)}, {_written(value.imag, own)})"
    if kind in (bool, str, bytes, range, type(None), type(...)):
        return repr(value)
    if kind is slice:
        return f"slice({_inside((value.start, value.stop, value.step), own)})"
    if kind is deque and value.maxlen is not None:
        raise _NotWritten
    if kind is tuple:
        return f"({_inside(value, own)}{',' if len(value) == 1 else ''})"
    if kind is dict:
        pairs = (f"{_written(k, own)}: {_written(v, own)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if kind is set and not value:
        return "set()"
    if kind in IN_BRACKETS:
        first, last = IN_BRACKETS[kind]
        return f"{first}{_inside(value, own)}{last}"
    return _of_numpy(value, own) or _named(value, own)


def _inside(values: Any, own: Mapping[str, Any]) -> str:
    return ", ".join(_written(value, own) for value in values)


def _of_numpy(value: Any, own: Mapping[str, Any]) -> str | None:
    """An array, a number or a type of NumPy's."""
    import numpy as np

    if isinstance(value, np.dtype):
        return f"np.dtype({value.str!r})" if value.kind in OPENED else None
    if isinstance(value, np.generic):
        if value.dtype.kind not in SIMPLE:
            return None
        inner = _written(value.item(), own)
        return f"np.{'bool_' if value.dtype.kind == 'b' else value.dtype.name}({inner})"
    if type(value) is not np.ndarray or value.dtype.kind not in OPENED:
        return None
    dtype = f"dtype={(value.dtype.name if value.dtype.kind in SIMPLE else value.dtype.str)!r}"
    if not value.size:
        return f"np.zeros({value.shape}, {dtype})"
    if value.size > 1 and (value == value.flat[0]).all():
        return f"np.full({value.shape}, {_written(value.flat[0].item(), own)}, {dtype})"
    if value.size > MOST_WRITTEN:
        return None
    return f"np.array({_written(value.tolist(), own)}, {dtype})"


def _named(value: Any, own: Mapping[str, Any]) -> str:
    """A function, or a class, by a name that it has in the user's file, NumPy or Python."""
    name = getattr(value, "__name__", "") if callable(value) else ""
    if isinstance(name, str) and name.isidentifier() and not iskeyword(name):
        for place, there in _places(value, own):
            if there.get(name) is value:
                return f"{place}{name}"
    raise _NotWritten


def _places(value: Any, own: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    import numpy as np

    yield "_code.", own
    yield "np.", vars(np)
    yield "", vars(builtins)
    module = sys.modules.get(str(getattr(value, "__module__", "")))
    if module is not None and not is_users(getattr(module, "__file__", None) or "<frozen"):
        yield f"importlib.import_module({module.__name__!r}).", vars(module)
