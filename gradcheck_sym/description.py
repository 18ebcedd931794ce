"""What a network is, as the data of a report."""

from __future__ import annotations

from gradcheck_sym.arrays import Variable
from gradcheck_sym.claims.textbook import deltas
from gradcheck_sym.network import Network, defined
from gradcheck_sym.report import Definition, Summary
from gradcheck_sym.shapes import counts
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


def inputs(network: Network) -> dict[str, tuple[Size, ...]]:
    """The free arrays and their shapes."""
    arrays = network.arrays.items()
    return {name: counts(a.shape) for name, a in arrays if isinstance(a, Variable)}


def definitions(network: Network, wrt: str) -> tuple[Definition, ...]:
    """The network's names, the deltas from the output back to this parameter's, J last."""
    errors = deltas(network)
    needed = list(errors)[: list(errors).index(network.layer_of(wrt).delta) + 1]
    found = dict(network.definitions)
    loss = found.pop("J")
    found |= defined({name: errors[name] for name in needed})
    arrays = {**network.arrays, **errors}
    return tuple(
        Definition(Place(name, entry.indices), counts(arrays[name].shape), entry.value)
        for name, entry in {**found, "J": loss}.items()
    )
