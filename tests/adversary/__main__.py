"""Random questions, their answers held against the numbers.

    python -m tests.adversary --count 2000 --seed 1 --from 0

asks those of a seed, from a number on, and prints each answer that is wrong and the counts. A
question depends on its seed and number alone, so a run may go on where another one stopped.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from time import process_time

from tests.adversary.judge import judged
from tests.adversary.questions import question
from tests.adversary.terms import answer

EVERY = 100  # questions, after which the counts are printed


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.adversary",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--seconds", type=float, default=10.0, help="for a question")
    parser.add_argument("--verbose", action="store_true", help="print every question")
    parser.add_argument("--terms", action="store_true", help="ask by arrays over terms")
    asked = parser.parse_args()
    ask = answer if asked.terms else None
    started = process_time()
    said: Counter[str] = Counter()
    wrong = points = left_out = 0
    for number in range(asked.first, asked.first + asked.count):
        one = question(asked.seed, number)
        found = judged(one, asked.seconds, number, ask=ask)
        said[f"{one.made} and {found.said}"] += 1
        points += found.points
        wrong += bool(found.wrong)
        left_out += bool(found.left_out)
        if asked.verbose:
            print(f"{number}: {one.made}, {found.said}, {found.seconds:.1f} s: {one}", flush=True)
            print(found.because, end="\n" if found.because else "")
        if found.said == "an error":
            print(f"error {asked.seed}/{number}  {one}\n    {found.because}", flush=True)
        for fault in found.left_out[:1]:
            print(f"left out {asked.seed}/{number} ({one.made})  {one}\n    {fault}", flush=True)
        for fault in found.wrong:
            print(f"WRONG {asked.seed}/{number} ({one.made})  {one}\n    {fault}", flush=True)
        if (number + 1 - asked.first) % EVERY == 0 or number + 1 == asked.first + asked.count:
            told = ", ".join(f"{many} {what}" for what, many in sorted(said.items()))
            done = f"{asked.seed}/{asked.first} to {number}"
            took = f"{process_time() - started:.0f} s"
            counts = f"{points} points; {left_out} leave something out; {wrong} wrong"
            print(f"{done}: {told}; {counts}; {took}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
