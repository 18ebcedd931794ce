"""The laws: each an equation that holds for all terms, with the obligations that it needs.

Functions are total here: inv(0) = 0, log(u) = 0 for u ≤ 0, sqrt(u) = 0 for u < 0. So inv(uv) =
inv(u) inv(v) needs nothing, and u inv(u) = 1 needs u ≠ 0.
Source: NIST DLMF §4.2–4.8 for exponentials and logarithms, §4.21 for sines, §7.4 for erf.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gradcheck_sym.checker.obligations import Equal, Obligation
from gradcheck_sym.term.functions import Relation
from gradcheck_sym.term.terms import ONE, ZERO, Entry, Sum, Term, add, apply, indicator, power
from gradcheck_sym.term.walks import rebuilt, substitute

HOLE = Entry("□")  # where a value goes in a term that `by_cases` is given


@dataclass(frozen=True)
class Equation:
    """left = right, if its obligations hold."""

    left: Term
    right: Term
    needs: tuple[Obligation | Equal, ...] = ()


class Malformed(Exception):
    """A proof that speaks of what is not there."""


def need(u: Term, relation: Relation) -> tuple[Obligation, ...]:
    """The obligation as the only one."""
    return (Obligation(u, relation),)


def _sum_written_out(total: Term) -> Equation:
    if not (isinstance(total, Sum) and isinstance(total.index.size, int)):
        raise Malformed("only a sum of a known number of terms is written out")
    index = total.index
    terms = [substitute(total.body, {index: k}) for k in range(1, int(index.size) + 1)]
    return Equation(total, add(*terms))


def _alike(function: Term, u: Term, v: Term) -> Equation:
    """f(u) = f(v), for the f whose argument is the hole."""
    return Equation(filled(function, u), filled(function, v), (Equal(u, v),))


def _by_cases(u: Term, value: Term) -> Equation:
    """F([u > 0]) = [u > 0] F(1) + (1 − [u > 0]) F(0)."""
    h = indicator(u)
    cases = h * filled(value, ONE) + (1 - h) * filled(value, ZERO)
    return Equation(filled(value, h), cases)


def _scaled(u: Term, c: Term) -> Equation:
    return Equation(indicator(c * u), indicator(u), need(c, ">"))


def _log_of_product(u: Term, v: Term) -> Equation:
    return Equation(log(u * v), log(u) + log(v), need(u, ">") + need(v, ">"))


def _sine_of_sum(u: Term, v: Term) -> Equation:
    return Equation(sin(u + v), sin(u) * cos(v) + cos(u) * sin(v))


def _cosine_of_sum(u: Term, v: Term) -> Equation:
    return Equation(cos(u + v), cos(u) * cos(v) - sin(u) * sin(v))


def _whole(k: int) -> int:
    if not isinstance(k, int) or k < 0:
        raise Malformed("a power is a whole number")
    return k


def inv(u: Term) -> Term:
    """1/u, and 0 where u is 0."""
    return apply("inv", u)


def exp(u: Term) -> Term:
    """e^u."""
    return apply("exp", u)


def log(u: Term) -> Term:
    """The logarithm of u."""
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
    """The error function."""
    return apply("erf", u)


# fmt: off
LAWS: dict[str, Callable[..., Equation]] = {
    "u/u = 1":            lambda u:    Equation(u * inv(u), ONE, need(u, "≠")),
    "1/(uv) = 1/u 1/v":   lambda u, v: Equation(inv(u * v), inv(u) * inv(v)),
    "1/(1/u) = u":        lambda u:    Equation(inv(inv(u)), u),
    "e^(u+v) = e^u e^v":  lambda u, v: Equation(exp(u + v), exp(u) * exp(v)),
    "e^(ku) = (e^u)^k":   lambda u, k: Equation(exp(k * u), power(exp(u), _whole(k))),
    "1/e^u = e^-u":       lambda u:    Equation(inv(exp(u)), exp(-u)),
    "e^ln u = u":         lambda u:    Equation(exp(log(u)), u, need(u, ">")),
    "ln e^u = u":         lambda u:    Equation(log(exp(u)), u),
    "ln uv = ln u + ln v": _log_of_product,
    "ln 1/u = -ln u":     lambda u:    Equation(log(inv(u)), -log(u)),
    "√u √u = u":          lambda u:    Equation(sqrt(u) * sqrt(u), u, need(u, "≥")),
    "√(uu) = |u|":        lambda u:    Equation(sqrt(u * u), u * (2 * indicator(u) - 1)),
    "√(uv) = √u √v":      lambda u, v: Equation(sqrt(u * v), sqrt(u) * sqrt(v), need(u, "≥")),
    "√(1/u) = 1/√u":      lambda u:    Equation(sqrt(inv(u)), inv(sqrt(u))),
    "1/√u = √u/u":        lambda u:    Equation(inv(sqrt(u)), sqrt(u) * inv(u)),
    "erf(-u) = -erf u":   lambda u:    Equation(erf(-u), -erf(u)),
    "sin(-u) = -sin u":   lambda u:    Equation(sin(-u), -sin(u)),
    "cos(-u) = cos u":    lambda u:    Equation(cos(-u), cos(u)),
    "sin²u + cos²u = 1":  lambda u:    Equation(power(sin(u), 2) + power(cos(u), 2), ONE),
    "sin(u+v) = sin u cos v + cos u sin v": _sine_of_sum,
    "cos(u+v) = cos u cos v - sin u sin v": _cosine_of_sum,
    "[u>0] = 1":          lambda u:    Equation(indicator(u), ONE, need(u, ">")),
    "[-u>0] = 0":         lambda u:    Equation(indicator(-u), ZERO, need(u, "≥")),
    "[cu>0] = [u>0]":     _scaled,
    "[-u>0] = 1 - [u>0]": lambda u:    Equation(indicator(-u), 1 - indicator(u), need(u, "≠")),
    "[u>0][-u>0] = 0":    lambda u:    Equation(indicator(u) * indicator(-u), ZERO),
    "u[u=0] = 0":         lambda u:    Equation(u * (1 - indicator(u) - indicator(-u)), ZERO),
    "[e^u-1>0] = [u>0]":  lambda u:    Equation(indicator(exp(u) - 1), indicator(u)),
    "by cases":           _by_cases,
    "f(u) = f(v)":        _alike,
    "Σ written out":      _sum_written_out,
}
# fmt: on


def filled(function: Term, value: Term) -> Term:
    """The term with a value in its hole; its sums get new letters, so that none is captured."""

    def put(part: Term) -> Term:
        hole = isinstance(part, Entry) and part.name == HOLE.name
        return value if hole else rebuilt(part, put)

    return put(substitute(function, {}))
