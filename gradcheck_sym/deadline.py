"""A limit on the time that a search may take, in seconds of this process's own work.

What else the machine does is no matter, so a verdict does not depend on it. Outside of the main
thread, and where the system has no such timer, there is no limit.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from numbers import Real
from time import perf_counter, process_time
from types import FrameType
from typing import Any, cast

from gradcheck_sym.ending import END
from gradcheck_sym.errors import GradcheckError

LITTLE = 0.1  # seconds
AGAIN = 0.2
WAITS = 3  # times as long as it may work
GRACE = 3.0  # seconds on the clock after these, before a process is ended
LONGEST = 1e8  # three years: timers do not take any number


_end: ContextVar[Callable[[], None] | None] = ContextVar("end", default=None)


class OutOfTime(Exception):
    """The time is over: what was begun is to be thrown away."""


def seconds_of(timeout: object) -> float | None:
    """The limit that is given, None for none; raises `GradcheckError`.

    >>> seconds_of(2), seconds_of(None)
    (2.0, None)
    """
    if timeout is None:
        return None
    is_number = isinstance(timeout, Real) and not isinstance(timeout, bool)
    seconds = float(cast("Real", timeout)) if is_number else 0.0
    if not seconds > 0:
        raise GradcheckError(f"timeout is {timeout!r}: give seconds, or None for no limit")
    return seconds


@contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """Raise `OutOfTime` inside the block once it has taken so long; of nested ones the first.

    >>> with deadline(10): sum(range(10))
    45
    """
    if seconds is None or not has_timer():
        yield
        return
    with _limited(seconds, signal.ITIMER_VIRTUAL, signal.SIGVTALRM, process_time):
        yield


@contextmanager
def wall_clock(seconds: float) -> Iterator[None]:
    """Raise `OutOfTime` inside the block once so much time has gone by, whoever worked in it.

    For functions that wait: for a file, for a network.
    """
    if not has_timer():
        yield
        return
    with _limited(seconds, signal.ITIMER_REAL, signal.SIGALRM, perf_counter):
        yield


@contextmanager
def limit_of_users(seconds: float | None) -> Iterator[None]:
    """The limit for code that is not ours, and may wait: a few times as long on the clock."""
    if seconds is None:
        yield
        return
    with _last_resort(WAITS * seconds + GRACE), deadline(seconds), wall_clock(WAITS * seconds):
        yield


@contextmanager
def ending_the_process(said: str) -> Iterator[None]:
    """Say this and exit with 2 where code that is not ours goes on after its limit.

    It may catch all exceptions in a loop, or ignore signals: nothing else ends it then.
    """

    def end() -> None:
        os.write(2, f"gradcheck-sym: {said}\n".encode())
        END(2)

    token = _end.set(end)
    try:
        yield
    finally:
        _end.reset(token)


@contextmanager
def _last_resort(seconds: float) -> Iterator[None]:
    if (end := _end.get()) is None:
        yield
        return
    watch = threading.Timer(min(seconds, threading.TIMEOUT_MAX), end)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


@contextmanager
def _limited(
    seconds: float, timer: int, number: signal.Signals, clock: Callable[[], float]
) -> Iterator[None]:
    """The block with a timer that sends this signal, by a clock that goes as the timer does."""
    before, told = signal.signal(number, _stop), sys.unraisablehook
    sys.unraisablehook = partial(_passed_over, told)
    started = clock()
    left, _ = _set(timer, seconds)
    if 0 < left < seconds:
        _set(timer, left)
    try:
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(number, before)
        sys.unraisablehook = told
        if left:
            _set(timer, left - (clock() - started))


def _passed_over(told: Callable[[Any], Any], unraisable: Any) -> None:
    """Say what could not be raised where an object died, but that the time is over: it insists."""
    if not isinstance(unraisable.exc_value, OutOfTime):
        told(unraisable)


def _set(timer: int, seconds: float) -> tuple[float, float]:
    """Start a timer, which insists: what is raised where an object dies is passed over."""
    return signal.setitimer(timer, max(1e-3, min(LONGEST, seconds)), AGAIN)


class Budget:
    """The time of one question: so many seconds in all, or as much as it takes for None."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self._left = seconds or 0.0
        self._begun = process_time()

    def is_spent(self, times: float) -> bool:
        """Whether so many times as much was worked since this was made, counted or not."""
        return self.seconds is not None and process_time() - self._begun > times * self.seconds

    def spend(self, seconds: float) -> None:
        """Take off what was used before."""
        self._left -= seconds

    @contextmanager
    def share(self, part: float, *, later: bool = False) -> Iterator[None]:
        """Raise `OutOfTime` where that part of what is left is over, and take off what was used.

        `later` allows for as much time again; there, what is done at once is not counted, since
        there may be many such things.
        """
        if self.seconds is None:
            yield
            return
        started = process_time()
        left = self._left + (self.seconds if later else 0)
        try:
            if left <= 0:
                raise OutOfTime
            with deadline(left * part):
                yield
        finally:
            taken = process_time() - started
            self._left -= taken if taken > LITTLE or not later else 0


def has_timer() -> bool:
    """Whether there is a limit here."""
    main = threading.current_thread() is threading.main_thread()
    return main and hasattr(signal, "setitimer")


def is_collecting(frame: FrameType | None) -> bool:
    """Whether a function runs there that Python calls around garbage collection.

    What is raised in one, as in those of Hypothesis, is passed over with a warning.
    """
    around = [getattr(callback, "__code__", None) for callback in gc.callbacks]
    while frame is not None:
        if frame.f_code in around:
            return True
        frame = frame.f_back
    return False


def _stop(_: int, frame: FrameType | None) -> None:
    if not is_collecting(frame):
        raise OutOfTime
