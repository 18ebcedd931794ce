"""Lines at the width of a console."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text


def folded(text: Text, console: Console) -> Iterator[Text]:
    """A line at the console's width, what goes on further in than it begins."""
    indent = len(text.plain) - len(text.plain.lstrip()) + 2
    first = text.wrap(console, console.width)[0]
    rest = Text(text.plain[len(first.plain) :].lstrip(), style=text.style)
    for part in [first, *rest.wrap(console, console.width - indent)]:
        part.rstrip()
        if part.plain:
            yield part if part is first else Text(" " * indent, style=text.style).append_text(part)
