"""The change that makes a wrong formula right, found at all sizes at once and then proved."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress

from gradcheck_sym.answer import proved
from gradcheck_sym.array.shape import sizes
from gradcheck_sym.checker.check import Theorem
from gradcheck_sym.deadline import OutOfTime, deadline
from gradcheck_sym.errors import GradcheckError
from gradcheck_sym.hypotheses import Assumption
from gradcheck_sym.language import read
from gradcheck_sym.language.edits import Edit, edits, normal
from gradcheck_sym.language.sites import Part, Vocabulary
from gradcheck_sym.mlp.claim import Claim
from gradcheck_sym.mlp.formula import addressed
from gradcheck_sym.mlp.general import Samples, general
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.mlp.question import question
from gradcheck_sym.mlp.textbook import SLOPES, in_names, names, slope_text
from gradcheck_sym.relation import Relation
from gradcheck_sym.told import conditions

MOST_SECONDS = 3.0  # for all of it
MOST_SHOWN = 120  # characters of a sentence
MOST_PROOFS = 4  # that are sought


def mended(
    network: Network,
    text: str,
    wrt: str,
    assumed: Sequence[Assumption] = (),
    where: Collection[Relation] | None = None,
) -> tuple[Edit, Theorem] | None:
    """The formula one change away that is proved to be the derivative, and what was wrong.

    The formula may have a wrong shape. What is found is right at all sizes as far as floats can
    tell, and proved for this network; under no conditions but those in `where`, if they are given.
    """
    with suppress(OutOfTime), deadline(MOST_SECONDS):
        for edit in _likely(network, text, wrt, assumed):
            with suppress(GradcheckError):
                own = network.by(wrt)
                _, array = read(edit.text, names(own), own.sizes)
                asked = question(own, Claim(edit.text, array, wrt), assumed)
                theorem = proved(asked, quick=False)
                if theorem and (where is None or set(conditions(theorem)) <= set(where)):
                    return Edit(edit.text, _told(edit.sentence, network)), theorem
    return None


def what_fits(network: Network, text: str, wrt: str | None) -> str | None:
    """The right formula one change away from one that was typed, and whose shape is wrong."""
    name, formula = addressed(text, network, wrt)
    found = mended(network, formula, name)
    return found[0].text if found else None


def _likely(network: Network, text: str, wrt: str, assumed: Sequence[Assumption]) -> Iterator[Edit]:
    """The first few changes after which the formula looks right."""
    whole = general(network).by(wrt)
    shape = sizes(whole.arrays[wrt].shape)
    arrays = names(whole)
    samples = Samples(whole, wrt, assumed)
    found = 0
    for edit in edits(text, arrays, whole.sizes, vocabulary(whole)):
        if len(edit.sentence) > MOST_SHOWN:
            continue
        try:
            _, array = read(edit.text, arrays, whole.sizes)
        except (GradcheckError, RecursionError):
            continue
        if sizes(array.shape) == shape and samples.equal(
            samples.derivative, array.entry(*samples.letters)
        ):
            yield edit
            found += 1
            if found == MOST_PROOFS:
                return


def vocabulary(network: Network) -> Vocabulary:
    """What a formula for a gradient of this network is made of."""
    instead = [
        Part(name, tuple(axis.label for axis in array.shape))
        for name, array in names(network).items()
    ]
    instead += [Part(str(size), ()) for size in network.sizes.values() if isinstance(size, str)]
    shapes = {part.text: part.shape for part in instead}
    slopes = [
        Part(slope, shapes[layer.before])
        for layer in network.structure
        if not layer.total and (slope := slope_text(layer)) != "1"
    ]
    twice = [Part(f"2 * {slope.text}", slope.shape) for slope in slopes]
    factors = [*(Part(size, ()) for size in ("n", "2")), *slopes, *twice, *instead]
    layers = network.structure
    terms = [Part(layer.bias, shapes[layer.bias]) for layer in layers if layer.bias]
    if network.l2:
        terms += [Part(f"lam * {x.weights}", shapes[x.weights]) for x in layers]
    terms.append(Part("-Y", shapes["Y"]))
    return Vocabulary((*instead, *slopes), factors, terms)


def _told(sentence: str, network: Network) -> str:
    """The sentence, with the slopes in it called by the names of their activations."""
    slopes = {
        normal(in_names(text, layer)): f"{name}'s slope"
        for name, text in SLOPES.items()
        for layer in network.structure
        if "A" in text or "Z" in text
    }

    def called(part: str) -> str:
        return f"{slopes[part]} {part}" if part in slopes else part

    if found := re.fullmatch(r"the claim has (.+) where (.+) belongs", sentence):
        wrong, right = map(called, found.groups())
        return f"the claim has {wrong} where {right} belongs"
    if (found := re.fullmatch(r"the claim (\w+) the factor (.+?)( too many)?", sentence)) and (
        found[2] in slopes
    ):
        return f"the claim {found[1]} {called(found[2])}{found[3] or ''}"
    return sentence
