"""What is wrong with a claim, where that can be proved: a factor, a transpose, an extra φ′.

Each guess is said only if the checker replays a proof of it, for all entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import sympy

from gradcheck_sym.answer import proved
from gradcheck_sym.arrays import Array, Constant, Map
from gradcheck_sym.assumptions import NATURAL, Assumption
from gradcheck_sym.cases import plain
from gradcheck_sym.claims import Claim
from gradcheck_sym.claims.textbook import deltas
from gradcheck_sym.gradient import RULES, adjoints
from gradcheck_sym.network import Network
from gradcheck_sym.question import Question, equality
from gradcheck_sym.refuter.derivative import derivative
from gradcheck_sym.refuter.likely import Likely
from gradcheck_sym.statement import INDEX, Reader, question
from gradcheck_sym.verdict import Counterexample

MOST_DENOMINATOR = 10**6


def diagnose(network: Network, claim: Claim, asked: Question, point: Counterexample) -> str | None:
    """One sentence on what the claim is instead of the derivative, proved for all entries.

    `point` is a counterexample to the claim.
    """
    statement = asked.statement
    reader = Reader(network)
    found = derivative(statement)
    likely = Likely(statement, found.definitions)
    for name, factor in _factors(network, point):
        times = reader.term(factor)
        if not likely.equal(found.value * times, statement.claim):
            continue
        if proved(asked.claiming(statement.claim / times), quick=True):
            return f"the claim is {name} × the derivative"
    index = INDEX[-len(claim.array.shape) :]
    named = {letter.name: letter for letter in asked.free_letters}
    shape = [axis.size for axis in claim.array.shape]
    for sentence, guess in _guesses(network, claim.wrt):
        if [axis.size for axis in guess.shape] != shape:
            continue
        guessed = reader.term(plain(guess[index]), named)
        if not likely.equal(guessed, statement.claim):
            continue
        same = equality(
            statement.definitions,
            guessed,
            statement.claim,
            asked.free_letters,
            statement.hypotheses,
            asked.always,
        )
        if proved(same, quick=True):
            return sentence
    return None


def missing(
    network: Network, claim: Claim, assumed: Sequence[Assumption]
) -> tuple[str, str] | None:
    """A further hypothesis under which the claim holds, in words and as it is typed."""
    for natural in NATURAL:
        kinds = {one.kind for one in (*assumed, natural)}
        if natural in assumed or {"binary", "signs"} <= kinds:
            continue
        further = question(network, claim, (*assumed, natural))
        found = derivative(further.statement)
        likely = Likely(further.statement, found.definitions)
        if likely.equal(found.value, further.statement.claim) and proved(further, quick=True):
            return natural.sentence, natural.text
    return None


def _guesses(network: Network, wrt: str) -> Iterator[tuple[str, Array]]:
    """What people write instead of the textbook's claim, which is the derivative."""
    arrays, layer = network.arrays, network.layer_of(wrt)
    if wrt == layer.bias:
        return
    source, error = arrays[layer.source], deltas(network)[layer.delta]
    penalty = arrays["lam"] * arrays[wrt] if network.l2 else Constant(0)
    yield "the claim is the transpose of the derivative", (source.T @ error + penalty).T
    if network.l2:
        yield f"the claim lacks the term λ·{wrt}", source.T @ error
    if not layer.total:
        slope = RULES[Map](network.named(layer.after).definition, Constant(1), 0)
        yield f"the claim has a factor φ′({layer.before}) too many", source.T @ (error * slope)
        before = adjoints(arrays["J"], network.variable(wrt))[layer.after]
        yield f"the claim lacks the factor φ′({layer.before})", source.T @ before
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
