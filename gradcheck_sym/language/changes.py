"""The changes to a part of a formula that are tried: the mistakes that people make.

Each kind takes a part, all parts and what there is to be put in, and gives the new part with what
was wrong before, if the formula is right with it. None of them knows what a formula means.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import chain as joined
from itertools import combinations, product

from gradcheck_sym.language.chains import CHAINS, chained, cut_out, groupings, links_of
from gradcheck_sym.language.sites import Site, Vocabulary, written
from gradcheck_sym.language.syntax import is_module

OTHERS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Mult: (ast.MatMult,),
    ast.MatMult: (ast.Mult,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Div: (ast.Mult,),
}
MOST_SIGNS = 4  # of a chain whose brackets are set in all ways
PRODUCTS = ("multiply", "dot", "matmul", "outer")

Change = tuple[ast.expr, str]
Kind = Callable[[Site, Sequence[Site], Vocabulary], Iterator[Change]]


def instead(old: ast.expr, new: ast.expr) -> Change:
    """The change of a part to another."""
    return new, f"has {written(old)} where {written(new)} belongs"


def _turned(node: ast.expr) -> ast.expr:
    """The transpose, as people write it: that of a product is a product."""
    match node:
        case ast.Attribute(value, "T"):
            return value
        case ast.BinOp(left, ast.MatMult(), right):
            return ast.BinOp(_turned(right), ast.MatMult(), _turned(left))
    return ast.Attribute(node, "T")


def _transposed(site: Site, _: Sequence[Site], __: Vocabulary) -> Iterator[Change]:
    if site.shape is None or len(site.shape) == 2:
        yield instead(site.node, _turned(site.node))


def _products(site: Site, _: Sequence[Site], __: Vocabulary) -> Iterator[Change]:
    """A product of matrices with other transposes, or in the other order."""
    match site.node:
        case ast.BinOp(left, ast.Mult() | ast.MatMult(), right):
            pass
        case ast.Call(ast.Name(name) | ast.Attribute(_, name), [left, right]) if name in PRODUCTS:
            pass
        case _:
            return
    for one, other in ((left, right), (right, left)):
        for a, b in product((one, _turned(one)), (other, _turned(other))):
            yield instead(site.node, ast.BinOp(a, ast.MatMult(), b))


def _differences(site: Site, _: Sequence[Site], __: Vocabulary) -> Iterator[Change]:
    match site.node:
        case ast.BinOp(left, ast.Sub(), right):
            yield instead(site.node, ast.BinOp(right, ast.Sub(), left))


def _sums(site: Site, _: Sequence[Site], __: Vocabulary) -> Iterator[Change]:
    """A sum for a mean, or over the other axis, or none."""
    match site.node:
        case ast.Call(ast.Attribute(owner, "mean" | "sum" as name), args, keywords):
            if name == "mean":
                yield instead(site.node, ast.Call(ast.Attribute(owner, "sum"), args, keywords))
            for k, keyword in enumerate(keywords):
                if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant):
                    other = ast.keyword("axis", ast.Constant(0 if keyword.value.value else 1))
                    kept = [*keywords[:k], other, *keywords[k + 1 :]]
                    yield instead(site.node, ast.Call(site.node.func, args, kept))
            yield instead(site.node, args[0] if is_module(owner) and args else owner)
            kept = [keyword for keyword in keywords if keyword.arg != "keepdims"]
            if kept == keywords:
                kept = [*keywords, ast.keyword("keepdims", ast.Constant(True))]
            yield instead(site.node, ast.Call(site.node.func, args, kept))
        case node if site.shape is not None and len(site.shape) == 2:
            for axis in (0, 1):
                keyword = ast.keyword("axis", ast.Constant(axis))
                yield instead(node, ast.Call(ast.Attribute(node, "sum"), [], [keyword]))


def _operators(site: Site, _: Sequence[Site], __: Vocabulary) -> Iterator[Change]:
    match site.node:
        case ast.BinOp(left, sign, right):
            for other in OTHERS.get(type(sign), ()):
                yield instead(site.node, ast.BinOp(left, other(), right))


def _shorter(site: Site, _: Sequence[Site], __: Vocabulary) -> Iterator[Change]:
    """Without one or two factors of a product, or terms of a sum."""
    for chain, what in zip(CHAINS, ("factor", "term"), strict=True):
        links = links_of(site.node, chain)
        few = range(1, min(3, len(links)))
        for gone in joined.from_iterable(combinations(range(len(links)), count) for count in few):
            left = [link for k, link in enumerate(links) if k not in gone]
            cut = [links[k] for k in gone]
            inverse = what == "factor" and all(divides for _, divides in cut)
            if inverse:
                cut = [(node, False) for node, _ in cut]
            turned = what == "factor" and inverse != site.divides
            name = "divisor" if turned else what
            shown = cut_out(chained(cut, chain), chain)
            yield chained(left, chain), f"has the {name} {shown} too many"


def _names(site: Site, _: Sequence[Site], words: Vocabulary) -> Iterator[Change]:
    """One name for another of as many axes."""
    if isinstance(site.node, ast.Name) and site.shape is not None:
        for part in words.instead:
            if part.is_name and len(part.shape) == len(site.shape):
                yield instead(site.node, part.node)


def _inner(site: Site, sites: Sequence[Site], _: Vocabulary) -> Iterator[Change]:
    """A part of the part in its place: x for x**2, for 1 - x, for np.exp(x)."""
    within = {id(node) for node in ast.walk(site.node) if node is not site.node}
    for other in sites:
        if id(other.node) in within and other.shape in (site.shape, None) and site.shape:
            yield instead(site.node, other.node)


def _throughout(site: Site, _: Sequence[Site], words: Vocabulary) -> Iterator[Change]:
    """Another name in all places of a part."""
    shapes = {part.text: part.shape for part in words.instead if part.is_name}
    inside = [x.id for x in ast.walk(site.node) if isinstance(x, ast.Name) and x.id in shapes]
    for name in sorted({x for x in inside if inside.count(x) > 1}):
        for other, shape in shapes.items():
            if shape == shapes[name] and other != name:
                copied = ast.parse(ast.unparse(site.node), mode="eval")
                new: ast.Expression = _Renamed(name, other).visit(copied)
                yield new.body, f"has {name} where {other} belongs"


def _longer(site: Site, _: Sequence[Site], words: Vocabulary) -> Iterator[Change]:
    """With a further factor, or a further term."""
    node = site.node
    if site.shape is None or isinstance(node, ast.Constant):
        return
    for part in words.factors:
        if not part.shape:
            yield ast.BinOp(part.node, ast.Mult(), node), f"lacks the factor {part.text}"
            yield ast.BinOp(node, ast.Div(), part.node), f"lacks the divisor {part.text}"
        elif part.shape == site.shape:
            yield ast.BinOp(node, ast.Mult(), part.node), f"lacks the factor {part.text}"
    for part in words.terms:
        if part.shape in (site.shape, site.shape[1:]):
            added: ast.expr = ast.BinOp(node, ast.Add(), part.node)
            if isinstance(part.node, ast.UnaryOp):
                added = ast.BinOp(node, ast.Sub(), part.node.operand)
            yield added, f"lacks the term {part.text}"


def _slopes(site: Site, _: Sequence[Site], words: Vocabulary) -> Iterator[Change]:
    """A factor of its own for a part, or for some factors of a product."""
    links = links_of(site.node, CHAINS[0])
    runs = [(k, j) for k in range(1, len(links)) for j in range(k + 2, len(links) + 1)]
    for part in words.instead:
        if part.is_name or part.shape != site.shape:
            continue
        yield instead(site.node, part.node)
        for k, j in runs:
            new = chained([*links[:k], (part.node, False), *links[j:]], CHAINS[0])
            wrong = written(chained(links[k:j], CHAINS[0]))
            yield new, f"has {wrong} where {part.text} belongs"


def _negated(site: Site, _: Sequence[Site], __: Vocabulary) -> Iterator[Change]:
    match site.node:
        case ast.UnaryOp(ast.USub(), operand):
            yield instead(site.node, operand)
        case node if site.shape is not None:
            yield instead(node, ast.UnaryOp(ast.USub(), node))


def _complements(site: Site, _: Sequence[Site], __: Vocabulary) -> Iterator[Change]:
    if site.shape is not None and not isinstance(site.node, ast.Constant):
        yield instead(site.node, ast.BinOp(ast.Constant(1), ast.Sub(), site.node))


def _brackets(site: Site, _: Sequence[Site], __: Vocabulary) -> Iterator[Change]:
    """The same operands and signs with brackets elsewhere: a ∘ (b ∘ c) for (a ∘ b) ∘ c."""
    match site.node:
        case ast.BinOp(a, one, ast.BinOp(b, other, c)):
            yield instead(site.node, ast.BinOp(ast.BinOp(a, one, b), other, c))
    operands, signs = [], list[ast.operator]()
    node = site.node
    while isinstance(node, ast.BinOp):
        operands.append(node.right)
        signs.append(node.op)
        node = node.left
    if 2 <= len(signs) <= MOST_SIGNS:
        for new in groupings([node, *reversed(operands)], signs[::-1]):
            yield instead(site.node, new)


def _whole(site: Site, _: Sequence[Site], words: Vocabulary) -> Iterator[Change]:
    """A name for what should be its value."""
    for part in words.instead:
        if part.is_name and part.shape == site.shape and not isinstance(site.node, ast.Name):
            yield instead(site.node, part.node)


class _Renamed(ast.NodeTransformer):
    """One name for another."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self._new) if node.id == self._old else node


KINDS: tuple[Kind, ...] = (
    *(_sums, _transposed, _products, _differences, _operators, _shorter, _names, _inner),
    *(_throughout, _longer, _slopes, _negated, _complements, _brackets, _whole),
)
# with these the smallest part is tried first
INNERMOST = (_inner, _slopes, _negated, _brackets, _whole)
