"""Findings as one process hands them to another one: the checks of `--all` and who shows them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from typing import TextIO

from gradcheck_sym.render.finding import Finding, Source


def write(found: Iterable[Finding], file: TextIO) -> None:
    """A list in ASCII; paths start from the root, since the reader may be in another folder."""
    documents = [asdict(one) for one in found]
    for document in documents:
        if document["source"]:
            document["source"]["file"] = os.path.abspath(document["source"]["file"])
    json.dump(documents, file)
    file.write("\n")


def read(text: str) -> list[Finding]:
    """What `write` has written; raises `ValueError` if that is something else."""
    try:
        return [_finding(document) for document in json.loads(text)]
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(str(error)) from None


def _finding(document: dict[str, object]) -> Finding:
    source, lines = document.pop("source"), document.pop("lines")
    place = Source(**source) if isinstance(source, dict) else None
    return Finding(**document, lines=tuple(lines), source=place)  # type: ignore[arg-type]
