"""What a network is, as the data of a report."""

from __future__ import annotations

from gradcheck_sym.array import Array, Input, Let
from gradcheck_sym.array.entries import Entries
from gradcheck_sym.array.graph import names
from gradcheck_sym.array.shape import letters, sizes
from gradcheck_sym.mlp.entries import in_time
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.mlp.textbook import deltas, deltas_down_to
from gradcheck_sym.report import Definition, Summary
from gradcheck_sym.shown.names import index_shown
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.sizes import Size
from gradcheck_sym.steps import Place


def summary(network: Network) -> Summary:
    """What the network is, as data."""
    return Summary(
        sizes=network.sizes,
        hidden=network.hidden if len(network.layers) > 2 else None,
        output=network.output,
        loss=network.loss,
        bias=network.bias,
        mean=network.mean,
        l2=network.l2,
    )


def inputs(network: Network, wrt: str) -> dict[str, tuple[Size, ...]]:
    """The free arrays and their shapes."""
    arrays = _spoken_of(network, wrt).items()
    return {name: sizes(a.shape) for name, a in arrays if isinstance(a, Input)}


def _spoken_of(network: Network, wrt: str) -> dict[str, Array]:
    """The network's arrays; where one of its names is free, those that J and the deltas read."""
    if network.free is None:
        return dict(network.arrays)
    read = names(network.arrays["J"], *deltas_down_to(network, wrt))
    return {name: array for name, array in network.arrays.items() if name in read}


def definitions(network: Network, wrt: str, claim: Array) -> tuple[Definition, ...]:
    """The network's names, the deltas back to this parameter's and those of the claim, J last."""
    arrays = _spoken_of(network, wrt)
    loss = arrays.pop("J")
    told = {delta.name: delta for delta in deltas_down_to(network, wrt)}
    told |= {name: delta for name, delta in deltas(network).items() if name in names(claim)}
    named = [*arrays.values(), *told.values(), loss]
    entries = Entries()
    return tuple(_definition(array, entries) for array in named if isinstance(array, Let))


def _definition(array: Let, entries: Entries) -> Definition:
    places = letters(array.shape)
    inner = array.definition
    value = entries.at(inner, inner.places(places))
    return Definition(
        Place(array.name, tuple(map(index_shown, places))),
        sizes(array.shape),
        in_time(lambda: tidied(value, {x: x.name for x in places}), value),
    )
