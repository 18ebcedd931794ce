"""What happens between forward and backward, as where two such functions follow each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_action: ContextVar[Callable[[], None] | None] = ContextVar("between", default=None)


@contextmanager
def between(action: Callable[[], None]) -> Iterator[None]:
    """Let this happen after each forward."""
    token = _action.set(action)
    try:
        yield
    finally:
        _action.reset(token)


def interrupted() -> None:
    """Let it happen, once."""
    if (action := _action.get()) is not None:
        token = _action.set(None)
        try:
            action()
        finally:
            _action.reset(token)


class Left(Exception):
    """Backward is not called after this forward."""


def leave() -> None:
    """Let forward be all that runs; raises `Left`."""
    raise Left
