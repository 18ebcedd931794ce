"""Which lines of the user's files are run: those of a trace, and those with numbers.

Nothing decides between two lines but sizes and constants, or a trace is refused. So other lines
with numbers mean that the code saw that its arrays are not NumPy's, and took another way.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeAlias

from gradcheck_sym.trace.users import is_users

Line: TypeAlias = tuple[str, int]  # a file's, by its number
SCRIPT = "<script>"  # the file of the lines by which we call functions
MADE = "namedtuple_"  # begins the name of the module that Python makes for a named tuple


@contextmanager
def lines_run(found: set[Line]) -> Iterator[None]:
    """Add the lines that are run, by files and numbers."""

    def at_line(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            found.add((frame.f_code.co_filename, frame.f_lineno))
        return at_line

    def at_call(frame: FrameType, event: str, _: Any) -> Any:
        file = frame.f_code.co_filename
        made = str(frame.f_globals.get("__name__", "")).startswith(MADE)
        users = file != SCRIPT and not made and is_users(file)
        return at_line if users and event == "call" else None

    before = sys.gettrace()
    sys.settrace(at_call)
    try:
        yield
    finally:
        sys.settrace(before)
