"""Speed as ratios measured in one run, as Markdown on stdout: `python tests/benchmarks/bench.py`.

Each process runs alone and in turn, round by round, and the least time counts, so that other
work on the machine disturbs all of them alike. Targets and their reasons: section 5 of the
design. It takes two or three minutes, five more with --slow, and more where torch is installed.
"""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import version

from alternatives import HAS_TORCH
from growth import BASE, SMALL_BASE, growth
from questions import QUESTIONS
from speed import speed


def machine() -> str:
    """The machine and the versions that the numbers depend on."""
    packages = ["sympy", "torch"] if HAS_TORCH else ["sympy"]
    named = {"sympy": "SymPy", "torch": "torch"}
    versions = ", ".join(f"{named[package]} {version(package)}" for package in packages)
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}, {versions}."
    )


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="Measure the speed of gradcheck-sym as ratios.")
    parser.add_argument("--repeat", type=int, default=5, metavar="N",
                        help="repetitions, default 5; fewer for what takes long")  # fmt: skip
    parser.add_argument("--slow", action="store_true",
                        help="run the SymPy script at 4 3 5 --n 3 for all 15 entries")  # fmt: skip
    parser.add_argument("--quick", action="store_true",
                        help="once, at 2 2 2 alone: shows that it runs, not how fast")  # fmt: skip
    options = parser.parse_args()
    if options.repeat < 1:
        parser.error("--repeat is at least 1")

    repeat = 1 if options.quick else options.repeat
    questions = QUESTIONS[:1] if options.quick else QUESTIONS
    print(machine(), end="\n\n", flush=True)
    try:
        print(speed(questions, repeat, slow=options.slow), end="\n\n", flush=True)
        print(growth(SMALL_BASE if options.quick else BASE, repeat))
    except RuntimeError as error:
        parser.exit(1, f"bench.py: {error}\n")


if __name__ == "__main__":
    main()
