"""The frame of a page: its styles, its few lines of script, and a colour for each quantity."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TextIO

from gradcheck_sym.figure.colours import DARK, LIGHT, colours
from gradcheck_sym.page.escape import text


def whole(title: str, arrays: Sequence[str], body: str) -> str:
    """The document around a body.

    >>> whole("1 < 2", [], "<p>so</p>").startswith("<!DOCTYPE html>")
    True
    """
    script = f"\n{_file('page.js')}"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(script)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{text(title)}</title>\n"
        f"<style>\n{_file('page.css')}{_coloured(arrays)}</style>\n</head>\n<body>\n<main>\n"
        f"{body}\n</main>\n<script>{script}</script>\n</body>\n</html>\n"
    )


def _policy(script: str) -> str:
    """What a browser may do for the page: load nothing, and run this one script."""
    digest = b64encode(sha256(script.encode()).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


def for_file(page: str, file: TextIO) -> str:
    """The page as a file can take it: one that is not in UTF-8 has references for its signs."""
    encoding = getattr(file, "encoding", None) or "utf-8"
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        return page
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _coloured(arrays: Sequence[str]) -> str:
    """What gives each array its colour, in formulas and in drawings."""
    light, dark = (
        "".join(f"--{name}:{colour};" for name, colour in colours(arrays, lightness).items())
        for lightness in (LIGHT, DARK)
    )
    rules = "".join(
        f".{name}{{color:var(--{name});fill:var(--{name})}}.stroke-{name}{{stroke:var(--{name})}}\n"
        for name in colours(arrays, LIGHT)
    )
    media = f"@media (prefers-color-scheme: dark){{:root{{{dark}}}}}"
    printed = f"@media print{{:root{{{light}}}}}"
    return f":root{{{light}}}\n{media}\n{printed}\n{rules}"


@cache
def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")
