"""NumPy's formulas → arrays over terms, through `ast` and a whitelist; nothing is run.

`syntax` makes the tree, `reader` gives it a meaning, in terms of `functions`; `printer` goes back.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from gradcheck_sym.array import Array
from gradcheck_sym.language.reader import Reader
from gradcheck_sym.language.scalar import ScalarFunction, scalar_function
from gradcheck_sym.language.syntax import Source, parse
from gradcheck_sym.sizes import Size

__all__ = ["ScalarFunction", "Source", "read", "read_comparison", "scalar_function"]


def read(
    text: str, arrays: Mapping[str, Array], sizes: Mapping[str, Size], *, typed: bool = True
) -> tuple[Source, Array]:
    """The formula as it is read, and the array that it means, of any shape.

    `arrays` and `sizes` are the names that it may use; what nobody typed may be of any length.
    Raises `FormulaError`.

    >>> from gradcheck_sym.array import Axis, Input
    >>> read("np.exp(2 * x)", {"x": Input("x", ())}, {})[1].entry()
    Apply(function='exp', argument=Mul(factors=(Num(value=2), Entry(name='x', indices=()))))
    """
    source, tree = parse(text, bounded=typed)
    return source, Reader(source, arrays, sizes, typed=typed).array(tree)


def read_comparison(
    text: str, arrays: Mapping[str, Array], sizes: Mapping[str, Size]
) -> tuple[Array, type[ast.cmpop], Array]:
    """The left side, the sign and the right side of a comparison; raises `FormulaError`."""
    source, tree = parse(text)
    reader = Reader(source, arrays, sizes)
    match tree:
        case ast.Compare(left, [sign], [right]):
            reader.value(tree)  # refuses the signs that there are not
            return reader.array(left), type(sign), reader.array(right)
    reader.value(tree)
    message = "a comparison is needed here, such as Y.sum(axis=1) == 1"
    raise source.error((0, len(source.text)), message)
