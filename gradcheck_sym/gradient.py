"""The loss's gradient by reverse mode: from J back to the weights, array by array.

Each rule is one line: given the adjoint g = ∂J/∂(this array), what each operand's adjoint
gains. The local partial of an element-wise map is SymPy's derivative of one generic
scalar. An adjoint is an array like any other, so it is general in sizes and indices.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcheck_sym.arrays import (
    Array,
    Constant,
    Map,
    MatMul,
    Named,
    Repeat,
    Total,
    Transpose,
    Variable,
)
from gradcheck_sym.cases import derivative
from gradcheck_sym.shapes import UNIT, Shape

# fmt: off
RULES: dict[type[Array], Callable[[Any, Array, int], Array]] = {
    Named:     lambda a, g, k: g,
    Transpose: lambda a, g, k: g.T,
    MatMul:    lambda a, g, k: (g @ a.operands[1].T, a.operands[0].T @ g)[k],
    Total:     lambda a, g, k: Repeat(g, a.axis, a.operands[0].shape[a.axis]),
    Repeat:    lambda a, g, k: Total(g, a.place),
    Map:       lambda a, g, k: _fold(g * _partial(a, k), a.operands[k].shape),
}
# fmt: on


def adjoints(loss: Array, wrt: Variable) -> dict[str, Array]:
    """∂loss/∂(array) by name, for `wrt` and every named array between it and the loss.

    `loss` has shape (); each adjoint has the shape of its array.
    """
    adjoint: dict[Array, Array] = {loss: Constant(1)}
    for array in reversed(_path(loss, wrt)):
        for k, operand in enumerate(array.operands):
            if operand is wrt or _path(operand, wrt):
                gain = RULES[type(array)](array, adjoint[array], k)
                adjoint[operand] = adjoint[operand] + gain if operand in adjoint else gain
    return {a.name: g for a, g in adjoint.items() if isinstance(a, Named | Variable)}


def gradient(loss: Array, wrt: Variable) -> Array:
    """∂loss/∂wrt, in the shape of `wrt`."""
    return adjoints(loss, wrt)[wrt.name]


def _path(array: Array, wrt: Variable) -> list[Array]:
    """The arrays that depend on `wrt`, up to `array`, each after all of its operands."""
    found: dict[Array, None] = {}
    for operand in array.operands:
        found |= dict.fromkeys(_path(operand, wrt))
    return [*found, array] if found or any(a is wrt for a in array.operands) else []


def _partial(array: Map, k: int) -> Array:
    """∂(element-wise map)/∂(operand k), entry by entry."""
    return Map(derivative(array.body, array.symbols[k]), array.symbols, array.operands)


def _fold(adjoint: Array, shape: Shape) -> Array:
    """Sum over the axes along which an operand of this shape was broadcast."""
    while len(adjoint.shape) > len(shape):
        adjoint = Total(adjoint, 0)
    for place, axis in enumerate(shape):
        if axis.size == 1 and adjoint.shape[place].size != 1:
            adjoint = Repeat(Total(adjoint, place), place, UNIT)
    return adjoint
