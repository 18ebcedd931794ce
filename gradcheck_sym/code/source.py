"""What stands in a function's own text: its variables, and those that it returns."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any


def variables(function: Callable[..., Any]) -> tuple[str, ...]:
    """The variables of a function, its parameters among them.

    >>> def double(x):
    ...     twice = 2 * x
    ...     return twice
    >>> variables(double)
    ('x', 'twice')
    """
    code = getattr(inspect.unwrap(function), "__code__", None)
    return code.co_varnames if code else ()


def returned_names(function: Callable[..., Any]) -> list[str | None]:
    """The variables in the tuple that a function returns, None for what has no name.

    Empty where it is not known, or where its returns are not all the same tuple.
    """
    values = returned(function)
    return _names(values[0].elts) if values and isinstance(values[0], ast.Tuple) else []


def gradient_names(function: Callable[..., Any], skipped: int = 0) -> list[str | None]:
    """The variables that stand in the order in which a function returns gradients.

    That is without the first values, that many: a loss returns itself, then a tuple or several.
    """
    values: list[ast.expr] = list(returned(function))
    if values and isinstance(values[0], ast.Tuple):
        values = values[0].elts
    values = values[skipped:]
    if skipped and len(values) == 1 and isinstance(values[0], ast.Tuple):
        values = values[0].elts
    return _names(values)


def cached_names(function: Callable[..., Any], outputs: int) -> dict[str | None, int | None]:
    """The variables that a function caches, and which part of the cache each is.

    None is the place of one that is the whole cache, and the name of what has none.

    >>> cached_names(cached_names, 1)
    {None: None}
    """
    values = returned(function)
    rest = values[0].elts[outputs:] if values and isinstance(values[0], ast.Tuple) else []
    if len(rest) == 1 and isinstance(rest[0], ast.Name):
        return {rest[0].id: None}
    if len(rest) == 1 and isinstance(rest[0], ast.Tuple):
        rest = rest[0].elts
    if not rest or any(isinstance(node, ast.Starred) for node in rest):
        return {None: None}
    return {name: k for k, name in enumerate(_names(rest))}


def returned(function: Callable[..., Any]) -> list[ast.expr]:
    """What a function returns, as one expression, if all its returns are the same."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))
    except (OSError, TypeError, SyntaxError, ValueError):
        return []
    if not isinstance(tree.body[0], ast.FunctionDef):
        return []
    values = [node.value for node in _own(tree.body[0]) if isinstance(node, ast.Return)]
    different = {"" if value is None else ast.dump(value): value for value in values}
    return [value for value in different.values() if value] if len(different) == 1 else []


def _names(values: list[ast.expr]) -> list[str | None]:
    return [node.id if isinstance(node, ast.Name) else None for node in values]


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, and not in one inside it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield node
            yield from _own(node)
