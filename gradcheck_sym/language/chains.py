"""Products and sums as they are written: their factors and terms, and brackets around them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from gradcheck_sym.language.sites import written

CHAINS = ((ast.Mult, ast.Div), (ast.Add, ast.Sub))

Link = tuple[ast.expr, bool]  # a factor or a term, and whether it divides, or is taken away


def links_of(node: ast.expr, chain: Sequence[type[ast.operator]]) -> list[Link]:
    """The factors of a product, or the terms of a sum, as it is written."""
    match node:
        case ast.BinOp(left, sign, right) if type(sign) in chain:
            return [*links_of(left, chain), (right, isinstance(sign, chain[1]))]
    return [(node, False)]


def chained(links: Sequence[Link], chain: Sequence[type[ast.operator]]) -> ast.expr:
    """The product of factors, or the sum of terms."""
    (found, inverse), *others = links
    if inverse and chain[0] is ast.Mult:
        found = ast.BinOp(ast.Constant(1), ast.Div(), found)
    elif inverse:
        found = ast.UnaryOp(ast.USub(), found)
    for node, opposite in others:
        found = ast.BinOp(found, chain[opposite](), node)
    return found


def cut_out(cut: ast.expr, chain: Sequence[type[ast.operator]]) -> str:
    """Factors or terms as people write them beside others."""
    text = written(cut)
    loose = isinstance(cut, ast.BinOp) and isinstance(cut.op, ast.Add | ast.Sub)
    return f"({text})" if loose and chain[0] is ast.Mult else text


def groupings(operands: list[ast.expr], signs: list[ast.operator]) -> Iterator[ast.expr]:
    """The operands with these signs between them, in all brackets."""
    if not signs:
        yield operands[0]
    for k, sign in enumerate(signs):
        for left in groupings(operands[: k + 1], signs[:k]):
            for right in groupings(operands[k + 1 :], signs[k + 1 :]):
                yield ast.BinOp(left, sign, right)
