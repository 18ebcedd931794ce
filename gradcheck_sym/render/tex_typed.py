r"""A formula as it was typed, set as people write it: A_h.T @ x is (A^{(\mathrm{h})})^\top x.

What has no usual sign is not set at all; then the text is shown as it was typed.
"""

from __future__ import annotations

import ast
import re

from gradcheck_sym.errors import FormulaError
from gradcheck_sym.language.syntax import is_module, parse
from gradcheck_sym.render.tex import symbol
from gradcheck_sym.sizes import ARRAY

CASES, SUM, ENTRYWISE, PRODUCT, RAISED, ATOM = range(6)  # how tightly a formula holds together
SIGNS = {ast.Gt: ">", ast.Lt: "<", ast.GtE: r"\geq", ast.LtE: r"\leq", ast.Eq: "="}
FUNCTIONS = {"exp": r"\exp", "log": r"\ln", "sin": r"\sin", "cos": r"\cos", "tan": r"\tan"}
FUNCTIONS |= {"tanh": r"\tanh", "erf": r"\operatorname{erf}", "maximum": r"\max"}
FUNCTIONS |= {"minimum": r"\min", "sigmoid": r"\operatorname{sigmoid}"}
OPERATIONS: dict[str, ast.operator] = {
    **{"matmul": ast.MatMult(), "dot": ast.MatMult(), "multiply": ast.Mult()},
    **{"add": ast.Add(), "subtract": ast.Sub(), "divide": ast.Div(), "power": ast.Pow()},
}
ONES = r"\mathbf{1}"

Set = tuple[str, int]  # LaTeX, and how tightly it holds together


class _Unusual(Exception):
    """There is no usual sign for a part of the formula."""


def typed(text: str) -> str | None:
    r"""The formula for math mode, or None if a part of it has no usual sign.

    >>> typed("X.T @ (A_out - Y) / n")
    '\\frac{X^\\top (A^{(\\mathrm{out})} - Y)}{n}'
    >>> typed("np.clip(X, 0, 1)")
    """
    try:
        return _set(parse(text, bounded=False)[1])[0]
    except (FormulaError, RecursionError, _Unusual):
        return None


def meant(formula: str) -> list[str]:
    """What the signs of a formula mean that not everybody writes, as LaTeX."""
    said = []
    if re.search(r"\\o(dot|slash)|\\circ", formula):
        said.append(r"$\odot$, $\oslash$ and powers such as $X^{\circ 2}$ are taken entry by entry")
    if ONES in formula:
        said.append(rf"${ONES}$ is a column of ones")
    if re.search(r"(?<!\\left)\[", formula):
        said.append("$[u > 0]$ is 1 where that holds, else 0")
    return said


def _set(node: ast.expr) -> Set:
    match node:
        case ast.Constant(int() | float() as value) if not isinstance(value, bool):
            return _number(value)
        case ast.Name(name):
            return symbol(name), RAISED if "_" in name and re.fullmatch(ARRAY, name) else ATOM
        case ast.Attribute(value, "pi") if is_module(value):
            return r"\pi", ATOM
        case ast.Attribute(value, "T"):
            return rf"{_within(value, ATOM)}^\top", RAISED
        case ast.UnaryOp(ast.USub(), operand):
            return f"-{_within(operand, SUM + 1)}", SUM
        case ast.BinOp(left, sign, right):
            return _operation(left, sign, right)
        case ast.Compare(left, [sign], [right]) if type(sign) in SIGNS:
            return f"[{_related(node)}]", ATOM
        case ast.Call(ast.Attribute(ast.Compare() as mask, "astype"), [_]):
            return _set(mask)
        case ast.Call():
            return _call(node)
    raise _Unusual


def _number(value: float) -> Set:
    shown = str(value)
    if "e" in shown:
        raise _Unusual
    return shown, ATOM


def _operation(left: ast.expr, sign: ast.operator, right: ast.expr) -> Set:
    plain = _is_number(left) or _is_number(right)
    match sign:
        case ast.Add():
            return f"{_within(left, SUM)} + {_within(right, SUM + 1)}", SUM
        case ast.Sub():
            return f"{_within(left, SUM)} - {_within(right, SUM + 1)}", SUM
        case ast.Div() if _is_number(right):
            return rf"\frac{{{_set(left)[0]}}}{{{_set(right)[0]}}}", PRODUCT
        case ast.MatMult():
            return f"{_first(left, PRODUCT)} {_within(right, RAISED)}", PRODUCT
        case ast.Mult() if plain:
            one, other = _first(left, PRODUCT), _within(right, RAISED)
            return f"{one} {_between(other)} {other}", PRODUCT
        case ast.Mult() | ast.Div():
            circled = r"\odot" if isinstance(sign, ast.Mult) else r"\oslash"
            return f"{_factor(left, first=True)} {circled} {_factor(right)}", ENTRYWISE
        case ast.Pow() if _is_number(right):
            return _power(left, right)
    raise _Unusual


def _between(right: str) -> str:
    return r"\cdot" if right[0].isdigit() or right.startswith(r"\frac") else r"\,"


def _power(base: ast.expr, exponent: ast.expr) -> Set:
    entrywise = "" if _is_number(base) else r"\circ "
    if entrywise and not isinstance(exponent, ast.Constant):
        raise _Unusual
    return f"{_within(base, ATOM)}^{{{entrywise}{_set(exponent)[0]}}}", RAISED


def _factor(node: ast.expr, *, first: bool = False) -> str:
    """Beside ⊙ a matrix product stands in brackets, so that nobody has to know which binds more."""
    text, tightness = _set(node)
    if tightness == ENTRYWISE and first:
        return text
    return text if tightness >= RAISED else _bracketed(text)


def _first(node: ast.expr, least: int) -> str:
    """The first factor of a product; a minus before it says the same with and without brackets."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return f"-{_within(node.operand, least)}"
    return _within(node, least)


def _within(node: ast.expr, least: int) -> str:
    text, tightness = _set(node)
    return text if tightness >= least else _bracketed(text)


def _bracketed(text: str) -> str:
    if r"\begin" in text:
        return rf"\left({text}\right)"
    return rf"\Bigl({text}\Bigr)" if r"\frac" in text else f"({text})"  # TeX may break these


def _related(node: ast.Compare) -> str:
    sign = SIGNS[type(node.ops[0])]
    return f"{_set(node.left)[0]} {sign} {_set(node.comparators[0])[0]}"


def _call(node: ast.Call) -> Set:
    """A function by its name, with or without np, or a method."""
    match node.func:
        case ast.Name(name) | ast.Attribute(ast.Name("np" | "numpy"), name):
            return _function(name, node.args, node.keywords)
        case ast.Attribute(owner, name):
            return _function(name, [owner, *node.args], node.keywords)
    raise _Unusual


def _function(name: str, given: list[ast.expr], keywords: list[ast.keyword]) -> Set:
    match name, given, keywords:
        case ("sum", [owner], [ast.keyword("axis", ast.Constant(0))]):
            return rf"{ONES}^\top {_within(owner, RAISED)}", PRODUCT
        case ("sum", [owner], [ast.keyword("axis", ast.Constant(1))]):
            return rf"{_first(owner, PRODUCT)} {ONES}", PRODUCT
        case ("transpose", [owner], []):
            return rf"{_within(owner, ATOM)}^\top", RAISED
        case ("sqrt", [inner], []):
            return rf"\sqrt{{{_set(inner)[0]}}}", ATOM
        case ("square", [inner], []):
            return _power(inner, ast.Constant(2))
        case ("abs" | "absolute", [inner], []):
            return rf"\left|{_set(inner)[0]}\right|", ATOM
        case ("negative", [inner], []):
            return _set(ast.UnaryOp(ast.USub(), inner))
        case ("where", [ast.Compare() as mask, there, elsewhere], []) if type(mask.ops[0]) in SIGNS:
            cases = rf"{_set(there)[0]} & \text{{if }} {_related(mask)}"
            cases += rf" \\ {_set(elsewhere)[0]} & \text{{else}}"
            return rf"\begin{{cases}} {cases} \end{{cases}}", CASES
        case (_, [left, right], []) if name in OPERATIONS:
            return _operation(left, OPERATIONS[name], right)
        case (_, [*_], []) if name in FUNCTIONS:
            return f"{FUNCTIONS[name]}{_bracketed(', '.join(_set(x)[0] for x in given))}", RAISED
    raise _Unusual


def _is_number(node: ast.expr) -> bool:
    """Whether it is no array, as far as one sees."""
    match node:
        case ast.Constant():
            return True
        case ast.Attribute(value, "pi"):
            return is_module(value)
        case ast.Name(name):
            return not re.fullmatch(ARRAY, name)
        case ast.UnaryOp(_, operand):
            return _is_number(operand)
        case ast.BinOp(left, _, right):
            return _is_number(left) and _is_number(right)
        case ast.Call(_, arguments, []):
            of_module = isinstance(node.func, ast.Name) or (
                isinstance(node.func, ast.Attribute) and is_module(node.func.value)
            )
            return of_module and all(map(_is_number, arguments))
    return False
