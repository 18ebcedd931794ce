"""Terms in the source's notation, on one line, in Unicode or in ASCII.

`A_h[1, 2]` reads a_h[1,2], `delta_out` reads δ_out, the logarithm ln, a product a·b. The order of
terms and factors is the term's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from gradcheck_sym.relation import Relation
from gradcheck_sym.render.signs import ascii_only, takes_unicode
from gradcheck_sym.shown.cases import as_function, compared, is_indicator
from gradcheck_sym.shown.fraction import Written, written
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
    Size,
    SizeOf,
    Sum,
    Term,
    Where,
)

_SUBSCRIPTS = dict(zip("0123456789ijklrsuv=", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗᵣₛᵤᵥ₌", strict=True))
_SUPERSCRIPTS = dict(zip("0123456789dmnt", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵈᵐⁿᵗ", strict=True))
_PRETTY = str.maketrans({"*": "·", "-": "−"})
_ASCII = {"≠": "!=", "≥": ">="}
ADD, SUM, MUL, POW, ATOM = range(5)  # how tightly a formula holds together


class Notation:
    """How formulas and signs are written; `unicode` says whether the output can take it.

    Entries are written small, a_h[i,k] for A_h, but where names are `as_they_are`: a user's X and x
    are two arrays.
    """

    def __init__(self, unicode: bool, *, as_they_are: bool = False) -> None:
        self.unicode, self.as_they_are = unicode, as_they_are

    def formula(self, shown: Term | Relation) -> str:
        """The term or the relation on one line."""
        if isinstance(shown, Relation):
            sign = shown.sign if self.unicode else _ASCII.get(shown.sign, shown.sign)
            return f"{self.formula(shown.left)} {sign} {self.formula(shown.right)}"
        return self._pretty(self._of(shown)[0])

    def place(self, place: Place) -> str:
        """An entry of an array."""
        return self._pretty(self._entry(place.name, place.index))

    def product(self, factors: Sequence[Term]) -> str:
        """A product whose factors are told apart, in the order in which they are given."""
        return self._pretty("*".join(self._factors(factors)))

    def partial(self, top: Place, bottom: Place) -> str:
        """∂top/∂bottom."""
        return self.plain(f"∂{self.place(top)}/∂{self.place(bottom)}")

    def name(self, array: str) -> str:
        """The name of an array: δ_out for delta_out."""
        return array.replace("delta", "δ") if self.unicode else array

    def plain(self, text: str) -> str:
        """Prose with the signs that the output can take."""
        return text if self.unicode else ascii_only(text)

    def _pretty(self, text: str) -> str:
        return text.translate(_PRETTY) if self.unicode else text

    def _entry(self, name: str, indices: Iterable[Index | str]) -> str:
        if not (places := ",".join(map(str, indices))):
            return "λ" if self.unicode and name == "lam" else name
        if self.as_they_are:
            return f"{name}[{places}]"
        name = self.name(name)
        return f"{name[0].lower()}{name[1:]}[{places}]"

    def _of(self, term: Term) -> tuple[str, int]:
        """The text, and how tightly it holds together."""
        match term:
            case Num(value):
                whole = Fraction(value).denominator == 1
                return str(value), ADD if value < 0 else ATOM if whole else MUL
            case Pi():
                return "π" if self.unicode else "pi", ATOM
            case SizeOf(name):
                return self._entry(name, ()), ATOM
            case Entry(name, indices):
                return self._entry(name, indices), ATOM
            case Delta(left, right):
                return f"{'δ' if self.unicode else 'delta'}({left},{right})", ATOM
            case Add(terms):
                text = "".join(map(self._signed, terms))
                return text.removeprefix(" + ") if text[1] == "+" else f"-{text[3:]}", ADD
            case Sum():
                return self._sum(term), SUM
            case Where():
                return self._cases(term), ATOM
            case Apply("exp", argument):
                return f"e^{self._within(argument, ATOM)}", POW
            case Apply(function, argument) if function != "inv":
                name = "ln" if function == "log" else function
                return f"{name}({self._of(argument)[0]})", ATOM
        return self._product(written(term))

    def _within(self, term: Term, least: int) -> str:
        """The text, in brackets if it does not hold together as tightly as that."""
        text, tightness = self._of(term)
        return text if tightness >= least else f"({text})"

    def _signed(self, term: Term) -> str:
        """One term of a sum, with its sign."""
        text = self._within(term, ADD + 1) if isinstance(term, Add) else self._of(term)[0]
        return f" - {text[1:]}" if text.startswith("-") else f" + {text}"

    def _product(self, parts: Written) -> tuple[str, int]:
        """A quotient of products; a fraction of numbers stands in front if it is the only one."""
        size, sign = parts.size, "-" if parts.number < 0 else ""
        if not parts.below and parts.above and size.denominator > 1:
            front, above, below = [f"({size})"], 1, 1
        else:
            front, above, below = [], size.numerator, size.denominator
        front += [str(above)] if above != 1 or not parts.above else []
        closed = bool(parts.below)
        top = "*".join([*front, *self._powers(parts.above, closed=closed)])
        under = [str(below)] if below != 1 else []
        under += self._powers(parts.below, closed=False)
        text = f"{sign}{top}"
        if under:
            text += f"/{under[0]}" if len(under) == 1 else f"/({'*'.join(under)})"
        alone = not front and not under and len(parts.above) == 1
        tightness = POW if alone else MUL
        return text, ADD if sign else tightness

    def _powers(self, powers: Sequence[tuple[Term, Number]], *, closed: bool) -> list[str]:
        factors = [base if e == 1 else (base, e) for base, e in powers]
        return self._factors(factors, closed=closed)

    def _factors(
        self, factors: Sequence[Term | tuple[Term, Number]], *, closed: bool = False
    ) -> list[str]:
        """The factors; a sum is in brackets unless it is the last, and nothing follows."""
        shown = []
        for number, factor in enumerate(factors, start=1):
            if isinstance(factor, tuple):
                base, exponent = factor
                shown.append(self._power(base, exponent))
            else:
                last = number == len(factors) and not closed
                opened = last and isinstance(factor, Sum)
                shown.append(self._within(factor, SUM if opened else POW))
        return shown

    def _power(self, base: Term, exponent: Number) -> str:
        whole = exponent.denominator == 1
        return f"{self._within(base, ATOM)}^{exponent if whole else f'({exponent})'}"

    def _sum(self, term: Sum) -> str:
        inner = self._of(term.body)[0]
        if isinstance(term.body, Add):
            inner = f"[{inner}]"
        return f"{self._limit(term.index.name, term.index.size)}{inner}"

    def _limit(self, index: str, size: Size) -> str:
        below, above = f"{index}=1", str(size)
        if self.unicode and set(below) <= set(_SUBSCRIPTS) and set(above) <= set(_SUPERSCRIPTS):
            subscript = "".join(_SUBSCRIPTS[c] for c in below)
            return f"Σ{subscript}{''.join(_SUPERSCRIPTS[c] for c in above)} "
        return f"{'Σ' if self.unicode else 'Sum'}[{below}..{above}] "

    def _cases(self, case: Where) -> str:
        if function := as_function(case):
            name, arguments = function
            return f"{name}({', '.join(self._of(x)[0] for x in arguments)})"
        sign, *parts = compared(case)
        value, yes, no = (self._of(part)[0] for part in parts)
        if is_indicator(*parts[1:]):
            return f"[{value}{sign}0]"
        return f"where({value} {sign} 0, {yes}, {no})"


def notation_for(encoding: str | None, *, as_they_are: bool = False) -> Notation:
    """Unicode where the encoding can take it, else ASCII."""
    return Notation(unicode=takes_unicode(encoding), as_they_are=as_they_are)
