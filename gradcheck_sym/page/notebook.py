"""A page inside another one, as a notebook shows it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from gradcheck_sym.page.escape import text
from gradcheck_sym.page.page import page
from gradcheck_sym.render import View
from gradcheck_sym.render.answer import statement
from gradcheck_sym.render.document import question

if TYPE_CHECKING:
    from gradcheck_sym.report import Report


def bundle(report: Report) -> dict[str, str]:
    """The report as a line of text, and as its page."""
    line = f"{question(report)}: {statement(report)}"
    return {"text/plain": line, "text/html": framed(page([report], View()), line)}


def framed(shown: str, about: str) -> str:
    """A page in a frame of its own, so that neither changes how the other looks.

    >>> framed("<p>", "x").count("&lt;p&gt;")
    1
    """
    frame = 'width="100%" height="600" style="border:0"'
    return f'<iframe title="{text(about)}" {frame} srcdoc="{escape(shown)}"></iframe>'
