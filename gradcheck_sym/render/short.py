"""The answer as plain text, without a terminal: what a report prints as."""

from __future__ import annotations

from gradcheck_sym.render.answer import answer
from gradcheck_sym.render.blocks import Code, Name, Part, Partial, Product
from gradcheck_sym.render.notation import Notation
from gradcheck_sym.report import Report
from gradcheck_sym.steps import Place


def short(report: Report) -> str:
    """The answer, a line for each sentence."""
    notation = Notation(unicode=True)
    return "\n".join("".join(said(part, notation) for part in p.parts) for p in answer(report))


def said(part: Part, notation: Notation) -> str:
    """A part of a sentence in a line of text."""
    match part:
        case str():
            return notation.plain(part)
        case Code(text):
            return notation.plain(text)
        case Partial(top, bottom):
            return notation.partial(top, bottom)
        case Name(array):
            return notation.name(array)
        case Place():
            return notation.place(part)
        case Product(factors):
            return notation.product(factors)
    return notation.formula(part)
