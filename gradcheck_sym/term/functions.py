"""The functions of one term: one row a function, everything about it.

`slope` is the derivative, in u and f(u); it holds where u is as `smooth` says, and the function
is meant where u is as `domain` says ("" is everywhere).
Source of the slopes: any table of derivatives, such as NIST DLMF §4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from gradcheck_sym.term.terms import Pi, Term, apply

Relation = Literal["≠", ">", "≥", ""]


@dataclass(frozen=True)
class Function:
    """What is known of f: its slope f′(u), and where f and f′ are meant."""

    slope: Callable[[Term, Term], Term]
    smooth: Relation = ""
    domain: Relation = ""


FUNCTIONS: dict[str, Function] = {
    "inv": Function(lambda _, f: -(f * f), smooth="≠", domain="≠"),
    "exp": Function(lambda _, f: f),
    "log": Function(lambda u, _: apply("inv", u), smooth=">", domain=">"),
    "sqrt": Function(lambda _, f: apply("inv", 2 * f), smooth=">", domain="≥"),
    "sin": Function(lambda u, _: apply("cos", u)),
    "cos": Function(lambda u, _: -apply("sin", u)),
    "erf": Function(lambda u, _: 2 * apply("exp", -(u * u)) / apply("sqrt", Pi())),
}
