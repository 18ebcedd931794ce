"""Report → text, one module a format; a renderer shows, and computes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

from gradcheck_sym.render.finding import Finding, Source

if TYPE_CHECKING:
    from gradcheck_sym.report import Report

FORMATS = {
    "table": "gradcheck_sym.render.table",
    "json": "gradcheck_sym.render.json",
    "latex": "gradcheck_sym.render.latex",
    "markdown": "gradcheck_sym.render.markdown",
    "html": "gradcheck_sym.page.page",
    "junit": "gradcheck_sym.render.junit",
    "github": "gradcheck_sym.render.github",
    "sarif": "gradcheck_sym.render.sarif",
}
EXCHANGE = "findings"  # what the processes of --all write; nobody else asks for it
OF_FINDINGS = ("junit", "github", "sarif")  # which tools read; the same for all kinds of report


@dataclass(frozen=True, slots=True)
class View:
    """How much of a report is wanted; `sources` says where claims were read that stand in files.

    A `fragment` is LaTeX without a preamble, and `tikz` draws in it.
    """

    all_rows: bool = False
    quiet: bool = False
    color: str = "auto"  # or always, or never
    sources: Sequence[Source | None] = ()
    fragment: bool = False
    tikz: bool = False


Renderer = Callable[[Sequence["Report"], TextIO, View], None]


def renderer(name: str) -> Renderer:
    """The function that writes reports, one a claim, in this format."""
    if name in (*OF_FINDINGS, EXCHANGE):
        return _of_findings(name)
    found: Renderer = import_module(FORMATS[name]).render
    return found


def writer(name: str) -> Callable[[Iterable[Finding], TextIO], None]:
    """The function that writes findings in a format of `OF_FINDINGS`, or for `EXCHANGE`."""
    module = FORMATS.get(name, "gradcheck_sym.render.exchange")
    found: Callable[[Iterable[Finding], TextIO], None] = import_module(module).write
    return found


def _of_findings(name: str) -> Renderer:
    from gradcheck_sym.render.findings import findings

    return lambda reports, file, view: writer(name)(findings(reports, view.sources), file)
