"""A claim typed as NumPy: text → syntax tree → array in index notation. Nothing is run.

`syntax` makes the tree, `reader` gives it a meaning, in terms of `functions`.
"""

from __future__ import annotations

from gradcheck_sym.arrays import Array, Verbatim
from gradcheck_sym.claims import Claim
from gradcheck_sym.claims.reader import Reader
from gradcheck_sym.claims.syntax import Source, parse
from gradcheck_sym.network import Network
from gradcheck_sym.shapes import show


def formula(text: str, network: Network) -> Claim:
    """The claim that ∂J/∂W_out (d×t) is this formula; raises `FormulaError`.

    It may use the names of the network's arrays, its sizes m, d, t and n, and NumPy's
    operations, those in `functions`. Decimals are exact: 0.1 is 1/10.
    """
    source, array = read(text, network)
    needed, given = network.variable("W_out").shape, array.shape
    if [axis.size for axis in given] != [axis.size for axis in needed]:
        turned = [axis.size for axis in given[::-1]] == [axis.size for axis in needed]
        mend = ": its transpose would fit" if turned else ""
        message = f"the formula has the shape {show(given)}, ∂J/∂W_out needs {show(needed)}{mend}"
        raise source.error((0, len(source.text)), message)
    return Claim(source.text, Verbatim(array))


def read(text: str, network: Network) -> tuple[Source, Array]:
    """The formula as it is read, and the array that it means, of any shape."""
    source, tree = parse(text)
    return source, Reader(source, network).array(tree)
