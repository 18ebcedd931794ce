"""What happens where an activation or a loss has a kink: stated, not averaged."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from gradcheck_sym.array.shape import letters
from gradcheck_sym.checker.obligations import Obligation
from gradcheck_sym.checker.ring import Ring
from gradcheck_sym.language import ScalarFunction, scalar_function
from gradcheck_sym.mlp.border import Border, direction, has_cases, inside, reads, rise_of, upright
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.refuter.region import may_be_regions
from gradcheck_sym.relation import Relation
from gradcheck_sym.rules import ACTIVATIONS, LOSSES, known_rule
from gradcheck_sym.shown.order import reading
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.steps import Kink
from gradcheck_sym.term.terms import ZERO, Entry, Term, Where
from gradcheck_sym.term.walks import rebuilt, walk


def kinks(
    network: Network, conditions: Iterable[Relation], regions: Iterable[Relation] = ()
) -> Iterator[Kink]:
    """The kinks that these conditions leave out, through the network, the loss's last.

    Of the conditions, `regions` are known to leave out more than single points; the last are those
    that are no kink of a function.
    """
    ring = Ring()
    left_out = {_zeros(ring, condition.left) for condition in conditions}
    spread = {_zeros(ring, condition.left): condition.left for condition in regions}
    told = set[Hashable]()
    for u, kink in _all(network):
        either = {_zeros(ring, u), _zeros(ring, kink.where)}
        told |= either
        if either & left_out:
            yield replace(kink, spread=not either.isdisjoint(spread))
    for zeros, u in spread.items():
        if zeros not in told:
            yield Kink(None, u, ZERO, ZERO, ZERO, "region", spread=True)


def _zeros(ring: Ring, term: Term) -> Hashable:
    """Where a term is 0, whatever the indices are: multiples are one border."""

    def bare(part: Term) -> Term:
        return Entry(part.name) if isinstance(part, Entry) else rebuilt(part, bare)

    form = ring.normal(bare(term))
    first = Fraction(form[min(form, key=repr)]) if form else 1
    return frozenset((monomial, c / first) for monomial, c in form.items())


def _all(network: Network) -> Iterator[tuple[Term, Kink]]:
    """What a case compares with 0, and a kink where that is 0."""
    for layer in network.structure:
        if not layer.total:
            function = scalar_function(known_rule(layer.activation, ACTIVATIONS), "z")
            yield from _of(layer.activation, function, network, (layer.before,))
    loss = scalar_function(known_rule(network.loss, LOSSES), "ya")
    yield from _of(network.loss, loss, network, ("Y", "A_out"))


def _of(
    what: str, function: ScalarFunction, network: Network, arrays: tuple[str, ...]
) -> Iterator[tuple[Term, Kink]]:
    """The kinks of a function by its last scalar, in the names of the arrays."""
    places = letters(network.arrays[arrays[0]].shape)
    entry = [Entry(name, places) for name in arrays]

    def shown(value: Term) -> Term:
        return tidied(ScalarFunction(function.names, value).at(*entry))

    for u in _borders(function):
        region = may_be_regions([Obligation(u, "≠")], {})
        for border in [Border(function, u)] if region or not has_cases(u) else inside(function, u):
            if not region and (border.meets or not border.meant):
                continue  # its slopes are not those of one border, or there are none
            below, above, there = map(shown, border.slopes)
            kind, rises = "region" if region else border.kind, rise_of(function, border.u) > 0
            where = shown(border.u)
            yield shown(u), Kink(what, where, below, above, there, kind, rises=rises)


def _borders(function: ScalarFunction) -> Iterator[Term]:
    """What is compared with 0 and depends on the last scalar; multiples are one border."""
    ring, seen = Ring(), list[Term]()
    found = (part.u for part in walk(function.value) if isinstance(part, Where))
    moving = [u for u in found if reads(u, function.names[-1])]
    texts = {id(u): reading(tidied(u)) for u in moving}
    for u in sorted(moving, key=lambda u: (len(texts[id(u)]), texts[id(u)])):
        if not any(direction(ring, u, v) for v in seen):
            seen.append(u)
            yield upright(function, u)
