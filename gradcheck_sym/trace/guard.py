"""What users' code may not do to the process that runs it: end it, or let its limits be too low."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from gradcheck_sym.errors import CodeError

LEAST = 1_000  # deep calls that Python allows by itself, and that we need
REAL: dict[str, Any] = {
    "_exit": os._exit,
    "abort": os.abort,
    "setrecursionlimit": sys.setrecursionlimit,
}
_inside: list[int] = []  # the process of each block that runs


@contextmanager
def guarded(*, lasting: bool = False) -> Iterator[None]:
    """What would end this process raises `SystemExit` in the block.

    The recursion limit is put back, but a higher one stays if it is to be `lasting`.
    """
    before = sys.getrecursionlimit()
    _inside.append(os.getpid())
    os._exit, os.abort, sys.setrecursionlimit = _exit, _abort, _set_limit
    try:
        yield
    finally:
        _inside.pop()
        if not _inside:
            os._exit, os.abort = REAL["_exit"], REAL["abort"]
            sys.setrecursionlimit = REAL["setrecursionlimit"]
        now = sys.getrecursionlimit()
        if now < before or (now > before and not lasting):
            REAL["setrecursionlimit"](before)


def _is_here() -> bool:
    """Whether a block runs, and in this process: one that was forked may end."""
    return os.getpid() in _inside


def _exit(status: int) -> NoReturn:
    if _is_here():
        raise SystemExit(status)
    REAL["_exit"](status)
    raise AssertionError


def _abort() -> NoReturn:
    if _is_here():
        raise SystemExit
    REAL["abort"]()
    raise AssertionError


def _set_limit(limit: int, /) -> None:
    if _is_here() and isinstance(limit, int) and limit < min(LEAST, sys.getrecursionlimit()):
        raise CodeError(
            f"it sets Python's recursion limit to {limit}, too low to go on: leave that out"
        )
    REAL["setrecursionlimit"](limit)
