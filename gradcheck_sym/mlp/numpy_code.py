"""A network as NumPy code, so that anyone can evaluate what a report speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradcheck_sym.language import scalar_function
from gradcheck_sym.language.verbatim import verbatim
from gradcheck_sym.mlp.network import Layer, Network
from gradcheck_sym.mlp.textbook import delta_texts
from gradcheck_sym.rules import ACTIVATIONS, LOSSES, ROWWISE, known_rule


def code(network: Network) -> Mapping[str, str]:
    """An expression for every named array, in the names of those before it and of the inputs.

    >>> code(Network(2, 2, 2))["Z_out"]
    'A_h @ W_out'
    """
    forward = dict(_forward(network))
    if network.free is not None:  # what comes before it is not read
        names = list(forward)
        forward = {name: forward[name] for name in names[names.index(network.free) + 1 :]}
    return {**forward, **dict(delta_texts(network)), "J": _loss(network)}


def _forward(network: Network) -> Iterator[tuple[str, str]]:
    for layer in network.structure:
        shift = f" + {layer.bias}" if layer.bias else ""
        yield layer.before, f"{layer.source} @ {layer.weights}{shift}"
        if layer.total:
            yield layer.total, f"np.exp({layer.before}).sum(axis=1)"
        yield layer.after, _activation(layer)


def _activation(layer: Layer) -> str:
    if layer.total:
        value = scalar_function(ROWWISE[layer.activation], "zs").value
        return verbatim(value, {"z": layer.before, "s": f"{layer.total}[:,None]"})
    value = scalar_function(known_rule(layer.activation, ACTIVATIONS), "z").value
    return verbatim(value, {"z": layer.before})


def _loss(network: Network) -> str:
    value = scalar_function(known_rule(network.loss, LOSSES), "ya").value
    code = f"np.sum({verbatim(value, {'y': 'Y', 'a': 'A_out'})})"
    if network.mean:
        code = f"{code} / n"
    if network.l2:
        squares = (f"lam * np.sum({layer.weights}**2) / 2" for layer in network.structure)
        code = " + ".join((code, *squares))
    return code
