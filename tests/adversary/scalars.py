"""Random activations and losses, each with its slope by hand: nothing here asks the tool.

A pair is a value and its slope, in the language that users type. Constants are dyadic, so that a
point on the border of a case is on it in binary arithmetic too.
"""

from __future__ import annotations

import re
from random import Random
from typing import NamedTuple

CONSTANTS = ("1", "2", "3", "0.5", "0.25", "1.5")


class Scalar(NamedTuple):
    """A function of one variable (z, or a beside y), and its slope."""

    value: str
    slope: str

    def of(self, letter: str, inner: Scalar) -> Scalar:
        """The function of another one, by the chain rule."""
        value, slope = (put(text, {letter: inner.value}) for text in self)
        return Scalar(value, f"({slope})*({inner.slope})")


ACTIVATIONS = (
    Scalar("tanh(z)", "1 - tanh(z)**2"),
    Scalar("1/(1 + exp(-z))", "exp(-z)/(1 + exp(-z))**2"),
    Scalar("1/(1 + exp(-z))", "1/(1 + exp(-z))*(1 - 1/(1 + exp(-z)))"),
    Scalar("log(1 + exp(z))", "1/(1 + exp(-z))"),
    Scalar("where(z > 0, z, 0)", "where(z > 0, 1, 0)"),
    Scalar("where(z > c, z, 0)", "where(z > c, 1, 0)"),
    Scalar("where(z > 0, z, c*z)", "where(z > 0, 1, c)"),
    Scalar("where(z >= 0, z, exp(z) - 1)", "where(z >= 0, 1, exp(z))"),
    Scalar("where(z == c, 2, z)", "1"),
    Scalar("maximum(z, c*z)", "where(z > c*z, 1, c)"),
    Scalar("maximum(z, 0)**2", "2*maximum(z, 0)"),
    Scalar("minimum(1, maximum(-1, z))", "where(abs(z) < 1, 1, 0)"),
    Scalar("z*(z > 0)", "where(z > 0, 1, 0)"),
    Scalar("abs(z)", "where(z > 0, 1, -1)"),
    Scalar("abs(z)**3", "3*z*abs(z)"),
    Scalar("z/(1 + abs(z))", "1/(1 + abs(z))**2"),
    Scalar("sqrt(z**2 + 1)", "z/sqrt(1 + z**2)"),
    Scalar("sqrt(z**2)", "z/abs(z)"),
    Scalar("sqrt(z)", "1/(2*sqrt(z))"),
    Scalar("log(z)", "1/z"),
    Scalar("1/z", "-1/z**2"),
    Scalar("1/(1 + z**2)", "-2*z/(1 + z**2)**2"),
    Scalar("z/(1 + exp(-z))", "1/(1 + exp(-z)) + z*exp(-z)/(1 + exp(-z))**2"),
    Scalar(
        "z*(1 + erf(z/sqrt(2)))/2",
        "(1 + erf(z/sqrt(2)))/2 + z*exp(-z**2/2)/sqrt(2*np.pi)",
    ),
    Scalar("sin(c*z)", "c*cos(c*z)"),
    Scalar("z + sin(z)**2", "1 + sin(2*z)"),
    Scalar("tan(z)", "1 + tan(z)**2"),
    Scalar("z/(2 + cos(z))", "(2 + cos(z) + z*sin(z))/(2 + cos(z))**2"),
    Scalar("erf(c*z)", "2*c*exp(-(c*z)**2)/sqrt(np.pi)"),
    Scalar("exp(-z**2)", "-2*z*exp(-z**2)"),
    Scalar("exp(c*z)", "c*exp(c*z)"),
    Scalar("log(1 + z**2)", "2*z/(1 + z**2)"),
    Scalar("log(exp(z) + exp(-z))", "tanh(z)"),
    Scalar("z**3 - z", "3*z**2 - 1"),
    Scalar("z", "1"),
)
LOSSES = (
    Scalar("(a - y)**2", "2*(a - y)"),
    Scalar("(a - y)**2/2", "a - y"),
    Scalar("(a - y)**4", "4*(a - y)**3"),
    Scalar("(a - y)**2/(1 + y**2)", "2*(a - y)/(1 + y**2)"),
    Scalar("-(y*log(a) + (1 - y)*log(1 - a))", "(a - y)/(a*(1 - a))"),
    Scalar("-y*log(a)", "-y/a"),
    Scalar("where(y > 0, y*log(y/a), 0)", "where(y > 0, -y/a, 0)"),
    Scalar("-y*(1 - a)**2*log(a)", "y*(1 - a)*(2*log(a) - (1 - a)/a)"),
    Scalar("-y*a", "-y"),
    Scalar("a - y*log(a)", "1 - y/a"),
    Scalar("exp(a) - y*a", "exp(a) - y"),
    Scalar("exp(-y*a)", "-y*exp(-y*a)"),
    Scalar("log(1 + exp(-y*a))", "-y/(1 + exp(y*a))"),
    Scalar("log(exp(a - y) + exp(y - a))", "tanh(a - y)"),
    Scalar(
        "where(abs(a - y) < c, (a - y)**2/2, c*abs(a - y) - c**2/2)",
        "where(abs(a - y) < c, a - y, where(a > y, c, -c))",
    ),
    Scalar(
        "where(abs(a - y) <= 1, (a - y)**2/2, abs(a - y) - 0.5)", "maximum(-1, minimum(1, a - y))"
    ),
    Scalar("abs(a - y)", "where(a > y, 1, -1)"),
    Scalar("abs(a - y)**3", "3*(a - y)*abs(a - y)"),
    Scalar("maximum(0, 1 - y*a)", "where(1 - y*a > 0, -y, 0)"),
    Scalar("maximum(0, 1 - y*a)**2", "-2*y*maximum(0, 1 - y*a)"),
    Scalar("maximum(c*(y - a), (c - 1)*(y - a))", "where(y > a, -c, 1 - c)"),
    Scalar("(a > y)*(a - y)", "where(a > y, 1, 0)"),
    Scalar("sqrt((a - y)**2 + 1)", "(a - y)/sqrt((a - y)**2 + 1)"),
    Scalar("sqrt(a)*y", "y/(2*sqrt(a))"),
    Scalar("y/a", "-y/a**2"),
    Scalar("where(y == 1, -log(a), -log(1 - a))", "where(y == 1, -1/a, 1/(1 - a))"),
    Scalar("where(y == 1, a**2, -a)", "where(y == 1, 2*a, -1)"),
    Scalar("where(y > 0, (a - y)**2, a**2)", "2*where(y > 0, a - y, a)"),
)


def activation(random: Random) -> Scalar:
    """An activation in z: one of those above, or a composition, a sum or a product of two."""
    first = _drawn(random, ACTIVATIONS)
    kind = random.random()
    if kind < 0.75:
        return first
    second = _drawn(random, ACTIVATIONS)
    if kind < 0.85:
        return first.of("z", second)
    if kind < 0.93:
        return Scalar(f"{first.value} + ({second.value})", f"{first.slope} + ({second.slope})")
    return Scalar(
        f"({first.value})*({second.value})",
        f"({first.slope})*({second.value}) + ({first.value})*({second.slope})",
    )


def loss(random: Random) -> Scalar:
    """A loss in a and y: one of those above, or a sum of two."""
    first = _drawn(random, LOSSES)
    if random.random() < 0.85:
        return first
    second = _drawn(random, LOSSES)
    return Scalar(f"{first.value} + {second.value}", f"{first.slope} + {second.slope}")


def put(text: str, values: dict[str, str]) -> str:
    """The text with other texts, in brackets, for its words."""
    words = "|".join(values)
    return re.sub(rf"\b(?:{words})\b", lambda found: f"({values[found[0]]})", text)


def _drawn(random: Random, table: tuple[Scalar, ...]) -> Scalar:
    value, slope = random.choice(table)
    constant = random.choice(CONSTANTS)
    return Scalar(*(re.sub(r"\bc\b", constant, text) for text in (value, slope)))
