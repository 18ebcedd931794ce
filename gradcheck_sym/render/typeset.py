"""Terms laid out in two dimensions: which signs, which brackets, what is above a line.

How a fraction or an index looks is said by a `Layout`: `tex.py` for LaTeX, `mathml.py` for a
page. So the two show the same formula.
"""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck_sym.relation import Relation
from gradcheck_sym.render.layout import Layout
from gradcheck_sym.shown.cases import as_function, compared, is_indicator
from gradcheck_sym.shown.fraction import Written, negative, written
from gradcheck_sym.sizes import Size
from gradcheck_sym.steps import Place
from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Mul,
    Num,
    Number,
    Pi,
    SizeOf,
    Sum,
    Term,
    Where,
    mul,
)

ADD, SUM, MUL, ATOM = range(4)  # how tightly a formula holds together


class Typeset(Layout):
    """Formulas; `one_example` leaves the superscript [1] out."""

    def __init__(self, one_example: bool) -> None:
        self.one_example = one_example

    def formula(self, shown: Term | Relation) -> str:
        """The term or the relation."""
        if isinstance(shown, Relation):
            return self.related(self.formula(shown.left), shown.sign, self.formula(shown.right))
        return self._of(shown)[0]

    def place(self, place: Place) -> str:
        """An entry of an array, or what has no index: J, a size, a letter."""
        return self.entry(place.name, place.index) if place.index else self.symbol(place.name)

    def product(self, factors: Sequence[Term]) -> str:
        """A product whose factors are told apart, in the order in which they are given."""
        return self.crossed(self.factors(factors))

    def factors(self, factors: Sequence[Term]) -> list[str]:
        """The same factor by factor."""
        return [self._within(factor, SUM + 1) for factor in factors]

    def terms(self, term: Term) -> list[str]:
        """The terms of a sum, of a Σ over one, or of a product with one, each with its sign."""
        sign, total = _signed_sum(term)
        if total:
            sigma, body = self._sigma(total)
            first, *others = self.terms(body)
            if not others:
                return [self.formula(term)]
            sigma = self.negated(sigma, close=True) if sign else sigma
            if not isinstance(body, Add):  # a product, which has brackets of its own
                return [self.beside([sigma, first]), *others]
            return [self.opened(sigma, first), *others[:-1], self.closed(others[-1])]
        if isinstance(term, Mul) and (split := _with_a_sum(term)):
            before, inner = split
            first, *others = self.terms(inner)
            first = self.opened(self.formula(before), first)
            return [first, *others[:-1], self.closed(others[-1])]
        if not isinstance(term, Add):
            return [self.formula(term)]
        shown: list[str] = []
        for part in term.terms:
            sign, total = _signed_sum(part)
            first, *others = self.terms(total) if total else [self._unsigned(part)[0]]
            minus = bool(sign) if total else negative(part)
            shown += [self.signed(first, minus=minus, first=not shown), *others]
        return shown

    def _of(self, term: Term) -> tuple[str, int]:
        """The text, and how tightly it holds together."""
        text, tightness = self._unsigned(term)
        if not negative(term):
            return text, tightness
        above = written(term).above
        close = not above or (tightness == SUM and _is_sum(above))
        return self.negated(text, close=close), ADD

    def _unsigned(self, term: Term) -> tuple[str, int]:
        """The same for the term without the minus that it starts with."""
        match term:
            case Pi():
                return self.symbol("pi"), ATOM
            case SizeOf(name) | Entry(name, ()):
                return self.symbol(name), ATOM
            case Entry(name, indices):
                return self.entry(name, indices), ATOM
            case Delta(left, right):
                return self.kronecker(left, right), ATOM
            case Add(terms):
                shown = [
                    self.signed(self._added(part), minus=negative(part), first=not place)
                    for place, part in enumerate(terms)
                ]
                return self.row(shown), ADD
            case Sum():
                sigma, body = self._sigma(term)
                inner = self.formula(body)
                return sigma + (self.squared(inner) if isinstance(body, Add) else inner), SUM
            case Where():
                return self._cases(term), ATOM
            case Apply("exp", argument):
                return self.exponential(self.formula(argument)), ATOM
            case Apply("sqrt", argument):
                return self.root(self.formula(argument)), ATOM
            case Apply(function, argument) if function != "inv":
                return self.called(function, self.formula(argument)), ATOM
        return self._product(written(term))

    def _within(self, term: Term, least: int) -> str:
        """The text, in brackets if it does not hold together as tightly as that."""
        text, tightness = self._of(term)
        return text if tightness >= least else self.bracketed(text)

    def _added(self, term: Term) -> str:
        """One term of a sum, without its sign."""
        text = self._unsigned(term)[0]
        return self.bracketed(text) if isinstance(term, Add) else text

    def _product(self, parts: Written) -> tuple[str, int]:
        """A quotient of products."""
        size, factors = parts.size, parts.above
        if not parts.below and size.denominator == 1:
            if not factors:
                return self.number(size.numerator), ATOM
            whole = self.beside(self._powers(factors))
            if size != 1:
                return self.tight([self.number(size.numerator), whole]), MUL
            return whole, SUM if _is_sum(factors) else MUL
        above, below = (
            self._side(number, side)
            for number, side in ((size.numerator, factors), (size.denominator, parts.below))
        )
        return self.fraction(above, below), MUL

    def _side(self, number: int, factors: Sequence[tuple[Term, Number]]) -> str:
        """What stands above a line or below it."""
        if number == 1 and len(factors) == 1 and factors[0][1] == 1:
            return self.formula(factors[0][0])
        shown = [self.number(number)] if number != 1 or not factors else []
        return self.tight([*shown, *self._powers(factors)])

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
        return self.power(text if plain else self.bracketed(text), self.formula(Num(exponent)))

    def _sigma(self, term: Sum) -> tuple[str, Term]:
        """The signs of sums directly inside each other, and what stands behind them."""
        signs, body = "", Term()
        inner: Term = term
        while isinstance(inner, Sum):
            signs += self.sigma(inner.index.name, self.size(inner.index.size))
            body = inner = inner.body
        return signs, body

    def _cases(self, case: Where) -> str:
        if function := as_function(case):
            name, arguments = function
            return self.named_function(name, [self.formula(x) for x in arguments])
        sign, u, there, elsewhere = compared(case)
        value, yes, no = map(self.formula, (u, there, elsewhere))
        condition = self.related(value, sign, self.number(0))
        if is_indicator(there, elsewhere):
            return self.indicated(condition)
        return self.cases(yes, condition, no)

    def size(self, size: Size) -> str:
        """A size, a number or a name."""
        return self.symbol(size) if isinstance(size, str) else self.number(size)


def _signed_sum(term: Term) -> tuple[str, Sum | None]:
    """The sign of a Σ, and the Σ, if a term is one."""
    if isinstance(term, Sum):
        return "", term
    parts = written(term)
    if parts.number == -1 and not parts.below and _is_sum(parts.above):
        return "-", _sum_in(parts.above)
    return "", None


def _with_a_sum(term: Mul) -> tuple[Term, Add] | None:
    """The other factors, and the one that is a sum, if there is one alone."""
    sums = [factor for factor in term.factors if isinstance(factor, Add)]
    others = [factor for factor in term.factors if not isinstance(factor, Add)]
    return (mul(*others), sums[0]) if len(sums) == 1 and others else None


def _is_sum(factors: Sequence[tuple[Term, Number]]) -> bool:
    return _sum_in(factors) is not None


def _sum_in(factors: Sequence[tuple[Term, Number]]) -> Sum | None:
    match factors:
        case [(Sum() as total, exponent)] if exponent == 1:
            return total
    return None
