"""A formula's text to Python's syntax tree: bounded, and every error points at its place.

Nothing here runs the text. Only ASCII is let through, so that no letter looks like another,
and a column of the tree, which counts bytes, counts characters too.
"""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from gradcheck_sym.errors import FormulaError

MOST_CHARACTERS = 10_000
MOST_NODES = 2_000
MOST_DEPTH = 100  # a function counts as several levels, for that is what becomes of it
LEVELS_OF_A_CALL = 8
MOST_BRACKETS = 60
MOST_DIGITS = 200  # of all numbers together
MOST_MAGNITUDE = 100

MODULES = ("np", "numpy")

SIGNS: dict[type[ast.AST], str] = {
    **{ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.MatMult: "@"},
    **{ast.Mod: "%", ast.FloorDiv: "//", ast.BitXor: "^", ast.BitAnd: "&", ast.BitOr: "|"},
    **{ast.LShift: "<<", ast.RShift: ">>", ast.Not: "not", ast.Invert: "~"},
    **{ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!="},
    **{ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not"},
}

_MISTYPED = {
    **dict.fromkeys("−–—", "write -"),
    **dict.fromkeys("×·⋅∙∗", "write *, or @ for a matrix product"),
    **{"÷": "write /", "⊙": "write *", "ᵀ": "write .T", "²": "write **2", "³": "write **3"},
    **dict.fromkeys("Σ∑", "write .sum(axis=…)"),
    **{"√": "write np.sqrt(…)", "σ": "write sigmoid(…)", "φ": "write sigmoid(…)"},
    **{"δ": "write delta_out", "≥": "write >=", "≤": "write <=", "≠": "write !="},
    **dict.fromkeys("‘’′", "for a transpose write .T"),
    "\n": "a formula is one line",
    "\r": "a formula is one line",
}

_PLAIN = "names and signs are plain ASCII, such as A_h and *"

_HINTS = {  # part of Python's message → the mend
    "never closed": "close the bracket",
    "unmatched": "it closes a bracket that was not opened",
    "unterminated string": "there are no strings here; for a transpose write .T",
    "invalid decimal literal": "write * between a number and a name",
    "forgot a comma": "is an operator such as * or @ missing?",
    "invalid syntax": "is an operator such as * or @ missing, or something after one?",
    "cannot assign": "there is no = here; write the right-hand side alone",
    "expression expected": "something is missing here",
}


@dataclass(frozen=True)
class Source:
    """The text of a formula, for pointing at places in it."""

    text: str

    def error(
        self, where: ast.AST | tuple[int, int], message: str, code: str = "GS010"
    ) -> FormulaError:
        """The error with this message at a node or at a range of characters."""
        start, end = self.place(where) if isinstance(where, ast.AST) else where
        return FormulaError(message, self.text, start, end, code)

    def place(self, node: ast.AST) -> tuple[int, int]:
        """Where a reader looks for a node: its operator, its function's or attribute's name."""
        match node:
            case ast.Call():
                return self.place(node.func)
            case ast.BinOp():
                return self._find(SIGNS[type(node.op)], node.left)
            case ast.Compare():
                return self._find(SIGNS[type(node.ops[0])], node.left)
            case ast.Attribute() if not is_module(node.value):
                end = node.end_col_offset or 0
                return end - len(node.attr), end
        start: int = getattr(node, "col_offset", 0)
        return start, getattr(node, "end_col_offset", len(self.text))

    def _find(self, sign: str, left: ast.expr) -> tuple[int, int]:
        start = self.text.index(sign.split(maxsplit=1)[0], left.end_col_offset or 0)
        return start, start + len(sign)

    def written(self, node: ast.AST) -> str:
        """The node as it is written."""
        return self.text[getattr(node, "col_offset", 0) : getattr(node, "end_col_offset", None)]


def is_module(node: ast.AST) -> bool:
    """Whether this is the `np` of `np.dot`."""
    return isinstance(node, ast.Name) and node.id in MODULES


def parse(text: str, *, bounded: bool = True) -> tuple[Source, ast.expr]:
    """The text without what surrounds it, and its tree; raises `FormulaError`.

    What nobody typed need not be `bounded`.
    """
    source = Source(text.replace("\t", " ").partition("#")[0].strip())
    if bounded:
        _check_text(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source.text, mode="eval").body
    except SyntaxError as error:
        raise _syntax_error(source, error) from None
    except (MemoryError, RecursionError, ValueError):
        place = 0, len(source.text)
        raise source.error(place, "the formula nests too deep: make it simpler") from None
    digits = 0
    if not bounded:
        return source, tree
    for count, (node, depth) in enumerate(_walk(tree), start=1):
        if depth > MOST_DEPTH or count > MOST_NODES:
            raise source.error(node, "the formula is too large from here on: make it simpler")
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            value = number(source, node)
            digits += (value.numerator * value.denominator).bit_length() * 3 // 10
        if digits > MOST_DIGITS:
            message = f"the numbers have more than {MOST_DIGITS} digits in all: round them"
            raise source.error(node, message)
    return source, tree


def number(source: Source, node: ast.Constant) -> Fraction:
    """The number as its digits say it, since the tree has it as a float."""
    digits = source.written(node).replace("_", "")
    if isinstance(node.value, float):
        exponent = digits.lower().partition("e")[2] or "0"
        if abs(int(exponent)) > MOST_MAGNITUDE:
            raise source.error(node, f"powers of ten go up to {MOST_MAGNITUDE} here: {digits}")
        return Fraction(digits)
    return Fraction(node.value)  # type: ignore[arg-type]  # an int, maybe a hexadecimal one


def _check_text(source: Source) -> None:
    text, depth = source.text, 0
    if not text:
        raise source.error((0, 0), "the formula is empty: write one such as A_h.T @ delta_out")
    if len(text) > MOST_CHARACTERS:
        length = f"{len(text)} characters long, and at most {MOST_CHARACTERS} fit"
        raise source.error((MOST_CHARACTERS, len(text)), f"the formula is {length}: shorten it")
    if found := re.search(r"[^ -~]", text):
        raise source.error(found.span(), _about_sign(found[0]))
    if found := re.search(rf"\d[\d_]{{{MOST_DIGITS},}}", text):
        raise source.error(found.span(), f"a number of more than {MOST_DIGITS} digits: round it")
    for place, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if depth > MOST_BRACKETS:
            raise source.error((place, place + 1), "the brackets nest too deep: make it simpler")
    for found in re.finditer(r"(?<![=<>!:])=(?!=)", text):
        if text.count("(", 0, found.start()) == text.count(")", 0, found.start()):
            raise source.error(found.span(), "a formula has no =: write the right-hand side alone")


def _about_sign(sign: str) -> str:
    if sign in "\n\r":
        return f"{sign!r} in the formula: {_MISTYPED[sign]}"
    name = unicodedata.name(sign, f"character {ord(sign):#x}")
    shown = f"{sign} ({name})" if sign.isprintable() else name
    return f"{shown} is no part of a formula: {_MISTYPED.get(sign, _PLAIN)}"


def _syntax_error(source: Source, error: SyntaxError) -> FormulaError:
    start = error.offset - 1 if error.offset else len(source.text)  # 0 is the end
    end = max((error.end_offset or 0) - 1, start + 1)
    reason = (error.msg or "invalid syntax").splitlines()[0].split(". ")[0]
    hint = next((mend for part, mend in _HINTS.items() if part in error.msg), "mend it")
    return source.error((start, end), f"{reason}: {hint}")


def _walk(tree: ast.expr) -> Iterator[tuple[ast.AST, int]]:
    """Every node with its depth, without recursion."""
    pending: list[tuple[ast.AST, int]] = [(tree, 1)]
    while pending:
        node, depth = pending.pop()
        yield node, depth
        below = depth + (LEVELS_OF_A_CALL if isinstance(node, ast.Call) else 1)
        pending += [(child, below) for child in ast.iter_child_nodes(node)]
