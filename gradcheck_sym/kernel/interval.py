"""The value of an expression at a point: an exact rational, or an interval that holds it.

Rational arithmetic stays exact; a transcendental function gives an interval of mpmath's
`iv`, whose rounding is outward. Names are evaluated through their definitions, once each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache, lru_cache
from math import isqrt
from operator import add, mul
from typing import Any

import sympy
from mpmath.ctx_iv import MPIntervalContext

from gradcheck_sym.cases import if_positive, if_zero, off_edge
from gradcheck_sym.kernel.bounds import ends
from gradcheck_sym.kernel.context import Context
from gradcheck_sym.kernel.error_function import erf
from gradcheck_sym.kernel.normal_form import Unsupported

Entry = tuple[Any, ...]  # ("X", 1, 2)
Point = Mapping[Entry, Fraction]  # every input that is not in it is zero
Numbers = Mapping[str, int]
MOST_EXPONENT = 10_000
MOST_LIFTED = 10_000
MOST_TERMS = 1_000_000  # of one sum

Value = Any  # Fraction, or an interval of mpmath, which has no types


@cache
def _arithmetic(precision: int) -> Any:
    """Interval arithmetic with so many bits."""
    intervals = MPIntervalContext()
    intervals.prec = precision
    return intervals


@lru_cache(maxsize=MOST_LIFTED)
def _lifted(precision: int, numerator: int, denominator: int) -> Any:
    """An interval that holds a fraction."""
    intervals = _arithmetic(precision)
    return intervals.mpf(numerator) / intervals.mpf(denominator)


class Evaluator:
    """Values at one point, for one choice of numbers for the names of sizes."""

    def __init__(
        self,
        context: Context,
        point: Point,
        sizes: Numbers,
        precision: int,
        everywhere: bool = False,
    ) -> None:
        """`precision` is that of the intervals, in bits.

        `everywhere` says that nothing here is undefined anywhere, so that 0 · x is 0.
        """
        self._everywhere = everywhere
        self._context = context
        self._point = point
        self._sizes = sizes
        self._iv = _arithmetic(precision)
        self._entries: dict[Entry, Value] = {}

    def value(self, expr: sympy.Expr, indices: Numbers) -> Value:
        """The value, with `indices` for the names of indices.

        Raises ZeroDivisionError or ValueError outside the domain, and `Unsupported` for a
        function that has no interval arithmetic here.
        """
        match expr:
            case sympy.Rational():
                return Fraction(int(expr.p), int(expr.q))
            case sympy.E:
                return self._iv.exp(1)
            case sympy.pi:
                return self._iv.pi + 0
            case sympy.Symbol():
                number = indices.get(expr.name, self._sizes.get(expr.name))
                return self.entry((expr.name,)) if number is None else Fraction(number)
            case sympy.Indexed():
                places = (self._number(index, indices) for index in expr.indices)
                return self.entry((expr.base.name, *places))
            case sympy.Add():
                return self._fold(add, Fraction(0), (self.value(a, indices) for a in expr.args))
            case sympy.Mul():
                return self._fold(mul, Fraction(1), (self.value(a, indices) for a in expr.args))
            case sympy.Pow(exp=sympy.Integer()):
                return self.value(expr.base, indices) ** int(expr.exp)
            case sympy.Sum():
                return self._fold(add, Fraction(0), self._terms(expr, indices))
            case sympy.KroneckerDelta():
                left, right = (self._number(index, indices) for index in expr.args)
                return Fraction(left == right)
            case sympy.Pow(exp=sympy.Rational(q=2)):
                return self._root(self.value(expr.base, indices)) ** int(expr.exp.p)
            case sympy.Max() | sympy.Min():
                return self._extreme(expr, indices)
            case if_positive() | if_zero():
                return self._where(expr, indices)
            case off_edge():
                self._step(self.value(expr.args[0].args[0], indices))
                return Fraction(1)
            case sympy.Heaviside():
                return self._step(self.value(expr.args[0], indices))
            case sympy.Function():
                (argument,) = expr.args
                return self._function(type(expr).__name__, self.value(argument, indices))
        raise Unsupported(f"{type(expr).__name__} has no interval arithmetic here")

    def entry(self, entry: Entry) -> Value:
        """The value of one entry of a named array."""
        name, *places = entry
        definition = self._context.definitions.get(name)
        if definition is None:
            return self._point.get(entry, Fraction(0))
        if entry not in self._entries:
            names = (symbol.name for symbol in definition.indices)
            indices = dict(zip(names, places, strict=True))
            self._entries[entry] = self.value(definition.value, indices)
        return self._entries[entry]

    def _function(self, name: str, argument: Value) -> Value:
        exact = isinstance(argument, Fraction)
        if name == "Abs":
            return abs(argument)
        if name == "log" and exact and argument <= 0:
            raise ValueError("the logarithm of a number that is not positive")
        known = {
            ("exp", 0): Fraction(1),
            ("log", 1): Fraction(0),
            ("tanh", 0): Fraction(0),
            ("erf", 0): Fraction(0),
        }
        if exact and (name, argument) in known:
            return known[name, argument]
        if name != "log" and any(abs(end) > MOST_EXPONENT for end in ends(argument)):
            raise ValueError("an exponent that is too large to evaluate")
        lifted = self._lift(argument)
        match name:
            case "exp":
                return self._iv.exp(lifted)
            case "log":
                return self._iv.log(lifted)
            case "tanh":
                return 1 - 2 / (self._iv.exp(2 * lifted) + 1)
            case "erf":
                return erf(self._iv, *ends(argument))
        raise Unsupported(f"{name} has no interval arithmetic here")

    def _root(self, value: Value) -> Value:
        if isinstance(value, Fraction):
            if value < 0:
                raise ValueError("the root of a negative number")
            above, below = isqrt(value.numerator), isqrt(value.denominator)
            if above**2 == value.numerator and below**2 == value.denominator:
                return Fraction(above, below)
        return self._iv.sqrt(self._lift(value))

    def _extreme(self, expr: sympy.Expr, indices: Numbers) -> Value:
        first, *others = (self.value(argument, indices) for argument in expr.args)
        for other in others:
            if _sign(other, first) == (1 if isinstance(expr, sympy.Max) else -1):
                first = other
        return first

    def _step(self, value: Value) -> Value:
        """The slope of max(u, 0); there is none at the kink."""
        if not (sign := _sign(value, Fraction(0))):
            raise ValueError("a derivative at a kink")
        return Fraction(sign > 0)

    def _where(self, expr: sympy.Expr, indices: Numbers) -> Value:
        value, yes, no = expr.args
        wanted = 0 if isinstance(expr, if_zero) else 1
        holds = _sign(self.value(value, indices), Fraction(0)) == wanted
        return self.value(yes if holds else no, indices)

    def _fold(
        self, operation: Callable[..., Value], start: Value, values: Iterable[Value]
    ) -> Value:
        for value in values:
            if isinstance(start, Fraction) == isinstance(value, Fraction):
                start = operation(start, value)
            else:
                start = operation(self._lift(start), self._lift(value))
        return start

    def _lift(self, value: Value) -> Value:
        if isinstance(value, Fraction):
            return _lifted(self._iv.prec, value.numerator, value.denominator)
        return value

    def _terms(self, expr: sympy.Sum, indices: Numbers) -> Iterator[Value]:
        index, high, body = outermost(expr)
        for number in self._support(body, index, self._number(high, {})):
            yield self.value(body, {**indices, index.name: number})

    def _support(self, body: sympy.Expr, index: sympy.Symbol, size: int) -> Iterable[int]:
        """The values of `index` where the body may differ from zero.

        In a product of factors that are defined everywhere, as entries are, an input that is
        zero makes the product zero; points have few inputs that are not.
        """
        factors = sympy.Mul.make_args(body)
        entries = [factor for factor in factors if isinstance(factor, sympy.Indexed)]
        for factor in entries if self._everywhere or len(entries) == len(factors) else ():
            name = factor.base.name
            if name in self._context.definitions or index not in factor.indices:
                continue
            place = factor.indices.index(index)
            found = {entry[place + 1] for entry in self._point if entry[0] == name}
            return sorted(number for number in found if number <= size)
        if size > MOST_TERMS:
            raise Unsupported("a sum is too long to be evaluated")
        return range(1, size + 1)

    def _number(self, expr: sympy.Expr, indices: Numbers) -> int:
        return number_of(expr, {**self._sizes, **indices})


def outermost(total: sympy.Sum) -> tuple[sympy.Symbol, sympy.Expr, sympy.Expr]:
    """The outermost index of a sum from 1, its bound, and what is summed over it."""
    *inner, (index, low, high) = total.limits
    if low != 1:
        raise Unsupported("a sum that does not start at 1")
    return index, high, sympy.Sum(total.function, *inner) if inner else total.function


def number_of(expr: sympy.Expr, numbers: Numbers) -> int:
    """The number that an index or a size stands for."""
    if isinstance(expr, sympy.Integer):
        return int(expr)
    if isinstance(expr, sympy.Symbol) and expr.name in numbers:
        return numbers[expr.name]
    raise Unsupported(f"{expr} is neither a number nor the name of one")


def _sign(left: Value, right: Value) -> int:
    """The sign of left − right; raises ValueError where the intervals do not tell."""
    (low, high), (other_low, other_high) = ends(left), ends(right)
    if low == high == other_low == other_high:
        return 0
    if low > other_high or high < other_low:
        return 1 if low > other_high else -1
    raise ValueError("two values too close to compare")
