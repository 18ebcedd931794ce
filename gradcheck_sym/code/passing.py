"""Names, and what is passed, as the lines of a script have them."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from keyword import iskeyword
from typing import Any

from gradcheck_sym.code.inputs import positional

OWN = {"np", "importlib", "deepcopy", "layer", "given", "result", "outputs", *dir(builtins)}


def in_script(name: str) -> str:
    """What an array is called in a script, which has names of its own.

    >>> in_script("x"), in_script("np"), in_script("np_"), in_script("class")
    ('x', 'np_', 'np__', 'class_')
    """
    own = name.rstrip("_")  # so that no two names become one
    is_taken = iskeyword(own) or own in OWN or name.startswith("_")
    return f"{name}_" if is_taken else name


def size_in_script(size: str, arrays: Collection[str]) -> str:
    """What a size is called in a script, where an array may have its name.

    >>> size_in_script("d", ["x"]), size_in_script("d", ["x", "d"]), size_in_script("in", ["x"])
    ('d', 'd_size', 'in_size')
    """
    own = re.sub("(_size)+$", "", size)
    if own not in arrays and in_script(own) == own:
        return size
    found = f"{size}_size"
    while found in arrays:
        found += "_size"
    return found


def copies(inputs: Sequence[str]) -> str:
    """Copies of these, by their names, as a dict."""
    return "dict(" + ", ".join(f"{name}={copy(name)}" for name in inputs) + ")"


def arguments(function: Callable[..., Any], inputs: Sequence[str]) -> str:
    """Copies of these as they are passed to a function: by their names, where it has them.

    >>> arguments(lambda x, w: x, ["x", "w"]), arguments(lambda x, /, w: x, ["w", "x"])
    ('**dict(x=deepcopy(x), w=deepcopy(w))', 'deepcopy(x), w=deepcopy(w)')
    """
    first = positional(function, inputs)
    if not first:
        return f"**{copies(inputs)}"
    named = [f"{name}={copy(name)}" for name in inputs if name not in first]
    return ", ".join([*map(copy, first), *named])


def unpacked(table: str, function: Callable[..., Any], inputs: Sequence[str]) -> str:
    """The same out of a dict that has them."""
    first = positional(function, inputs)
    if not first:
        return f"**{table}"
    named = [f"{name}={table}[{name!r}]" for name in inputs if name not in first]
    return ", ".join([*(f"{table}[{name!r}]" for name in first), *named])


def copy(name: str) -> str:
    """A copy of an array, as it is written."""
    return f"deepcopy({in_script(name)})"


def commas(names: Iterable[str]) -> str:
    """Arrays as they are called in a script, beside one another."""
    return ", ".join(map(in_script, names))


def only_entry(text: str) -> str:
    """The entry of a loss, which may have axes of size 1, as a number.

    >>> only_entry("loss(x)")
    'np.asarray(loss(x)).item()'
    """
    return f"np.asarray({text}).item()"
