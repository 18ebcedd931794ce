"""Terms in scalars as formulas of the language, as people would write them.

A term is tidied up first. That may forget where something is not defined (0 · (1/z)), so a
formula is a claim, and no proof.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from gradcheck_sym.shown.cases import compared
from gradcheck_sym.shown.fraction import Written, negative
from gradcheck_sym.shown.fraction import written as product
from gradcheck_sym.shown.products import Linear, linear, scaled, total
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Entry,
    Num,
    Number,
    Pi,
    SizeOf,
    Sum,
    Term,
    Where,
    add,
)
from gradcheck_sym.term.walks import rebuilt, substitute

CALLS = {name: f"np.{name}" for name in ("exp", "log", "sqrt", "sin", "cos")} | {"erf": "erf"}
LARGE = 2**53  # from which integers on are written as floats
ADD, MUL, POWER, ATOM = range(4)  # how tightly a formula holds together


def written(value: Term, names: Mapping[str, str] | None = None) -> str:
    """The formula, with other names for some scalars. Raises `TypeError` for entries of arrays.

    >>> z = Entry("z")
    >>> written((z - 1) * 1 + 1 * (z - 1), {"z": "Z_h"})
    '2 * Z_h - 2'
    """
    return _Printer(names or {}).of(tidied(_without_sums(value)))[0]


def _without_sums(value: Term) -> Term:
    match value:
        case Sum(index, body) if isinstance(index.size, int):
            numbers = range(1, index.size + 1)
            return add(*(_without_sums(substitute(body, {index: k})) for k in numbers))
    return rebuilt(value, _without_sums)


def whole(number: int) -> str:
    """A whole number as it is typed: a float, which is as exact here, where NumPy takes no integer.

    >>> whole(12), whole(10**60), whole(3 * 10**20 + 1)
    ('12', '1e60', '300000000000000000001.0')
    """
    if abs(number) < LARGE:
        return str(number)
    digits = str(number).rstrip("0")
    zeros = len(str(number)) - len(digits)
    return f"{digits}e{zeros}" if zeros else f"{number}.0"


class _Printer:
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def of(self, value: Term) -> tuple[str, int]:
        """The formula, and how tightly it holds together."""
        match value:
            case Pi():
                return "np.pi", ATOM
            case SizeOf(name) | Entry(name, ()):
                return self.names.get(name, name), ATOM
            case Add(terms):
                return self._sum(terms), ADD
            case Where():
                return self._cases(value), ATOM
            case Apply(function, argument) if function != "inv":
                return f"{CALLS[function]}({self.of(argument)[0]})", ATOM
            case Entry() | Sum():
                raise TypeError(f"no formula in scalars: {value!r}")
        parts = product(value)
        text = self._product(parts)
        alone = len(parts.above) + (parts.number != 1) == 1 and not parts.below
        if parts.number < 0 or not alone or " " in text:
            return text, ADD if parts.number < 0 else MUL
        raised = any(exponent != 1 for _, exponent in parts.above)
        return text, POWER if raised else ATOM

    def _sum(self, terms: Sequence[Term]) -> str:
        """A sum, with terms that are not negative in front if the first is."""
        ordered = sorted(terms, key=negative) if negative(terms[0]) else terms
        first, *others = (self.of(term)[0] for term in ordered)
        signed = (f" - {x[1:]}" if x.startswith("-") else f" + {x}" for x in others)
        return "".join((first, *signed))

    def _product(self, parts: Written) -> str:
        size = parts.size
        above, below = (
            [self._power(base, exponent) for base, exponent in side]
            for side in (parts.above, parts.below)
        )
        decimal = _decimal(size)
        if decimal and (not (above or below) or size.denominator % 10 == 0):
            above.insert(0, decimal)
        else:
            above[:0] = [whole(size.numerator)] if size.numerator != 1 or not above else []
            below[:0] = [str(size.denominator)] if size.denominator != 1 else []
        text = ("-" if parts.number < 0 else "") + " * ".join(above)
        if not below:
            return text
        return f"{text} / {below[0]}" if len(below) == 1 else f"{text} / ({' * '.join(below)})"

    def _power(self, base: Term, exponent: Number) -> str:
        text, tightness = self.of(base)
        text = text if tightness == ATOM else f"({text})"
        return text if exponent == 1 else f"{text}**{_decimal(exponent) or exponent}"

    def _cases(self, value: Where) -> str:
        sign, u, yes, no = compared(value)
        return f"np.where({self._condition(u, sign)}, {self.of(yes)[0]}, {self.of(no)[0]})"

    def _condition(self, u: Term, sign: str) -> str:
        """The comparison u > 0 (or u == 0), with what is negative on the other side."""
        parts = linear(u)
        rest = [part for part in parts if part.powers]
        offset = -sum((part.coefficient for part in parts if not part.powers), Fraction(0))
        above = [part for part in rest if part.coefficient > 0]
        sign = "==" if sign == "=" else sign
        if not offset and len(rest) == 2 and len(above) == 1:
            below = [scaled(part, -1) for part in rest if part.coefficient < 0]
            return f"{self._total(above)} {sign} {self._total(below)}"
        if not above:
            rest, offset = [scaled(part, -1) for part in rest], -offset
            sign = "<" if sign == ">" else sign
        return f"{self._total(rest)} {sign} {self.of(Num(offset))[0]}"

    def _total(self, parts: Linear) -> str:
        return self.of(total(parts))[0]


def _decimal(value: Number) -> str:
    """The number as a decimal, if it is a short one."""
    for digits in range(1, 7):
        scaled_up = value * 10**digits
        if value.denominator != 1 and scaled_up.denominator == 1:
            whole_part, rest = divmod(abs(int(scaled_up)), 10**digits)
            return f"{'-' * (value < 0)}{whole_part}.{rest:0{digits}}"
    return ""
