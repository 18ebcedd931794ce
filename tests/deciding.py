"""Whether two arrays of a network are proved to be equal."""

from __future__ import annotations

import sympy

from gradcheck_sym import Network
from gradcheck_sym.answer import proved
from gradcheck_sym.arrays import Array
from gradcheck_sym.question import equality
from gradcheck_sym.shapes import counts
from gradcheck_sym.statement import Reader
from gradcheck_sym.term.terms import Letter


def same(network: Network, one: Array, other: Array) -> bool:
    """The checker replays a proof that they have the same entries."""
    index = sympy.symbols("p q")[: len(one.shape)]
    sizes = counts(one.shape)
    named = {x.name: Letter(x.name, size) for x, size in zip(index, sizes, strict=True)}
    reader = Reader(network)
    left, right = (reader.term(array[index], named) for array in (one, other))
    return proved(equality(reader.definitions, left, right, tuple(named.values()))) is not None
