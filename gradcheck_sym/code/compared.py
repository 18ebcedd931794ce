"""Which variables a function compares with texts: kind in `if kind == "relu"`."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from gradcheck_sym.code.source import body


def compared_with_texts(function: Callable[..., Any]) -> set[str]:
    """The variables that a function compares with texts, which are no arrays.

    >>> def chosen(x, kind): return abs(x) if kind == "abs" else x
    >>> compared_with_texts(chosen)
    {'kind'}
    """
    found = set()
    for node in ast.walk(ast.Module(body(function), [])):
        match node:
            case ast.Compare(ast.Name(name), [_], [other]) if _is_text(other):
                found.add(name)
            case ast.Match(ast.Name(name), cases):
                values = (x for case in cases for x in ast.walk(case.pattern))
                if any(isinstance(x, ast.MatchValue) and _is_text(x.value) for x in values):
                    found.add(name)
    return found


def _is_text(node: ast.expr) -> bool:
    """Whether it is a text, or several of them."""
    parts = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    texts = [isinstance(x, ast.Constant) and isinstance(x.value, str) for x in parts]
    return bool(texts) and all(texts)
