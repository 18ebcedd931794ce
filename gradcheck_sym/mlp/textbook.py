"""The textbook's gradient of every member of the family, delta by delta, as people type it.

    ∂J/∂W = (A before)ᵀ δ (+ λ W)    ∂J/∂b = Σ_i δ_i
    δ_out = ∂L/∂A_out ∘ φ′(Z_out)    δ_h = (δ_out W_outᵀ) ∘ φ′(Z_h)

Source: Bertrand (2023), sections 2 and 3, for sigmoid and bce; the rest is the chain rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gradcheck_sym.array import Array, Constant, Let
from gradcheck_sym.errors import RuleError
from gradcheck_sym.language import read, scalar_function
from gradcheck_sym.language.printer import written
from gradcheck_sym.mlp.claim import Claim
from gradcheck_sym.mlp.network import Layer, Network, once
from gradcheck_sym.rules import ACTIVATIONS, LOSSES, ROWWISE
from gradcheck_sym.shown.tidy import tidied
from gradcheck_sym.term.terms import Apply, Entry, Num, Term, Where, size_term
from gradcheck_sym.term.walks import rebuilt, walk

SLOPES = {  # φ′, in Z and A = φ(Z)
    "sigmoid": "A * (1 - A)",
    "tanh": "1 - A**2",
    "relu": "np.where(Z > 0, 1, 0)",
    "leaky_relu": "np.where(Z > 0, 1, 0.01)",
    "softplus": "sigmoid(Z)",
    "elu": "np.where(Z > 0, 1, np.exp(Z))",
    "silu": "A + sigmoid(Z) * (1 - A)",
    "gelu": "(1 + erf(Z / np.sqrt(2))) / 2 + Z * np.exp(-Z**2 / 2) / np.sqrt(2 * np.pi)",
    "identity": "1",
}

LOSS_SLOPES = {  # ∂L/∂A
    "bce": "(A - Y) / (A * (1 - A))",
    "ce": "-Y / A",
    "nll": "-Y",
    "mse": "2 * (A - Y)",
    "half_mse": "A - Y",
    "hinge": "np.where(Y * A < 1, -Y, 0)",
}

ERRORS = {  # δ_out where the two factors make something simple, by output and loss
    ("sigmoid", "bce"): "A - Y",
    ("softmax", "ce"): "A - Y",
    ("log_softmax", "nll"): "np.exp(A) - Y",
}

ROWWISE_ERRORS = {  # δ_out from G = ∂L/∂A where an output depends on its whole row
    "softmax": "A * (G - (G * A).sum(axis=1, keepdims=True))",
    "log_softmax": "G - np.exp(A) * G.sum(axis=1, keepdims=True)",
}


def textbook(network: Network, wrt: str = "W_out") -> Claim:
    """The textbook's formula for ∂J/∂(wrt), in the names of this network."""
    text = gradient_text(network, wrt)
    return Claim(text, _read(text, network, names(network)), wrt)


def gradient_text(network: Network, wrt: str) -> str:
    """(A before)ᵀ δ for weights, the sum of δ over the examples for a bias.

    By Z it is δ itself, by what a layer reads δ Wᵀ, by A_out ∂L/∂A_out.
    """
    layer = network.layer_of(wrt)
    if wrt == layer.bias:
        return f"{layer.delta}.sum(axis=0)"
    if wrt == layer.before:
        return layer.delta
    if wrt == layer.source:
        return f"{layer.delta} @ {layer.weights}.T"
    if wrt == layer.after:
        return _by_output(network, layer)
    penalty = f" + lam * {wrt}" if network.l2 else ""
    return f"{layer.source}.T @ {layer.delta}{penalty}"


def names(network: Network) -> dict[str, Array]:
    """The arrays that a formula may speak of: the network's but for J, and the deltas."""
    return {name: a for name, a in network.arrays.items() if name != "J"} | dict(deltas(network))


@once
def deltas(network: Network) -> Mapping[str, Let]:
    """The error terms by name, from the output back to the first layer: δ = ∂J/∂Z by the book."""
    arrays = {name: array for name, array in network.arrays.items() if name != "J"}
    found: dict[str, Let] = {}
    for name, text in delta_texts(network):
        found[name] = Let(name, _read(text, network, {**arrays, **found}))
    return found


def deltas_down_to(network: Network, wrt: str) -> list[Let]:
    """The error terms from the output back to that of this parameter's layer."""
    found = deltas(network)
    if wrt == network.structure[-1].after:
        return []
    last = network.layer_of(wrt).delta
    return [found[name] for name in list(found)[: list(found).index(last) + 1]]


def _read(text: str, network: Network, arrays: Mapping[str, Array]) -> Array:
    """The array that a formula of the book means; n is the number of examples in all of them."""
    _, array = read(text, {**arrays, "n": Constant(size_term(network.n))}, {}, typed=False)
    return array


def delta_texts(network: Network) -> Iterator[tuple[str, str]]:
    """The formulas of the error terms, the output's first."""
    *hidden, last = network.structure
    yield last.delta, _output_error(network, last)
    following = last
    for layer in reversed(hidden):
        error = f"{following.delta} @ {following.weights}.T"
        slope = slope_text(layer)
        yield layer.delta, error if slope == "1" else f"({error}) * {_bracketed(slope)}"
        following = layer


def _output_error(network: Network, layer: Layer) -> str:
    pair = layer.activation, network.loss
    outer = in_names(_loss_slope(network.loss), layer)
    if pair in ERRORS:
        error = in_names(ERRORS[pair], layer)
    elif layer.activation in ROWWISE:
        pattern = in_names(ROWWISE_ERRORS[layer.activation], layer)
        error = _replaced(pattern, {"G": _bracketed(outer)})
    else:
        slope = slope_text(layer)
        error = outer if slope == "1" else f"{_bracketed(outer)} * {_bracketed(slope)}"
    if not any(name in error for name in (layer.before, layer.after, "Y")):
        error = f"{_bracketed(error)} * np.ones_like({layer.before})"
    return f"{_bracketed(error)} / n" if network.mean else error


def _by_output(network: Network, layer: Layer) -> str:
    slope = in_names(_loss_slope(network.loss), layer)
    if not any(name in slope for name in (layer.after, "Y")):
        slope = f"{_bracketed(slope)} * np.ones_like({layer.after})"
    return f"{_bracketed(slope)} / n" if network.mean else slope


def slope_text(layer: Layer) -> str:
    """φ′ of a layer as a formula, in its Z and A."""
    if layer.activation in ACTIVATIONS:
        return in_names(SLOPES[layer.activation], layer)
    return _derived(layer.activation, "z", {"z": layer.before})


def _loss_slope(name: str) -> str:
    return LOSS_SLOPES[name] if name in LOSSES else _derived(name, "ya", {"y": "Y", "a": "A"})


def _derived(text: str, letters: str, names: Mapping[str, str]) -> str:
    """The derivative of a formula that the user gave, by its last letter, by the rules."""
    slope = scalar_function(text, letters).slope(letters[-1])
    shown = tidied(slope)
    if any(map(_is_inverse_of_zero, walk(_without_cases(shown)))):
        raise RuleError(f"{text}: it divides by 0 everywhere, so J is defined nowhere; mend it")
    if any(map(_is_inverse_of_zero, walk(shown))):
        raise RuleError(f"{text}: in a case of it, it divides by 0 everywhere; write another there")
    return written(slope, names)


def _without_cases(term: Term) -> Term:
    """What has to be meant in all cases."""
    return Entry("case") if isinstance(term, Where) else rebuilt(term, _without_cases)


def _is_inverse_of_zero(term: Term) -> bool:
    match term:
        case Apply("inv", Num(value)):
            return not value
    return False


def in_names(text: str, layer: Layer) -> str:
    """A formula in Z and A, in the names of this layer."""
    return _replaced(text, {"A": layer.after, "Z": layer.before})


def _replaced(text: str, values: Mapping[str, str]) -> str:
    """The formula with other names for some of its words."""
    return re.sub(r"\b[A-Z]\b", lambda word: values.get(word[0], word[0]), text)


def _bracketed(text: str) -> str:
    """The formula as a factor."""
    return text if re.fullmatch(r"[\w.]+(\([^()]*\))?", text) else f"({text})"
