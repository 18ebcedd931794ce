"""Which statements of a function decide what it does next: they are left as they are."""

from __future__ import annotations

import ast


def steers(statement: ast.stmt, tree: ast.FunctionDef) -> bool:
    """Whether what a statement binds is read, at once or later, where it is branched or looped."""
    return bool(_bound(statement) & _deciding(tree))


def _deciding(tree: ast.FunctionDef) -> set[str]:
    """The names on which it depends what is reached."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.If(test) | ast.While(test) | ast.IfExp(test) | ast.Assert(test):
                found |= _read(test)
            case ast.For(iter=source) | ast.comprehension(iter=source):
                found |= _read(source)
            case ast.Match(subject):
                found |= _read(subject)
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    size = -1
    while len(found) > size:
        size = len(found)
        for one in statements:
            value = getattr(one, "value", None)
            if isinstance(value, ast.expr) and _bound(one) & found:
                found |= _read(value)
    return found


def _bound(statement: ast.stmt) -> set[str]:
    """The names and attributes that a statement binds, or writes into."""
    targets = [*getattr(statement, "targets", ()), getattr(statement, "target", None)]
    return {name for target in targets if target is not None for name in _read(target)}


def _read(node: ast.AST) -> set[str]:
    own = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return own - {"self"} | {x.attr for x in ast.walk(node) if isinstance(x, ast.Attribute)}
