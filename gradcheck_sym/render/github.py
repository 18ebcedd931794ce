"""Findings as annotations of a GitHub workflow: `::error file=…,line=…,title=…::…`.

What is proved is a line of the log; what is undecided is a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from gradcheck_sym.errors import printable
from gradcheck_sym.render.finding import Finding, from_root
from gradcheck_sym.render.signs import ascii_only, takes_unicode

COMMANDS = {"refuted": "error", "undecided": "warning", "error": "error"}


def write(found: Iterable[Finding], file: TextIO) -> None:
    """A line for each finding."""
    unicode = takes_unicode(getattr(file, "encoding", None) or "utf-8")
    for one in found:
        line = _line(one)
        file.write((line if unicode else ascii_only(line)) + "\n")


def _line(one: Finding) -> str:
    if one.verdict not in COMMANDS:
        return printable(f"{one.title} ({one.subject})")
    said = (one.subject, *one.lines)
    properties = ",".join(f"{name}={_property(value)}" for name, value in _properties(one))
    return f"::{COMMANDS[one.verdict]} {properties}::{'%0A'.join(map(_data, said))}"


def _properties(one: Finding) -> Iterator[tuple[str, str]]:
    if one.source:
        yield "file", from_root(one.source.file)
        yield "line", str(one.source.line)
    yield "title", one.title


def _data(text: str) -> str:
    r"""What stands after the second ::, where a line break or a % would end or change it.

    >>> _data("50% of \x1b[31m")
    '50%25 of \\x1b[31m'
    """
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    """What stands after a name and =, where : and , would end it as well.

    >>> _property("W_h: x, y")
    'W_h%3A x%2C y'
    """
    return _data(text).replace(":", "%3A").replace(",", "%2C")
