"""The second table: how time and memory grow when one size doubles."""

from __future__ import annotations

import json
from collections.abc import Mapping

from measure import Command, Runs, measure
from tables import ratio, table

Sizes = Mapping[str, int]

BASE: Sizes = {"m": 64, "d": 512, "t": 64, "n": 64}  # one proof serves all entries
SMALL_BASE: Sizes = {"m": 2, "d": 2, "t": 2, "n": 1}
FACTORS = (2, 4)
EXPECTED = dict.fromkeys("dtnm", "1×, 1×")


def growth(base: Sizes, repeat: int) -> str:
    """Measure base, and base with each size doubled and quadrupled alone; the Markdown table."""
    points = {
        (name, factor): _command({**base, name: factor * base[name]})
        for name in EXPECTED
        for factor in FACTORS
    }
    start = _command(base)
    runs = measure([start, *points.values()], repeat)

    seconds, peak = _seconds(runs, start), runs.peak(start)
    rows = []
    for name, expected in EXPECTED.items():
        commands = [points[name, factor] for factor in FACTORS]
        times = [ratio(_seconds(runs, command) / seconds) for command in commands]
        peaks = [ratio(runs.peak(command) / peak) for command in commands]
        rows.append([name, *times, expected, *peaks])
    head = ["size", "time, 2 × size", "time, 4 × size", "expected"]
    head += ["peak, 2 × size", "peak, 4 × size"]
    return f"{table(head, rows)}\n\n{_notes(base, seconds, peak)}{runs.warning()}"


def _command(sizes: Sizes) -> Command:
    m, d, t, n = map(str, sizes.values())
    return Command(("-m", "gradcheck_sym", m, d, t, "--n", n, "--format", "json", "-q"))


def _seconds(runs: Runs, command: Command) -> float:
    """The least time that `check` reported: without start-up, import and output."""
    return min(float(json.loads(run.output)["claims"][0]["seconds"]) for run in runs[command])


def _notes(base: Sizes, seconds: float, peak: int) -> str:
    sizes = ", ".join(f"{name} = {size}" for name, size in base.items())
    return (
        f"Relative to {sizes}: {seconds:.2f} s in `check`,\n{peak / 1e6:.0f} MB for the whole "
        "process, most of it SymPy. Least of the repetitions."
    )
