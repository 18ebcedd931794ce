"""What is wrong with a claim, where that can be proved: a factor, a transpose, an extra φ′.

Each guess is an array of its own, and is said only if the kernel proves that the claim equals
it in every entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import sympy

from gradcheck_sym.arrays import Array, Constant, Map
from gradcheck_sym.gradient import RULES, adjoints
from gradcheck_sym.kernel.context import Context
from gradcheck_sym.kernel.decide import Equation
from gradcheck_sym.network import Network
from gradcheck_sym.verdict import Counterexample, Proved

MOST_ENTRIES = 400
MOST_DENOMINATOR = 10**6


def diagnose(
    network: Network,
    claim: Array,
    context: Context,
    places: Sequence[Mapping[str, int]],
    point: Counterexample,
) -> str | None:
    """One sentence on what the claim is instead of the derivative, proved at all `places`.

    `point` is a counterexample to the claim; `context` names the indices p and q.
    """
    if len(places) > MOST_ENTRIES:
        return None
    p, q = sympy.symbols("p q")
    for sentence, guess in _guesses(network, point):
        if [axis.size for axis in guess.shape] == [axis.size for axis in claim.shape]:
            equation = Equation(guess[p, q], claim[p, q], context)
            if all(isinstance(equation.decide(at), Proved) for at in places):
                return sentence
    return None


def _guesses(network: Network, point: Counterexample) -> Iterator[tuple[str, Array]]:
    arrays = network.arrays
    found = adjoints(arrays["J"], network.variable("W_out"))
    derivative, error, a_h = found["W_out"], found["Z_out"], arrays["A_h"]
    for name, factor in _factors(network, point):
        yield f"the claim is {name} × the derivative", derivative * factor
    yield "the claim is the transpose of the derivative", derivative.T
    slope = RULES[Map](network.named("A_out").definition, Constant(1), 0)
    yield "the claim has a factor φ′(Z_out) too many", a_h.T @ (error * slope)
    yield "the claim lacks the factor φ′(Z_out)", a_h.T @ found["A_out"]
    for name in ("X", "Z_h", "A_out", "Z_out"):
        yield f"the claim has {name} where A_h belongs", arrays[name].T @ error
    yield "the claim has Z_out where A_out belongs", a_h.T @ (arrays["Z_out"] - arrays["Y"])
    yield "the claim lacks the term - Y", a_h.T @ arrays["A_out"]


def _factors(network: Network, point: Counterexample) -> Iterator[tuple[str, sympy.Expr]]:
    """Constant factors: the one that the point suggests, and those made from sizes."""
    if point.left.exact and point.right.exact and Fraction(point.left.low):
        ratio = Fraction(point.right.low) / Fraction(point.left.low)
        if ratio and ratio.denominator <= MOST_DENOMINATOR:
            yield str(ratio), sympy.Rational(ratio.numerator, ratio.denominator)
    for value in ("-1", "2", "1/2", "-2", "-1/2"):
        yield value, sympy.Rational(value)
    n, t = (axis.size for axis in network.arrays["Y"].shape)
    for name, size in (("n", n), ("t", t), ("(n·t)", n * t), ("(2·n)", 2 * n)):
        if size != 1:
            yield f"1/{name}", 1 / size
            yield f"-1/{name}", -1 / size
            yield name.strip("()"), size
