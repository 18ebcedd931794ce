"""A claim typed as NumPy: text → array in index notation, of the shape that it must have."""

from __future__ import annotations

import re

from gradcheck_sym.array import Array
from gradcheck_sym.array.graph import names as named
from gradcheck_sym.array.shape import show, sizes
from gradcheck_sym.errors import FormulaError, RuleError
from gradcheck_sym.language import read
from gradcheck_sym.language.syntax import Source
from gradcheck_sym.mlp.claim import Claim
from gradcheck_sym.mlp.network import Network
from gradcheck_sym.mlp.textbook import names


def formula(text: str, network: Network, wrt: str | None = "W_out") -> Claim:
    """The claim that ∂J/∂(wrt) is this formula; raises `FormulaError`.

    It may use the names of the network's arrays and of the deltas, the sizes m, d, t and n, and
    NumPy's operations, those in `language.functions`. Decimals are exact: 0.1 is 1/10. A name
    and a colon before it say what the derivative is by: "W_h: X.T @ delta_h"; they have to
    where `wrt` is None.
    """
    wrt, text = addressed(text, network, wrt)
    network = network.by(wrt)
    source, array = read(text, names(network), network.sizes)
    _refuse_unread(source, array, network, wrt)
    needed, given = network.arrays[wrt].shape, array.shape
    if sizes(given) != sizes(needed):
        turned = sizes(given[::-1]) == sizes(needed)
        mend = ": its transpose would fit" if turned else ""
        message = f"the formula has the shape {show(given)}, ∂J/∂{wrt} needs {show(needed)}{mend}"
        raise source.error((0, len(source.text)), message, "GS012")
    return Claim(source.text, array, wrt)


def _refuse_unread(source: Source, array: Array, network: Network, wrt: str) -> None:
    """Raise `FormulaError` where the formula speaks of what comes before an array that is free."""
    typed = {found[0]: found.span() for found in re.finditer(r"[A-Za-z_]\w*", source.text)}
    before = set() if network.free is None else network.arrays.keys() - named(network.arrays["J"])
    spoken = (before - {"Y"}) & named(array).keys()
    unread = sorted(spoken, key=lambda name: (name not in typed, name))
    for name in unread[:1]:
        message = (
            f"{name} comes before {wrt}, which may have any value here: write the derivative in "
            f"{wrt} and what comes after it"
        )
        raise source.error(typed.get(name, (0, len(source.text))), message)


def addressed(text: str, network: Network, wrt: str | None) -> tuple[str, str]:
    """What the derivative is by, and the formula."""
    found = re.match(r"\s*([WbZA]_\w+|X)\s*:(?!=)", text, re.ASCII)
    name, there = found[1] if found else wrt, ", ".join(network.differentiable)
    if name is None:
        message = (
            f"which parameter is this for? Write one before it, such as {network.parameters[0]}: …"
        )
        raise FormulaError(message, text, 0, len(text))
    if name not in network.differentiable:
        message = f"J has no derivative by {name} in this network; there are {there}"
        if found:
            raise FormulaError(message, text, *found.span(1))
        raise RuleError(message)
    return name, text[found.end() :] if found else text
