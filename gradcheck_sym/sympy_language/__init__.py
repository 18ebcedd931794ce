"""NumPy's formulas → arrays in index notation, through `ast` and a whitelist; nothing is run.

`syntax` makes the tree, `reader` gives it a meaning, in terms of `functions`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

import sympy

from gradcheck_sym.arrays import Array, Map, Variable
from gradcheck_sym.cases import if_positive
from gradcheck_sym.language.syntax import Source, parse
from gradcheck_sym.sizes import Size
from gradcheck_sym.sympy_language.operations import Comparison
from gradcheck_sym.sympy_language.reader import Reader


def read(text: str, arrays: Mapping[str, Array], sizes: Mapping[str, Size]) -> tuple[Source, Array]:
    """The formula as it is read, and the array that it means, of any shape.

    `arrays` and `sizes` are the names that it may use. Raises `FormulaError`.
    """
    source, tree = parse(text)
    return source, Reader(source, arrays, sizes).array(tree)


def read_comparison(
    text: str, arrays: Mapping[str, Array], sizes: Mapping[str, Size]
) -> tuple[Array, type[ast.cmpop], Array]:
    """The left side, the sign and the right side of a comparison; raises `FormulaError`."""
    source, tree = parse(text)
    value = Reader(source, arrays, sizes).value(tree)
    if not isinstance(value, Comparison):
        message = "a comparison is needed here, such as Y.sum(axis=1) == 1"
        raise source.error((0, len(source.text)), message)
    return value.left, value.sign, value.right


@dataclass(frozen=True)
class ScalarFunction:
    """A formula in some scalars: its value, and as it was written, before SymPy cancels."""

    symbols: tuple[sympy.Symbol, ...]
    value: sympy.Expr
    written: sympy.Expr

    def __call__(self, *operands: Array) -> Map:
        """The function of every entry, with NumPy's broadcasting."""
        return Map(self.value, self.symbols, operands, self.written)


def scalar_function(text: str, names: str) -> ScalarFunction:
    """The function that a formula in these one-letter names is; raises `FormulaError`."""
    source, array = read(text, {name: Variable(name, ()) for name in names}, {})
    if array.shape:
        raise source.error((0, len(source.text)), f"a number is needed here, for numbers {names}")
    symbols = sympy.symbols(tuple(names))
    with sympy.evaluate(False):
        written = array[()]
    value = _evaluated(written)
    if not value.free_symbols & set(symbols):
        raise source.error((0, len(source.text)), f"the formula speaks of {' or '.join(names)}")
    return ScalarFunction(symbols, value, written)


def _evaluated(written: sympy.Expr) -> sympy.Expr:
    """What SymPy makes of it, with |u| by cases.

    SymPy does not know that u is real: it cannot differentiate |u|, and takes |e^u| for e^(re u).
    """
    if not written.args:
        return written
    args = [_evaluated(argument) for argument in written.args]
    if isinstance(written, sympy.Abs):
        return if_positive(*args, *args, -args[0])
    return written.func(*args)
