"""What is wrong with a claim, where that can be proved: a factor, a transpose, an extra φ′.

What the claim is as a whole comes first, then a change to its formula that makes it right (`mend`).

Each guess is said only if the checker replays a proof of it, for all entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, product
from typing import cast

from gradcheck_sym.answer import proved
from gradcheck_sym.array import Array, Constant
from gradcheck_sym.array.shape import sizes
from gradcheck_sym.hypotheses import Assumption
from gradcheck_sym.language import ScalarFunction, scalar_function
from gradcheck_sym.language.edits import normal
from gradcheck_sym.mlp.claim import Claim
from gradcheck_sym.mlp.general import is_text_of, lifted
from gradcheck_sym.mlp.hypotheses import NATURAL
from gradcheck_sym.mlp.mend import mended
from gradcheck_sym.mlp.network import Layer, Network
from gradcheck_sym.mlp.question import question
from gradcheck_sym.mlp.textbook import deltas, textbook
from gradcheck_sym.question import Question
from gradcheck_sym.refuter.derivative import derivative
from gradcheck_sym.refuter.likely import Likely
from gradcheck_sym.relation import Relation
from gradcheck_sym.rules import ACTIVATIONS, LOSSES, known_rule
from gradcheck_sym.sizes import Size
from gradcheck_sym.term.terms import Index, Num, Term, mul, size_term
from gradcheck_sym.told import conditions
from gradcheck_sym.verdict import Counterexample

MOST_DENOMINATOR = 10**6


@dataclass(frozen=True)
class Diagnosis:
    """What the claim is instead, and what is right, each if that was proved, and where it holds."""

    sentence: str | None
    right: str | None
    conditions: tuple[Relation, ...]


def diagnose(
    network: Network,
    claim: Claim,
    assumed: Sequence[Assumption],
    asked: Question,
    point: Counterexample,
) -> Diagnosis:
    """What the claim is instead of the derivative, and what is right.

    `point` is a counterexample to the claim, `asked` the question of it under what is assumed.
    """
    telling = _instead(network, claim, assumed, asked, point)
    sentence, known = telling or (None, ())
    typed = is_text_of(network, claim)
    right = textbook(network, claim.wrt)
    theorem = proved(question(network, right, assumed), quick=True)
    where = conditions(theorem) if theorem else None
    mend = mended(network, claim.text, claim.wrt, assumed, where) if typed else None
    if mend and (sentence is None or len(mend[0].text) < len(normal(claim.text))):
        own = conditions(mend[1])
        return Diagnosis(sentence or mend[0].sentence, mend[0].text, _united(known, own))
    if where is not None:
        return Diagnosis(sentence, right.text, _united(known, where))
    if typed and sentence is None:
        return _under_hypothesis(network, claim, assumed)
    return Diagnosis(sentence, None, tuple(known))


def _united(*several: Sequence[Relation]) -> tuple[Relation, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(several)))


def _under_hypothesis(network: Network, claim: Claim, assumed: Sequence[Assumption]) -> Diagnosis:
    """What is wrong with the claim, and what is right, under a further hypothesis."""
    for natural in _further(assumed):
        if found := mended(network, claim.text, claim.wrt, (*assumed, natural)):
            mend, theorem = found
            said = f"{mend.sentence}, if {natural.sentence}: {mend.text}"
            return Diagnosis(said, None, conditions(theorem))
    return Diagnosis(None, None, ())


def _further(assumed: Sequence[Assumption]) -> Iterator[Assumption]:
    """The hypotheses that are not assumed, and go with those that are."""
    for natural in NATURAL:
        kinds = {one.kind for one in (*assumed, natural)}
        if natural not in assumed and not {"binary", "signs"} <= kinds:
            yield natural


@dataclass(frozen=True)
class _Seen:
    """Where guesses are looked at before they are proved: derivative and claim, entry by entry."""

    network: Network
    letters: tuple[Index, ...]
    slope: Term
    claimed: Term
    equal: Callable[[Term, Term], bool]


def _seen(network: Network, claim: Claim, assumed: Sequence[Assumption], asked: Question) -> _Seen:
    """At small sizes that are all different, if the claim says something there; else here."""
    if whole := lifted(network, claim):
        samples, claimed = whole.samples(claim.wrt, assumed)
        if samples.usable:
            slope = samples.derivative
            return _Seen(whole.network, samples.letters, slope, claimed, samples.equal)
    statement = asked.statement
    found = derivative(statement)
    likely = Likely(statement, found.definitions)
    return _Seen(network, statement.letters, found.value, statement.claim, likely.equal)


def _instead(
    network: Network,
    claim: Claim,
    assumed: Sequence[Assumption],
    asked: Question,
    point: Counterexample,
) -> tuple[str, Sequence[Relation]] | None:
    """What the claim is instead, and where that was proved."""
    statement, seen = asked.statement, _seen(network, claim, assumed, asked)
    factors = zip(_factors(network, point), _factors(seen.network, point), strict=True)
    for (name, factor), (_, there) in factors:
        if seen.equal(seen.slope * there, seen.claimed) and (
            theorem := proved(asked.claiming(statement.claim / factor), quick=True)
        ):
            return f"the claim is {name} × the derivative", conditions(theorem)
    needed = sizes(seen.network.arrays[claim.wrt].shape)
    guesses = zip(_guesses(network, claim.wrt), _guesses(seen.network, claim.wrt), strict=True)
    for (sentence, guess, right), (_, *both) in guesses:
        if sizes(guess.shape) != sizes(claim.array.shape) or sizes(both[0].shape) != needed:
            continue
        guessed, instead = (array.entry(*seen.letters) for array in both)
        own = guess.entry(*statement.letters)
        if not (
            seen.equal(guessed, seen.claimed)
            and seen.equal(seen.slope, instead)
            and (same := proved(asked.equating(own, statement.claim), quick=True))
        ):
            continue
        asked_right = question(network, Claim("", right, claim.wrt), assumed)
        if theorem := proved(asked_right, quick=True):
            return sentence, _united(conditions(same), conditions(theorem))
    return None


def missing(
    network: Network, claim: Claim, assumed: Sequence[Assumption]
) -> tuple[Assumption, tuple[Relation, ...]] | None:
    """A further hypothesis under which the claim holds, and what the proof needs besides."""
    whole = lifted(network, claim)
    for natural in _further(assumed):
        if whole:
            samples, claimed = whole.samples(claim.wrt, (*assumed, natural))
            if samples.usable and not samples.equal(samples.derivative, claimed):
                continue
        further = question(network, claim, (*assumed, natural))
        found = derivative(further.statement)
        likely = Likely(further.statement, found.definitions)
        if not likely.equal(found.value, further.statement.claim):
            continue
        if theorem := proved(further, quick=True):
            return natural, conditions(theorem)
    return None


def _guesses(network: Network, wrt: str) -> Iterator[tuple[str, Array, Array]]:
    """What people write, and what is right instead if it is the derivative."""
    arrays, layer = network.arrays, network.layer_of(wrt)
    right = textbook(network, wrt).array
    if right.ndim == 2:
        yield "the claim is the transpose of the derivative", right.T, right
    if wrt != layer.weights:
        return
    source, error = arrays[layer.source], deltas(network)[layer.delta]
    if network.l2:
        yield f"the claim lacks the term λ·{wrt}", source.T @ error, right
    if not layer.total:
        phi = scalar_function(known_rule(layer.activation, ACTIVATIONS), "z")
        slope = ScalarFunction(("z",), phi.slope("z"))(arrays[layer.before])
        extra = source.T @ (error * slope)
        yield f"the claim has a factor φ′({layer.before}) too many", extra, source.T @ error
        reached = _slope_by_output(network, layer)
        lacking = source.T @ reached
        product = source.T @ (reached * slope)
        yield f"the claim lacks the factor φ′({layer.before})", lacking, product
    for name, array in arrays.items():
        rows = array.ndim > 1 and array.shape[0] == source.shape[0]
        if rows and name not in (layer.source, "Y"):
            sentence = f"the claim has {name} where {layer.source} belongs"
            yield sentence, array.T @ error, source.T @ error
    if layer.after == "A_out":
        difference = source.T @ (arrays["A_out"] - arrays["Y"])
        sums = source.T @ (arrays["Z_out"] - arrays["Y"])
        yield "the claim has Z_out where A_out belongs", sums, difference
        yield "the claim lacks the term - Y", source.T @ arrays["A_out"], difference


def _slope_by_output(network: Network, layer: Layer) -> Array:
    """∂J/∂A of a layer: through the next one, or as the loss has it."""
    arrays, place = network.arrays, network.structure.index(layer)
    if layer.after != "A_out":
        following = network.structure[place + 1]
        return cast("Array", deltas(network)[following.delta] @ arrays[following.weights].T)
    loss = scalar_function(known_rule(network.loss, LOSSES), "ya")
    slope: Array = ScalarFunction(("y", "a"), loss.slope("a"))(arrays["Y"], arrays["A_out"])
    count = Constant(size_term(network.n) if network.mean else Num(1))
    return cast("Array", slope / count)


def _factors(network: Network, point: Counterexample) -> Iterator[tuple[str, Term]]:
    """Constant factors: the one that the point suggests, and those made from sizes."""
    if point.left.exact and point.right.exact and Fraction(point.left.low):
        ratio = Fraction(point.right.low) / Fraction(point.left.low)
        if ratio and ratio.denominator <= MOST_DENOMINATOR:
            yield str(ratio), Num(ratio)
    everything = (2, *sizes(network.arrays["Y"].shape))
    for above, below in sorted(_shares(everything), key=lambda pair: len(pair[0] + pair[1])):
        name, value = _quotient(above, below)
        yield name, value
        yield f"-{name}", -value


def _shares(factors: Sequence[Size]) -> Iterator[tuple[tuple[Size, ...], tuple[Size, ...]]]:
    """Each of the factors above the line, or below it, or left out."""
    for places in product((0, 1, -1), repeat=len(factors)):
        pairs = list(zip(factors, places, strict=True))
        yield tuple(x for x, p in pairs if p > 0), tuple(x for x, p in pairs if p < 0)


def _quotient(above: Sequence[Size], below: Sequence[Size]) -> tuple[str, Term]:
    """2·n/t, in words and as a term."""
    top, bottom = ("·".join(map(str, factors)) for factors in (above, below))
    value = mul(Num(1), *map(size_term, above)) / mul(Num(1), *map(size_term, below))
    if not below:
        return top or "1", value
    return f"{top or 1}/{bottom if len(below) == 1 else f'({bottom})'}", value
