r"""Terms as LaTeX in the source's notation: w_{k,j}^{(out)}, a_k^{(h)[i]}, \delta_j.

The first index of an array with a row an example is written as the superscript [i]; with
one example it is left out, as in the source. What is around formulas is in `tex_layout.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gradcheck_sym.relation import Relation
from gradcheck_sym.shown.cases import as_function, compared, is_indicator
from gradcheck_sym.shown.fraction import Written, negative, written
from gradcheck_sym.sizes import ARRAY
from gradcheck_sym.steps import Place
from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Index,
    Num,
    Number,
    Pi,
    SizeOf,
    Sum,
    Term,
    Where,
)

SIGNS = {"≠": r"\neq", "≥": r"\geq"}
FUNCTIONS = {"log": r"\ln", "sin": r"\sin", "cos": r"\cos", "erf": r"\operatorname{erf}"}
GREEK = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"),
    *("lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi"),
    "omega",
)
ADD, SUM, MUL, ATOM = range(4)  # how tightly a formula holds together


class Formulas:
    """Formulas; `one_example` leaves the superscript [1] out."""

    def __init__(self, one_example: bool) -> None:
        self._one_example = one_example

    def formula(self, shown: Term | Relation) -> str:
        """The term or the relation, without dollar signs."""
        if isinstance(shown, Relation):
            sign = SIGNS.get(shown.sign, shown.sign)
            return f"{self.formula(shown.left)} {sign} {self.formula(shown.right)}"
        return self._of(shown)[0]

    def place(self, place: Place) -> str:
        """An entry of an array, or what has no index: J, a size, a letter."""
        return self._entry(place.name, place.index) if place.index else symbol(place.name)

    def product(self, factors: Sequence[Term]) -> str:
        """A product whose factors are told apart, in the order in which they are given."""
        return r" \times ".join(self._within(factor, SUM + 1) for factor in factors)

    def partial(self, top: Place, bottom: Place) -> str:
        """The partial derivative of one place by another."""
        return rf"\frac{{\partial {self.place(top)}}}{{\partial {self.place(bottom)}}}"

    def terms(self, term: Term) -> list[str]:
        """The terms of a sum or of a Σ over one, each with its sign but for a first plus."""
        sign, total = _signed_sum(term)
        if total:
            sigma, body = self._sigma(total)
            first, *others = self.terms(body)
            if not others:
                return [self.formula(term)]
            return [rf"{sign}{sigma}\, \Bigl[ {first}", *others[:-1], rf"{others[-1]} \Bigr]"]
        if not isinstance(term, Add):
            return [self.formula(term)]
        shown: list[str] = []
        for part in term.terms:
            sign, total = _signed_sum(part)
            first, *others = self.terms(total) if total else [self._signed(part)]
            shown += [f"{sign or '+'} {first}" if total else first, *others]
        return [shown[0].removeprefix("+ "), *shown[1:]]

    def _entry(self, name: str, indices: Iterable[Index | str]) -> str:
        letter, _, layer = name.partition("_")
        letter = r"\delta" if letter == "delta" else letter.lower()
        layer = f"({layer})" if layer else ""
        first, *others = map(str, indices)
        if letter in ("w", "b"):
            return f"{letter}_{{{','.join((first, *others))}}}^{{{layer}}}"
        example = "" if self._one_example else f"[{first}]"
        below = f"_{{{','.join(others)}}}" if others else ""
        above = f"^{{{layer}{example}}}" if layer or example else ""
        return f"{letter}{below}{above}"

    def _of(self, term: Term) -> tuple[str, int]:
        """The text, and how tightly it holds together."""
        match term:
            case Pi():
                return r"\pi", ATOM
            case SizeOf(name) | Entry(name, ()):
                return symbol(name), ATOM
            case Entry(name, indices):
                return self._entry(name, indices), ATOM
            case Delta(left, right):
                return rf"\delta_{{{left},{right}}}", ATOM
            case Add(terms):
                text = " ".join(map(self._signed, terms))
                return text.removeprefix("+ "), ADD
            case Sum():
                sigma, body = self._sigma(term)
                inner = self.formula(body)
                return sigma + (rf"\left[ {inner} \right]" if isinstance(body, Add) else inner), SUM
            case Where():
                return self._cases(term), ATOM
            case Apply("exp", argument):
                return f"e^{{{self.formula(argument)}}}", ATOM
            case Apply("sqrt", argument):
                return rf"\sqrt{{{self.formula(argument)}}}", ATOM
            case Apply(function, argument) if function != "inv":
                return rf"{FUNCTIONS[function]}{{\left({self.formula(argument)} \right)}}", ATOM
        return self._product(written(term))

    def _within(self, term: Term, least: int) -> str:
        """The text, in brackets if it does not hold together as tightly as that."""
        text, tightness = self._of(term)
        return text if tightness >= least else rf"\left({text}\right)"

    def _signed(self, term: Term) -> str:
        """One term of a sum, with its sign."""
        text = self._within(term, ADD + 1) if isinstance(term, Add) else self.formula(term)
        if not negative(term):
            return f"+ {text}"
        return f"- {text.removeprefix('-').lstrip()}"

    def _product(self, parts: Written) -> tuple[str, int]:
        """A quotient of products."""
        size, sign = parts.size, "- " if parts.number < 0 else ""
        factors = [(base, e) for base, e in parts.above]
        if not parts.below and size.denominator == 1:
            if not factors:
                return f"{sign.strip()}{size}", ADD if sign else ATOM
            number = f"{size} " if size != 1 else ""
            sigma = "-" if sign and not number and _is_sum(factors) else sign
            text = sigma + number + r" \, ".join(self._powers(factors))
            return text, ADD if sign else MUL
        above, below = (
            self._side(number, side)
            for number, side in ((size.numerator, factors), (size.denominator, parts.below))
        )
        return rf"{sign}\frac{{{above}}}{{{below}}}", ADD if sign else MUL

    def _side(self, number: int, factors: Sequence[tuple[Term, Number]]) -> str:
        """What stands above a line or below it."""
        if number == 1 and len(factors) == 1 and factors[0][1] == 1:
            return self.formula(factors[0][0])
        shown = [str(number)] if number != 1 or not factors else []
        return " ".join([*shown, *self._powers(factors)])

    def _powers(self, factors: Sequence[tuple[Term, Number]]) -> list[str]:
        """The factors; a sum is in brackets unless it is the last."""
        shown = []
        for place, (base, exponent) in enumerate(factors, start=1):
            if exponent != 1:
                shown.append(self._power(base, exponent))
            else:
                last = place == len(factors) and isinstance(base, Sum)
                shown.append(self._within(base, SUM if last else MUL))
        return shown

    def _power(self, base: Term, exponent: Number) -> str:
        text, tightness = self._of(base)
        plain = tightness == ATOM and isinstance(base, Num | Pi | SizeOf | Entry)
        plain = plain and not (isinstance(base, Entry) and base.indices)
        up = exponent if exponent.denominator == 1 else self.formula(Num(exponent))
        return f"{text}^{{{up}}}" if plain else rf"\left({text}\right)^{{{up}}}"

    def _sigma(self, term: Sum) -> tuple[str, Term]:
        """The signs of sums directly inside each other, and what stands behind them."""
        signs, body = "", Term()
        inner: Term = term
        while isinstance(inner, Sum):
            size = inner.index.size
            above = size if isinstance(size, int) else symbol(size)
            signs += rf"\sum_{{{inner.index.name}=1}}^{{{above}}} "
            body = inner = inner.body
        return signs, body

    def _cases(self, case: Where) -> str:
        if function := as_function(case):
            name, arguments = function
            inside = ", ".join(map(self.formula, arguments))
            return rf"\left|{inside}\right|" if name == "abs" else rf"\{name}\left({inside}\right)"
        sign, u, there, elsewhere = compared(case)
        value, yes, no = map(self.formula, (u, there, elsewhere))
        if is_indicator(there, elsewhere):
            return f"[{value} {sign} 0]"
        cases = rf"{yes} & \text{{if }} {value} {sign} 0 \\ {no} & \text{{else}}"
        return rf"\begin{{cases}} {cases} \end{{cases}}"


def symbol(name: str) -> str:
    """What has no index: λ, an array, a size."""
    if name == "lam":
        return r"\lambda"
    if re.fullmatch(ARRAY, name):
        return array_name(name)
    word = re.sub(r"_?\d+$", "", name)
    number = name[len(word) :].lstrip("_")
    if word in GREEK:
        word = f"\\{word}"
    elif len(word) > 1:
        word = rf"\mathit{{{word}}}".replace("_", r"\_")
    return f"{word}_{{{number}}}" if number else word


def array_name(array: str) -> str:
    r"""The name of an array: A^{(h)}, \delta^{(out)}."""
    letter, _, layer = array.partition("_")
    letter = r"\delta" if letter == "delta" else letter
    return f"{letter}^{{({layer})}}" if layer else letter


def _signed_sum(term: Term) -> tuple[str, Sum | None]:
    """The sign of a Σ, and the Σ, if a term is one."""
    if isinstance(term, Sum):
        return "", term
    parts = written(term)
    if parts.number == -1 and not parts.below and _is_sum(parts.above):
        return "-", _sum_in(parts.above)
    return "", None


def _is_sum(factors: Sequence[tuple[Term, Number]]) -> bool:
    return _sum_in(factors) is not None


def _sum_in(factors: Sequence[tuple[Term, Number]]) -> Sum | None:
    match factors:
        case [(Sum() as total, exponent)] if exponent == 1:
            return total
    return None
