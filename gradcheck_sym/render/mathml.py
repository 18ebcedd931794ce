"""Terms as MathML, in the notation of `tex.py`: what browsers set without any script.

An entry has its array as its class, so that a page can give each quantity a colour.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from html import escape

from gradcheck_sym.render.tex import GREEK, entry_parts, word_and_number
from gradcheck_sym.render.typeset import Typeset
from gradcheck_sym.sizes import ARRAY
from gradcheck_sym.steps import Place
from gradcheck_sym.term.terms import Index

FUNCTIONS = {"log": "ln"}
GREEK_NAMES = {"lam": "lambda"}
TIMES = '<mo lspace="0" rspace=".17em">\u2062</mo>'  # invisible, with a narrow space
FIXED = 'minsize="2em" maxsize="2em"'  # of brackets that stand in different pieces
CALLED = "<mo>\u2061</mo>"  # invisible: the application of a function


class MathML(Typeset):
    """Formulas as the children of an mrow; `one_example` leaves the superscript [1] out.

    >>> from gradcheck_sym.term.terms import Entry, Num
    >>> MathML(one_example=True).formula(Entry("n") - 1)
    '<mi>n</mi><mo form="infix">−</mo><mn>1</mn>'
    """

    def partial(self, top: Place, bottom: Place) -> str:
        above, below = (f"<mi>∂</mi>{self.place(place)}" for place in (top, bottom))
        return self.fraction(above, below)

    def entry(self, name: str, indices: Iterable[Index | str]) -> str:
        letter, layer, below, example = entry_parts(name, indices, self.one_example)
        above = f"({layer})" * bool(layer) + f"[{example}]" * bool(example)
        return _scripts(letter, name, _listed(below) if below else "", above)

    def array(self, name: str) -> str:
        """The name of an array: A^(h)."""
        letter, _, layer = name.partition("_")
        return _scripts(letter, name, "", f"({layer})" if layer else "")

    def symbol(self, name: str) -> str:
        if re.fullmatch(ARRAY, name):
            return self.array(name)
        word, number = word_and_number(GREEK_NAMES.get(name, name))
        base = _letter(word) if word in GREEK or len(word) == 1 else _word(word)
        return f"<msub>{base}<mn>{number}</mn></msub>" if number else base

    def number(self, number: int) -> str:
        return f"<mn>{number}</mn>"

    def kronecker(self, left: Index, right: Index) -> str:
        return f"<msub><mi>δ</mi>{_listed(f'{left},{right}')}</msub>"

    def related(self, left: str, sign: str, right: str) -> str:
        return f"{left}<mo>{escape(sign)}</mo>{right}"

    def row(self, parts: Sequence[str]) -> str:
        return "".join(parts)

    def tight(self, factors: Sequence[str]) -> str:
        return TIMES.join(factors)

    def beside(self, factors: Sequence[str]) -> str:
        return TIMES.join(factors)

    def crossed(self, factors: Sequence[str]) -> str:
        return "<mo>×</mo>".join(factors)

    def signed(self, term: str, *, minus: bool, first: bool) -> str:
        if first:
            return self.negated(term, close=False) if minus else term
        return f'<mo form="infix">{"−" if minus else "+"}</mo>{term}'

    def negated(self, text: str, *, close: bool) -> str:  # noqa: ARG002 - a prefix is close
        return f'<mo form="prefix">−</mo>{text}'

    def bracketed(self, text: str) -> str:
        return f"<mrow><mo>(</mo>{text}<mo>)</mo></mrow>"

    def squared(self, text: str) -> str:
        return f"<mrow><mo>[</mo>{text}<mo>]</mo></mrow>"

    def opened(self, sigma: str, first: str) -> str:
        return f'{sigma}<mo form="prefix" {FIXED}>[</mo>{first}'

    def closed(self, last: str) -> str:
        return f'{last}<mo form="postfix" {FIXED}>]</mo>'

    def fraction(self, above: str, below: str) -> str:
        return f"<mfrac>{_one(above)}{_one(below)}</mfrac>"

    def power(self, base: str, exponent: str) -> str:
        return f"<msup>{_one(base)}{_one(exponent)}</msup>"

    def exponential(self, argument: str) -> str:
        return f"<msup><mi>e</mi>{_one(argument)}</msup>"

    def root(self, argument: str) -> str:
        return f"<msqrt>{argument}</msqrt>"

    def called(self, function: str, argument: str) -> str:
        name = FUNCTIONS.get(function, function)
        return f"<mi>{escape(name)}</mi>{CALLED}{self.bracketed(argument)}"

    def named_function(self, name: str, arguments: Sequence[str]) -> str:
        inside = "<mo>,</mo>".join(arguments)
        if name == "abs":
            return f'<mrow><mo form="prefix">|</mo>{inside}<mo form="postfix">|</mo></mrow>'
        return f"<mi>{name}</mi>{CALLED}{self.bracketed(inside)}"

    def sigma(self, index: str, above: str) -> str:
        below = f"<mrow>{_listed(index)}<mo>=</mo><mn>1</mn></mrow>"
        return f"<munderover><mo>∑</mo>{below}{_one(above)}</munderover>"

    def indicated(self, condition: str) -> str:
        return self.squared(condition)

    def cases(self, there: str, condition: str, elsewhere: str) -> str:
        rows = ((there, f"<mtext>if&#160;</mtext>{condition}"), (elsewhere, "<mtext>else</mtext>"))
        cells = "".join(f"<mtr><mtd>{x}</mtd><mtd>{when}</mtd></mtr>" for x, when in rows)
        return f'<mrow><mo>{{</mo><mtable class="cases">{cells}</mtable></mrow>'


def formula_element(content: str, tex: str) -> str:
    """A formula that is shown as MathML, and has its LaTeX with it.

    >>> formula_element("<mi>x</mi>", "x").count("application/x-tex")
    1
    """
    annotation = f'<annotation encoding="application/x-tex">{escape(tex)}</annotation>'
    shown = f"<semantics><mrow>{content}</mrow>{annotation}</semantics>"
    return f'<math displaystyle="true">{shown}</math>'


def _one(content: str) -> str:
    """The content as one element, as a fraction and a power want it."""
    return f"<mrow>{content}</mrow>"


def _scripts(letter: str, array: str, below: str, above: str) -> str:
    """A letter with what is below and above it, in the colour of its array."""
    base = _letter(letter)
    up = f"<mtext>{escape(above)}</mtext>"
    colour = f' class="{array}"' if re.fullmatch(ARRAY, array) else ""
    if below and above:
        return f"<msubsup{colour}>{base}{below}{up}</msubsup>"
    if below or above:
        tag = "msub" if below else "msup"
        return f"<{tag}{colour}>{base}{below or up}</{tag}>"
    return f"<mrow{colour}>{base}</mrow>" if colour else base


def _letter(letter: str) -> str:
    if letter in GREEK:
        spelt = "LAMDA" if letter == "lambda" else letter.upper()
        letter = unicodedata.lookup(f"GREEK SMALL LETTER {spelt}")
    return f"<mi>{escape(letter)}</mi>"


def _word(word: str) -> str:
    return f'<mi class="word">{escape(word)}</mi>'


def _listed(indices: str) -> str:
    """Indices such as k,j or 2,1."""
    signs = (
        f"<mn>{index}</mn>" if index.isdigit() else f"<mi>{escape(index)}</mi>"
        for index in indices.split(",")
    )
    shown = "<mo>,</mo>".join(signs)
    return f"<mrow>{shown}</mrow>" if "," in indices else shown
