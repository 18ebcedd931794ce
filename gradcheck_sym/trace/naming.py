"""The names of the user's variables, so that proofs may speak of what the code speaks of."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

from gradcheck_sym.array import Array, Constant, Input, Let, Reindex
from gradcheck_sym.array.graph import ordered
from gradcheck_sym.array.listed import Listed
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.deadline import OutOfTime
from gradcheck_sym.errors import ArrayError
from gradcheck_sym.trace.context import current
from gradcheck_sym.trace.traced import Held, Traced

OURS = re.compile(
    r"\b(Traced|View|Selected|OneHots|Count|LabelVector|LabelColumn|Label|Rows|Generator)\b"
)


def named(held: Held, name: str) -> Held:
    """The array under a name, if it is worth one: a mask, an input or a number is not."""
    if isinstance(held, Mask) or _is_plain(held):
        return held
    return current().let(name, held)


def _is_plain(array: Array) -> bool:
    """Whether an array is no more than others at other indices, or is one number."""
    while isinstance(array, Reindex):
        (array,) = array.operands
    if isinstance(array, Input | Let | Constant):
        return True
    return not any(isinstance(part, Input | Listed) for part in ordered(array))


@contextmanager
def naming(is_users: Callable[[str], bool]) -> Iterator[None]:
    """Name what the variables of the user's functions hold, line by line.

    `is_users` tells by a file's name whether it is the user's.
    """
    seen: set[int] = set()
    kept: list[Traced] = []  # an id is that of one object as long as it lives

    lines: dict[FrameType, int] = {}  # the line that was run last

    def look(values: dict[str, Any], line: int | None) -> None:
        for name, value in list(values.items()):
            if isinstance(value, Traced) and id(value) not in seen:
                seen.add(id(value))
                kept.append(value)
                value.call_it(name)
                if line and isinstance(value.named, Let):
                    current().bound.setdefault(value.named.name, (name, line))

    def at_line(frame: FrameType, event: str, value: Any) -> Any:
        if event == "exception":
            _keep(*value)
        if event == "line":
            current().ran.add((frame.f_code.co_filename, frame.f_lineno))
        if event in ("line", "return"):
            line = lines.get(frame)
            look(frame.f_locals, line)
            own = frame.f_locals.get("self")
            if own is not None and hasattr(own, "__dict__"):
                look(vars(own), line)
            lines[frame] = frame.f_lineno
            if event == "return":  # so that what it holds may end now, as it does in NumPy
                del lines[frame]
        return at_line

    def at_call(frame: FrameType, event: str, _: Any) -> Any:
        return at_line if event == "call" and is_users(frame.f_code.co_filename) else None

    before = sys.gettrace()
    sys.settrace(at_call)
    try:
        yield
        if sys.gettrace() is not at_call:
            current().keep(ArrayError("sys.settrace is called by the code: leave it out"))
    finally:
        sys.settrace(before)


def _keep(_: object, error: BaseException, at: TracebackType | None) -> None:
    """Keep what is raised since our types are not those that they stand for, or time is over."""
    if isinstance(error, OutOfTime):
        current().keep(error)
    elif isinstance(error, TypeError) and OURS.search(str(error)):
        current().keep(ArrayError(f"it raises TypeError: {error}").with_traceback(at))
