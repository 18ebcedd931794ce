"""The table of entries, which a script can sort by any of its columns."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck_sym.grid import Entry
from gradcheck_sym.page.badge import SIGNS, badge
from gradcheck_sym.page.element import element, scrolling
from gradcheck_sym.page.escape import text
from gradcheck_sym.page.formulas import Formulas
from gradcheck_sym.render.blocks import Entries
from gradcheck_sym.render.document import ALL_ROWS, left_out

TITLES = ("entry", "verdict", "derivative", "claimed", "difference")
RANKS = list(SIGNS)


def entries_table(block: Entries, formulas: Formulas) -> str:
    """The rows that are shown, and what the others say, in a box that scrolls by itself."""
    heads = (element("th", title, scope="col", role="columnheader") for title in TITLES)
    head = element("thead", element("tr", *heads, role="row"), role="rowgroup")
    body = element("tbody", *_rows(block, formulas), role="rowgroup")
    return scrolling(element("table", head, body, class_="entries", role="table"), "Every entry")


def _rows(block: Entries, formulas: Formulas) -> Iterator[str]:
    for number, entry in enumerate(block.first):
        yield _row(entry, number, formulas)
    if block.hidden:
        said = text(left_out(block.hidden) + ALL_ROWS)
        cells = _cell("⋮"), _cell(said, colspan=len(TITLES) - 1)
        yield element("tr", *cells, role="row", class_="hidden")
    for number, entry in enumerate(block.last, start=len(block.first)):
        yield _row(entry, number, formulas)


def _row(entry: Entry, number: int, formulas: Formulas) -> str:
    """A row; `data-by` is what the script sorts by where the text would not do."""
    name = formulas.part(entry.place)
    rank = RANKS.index(entry.kind)
    return element(
        "tr",
        element("th", name, scope="row", role="rowheader", data_by=number),
        _cell(badge(entry.kind), class_="said", data_by=rank),
        *(_cell(formulas.part(x.term)) for x in (entry.derivative, entry.claim, entry.difference)),
        role="row",
    )


def _cell(content: str, **attributes: object) -> str:
    """A cell; its role is said, since on narrow screens the rows are shown as cards."""
    return element("td", content, role="cell", **attributes)
