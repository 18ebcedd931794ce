"""A question that could not be answered, as JSON. Imports no SymPy.

`FORMAT_VERSION` changes when a key changes its meaning or goes; new keys may come.
"""

from __future__ import annotations

import json

FORMAT_VERSION = 1


def error_document(kind: str, message: str, exit_code: int, code: str = "") -> str:
    """The error as one JSON object: its kind, its message, its code and the exit code."""
    error = {"kind": kind, "message": message, "code": code}
    document = {
        "format_version": FORMAT_VERSION,
        "error": error,
        "exit_code": exit_code,
    }
    return json.dumps(document, indent=2)
