"""The output file: written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from gradcheck_sym.errors import OutputError


def check_writable(path: Path) -> None:
    """Raise `OutputError` if a file could not be written there."""
    if path.is_dir():
        raise OutputError(f"-o {path}: this is a folder; name a file in it")
    if not path.parent.is_dir():
        raise OutputError(f"-o {path}: the folder {path.parent} does not exist; make it first")
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise OutputError(f"-o {path}: it is not writable; choose another place")


@contextmanager
def opened(path: Path | None) -> Iterator[TextIO]:
    """Standard output for None, else a file that appears under its name once it is whole."""
    if path is None:
        if sys.stdout is None:
            raise OutputError("standard output is closed; use -o FILE")
        yield sys.stdout
        sys.stdout.flush()
        return
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():  # a device such as /dev/null
        with target.open("w", encoding="utf-8") as file:
            yield file
        return
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with partial.open("x", encoding="utf-8") as file:
            yield file
        if target.exists():
            partial.chmod(target.stat().st_mode)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
