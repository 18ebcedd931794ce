"""Findings as SARIF 2.1.0, which code scanning and editors show: what is not proved, and where.

What is refuted is an error, what is undecided or could not be asked a warning.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

from gradcheck_sym.errors import printable
from gradcheck_sym.render.finding import Finding, Source, from_root
from gradcheck_sym.version import __version__

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
RULES = {  # verdict: id, level, what it means. The ids stay as they are: alerts go by them
    "refuted": (
        "refuted-gradient",
        "error",
        "The gradient is wrong: there is a point at which it differs from the derivative.",
    ),
    "undecided": (
        "undecided-gradient",
        "warning",
        "The gradient is neither proved nor refuted.",
    ),
    "error": ("unchecked-gradient", "warning", "The question could not be asked."),
}


def write(found: Iterable[Finding], file: TextIO) -> None:
    """One log with one run, in ASCII."""
    found = list(found)
    verdicts = list(RULES)
    run = {
        "tool": {
            "driver": {
                "name": "gradcheck-sym",
                "version": __version__,
                "rules": [_rule(*rule) for rule in RULES.values()],
            }
        },
        "invocations": [{"executionSuccessful": all(one.verdict != "error" for one in found)}],
        "results": [_result(one, verdicts) for one in found if one.verdict in RULES],
        "columnKind": "unicodeCodePoints",
    }
    json.dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, file, indent=2)
    file.write("\n")


def _rule(name: str, level: str, meaning: str) -> dict[str, Any]:
    return {
        "id": name,
        "name": "".join(part.capitalize() for part in name.split("-")),
        "shortDescription": {"text": meaning},
        "defaultConfiguration": {"level": level},
    }


def _result(one: Finding, verdicts: list[str]) -> dict[str, Any]:
    name, level, _ = RULES[one.verdict]
    location: dict[str, Any] = {
        "logicalLocations": [{"fullyQualifiedName": printable(f"{one.subject}: {one.claim}")}]
    }
    if one.source:
        location["physicalLocation"] = _place(one.source)
    return {
        "ruleId": name,
        "ruleIndex": verdicts.index(one.verdict),
        "level": level,
        "message": {
            "text": "\n".join(map(printable, (f"{one.title} ({one.subject})", *one.lines)))
        },
        "locations": [location],
        "partialFingerprints": {"gradient/v1": _fingerprint(one)},
    }


def _place(source: Source) -> dict[str, Any]:
    path = from_root(source.file)
    inside = not Path(path).is_absolute()
    artifact = (
        {"uri": quote(os.fsencode(path)), "uriBaseId": "%SRCROOT%"}
        if inside
        else {"uri": Path(path).as_uri()}
    )
    return {"artifactLocation": artifact, "region": {"startLine": source.line}}


def _fingerprint(one: Finding) -> str:
    """The same for the same gradient, wherever its line moves to."""
    file = from_root(one.source.file) if one.source else ""
    said = one.lines if one.verdict == "error" else ()
    text = "\n".join(map(printable, (file, one.subject, one.claim, *said)))
    return sha256(text.encode()).hexdigest()
