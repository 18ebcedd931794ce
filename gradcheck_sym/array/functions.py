"""What becomes of entries under NumPy's element-wise functions: terms → a term."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.domain import monomials, needs
from gradcheck_sym.term.terms import ONE, ZERO, Num, Number, Term, Where, apply, negative
from gradcheck_sym.term.terms import power as whole_power
from gradcheck_sym.term.walks import walk

MOST_COMPARED = 60  # parts, and monomials


def difference(u: Term, v: Term) -> Term:
    """U − v, 0 where they are equal by the ring: what says which of two is larger."""
    match u, v:
        case Num(a), Num(b):
            return number(a - b)
        case _, Num(0):
            return u
        case Num(0), _:
            return negative(v)
    return ZERO if _surely_equal(u, v) else u - v


def decided(u: Term, yes: Term, no: Term) -> Term:
    """`yes` where u > 0, else `no`; one of them alone where u is a number."""
    if isinstance(u, Num):
        return yes if u.value > 0 else no
    return Where(u, yes, no)


def _surely_equal(u: Term, v: Term) -> bool:
    """Whether two terms are equal by the ring, and meant everywhere: NaN is not equal to NaN.

    None that is too large is looked at.
    """
    parts = list(islice(walk(u, v), MOST_COMPARED + 1))
    small = len(parts) <= MOST_COMPARED and monomials(u) + monomials(v) <= MOST_COMPARED
    return small and not needs(u, v) and Ring().equal(u, v)


def number(value: Number) -> Num:
    """A number as a term, an int where it is whole."""
    return Num(value.numerator if value.denominator == 1 else value)


def exp(u: Term) -> Term:
    """e^u."""
    return apply("exp", u)


def log(u: Term) -> Term:
    """The natural logarithm."""
    return apply("log", u)


def sqrt(u: Term) -> Term:
    """√u."""
    return apply("sqrt", u)


def sin(u: Term) -> Term:
    """The sine."""
    return apply("sin", u)


def cos(u: Term) -> Term:
    """The cosine."""
    return apply("cos", u)


def erf(u: Term) -> Term:
    """The error function, SciPy's."""
    return apply("erf", u)


def tanh(u: Term) -> Term:
    """(e^2u − 1)/(e^2u + 1)."""
    square = exp(2 * u)
    return (square - 1) / (square + 1)


def sigmoid(u: Term) -> Term:
    """1/(1 + e^−u)."""
    return 1 / (1 + exp(-u))


def absolute(u: Term) -> Term:
    """|u|: u where u > 0, else −u."""
    return decided(u, u, negative(u))


def sign(u: Term) -> Term:
    """1, −1 or 0."""
    return decided(u, ONE, decided(negative(u), -ONE, ZERO))


def heaviside(u: Term, at_zero: Term) -> Term:
    """1 where u > 0, 0 where u < 0, and a value of one's own at 0."""
    return decided(u, ONE, decided(negative(u), ZERO, at_zero))


def maximum(u: Term, v: Term) -> Term:
    """The larger one; beside a number c the border is u − c, in whichever order they stand."""
    u, v = (v, u) if isinstance(u, Num) else (u, v)
    return decided(difference(u, v), u, v)


def minimum(u: Term, v: Term) -> Term:
    """The smaller one; beside a number c the border is c − u."""
    u, v = (v, u) if isinstance(u, Num) else (u, v)
    return decided(difference(v, u), u, v)


@dataclass(frozen=True)
class Power:
    """u to an integer or a half; u^(−k/2) is a power of 1/√u."""

    exponent: Number

    def __call__(self, u: Term) -> Term:
        exponent = Fraction(self.exponent)
        if exponent.denominator == 1:
            return whole_power(u, int(exponent))
        root = apply("sqrt", u) if exponent > 0 else apply("inv", apply("sqrt", u))
        return whole_power(root, abs(exponent.numerator))
