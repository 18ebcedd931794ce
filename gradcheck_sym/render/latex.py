"""Blocks as a LaTeX document that needs pdflatex and amsmath alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

import sympy

from gradcheck_sym.render import View
from gradcheck_sym.render.blocks import (
    Block,
    Code,
    Entries,
    Equations,
    Heading,
    Journey,
    Listing,
    Matrices,
    Name,
    Part,
    Partial,
    Prose,
    Tree,
)
from gradcheck_sym.render.document import documents, left_out
from gradcheck_sym.render.tex import Tex, split_names, tex_for
from gradcheck_sym.report import Entry, Report
from gradcheck_sym.steps import Matrix, Node, Place

TERMS_A_LINE = 4
OPENING = r"""\documentclass[11pt,a4paper]{article}
\usepackage{amsmath}
\setlength{\oddsidemargin}{0pt}
\setlength{\textwidth}{16cm}
\setlength{\topmargin}{-1cm}
\setlength{\textheight}{24cm}
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\setcounter{MaxMatrixCols}{20}
\allowdisplaybreaks
\begin{document}
"""
CLOSING = "\\end{document}\n"
WORDS = {"→": r"$\to$", "×": r"$\times$", "…": r"\dots{}", "≤": r"$\leq$", "−": "-"}
SPECIAL = {character: f"\\{character}" for character in "_%&#${}"}


def render(reports: Sequence[Report], file: TextIO, view: View) -> None:
    """Write the reports as a complete document."""
    writer = _Writer(tex_for(reports[0]))
    file.write(OPENING)
    file.write(
        f"\\section*{{The gradient of $J$ by ${writer.name(reports[0].wrt)}$, entry by entry}}\n\n"
    )
    for block in documents(reports, view):
        file.write(writer.block(block) + "\n\n")
    file.write(CLOSING)


class _Writer:
    def __init__(self, tex: Tex) -> None:
        self._tex = tex

    def name(self, array: str) -> str:
        """The name of an array, for math mode."""
        return self._tex.name(array)

    def block(self, block: Block) -> str:
        match block:
            case Heading(text):
                return rf"\section*{{{_escaped(text)}}}"
            case Prose(parts, kind):
                text = "".join(map(self._inline, parts))
                return rf"\textbf{{{text}}}" if kind else text
            case Equations():
                return _aligned(self._equations(block))
            case Journey():
                return self._journey(block)
            case Listing(code):
                return (
                    "\\begin{quote}\\small\\raggedright\n"
                    + rf"\texttt{{{_breakable(code)}}}"
                    + "\n\\end{quote}"
                )
            case Tree(root):
                return _together(self._tree(root, 0))
            case Matrices(items):
                return _together(self._matrices(items))
            case Entries():
                return self._entries(block)

    def _inline(self, part: Part) -> str:
        match part:
            case str():
                pieces = enumerate(split_names(part))
                return "".join(
                    f"${self._tex.name(x)}$" if k % 2 else _escaped(x) for k, x in pieces
                )
            case Code(text):
                return rf"\texttt{{{_escaped(text)}}}"
        return f"${self._math(part)}$"

    def _math(self, part: Part) -> str:
        match part:
            case str():
                return rf"\text{{{_escaped(part)}}}"
            case Code(text):
                return rf"\texttt{{{_escaped(text)}}}"
            case Partial(top, bottom):
                return self._tex.partial(top, bottom)
            case Name(array):
                return self._tex.name(array)
            case Place():
                return self._tex.formula(part.expr)
        return self._tex.formula(part)

    def _equations(self, block: Equations) -> Iterator[str]:
        for row in block.rows:
            left = self._math(row.left)
            for value in row.right:
                note = row.note if value is row.right[-1] else ""
                yield f"{left} &= {self._math(value)}" + (
                    rf" && \text{{({_escaped(note)})}}" if note else ""
                )
                left = ""

    def _journey(self, block: Journey) -> str:
        return f"\\begin{{gather*}}\n{self._tex.journey(block.stages)}\n\\end{{gather*}}"

    def _tree(self, node: Node, depth: int) -> Iterator[str]:
        indent = rf"\hspace{{{2 * depth}em}}"
        branch = r"\hookrightarrow \; " if depth else ""
        yield f"& {indent} {branch}{self._tex.formula(node.place.expr)}"
        for child in node.children:
            if child:
                yield from self._tree(child, depth + 1)
            else:
                yield rf"& \hspace{{{2 * depth + 2}em}} \vdots"

    def _matrices(self, items: Sequence[Matrix | Name | str]) -> Iterator[str]:
        """Left sides on one line, the right side after = on the next if it is a matrix too."""
        line = "& "
        for item in items:
            match item:
                case Matrix():
                    line += self._tex.matrix(item)
                case Name(array):
                    line += self._tex.name(array)
                case "=" if "matrix" in line:
                    yield line
                    line = "& = "
                case _:
                    line += item.replace("×", r" \; ")
        yield line

    def _entries(self, block: Entries) -> str:
        pieces = [_aligned(line for entry in block.first for line in self._entry(entry))]
        if block.hidden:
            pieces.append(_escaped(left_out(block.hidden)))
            pieces.append(_aligned(line for entry in block.last for line in self._entry(entry)))
        return "\n\n".join(pieces)

    def _entry(self, entry: Entry) -> Iterator[str]:
        """Derivative, claim and verdict of one entry, over as many lines as they need."""
        left = self._tex.partial(Place("J"), entry.place)
        for line in self._lines(entry.derivative.expr):
            yield f"{left} {line}"
            left = ""
        *lines, last = self._lines(
            entry.claim.expr, "=" if entry.kind == "proved" else r"\overset{?}{=}"
        )
        yield from lines
        yield rf"{last} && \text{{(the claim: {entry.kind})}}"
        if entry.kind != "proved":
            *lines, last = self._lines(entry.difference.expr, r"\text{difference}\ ")
            yield from (*lines, last)

    def _lines(self, expr: sympy.Expr, sign: str = "=") -> Iterator[str]:
        terms = self._tex.terms(expr)
        for start in range(0, len(terms), TERMS_A_LINE):
            yield f"&{sign} {' '.join(terms[start : start + TERMS_A_LINE])}"
            sign = r"\quad "


def _together(lines: Iterator[str]) -> str:
    """Lines that stay on one page."""
    body = " \\\\\n".join(lines)
    return f"\\[\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n\\]"


def _aligned(lines: Iterator[str]) -> str:
    body = " \\\\\n".join(lines)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


def _breakable(code: str) -> str:
    """Code that LaTeX may break at blanks and after brackets."""
    return _escaped(code).replace("(", r"(\allowbreak{}").replace("^", r"\^{}")


def _escaped(text: str) -> str:
    text = "".join(SPECIAL.get(character, character) for character in text)
    for sign, word in WORDS.items():
        text = text.replace(sign, word)
    return text
