"""Report → text, one module a format; a renderer shows, and computes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from gradcheck_sym.report import Report

FORMATS = {
    "table": "gradcheck_sym.render.table",
    "json": "gradcheck_sym.render.json",
    "latex": "gradcheck_sym.render.latex",
    "markdown": "gradcheck_sym.render.markdown",
    "html": "gradcheck_sym.page.page",
}


@dataclass(frozen=True, slots=True)
class View:
    """How much of a report is wanted."""

    all_rows: bool = False
    quiet: bool = False
    color: str = "auto"  # or always, or never


Renderer = Callable[[Sequence["Report"], TextIO, View], None]


def renderer(name: str) -> Renderer:
    """The function that writes reports, one a claim, in this format."""
    found: Renderer = import_module(FORMATS[name]).render
    return found
