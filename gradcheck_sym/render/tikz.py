r"""Figures as pictures in TikZ, with the colours of a page on white paper.

A picture that is wider than a line or about as high as a page is made smaller; `\resizebox`
comes with TikZ.
"""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck_sym.figure.colours import LIGHT, colours
from gradcheck_sym.figure.network import network_figure
from gradcheck_sym.figure.shapes import (
    ArrayName,
    Circle,
    Edge,
    Factor,
    Figure,
    Index,
    Label,
    Made,
    Pill,
    Point,
    Shape,
)
from gradcheck_sym.figure.tree import tree_figure
from gradcheck_sym.render.tex_blocks import Writer, escaped
from gradcheck_sym.render.tex_layout import width
from gradcheck_sym.report import Report

WIDEST = 24  # signs, roughly, of a factor that is written on its edge
DOTS = {"⋮": r"\vdots", "…": r"\dots"}
OPENING = r"""\begin{center}
\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%
\resizebox{!}{\ifdim\height>0.85\textheight 0.85\textheight\else\height\fi}{%
\begin{tikzpicture}[x=0.75pt, y=-0.75pt, inner sep=2pt,
  edge/.style={draw=black!25, line width=0.6pt},
  lit/.style={draw=black, line width=1.2pt},
  spine/.style={draw=black, line width=1.8pt},
  weight/.style={line width=2.8pt},
  unit/.style={fill=white, line width=0.8pt},
  lit unit/.style={fill=black!4, line width=1.8pt},
  note/.style={text=black!65, font=\small}]
"""
CLOSING = "\\end{tikzpicture}}}\n\n\\small\n"


def pictures(report: Report, writer: Writer) -> str:
    """The network and the tree of the chain rule, each with its caption."""
    arrays = [*report.inputs, *(defined.place.name for defined in report.definitions)]
    known = colours(arrays, LIGHT)
    defined = "".join(
        f"\\definecolor{{{_colour(name)}}}{{HTML}}{{{value.lstrip('#').upper()}}}\n"
        for name, value in known.items()
    )
    figures = network_figure(report), tree_figure(report)
    return defined + "\n".join(_Picture(writer, set(known)).drawn(figure) for figure in figures)


class _Picture:
    def __init__(self, writer: Writer, coloured: set[str]) -> None:
        self._writer, self._tex, self._coloured = writer, writer.tex, coloured

    def drawn(self, figure: Figure) -> str:
        lines = "".join(f"{line}\n" for shape in figure.shapes for line in self._shape(shape))
        caption = self._writer.inline(figure.caption)
        return f"% {figure.title}\n{OPENING}{lines}{CLOSING}{caption}\n\\end{{center}}"

    def _shape(self, shape: Shape) -> Iterator[str]:
        match shape:
            case Edge(start, end):
                yield rf"\draw[{self._edge(shape)}] {_at(start)} -- {_at(end)};"
            case Circle(centre, radius, array, lit):
                style = f"{'lit unit' if lit else 'unit'}, draw={self._ink(array)}"
                yield rf"\filldraw[{style}] {_at(centre)} circle [radius={0.75 * radius:g}pt];"
            case Index(at, unit):
                said = self._tex.size(unit)
                small = r"\scriptsize " if width(said) > 1 else r"\small "
                yield rf"\node at {_at(at)} {{{small}${said}$}};"
            case Label(at, said, dots):
                inside = f"${DOTS[said]}$" if dots else escaped(said)
                yield rf"\node[note] at {_at(at)} {{{inside}}};"
            case ArrayName(at, array):
                name = self._tex.symbol(array)
                yield rf"\node[text={self._ink(array)}] at {_at(at)} {{${name}$}};"
            case Pill(corner, size, place):
                high, wide = (f"{0.75 * length:g}pt" for length in reversed(size))
                style = f"lit unit, draw={self._ink(place.name)}, minimum width={wide}"
                style += f", minimum height={high}, rounded corners={0.37 * size[1]:g}pt"
                yield rf"\node[{style}] at {_centre(corner, size)} {{${self._tex.place(place)}$}};"
            case Factor(corner, size, top, bottom, value):
                said = self._tex.partial(top, bottom)
                short = "" if value is None else self._tex.part(value)
                said += f" = {short}" if short and width(short) <= WIDEST else ""
                yield rf"\node[anchor=east] at {_right(corner, size)} {{$\displaystyle {said}$}};"
            case Made(corner, size, error):
                said = f"${self._tex.place(error)}$ is made here"
                yield rf"\node[note, anchor=east] at {_right(corner, size)} {{{said}}};"

    def _edge(self, edge: Edge) -> str:
        if edge.array:
            return f"weight, draw={self._ink(edge.array)}"
        return "spine" if edge.spine else "lit" if edge.lit else "edge"

    def _ink(self, array: str) -> str:
        return _colour(array) if array in self._coloured else "black"


def _colour(array: str) -> str:
    """What the colour of an array is called: that of a page of this tool, and of no package."""
    return f"gradcheck{array.replace('_', '')}"


def _at(point: Point) -> str:
    x, y = point
    return f"({x:g},{y:g})"


def _centre(corner: Point, size: Point) -> str:
    return _at((corner[0] + size[0] / 2, corner[1] + size[1] / 2))


def _right(corner: Point, size: Point) -> str:
    return _at((corner[0] + size[0], corner[1] + size[1] / 2))
