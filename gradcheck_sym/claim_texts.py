"""The texts of claims: as they are typed, from a file, or from standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gradcheck_sym.errors import ClaimFileError


@dataclass(frozen=True, slots=True)
class Typed:
    """A formula as it was typed, and the file and the line in which it stands, if in a file."""

    text: str
    file: str | None = None
    line: int = 1


def claim_texts(given: Iterable[str]) -> list[Typed]:
    """The formulas that `--claim` values stand for: `@FILE` and `-` hold one a line.

    Empty lines and what follows # are left out. Raises `ClaimFileError`.
    """
    texts = [text for value in given for text in _texts(value)]
    if not texts and list(given):
        raise ClaimFileError("--claim: no formula found; give one a line, # starts a comment")
    return texts


def _texts(value: str) -> Iterator[Typed]:
    if value != "-" and not value.startswith("@"):
        if value.endswith(".py"):
            raise ClaimFileError(
                f"--claim {value}: a file of formulas is @{value}, functions are --code {value}"
            )
        yield Typed(value)
        return
    if value == "-" and sys.stdin is not None and sys.stdin.isatty():
        print("gradcheck-sym: reading formulas, one a line; Ctrl-D ends", file=sys.stderr)
    file = value[1:] or None
    for number, line in enumerate(_read(value).splitlines(), start=1):
        if text := line.partition("#")[0].strip():
            yield Typed(text, file, number)


def _read(value: str) -> str:
    if value == "-" and sys.stdin is None:
        raise ClaimFileError("--claim -: there is no standard input; name a file, as in @FILE")
    try:
        read = sys.stdin.buffer.read() if value == "-" else Path(value[1:]).read_bytes()
        return read.decode("utf-8-sig")  # Windows puts a mark in front
    except OSError as error:
        raise ClaimFileError(f"--claim {value}: {error.strerror}; name a readable file") from None
    except UnicodeDecodeError:
        raise ClaimFileError(f"--claim {value}: not text; give a file in UTF-8") from None
