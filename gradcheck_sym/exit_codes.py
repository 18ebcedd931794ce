"""What the exit code says."""

from __future__ import annotations

OF_VERDICTS = {"proved": 0, "refuted": 1, "undecided": 3}
BAD_INPUT = 2
BUG = 70
INTERRUPTED = 130
BROKEN_PIPE = 141
WORST_FIRST = (INTERRUPTED, BUG, OF_VERDICTS["refuted"], BAD_INPUT, OF_VERDICTS["undecided"], 0)


def exit_code(verdict: str, *, wrong: bool = False) -> int:
    """That of a verdict; of one that is not of all that was asked, if something is `wrong`.

    >>> exit_code("proved"), exit_code("proved", wrong=True), exit_code("refuted", wrong=True)
    (0, 2, 1)
    """
    return BAD_INPUT if wrong and verdict != "refuted" else OF_VERDICTS[verdict]
