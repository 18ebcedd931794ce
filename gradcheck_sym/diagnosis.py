"""What is wrong with a claim, where that can be proved: a factor, a transpose, an extra φ′.

Each guess is an array of its own, and is said only if the kernel proves that the claim equals
it in every entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import sympy

from gradcheck_sym.arrays import Array, Constant, Map
from gradcheck_sym.assumptions import NATURAL, hypotheses
from gradcheck_sym.claims import Claim
from gradcheck_sym.gradient import RULES, adjoints
from gradcheck_sym.kernel.context import Hypotheses
from gradcheck_sym.kernel.decide import Equation
from gradcheck_sym.network import Network
from gradcheck_sym.verdict import Counterexample

MOST_ENTRIES = 400
MOST_DENOMINATOR = 10**6


def diagnose(
    network: Network,
    claim: Claim,
    equation: Equation,
    places: Sequence[Mapping[str, int]],
    point: Counterexample,
) -> str | None:
    """One sentence on what the claim is instead of the derivative, proved at all `places`.

    `point` is a counterexample to the equation of derivative and claim.
    """
    if len(places) > MOST_ENTRIES:
        return None
    index = tuple(sympy.symbols(tuple(equation.context.ranges)))
    shape = [axis.size for axis in claim.array.shape]
    for sentence, guess in _guesses(network, claim.wrt, point):
        fits = [axis.size for axis in guess.shape] == shape
        if fits and _proved(equation.instead(guess[index]), places):
            return sentence
    return None


def missing(
    network: Network, equation: Equation, places: Sequence[Mapping[str, int]]
) -> tuple[str, str] | None:
    """A hypothesis under which the equation holds at all `places`, in words and as it is typed."""
    if len(places) > MOST_ENTRIES:
        return None
    assumed = equation.context.hypotheses
    for natural in NATURAL:
        further = hypotheses([natural], network)
        together = Hypotheses(
            {**assumed.row_sums, **further.row_sums},
            assumed.binary | further.binary,
            assumed.signs | further.signs,
        )
        new = together != assumed and not together.binary & together.signs
        if new and _proved(equation.under(together), places):
            return natural.sentence, natural.text
    return None


def _proved(equation: Equation, places: Sequence[Mapping[str, int]]) -> bool:
    return all(map(equation.holds, places))


def _guesses(network: Network, wrt: str, point: Counterexample) -> Iterator[tuple[str, Array]]:
    arrays, layer = network.arrays, network.layer_of(wrt)
    found = adjoints(arrays["J"], network.variable(wrt))
    derivative, error = found[wrt], found[layer.before]
    for name, factor in _factors(network, point):
        yield f"the claim is {name} × the derivative", derivative * factor
    if wrt == layer.bias:
        return
    source = arrays[layer.source]
    yield "the claim is the transpose of the derivative", derivative.T
    if network.l2:
        yield f"the claim lacks the term λ·{wrt}", source.T @ error
    if not layer.total:
        slope = RULES[Map](network.named(layer.after).definition, Constant(1), 0)
        yield f"the claim has a factor φ′({layer.before}) too many", source.T @ (error * slope)
        yield f"the claim lacks the factor φ′({layer.before})", source.T @ found[layer.after]
    for name, array in arrays.items():
        rows = len(array.shape) > 1 and array.shape[0] == source.shape[0]
        if rows and name not in (layer.source, "Y"):
            yield f"the claim has {name} where {layer.source} belongs", array.T @ error
    if layer.after == "A_out":
        sums = arrays["Z_out"] - arrays["Y"]
        yield "the claim has Z_out where A_out belongs", source.T @ sums
        yield "the claim lacks the term - Y", source.T @ arrays["A_out"]


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
