"""Text that anybody may have written, as text on a page: never as tags, and nothing invisible."""

from __future__ import annotations

from html import escape

from gradcheck_sym.errors import printable


def text(said: str) -> str:
    r"""The text between tags or in an attribute; what cannot be printed as its escape.

    >>> text('<b> & "c"'), text(chr(27) + "[31m"), text(chr(0x202E))
    ('&lt;b&gt; &amp; &quot;c&quot;', '\\x1b[31m', '\\u202e')
    """
    return escape(printable(said))


def code_lines(said: str) -> str:
    r"""Code of several lines, which are kept.

    >>> code_lines("x < 1\n  y")
    'x &lt; 1\n  y'
    """
    return "\n".join(map(text, said.split("\n")))
