"""Whether two arrays of a network are proved to be equal."""

from __future__ import annotations

from gradcheck_sym import Claim, Network
from gradcheck_sym.answer import proved
from gradcheck_sym.array import Array
from gradcheck_sym.array.shape import letters
from gradcheck_sym.mlp.question import question
from gradcheck_sym.mlp.textbook import textbook


def same(network: Network, one: Array, other: Array) -> bool:
    """The checker replays a proof that they have the same entries."""
    known: Claim = textbook(network, network.parameters[0])  # reads all deltas
    index = letters(one.shape)
    asked = question(network, known).equating(one.entry(*index), other.entry(*index))
    return proved(asked) is not None
