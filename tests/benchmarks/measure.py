"""Child processes and their cost: interleaved rounds, of which the minimum counts.

Needs `os.wait4`, which gives the peak memory of one child: Linux and macOS. This process must
stay small (no SymPy), because Linux counts the peak of a child from before its exec.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import IO

ROOT = Path(__file__).parents[2]
PATIENCE = 10.0  # seconds; a command that has taken more in all is not run again
NOISE = 0.2  # share of its time for which a process may wait
BYTES = 1 if sys.platform == "darwin" else 1024  # the unit of ru_maxrss


@dataclass(frozen=True, slots=True)
class Command:
    """Arguments of `python`, and the exit codes that are no failure."""

    arguments: tuple[str, ...]
    codes: tuple[int, ...] = (0,)

    def __str__(self) -> str:
        return " ".join(["python", *self.arguments])


@dataclass(frozen=True, slots=True)
class Run:
    """One child process: wall and CPU time in seconds, peak memory in bytes, what it said."""

    seconds: float
    cpu: float
    peak: int
    code: int
    output: str


class Runs:
    """All runs of all commands."""

    def __init__(self, runs: Mapping[Command, Sequence[Run]]) -> None:
        self._runs = runs

    def __getitem__(self, command: Command) -> Sequence[Run]:
        return self._runs[command]

    def seconds(self, command: Command) -> float:
        """The least wall time."""
        return min(run.seconds for run in self[command])

    def peak(self, command: Command) -> int:
        """The least peak memory in bytes."""
        return min(run.peak for run in self[command])

    def waited(self) -> float:
        """The largest share of its time for which a process had no core, in its fastest run."""
        fastest = [min(runs, key=lambda run: run.seconds) for runs in self._runs.values()]
        return max(1 - run.cpu / run.seconds for run in fastest)

    def warning(self) -> str:
        """A sentence for the reader where other work on the machine distorts the times, or none."""
        share = self.waited()
        if share < NOISE:
            return ""
        return f"\n\n**Busy machine**: a process waited for {share:.0%} of its time; measure again."


def measure(commands: Collection[Command], repeat: int) -> Runs:
    """Run each command `repeat` times, long ones less often, one round of all after the other."""
    runs: dict[Command, list[Run]] = {command: [] for command in commands}
    for number in range(1, repeat + 1):
        for command, done in runs.items():
            if sum(run.seconds for run in done) < PATIENCE:
                print(f"round {number} of {repeat}: {command}", file=sys.stderr)
                done.append(run(command))
    return Runs(runs)


def run(command: Command) -> Run:
    """Run a command in the root of the project; raises `RuntimeError` where it fails."""
    with _text_file() as output, _text_file() as errors:
        started = perf_counter()
        child = subprocess.Popen(
            [sys.executable, *command.arguments], cwd=ROOT, stdout=output, stderr=errors
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in command.codes:
            errors.seek(0)
            raise RuntimeError(f"{command}: exit code {child.returncode}\n{errors.read()}")
        output.seek(0)
        cpu = usage.ru_utime + usage.ru_stime
        return Run(seconds, cpu, usage.ru_maxrss * BYTES, child.returncode, output.read())


def _text_file() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
