"""The output file: written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TextIO

from gradcheck_sym.errors import OutputError


@contextmanager
def stdout_to_stderr() -> Iterator[None]:
    """What is printed meanwhile goes to stderr, also by other processes and by libraries in C."""
    with redirect_stdout(sys.stderr):
        real = sys.__stdout__
        try:
            own = os.dup(1) if real and real.fileno() == 1 else None
        except (OSError, ValueError):  # there is none
            own = None
        if own is None or real is None:
            yield
            return
        real.flush()
        os.dup2(2, 1)
        try:
            yield
        finally:
            os.dup2(own, 1)
            os.close(own)


def writable(name: str, *read: str | None) -> Path:
    """The path of that name; raises `OutputError` if a file could not be written there.

    Nor may it be one of the files that are read.
    """
    if any(one and os.path.realpath(one) == os.path.realpath(name) for one in read):
        raise OutputError(f"{name}: this file is read; choose another place to write")
    if not name:
        raise OutputError("-o is empty: name a file")
    path = Path(name)
    folder = Path(os.path.realpath(path)).parent
    try:
        if path.is_dir() or name.endswith(os.sep):
            raise OutputError(f"-o {name}: this is a folder; name a file in it")
        if _is_device(path):
            return path
        if folder.exists() and not folder.is_dir():
            raise OutputError(f"-o {name}: {folder} is not a folder; choose another place")
        if not folder.is_dir():
            raise OutputError(f"-o {name}: the folder {folder} does not exist; make it first")
        if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
            raise OutputError(f"-o {name}: it is not writable; choose another place")
    except OSError as error:
        raise OutputError(f"-o {name}: {error.strerror}; choose another place") from None
    return path


@contextmanager
def opened(path: Path | None) -> Iterator[TextIO]:
    """Standard output for None, else a file that appears under its name once it is whole.

    A device or a pipe, such as /dev/null, is written to as it is.
    """
    if path is None:
        if sys.stdout is None:
            raise OutputError("standard output is closed; use -o FILE")
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        if _is_device(path):
            with path.open("w", encoding="utf-8") as file:
                yield file
        else:
            with _replacing(Path(os.path.realpath(path))) as file:
                yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"-o {path}: {error.strerror}; choose another place") from None


def write_first(path: Path, scripts: Iterable[str]) -> str:
    """Write the first script that there is to a file; what is to be said of it."""
    script = next(filter(None, scripts), None)
    if script is None:
        return f"nothing is refuted, so {path} is not written"
    with opened(path) as file:
        file.write(script)
    return f"wrote {path}"


def _is_device(path: Path) -> bool:
    return path.exists() and not path.is_file()


@contextmanager
def _replacing(target: Path) -> Iterator[TextIO]:
    """A file beside the target, which takes its place at the end and its mode if it had one."""
    partial = target.with_name(f".gradcheck-sym-{os.getpid()}")
    try:
        with partial.open("x", encoding="utf-8") as file:
            yield file
        if target.exists():
            partial.chmod(target.stat().st_mode)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
