"""Blocks → HTML: what `document.py` and `story.py` say, as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gradcheck_sym.page.badge import SIGNS, badge
from gradcheck_sym.page.element import element
from gradcheck_sym.page.escape import code_lines, text
from gradcheck_sym.page.formulas import Formulas
from gradcheck_sym.page.table import entries_table
from gradcheck_sym.render.blocks import (
    Block,
    Entries,
    Equation,
    Equations,
    Heading,
    Journey,
    Listing,
    Matrices,
    Name,
    Prose,
    Tree,
)
from gradcheck_sym.steps import Matrix, Node

MOST_OPEN = 24  # nodes of a tree that is shown without being asked for


def html(blocks: Iterable[Block], formulas: Formulas, level: int) -> Iterator[str]:
    """Each block; headings are of this level.

    >>> list(html([Heading("1. A <b>"), Prose(("x",))], Formulas(one_example=True), 3))
    ['<h3>1. A &lt;b&gt;</h3>', '<p>x</p>']
    """
    for block in blocks:
        match block:
            case Heading(said):
                yield f"<h{level}>{text(said)}</h{level}>"
            case Prose(parts, kind):
                colour = f' class="{kind}"' if kind else ""
                yield f"<p{colour}>{formulas.parts(parts)}</p>"
            case Equations(rows):
                yield equations(rows, formulas)
            case Journey(stages):
                lines = []
                for stage in stages:
                    if stage.via:
                        lines.append(f'<li class="via">↓ {_via(stage.via, formulas)}</li>')
                    lines.append(f"<li>{formulas.row(stage.entries)}</li>")
                yield f'<ol class="journey">{"".join(lines)}</ol>'
            case Listing(code):
                yield listing(code)
            case Tree(root):
                opened = " open" if _nodes(root) <= MOST_OPEN else ""
                tree = f'<ul class="tree">{_tree(root, formulas)}</ul>'
                yield f"<details{opened}><summary>The tree, written out</summary>{tree}</details>"
            case Matrices(items):
                shown = "".join(f"<span>{_item(item, formulas)}</span>" for item in items)
                yield f'<div class="matrices wide">{shown}</div>'
            case Entries():
                yield entries_table(block, formulas)


def equations(rows: Iterable[Equation], formulas: Formulas) -> str:
    """Equations below each other, at whose signs they meet."""
    return f'<div class="equations">{"".join(_rows(rows, formulas))}</div>'


def _rows(rows: Iterable[Equation], formulas: Formulas) -> Iterator[str]:
    for row in rows:
        left = formulas.part(row.left)
        for number, (sign, value) in enumerate(row.signed, start=1):
            last = number == len(row.right)
            note = f' <span class="note">{_note(row.note)}</span>' if row.note and last else ""
            yield f'<div class="left">{left}</div>'
            yield f'<div class="right wide">{sign} {formulas.part(value)}{note}</div>'
            left = ""


def _note(note: str) -> str:
    return badge(note) if note in SIGNS else f"({text(note)})"


def listing(code: str) -> str:
    """Code that can be copied: a script adds the button, and without one it is selected."""
    shown = element("pre", element("code", code_lines(code)), class_="wide", tabindex=0)
    return element("div", shown, class_="listing")


def _via(step: str, formulas: Formulas) -> str:
    return "held against, by " + formulas.name("J") if step == "J" else formulas.part(step)


def _item(item: Matrix | Name | str, formulas: Formulas) -> str:
    return formulas.matrix(item) if isinstance(item, Matrix) else formulas.part(item)


def _tree(node: Node, formulas: Formulas) -> str:
    below = (_tree(child, formulas) if child else "<li>…</li>" for child in node.children)
    inside = f"<ul>{''.join(below)}</ul>" if node.children else ""
    return f"<li>{formulas.part(node.place)}{inside}</li>"


def _nodes(node: Node) -> int:
    return 1 + sum(_nodes(child) if child else 1 for child in node.children)
