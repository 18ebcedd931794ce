"""The proof as a rich table: a head, a row an entry, a closing line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gradcheck_sym.render import View
from gradcheck_sym.render.notation import Notation, notation_for
from gradcheck_sym.render.sentences import audit_line, closing, headline, reason
from gradcheck_sym.report import Entry, Report, kind_of

FIRST, LAST = 16, 4  # rows shown of a large table
MOST_REASONS = 4
STYLES = {"proved": "green", "refuted": "bold red", "undecided": "bold yellow"}
SIGNS = {"proved": "✔ proved", "refuted": "✘ refuted", "undecided": "? undecided"}


def render(report: Report, file: TextIO, view: View) -> None:
    """Write the report; colours and width follow the terminal, off a terminal COLUMNS."""
    notation = notation_for(getattr(file, "encoding", None) or "utf-8")
    console = Console(file=file, highlight=False, emoji=False, markup=False)
    with console.capture() as captured:
        _print(report, console, notation, view)
    file.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def _print(report: Report, console: Console, notation: Notation, view: View) -> None:
    if view.quiet:
        _line(console, notation, closing(report), STYLES[report.verdict])
        return
    console.print(_head(report, notation))
    console.print()
    console.print(_entries(report, notation, view))
    for line in _reasons(report, notation):
        _line(console, notation, line)
    console.print()
    _line(console, notation, closing(report), STYLES[report.verdict])
    for line in _footing(report, notation):
        _line(console, notation, line)


def _line(console: Console, notation: Notation, text: str, style: str = "") -> None:
    console.print(Text(notation.plain(text), style=style, overflow="fold"))


def _head(report: Report, notation: Notation) -> Table:
    head = Table.grid(padding=(0, 2))
    head.add_column(no_wrap=True, style="bold")
    head.add_column(overflow="fold")
    head.add_row("network", notation.plain(headline(report)))
    shapes = (f"{name} ({'×'.join(map(str, s))})" for name, s in report.inputs.items())
    head.add_row("inputs", notation.plain(", ".join(shapes) + ", each entry any real number"))
    for definition in report.definitions:
        name = notation.name(definition.name)
        if definition.indices:
            name = notation.entry(definition.name, definition.indices)
        head.add_row(name, notation.formula(definition.value))
    gradient = notation.partial("J", report.wrt)
    head.add_row("claim", f"{gradient} = {report.claim}")
    return head


def _entries(report: Report, notation: Notation, view: View) -> Table:
    table = Table(header_style="bold", show_edge=False, pad_edge=False)
    titles = ["entry", notation.partial("J", "entry"), "claimed", "difference", "verdict"]
    for title in titles:
        table.add_column(title, overflow="fold", no_wrap=title in ("entry", "verdict"))
    entries = report.entries
    if view.all_rows or len(entries) <= FIRST + LAST + 1:
        first, hidden, last = entries, entries[:0], entries[:0]
    else:
        first, hidden, last = entries[:FIRST], entries[FIRST:-LAST], entries[-LAST:]
    for entry in first:
        table.add_row(*_row(entry, report, notation))
    if hidden:
        table.add_section()
        table.add_row(notation.plain("…"), notation.plain(_left_out(hidden)))
        table.add_section()
    for entry in last:
        table.add_row(*_row(entry, report, notation))
    return table


def _row(entry: Entry, report: Report, notation: Notation) -> list[Text]:
    formulas = (entry.derivative, entry.claim, entry.difference)
    cells = [Text(notation.entry(report.wrt, entry.index))]
    cells += [Text(notation.formula(formula.expr)) for formula in formulas]
    signs = Text(notation.plain(SIGNS[entry.kind]), style=STYLES[entry.kind])
    if entry.audit:
        kind = kind_of(entry.audit)
        signs.append(notation.plain(f"\n{SIGNS[kind][0]} audit"), style=STYLES[kind])
    return [*cells, signs]


def _left_out(hidden: Sequence[Entry]) -> str:
    kinds = Counter(entry.kind for entry in hidden)
    counts = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    return f"{len(hidden)} rows left out: {counts}; --all-rows shows them"


def _reasons(report: Report, notation: Notation) -> Iterator[str]:
    """Why entries are not proved, for the first few of them."""
    wrong = [entry for entry in report.entries if entry.kind != "proved"]
    if wrong:
        yield ""
    for entry in wrong[:MOST_REASONS]:
        name = notation.entry(report.wrt, entry.index)
        yield f"{name} {entry.kind} {reason(entry.verdict, notation)}"
    if len(wrong) > MOST_REASONS:
        yield f"… and {len(wrong) - MOST_REASONS} more; --format json lists them all"


def _footing(report: Report, notation: Notation) -> Iterator[str]:
    if report.lemmas:
        yield f"lemmas: {'; '.join(map(notation.formula, report.lemmas))}"
    if report.conditions:
        yield f"where {' and '.join(map(notation.formula, report.conditions))}"
    if report.audited:
        yield audit_line(report)
    yield f"time: {report.seconds:.2f} s"
