"""The same network at all sizes: what a formula says there, if it says anything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from gradcheck_sym.array import Array
from gradcheck_sym.array.graph import alike
from gradcheck_sym.array.shape import letters, sizes
from gradcheck_sym.errors import FormulaError, GradcheckError, RuleError
from gradcheck_sym.hypotheses import Assumption
from gradcheck_sym.language import read
from gradcheck_sym.mlp.claim import Claim
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.mlp.question import background, parameter_of, question
from gradcheck_sym.mlp.textbook import names, textbook
from gradcheck_sym.refuter.derivative import derivative
from gradcheck_sym.refuter.floats import Floats, Free, near, normal
from gradcheck_sym.sizes import Size
from gradcheck_sym.term.terms import Letter, Term

NUMBERS = (3, 2, 4, 5)  # for sizes that are names: all different, and small
NO_VALUE = (ArithmeticError, ValueError, LookupError, RecursionError)  # too large, or too deep
MOST_ENTRIES = 3  # of a gradient, along its diagonal


def general(network: Network, keep: Collection[str] = ()) -> Network:
    """The network with names for its sizes, one for each; those in `keep` stay as they are.

    A name that the user gave stays the name of one size.
    """
    found: dict[str, Size] = {}
    for label, size in network.sizes.items():
        own = isinstance(size, str) and size not in {*found.values(), *network.sizes} - {label}
        found[label] = size if own or label in keep else label
    *layers, n = found.values()
    return resized(network, *layers, n=n)


def resized(network: Network, *layers: Size, n: Size) -> Network:
    """The same kind of network of other sizes, nothing free in it."""
    return Network(
        *layers,
        n=n,
        hidden=network.hidden,
        output=network.output,
        loss=network.loss,
        bias=network.bias,
        mean=network.mean,
        l2=network.l2,
    )


class Samples:
    """The derivative by a parameter in floats, at a few points that the hypotheses allow."""

    def __init__(self, network: Network, wrt: str, assumed: Sequence[Assumption]) -> None:
        statement = question(network, textbook(network, wrt), assumed).statement
        found = derivative(statement)
        self.letters, self.derivative = statement.letters, found.value
        named = [size for size in network.sizes.values() if isinstance(size, str)]
        numbers = {name: NUMBERS[k % len(NUMBERS)] for k, name in enumerate(named)}
        last = network.arrays["Y"].shape[1].size
        free = allowed({one.kind for one in assumed}, numbers.get(str(last), 1))
        definitions = {**background(network, ()).statement.definitions, **found.definitions}
        self._points = [Floats(definitions, numbers, free, seed) for seed in (1, 2)]
        self._known: list[float] = []
        with suppress(*NO_VALUE):
            self._known = list(self._values_of(self.derivative))

    @property
    def usable(self) -> bool:
        """Whether the derivative has values there."""
        return bool(self._known)

    def equal(self, left: Term, right: Term) -> bool:
        """Whether two terms look equal at entries along the diagonal."""
        if not self._known:
            return False
        try:
            return all(map(near, self._values_of(left), self._values_of(right)))
        except NO_VALUE:
            return False

    def _values_of(self, term: Term) -> Iterator[float]:
        """At entries along the diagonal, point by point; each is made when it is asked for."""
        if term is self.derivative and self._known:
            yield from self._known
            return
        letters = [x for x in self.letters if isinstance(x, Letter)]
        for point in self._points:
            most = max((point.count(x.size) for x in letters), default=1)
            for k in range(min(most, MOST_ENTRIES)):
                yield point.value(term, {x: 1 + k % point.count(x.size) for x in letters})


@dataclass(frozen=True)
class Lifted:
    """A claim about the same network at other sizes, most often at all."""

    network: Network
    array: Array

    def samples(self, wrt: str, assumed: Sequence[Assumption]) -> tuple[Samples, Term]:
        """The derivative there in floats, and the entry that is claimed."""
        samples = Samples(self.network, wrt, assumed)
        return samples, self.array.entry(*samples.letters)


def is_text_of(network: Network, claim: Claim) -> bool:
    """Whether the text of a claim means its array: anyone may give an array any text."""
    own = network.by(claim.wrt)
    try:
        _, array = read(claim.text, names(own), own.sizes)
        places = letters(claim.array.shape)
        same = sizes(array.shape) == sizes(claim.array.shape)
        return same and alike(array.entry(*places), claim.array.entry(*places))
    except (GradcheckError, RecursionError):
        return False


def refuse_other_text(network: Network, claim: Claim) -> None:
    """Raise an error for what is no claim, or one whose text is another formula than its array.

    A text that is no formula is a title.
    """
    if not isinstance(claim, Claim):
        raise RuleError(f"a claim is text, such as 'A_h.T @ delta_out', or a Claim: {claim!r}")
    parameter_of(network, claim.wrt)
    own = network.by(claim.wrt)
    try:
        read(claim.text, names(own), own.sizes)
    except (GradcheckError, RecursionError):
        return
    if not is_text_of(network, claim):
        message = "the text of the claim is another formula than its array: give the text alone"
        raise FormulaError(message, claim.text, 0, len(claim.text))


def lifted(network: Network, claim: Claim) -> Lifted | None:
    """The claim at all sizes, if its text means its array here, and one that fits there."""
    return fitting(general(network), claim) if is_text_of(network, claim) else None


def fitting(network: Network, claim: Claim) -> Lifted | None:
    """The text of a claim about another network, if it has the shape of the gradient there."""
    own = network.by(claim.wrt)
    try:
        _, array = read(claim.text, names(own), own.sizes)
    except (GradcheckError, RecursionError):
        return None
    fits = sizes(array.shape) == sizes(own.arrays[claim.wrt].shape)
    return Lifted(own, array) if fits else None


def allowed(kinds: Set[str], columns: int) -> Free:
    """Numbers for free entries, those of Y as the hypotheses of these kinds have them."""

    def free(name: str, place: tuple[int, ...], random: Random) -> float:
        if name != "Y":
            return normal(name, place, random)
        row, column = place
        if {"row_sums", "binary"} <= kinds:
            return float(column == Random(f"{row}").randint(1, columns))
        if "binary" in kinds:
            return float(random.randint(0, 1))
        if "signs" in kinds:
            return random.choice((-1.0, 1.0))
        if "row_sums" in kinds and column == columns:
            return 1 - sum(free(name, (row, k), Random(f"{row} {k}")) for k in range(1, columns))
        return normal(name, place, Random(f"{row} {column}"))

    return free
