"""Blocks as text for a terminal, with rich: tables, trees, matrices in brackets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TextIO

from rich.box import Box
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree as RichTree

from gradcheck_sym.grid import Entry
from gradcheck_sym.render import View
from gradcheck_sym.render.answer import SIGNS
from gradcheck_sym.render.blocks import (
    Block,
    Entries,
    Equations,
    Gap,
    Heading,
    Journey,
    Listing,
    Matrices,
    Name,
    Part,
    Prose,
    Title,
    Tree,
)
from gradcheck_sym.render.document import ALL_ROWS, all_alike, documents, left_out
from gradcheck_sym.render.notation import Notation, notation_for
from gradcheck_sym.render.short import said
from gradcheck_sym.report import Report
from gradcheck_sym.steps import Matrix, Node

STYLES = {"proved": "green", "refuted": "bold red", "undecided": "bold yellow", "": ""}
LEAST_WIDTH, USUAL_WIDTH = 44, 80
BRACKETS = Box("┌  ┐\n│  │\n│  │\n│  │\n│  │\n│  │\n│  │\n└  ┘\n")
ASCII_BRACKETS = Box("[  ]\n[  ]\n[  ]\n[  ]\n[  ]\n[  ]\n[  ]\n[  ]\n", ascii=True)


def render(reports: Sequence[Report], file: TextIO, view: View) -> None:
    """Write the reports; colours and width follow the terminal, off a terminal COLUMNS."""
    notation = notation_for(getattr(file, "encoding", None) or "utf-8")
    console = Console(
        file=file,
        highlight=False,
        emoji=False,
        markup=False,
        force_terminal=True if view.color == "always" else None,
        no_color=True if view.color == "never" else None,
    )
    if console.width < LEAST_WIDTH:
        console.width = LEAST_WIDTH if console.width > 1 else USUAL_WIDTH  # COLUMNS=0
    writer = Writer(notation, console)
    with console.capture() as captured:
        previous: Block | None = None
        for block in documents(reports, view):
            if previous and not _together(previous, block):
                console.print()
            console.print(writer.block(block), soft_wrap=view.quiet or isinstance(block, Listing))
            previous = block
    file.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def _together(one: Block, other: Block) -> bool:
    """Whether no empty line stands between two blocks."""
    if isinstance(one, Prose) and one.tight:
        return True
    return isinstance(one, Title | Prose | Gap) and isinstance(other, Title | Prose | Gap)


class Writer:
    """Blocks as renderables of rich, in one notation, for one console."""

    def __init__(self, notation: Notation, console: Console) -> None:
        self._notation = notation
        self._console = console

    def block(self, block: Block) -> RenderableType:
        """One block."""
        match block:
            case Heading(text):
                return self._text(text, style="bold underline")
            case Title(parts, kind) | Prose(parts, kind):
                return self._text(*parts, style=STYLES[kind])
            case Equations():
                return self._equations(block)
            case Journey():
                return self._journey(block)
            case Listing(code):
                plain = self._notation.plain(code)
                return Text(plain, overflow="ignore", no_wrap=True)
            case Tree(root):
                return Padding(self._tree(root), (0, 2))
            case Matrices(items):
                return self._matrices(items)
            case Entries():
                return self._entries(block)
            case Gap():
                return Text()

    def _text(self, *parts: Part, style: str = "") -> Text:
        return Text(
            "".join(said(part, self._notation) for part in parts), style=style, overflow="fold"
        )

    def _equations(self, block: Equations) -> Table:
        grid = Table.grid(padding=(0, 1))
        grid.add_column(no_wrap=True)
        grid.add_column()
        grid.add_column(overflow="fold")
        taken = max((len(self._text(row.left)) for row in block.rows), default=0) + 4
        for row in block.rows:
            *right, (sign, last) = row.signed
            left = self._text(row.left, style="bold")
            for equal, value in right:
                grid.add_row(left, equal, self._fitting(value, self._console.width - taken))
                left = Text()
            note = self._text(f"  ({SIGNS.get(row.note, row.note)})" if row.note else "")
            grid.add_row(
                left,
                self._text(sign),
                self._fitting(last, self._console.width - taken).append(note),
            )
        return grid

    def _fitting(self, value: Part, room: int) -> Text:
        """A formula that may fold at its signs where a product is wider than there is room."""
        shown = self._text(value)
        if max(map(len, shown.plain.split()), default=0) <= room:
            return shown
        sign = "·" if self._notation.unicode else "*"
        return Text(shown.plain.replace(sign, f" {sign} ").replace("/(", " / ("), style=shown.style)

    def _journey(self, block: Journey) -> Table:
        grid = Table.grid()
        grid.add_column(justify="center", overflow="fold")
        for stage in block.stages:
            if stage.via:
                via = "held against, by J" if stage.via == "J" else Name(stage.via)
                grid.add_row(self._text("↓ ", via))
            entries = ", ".join(
                said(place, self._notation) if place else "…" for place in stage.entries
            )
            grid.add_row(self._text(f"[{entries}]"))
        return grid

    def _tree(self, node: Node) -> RichTree:
        tree = RichTree(self._text(node.place))
        for child in node.children:
            tree.children.append(self._tree(child) if child else RichTree(self._text("…")))
        return tree

    def _matrices(self, items: tuple[Matrix | Name | str, ...]) -> Table:
        shown = [self._matrix(i) if isinstance(i, Matrix) else self._text(i) for i in items]
        widths = (Measurement.get(self._console, self._console.options, s).maximum for s in shown)
        grid = Table.grid(padding=(0, 1))
        if sum(widths) + len(shown) <= self._console.width:
            for _ in shown:
                grid.add_column(vertical="middle")
            grid.add_row(*shown)
        else:
            for item in shown:
                grid.add_row(item)
        return grid

    def _matrix(self, matrix: Matrix) -> Table:
        height, width = matrix.shape
        box = BRACKETS if self._notation.unicode else ASCII_BRACKETS
        table = Table(
            box=box,
            show_header=False,
            caption=self._notation.plain(f"{height}×{width}"),
        )
        columns = max(len(row) for row in matrix.rows if row)
        for _ in range(columns):
            table.add_column(overflow="fold", justify="center")
        for row in matrix.rows:
            cells = row or [None] * columns
            table.add_row(*(self._text("…" if c is None else c) for c in cells))
        return table

    def _entries(self, block: Entries) -> RenderableType:
        if block.of is None:
            return self._rows(block)
        return Group(self._rows(block), self._text(all_alike(block.of) + ALL_ROWS))

    def _rows(self, block: Entries) -> Table:
        table = Table(header_style="bold", show_edge=False, pad_edge=False)
        titles = ("entry", "derivative", "claimed", "difference", "verdict")
        for title in titles if block.differ else (*titles[:3], titles[4]):
            fixed = title in ("entry", "verdict")
            table.add_column(title, overflow="fold", no_wrap=fixed)
        rows = [self._row(entry, differ=block.differ) for entry in block.rows]
        self._set_widths(table, rows)
        for row in rows[: len(block.first)]:
            table.add_row(*row)
        if block.hidden:
            table.add_section()
            table.add_row(self._text("…"), self._text(left_out(block.hidden) + ALL_ROWS))
            table.add_section()
        for row in rows[len(block.first) :]:
            table.add_row(*row)
        return table

    def _set_widths(self, table: Table, rows: list[list[Text]]) -> None:
        """Widths that cut no factor in two, if the console is wide enough for them.

        Where it is too narrow for whole products, a product may fold at its signs, and where it
        is too narrow for those, anywhere. The columns that are not to wrap have what they need.
        """
        room = self._console.width - 3 * (len(table.columns) - 1)
        widths = self._least(table, rows)
        if sum(widths) > room:
            sign = "·" if self._notation.unicode else "*"
            for row in rows:
                row[1:-1] = [Text(cell.plain.replace(sign, f" {sign} ")) for cell in row[1:-1]]
            widths = self._least(table, rows)
        if sum(widths) > room:
            widths = [w if c.no_wrap else 1 for w, c in zip(widths, table.columns, strict=True)]
        wanted = self._least(table, rows, str.splitlines)
        for _ in range(min(room, sum(wanted)) - sum(widths)):
            place = min(range(len(widths)), key=lambda k: (widths[k] >= wanted[k], widths[k]))
            widths[place] += widths[place] < wanted[place]
        for width, column in zip(widths, table.columns, strict=True):
            column.width = width

    def _least(
        self, table: Table, rows: list[list[Text]], parts: Callable[[str], list[str]] = str.split
    ) -> list[int]:
        """How wide a column has to be for its longest part, or line where it is not to wrap."""
        least = []
        for place, column in enumerate(table.columns):
            cells = (str(column.header), *(row[place].plain for row in rows))
            split = str.splitlines if column.no_wrap else parts
            least.append(max(len(part) for cell in cells for part in split(cell)))
        return least

    def _row(self, entry: Entry, *, differ: bool) -> list[Text]:
        formulas = [entry.derivative, entry.claim, *([entry.difference] if differ else [])]
        verdict = self._text(SIGNS[entry.kind], style=STYLES[entry.kind])
        return [self._text(entry.place), *(self._text(f.term) for f in formulas), verdict]
