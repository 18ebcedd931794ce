"""Arrays of numbers that the user's code brings along: globals, closures, what nobody made free.

They are constants of what is proved, so a report names them. What the code makes while it runs, of
numbers that stand in it, is not meant.
"""

from __future__ import annotations

from typing import Any

from gradcheck_sym.trace.context import current, runs
from gradcheck_sym.trace.users import is_array


def bring(value: Any) -> None:
    """Note an array of numbers that becomes an operand."""
    if not runs():
        return
    trace, base = current(), value
    while base is not None:
        if id(base) in trace.made:
            return
        base = getattr(base, "base", None)
    trace.brought[id(value)] = value


def made_here(value: Any, *given: Any) -> Any:
    """The value; noted as made by the code, if no other array is in what it was made of."""
    if runs() and not any(map(_has_arrays, given)):
        current().made[id(value)] = value
    return value


def _has_arrays(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_has_arrays, value))
    return is_array(value)
