"""Terms in scalars as formulas of the language, as people would write them.

Equal terms of a sum and equal factors are collected, zeros and ones left out. That may forget
where something is not defined (0 · (1/z)), so a formula is a claim, and no proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from gradcheck_sym.term.terms import (
    Add,
    Apply,
    Delta,
    Entry,
    Mul,
    Num,
    Pi,
    SizeOf,
    Sum,
    Term,
    Where,
)
from gradcheck_sym.term.walks import substitute

Powers = tuple[tuple[str, int], ...]  # what is written for a factor, and its exponent
Linear = dict[Powers, Fraction]

CALLS = {"exp": "np.exp", "log": "np.log", "sqrt": "np.sqrt", "erf": "erf"}


def written(value: Term, names: Mapping[str, str] | None = None) -> str:
    """The formula, with other names for some scalars. Raises `TypeError` for entries of arrays.

    >>> z = Entry("z")
    >>> written((z - 1) * 1 + 1 * (z - 1), {"z": "Z_h"})
    '2 * Z_h - 2'
    """
    return shown(_Printer(names or {}).of(value))


class _Printer:
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self._done: dict[int, Linear] = {}

    def of(self, value: Term) -> Linear:
        """A sum of products."""
        if id(value) not in self._done:
            self._done[id(value)] = self._of(value)
        return self._done[id(value)]

    def _of(self, value: Term) -> Linear:
        match value:
            case Num(number):
                return _number(Fraction(number))
            case Pi():
                return _factor("np.pi")
            case SizeOf(name) | Entry(name, ()):
                return _factor(self.names.get(name, name))
            case Add(terms):
                return _added([self.of(term) for term in terms])
            case Mul(factors):
                return _multiplied([self.of(factor) for factor in factors])
            case Apply("inv", argument):
                return _inverse(self.of(argument))
            case Apply(function, argument):
                return _factor(f"{CALLS[function]}({shown(self.of(argument))})")
            case Where():
                return self._cases(value)
            case Sum(index, body) if isinstance(index.size, int):
                numbers = range(1, index.size + 1)
                return _added([self.of(substitute(body, {index: k})) for k in numbers])
            case Delta(int() as left, int() as right):
                return _number(Fraction(left == right))
        raise TypeError(f"no formula in scalars: {value!r}")

    def _cases(self, value: Where) -> Linear:
        u, yes, no = self.of(value.u), self.of(value.yes), self.of(value.no)
        if not any(u):  # a number
            return yes if u.get((), 0) > 0 else no
        if yes == no:
            return yes
        if isinstance(value.no, Where):  # u == v is two cases of >
            inner = value.no
            opposite = {powers: -c for powers, c in u.items()}
            if self.of(inner.u) == opposite and self.of(inner.yes) == yes:
                equal = _condition(u, "==")
                return _factor(f"np.where({equal}, {shown(self.of(inner.no))}, {shown(yes)})")
        return _factor(f"np.where({_condition(u)}, {shown(yes)}, {shown(no)})")


def _number(value: Fraction) -> Linear:
    return {(): value} if value else {}


def _factor(text: str, exponent: int = 1) -> Linear:
    return {((text, exponent),): Fraction(1)}


def _added(parts: list[Linear]) -> Linear:
    total: Linear = {}
    same: dict[frozenset[tuple[str, int]], Powers] = {}
    for part in parts:
        for powers, coefficient in part.items():
            key = same.setdefault(frozenset(powers), powers)
            total[key] = total.get(key, Fraction(0)) + coefficient
    return {powers: c for powers, c in total.items() if c}


def _multiplied(parts: list[Linear]) -> Linear:
    coefficient, exponents = Fraction(1), dict[str, int]()
    if not all(parts):
        return {}
    if len(wide := [part for part in parts if len(part) > 1]) == 1 and len(parts) > 1:
        others = _multiplied([part for part in parts if len(part) == 1])
        if list(others) == [()]:  # a number times a sum
            return {powers: c * others[()] for powers, c in wide[0].items()}
    for part in parts:
        if len(part) > 1:
            part = _factor(f"({shown(part)})")  # noqa: PLW2901
        ((powers, c),) = part.items()
        coefficient *= c
        for text, exponent in powers:
            exponents[text] = exponents.get(text, 0) + exponent
    return {tuple((t, e) for t, e in exponents.items() if e): coefficient}


def _inverse(part: Linear) -> Linear:
    if not part:
        raise TypeError("the inverse of 0")
    if len(part) > 1:
        return _factor(f"({shown(part)})", -1)
    ((powers, coefficient),) = part.items()
    return {tuple((text, -exponent) for text, exponent in powers): 1 / coefficient}


def _condition(u: Linear, sign: str = ">") -> str:
    """The comparison u > 0 (or u == 0), with what is negative on the other side."""
    rest = {powers: c for powers, c in u.items() if powers}
    offset = -u.get((), Fraction(0))
    if not offset and len(rest) == 2 and len({c > 0 for c in rest.values()}) == 2:
        (larger,) = ({p: c} for p, c in rest.items() if c > 0)
        (smaller,) = ({p: -c} for p, c in rest.items() if c < 0)
        return f"{shown(larger)} {sign} {shown(smaller)}"
    if all(c < 0 for c in rest.values()):
        rest, offset = {powers: -c for powers, c in rest.items()}, -offset
        sign = "<" if sign == ">" else sign
    return f"{shown(rest)} {sign} {shown(_number(offset))}"


def shown(value: Linear) -> str:
    """A sum of products as text, one that is not negative in front if there is any."""
    items = sorted(value.items(), key=lambda item: item[1] < 0) if value else []
    if items and (items[0][1] < 0) == (next(iter(value.values())) < 0):
        items = list(value.items())
    if not items:
        return "0"
    first, *others = [(c < 0, _product(abs(c), powers)) for powers, c in items]
    text = f"-{first[1]}" if first[0] else first[1]
    return text + "".join(f" {'-' if negative else '+'} {part}" for negative, part in others)


def _product(coefficient: Fraction, powers: Powers) -> str:
    above = [_power(text, e) for text, e in powers if e > 0]
    below = [_power(text, -e) for text, e in powers if e < 0]
    if (decimal := _decimal(coefficient)) and (not powers or coefficient.denominator % 10 == 0):
        above.insert(0, decimal)
    else:
        if coefficient.numerator != 1 or not above:
            above.insert(0, str(coefficient.numerator))
        if coefficient.denominator != 1:
            below.insert(0, str(coefficient.denominator))
    if not below:
        return " * ".join(above)
    divisor = below[0] if len(below) == 1 else f"({' * '.join(below)})"
    return f"{' * '.join(above)} / {divisor}"


def _power(text: str, exponent: int) -> str:
    return text if exponent == 1 else f"{text}**{exponent}"


def _decimal(value: Fraction) -> str:
    """The number as a decimal, if it is a short one."""
    for digits in range(1, 7):
        scaled = value * 10**digits
        if value.denominator != 1 and scaled.denominator == 1:
            return f"{float(value):.{digits}f}"
    return ""
