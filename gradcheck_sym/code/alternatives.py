"""Changes to a function that a formula has not: of its numbers, and of what it lists."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from copy import copy
from itertools import combinations

from gradcheck_sym.language.changes import Change, instead
from gradcheck_sym.language.sites import Site, Vocabulary

MOST_LISTED = 5  # gradients that are exchanged


def exchanged(site: Site, _: Sequence[Site], __: Vocabulary) -> Iterator[Change]:
    """Two of what is listed in each other's place."""
    match site.node:
        case ast.Tuple(elts=listed) | ast.List(elts=listed) | ast.Dict(values=listed):
            for one, other in combinations(range(min(len(listed), MOST_LISTED)), 2):
                new = [*listed]
                new[one], new[other] = listed[other], listed[one]
                found = copy(site.node)
                setattr(found, "values" if isinstance(found, ast.Dict) else "elts", new)
                yield instead(site.node, found)


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
