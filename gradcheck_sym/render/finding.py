"""One verdict, for tools that show the results of many: CI systems, editors, code scanning."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

ERROR = "error"


@dataclass(frozen=True, slots=True)
class Source:
    """Where something was written: a file, and a line of it from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one gradient.

    `verdict` is proved, refuted, undecided, or error for what could not be asked; `subject` says
    what it was asked of, `claim` what was claimed, `lines` the answer without its title.
    """

    verdict: str
    subject: str
    claim: str
    lines: tuple[str, ...]
    source: Source | None = None
    seconds: float | None = None

    @property
    def title(self) -> str:
        """refuted: ∂J/∂W_out = A_h.T @ (A_out - Y) / n."""
        return f"{self.verdict}: {self.claim}"


def failed(message: str) -> Finding:
    """What is found where a question could not be answered at all."""
    return Finding(ERROR, "gradcheck-sym", "not answered", tuple(message.splitlines()))


def not_checked(messages: Iterable[str]) -> list[Finding]:
    """One for each part of a question that could not be asked."""
    return [Finding(ERROR, "gradcheck-sym", "not checked", (message,)) for message in messages]


def from_root(file: str) -> str:
    """The file's path from the root of what CI checked out, else from the working directory.

    A file that lies elsewhere keeps its whole path.

    >>> from_root("claims/wrong.txt")
    'claims/wrong.txt'
    """
    root = os.environ.get("GITHUB_WORKSPACE") or os.curdir
    whole = os.path.realpath(file)
    try:
        path = os.path.relpath(whole, os.path.realpath(root))
    except ValueError:  # on Windows: another drive
        path = os.pardir
    return (whole if path.startswith(os.pardir) else path).replace(os.sep, "/")
