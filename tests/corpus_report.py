"""The whole corpus at 2-2-2, at 4-3-5 n = 3 and at all sizes: `python -m tests.corpus_report`.

Prints each formula whose verdict is not the known one, and the time that each kind of size took.
"""

from __future__ import annotations

from time import perf_counter

from gradcheck_sym import Network, check
from gradcheck_sym.mlp.formula import formula
from tests.corpus import NAMED_SIZES, RIGHT, WRONG


def main() -> None:
    numeric = {"2-2-2": (2, 2, 2, 1), "4-3-5 n=3": (4, 3, 5, 3)}
    for kind in (*numeric, "names"):
        count, wrong, slowest, started = 0, 0, 0.0, perf_counter()
        for expected, texts in (("proved", RIGHT), ("refuted", WRONG)):
            for text in texts:
                sizes = numeric.get(kind) or NAMED_SIZES[text.needs]
                if kind in numeric and not text.fits(**dict(zip("mdtn", sizes, strict=True))):
                    continue
                network = Network(*sizes[:3], n=sizes[3])
                report = check(network, formula(text.text, network))
                count, slowest = count + 1, max(slowest, report.seconds)
                if report.verdict != expected:
                    wrong += 1
                    print(f"{kind}: {text.text} is {report.verdict}, not {expected}")
        taken = perf_counter() - started
        print(
            f"{kind}: {count} formulas, {wrong} unexpected, {taken:.0f} s, slowest {slowest:.1f} s"
        )


if __name__ == "__main__":
    main()
