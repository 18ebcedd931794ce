"""Reports as one page: the verdict, the network, the chain rule, the derivation, the entries.

The page needs nothing but itself: no network, no fonts, no script but for copying and sorting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from gradcheck_sym.figure.network import network_figure
from gradcheck_sym.figure.shapes import Figure
from gradcheck_sym.figure.tree import tree_figure
from gradcheck_sym.page.badge import badge
from gradcheck_sym.page.blocks import equations, html
from gradcheck_sym.page.drawn import drawn
from gradcheck_sym.page.element import element
from gradcheck_sym.page.escape import text
from gradcheck_sym.page.formulas import Formulas, formulas_for
from gradcheck_sym.page.lemmas import lemmas
from gradcheck_sym.page.refutation import refutation
from gradcheck_sym.page.reproduce import reproduce
from gradcheck_sym.page.style import for_file, whole
from gradcheck_sym.page.table import entries_table
from gradcheck_sym.page.verdict import verdict
from gradcheck_sym.render import View
from gradcheck_sym.render.blocks import Code, Partial
from gradcheck_sym.render.document import definition, question, shown_entries
from gradcheck_sym.render.story import derived
from gradcheck_sym.report import Report
from gradcheck_sym.steps import Place
from gradcheck_sym.verdict import worst

MOST_BESIDE = 5  # sizes; a deeper network is drawn above the tree, not beside it


def render(reports: Sequence[Report], file: TextIO, view: View) -> None:
    """Write one page."""
    file.write(for_file(page(reports, view), file))


def page(reports: Sequence[Report], view: View) -> str:
    """The whole document, as text."""
    kinds = [report.verdict for report in reports]
    first = reports[0]
    about = question(first) if len(reports) == 1 else f"{len(reports)} claims"
    title = f"{about}: {worst(kinds)}"
    arrays = [name for r in reports for name in (*r.inputs, *(d.place.name for d in r.definitions))]
    body = "".join(_body(reports, view))
    return whole(title, list(dict.fromkeys(arrays)), body)


def _body(reports: Sequence[Report], view: View) -> Iterator[str]:
    if len(reports) == 1:
        formulas = formulas_for(reports[0])
        yield f"<h1>{_question(reports[0], formulas)}</h1>"
        yield from _report(reports[0], view, formulas, 1, 2)
        return
    yield f"<h1>{len(reports)} claims: {badge(worst(report.verdict for report in reports))}</h1>"
    yield _index(reports)
    for number, report in enumerate(reports, start=1):
        formulas = formulas_for(report)
        yield f'<article id="claim-{number}">'
        yield f'<h2 class="claim">{number}. {_question(report, formulas)}</h2>'
        yield from _report(report, view, formulas, number, 3)
        yield "</article>"


def _question(report: Report, formulas: Formulas) -> str:
    gradient = formulas.part(Partial(Place("J"), Place(report.wrt)))
    return f"{gradient} = {formulas.part(Code(report.claim))}"


def _index(reports: Sequence[Report]) -> str:
    """Links to the claims, each with its verdict."""
    lines = (
        f'<li><a href="#claim-{number}">{formulas_for(report).name("J")} by '
        f"{formulas_for(report).name(report.wrt)}: {formulas_for(report).part(Code(report.claim))}"
        f"</a> {badge(report.verdict)}</li>"
        for number, report in enumerate(reports, start=1)
    )
    return f'<nav aria-label="Claims"><ol>{"".join(lines)}</ol></nav>'


def _report(
    report: Report, view: View, formulas: Formulas, number: int, level: int
) -> Iterator[str]:
    """The sections of one report; `number` keeps the names of its parts apart."""
    yield verdict(report, formulas)
    if view.quiet:
        return
    for title, content in _sections(report, view, formulas, number, level):
        name = f"{title.lower().replace(' ', '-')}-{number}"
        head = element(f"h{level}", text(title), class_="part")
        yield element("section", head, *content, id=name)


def _sections(
    report: Report, view: View, formulas: Formulas, number: int, level: int
) -> Iterator[tuple[str, Iterable[str]]]:
    if report.entries.not_proved:
        yield "Why", refutation(report, formulas)
    yield "The network and the chain rule", _network(report, formulas, f"net-{number}")
    if report.derivation or report.too_long:
        yield "The derivation", html(derived(report), formulas, level + 1)
    yield "Every entry", [entries_table(shown_entries(report.entries, view), formulas)]
    if report.evidence:
        yield "The proof", lemmas(report, formulas)
    yield "How to reproduce it", reproduce(report)


def _network(report: Report, formulas: Formulas, name: str) -> Iterator[str]:
    """The two drawings, and what the names stand for."""
    network = _figure(network_figure(report), formulas, name)
    defined = equations(map(definition, report.definitions), formulas)
    tree = _figure(tree_figure(report), formulas, f"{name}-tree")
    if len(report.network.sizes) > MOST_BESIDE:
        yield network
        network = ""
    yield element("div", element("div", network, defined), tree, class_="network")


def _figure(figure: Figure, formulas: Formulas, name: str) -> str:
    shown, caption = drawn(figure, formulas, name), formulas.parts(figure.caption)
    return f'<figure><div class="wide">{shown}</div><figcaption>{caption}</figcaption></figure>'
