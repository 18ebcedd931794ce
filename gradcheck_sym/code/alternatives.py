"""Changes to a function that a formula has not: of its numbers, and of what it lists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import combinations
from typing import Any

from gradcheck_sym.language.changes import Change, instead
from gradcheck_sym.language.sites import Site, Vocabulary

MOST_LISTED = 5  # gradients that are exchanged
CALLED = re.compile(r"d[A-Za-z_]|.*grad")
Place = tuple[ast.AST, str, int | None]  # of a part: what holds it, and where


def exchanged(site: Site, _: Sequence[Site], __: Vocabulary) -> Iterator[Change]:
    """Two of what is listed in each other's place."""
    for one, other in combinations(range(min(len(_listed(site.node)), MOST_LISTED)), 2):
        found = deepcopy(site.node)
        here, there = _listed(found)[one], _listed(found)[other]
        mine, its = _at(here), _at(there)
        _put(here, its)
        _put(there, mine)
        yield instead(site.node, found)


def lists_gradients(node: ast.AST) -> bool:
    """Whether variables are listed that are called gradients: return dx, dw."""
    listed = node.elts if isinstance(node, ast.Tuple | ast.List) else []
    return bool(listed) and all(isinstance(x, ast.Name) and CALLED.match(x.id) for x in listed)


def _listed(node: ast.AST) -> list[Place]:
    """Where the parts of a tuple, a list or a dict are, also of such that are joined by +."""
    match node:
        case ast.Tuple(elts=listed) | ast.List(elts=listed):
            return [(node, "elts", k) for k in range(len(listed))]
        case ast.Dict(values=listed):
            return [(node, "values", k) for k in range(len(listed))]
        case ast.Call(ast.Name("dict"), [], keywords):
            return [(keyword, "value", None) for keyword in keywords]
        case ast.BinOp(ast.Tuple() | ast.List() as left, ast.Add(), right):
            return [*_listed(left), *_listed(right)]
    return []


def _at(place: Place) -> Any:
    holder, field, number = place
    found = getattr(holder, field)
    return found if number is None else found[number]


def _put(place: Place, node: ast.expr) -> None:
    holder, field, number = place
    if number is None:
        setattr(holder, field, node)
    else:
        getattr(holder, field)[number] = node


def numbers(site: Site, sites: Sequence[Site], _: Vocabulary) -> Iterator[Change]:
    """One number for another: an axis of a shape, and what else stands in the function."""
    match site.node:
        case ast.Subscript(value, ast.Constant(int(axis))):
            for place in {0, 1, 2} - {axis}:
                yield instead(site.node, ast.Subscript(value, ast.Constant(place)))
        case ast.Constant(int() | float() as here) if not isinstance(here, bool):
            there = (x.node.value for x in sites if isinstance(x.node, ast.Constant))
            for other in dict.fromkeys((1, 2, 0.5, *there)):
                if other != here and isinstance(other, int | float):
                    yield instead(site.node, ast.Constant(other))
