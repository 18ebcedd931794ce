"""What is made of formulas in LaTeX: matrices, rows with arrows, names in prose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradcheck_sym.relation import Relation
from gradcheck_sym.render.blocks import Name, Partial, Product
from gradcheck_sym.render.tex import Formulas, array_name
from gradcheck_sym.report import Report
from gradcheck_sym.sizes import ARRAY
from gradcheck_sym.steps import Matrix, Place, Stage
from gradcheck_sym.term.terms import Term


class Tex(Formulas):
    """Formulas for LaTeX and for Markdown, and what is made of them."""

    def part(self, part: Partial | Name | Place | Product | Relation | Term) -> str:
        """A part of a document that is a formula."""
        match part:
            case Partial(top, bottom):
                return self.partial(top, bottom)
            case Name(array):
                return self.name(array)
            case Place():
                return self.place(part)
            case Product(factors):
                return self.product(factors)
        return self.formula(part)

    def name(self, array: str) -> str:
        r"""The name of an array: A^{(\mathrm{h})}, \delta^{(\mathrm{out})}."""
        return array_name(array)

    def matrix(self, matrix: Matrix) -> str:
        """A matrix written out, its shape below it."""
        top = matrix.rows[0] or ()
        between = [r"\ddots" if cell is None else r"\vdots" for cell in top]
        rows = (
            " & ".join(self.formula(c) if c is not None else r"\cdots" for c in row)
            if row
            else " & ".join(between)
            for row in matrix.rows
        )
        height, width = map(self.size, matrix.shape)
        written = "\\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}"
        return rf"\underset{{{height} \times {width}}}{{{written}}}"

    def journey(self, stages: Sequence[Stage]) -> str:
        """Rows of entries with arrows between them, as lines of a display."""
        lines = []
        for stage in stages:
            if stage.via:
                lines.append(rf"\downarrow \; {self._via(stage.via)}")
            entries = (self.place(place) if place else r"\dots" for place in stage.entries)
            lines.append(rf"[\, {', '.join(entries)} \,]")
        return " \\\\\n".join(lines)

    def _via(self, step: str) -> str:
        """What leads from one row to the next: weights, an activation, or the loss."""
        if step == "J":
            return r"\text{held against, by } J"
        if re.fullmatch(ARRAY, step):
            return self.name(step)
        return rf"\text{{{step}}}".replace("_", r"\_")


def split_names(text: str) -> list[str]:
    """Prose cut at the names of arrays: every second piece is a name."""
    return re.split(rf"\b({ARRAY})\b", text)


def width(formula: str) -> int:
    """About how many signs wide a formula is: a command is one, sub- and superscripts overlap."""
    shown = re.sub(r"_\{[^{}]*\}(?=\^)|\\left|\\right|\\mathrm|[{}^_ &]", "", formula)
    return len(re.sub(r"\\[A-Za-z]+|\\.", "x", shown))


def tex_for(report: Report) -> Tex:
    """The notation for a report: with one example, its superscript is left out."""
    return Tex(one_example=report.network.sizes["n"] == 1)
