"""What people write that the language does not have, said as such, with what to write instead."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from difflib import get_close_matches

from gradcheck_sym.errors import FormulaError
from gradcheck_sym.language.functions import ATTRIBUTES, METHODS, NUMPY
from gradcheck_sym.language.syntax import SIGNS, Source, is_module

_WHOLE = "formulas speak of whole arrays"

_NODES: dict[type[ast.AST], str] = {
    ast.Subscript: f"indexing is not supported, {_WHOLE}: use @, .sum(axis=…) or np.where",
    ast.Slice: f"slices are not supported, {_WHOLE}",
    ast.Tuple: "a tuple stands for a shape or for axes alone, as in np.ones((n, 1))",
    ast.List: "lists are not supported: use np.ones, np.zeros or np.eye",
    ast.Starred: "starred arguments are not supported: write them out",
    ast.NamedExpr: ":= is not supported: write the value where it is used",
    ast.Lambda: "lambda is not supported: write its body where it is used",
    ast.IfExp: "if … else is not supported: write np.where(condition, x, y)",
    ast.BoolOp: "and, or are not supported: nest np.where",
    ast.JoinedStr: "strings are not supported: for a transpose write .T",
    **dict.fromkeys((ast.Dict, ast.Set), "braces are not supported: use round brackets"),
    **dict.fromkeys(
        (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
        "comprehensions are not supported: write the sum with @ or .sum(axis=…)",
    ),
}

_SIGNS: dict[type[ast.AST], str] = {
    **{ast.BitXor: "write ** for a power", ast.FloorDiv: "write / to divide"},
    **dict.fromkeys((ast.BitAnd, ast.BitOr), "nest np.where"),
    **dict.fromkeys((ast.Not, ast.Invert), "turn the comparison round"),
}

_CONSTANTS: dict[type, str] = {
    **dict.fromkeys((str, bytes), "strings are not supported: for a transpose write .T"),
    complex: "complex numbers are not supported: everything here is real",
    bool: "True and False are answers to keepdims= alone: write 1 and 0 for numbers",
    type(None): "None stands for all axes alone, in axis=None",
    type(...): "... is not supported: write the formula out",
}

_NUMPYS = {  # NumPy's, and what to write instead
    "einsum": "write the product with @, .T and .sum(axis=…)",
    **dict.fromkeys(("tensordot", "inner", "vdot", "kron"), "write @ or np.dot"),
    **dict.fromkeys(("array", "asarray", "full", "full_like", "arange"), "use np.ones or np.zeros"),
    **dict.fromkeys(("reshape", "ravel", "flatten", "squeeze", "newaxis"), "use keepdims=True"),
    **dict.fromkeys(("concatenate", "stack", "hstack", "vstack"), _WHOLE),
    **{"log1p": "write np.log(1 + x)", "expm1": "write np.exp(x) - 1"},
    **{"log2": "write np.log(x) / np.log(2)", "log10": "write np.log(x) / np.log(10)"},
    **{"reciprocal": "write 1 / x", "e": "write np.exp(1)", "sigmoid": "write sigmoid(…)"},
    **{"float_power": "write **", "expit": "write sigmoid(…)"},
}


UNKNOWN, MISSING = "GS011", "GS013"


def refusal(source: Source, node: ast.AST) -> FormulaError:
    """The error that says what is not supported about this node."""
    match node:
        case ast.Attribute(value, attr) if is_module(value):
            return source.error(node, _about_numpy(source, node), MISSING)
        case ast.Attribute(ast.Attribute(value) as inner) if is_module(value):
            return refusal(source, inner)
        case ast.Attribute(_, attr):
            return source.error(node, _about_attribute(attr), MISSING)
        case ast.Constant(value):
            return source.error(node, _CONSTANTS[type(value)], MISSING)
        case ast.BinOp(op=sign) | ast.UnaryOp(op=sign) | ast.Compare(ops=[sign]):
            mend = f": {_SIGNS[type(sign)]}" if type(sign) in _SIGNS else ""
            return source.error(node, f"{SIGNS[type(sign)]} is not supported{mend}", MISSING)
        case ast.Compare():
            message = "chains of comparisons are not supported: nest np.where"
            return source.error(node, message, MISSING)
        case ast.Call(func=ast.Attribute(attr="T" | "shape" as attr), args=[], keywords=[]):
            return source.error(node, f".{attr} is no function: leave the () out")
        case ast.Call():
            message = f"{source.written(node.func)} is no function: write * to multiply"
            return source.error(node, message)
    name = type(node).__name__.lower()
    message = _NODES.get(type(node), f"{name} is not supported in a formula")
    return source.error(node, message, MISSING)


def unknown(source: Source, node: ast.AST, name: str, known: Iterable[str]) -> FormulaError:
    """The error that a name is not known, with the nearest that is."""
    if name in _NUMPYS:
        return source.error(node, f"{name} is not supported: {_NUMPYS[name]}", MISSING)
    return source.error(node, f"unknown name {name}: {nearest(name, known)}", UNKNOWN)


def nearest(name: str, known: Iterable[str]) -> str:
    """A question for the known name that is meant, or a list of them all."""
    by_lower = {one.lower(): one for one in known}
    close = get_close_matches(name.lower(), by_lower, n=1)
    return f"did you mean {by_lower[close[0]]}?" if close else f"there are {' '.join(known)}"


def _about_numpy(source: Source, node: ast.Attribute) -> str:
    name, shown = node.attr, source.written(node)
    if name in NUMPY:
        return f"{shown} is a function: write its argument after it, in brackets"
    if name in _NUMPYS:
        return f"{shown} is not supported: {_NUMPYS[name]}"
    close = get_close_matches(name, NUMPY, n=1)
    mend = f"did you mean np.{close[0]}?" if close else f"there are np.{', '.join(NUMPY)}"
    return f"{shown} is not supported: {mend}"


def _about_attribute(name: str) -> str:
    if name in METHODS:
        return f".{name} is a function: write .{name}(…)"
    if name in NUMPY:
        return f".{name} is not supported: write np.{name}(…)"
    if name in _NUMPYS:
        return f".{name} is not supported: {_NUMPYS[name]}"
    known = [f".{one}" for one in (*ATTRIBUTES, *METHODS)]
    return f".{name} is not supported: {nearest(f'.{name}', known)}"
