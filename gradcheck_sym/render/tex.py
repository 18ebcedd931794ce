r"""Terms as LaTeX in the source's notation: w_{k,j}^{(\mathrm{out})}, a_k^{(\mathrm{h})[i]}.

The first index of an array with a row an example is written as the superscript [i]; with
one example it is left out, as in the source. What is around formulas is in `tex_layout.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gradcheck_sym.render.typeset import Typeset
from gradcheck_sym.sizes import ARRAY
from gradcheck_sym.steps import Place
from gradcheck_sym.term.terms import Index

SIGNS = {"≠": r"\neq", "≥": r"\geq"}
FUNCTIONS = {"log": r"\ln", "sin": r"\sin", "cos": r"\cos", "erf": r"\operatorname{erf}"}
GREEK = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"),
    *("lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi"),
    "omega",
)


class Formulas(Typeset):
    """Formulas, without dollar signs; `one_example` leaves the superscript [1] out."""

    def partial(self, top: Place, bottom: Place) -> str:
        return rf"\frac{{\partial {self.place(top)}}}{{\partial {self.place(bottom)}}}"

    def entry(self, name: str, indices: Iterable[Index | str]) -> str:
        letter, layer, below, example = entry_parts(name, indices, self.one_example)
        letter = r"\delta" if letter == "delta" else letter
        layer = upright(layer) if layer else ""
        if letter in ("w", "b"):
            return f"{letter}_{{{below}}}^{{{layer}}}"
        example = f"[{example}]" if example else ""
        down = f"_{{{below}}}" if below else ""
        up = f"^{{{layer}{example}}}" if layer or example else ""
        return f"{letter}{down}{up}"

    def symbol(self, name: str) -> str:
        return symbol(name)

    def number(self, number: int) -> str:
        return str(number)

    def kronecker(self, left: Index, right: Index) -> str:
        return rf"\delta_{{{left},{right}}}"

    def related(self, left: str, sign: str, right: str) -> str:
        return f"{left} {SIGNS.get(sign, sign)} {right}"

    def row(self, parts: Sequence[str]) -> str:
        return " ".join(parts)

    def tight(self, factors: Sequence[str]) -> str:
        return " ".join(factors)

    def beside(self, factors: Sequence[str]) -> str:
        return r" \, ".join(factors)

    def crossed(self, factors: Sequence[str]) -> str:
        return r" \times ".join(factors)

    def signed(self, term: str, *, minus: bool, first: bool) -> str:
        return f"- {term}" if minus else term if first else f"+ {term}"

    def negated(self, text: str, *, close: bool) -> str:
        return f"-{text}" if close else f"- {text}"

    def bracketed(self, text: str) -> str:
        return rf"\left({text}\right)"

    def squared(self, text: str) -> str:
        return rf"\left[ {text} \right]"

    def opened(self, sigma: str, first: str) -> str:
        return rf"{sigma}\, \Bigl[ {first}"

    def closed(self, last: str) -> str:
        return rf"{last} \Bigr]"

    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"

    def exponential(self, argument: str) -> str:
        return f"e^{{{argument}}}"

    def root(self, argument: str) -> str:
        return rf"\sqrt{{{argument}}}"

    def called(self, function: str, argument: str) -> str:
        return rf"{FUNCTIONS[function]}{{\left({argument} \right)}}"

    def named_function(self, name: str, arguments: Sequence[str]) -> str:
        inside = ", ".join(arguments)
        return rf"\left|{inside}\right|" if name == "abs" else rf"\{name}\left({inside}\right)"

    def sigma(self, index: str, above: str) -> str:
        return rf"\sum_{{{index}=1}}^{{{above}}} "

    def indicated(self, condition: str) -> str:
        return f"[{condition}]"

    def cases(self, there: str, condition: str, elsewhere: str) -> str:
        cases = rf"{there} & \text{{if }} {condition} \\ {elsewhere} & \text{{else}}"
        return rf"\begin{{cases}} {cases} \end{{cases}}"


def entry_parts(
    name: str, indices: Iterable[Index | str], one_example: bool
) -> tuple[str, str, str, str]:
    """An entry as its letter, its layer, the indices below it, and its example or nothing.

    >>> entry_parts("A_h", ("i", 2), one_example=False)
    ('a', 'h', '2', 'i')
    """
    letter, _, layer = name.partition("_")
    letter = letter if letter == "delta" else letter.lower()
    first, *others = map(str, indices)
    if letter in ("w", "b"):
        return letter, layer, ",".join((first, *others)), ""
    return letter, layer, ",".join(others), "" if one_example else first


def symbol(name: str) -> str:
    """What has no index: λ, an array, a size."""
    if name == "lam":
        return r"\lambda"
    if re.fullmatch(ARRAY, name):
        return array_name(name)
    word, number = word_and_number(name)
    if word in GREEK:
        word = f"\\{word}"
    elif len(word) > 1:
        word = rf"\mathit{{{word}}}".replace("_", r"\_")
    return f"{word}_{{{number}}}" if number else word


def word_and_number(name: str) -> tuple[str, str]:
    """A name without the number at its end, and that number: d_1 and d1 are d with 1 below."""
    word = re.sub(r"_?\d+$", "", name)
    return word, name[len(word) :].lstrip("_")


def array_name(array: str) -> str:
    r"""The name of an array: A^{(\mathrm{h})}, \delta^{(\mathrm{out})}."""
    letter, _, layer = array.partition("_")
    letter = r"\delta" if letter == "delta" else letter
    return f"{letter}^{{{upright(layer)}}}" if layer else letter


def upright(layer: str) -> str:
    r"""The name of a layer in brackets: words are no products of letters.

    >>> upright("out"), upright("2")
    ('(\\mathrm{out})', '(2)')
    """
    return f"({layer})" if layer.isdigit() else rf"(\mathrm{{{layer}}})"
