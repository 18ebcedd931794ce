"""Blocks as GitHub's Markdown: formulas between dollar signs, displays as ```math."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TextIO

from gradcheck_sym.grid import Entry
from gradcheck_sym.render import View
from gradcheck_sym.render.blocks import (
    Code,
    Entries,
    Equations,
    Heading,
    Journey,
    Listing,
    Matrices,
    Name,
    Paragraph,
    Part,
    Prose,
    Title,
    Tree,
)
from gradcheck_sym.render.document import all_alike, left_out, paragraphs
from gradcheck_sym.render.signs import ascii_only, takes_unicode
from gradcheck_sym.render.tex_layout import Tex, split_names, tex_for
from gradcheck_sym.report import Report
from gradcheck_sym.steps import Matrix, Node, Place


def render(reports: Sequence[Report], file: TextIO, view: View) -> None:
    """Write the reports as Markdown, to be pasted into an issue or a note."""
    writer = _Writer(tex_for(reports[0]))
    unicode = takes_unicode(getattr(file, "encoding", None) or "utf-8")
    for number, block in enumerate(paragraphs(reports, view)):
        text = ("\n" if number else "") + writer.block(block) + "\n"
        file.write(text if unicode else ascii_only(text))


class _Writer:
    def __init__(self, tex: Tex) -> None:
        self._tex = tex

    def block(self, block: Paragraph) -> str:
        match block:
            case Heading(text):
                return f"### {_escaped(text)}"
            case Title(parts):
                return f"## {''.join(map(self._inline, parts))}"
            case Prose(parts, kind):
                text = "".join(map(self._inline, parts))
                return f"**{text}**" if kind else text
            case Equations():
                return "\n".join(self._equations(block))
            case Journey():
                return "\n".join(self._journey(block))
            case Listing(code):
                return f"```python\n{code}\n```"
            case Tree(root):
                return "\n".join(self._tree(root, 0))
            case Matrices(items):
                return f"```math\n{' '.join(map(self._item, items))}\n```"
            case Entries():
                return "\n".join(self._entries(block))

    def _inline(self, part: Part) -> str:
        match part:
            case str():
                pieces = enumerate(split_names(part))
                return "".join(
                    _dollars(self._tex.name(x)) if k % 2 else _escaped(x) for k, x in pieces
                )
            case Code(text):
                return f"`{text}`"
        return _dollars(self._tex.part(part))

    def _equations(self, block: Equations) -> Iterator[str]:
        for row in block.rows:
            right = (f" {sign} {self._inline(value)}" for sign, value in row.signed)
            sides = "".join((self._inline(row.left), *right))
            yield f"- {sides}" + (f" ({row.note})" if row.note else "")

    def _journey(self, block: Journey) -> Iterator[str]:
        yield "```math\n\\begin{gathered}"
        yield self._tex.journey(block.stages)
        yield "\\end{gathered}\n```"

    def _tree(self, node: Node, depth: int) -> Iterator[str]:
        yield f"{'  ' * depth}- {self._inline(node.place)}"
        for child in node.children:
            if child:
                yield from self._tree(child, depth + 1)
            else:
                yield f"{'  ' * depth}  - …"

    def _item(self, item: Matrix | Name | str) -> str:
        if isinstance(item, Matrix):
            return self._tex.matrix(item)
        return (
            self._tex.name(item.array) if isinstance(item, Name) else item.replace("×", r"\times")
        )

    def _entries(self, block: Entries) -> Iterator[str]:
        titles = ["entry", "derivative", "claimed", *(["difference"] if block.differ else [])]
        yield f"| {' | '.join(titles)} | verdict |"
        yield f"|{' --- |' * (len(titles) + 1)}"
        rows = [self._row(entry, differ=block.differ) for entry in block.rows]
        yield from rows[: len(block.first)]
        if block.hidden:
            yield f"| … | {left_out(block.hidden)} {'| ' * (len(titles) - 1)}|"
        yield from rows[len(block.first) :]
        if block.of:
            yield f"\n{all_alike(block.of)}"

    def _row(self, entry: Entry, *, differ: bool) -> str:
        left = self._tex.partial(Place("J"), entry.place)
        formulas = [entry.derivative, entry.claim, *([entry.difference] if differ else [])]
        cells = [left, *(self._tex.formula(formula.term) for formula in formulas)]
        return f"| {' | '.join(map(_dollars, cells))} | {entry.kind} |"


def _dollars(formula: str) -> str:
    r"""A formula in a line. GitHub reads \\, and \, as escapes there, and | as the end of a cell.

    What cannot do without them goes between $` and `$, which is taken as it stands.
    """
    formula = formula.replace(r" \, ", " ").replace("|", r"\vert ")
    if re.search(r"\\(frac|sum)", formula):
        formula = rf"\displaystyle {formula}"
    return f"$`{formula}`$" if re.search(r"\\[^A-Za-z]", formula) else f"${formula}$"


def _escaped(text: str) -> str:
    """Prose with nothing in it that is Markdown's; an underscore between letters is not."""
    return re.sub(r"[\\`*<$\[|~]|(?<!\w)_|_(?!\w)", r"\\\g<0>", text)
