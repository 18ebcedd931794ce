"""A counterexample as a script: it runs the user's own function and compares, in NumPy alone."""

from __future__ import annotations

from gradcheck_sym.code.report import CodeReport, Part
from gradcheck_sym.code.running import Run


def reproduction(report: CodeReport, part: Part, run: Run) -> str | None:
    """The script, for what a point refutes."""
    del report, part, run
    return None
