"""The checks for people: a line for each, what is wrong below it, and the counts at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from gradcheck_sym.checks.outcome import Outcome
from gradcheck_sym.errors import printable
from gradcheck_sym.render.finding import Finding
from gradcheck_sym.render.notation import notation_for

SIGNS = {"proved": "✔", "refuted": "✘", "undecided": "?", "error": "!"}
STYLES = {"proved": "green", "refuted": "bold red", "undecided": "bold yellow", "error": "bold red"}
CALLED = {"error": "not answered"}


def write(outcomes: Iterable[Outcome], width: int, file: TextIO, *, quiet: bool) -> list[Outcome]:
    """Write each outcome when it is there, names as wide as `width`, and then the counts."""
    from rich.console import Console
    from rich.text import Text

    from gradcheck_sym.render.folded import folded

    notation = notation_for(getattr(file, "encoding", None) or "utf-8")
    console = Console(file=file, highlight=False, emoji=False, markup=False)
    found = []

    def say(line: str, style: str = "") -> None:
        for part in folded(Text(notation.plain(printable(line)), style=style), console):
            console.print(part, soft_wrap=True)

    for outcome in outcomes:
        found.append(outcome)
        say(_line(outcome, width), STYLES[outcome.kind])
        if not quiet:
            for line in _details(outcome):
                say(f"    {line}")
    say(summary(found))
    return found


def _line(outcome: Outcome, width: int) -> str:
    """✘ layers  refuted: 1 of 5 gradients, 1.24 s."""
    kind, total = outcome.kind, len(outcome.findings)
    count = sum(one.verdict == kind for one in outcome.findings)
    gradients = "gradient" if total == 1 else "gradients"
    about = f"{count} of {total} {gradients}, " if kind != "error" else ""
    start = f"{SIGNS[kind]} {outcome.check.name.ljust(width)}"
    return f"{start}  {CALLED.get(kind, kind)}: {about}{outcome.seconds:.2f} s"


def _details(outcome: Outcome) -> Iterator[str]:
    """What is not proved, with its reasons, and what its process has said besides."""
    for one in outcome.findings:
        if one.verdict == "proved":
            continue
        yield from _reasons(one)
    if outcome.kind == "error":
        yield from (f"stderr: {line}" for line in outcome.said)


def _reasons(one: Finding) -> Iterator[str]:
    if one.verdict == "error":
        yield from one.lines
        return
    yield one.title
    yield from (f"  {line}" for line in one.lines)


def summary(outcomes: Sequence[Outcome]) -> str:
    """4 checks: 2 proved, 1 refuted (layers), 1 not answered (typo)."""
    counts = Counter(outcome.kind for outcome in outcomes)
    parts = []
    for kind in SIGNS:
        if counts[kind]:
            names = ", ".join(one.check.name for one in outcomes if one.kind == kind)
            which = "" if kind == "proved" else f" ({names})"
            parts.append(f"{counts[kind]} {CALLED.get(kind, kind)}{which}")
    total = f"{len(outcomes)} {'check' if len(outcomes) == 1 else 'checks'}"
    return f"{total}: {', '.join(parts)}"
