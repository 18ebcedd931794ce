"""A limit on the time that a search may take, in seconds of this process's own work.

What else the machine does is no matter, so a verdict does not depend on it. Outside of the main
thread, and where the system has no such timer, there is no limit.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


class OutOfTime(Exception):
    """The time is over: what was begun is to be thrown away."""


@contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """Raise `OutOfTime` inside the block once it has taken so long; of nested ones the first.

    >>> with deadline(10): sum(range(10))
    45
    """
    if seconds is None or not _has_timer():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _stop)
    left, _ = signal.setitimer(signal.ITIMER_VIRTUAL, max(seconds, 1e-3))
    if 0 < left < seconds:
        signal.setitimer(signal.ITIMER_VIRTUAL, left)
    try:
        yield
    finally:
        remaining, _ = signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        if left:
            spent = min(left, seconds) - remaining
            signal.setitimer(signal.ITIMER_VIRTUAL, max(left - spent, 1e-3))


def _has_timer() -> bool:
    main = threading.current_thread() is threading.main_thread()
    return main and hasattr(signal, "setitimer")


def _stop(_: int, __: FrameType | None) -> NoReturn:
    raise OutOfTime
