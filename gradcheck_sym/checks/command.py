"""`gradcheck-sym --all`: the checks of a project, run and shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from gradcheck_sym.checks.config import Check
from gradcheck_sym.checks.outcome import Outcome, document, outcome, worst
from gradcheck_sym.checks.running import ran
from gradcheck_sym.checks.table import summary, write
from gradcheck_sym.render import EXCHANGE, writer


def checked(checks: Sequence[Check], format_: str, file: TextIO, *, quiet: bool) -> tuple[int, str]:
    """Write what the checks found; the worst exit code, and how many are proved and so on."""
    outcomes = _written(checks, format_, file, quiet=quiet)
    return worst(one.code for one in outcomes), summary(outcomes)


def _written(
    checks: Sequence[Check], format_: str, file: TextIO, *, quiet: bool
) -> Sequence[Outcome]:
    if format_ == "json":
        text, outcomes = document(list(ran(checks, "json")))
        file.write(text + "\n")
        return outcomes
    each = map(outcome, ran(checks, EXCHANGE))
    if format_ == "table":
        return write(each, max(len(check.name) for check in checks), file, quiet=quiet)
    outcomes = list(each)
    writer(format_)([one for found in outcomes for one in found.findings], file)
    return outcomes
