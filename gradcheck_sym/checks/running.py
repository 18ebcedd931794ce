"""Checks in processes of their own, as many at once as there are cores."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from gradcheck_sym.checks.config import Check

HOME = str(Path(__file__).resolve().parents[2])  # where the package is found
STARTED = (  # not by -m, which would look for modules in the project's folder first
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from gradcheck_sym.cli import main; main()"
)


@dataclass(frozen=True)
class Ran:
    """What a check's process left: its exit code, what it printed, and the seconds it took."""

    check: Check
    code: int
    out: str
    err: str
    seconds: float


def ran(checks: Sequence[Check], format_: str) -> Iterator[Ran]:
    """Each check's process, in their order, as they end."""
    started: list[subprocess.Popen[str]] = []

    def run(check: Check) -> Ran:
        begun = perf_counter()
        process = _process(check, format_)
        started.append(process)
        out, err = process.communicate()
        return Ran(check, process.returncode, out, err, perf_counter() - begun)

    with ThreadPoolExecutor(cores()) as pool:
        try:
            yield from pool.map(run, checks)
        except BaseException:  # interrupted, or nobody reads on
            pool.shutdown(wait=False, cancel_futures=True)
            for process in started:
                process.kill()
            raise


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def _process(check: Check, format_: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-c", STARTED, HOME, "--format", format_, *check.words]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=check.folder,
        encoding="utf-8",
        errors="backslashreplace",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
