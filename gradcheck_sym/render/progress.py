"""A progress bar on stderr, for work that takes more than a second, on a terminal only."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic

PATIENCE = 1.0  # seconds


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None] | None]:
    """What to call with (entries done, entries in all); None where no bar can be drawn."""
    if not (sys.stderr and sys.stderr.isatty()) or os.environ.get("TERM") in (
        "dumb",
        None,
    ):
        yield None
        return
    started = monotonic()
    with ExitStack() as stack:
        update: Callable[[int, int], None] | None = None

        def advance(done: int, total: int) -> None:
            nonlocal update
            if update is None and monotonic() - started > PATIENCE:
                update = _start(stack)
            if update:
                update(done, total)

        yield advance


def _start(stack: ExitStack) -> Callable[[int, int], None]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TimeRemainingColumn,
    )

    columns = ("entries", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
    task = bar.add_task("")
    return lambda done, total: bar.update(task, completed=done, total=total)
