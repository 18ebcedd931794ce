"""The parts of a typed formula, each with its shape and a way to put another in its place."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from gradcheck_sym.errors import GradcheckError
from gradcheck_sym.language.reader import Reader
from gradcheck_sym.language.syntax import is_module

Shape = tuple[str, ...]  # what the axes count: two shapes of equal sizes may differ


@dataclass(frozen=True)
class Part:
    """A formula to be put in: its text, and its shape by what the axes count."""

    text: str
    shape: Shape

    @property
    def node(self) -> ast.expr:
        """Its tree."""
        return ast.parse(self.text, mode="eval").body

    @property
    def is_name(self) -> bool:
        """Whether it is a name alone."""
        return self.text.isidentifier()


@dataclass(frozen=True)
class Vocabulary:
    """What may be put in: in place of a part, as a further factor, as a further term."""

    instead: Sequence[Part]
    factors: Sequence[Part]
    terms: Sequence[Part]


@dataclass(frozen=True)
class Site:
    """A part of a formula; `put` sets another in its place, `shape` is None if it has none.

    `divides` is whether it stands in a divisor.
    """

    node: ast.expr
    shape: Shape | None
    put: Callable[[ast.expr], None]
    divides: bool


def sites(holder: ast.Expression, reader: Reader) -> list[Site]:
    """The parts that are arrays, from the outermost to the innermost."""
    parts = parts_below(holder, "body")
    return [Site(node, _shape(node, reader), put, divides) for node, put, divides in parts]


def written(node: ast.AST) -> str:
    """The formula that a tree is."""
    return ast.unparse(node).replace(" ** ", "**")


def _shape(node: ast.expr, reader: Reader) -> Shape | None:
    try:
        return tuple(axis.label for axis in reader.array(node).shape)
    except (GradcheckError, RecursionError):
        return None


def parts_below(
    holder: ast.AST, field: str
) -> Iterator[tuple[ast.expr, Callable[[ast.expr], None], bool]]:
    """The parts that may be arrays, from the outermost, with how to replace each."""
    pending: list[tuple[ast.AST, str, int | None, bool]] = [(holder, field, None, False)]
    while pending:
        owner, field, place, divides = pending.pop()
        node = getattr(owner, field) if place is None else getattr(owner, field)[place]
        yield node, _setter(owner, field, place), divides
        below: list[tuple[ast.AST, str, int | None, bool]] = []
        match node:
            case ast.BinOp(op=ast.Div() | ast.Mult() as sign):
                turned = divides != isinstance(sign, ast.Div)
                below = [(node, "left", None, divides), (node, "right", None, turned)]
            case ast.BinOp():
                below = [(node, "left", None, False), (node, "right", None, False)]
            case ast.UnaryOp():
                below = [(node, "operand", None, divides)]
            case ast.Attribute(attr="T"):
                below = [(node, "value", None, divides)]
            case ast.Compare():
                below = [(node, "left", None, False), (node, "comparators", 0, False)]
            case ast.Call(func, args):
                if isinstance(func, ast.Attribute) and not is_module(func.value):
                    below = [(func, "value", None, False)]
                below += [(node, "args", k, False) for k in range(len(args))]
            case ast.Tuple(elements) | ast.List(elements):
                below = [(node, "elts", k, False) for k in range(len(elements))]
            case ast.Dict(values=values):
                below = [(node, "values", k, False) for k in range(len(values))]
            case ast.Subscript():
                below = [(node, "value", None, divides)]
        pending += reversed(below)


def _setter(owner: ast.AST, field: str, place: int | None) -> Callable[[ast.expr], None]:
    def put(node: ast.expr) -> None:
        if place is None:
            setattr(owner, field, node)
        else:
            getattr(owner, field)[place] = node

    return put
