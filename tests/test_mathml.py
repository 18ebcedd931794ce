"""MathML says the same as the other notations: read back, it has the value of the term."""

from __future__ import annotations

import re
from collections import Counter
from random import Random
from xml.etree import ElementTree

import numpy as np
import pytest

from gradcheck_sym import Network, formula
from gradcheck_sym.array.entries import Entries
from gradcheck_sym.array.shape import letters
from gradcheck_sym.relation import Relation
from gradcheck_sym.render.mathml import MathML, formula_element
from gradcheck_sym.render.notation import Notation
from gradcheck_sym.render.tex import Formulas
from gradcheck_sym.shown.quotient import simplest
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.steps import Place
from gradcheck_sym.term.terms import ZERO, Entry, Num, Pi, SizeOf, Sum, Where, apply
from tests.corpus import NAMED_SIZES, RIGHT, WRONG
from tests.evaluate import value
from tests.test_shown import ROW, A, B, U, V, random_term

MATHML = MathML(one_example=False)
FUNCTIONS = {"log": np.log, "sqrt": np.sqrt, "abs": abs, "max": max, "min": min, "exp": np.exp}


def tree(mathml: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<mrow>{mathml}</mrow>")


def as_python(part: ElementTree.Element) -> str:
    """A formula without indices as Python writes it."""
    inside = [as_python(child) for child in part]
    match part.tag:
        case "mn":
            return f"{part.text}.0"
        case "mi":
            return {"ln": "log", "π": "np.pi"}.get(part.text, part.text)
        case "mo":
            signs = {"−": "-", "\u2062": "*", "\u2061": "", "=": "==", "[": "(", "]": ")"}
            return signs.get(part.text, part.text)
        case "mfrac":
            return "(({})/({}))".format(*inside)
        case "msqrt":
            return f"sqrt({''.join(inside)})"
        case "msup":
            base, exponent = inside
            return f"exp({exponent})" if base == "e" else f"(({base})**({exponent}))"
        case "mtext":
            return ""
    if part.find("mtable") is not None:
        (there, condition), (elsewhere, _) = ([as_python(x) for x in row] for row in part[1])
        return f"(({there}) if ({condition}) else ({elsewhere}))"
    if [child.text for child in part if child.tag == "mo"][:1] == ["|"]:
        return f"abs({''.join(inside[1:-1])})"
    return "".join(inside)


@pytest.mark.parametrize("seed", range(200))
def test_a_formula_has_the_value_of_the_term(seed):
    random = Random(seed)
    term = random_term(random, random.choice([1, 2, 3]))
    known = {name: random.uniform(0.3, 2) for name in "uvw"}
    expected = value(term, {name: np.array(number) for name, number in known.items()})
    for shown in (tidied(term), simplest(tidied(term))):
        text = as_python(tree(MATHML.formula(shown)))
        found = eval(text, {"__builtins__": {}, "np": np}, {**FUNCTIONS, **known})
        assert float(found) == pytest.approx(expected, rel=1e-9, abs=1e-9), text


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (A, '<msubsup class="A_h"><mi>a</mi><mi>k</mi><mtext>(h)[i]</mtext></msubsup>'),
        (U / V, "<mfrac><mrow><mi>u</mi></mrow><mrow><mi>v</mi></mrow></mfrac>"),
        (-U, '<mo form="prefix">−</mo><mi>u</mi>'),
        (U - V, '<mi>u</mi><mo form="infix">−</mo><mi>v</mi>'),
        (Pi() * Entry("lam"), "<mi>π</mi>{times}<mi>λ</mi>"),
        (SizeOf("d_1") + SizeOf("batch"), None),
        (Relation(U, "≥", ZERO), "<mi>u</mi><mo>≥</mo><mn>0</mn>"),
        (Relation(U, ">", ZERO), "<mi>u</mi><mo>&gt;</mo><mn>0</mn>"),
        (Where(U, Num(1), ZERO), None),
        (Sum(ROW, -A - B), None),
        (apply("erf", U) ** 3, None),
    ],
)
def test_a_term_is_printed_as_mathml(term, expected):
    shown = MATHML.formula(term if isinstance(term, Relation) else tidied(term))
    assert tree(shown) is not None
    if expected:
        assert re.sub(r"<mo lspace[^>]*>\u2062</mo>", "{times}", shown) == expected


def corpus():
    for one in (*RIGHT, *WRONG):
        *sizes, n = NAMED_SIZES[one.needs]
        network = Network(*sizes, n=n)
        array = formula(one.text, network).array
        yield one.text, tidied(Entries().at(array, letters(array.shape)))


def written_entries(part: ElementTree.Element):
    """The entries of arrays in a formula, as text has them."""
    for one in part.iter():
        name = one.get("class")
        if name and name != "cases":
            below = "".join(one[1].itertext()) if one.tag != "msup" else ""
            above = "".join(one[-1].itertext()) if one.tag != "msub" else ""
            example = re.search(r"\[(.*)\]", above)
            places = ",".join(filter(None, (example and example[1], below)))
            yield f"{name[0].lower()}{name[1:]}[{places}]"


def test_every_formula_of_the_corpus_is_printed_with_the_entries_that_text_has():
    for text, term in corpus():
        shown = tree(MATHML.formula(term))
        lines = Notation(unicode=True).formula(term).replace("δ", "delta")
        assert Counter(written_entries(shown)) == Counter(
            re.findall(r"(?:\w+_\w+|[xy])\[[\w,]+\]", lines)
        ), text


def test_the_pieces_of_a_long_formula_have_the_pieces_of_its_latex():
    for text, term in corpus():
        pieces, tex = MATHML.terms(term), Formulas(one_example=False).terms(term)
        assert len(pieces) == len(tex), text
        assert all(tree(piece) is not None for piece in pieces)


@pytest.mark.parametrize("name", ["<script>", "a&b", '"', "A_<b>"])
def test_no_name_becomes_a_tag(name):
    shown = MATHML.symbol(name) + MATHML.entry(name, ("i", "<b>")) + MATHML.place(Place(name))
    assert {part.tag for part in tree(shown).iter()} <= {
        *("mrow", "mi", "mn", "mo", "mtext", "msub", "msup", "msubsup"),
    }
    assert "<b>" not in formula_element(shown, name)
