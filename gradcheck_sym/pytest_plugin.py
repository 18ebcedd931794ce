"""A plugin of pytest: a test that fails on a report shows the answer, not how the report prints.

It is found by pytest through an entry point, and imports nothing but the standard library.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import FrameType, TracebackType

MADE_BY_PYTEST = "@py_"  # locals that hold what a failing assert has found on its way


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> None:
    """Say in front of a failed assertion what is known of the reports that stand in it."""
    error = call.excinfo and call.excinfo.value
    if call.excinfo is None or error is None or error.__traceback__ is None:
        return
    if type(error).__module__ == "gradcheck_sym.errors":  # a question that cannot be taken
        error.__traceback__ = _without_ours(error.__traceback__)
        call.excinfo = pytest.ExceptionInfo.from_exception(error)
        return
    if not isinstance(error, AssertionError):
        return
    found = list({str(report): report for report in _told(error.__traceback__)}.values())
    found = [one for one in found if not any(part in found for part in getattr(one, "parts", ()))]
    if found and not any(str(report) in str(error) for report in found):
        error.args = ("\n".join((*map(_shown, found), *map(str, error.args))),)


def _without_ours(traceback: TracebackType) -> TracebackType | None:
    """The traceback up to the line that asked."""
    from types import TracebackType as Made

    parts = []
    here: TracebackType | None = traceback
    while here is not None:
        parts.append(here)
        here = here.tb_next
    users = [
        part
        for part in parts
        if not part.tb_frame.f_globals.get("__name__", "").startswith("gradcheck_sym")
    ]
    kept: TracebackType | None = None
    for part in reversed(users):
        kept = Made(kept, part.tb_frame, part.tb_lasti, part.tb_lineno)
    return kept


def _shown(report: Any) -> str:
    """The answer, the verdict in its first line, which pytest repeats in its summary."""
    name = getattr(report, "name", None)  # of a function; other answers begin with the verdict
    return f"{report.verdict}: {name}\n{report}" if name else str(report)


def _told(traceback: TracebackType) -> Iterator[Any]:
    """What was not proved, of all that the statement reads in which an assertion failed."""
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    frame = traceback.tb_frame
    for value in _read(frame, traceback.tb_lineno):
        ours = type(value).__module__.startswith("gradcheck_sym.")  # a report, or a part of one
        if ours and getattr(value, "proved", None) is False:
            yield value


def _read(frame: FrameType, line: int) -> Iterator[Any]:
    """The values of the names in the assertion at this line, and what it has found on its way."""
    found = {**frame.f_globals, **frame.f_locals}
    for name in _names(frame, line):
        if name in found:
            yield found[name]
    yield from (value for name, value in frame.f_locals.items() if name.startswith(MADE_BY_PYTEST))


def _names(frame: FrameType, line: int) -> list[str]:
    """The names in the assertion at this line, as far as its source can be read."""
    import inspect

    try:
        lines, first = inspect.getsourcelines(frame.f_code)
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, SyntaxError, TypeError):
        return []
    first = max(first, 1)  # a module begins at 0
    return [
        name.id
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Assert)
        and statement.lineno <= line - first + 1 <= (statement.end_lineno or 0)
        for name in ast.walk(statement.test)
        if isinstance(name, ast.Name)
    ]
