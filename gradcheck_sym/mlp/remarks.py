"""What a claim rests on beside its proof: sizes that are equal, or 1, by chance.

The same formula is asked at all sizes. What is remarked was found there: a shape that does not fit,
or a refutation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import combinations

from gradcheck_sym.answer import Answers
from gradcheck_sym.deadline import OutOfTime, deadline
from gradcheck_sym.errors import FormulaError, GradcheckError
from gradcheck_sym.hypotheses import Assumption
from gradcheck_sym.language import read
from gradcheck_sym.language.reader import SHAPES
from gradcheck_sym.mlp.claim import Claim
from gradcheck_sym.mlp.diagnosis import diagnose
from gradcheck_sym.mlp.general import Lifted, fitting, general, is_text_of, resized
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.mlp.question import question
from gradcheck_sym.mlp.textbook import names
from gradcheck_sym.report import Remark
from gradcheck_sym.sizes import Size
from gradcheck_sym.verdict import Refuted

MOST_SECONDS = 4.0
MOST_TOGETHER = 3  # coincidences of sizes without which a shape does not fit

Coincidence = tuple[str, str, Size]  # as it is said, the label, and what it is: a label or a number


def remarks(
    network: Network,
    claim: Claim,
    assumed: Sequence[Assumption] = (),
    timeout: float | None = None,
    *,
    proved: bool,
) -> Iterator[Remark]:
    """What is to be said of a claim that was typed, and decided at these sizes.

    What takes longer than the timeout, or a few seconds, is not said.
    """
    whole = general(network)
    if whole.sizes == network.sizes or not is_text_of(network, claim):
        return
    with suppress(OutOfTime), deadline(min(MOST_SECONDS, timeout or MOST_SECONDS)):
        if (there := fitting(whole, claim)) is None:
            if _may_be_read(whole, claim) and (said := _reasons(network, whole, claim)):
                yield Remark("GS202", f"its shapes fit only because {said}")
        elif proved and (refuted := _elsewhere(network, there, claim, assumed)):
            yield Remark("GS201", refuted)


def _may_be_read(whole: Network, claim: Claim) -> bool:
    """Whether the formula means something there, of whatever shapes: a name may be of two sizes."""
    own = whole.by(claim.wrt)
    try:
        read(claim.text, names(own), own.sizes)
    except FormulaError as error:
        return error.code == SHAPES
    except (GradcheckError, RecursionError):
        return False
    return True


def _reasons(network: Network, whole: Network, claim: Claim) -> str | None:
    """The fewest coincidences of these sizes with which the formula fits at all others.

    All that are as few are told, but for those that make the same sizes equal.
    """
    chances = list(_coincidences(network.sizes))
    for count in range(1, MOST_TOGETHER + 1):
        reasons: dict[tuple[Size, ...], str] = {}
        for some in combinations(chances, count):
            found = dict(whole.sizes)
            for _, label, value in some:
                same = found[value] if isinstance(value, str) else value
                found = {k: same if size == found[label] else size for k, size in found.items()}
            *layers, n = made = tuple(found.values())
            alike = tuple(x if isinstance(x, int) else str(made.index(x)) for x in made)
            if alike not in reasons and fitting(resized(whole, *layers, n=n), claim):
                reasons[alike] = " and ".join(said for said, *_ in some)
        if reasons:
            return (", or " if count > 1 else " or ").join(reasons.values())
    return None


def _coincidences(own: Mapping[str, Size]) -> Iterator[Coincidence]:
    """Sizes that are 1, pairs that are equal, and numbers."""
    ones = [(f"{label} = 1", label, size) for label, size in own.items() if size == 1]
    yield from reversed(ones)
    for one, other in combinations(reversed(list(own)), 2):
        if own[one] == own[other]:
            yield f"{one} = {other}", one, other
    for label, size in own.items():
        if isinstance(size, int) and size != 1:
            yield f"{label} = {size}", label, size


def _elsewhere(
    network: Network, there: Lifted, claim: Claim, assumed: Sequence[Assumption]
) -> str | None:
    """What a claim that is proved here is at all sizes, if it is refuted there."""
    samples, claimed = there.samples(claim.wrt, assumed)
    if not samples.usable or samples.equal(samples.derivative, claimed):
        return None
    whole, claim = there.network, Claim(claim.text, there.array, claim.wrt)
    asked = question(whole, claim, assumed)
    verdict = Answers(asked, MOST_SECONDS).entry({})
    if not isinstance(verdict, Refuted):
        return None
    point = verdict.counterexample
    sentence = diagnose(whole, claim, assumed, asked, point).sentence
    if sentence and (found := re.fullmatch(r"the claim is (.+) × the derivative", sentence)):
        named = dict(zip(whole.sizes.values(), network.sizes.values(), strict=True))
        factors = [name for name in re.findall(r"\w+", found[1]) if name in named]
        here = ", ".join(f"{name} = {named[name]}" for name in factors)
        only = _fits_only_here(found[1], [named[x] for x in factors])
        where = " only" if only else f", where {found[1]} is 1"
        return f"proved for {here}{where}: in general {sentence}" if here else None
    at = ", ".join(f"{name} = {size}" for name, size in point.sizes.items())
    return f"not so at all sizes: it is refuted at {at}"


def _fits_only_here(factor: str, sizes: Sequence[Size]) -> bool:
    """Whether a factor of these sizes is 1 for no others: n/t is for all that are equal."""
    above, _, below = factor.partition("/")
    one_sided = not re.search("[a-z]", above) or not re.search("[a-z]", below)
    return len(sizes) == 1 or (one_sided and all(size == 1 for size in sizes))
