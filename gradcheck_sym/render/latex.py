"""Blocks as a LaTeX document that needs pdflatex and amsmath alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
from gradcheck_sym.render.tex_layout import Tex, split_names, tex_for, width
from gradcheck_sym.report import Report
from gradcheck_sym.steps import Matrix, Node, Place
from gradcheck_sym.term.terms import Term

RELATIONS = {"=": "=", "≠": r"\neq", "?=": r"\overset{?}{=}"}
LINE = 56  # signs, roughly: what fits beside the left side and the note
TOGETHER = 8  # lines; equations of no more stay on one page
OPENING = r"""\documentclass[11pt,a4paper]{article}
\usepackage{amsmath}
\setlength{\oddsidemargin}{0pt}
\setlength{\textwidth}{16cm}
\setlength{\topmargin}{-7mm}
\setlength{\headheight}{0pt}
\setlength{\headsep}{0pt}
\setlength{\textheight}{255mm}
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\setcounter{MaxMatrixCols}{20}
\renewcommand{\arraystretch}{1.5}
\allowdisplaybreaks
\begin{document}
\setlength{\abovedisplayshortskip}{\abovedisplayskip}
"""
CLOSING = "\\end{document}\n"
DISPLAYS = (Equations, Journey, Tree, Matrices)  # without a blank line they stay with their prose
SIGNS = {
    "→": r"\to",
    "λ": r"\lambda",
    "×": r"\times",
    "·": r"\cdot",
    "≤": r"\leq",
    "≥": r"\geq",
    "≠": r"\neq",
    "φ": r"\phi",
    "δ": r"\delta",
    "∂": r"\partial",
    "′": "'",
}
SPECIAL = {
    **{character: f"\\{character}" for character in "_%&#${}"},
    **{"^": r"\^{}", "~": r"\~{}", "\\": r"\textbackslash{}", "…": r"\dots{}", "−": "-"},
    **{sign: f"${command}$" for sign, command in SIGNS.items()},
    **{character: f"${character}$" for character in "<>"},  # else ¡ and ¿ in OT1
}


def render(reports: Sequence[Report], file: TextIO, view: View) -> None:
    """Write the reports as a complete document."""
    writer = _Writer(tex_for(reports[0]))
    file.write(OPENING)
    by = f" by ${writer.name(reports[0].wrt)}$" if len(reports) == 1 else ""
    file.write(f"\\section*{{The gradient of $J${by}, entry by entry}}\n\n")
    previous: Paragraph | None = None
    for block in paragraphs(reports, view):
        if previous:
            file.write(
                "\n" if isinstance(previous, Prose) and isinstance(block, DISPLAYS) else "\n\n"
            )
        file.write(writer.block(block))
        previous = block
    file.write("\n\n" + CLOSING)


class _Writer:
    def __init__(self, tex: Tex) -> None:
        self._tex = tex

    def name(self, array: str) -> str:
        """The name of an array, for math mode."""
        return self._tex.name(array)

    def block(self, block: Paragraph) -> str:
        match block:
            case Heading(text):
                return rf"\section*{{{_escaped(text)}}}"
            case Title(parts):
                return rf"\section*{{{''.join(map(self._inline, parts))}}}"
            case Prose(parts, kind):
                text = "".join(map(self._inline, parts))
                return rf"\textbf{{{text}}}" if kind else text
            case Equations():
                return _aligned(_kept(list(self._equations(block))))
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
                return rf"\texttt{{{_breakable(text)}}}"
        formula = self._math(part)
        return f"$\\displaystyle {formula}$" if r"\frac" in formula else f"${formula}$"

    def _math(self, part: Part) -> str:
        match part:
            case str():
                return rf"\text{{{_escaped(part)}}}"
            case Code(text) if len(text) > LINE - 10:
                return rf"\parbox[t]{{9cm}}{{\raggedright\texttt{{{_breakable(text)}}}}}"
            case Code(text):
                return rf"\texttt{{{_escaped(text)}}}"
        return self._tex.part(part)

    def _equations(self, block: Equations) -> Iterator[list[str]]:
        for row in block.rows:
            lines = [f"&{RELATIONS[sign]} {self._math(value)}" for sign, value in row.signed]
            lines[0] = f"{self._math(row.left)} {lines[0]}"
            lines[-1] += rf" && \text{{({_escaped(row.note)})}}" if row.note else ""
            yield lines

    def _journey(self, block: Journey) -> str:
        return f"\\begin{{gather*}}\n{self._tex.journey(block.stages)}\n\\end{{gather*}}"

    def _tree(self, node: Node, depth: int) -> Iterator[str]:
        indent = rf"\hspace{{{2 * depth}em}}"
        branch = r"\hookrightarrow \; " if depth else ""
        yield f"& {indent} {branch}{self._tex.place(node.place)}"
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
                    line += item.replace("×", r" \times ")
        yield line

    def _entries(self, block: Entries) -> str:
        text = "Each derivative, and what the claim says that it is:\n"
        text += _aligned(list(self._entry(entry)) for entry in block.first)
        if block.hidden:
            text += f"\n\n{_escaped(left_out(block.hidden))}\n"
            text += _aligned(list(self._entry(entry)) for entry in block.last)
        if block.of:
            text += f"\n\n{_escaped(all_alike(block.of))}\n"
        return text

    def _entry(self, entry: Entry) -> Iterator[str]:
        """Derivative, claim and verdict of one entry, over as many lines as they need."""
        left = self._tex.partial(Place("J"), entry.place)
        for line in self._lines(entry.derivative.term):
            yield f"{left} {line}"
            left = ""
        lines = list(
            self._lines(entry.claim.term, "=" if entry.kind == "proved" else r"\overset{?}{=}")
        )
        note = rf"\text{{(the claim: {entry.kind})}}"
        if any(width(line) > LINE for line in lines):  # no room on the right
            lines[0] = f"{note} {lines[0]}"
        else:
            lines[-1] += f" && {note}"
        yield from lines
        if entry.kind != "proved":
            first, *lines = self._lines(entry.difference.term)
            yield from (rf"\text{{difference}} {first}", *lines)

    def _lines(self, shown: Term, sign: str = "=") -> Iterator[str]:
        whole = self._tex.formula(shown)
        line, *terms = [whole] if width(whole) <= LINE else self._tex.terms(shown)
        for term in terms:
            if width(line) + width(term) > LINE:
                yield f"&{sign} {line}"
                sign, line = r"\quad ", term
            else:
                line += f" {term}"
        yield f"&{sign} {line}"


def _together(lines: Iterator[str]) -> str:
    """Lines that stay on one page."""
    body = " \\\\\n".join(lines)
    return f"\\[\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n\\]"


def _aligned(groups: Iterable[list[str]]) -> str:
    r"""Lines at whose signs they meet; \\* keeps those of a short group on one page."""
    ends = {True: " \\\\*\n", False: " \\\\\n"}
    body = " \\\\[1ex]\n".join(ends[len(lines) <= TOGETHER].join(lines) for lines in groups)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


def _kept(groups: list[list[str]]) -> list[list[str]]:
    """All lines as one group where they are few."""
    lines = [line for group in groups for line in group]
    return [lines] if len(lines) <= TOGETHER else groups


def _breakable(code: str) -> str:
    """Code that LaTeX may break at blanks and after brackets."""
    return _escaped(code).replace("(", r"(\allowbreak{}")


def _escaped(text: str) -> str:
    text = text.replace("✔ ", "").replace("✘ ", "")  # signs that its fonts lack; a word follows
    return "".join(SPECIAL.get(character, character) for character in text)
