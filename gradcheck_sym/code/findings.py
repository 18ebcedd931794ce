"""Reports on users' functions as findings, one for each gradient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from gradcheck_sym.code.report import CodeReport, Part
from gradcheck_sym.code.text import explained
from gradcheck_sym.render.finding import Finding, Source


def findings(reports: Sequence[CodeReport]) -> Iterator[Finding]:
    """What was found of each gradient, where the backward function stands."""
    for report in reports:
        source = Source(*report.source) if report.source else None
        for number, part in enumerate(report):
            yield Finding(
                verdict=part.kind,
                subject=f"{Path(source.file).name}:{report.name}" if source else report.name,
                claim=f"∂L/∂{part.wrt} of {report.name}",
                lines=tuple(explained(part, report.inputs)),
                source=_source(report, part),
                seconds=report.seconds if not number else None,  # which all have in common
            )


def _source(report: CodeReport, part: Part) -> Source | None:
    """Where the mistake is, if it was found, else where the function begins."""
    if report.source is None:
        return None
    path, line = report.source
    return Source(path, part.line or line)
