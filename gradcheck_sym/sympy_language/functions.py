"""The names of what a formula may use: NumPy's operators, functions and methods.

A function's parameters are NumPy's, so that their names say what an argument means.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction
from operator import add, mul, neg, sub

import sympy

from gradcheck_sym.arrays import Array, Constant, elementwise, matmul
from gradcheck_sym.interop import OPERATIONS
from gradcheck_sym.shapes import Axis, Shape
from gradcheck_sym.sympy_language.operations import (
    Mask,
    arithmetic,
    both,
    divide,
    dot,
    either,
    eye,
    full,
    length,
    log,
    mean,
    outer,
    power,
    total,
    where,
)


def _unary(function: Callable[[Array], Array]) -> Callable[..., Array]:
    def apply(x: Array, /) -> Array:
        return function(x)

    return apply


def _binary(function: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    def apply(x1: Array, x2: Array, /) -> Array:
        return function(x1, x2)

    return apply


def _mapped(function: Callable[..., sympy.Expr]) -> Callable[..., Array]:
    return _unary(lambda x: elementwise(function, x))


HALF = Constant(Fraction(1, 2))

OPERATORS: dict[type[ast.AST], Callable[..., Array]] = {
    ast.Add: lambda x, y: arithmetic(add, x, y),
    ast.Sub: lambda x, y: arithmetic(sub, x, y),
    ast.Mult: lambda x, y: arithmetic(mul, x, y),
    ast.Div: divide,
    ast.Pow: power,
    ast.MatMult: matmul,
    ast.USub: lambda x: arithmetic(neg, x),
    ast.UAdd: lambda x: x,
}

MASKS: dict[type[ast.AST], Callable[..., Mask]] = {ast.Mult: both, ast.Add: either}
COUNTED = (*MASKS, ast.Sub, ast.MatMult)  # where a mask beside numbers is 1 and 0

NUMPY: dict[str, Callable[..., Array]] = {
    "exp": _mapped(sympy.exp),
    "log": _unary(log),
    "tanh": _mapped(sympy.tanh),
    "sqrt": _unary(lambda x: power(x, HALF)),
    "square": _unary(lambda x: power(x, Constant(2))),
    **dict.fromkeys(("abs", "absolute"), _mapped(sympy.Abs)),
    "negative": _unary(OPERATORS[ast.USub]),
    "add": _binary(OPERATORS[ast.Add]),
    "subtract": _binary(OPERATORS[ast.Sub]),
    "multiply": _binary(OPERATORS[ast.Mult]),
    **dict.fromkeys(("divide", "true_divide"), _binary(divide)),
    "power": _binary(power),
    "maximum": _binary(lambda x, y: elementwise(sympy.Max, x, y)),
    "minimum": _binary(lambda x, y: elementwise(sympy.Min, x, y)),
    "matmul": _binary(matmul),
    "dot": dot,
    "outer": outer,
    "transpose": lambda a: a.T,
    "sum": total,
    "mean": mean,
    "where": where,
    "ones": lambda shape: full(1, shape),
    "zeros": lambda shape: full(0, shape),
    "ones_like": lambda a: full(1, a.shape),
    "zeros_like": lambda a: full(0, a.shape),
    "eye": eye,
}

# what NumPy's own functions do with our arrays; np.where would have to compare them first
OPERATIONS.update({name: NUMPY[name] for name in NUMPY if name not in ("where", "ones", "zeros")})

FUNCTIONS: dict[str, Callable[..., Array | Axis]] = {
    **NUMPY,
    "sigmoid": _mapped(lambda x: 1 / (1 + sympy.exp(-x))),
    "erf": _mapped(sympy.erf),
    "len": length,
}

METHODS: dict[str, Callable[..., Array]] = {
    "sum": total,
    "mean": mean,
    "dot": dot,
    "transpose": lambda a: a.T,
}

ATTRIBUTES: dict[str, Callable[[Array], Array | Shape]] = {
    "T": lambda a: a.T,
    "shape": lambda a: a.shape,
}
