"""What was asked and what was found: the first thing on a page, in words and in colour."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck_sym.page.badge import badge
from gradcheck_sym.page.escape import text
from gradcheck_sym.page.formulas import Formulas
from gradcheck_sym.render.answer import joined, statement
from gradcheck_sym.render.blocks import Code, Equation, Partial
from gradcheck_sym.render.document import audit_said, kink_said, network_said
from gradcheck_sym.report import Report
from gradcheck_sym.shown.names import index_shown
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.steps import Place


def verdict(report: Report, formulas: Formulas) -> str:
    """The verdict with the question, for whom it holds, and what it rests on."""
    rows = "".join(f"<dt>{name}</dt><dd>{said}</dd>" for name, said in _rows(report, formulas))
    return (
        f'<div class="verdict {report.verdict}"><p class="said">{badge(report.verdict)} '
        f"{formulas.part(statement(report))}</p><dl>{rows}</dl></div>"
    )


def _rows(report: Report, formulas: Formulas) -> Iterator[tuple[str, str]]:
    gradient = formulas.part(Partial(Place("J"), Place(report.wrt)))
    yield "Asked", f"{gradient} = {formulas.part(Code(report.claim))}, entry by entry:"
    entry = _general(report)
    left, right = (formulas.part(side) for side in (entry.left, *entry.right))
    yield "", f'<div class="wide">{left} = {right}</div>'
    yield "Network", text(network_said(report))
    yield "For all real" if report.counts["proved"] else "Real inputs", _inputs(report, formulas)
    if report.assumed:
        yield "If", f"{text('; '.join(report.assumed))} (assumed)"
    if report.conditions:
        yield "Provided that", formulas.parts(joined(report.conditions, " and "))
    for remark in report.remarks:
        yield "But", f"{text(remark.text)} [{remark.code}]"
    for kink in report.kinks:
        yield "Kink", formulas.parts(kink_said(kink).parts)
    if report.audit and report.audit.points:
        said = audit_said(report.audit, len(report.entries))
        yield "Audit", said.replace(" of J,", f" of {formulas.name('J')},")


def _general(report: Report) -> Equation:
    """The claim for any entry."""
    grid = report.entries
    place = Place(report.wrt, tuple(map(index_shown, grid.letters)))
    names = {letter: letter.name for letter in grid.letters}
    return Equation(Partial(Place("J"), place), (tidied(grid.claim, names),))


def _inputs(report: Report, formulas: Formulas) -> str:
    """The free arrays with their shapes."""
    shown = (
        f"{formulas.name(name)} ({formulas.shape(shape)})" if shape else formulas.part(Place(name))
        for name, shape in report.inputs.items()
    )
    return ", ".join(f'<span class="input">{one}</span>' for one in shown)
