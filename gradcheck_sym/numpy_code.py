"""Arrays as NumPy code, so that anyone can evaluate what a report speaks of."""

from __future__ import annotations

import sympy
from sympy.printing.numpy import NumPyPrinter

from gradcheck_sym.arrays import Array, Constant, Map, MatMul, Named, Repeat, Total, Transpose


def code(array: Array, inlined: bool = False) -> str:
    """An expression for the array in the names of others; `inlined` writes definitions out."""
    match array:
        case Named() if inlined:
            return code(array.definition, inlined)
        case Constant():
            return str(array.value)
        case Map():
            operands = (f"({code(operand, inlined)})" for operand in array.operands)
            names = {s: sympy.Symbol(c) for s, c in zip(array.symbols, operands, strict=True)}
            return str(_Printer().doprint(array.body.xreplace(names)))
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


class _Printer(NumPyPrinter):  # type: ignore[misc]  # SymPy has no types
    def __init__(self) -> None:
        super().__init__({"fully_qualified_modules": True})

    def _module_format(self, fqn: str, register: bool = True) -> str:
        return str(super()._module_format(fqn, register)).replace("numpy.", "np.")

    def _print_Symbol(self, expr: sympy.Symbol) -> str:
        return str(expr.name)
