"""Plain Markdown: tables and numbers."""

from __future__ import annotations

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose columns are padded, so that it reads well as text too."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]

    def line(cells: Sequence[str], fill: str = " ") -> str:
        padded = (cell.ljust(width, fill) for cell, width in zip(cells, widths, strict=True))
        return f"| {' | '.join(padded)} |"

    return "\n".join([line(head), line(["-"] * len(head), "-"), *map(line, rows)])


def ratio(value: float) -> str:
    """A ratio with two or three significant digits: 0.04×, 1.31×, 18×, 1,204×."""
    return f"{value:,.0f}×" if value >= 10 else f"{value:.2f}×"
