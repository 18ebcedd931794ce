"""Reports as files: `save` of the library, and what the command line writes of code."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from gradcheck_sym.asked import format_of
from gradcheck_sym.errors import GradcheckError, OutputError
from gradcheck_sym.output import opened, writable
from gradcheck_sym.render import EXCHANGE, OF_FINDINGS, View, renderer, writer

if TYPE_CHECKING:
    from gradcheck_sym.code.report import CodeReport
    from gradcheck_sym.report import Report

FORMATS_OF_CODE = ("table", "json", "html", *OF_FINDINGS, EXCHANGE)


def save(report: Report | CodeReport, path: str | os.PathLike[str]) -> None:
    """Write a report to a file, whole or not at all, in the format that its ending says.

    .html, .tex, .md, .json, .xml for JUnit, .sarif, or text; of functions no .tex and .md. Raises
    `OutputError` where that cannot be written.

    >>> from gradcheck_sym import Network, check
    >>> save(check(Network(2, 2, 2)), os.devnull)
    """
    from gradcheck_sym.code.report import CodeReport

    name = os.fspath(path)
    format_ = format_of(None, name)
    if isinstance(report, CodeReport):
        if format_ not in FORMATS_OF_CODE:
            raise OutputError(f"{name}: a report on functions is no {format_}; use .html or .json")
        with opened(writable(name)) as file:
            write_code(format_, [report], [], file)
        return
    with opened(writable(name)) as file:
        renderer(format_)([report], file, View())


def write_code(
    format_: str,
    found: Sequence[CodeReport],
    wrong: Sequence[GradcheckError],
    file: TextIO,
    *,
    quiet: bool = False,
) -> None:
    """Reports on functions in this format, with what could not be checked where tools read it."""
    if format_ == "json":
        from gradcheck_sym.code.json import document

        errors = [(type(one).__name__, str(one), one.code) for one in wrong]
        file.write(document(found, errors) + "\n")
    elif format_ == "html":
        from gradcheck_sym.code.html import page
        from gradcheck_sym.page.style import for_file

        file.write(for_file(page(found, quiet=quiet), file))
    elif format_ in (*OF_FINDINGS, EXCHANGE):
        from gradcheck_sym.code.findings import findings
        from gradcheck_sym.render.finding import not_checked

        writer(format_)([*findings(found), *not_checked(map(str, wrong))], file)
    else:
        from gradcheck_sym.code.text import render

        render(found, file, quiet=quiet)
