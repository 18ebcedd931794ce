"""The names of what a formula may use: NumPy's operators, functions and methods.

A function's parameters are NumPy's, so that their names say what an argument means.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from gradcheck_sym.array import Array, Axis, Shape
from gradcheck_sym.array.mask import Mask
from gradcheck_sym.array.operations import length
from gradcheck_sym.array.table import OPERATIONS

OPERATORS: dict[type[ast.AST], Callable[..., Array]] = {
    ast.Add: OPERATIONS["add"],
    ast.Sub: OPERATIONS["subtract"],
    ast.Mult: OPERATIONS["multiply"],
    ast.Div: OPERATIONS["divide"],
    ast.Pow: OPERATIONS["power"],
    ast.MatMult: OPERATIONS["matmul"],
    ast.USub: OPERATIONS["negative"],
    ast.UAdd: OPERATIONS["positive"],
}

MASKS: dict[type[ast.AST], Callable[..., Mask]] = {  # between masks, which stay masks
    ast.Add: OPERATIONS["logical_or"],
    ast.Mult: OPERATIONS["logical_and"],
    ast.BitOr: OPERATIONS["logical_or"],
    ast.BitAnd: OPERATIONS["logical_and"],
}

COUNTED = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult)  # a mask beside numbers is 1 and 0

COMPARISONS: dict[type[ast.cmpop], Callable[..., Mask]] = {
    ast.Gt: OPERATIONS["greater"],
    ast.Lt: OPERATIONS["less"],
    ast.GtE: OPERATIONS["greater_equal"],
    ast.LtE: OPERATIONS["less_equal"],
    ast.Eq: OPERATIONS["equal"],
    ast.NotEq: OPERATIONS["not_equal"],
}

_SAME = (
    *("exp", "log", "sin", "cos", "tan", "tanh"),
    *("sqrt", "square", "absolute", "sign", "heaviside", "clip"),
    *("negative", "add", "subtract", "multiply", "divide", "power", "maximum", "minimum"),
    *("matmul", "dot", "outer", "sum", "mean", "where"),
    *("ones", "zeros", "ones_like", "zeros_like", "eye"),
)

NUMPY: dict[str, Callable[..., Array]] = {
    **{name: OPERATIONS[name] for name in _SAME},
    "abs": OPERATIONS["absolute"],
    "true_divide": OPERATIONS["divide"],
    "transpose": lambda a: a.T,
}

FUNCTIONS: dict[str, Callable[..., Array | Axis]] = {
    **NUMPY,
    "sigmoid": OPERATIONS["sigmoid"],
    "erf": OPERATIONS["erf"],
    "len": length,
}

METHODS: dict[str, Callable[..., Array]] = {
    "sum": OPERATIONS["sum"],
    "mean": OPERATIONS["mean"],
    "dot": OPERATIONS["dot"],
    "transpose": lambda a: a.T,
}

ATTRIBUTES: dict[str, Callable[[Array], Array | Shape]] = {
    "T": lambda a: a.T,
    "shape": lambda a: a.shape,
}
