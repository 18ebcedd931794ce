"""Reports on networks as findings, for the formats that tools read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from gradcheck_sym.render.document import network_said, question
from gradcheck_sym.render.finding import Finding, Source
from gradcheck_sym.render.short import short
from gradcheck_sym.report import Report


def findings(reports: Sequence[Report], sources: Sequence[Source | None]) -> Iterator[Finding]:
    """One for each report; `sources` says where its claim was read, as far as it was in a file."""
    for report, source in zip_longest(reports, sources[: len(reports)]):
        yield Finding(
            verdict=report.verdict,
            subject=network_said(report),
            claim=question(report),
            lines=tuple(short(report).splitlines()[1:]),
            source=source,
            seconds=report.seconds,
        )
