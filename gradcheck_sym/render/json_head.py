"""What stands first in every JSON document, also where nothing was answered. Imports no SymPy.

`FORMAT_VERSION` changes when a key changes its meaning or goes; new keys may come.
docs/report.schema.json has them all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from gradcheck_sym.exit_codes import exit_code
from gradcheck_sym.render.finding import Source, from_root
from gradcheck_sym.verdict import worst
from gradcheck_sym.version import __version__

FORMAT_VERSION = 2

Error = tuple[str, str, str]  # its kind, its message and its code


def head(verdict: str, errors: Iterable[Error] = (), **versions: str) -> dict[str, Any]:
    """The verdict on all claims, and what could not be asked; the claims are to follow."""
    wrong = list(errors)
    return _head(verdict, exit_code(verdict, wrong=bool(wrong)), wrong, versions)


def error_document(kind: str, message: str, exit_code: int, code: str) -> str:
    """A document without claims, which says why there are none."""
    document = {**_head(None, exit_code, [(kind, message, code)], {}), "claims": []}
    return json.dumps(document, indent=2)


def place(source: Source | None) -> dict[str, Any] | None:
    """The file and the line in which something stands, if it stands in a file."""
    return {"file": from_root(source.file), "line": source.line} if source else None


def merged(documents: Mapping[str, Mapping[str, Any]], code: int) -> dict[str, Any]:
    """One document of several, each claim and each error with the name of its document."""

    def named(key: str) -> list[dict[str, Any]]:
        found = documents.items()
        return [{"check": name, **one} for name, every in found for one in every.get(key, ())]

    claims = named("claims")
    versions = {k: v for every in documents.values() for k, v in every["versions"].items()}
    verdict = worst(claim["verdict"] for claim in claims) if claims else None
    found = {**_head(verdict, code, (), versions), "errors": named("errors"), "claims": claims}
    return {**found, "maxima": maxima} if (maxima := named("maxima")) else found


def _head(
    verdict: str | None, code: int, errors: Iterable[Error], versions: dict[str, str]
) -> dict[str, Any]:
    return {
        "format_version": FORMAT_VERSION,
        "versions": {"gradcheck-sym": __version__, **versions},
        "verdict": verdict,
        "exit_code": code,
        "errors": [
            {"kind": kind, "message": message, "code": code} for kind, message, code in errors
        ],
    }
