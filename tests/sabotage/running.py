"""A wrong module put in the place of the right one, in a process of its own with a time limit.

The process is forked once all that is not mutated is imported; the mutant is compiled from its
tree, so nothing is written, neither in the working tree nor elsewhere.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from types import ModuleType
from typing import Any

from tests.sabotage.mutants import ROOT, Mutant


class Planted(MetaPathFinder, Loader):
    """Imports the mutant instead of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        self.imported = False

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name != self.mutant.module:
            return None
        return ModuleSpec(name, self, origin=str(ROOT / self.mutant.file))

    def exec_module(self, module: ModuleType) -> None:
        self.imported = True
        exec(
            compile(self.mutant.tree(), f"<mutant of {self.mutant.file}>", "exec"), module.__dict__
        )


def forget(*prefixes: str) -> None:
    """Have these modules imported again."""
    for name in [n for n in sys.modules if any(n == p or n.startswith(p + ".") for p in prefixes)]:
        del sys.modules[name]


def apart(work: Callable[[], Any], seconds: float) -> Any:
    """What the work returns, done in a process of its own; None if it took too long or died."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _work_alone(work, reading, writing)
    os.close(writing)
    ends = monotonic() + seconds
    chunks: list[bytes] = []
    os.set_blocking(reading, False)
    while monotonic() < ends:
        done, _ = os.waitpid(child, os.WNOHANG)
        _drain(reading, chunks)
        if done:
            break
        _wait_for(reading, ends)
    else:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        chunks.clear()
    os.close(reading)
    return pickle.loads(b"".join(chunks)) if chunks else None


def _wait_for(reading: int, ends: float) -> None:
    from select import select

    select([reading], [], [], max(0.0, min(0.05, ends - monotonic())))


def _drain(reading: int, chunks: list[bytes]) -> None:
    try:
        while chunk := os.read(reading, 1 << 16):
            chunks.append(chunk)
    except BlockingIOError:
        pass


def _work_alone(work: Callable[[], Any], reading: int, writing: int) -> None:
    code = 1
    try:
        os.close(reading)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os.write(writing, pickle.dumps(work()))
        code = 0
    finally:
        os._exit(code)


def sampled(every: Iterable[Mutant], count: int | None, seed: int) -> list[Mutant]:
    """All mutants, or some that a seed chooses, in the order of the files."""
    from random import Random

    found = list(every)
    if count is None or count >= len(found):
        return found
    chosen = Random(seed).sample(range(len(found)), count)
    return [found[k] for k in sorted(chosen)]


def sources(*folders: str) -> Iterator[str]:
    """The files of packages, by name within the repository."""
    for folder in folders:
        for file in sorted((ROOT / folder).glob("*.py")):
            if file.stat().st_size > 200 and find_spec("ast"):
                yield str(Path(folder) / file.name)
