"""Break the program on purpose, and see that it is noticed.

    python -m tests.sabotage check    mutants of the trusted part: the tests have to fail
    python -m tests.sabotage prove    mutants of the prover: nothing wrong may be proved

Each takes a quarter of an hour and more; `--sample 20` tries some.
"""

from __future__ import annotations

import argparse
import sys


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.sabotage",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=["check", "prove"])
    parser.add_argument("--sample", type=int, help="how many mutants; all if not given")
    parser.add_argument("--seed", type=int, default=0, help="which ones")
    parser.add_argument("--only", default="", help="files whose names have this in them")
    asked = parser.parse_args()
    if asked.what == "check":
        from tests.sabotage.checker import run
    else:
        from tests.sabotage.prover import run
    return 0 if run(asked.sample, asked.seed, asked.only) else 1


if __name__ == "__main__":
    sys.exit(main())
