"""What may be assumed of a network: of Y, and that its scalars are positive."""

from __future__ import annotations

from collections.abc import Iterable

from gradcheck_sym.array import Input
from gradcheck_sym.hypotheses import (
    Assumption,
    above_zero,
    assumption,
    consistent,
    of_two_values,
    sums,
)
from gradcheck_sym.mlp.network import Network

NATURAL = (sums("Y", 1, 2), *of_two_values("Y"))
TYPED = {one.sentence: one.text for one in (*NATURAL, above_zero("lam"))}


def assumptions(texts: Iterable[str], network: Network) -> tuple[Assumption, ...]:
    """What the texts assume; raises `FormulaError` and `AssumptionError`."""
    known = {"Y": NATURAL}
    arrays = {
        name: array
        for name, array in network.arrays.items()
        if name == "Y" or (isinstance(array, Input) and not array.shape)
    }
    return consistent(assumption(text, known, arrays, network.sizes) for text in texts)
