"""The whole corpus of backward functions, at names and at numbers, with the time that each takes.

python -m tests.backward [PART OF A NAME]
"""

from __future__ import annotations

import sys
from statistics import median
from time import process_time

from tests.backward.table import NUMBERS, OTHER, ROWS


def main() -> int:
    """Print what is not as expected, and the times; the number of unexpected verdicts."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    unexpected = 0
    for title, numbers in (("names", None), ("numbers", NUMBERS), ("other numbers", OTHER)):
        times = {}
        for row in ROWS:
            if wanted not in row.name or (numbers and not row.has_names):
                continue
            started = process_time()
            report = row.report(numbers)
            times[row.name] = process_time() - started
            if {part.wrt: part.kind for part in report} != row.expected:
                unexpected += 1
                print(f"{row.name} at {title}:\n{report}", flush=True)
        if times:
            slowest = sorted(times, key=times.__getitem__)[-5:]
            said = ", ".join(f"{name} {times[name]:.1f} s" for name in reversed(slowest))
            print(f"{len(times)} at {title}: median {median(times.values()):.2f} s; {said}")
    print(f"{unexpected} unexpected")
    return min(unexpected, 1)


if __name__ == "__main__":
    sys.exit(main())
