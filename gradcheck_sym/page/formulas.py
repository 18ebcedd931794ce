"""The parts of a sentence on a page: words, code, and formulas that can be copied as LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gradcheck_sym.page.escape import text
from gradcheck_sym.page.measure import ems
from gradcheck_sym.relation import Relation
from gradcheck_sym.render.blocks import Code, Name, Part, Partial, Product
from gradcheck_sym.render.mathml import MathML, formula_element
from gradcheck_sym.render.tex_layout import Tex, split_names
from gradcheck_sym.report import Report
from gradcheck_sym.sizes import Size
from gradcheck_sym.steps import Matrix, Place
from gradcheck_sym.term.terms import Term

LINE = 15.0  # ems, roughly: a longer formula may break before its signs

Pieces = list[tuple[str, str]]  # MathML and LaTeX, piece by piece


class Formulas:
    """Formulas in MathML with their LaTeX, in the notation of one report.

    >>> Formulas(one_example=True).part("1 < 2")
    '1 &lt; 2'
    """

    def __init__(self, one_example: bool) -> None:
        self._mathml = MathML(one_example)
        self._tex = Tex(one_example)

    def part(self, part: Part) -> str:
        """One part; names of arrays in a sentence are set as formulas."""
        match part:
            case str():
                pieces = enumerate(split_names(part))
                return "".join(self.name(x) if k % 2 else text(x) for k, x in pieces)
            case Code(code):
                return f"<code>{text(code)}</code>"
        return self._element(self._pieces(part))

    def parts(self, parts: Iterable[Part]) -> str:
        """A sentence."""
        return "".join(map(self.part, parts))

    def name(self, array: str) -> str:
        """The name of an array: A^(h)."""
        return formula_element(self._mathml.array(array), self._tex.name(array))

    def shape(self, shape: Sequence[Size]) -> str:
        """The shape of an array: n × m."""
        shown = self._mathml.crossed([self._mathml.size(size) for size in shape])
        tex = self._tex.crossed([self._tex.size(size) for size in shape])
        return formula_element(shown, tex)

    def row(self, places: Sequence[Place | None]) -> str:
        """Entries of one example, in brackets."""
        shown = [self._mathml.place(p) if p else "<mo>…</mo>" for p in places]
        tex = ", ".join(self._tex.place(p) if p else r"\dots" for p in places)
        inside = "<mo>,</mo>".join(shown)
        return formula_element(f"<mrow><mo>[</mo>{inside}<mo>]</mo></mrow>", rf"[\, {tex} \,]")

    def matrix(self, matrix: Matrix) -> str:
        """A matrix written out, its shape below it."""
        top = matrix.rows[0] or ()
        between = ["⋱" if cell is None else "⋮" for cell in top]
        rows = [
            [self._mathml.formula(cell) if cell is not None else "<mo>⋯</mo>" for cell in row]
            if row
            else [f"<mo>{dots}</mo>" for dots in between]
            for row in matrix.rows
        ]
        cells = "".join(
            f"<mtr>{''.join(f'<mtd>{cell}</mtd>' for cell in row)}</mtr>" for row in rows
        )
        shape = self._mathml.crossed([self._mathml.size(size) for size in matrix.shape])
        body = f'<mrow><mo>[</mo><mtable class="matrix">{cells}</mtable><mo>]</mo></mrow>'
        return formula_element(
            f"<munder>{body}<mrow>{shape}</mrow></munder>", self._tex.matrix(matrix)
        )

    def short(self, part: Place | Term, most: float) -> str | None:
        """The formula in one piece, or None if it is wider than so many ems."""
        shown = self._whole(part)
        return formula_element(shown, self._tex.part(part)) if ems(shown) <= most else None

    def _whole(self, part: Partial | Name | Place | Product | Relation | Term) -> str:
        match part:
            case Partial(top, bottom):
                return self._mathml.partial(top, bottom)
            case Name(array):
                return self._mathml.array(array)
            case Place():
                return self._mathml.place(part)
            case Product(factors):
                return self._mathml.product(factors)
        return self._mathml.formula(part)

    def _pieces(self, part: Partial | Name | Place | Product | Relation | Term) -> Pieces:
        """The formula in one piece, or in as many as it has terms or factors if it is long."""
        whole, tex = self._whole(part), self._tex.part(part)
        if ems(whole) > LINE:
            match part:
                case Term():
                    return list(zip(self._mathml.terms(part), self._tex.terms(part), strict=True))
                case Relation(left, sign, right):
                    one, other = (self._pieces(side) for side in (left, right))
                    related = self._mathml.related("", sign, ""), self._tex.related("", sign, "")
                    return [*one, related, *other]
                case Product(factors) if len(factors) > 1:
                    shown, tex_shown = (x.factors(factors) for x in (self._mathml, self._tex))
                    crosses = [("", ""), *[("<mo>×</mo>", r"\times ")] * (len(factors) - 1)]
                    return [
                        (cross + x, tex_cross + y)
                        for (cross, tex_cross), x, y in zip(crosses, shown, tex_shown, strict=True)
                    ]
        return [(whole, tex)]

    def _element(self, pieces: Pieces) -> str:
        shown = " ".join(formula_element(mathml, tex.strip()) for mathml, tex in pieces)
        return shown if len(pieces) == 1 else f'<span class="formula">{shown}</span>'


def formulas_for(report: Report) -> Formulas:
    """The notation for a report: with one example, its superscript is left out."""
    return Formulas(one_example=report.network.sizes["n"] == 1)
