"""Break the program on purpose, and see that it is noticed.

    python -m tests.sabotage check    mutants of the trusted part: the tests have to fail
    python -m tests.sabotage prove    mutants of both searches: nothing wrong may be proved
    python -m tests.sabotage read     mutants of the language and the arrays, which change what
                                      is asked: what wrong claim is proved has to be noticed

Each takes half an hour and more; `--sample 20` tries some.
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
    parser.add_argument("what", choices=["check", "prove", "read"])
    parser.add_argument("--sample", type=int, help="how many mutants; all if not given")
    parser.add_argument("--seed", type=int, default=0, help="which ones")
    parser.add_argument("--only", default="", help="files whose names have this in them")
    asked = parser.parse_args()
    if asked.what == "check":
        from tests.sabotage.checker import run
    elif asked.what == "prove":
        from tests.sabotage.prover import run
    else:
        from tests.sabotage.reader import run
    return 0 if run(asked.sample, asked.seed, asked.only) else 1


if __name__ == "__main__":
    sys.exit(main())
