"""A matrix that is too wide for a page, column by column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from gradcheck_sym.render.tex_layout import Tex, width
from gradcheck_sym.steps import Matrix
from gradcheck_sym.term.terms import Term

ROOM = 64  # signs, roughly: what fits beside a left side
BETWEEN = 2  # signs between columns

Column = tuple[Term | None, ...]


def is_wide(matrix: Matrix, tex: Tex) -> bool:
    """Whether the matrix would stand over the edge of a page."""
    return sum(_width(column, tex) + BETWEEN for column in _columns(matrix)) > ROOM


def by_columns(matrix: Matrix, tex: Tex) -> Iterator[str]:
    """The matrix as a row of columns c_1, c_2 …, then these, as many a line as fit."""
    columns = _columns(matrix)
    if max(_width(column, tex) for column in columns) > ROOM:
        yield _by_name(matrix, tex)
        return
    names = list(_names(matrix, columns, tex))
    row = " & ".join(names)
    height, across = map(tex.size, matrix.shape)
    yield (
        rf"\underset{{{height} \times {across}}}{{\begin{{bmatrix}} {row} \end{{bmatrix}}}},"
        r" \quad \text{where}"
    )
    known = [(name, x) for name, x in zip(names, columns, strict=True) if name != r"\cdots"]
    line, room = "", ROOM
    for number, (name, column) in enumerate(known, start=1):
        needed = _width(column, tex) + 8
        if line and needed > room:
            yield line
            line, room = "", ROOM
        end = "." if number == len(known) else r", \quad "
        line += rf"{name} = {_column(column, tex)}{end}"
        room -= needed
    yield line


def _by_name(matrix: Matrix, tex: Tex) -> str:
    """Its general entry by name, where each is as wide as a page: it was told before."""
    height, across = map(tex.size, matrix.shape)
    entry = tex.entry(matrix.name, ("i", "j"))
    return rf"\left( {entry} \right)_{{i \leq {height}, \; j \leq {across}}}"


def _columns(matrix: Matrix) -> list[Column]:
    """What is left out of a column is None, and so is each cell of a column that is left out."""
    empty = (None,) * max(len(row) for row in matrix.rows if row)
    return list(zip(*(row or empty for row in matrix.rows), strict=True))


def _names(matrix: Matrix, columns: Sequence[Column], tex: Tex) -> Iterator[str]:
    """c_1, c_2, ⋯, c_d: those behind the dots are counted from the end."""
    before = len(list(takewhile(_is_known, columns)))
    for number, column in enumerate(columns, start=1):
        if not _is_known(column):
            yield r"\cdots"
        elif number <= before:
            yield f"c_{{{number}}}"
        else:
            left = len(columns) - number
            last = tex.size(matrix.shape[1])
            yield f"c_{{{last} - {left}}}" if left else f"c_{{{last}}}"


def _is_known(column: Column) -> bool:
    return any(cell is not None for cell in column)


def _column(column: Column, tex: Tex) -> str:
    cells = (tex.formula(cell) if cell is not None else r"\vdots" for cell in column)
    inside = r" \\ ".join(cells)
    return rf"\begin{{bmatrix}} {inside} \end{{bmatrix}}"


def _width(column: Column, tex: Tex) -> int:
    return max((width(tex.formula(cell)) for cell in column if cell is not None), default=1)
