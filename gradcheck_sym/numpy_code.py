"""Arrays as NumPy code, so that anyone can evaluate what a report speaks of."""

from __future__ import annotations

import sympy

from gradcheck_sym.arrays import Array, Constant, Map, MatMul, Named, Repeat, Total, Transpose
from gradcheck_sym.sympy_language.printer import written


def code(array: Array, inlined: bool = False) -> str:
    """An expression for the array in the names of others; `inlined` writes definitions out."""
    match array:
        case Named() if inlined:
            return code(array.definition, inlined)
        case Constant():
            return written(array.value)
        case Map():
            operands = (f"({code(operand, inlined)})" for operand in array.operands)
            names = {s: sympy.Symbol(c) for s, c in zip(array.symbols, operands, strict=True)}
            return written(array.body.xreplace(names))
        case MatMul():
            left, right = (code(operand, inlined) for operand in array.operands)
            return f"({left}) @ ({right})"
        case Transpose():
            return f"({code(array.operands[0], inlined)}).T"
        case Total():
            return f"({code(array.operands[0], inlined)}).sum(axis={array.axis})"
        case Repeat():
            return f"np.expand_dims({code(array.operands[0], inlined)}, {array.place})"
    return str(getattr(array, "name", ""))
