"""A verdict in words and in colour."""

from __future__ import annotations

SIGNS = {"proved": "✔ proved", "refuted": "✘ refuted", "undecided": "? undecided"}


def badge(kind: str) -> str:
    """The verdict with its sign.

    >>> badge("proved")
    '<span class="badge proved">✔ proved</span>'
    """
    return f'<span class="badge {kind}">{SIGNS[kind]}</span>'
